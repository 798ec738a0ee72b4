import { randomBytes, randomUUID } from 'node:crypto'
import type { Inbound, InboundAct, Receiver } from '../app/inbound.ts'
import type { Clock, Facts, Log } from '../app/ports.ts'
import { callId } from '../core/ids.ts'
import type { CallId } from '../core/ids.ts'
import type { Language } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import { actOf, addsBot, inboundOf, parseActivity, removesBot, tenantsOf } from './activity.ts'
import type { Activity } from './activity.ts'
import type { Adapter } from './adapter.ts'
import type { Channels } from './channels.ts'
import { refusal } from './http.ts'
import type { Reply } from './http.ts'
import { KeysUnreachable } from './identity/channel-keys.ts'
import { Unauthorized } from './identity/channel-tokens.ts'
import { isLoopbackUrl } from './loopback.ts'
import type { Outbox } from './outbox/outbox.ts'
import { keyOf, WELCOMED } from './references.ts'
import type { References } from './references.ts'
import { CARD_TYPE } from './render/render.ts'
import type { Renderer } from './render/render.ts'

export type TurnOptions = {
  readonly adapter: Adapter
  readonly references: References
  readonly channels: Channels
  readonly renderer: Renderer
  readonly outbox: Outbox
  readonly facts: Facts
  readonly clock: Clock
  readonly log: Log
  /** False without an app id: then only this machine is spoken with. */
  readonly authenticated: boolean
  /** Tenant ids in small letters; undefined lets every tenant in (a bot without an app id). */
  readonly tenants: ReadonlySet<string> | undefined
  receiver(): Receiver | undefined
}

/** Takes activities in: authenticates, checks the tenant, and hands on what somebody did. */
export class Turns {
  readonly #options: TurnOptions
  /** Conversations that were greeted since the start, before the store says so. */
  readonly #greeted = new Set<string>()

  constructor(options: TurnOptions) {
    this.#options = options
  }

