/** The PBX's conference bridge: it answers by itself, asks for an id and a PIN, and lets in who has both. */
import { BRIDGE, MEETING } from './ear.ts'
import { Mouth, type Spoken } from './mouth.ts'
import { Room, type RoomFrame } from './room.ts'
import type { Language, Lines } from './speech.ts'

export type BridgeOptions = {
  /** By which it is called, E.164. */
  readonly number: string
  readonly name: string
  readonly id: string
  readonly pin: string
}

/** The demo's. Its number is nobody's, as those of the demo's people. */
export const CONFERENCE: BridgeOptions = {
  number: '+34910000100',
  name: 'Conference bridge',
  id: '123456',
  pin: '2468',
}

/** What it says, by the names of its clips. */
export const ANNOUNCEMENTS = ['bridge-id', 'bridge-pin', 'bridge-wrong', 'bridge-in', 'bridge-room'] as const
type Announcement = (typeof ANNOUNCEMENTS)[number]

/** What of a caller's way in is to be seen. */
export type Attended = {
  readonly stage: 'id' | 'pin' | 'wrong' | 'in'
  /** What was keyed at this stage; a PIN as dots. */
  readonly keys: string
}

/** Milliseconds without a key after which it hangs up: a caller without one is a machine. */
const PATIENCE = 40_000
/** Milliseconds of its last word where it has no clip, and of rest behind each last word. */
const SHORT = 500
/** No id and no PIN has more. */
const LONGEST = 20

/**
 * One caller of the bridge, from the answer on:
 *
 *   id ──right, #──► pin ──right, #──► in
 *    └── wrong ──┬────┘
 *                ▼
 *              wrong ── has said so ──► hangs up
 */
export class Attendant {
  readonly #bridge: BridgeOptions
  readonly #room: Room<Attendant>
  readonly #speech: ReadonlyMap<string, Lines>
  readonly #mouth: Mouth
  readonly #changed: () => void
  readonly #hangUp: () => void
  #language: Language = 'en'
  #stage: Attended['stage'] = 'id'
  #keyed = ''
  #attending = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    bridge: BridgeOptions,
    room: Room<Attendant>,
    speech: ReadonlyMap<string, Lines>,
    acts: { readonly changed: () => void; readonly hangUp: () => void },
  ) {
    this.#bridge = bridge
    this.#room = room
    this.#speech = speech
    this.#changed = acts.changed
    this.#hangUp = acts.hangUp
    this.#mouth = new Mouth({ name: BRIDGE, hz: 300 }, undefined)
  }

  get view(): Attended {
    const shown = this.#stage === 'pin' ? this.#keyed.replace(/\d/g, '•') : this.#keyed
    return { stage: this.#stage, keys: shown }
  }

  set language(language: Language) {
    this.#language = language
    this.#mouth.language = language
  }

  /** The caller is connected. */
  begin(): void {
    this.#attending = true
    this.#mouth.begin()
    this.#to('id', 'bridge-id')
  }

  /** The caller is gone. */
  end(): void {
    clearTimeout(this.#timer)
    this.#attending = false
    this.#room.leave(this)
  }

  /** The caller has pressed this key. */
  key(key: string): void {
    if (!this.#attending || (this.#stage !== 'id' && this.#stage !== 'pin')) return
    this.#mouth.hush()
    this.#wait()
    if (key === '#') return this.#judge(this.#stage)
    if (this.#keyed.length < LONGEST) this.#keyed += key
    this.#changed()
  }

  /** The caller has said this. */
  hears(frame: RoomFrame): void {
    this.#room.hear(this, frame)
  }

  /** What the caller is to hear, 20 ms at a time: the others, or recorded ones where there are none. */
  next(): Spoken {
    if (this.#stage !== 'in') return { ...this.#mouth.next(), name: BRIDGE }
    if (!this.#mouth.isSilent || this.#room.isAlone(this)) return { ...this.#mouth.next(), name: MEETING }
    return { ...this.#room.next(this), name: MEETING }
  }

  #judge(stage: 'id' | 'pin'): void {
    // Some providers want a star before the PIN.
    const right = this.#keyed.replaceAll('*', '') === this.#bridge[stage]
    if (!right) return this.#refuse()
    if (stage === 'id') return this.#to('pin', 'bridge-pin')
    this.#to('in', 'bridge-in')
    clearTimeout(this.#timer)
    this.#room.enter(this)
    this.#mouth.then(this.#speech.get('bridge-room'))
  }

  #refuse(): void {
    this.#to('wrong', 'bridge-wrong')
    const lines = this.#speech.get('bridge-wrong')
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#hangUp, SHORT + (lines ? lines[this.#language].length / 8 : SHORT)).unref()
  }

  #to(stage: Attended['stage'], announcement: Announcement): void {
    this.#stage = stage
    this.#keyed = ''
    this.#mouth.say(this.#speech.get(announcement), stage === 'wrong' || stage === 'in')
    this.#wait()
    this.#changed()
  }

  #wait(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#hangUp, PATIENCE).unref()
  }
}
