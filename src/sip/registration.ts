/**
 * Our registration at one PBX (RFC 3261 10.2): the PBX learns where calls for us go, and some take ours only then.
 *
 *   idle ──start──► asking ──2xx──► registered ──well before it ends──► asking
 *                   ▲ │  └──nobody there, 5xx: the next address──► asking
 *                   │ └──refused, or no address left──► waiting ──back-off──┐
 *                   └──────────────────────────────────────────────────────┘
 *   any ──stop──► leaving ──answered, or 2 s──► idle
 *
 * 401, 407 and a nonce too old are answered below this (wire.ts), once each: a wrong password is told as refused.
 */
import type { Clock, Log, RegistrationState } from '../app/ports.ts'
import { bracketed, userPart } from './address.ts'
import type { Connection, Response } from './connection.ts'
import { expiryOf, minExpires } from './expiry.ts'
import { retryAfter, unreached } from './trunk-line.ts'
import type { Hop, TrunkLine } from './trunk-line.ts'
import { Wire } from './wire.ts'

/** Seconds asked for; the PBX decides. */
const EXPIRES = 600
/** Milliseconds: where nobody is there, again after 2, 4, 8 … 120 s; where we are refused, 5, 10 … 60 minutes. */
const AWAY = { first: 2_000, most: 120_000 }
const REFUSED = { first: 5 * 60_000, most: 60 * 60_000 }
/** A PBX that is there answers sooner; the next address is asked then. */
const LONGEST_ANSWER = 10_000
const LONGEST_FAREWELL = 2_000

/** What came of one REGISTER. */
type Answer =
  | { readonly kind: 'registered'; readonly seconds: number }
  | { readonly kind: 'tooBrief'; readonly least: number }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly reason: string
      readonly after: number | undefined
    }
  | { readonly kind: 'away'; readonly detail: string }
type Failure = Exclude<Answer, { kind: 'registered' | 'tooBrief' }>

export type RegistrationContext = {
  readonly connection: Connection
  readonly clock: Clock
  readonly log: Log
  /** 0 to 1, for the jitter. */
  readonly random?: () => number
}

export class Registration {
  /** The trunk as it stands in the file now. */
  line: TrunkLine
  readonly #context: RegistrationContext
  readonly #wire: Wire
  #state: RegistrationState = { state: 'trying' }
  /** Each start is a life of its own: what comes of an earlier one is no news. */
  #life = 0
  #failures = 0
  #expires = EXPIRES
  #stopTimer: (() => void) | undefined
  /** What all REGISTERs of one registration share and count on (RFC 3261 10.2): Call-ID, From and CSeq. */
  #call: { readonly id: string; readonly from: string; sequence: number } | undefined
  /** Where the binding is, and how long it stands. */
  #bound: { readonly hop: Hop; readonly until: number } | undefined

  constructor(line: TrunkLine, context: RegistrationContext) {
    this.line = line
    this.#context = context
    const { user = '', password = '' } = line.trunk
    this.#wire = new Wire(context.connection, { user, password }, () => undefined)
  }

  get state(): RegistrationState {
    const lapsed = this.#state.state === 'registered' && this.#state.until <= this.#context.clock.now()
    return lapsed ? { state: 'trying' } : this.#state
  }

  /** Registers now, and keeps registered until `stop`. */
  start(): void {
    this.pause()
    this.#failures = 0
    this.#state = { state: 'trying' }
    void this.#attempt(this.#life)
  }

  /** The signalling server is away: nothing can be asked, and our address may be another one when it is back. */
  pause(): void {
    this.#life++
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#call = undefined
  }

