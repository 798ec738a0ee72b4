import type { Answer, Inbound, Receiver } from '../../src/app/inbound.ts'
import type { Clock, Facts, Log, LogFields } from '../../src/app/ports.ts'
import { createChat } from '../../src/chat/chat.ts'
import type { ChatOptions, ChatSide } from '../../src/chat/chat.ts'
import { callId, e164 } from '../../src/core/ids.ts'
import type { CallView } from '../../src/core/screen.ts'
import { FakeChannel } from './channel.ts'

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Facts in memory, as JSON. */
export class MemoryFacts implements Facts {
  readonly kept = new Map<string, string>()
  get<T>(kind: string, key: string): Promise<T | undefined> {
    const text = this.kept.get(`${kind} ${key}`)
    return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as T))
  }
  put(kind: string, key: string, value: unknown): Promise<void> {
    this.kept.set(`${kind} ${key}`, JSON.stringify(value))
    return Promise.resolve()
  }
  delete(kind: string, key: string): Promise<void> {
    this.kept.delete(`${kind} ${key}`)
    return Promise.resolve()
  }
}

/** A log that is only looked into. */
export class HeardLog implements Log {
  readonly lines: (LogFields & { readonly level: string; readonly message: string })[] = []
  debug = (fields: LogFields, message: string) => void this.lines.push({ ...fields, level: 'debug', message })
  info = (fields: LogFields, message: string) => void this.lines.push({ ...fields, level: 'info', message })
  warn = (fields: LogFields, message: string) => void this.lines.push({ ...fields, level: 'warn', message })
  error = (fields: LogFields, message: string) => void this.lines.push({ ...fields, level: 'error', message })
}

/** Remembers what it was given, and answers as it is told. */
export class HeardReceiver implements Receiver {
  readonly heard: Inbound[] = []
  answer: (inbound: Inbound) => Answer | Promise<Answer> = () => ({ language: 'en' })
  async receive(inbound: Inbound): Promise<Answer> {
    this.heard.push(inbound)
    return this.answer(inbound)
  }
}

/** The chat side on a free port, with a channel before it and a receiver behind it. */
export type Bench = AsyncDisposable & {
  readonly side: ChatSide
  readonly channel: FakeChannel
  readonly receiver: HeardReceiver
  readonly facts: MemoryFacts
  readonly log: HeardLog
  readonly url: string
}

/** Short times: states are merged over 40 ms, a request may take 300 ms. */
const QUICK = { merge: 40, backoff: [10, 80], passing: 3000, final: 5000, request: 300 } as const

export async function chatBench(
  options: Partial<ChatOptions> & { readonly channelId?: string; readonly channel?: FakeChannel } = {},
): Promise<Bench> {
  const facts = (options.facts as MemoryFacts | undefined) ?? new MemoryFacts()
  const log = new HeardLog()
  const receiver = new HeardReceiver()
  const side = createChat({
    host: '127.0.0.1',
    port: 0,
    clock: realClock,
    ready: () => true,
    patience: QUICK,
    ...options,
    facts,
    log,
  })
  side.setReceiver(receiver)
  const { port } = await side.listen()
  const url = `http://127.0.0.1:${port}`
  const channel =
    options.channel ??
    (await new FakeChannel(options.channelId === undefined ? {} : { channelId: options.channelId }).start(
      url,
    ))
  channel.bot = url
  return {
    ...{ side, channel, receiver, facts, log, url },
    async [Symbol.asyncDispose]() {
      await side.stop()
      if (!options.channel) await channel.stop()
    },
  }
}

const caller = e164('+34900100200')

/** A call of Alice to Bob in any of its states. */
export function view(state: CallView['state'], revision: number, extra: Partial<CallView> = {}): CallView {
  return {
    call: callId('c_0123456789abcdefghijkl'),
    revision,
    user: { name: 'Alice Serrano', phone: 'desk', number: '+34 910 00 00 01' },
    callee: { name: 'Bob Marín', number: '+34 910 00 00 02' },
    ...(caller === undefined ? {} : { globalCallerId: caller }),
    state,
    requestedAt: Date.UTC(2026, 0, 2, 10, 0, 0),
    actions: state.kind === 'ended' ? ['redial', 'details'] : ['hangUp', 'details'],
    ...extra,
  }
}

export const endedWith = (cause: 'completed' | 'busy' = 'completed', lasted = 42): CallView['state'] => ({
  kind: 'ended',
  cause,
  side: 'callee',
  connected: cause === 'completed',
  lasted: cause === 'completed' ? lasted : 0,
  legs: [],
  at: Date.UTC(2026, 0, 2, 10, 1, 0),
})