  /** Answers one body of `POST /api/messages`. */
  async take(body: unknown, authorization: string): Promise<Reply> {
    const read = parseActivity(body)
    if (!read.activity) return refusal(400, 'NOT_AN_ACTIVITY', read.fault)
    const { activity } = read
    if (!this.#mayAnswer(activity)) {
      return refusal(403, 'SERVICE_URL_NOT_ALLOWED', 'This bot does not write to that serviceUrl.')
    }
    let reply: Reply = { status: 200 }
    try {
      await this.#options.adapter.take(body as object, authorization, async () => {
        reply = await this.#turn(activity)
      })
    } catch (err) {
      // Not 401, after which a channel gives up: its token may be good.
      if (err instanceof KeysUnreachable)
        return refusal(503, 'KEYS_UNREACHABLE', 'The bot cannot check tokens now. Try again shortly.')
      if (!(err instanceof Unauthorized)) throw err
      const fields = { code: 'UNAUTHORIZED', channel: activity.channelId, err }
      this.#options.log.warn(fields, 'an activity without a valid token was refused')
      return refusal(401, 'UNAUTHORIZED', 'A valid token of the Bot Framework is required.')
    }
    return reply
  }

  /** Tokens and cards go over TLS, or stay on this machine. */
  #mayAnswer({ serviceUrl }: Activity): boolean {
    if (isLoopbackUrl(serviceUrl)) return true
    return this.#options.authenticated && serviceUrl.toLowerCase().startsWith('https:')
  }

  async #turn(activity: Activity): Promise<Reply> {
    const { references, log } = this.#options
    if (!this.#tenantAllowed(activity)) {
      const fields = { code: 'TENANT_NOT_ALLOWED', tenants: tenantsOf(activity) }
      log.warn(fields, 'an activity of another tenant was refused')
      return refusal(
        403,
        'TENANT_NOT_ALLOWED',
        'This tenant is not allowed. It can be allowed in ALLOWED_TENANTS.',
      )
    }
    references.remember(activity)
    if (addsBot(activity)) void this.#welcome(activity)
    if (removesBot(activity)) void this.#forget(activity)
    const act = actOf(activity)
    if (act) return this.#act(activity, act)
    return activity.type === 'invoke' ? unknownInvoke(activity) : { status: 200 }
  }

  #tenantAllowed(activity: Activity): boolean {
    const { tenants } = this.#options
    if (!tenants) return true
    const named = tenantsOf(activity)
    // Only Teams has tenants; elsewhere the directory alone says who is a user.
    if (named.length === 0) return activity.channelId !== 'msteams'
    return named.every((tenant) => tenants.has(tenant))
  }

  async #act(activity: Activity, act: InboundAct): Promise<Reply> {
    const { outbox } = this.#options
    const card = act.kind === 'press' && act.invoke ? (act.data['call'] ?? act.data['meeting']) : undefined
    const release = typeof card === 'string' ? outbox.hold(card) : undefined
    const answer = await this.#receive(activity, act)
    const reply = this.#replyTo(activity, act, answer)
    return release ? { ...reply, afterwards: release } : reply
  }

  #replyTo(activity: Activity, act: InboundAct, answer: Drawn): Reply {
    if (act.kind === 'picked') return this.#tellInDialog(activity, answer)
    return act.kind === 'press' && act.invoke ? this.#redraw(activity, answer) : { status: 200 }
  }

  async #receive(activity: Activity, act: InboundAct): Promise<Drawn> {
    const { outbox, log } = this.#options
    const inbound = this.#inbound(activity, act)
    try {
      const receiver = this.#options.receiver()
      if (!receiver) throw new Error('no receiver is set')
      return await receiver.receive(inbound)
    } catch (err) {
      const reference = randomBytes(4).toString('hex')
      const language = languageOf(activity)
      const fields = { ...callOf(act), code: 'RECEIVE_FAILED', reference, err }
      log.error(fields, 'an act could not be taken')
      const screen: Screen = { kind: 'sentence', sentence: { code: 'fault', reference } }
      const { channel, conversation } = inbound
      if (act.kind === 'picked' || (act.kind === 'press' && act.invoke)) return { screen, language }
      if (act.kind === 'overheard') return { language }
      outbox.say({ channel, conversation, language }, screen)
      return { language }
    }
  }

  /** The answer of `adaptiveCard/action` is the card to show now (Universal Actions, "Response format"). */
  #redraw({ channelId }: Activity, { screen, language }: Drawn): Reply {
    const { renderer, channels } = this.#options
    if (!screen) return { status: 200, body: { statusCode: 200, type: MESSAGE_TYPE, value: '' } }
    const { card } = renderer.render(screen, language, channels.of(channelId))
    return { status: 200, body: { statusCode: 200, type: CARD_TYPE, value: card } }
  }

  /** The answer of `composeExtension/fetchTask` may be a text, which Teams shows in a small window. */
  #tellInDialog({ channelId }: Activity, { screen, language }: Drawn): Reply {
    const { renderer, channels } = this.#options
    const value = screen ? renderer.render(screen, language, channels.of(channelId)).text : ''
    return { status: 200, body: { task: { type: 'message', value } } }
  }

  #inbound(activity: Activity, act: InboundAct): Inbound {
    const { clock, authenticated } = this.#options
    return inboundOf(activity, act, {
      id: activity.id ?? randomUUID(),
      receivedAt: clock.now(),
      authenticated,
    })
  }

  /** Once a conversation: Teams tells of an installation twice, and of every member who comes. */
  async #welcome(activity: Activity): Promise<void> {
    const { facts, log } = this.#options
    const key = keyOf(activity.channelId, activity.conversation.id)
    if (this.#greeted.has(key)) return
    this.#greeted.add(key)
    const [oldest] = this.#greeted
    if (this.#greeted.size > MOST_GREETED && oldest !== undefined) this.#greeted.delete(oldest)
    try {
      if (await facts.get<boolean>(WELCOMED, key)) return
      await facts.put(WELCOMED, key, true)
      await this.#options.receiver()?.receive(this.#inbound(activity, { kind: 'welcome' }))
    } catch (err) {
      log.error({ err, code: 'WELCOME_FAILED' }, 'a conversation could not be greeted')
    }
  }

  async #forget(activity: Activity): Promise<void> {
    const key = keyOf(activity.channelId, activity.conversation.id)
    this.#greeted.delete(key)
    try {
      await this.#options.facts.delete(WELCOMED, key)
    } catch (err) {
      this.#options.log.error({ err, code: 'WELCOME_FAILED' }, 'a removal could not be noted')
    }
  }
}

type Drawn = { readonly screen?: Screen; readonly language: Language }

const MOST_GREETED = 10_000
const MESSAGE_TYPE = 'application/vnd.microsoft.activity.message'

/** Ties a log line to the call of a button; only what looks like an id gets into the log. */
function callOf(act: InboundAct): { readonly call?: CallId } {
  const call = act.kind === 'press' ? act.data['call'] : undefined
  return typeof call === 'string' && /^c_[\w-]{1,40}$/.test(call) ? { call: callId(call) } : {}
}

const languageOf = ({ locale }: Activity): Language => (/^es\b/i.test(locale ?? '') ? 'es' : 'en')

function unknownInvoke({ name }: Activity): Reply {
  return name === 'adaptiveCard/action'
    ? refusal(400, 'BAD_INVOKE', 'This button carries no action.')
    : refusal(400, 'INVOKE_NOT_SUPPORTED', 'The bot does not answer this invoke.')
}
