import type { Pbx, Routes } from '../sim/pbx.ts'
import type { SlowDay } from './slow-day.ts'

/** One thing that can go otherwise than well, to be tried on the page. */
type Scene = {
  readonly id: string
  /** What the simulated PBX does with calls. */
  readonly routes?: Routes
  /** The simulated PBX does not run. */
  readonly off?: true
  /** The channel of the chat takes its time. */
  readonly slow?: true
}

/**
 * What may be chosen, in the order of the menu. The words of each, a name and what to try, stand in page/words.js
 * under `scenes`, in both languages. Whoever calls is told apart by the PBX: a call in the name of one of its people
 * goes to the callee, any other one to the user's own phone.
 */
export const SCENES = [
  { id: 'works' },
  { id: 'busy', routes: { inside: 'busy' } },
  { id: 'declined', routes: { inside: { rings: 2000, then: 'decline' } } },
  // Nobody waits a minute to see this: here it is the PBX that gives up first, as many do, and the menu says so.
  { id: 'noAnswer', routes: { inside: { rings: 8000, then: 'giveUp' } } },
  { id: 'voicemail', routes: { inside: { rings: 4000, then: 'voicemail' } } },
  { id: 'ownBusy', routes: { outside: 'busy' } },
  { id: 'ownVoicemail', routes: { outside: { rings: 4000, then: 'voicemail' } } },
  { id: 'trunkDown', off: true },
  { id: 'slow', slow: true },
] as const satisfies readonly Scene[]

export type SceneId = (typeof SCENES)[number]['id']
export const SCENE_IDS = SCENES.map(({ id }) => id) as [SceneId, ...SceneId[]]

/** Makes the simulated PBX and the channel behave as a scene wants, from the next call on. */
export class Scenes {
  readonly #pbx: Pbx
  readonly #channel: SlowDay
  #now: SceneId = 'works'

  constructor(pbx: Pbx, channel: SlowDay) {
    this.#pbx = pbx
    this.#channel = channel
  }

  get now(): SceneId {
    return this.#now
  }

  /** Everything that the scene says nothing about works as ever. */
  async play(id: SceneId): Promise<void> {
    const scene: Scene = SCENES.find((one) => one.id === id) ?? SCENES[0]
    this.#now = id
    this.#pbx.route(scene.routes ?? {})
    if (scene.slow) this.#channel.begin()
    else this.#channel.end()
    await (scene.off ? this.#pbx.switchOff() : this.#pbx.switchOn())
  }
}