  /** Unregisters, where anything stands; resolves when that was answered, or after 2 s. */
  async stop(): Promise<void> {
    const bound = this.#bound
    const call = this.#call
    this.pause()
    this.#call = call
    this.#bound = undefined
    this.#state = { state: 'trying' }
    if (bound && bound.until > this.#context.clock.now())
      await this.#ask(bound.hop, 0, LONGEST_FAREWELL).catch(() => undefined)
  }

  async #attempt(life: number): Promise<void> {
    let failure: Failure = { kind: 'away', detail: `${this.line.address.host} has no address` }
    try {
      for (const hop of await this.line.hops()) {
        const answer = await this.#askTwice(hop)
        if (life !== this.#life) return
        if (answer.kind === 'registered') return this.#onRegistered(hop, answer.seconds)
        failure = answer
        // Other servers of a PBX know the same users: only one that is not there, or has a fault, is passed over.
        if (answer.kind === 'refused' && answer.status < 500) break
      }
    } catch (fault) {
      failure = { kind: 'away', detail: fault instanceof Error ? fault.message : String(fault) }
    }
    if (life === this.#life) this.#onFailure(failure)
  }

  /** RFC 3261 10.2.8: what is too brief for the PBX is asked for as long as it wants, once. */
  async #askTwice(hop: Hop): Promise<Exclude<Answer, { kind: 'tooBrief' }>> {
    const first = await this.#ask(hop, this.#expires, LONGEST_ANSWER)
    if (first.kind !== 'tooBrief') return first
    this.#expires = first.least
    const second = await this.#ask(hop, this.#expires, LONGEST_ANSWER)
    if (second.kind !== 'tooBrief') return second
    return { kind: 'refused', status: 423, reason: 'Interval Too Brief, again', after: undefined }
  }

  #onRegistered(hop: Hop, seconds: number): void {
    const { clock, log } = this.#context
    const news = this.#state.state !== 'registered'
    const until = clock.now() + seconds * 1000
    this.#failures = 0
    this.#bound = { hop, until }
    this.#state = { state: 'registered', until }
    const fields = { code: 'SIP_REGISTERED', trunk: this.line.trunk.name, at: hop.at, seconds }
    if (news) log.info(fields, 'Registered at a trunk')
    else log.debug(fields, 'Registered again at a trunk')
    // Time for a try or two more before it ends: at three quarters, half where that is soon.
    this.#again(seconds * 1000 * (seconds > 60 ? 0.75 : 0.5), 0.05)
  }

  #onFailure(failure: Failure): void {
    const { clock } = this.#context
    const { first, most } = failure.kind === 'away' || failure.status >= 500 ? AWAY : REFUSED
    const own = Math.min(first * 2 ** this.#failures, most)
    const asked = failure.kind === 'refused' ? Math.min((failure.after ?? 0) * 1000, REFUSED.most) : 0
    this.#failures++
    // A binding stands until it ends, whoever is away meanwhile.
    const stands = failure.kind === 'away' && (this.#bound?.until ?? 0) > clock.now()
    const wait = this.#again(Math.max(own, asked), 0.25)
    this.#tell(failure, wait)
    if (stands) return
    this.#state =
      failure.kind === 'away'
        ? { state: 'unreachable', detail: failure.detail }
        : { state: 'refused', status: failure.status, reason: failure.reason }
  }

  /** Says each kind of failure once; what repeats itself is for those who look closely. */
  #tell(failure: Failure, wait: number): void {
    const { log } = this.#context
    const { name } = this.line.trunk
    const again = Math.round(wait / 1000)
    const before = this.#state
    if (failure.kind === 'away') {
      const { detail } = failure
      const fields = { code: 'SIP_REGISTER_AWAY', trunk: name, detail, again, remedy: AWAY_REMEDY }
      if (before.state === 'unreachable') log.debug(fields, 'A trunk is still not there to register at')
      else log.warn(fields, 'A trunk is not there to register at')
      return
    }
    const { status, reason } = failure
    const fields = {
      code: 'SIP_REGISTER_REFUSED',
      trunk: name,
      status,
      reason,
      again,
      remedy: remedyOf(status),
    }
    if (before.state === 'refused' && before.status === status)
      log.debug(fields, 'A trunk still refuses our registration')
    else log.warn(fields, 'A trunk refuses our registration')
  }

