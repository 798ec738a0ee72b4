/** What end-to-end stories begin with: people, a bot as a process of its own, and the chat that they type into. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { RunningBot } from './bot.ts'
import type { BotOptions } from './bot.ts'
import { FakeChannel, wordsOf } from './channel.ts'
import type { Who } from './channel.ts'

export const alice: Who = { aadObjectId: 'alice', name: 'Alice Serrano', locale: 'en-GB' }
export const bob: Who = { aadObjectId: 'bob', name: 'Bob Marín', locale: 'en-GB' }
export const roberto: Who = { aadObjectId: 'roberto', name: 'Roberto Bob Díaz', locale: 'en-GB' }

/** Those who can call and be called; Roberto makes a bare "Bob" ambiguous. */
export const PEOPLE = [
  person('alice', 'Alice Serrano', '1001', '+34910000001', { admin: true }),
  person('bob', 'Bob Marín', '1002', '+34910000002'),
  person('roberto', 'Roberto Bob Díaz', '1003', '+34910000003'),
]

function person(aadObjectId: string, name: string, extension: string, desk: string, more = {}) {
  return { aadObjectId, name, extension, email: `${aadObjectId}@example.com`, phones: { desk }, ...more }
}

export type OfficeOptions = BotOptions & {
  readonly channel?: FakeChannel
}

/** Milliseconds: under 1 s on a machine of one's own, and less than any channel's patience on one that is shared. */
const SOON = 4000

const stacks = new WeakMap<TestContext, AsyncDisposableStack>()

/** What is to be stopped at the end of a test: what began last ends first, so that a bot ends before its PBX. */
export function atTheEnd(t: TestContext, stop: () => unknown): void {
  const stack = stacks.get(t) ?? new AsyncDisposableStack()
  if (!stacks.has(t)) t.after(() => stack.disposeAsync())
  stacks.set(t, stack)
  stack.defer(async () => {
    await stop()
  })
}

/** Prints, where the test has failed, what is needed to see why. */
export function tellWhereFailed(t: TestContext, text: string): void {
  // Node's own types do not know it yet.
  if ((t as TestContext & { readonly passed?: boolean }).passed === false) console.log(text)
}

/** One bot with one chat. All of it goes with the test. */
export class Office {
  readonly chat: FakeChannel
  #bot: RunningBot
  readonly #options: OfficeOptions

  private constructor(chat: FakeChannel, bot: RunningBot, options: OfficeOptions) {
    this.chat = chat
    this.#bot = bot
    this.#options = options
  }

  static async open(t: TestContext, options: OfficeOptions): Promise<Office> {
    const all = { people: PEOPLE, ...options }
    const chat = await (options.channel ?? new FakeChannel()).start()
    atTheEnd(t, () => chat.stop())
    const bot = await RunningBot.start(all)
    chat.bot = bot.url
    const office = new Office(chat, bot, all)
    atTheEnd(t, async () => {
      tellWhereFailed(t, office.#bot.said)
      await office.#bot.stop()
    })
    return office
  }

  get bot(): RunningBot {
    return this.#bot
  }

  /** Starts the bot again on the same data and ports, after it was ended. */
  async reopens(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { data, port, sip, rtp } = this.#bot
    this.#bot = await RunningBot.start({
      ...this.#options,
      env: { ...this.#options.env, ...env },
      data,
      port,
      sip,
      rtp,
    })
  }

  /** Types a text; it must be taken soon, whatever PBX and channel do. */
  async types(who: Who, text: string): Promise<void> {
    const began = performance.now()
    const { status, text: body } = await this.chat.say(who, text)
    assert.ok(status < 300, `HTTP ${status} ${body}`)
    const ms = Math.round(performance.now() - began)
    assert.ok(ms < SOON, `the channel waits ${ms} ms for its answer`)
  }

  /** Presses the newest button of this verb, as this person sees it. */
  async presses(who: Who, verb: string) {
    const { id, action } = await this.chat.until(() => this.chat.button(verb, who))
    return this.chat.press(who, id, action)
  }

  /** Resolves with the words of a message that stands and has all of these, as soon as there is one. */
  async shows(...patterns: readonly RegExp[]): Promise<string> {
    return this.showsWithin(8000, ...patterns)
  }

  /** The same within so many milliseconds: for limits that run out. */
  async showsWithin(ms: number, ...patterns: readonly RegExp[]): Promise<string> {
    const fits = (words: string) => patterns.every((pattern) => pattern.test(words))
    return this.chat
      .until(() => this.standing.findLast(fits), ms)
      .catch((cause: unknown) => {
        const wanted = patterns.map(String).join(' and ')
        throw new Error(`nothing says ${wanted}, but:\n${this.standing.join('\n--\n')}`, { cause })
      })
  }

  /** The words of every message that stands, oldest first. */
  get standing(): readonly string[] {
    return [...this.chat.standing.keys()].map((id) => this.chat.words(id))
  }

  /** How one message looked each time it was drawn, oldest first. */
  drawn(id: string): readonly string[] {
    return this.chat.ops.filter((op) => op.id === id).map((op) => wordsOf(op.activity).join('\n'))
  }
}
