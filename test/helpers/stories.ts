/** Many small stories of a PBX before one bot, all at once: each has a user of its own, a callee, and two phones. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Told } from '../peers/scenario.ts'
import { Sipp } from '../peers/sipp.ts'
import type { SippOptions } from '../peers/sipp.ts'
import { actionsOf, wordsOf } from './channel.ts'
import type { Who } from './channel.ts'
import { atTheEnd, Office } from './office.ts'
import { callsIn, openIn } from './sip-trace.ts'
import type { Message, SeenCall } from './sip-trace.ts'

/** Whose phone does it; the other one is simply picked up. */
export type Side = 'user' | 'callee'

export type Story = Omit<Told, 'number'> & {
  /** A sentence. */
  readonly name: string
  readonly by?: Side
  readonly happens: (scene: Scene) => Promise<void>
  /** Who is rung; default both, once each. */
  readonly rings?: readonly Side[]
}

/** One story on its way. */
export class Scene {
  readonly office: Office
  readonly who: Who
  /** The callee's name. */
  readonly callee: string
  readonly #numbers: Readonly<Record<Side, string>>
  readonly #calls: () => readonly SeenCall[]

  constructor(office: Office, nth: number, calls: () => readonly SeenCall[]) {
    this.office = office
    this.who = user(nth)
    this.callee = callee(nth)
    this.#numbers = { user: number('1', nth), callee: number('2', nth) }
    this.#calls = calls
  }

  async types(text: string): Promise<void> {
    await this.office.types(this.who, text)
  }

  /** Presses the button of this verb on the message about this call. */
  async presses(verb: string): Promise<void> {
    const { chat } = this.office
    const { id, action } = await chat.until(() => {
      const ids = [...chat.standing.keys()].filter((one) => chat.words(one).includes(this.callee))
      return ids.flatMap((one) =>
        actionsOf(chat.seen(one)).flatMap((button) =>
          button.data['verb'] === verb ? [{ id: one, action: button }] : [],
        ),
      )[0]
    })
    await chat.press(this.who, id, action)
  }

  /** `call` the callee. */
  async calls(): Promise<void> {
    await this.types(`call ${this.callee}`)
  }

  /** Resolves with a message about this call that has all of these. */
  async shows(...patterns: readonly RegExp[]): Promise<string> {
    return this.office.showsWithin(20_000, new RegExp(this.callee), ...patterns)
  }

  /** Resolves when both talk and no re-INVITE of the bot is under way any more. */
  async talks(): Promise<void> {
    await this.shows(/connected/i)
  }

  /** Hangs up in chat, and resolves with the words of the record. */
  async hangsUp(): Promise<string> {
    await this.types('hang up')
    return this.shows(/You hung up/, /lasted/)
  }

  /** How the messages about this call looked each time that one was drawn. */
  get drawn(): readonly string[] {
    const all = this.office.chat.ops.map(({ activity }) => wordsOf(activity).join('\n'))
    return all.filter((words) => words.includes(this.callee))
  }

  /** What one phone's PBX has seen of this call so far. */
  seen(side: Side): readonly Message[] {
    const wanted = this.#numbers[side]
    return this.#calls().find((call) => call.number === wanted)?.messages ?? []
  }

  /** The messages of the bot on one leg whose first line fits. */
  sent(side: Side, line: RegExp): readonly Message[] {
    return this.seen(side).filter((message) => message.from === 'bot' && line.test(message.line))
  }

  /** Resolves with the nth message that fits, as soon as it was seen; SIPp tells of nothing, its trace is read. */
  async sees(side: Side, from: Message['from'], pattern: RegExp, nth = 1, within = 15_000): Promise<Message> {
    const end = performance.now() + within
    for (;;) {
      const found = this.seen(side).filter((one) => one.from === from && pattern.test(one.text))[nth - 1]
      if (found) return found
      if (performance.now() > end)
        throw new Error(`no ${nth}. ${String(pattern)} of the ${from} on the leg of the ${side}`)
      await pause(30)
    }
  }

  /** All the calls of this story, as the PBX saw them. */
  private get own(): readonly SeenCall[] {
    return this.#calls().filter(({ number: one }) => Object.values(this.#numbers).includes(one))
  }

  /** What the bot said of its media to one phone, each description once. */
  told(side: Side): readonly string[] {
    const texts = this.seen(side).filter(({ from, text }) => from === 'bot' && /^o=/m.test(text))
    return [...new Map(texts.map(({ text }) => [/^o=.*$/m.exec(text)?.[0], text])).values()]
  }