  /** @returns the milliseconds that it really waits: up to so much less, so that many bots do not come at once */
  #again(ms: number, jitter: number): number {
    const { clock, random = Math.random } = this.#context
    const life = this.#life
    const wait = Math.round(ms * (1 - jitter * random()))
    this.#stopTimer = clock.after(wait, () => {
      void this.#attempt(life)
    })
    return wait
  }

  // ---- one REGISTER

  #ask(hop: Hop, expires: number, patience: number): Promise<Answer> {
    const { clock } = this.#context
    const { line } = this
    const { scheme, rest } = line.address
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const stop = clock.after(patience, () => {
      settle({ kind: 'away', detail: 'no answer' })
    })
    const settle = (answer: Answer) => {
      stop()
      resolve(answer)
    }
    let contact = ''
    const { proxy } = hop
    this.#wire.request(
      {
        method: 'REGISTER',
        uri: `${scheme}:${rest}`,
        headers: this.#headers(expires),
        ...(proxy === undefined ? {} : { proxy }),
      },
      {
        sent: (sent) => {
          contact = sent.header('contact')
          const sequence = Number.parseInt(sent.header('cseq'), 10)
          this.#call = { id: sent.header('call-id'), from: sent.header('from'), sequence }
        },
        failed: (why) => {
          if (this.#context.connection.up) line.failed(why, hop)
          settle({ kind: 'away', detail: why })
        },
        response: (response) => {
          if (response.status < 200) return
          const fault = unreached(response)
          if (fault === undefined) line.answered(hop)
          else line.failed(fault, hop)
          settle(fault === undefined ? read(response, contact, expires) : { kind: 'away', detail: fault })
        },
      },
    )
    return promise
  }

  #headers(expires: number): Record<string, string> {
    const { address, trunk } = this.line
    const { user = '' } = trunk
    const own = `<sip:${userPart(user)}@${bracketed(address.host)}>`
    const transport = address.transport === 'udp' ? '' : `;transport=${address.transport}`
    const call = this.#call
    return {
      From: call?.from ?? own,
      To: own,
      // `localhost` stands for the server's own address. A user with + or an escape in it comes back from some
      // registrars in another form, and is then taken for another binding.
      Contact: `<sip:${contactUser(user)}@localhost${transport}>;expires=${expires}`,
      Expires: String(expires),
      'User-Agent': 'Dialback',
      ...(call ? { 'Call-ID': call.id, CSeq: `${call.sequence + 1} REGISTER` } : {}),
    }
  }
}

const contactUser = (user: string) => user.replace(/[^A-Za-z0-9._-]/g, '') || 'dialback'

function read(response: Response, contact: string, asked: number): Answer {
  const { status, reason } = response
  if (status < 300) {
    const seconds = expiryOf(response.header('contact'), contact, response.header('expires')) ?? asked
    if (asked === 0 || seconds > 0) return { kind: 'registered', seconds }
    return { kind: 'refused', status, reason: 'registered for no time at all', after: undefined }
  }
  const least = status === 423 ? minExpires(response.header('min-expires'), asked) : undefined
  if (least !== undefined) return { kind: 'tooBrief', least }
  return { kind: 'refused', status, reason, after: retryAfter(response) }
}

const AWAY_REMEDY = 'Check the uri of the trunk, and that the PBX takes REGISTER there.'

function remedyOf(status: number): string {
  if (status === 401 || status === 403 || status === 407)
    return 'Check user and password of the trunk in TRUNKS_FILE; the PBX may also ban an address after wrong ones.'
  if (status === 404) return 'Check user and the host of uri: the PBX knows no such user in that domain.'
  if (status >= 500) return 'See the log of the PBX.'
  return 'See whether the PBX takes registrations of this user; else set "register": false.'
}
