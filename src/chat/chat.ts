import type { Receiver } from '../app/inbound.ts'
import type { Chat, Clock, Facts, Log } from '../app/ports.ts'
import { Adapter } from './adapter.ts'
import { Channels } from './channels.ts'
import { createConnector } from './connector.ts'
import { createHttp } from './http.ts'
import type { Mount, Reply } from './http.ts'
import { Members } from './members.ts'
import { Outbox } from './outbox/outbox.ts'
import { PATIENCE } from './outbox/post.ts'
import type { Patience } from './outbox/post.ts'
import { TEAMS_APP_RATES, TEAMS_RATES } from './outbox/rates.ts'
import { References } from './references.ts'
import type { Registration } from './registration.ts'
import { Renderer } from './render/render.ts'
import { loadTemplates } from './render/templates.ts'
import { Turns } from './turns.ts'

export type ChatOptions = {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Without it there is no authentication, and only this machine is spoken with. */
  readonly bot?: Registration
  /** Tenants let in; the app's own where nothing is said. */
  readonly allowedTenants?: readonly string[]
  readonly facts: Facts
  readonly clock: Clock
  /** Milliseconds of a clock that nobody sets, for waits; the machine's own where none is given. */
  readonly monotonic?: () => number
  readonly log: Log
  /** Until then `/api/messages` answers 503. */
  ready(): boolean
  healthz?(): Reply
  readyz?(): Reply
  readonly mounts?: readonly Mount[]
  readonly patience?: Partial<Patience>
  /** Most bytes of one activity. */
  readonly bodyLimit?: number
}

export type ChatSide = {
  readonly chat: Chat
  setReceiver(receiver: Receiver): void
  /** @throws ChatFault where the port or address cannot be had */
  listen(): Promise<{ readonly port: number }>
  /** Takes no more activities. What was taken to be said is seen through by `chat.settle` before. */
  stop(): Promise<void>
}

/** So that 1 MB of typed text is still answered in a sentence. */
const BODY_LIMIT = 4_000_000
const CLOSE_MS = 2000

/** The chat side: activities in by restify and botbuilder, cards out by outboxes. */
export function createChat(options: ChatOptions): ChatSide {
  const { bot, facts, clock, log } = options
  const authenticated = bot !== undefined
  const patience = { ...PATIENCE, ...options.patience }
  // The wall clock can be set back, and a rate's window would then last as long as that.
  const steady: Clock = {
    now: options.monotonic ?? (() => performance.now()),
    after: (ms, run) => clock.after(ms, run),
  }
  const adapter = new Adapter(bot, { clock: steady, log })
  const channels = new Channels()
  const references = new References(facts, log)
  const renderer = new Renderer(loadTemplates())
  const connector = createConnector(adapter)
  const members = new Members(references, connector)
  const outbox = new Outbox({
    ...{ references, channels, connector, log, patience },
    clock: steady,
    rates: TEAMS_RATES,
    appRates: TEAMS_APP_RATES,
    random: Math.random,
    message: (screen, to) => renderer.message(screen, to.language, channels.of(to.channel)),
  })
  let receiver: Receiver | undefined
  const turns = new Turns({
    ...{ adapter, references, channels, renderer, outbox, facts, clock, log, authenticated },
    tenants: tenantsOf(options),
    receiver: () => receiver,
  })
  const http = createHttp({
    host: options.host,
    port: options.port,
    loopbackOnly: !authenticated,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    mounts: options.mounts ?? [],
    log,
    ready: () => receiver !== undefined && options.ready(),
    healthz: () => options.healthz?.() ?? { status: 200, body: { status: 'ok' } },
    readyz: () => options.readyz?.() ?? readiness(options.ready()),
    messages: (body, authorization) => turns.take(body, authorization),
  })
  return {
    chat: {
      say: (to, screen) => outbox.say(to, screen),
      showCall: (to, view, card) => outbox.showCall(to, view, card),
      showMeeting: (to, view, card) => outbox.showMeeting(to, view, card),
      showRoom: (to, view, card) => outbox.showRoom(to, view, card),
      onPosted: (listener) => outbox.onPosted(listener),
      onShown: (listener) => outbox.onShown(listener),
      memberEmail: (channel, conversation, sender) => members.email(channel, conversation, sender),
      members: (channel, conversation) => members.all(channel, conversation),
      settle: (ms) => outbox.settle(ms),
    },
    setReceiver(wanted) {
      receiver = wanted
    },
    listen: () => http.listen(),
    async stop() {
      await http.close(CLOSE_MS)
      await references.written()
      connector.close()
    },
  }
}

const readiness = (ready: boolean): Reply => ({ status: ready ? 200 : 503, body: { ready } })

function tenantsOf({ bot, allowedTenants }: ChatOptions): ReadonlySet<string> | undefined {
  if (!bot && !allowedTenants?.length) return undefined
  const allowed = allowedTenants?.length ? allowedTenants : bot?.tenant ? [bot.tenant] : []
  return new Set(allowed.map((tenant) => tenant.toLowerCase()))
}