  /** RFC 3264 8: to each phone one session, the same origin with a version that grows, whosever media it is. */
  isOneSession(side: Side): void {
    const origins = this.told(side).map((text) => /^o=\S+ (\d+) (\d+)/m.exec(text) ?? [])
    assert.equal(new Set(origins.map(([, id]) => id)).size, 1)
    const versions = origins.map(([, , version]) => Number(version))
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    )
  }

  /** What is still open of its calls. */
  get open(): readonly string[] {
    return this.own.flatMap((call) => {
      const open = openIn(call)
      return open === undefined ? [] : [`${call.number}: ${open}`]
    })
  }

  get ladder(): string {
    return this.own
      .flatMap(({ number: one, messages }) =>
        messages.map(({ from, text }) => `${one} ${from === 'bot' ? '◄──' : '──►'} ${text}`),
      )
      .join('\n')
  }

  /** Resolves when nothing of this story is open any more; nobody else than these was rung, once each. */
  async closes(rings: readonly Side[]): Promise<void> {
    const end = performance.now() + 10_000
    while (this.open.length > 0 && performance.now() < end) await pause(30)
    assert.deepEqual(this.open, [])
    assert.deepEqual(
      this.own.map((call) => call.number),
      rings.map((side) => this.#numbers[side]),
    )
  }
}

const two = (nth: number) => String(nth).padStart(2, '0')
const number = (kind: '1' | '2', nth: number) => `+3491000${kind}1${two(nth)}`
const callee = (nth: number) => `Bea ${two(nth)}`
const user = (nth: number): Who => ({ aadObjectId: `al${nth}`, name: `Al ${two(nth)}`, locale: 'en-GB' })
const person = (name: string, desk: string, more = {}) => ({ name, phones: { desk }, ...more })

/** The calls of its trace, read anew only when it has grown. */
function seenBy(sipp: Sipp): () => readonly SeenCall[] {
  let [size, calls]: [number, readonly SeenCall[]] = [0, []]
  return () => {
    const trace = sipp.messages
    if (trace.length !== size) [size, calls] = [trace.length, callsIn(trace)]
    return calls
  }
}

type Stage = SippOptions & {
  /** Further fields of its trunk (TRUNKS_FILE). */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** Where the bot takes its PBX to be, when that is not SIPp itself. */
  readonly trunk?: (sipp: Sipp) => Promise<string>
}

function trunksFile(t: TestContext, trunk: object): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  atTheEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'trunks.json')
  writeFileSync(file, JSON.stringify([trunk]))
  return { TRUNKS_FILE: file }
}

/** Plays them all at once, then stops the bot: whatever it left open would still be open in the trace. */
export async function play(t: TestContext, stories: readonly Story[], options: Stage = {}): Promise<void> {
  const told = stories.map((story, i): Told => ({
    ...story,
    number: number(story.by === 'user' ? '1' : '2', i).slice(-7),
  }))
  const sipp = await Sipp.start([...told, { ending: 'answers', number: '.*' }], options)
  atTheEnd(t, () => sipp.stop())
  const trunk = options.trunk
    ? await options.trunk(sipp)
    : `sip:127.0.0.1:${sipp.port};transport=${options.transport ?? 'udp'}`
  const people = stories.flatMap((_, i) => [
    person(user(i).name, number('1', i), { aadObjectId: user(i).aadObjectId }),
    person(callee(i), number('2', i)),
  ])
  const file = options.fields ? trunksFile(t, { name: 'pbx', uri: trunk, ...options.fields }) : {}
  const env = { DRAIN_SECONDS: '0', ...file, ...options.env }
  const office = await Office.open(t, { trunk, people, env })
  const seen = seenBy(sipp)
  const scenes = stories.map((_, i) => new Scene(office, i, seen))
  await Promise.all(
    stories.map(({ name, happens, rings = ['user', 'callee'] }, i) =>
      t.test(name, async () => {
        const scene = scenes[i]
        assert.ok(scene)
        try {
          await happens(scene)
          await scene.closes(rings)
        } catch (cause) {
          throw new Error(`what the PBX saw:\n${scene.ladder}`, { cause })
        }
      }),
    ),
  )
  assert.equal(await office.bot.stop(), 0)
  for (const scene of scenes) assert.deepEqual(scene.open, [], scene.callee)
  assert.equal(sipp.faults, '')
}
