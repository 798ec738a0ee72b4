/**
 * How a leg reaches its phone: by an INVITE, one way after the other, until somebody answers or nobody is left.
 *
 *   opening ◄─► inviting ──2xx: ACK──► done: answered
 *      │           ├──300-699, nobody there───────────────► done: over
 *      │           └──release: CANCEL──► cancelling ──487, or nothing──► done: over
 *      │                                     └──2xx: ACK──► done: late
 *      └──release, or no port, no address─────────────────► done: over
 *
 * Where nobody can have been rung (it could not be sent, or 503 before any 18x) the next trunk or address is opened.
 */
import type { Clock, DialLeg, LegReport } from '../app/ports.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import { NoMediaPort } from '../media/endpoint.ts'
import type { MediaPort } from '../media/endpoint.ts'
import { answererOf } from './answerer.ts'
import type { IncomingRequest, Response } from './connection.ts'
import type { Course } from './course.ts'
import { Invitation } from './invitation.ts'
import type { Inviting } from './invitation.ts'
import { inviteOf } from './invite.ts'
import type { LegMedia } from './leg-media.ts'
import { refusalOf } from './refusal.ts'
import { SdpFault } from './sdp/parse.ts'
import { retryAfter, unreached } from './trunk-line.ts'
import type { TrunkLine } from './trunk-line.ts'
import type { Way } from './ways.ts'
import type { Wire } from './wire.ts'

type Answered = Omit<Extract<LegReport['event'], { readonly type: 'leg.answered' }>, 'type' | 'leg'>

/** The leg, as its reaching for the phone sees it. */
export type Reaching = {
  readonly course: Course
  /** Requests to this target as this trunk wants them. */
  wire(line: TrunkLine, to: Target): Wire
  readonly media: LegMedia
  readonly clock: Clock
  report(event: LegReport['event']): void
  /** There is a dialog, an early one perhaps. */
  know(dialog: string): void
  /** Somebody has answered; to be acknowledged by this before it is told. */
  answered(dialog: string, how: Answered, acknowledge: () => void): void
  /** A 2xx was acknowledged that is of no use: its dialog has to be ended, if the server does not do so by itself. */
  unwanted(dialog: string, byServer: boolean): void
  /** The same, and why: what it answered cannot be used. */
  useless(dialog: string, end: LegEnd): void
  /** Nobody has answered anything: it may ring all the same. */
  silent(): void
  /** Nobody has been reached. */
  over(end: LegEnd): void
  /** UPDATE before the answer (RFC 3311). */
  update(request: IncomingRequest): void
}

type State = 'opening' | 'inviting' | 'cancelling' | 'done'

/** Longer than any answer may take (RFC 3261 64·T1): the guard behind the server's own timers. */
export const LONGEST_FAREWELL = 35_000

export class Reach {
  readonly #dial: DialLeg
  readonly #leg: Reaching
  #state: State = 'opening'
  #line: TrunkLine
  #wire: Wire
  /** The INVITE of the way that is tried now; of one that was answered nothing is left. */
  #invitation: Invitation | undefined
  #rang = false
  #stopGuard: (() => void) | undefined

  /** @param first the trunk that stands for the leg until its first INVITE */
  constructor(dial: DialLeg, first: TrunkLine, leg: Reaching) {
    this.#dial = dial
    this.#leg = leg
    this.#line = first
    this.#wire = leg.wire(first, dial.to)
  }

  get line(): TrunkLine {
    return this.#line
  }

  get wire(): Wire {
    return this.#wire
  }

  get state(): State {
    return this.#state
  }

  /** An earlier process has reached it. */
  resume(): void {
    this.#state = 'done'
    this.#leg.course.resume(this.#line)
    this.#leg.media.keys = this.#line.trunk.dtmf
  }

  /** Finds the trunk, and sends the INVITE once there is a port for its sound. */
  async start(port: Promise<MediaPort>): Promise<void> {
    port.catch(() => undefined)
    try {
      const way = await this.#leg.course.next()
      const opened = await port
      if (this.#state !== 'opening') return opened.close()
      this.#leg.media.open(opened)
      this.#take(way)
    } catch (fault) {
      this.#fail(fault)
    }
  }

  /** Nobody is to be reached any more; what still comes of it is reported. */
  release(): void {
    if (this.#state === 'opening') return this.#over({ kind: 'released' })
    if (this.#state !== 'inviting') return
    this.#state = 'cancelling'
    this.#stopGuard = this.#leg.clock.after(LONGEST_FAREWELL, () => {
      this.#over({ kind: 'released' })
    })
    this.#invitation?.cancel()
  }

  /** The leg is over. */
  close(): void {
    this.#done()
    this.#invitation?.stopWaiting()
    this.#leg.course.done()
  }

  #done(): void {
    this.#state = 'done'
    this.#stopGuard?.()
  }

  #over(end: LegEnd): void {
    this.#done()
    this.#leg.over(end)
  }

  #fail(fault: unknown): void {
    const detail = fault instanceof Error ? fault.message : String(fault)
    this.#over({ kind: fault instanceof NoMediaPort ? 'unable' : 'unsendable', detail })
  }

  #take(way: Way | undefined): void {
    if (this.#state !== 'opening') return
    if (!way) return this.#turn(this.#leg.course.end)
    this.#line = way.line
    this.#wire = this.#leg.wire(way.line, this.#leg.course.to)
    this.#leg.media.keys = way.line.trunk.dtmf
    this.#invite(way)
  }

  /** Nothing can have come of this way: nobody was rung. */
  #leave(way: Way, end: LegEnd): void {
    const { course } = this.#leg
    if (this.#state !== 'inviting') return
    this.#state = 'opening'
    course.closed(way, end)
    course
      .next()
      .then((next) => {
        this.#take(next)
      })
      .catch((fault: unknown) => {
        this.#fail(fault)
      })
  }

  /** Nothing came of whom it dialled: somebody else whom a diversion has named is tried, where there is one. */
  #turn(end: LegEnd): void {
    const { course } = this.#leg
    if (!course.canTurn(end)) return this.#over(end)
    this.#state = 'opening'
    course
      .turn()
      .then((way) => {
        if (way) this.#take(way)
        else if (this.#state === 'opening') this.#over(end)
      })
      .catch((fault: unknown) => {
        this.#fail(fault)
      })
  }

  #invite(way: Way): void {
    this.#state = 'inviting'
    const body = way.line.trunk.offer === 'early' ? this.#leg.media.offerOwn() : undefined
    const request = inviteOf(
      { ...this.#dial, to: this.#leg.course.to },
      way,
      this.#leg.course.headers(way),
      body,
    )
    this.#invitation = new Invitation(way, this.#inviting, this.#leg.clock)
    this.#invitation.send(request, this.#wire)
  }

  readonly #inviting: Inviting = {
    failed: (why, { way }) => {
      if (this.#state === 'cancelling') return this.#over({ kind: 'released' })
      const end = { kind: 'unsendable', detail: why } as const
      // Without a signalling server nothing is learnt about the trunk.
      if (!this.#wire.up) return this.#over(end)
      way.line.failed(why, way.hop)
      this.#leave(way, end)
    },
    silent: ({ way: { line, hop } }) => {
      line.failed('no answer', hop)
      // No other way is tried, by this call: it may ring.
      this.#leg.silent()
    },
    provisional: (response, invitation) => {
      this.#onProvisional(response, invitation)
    },
    answered: (response, invitation) => {
      this.#onAnswer(response, invitation)
    },
    refused: (response, invitation) => {
      this.#onRefusal(response, invitation)
    },
    update: (request) => {
      this.#leg.update(request)
    },
  }

  #onProvisional(response: Response, invitation: Invitation): void {
    if (response.status > 100 && response.dialog !== '') this.#leg.know(response.dialog)
    if (response.header('rseq') !== '') response.ack()
    if (this.#state !== 'inviting') return
    const news = this.#early(response) && !invitation.earlyMedia
    invitation.earlyMedia ||= news
    if ((response.status !== 180 && response.status !== 183) || (this.#rang && !news)) return
    this.#rang = true
    const { earlyMedia } = invitation
    this.#leg.report({ type: 'leg.ringing', leg: this.#dial.leg, status: response.status, earlyMedia })
  }

  /** Early media, where this response brings any that can be used. */
  #early(response: Response): boolean {
    // A late offer in 18x would have to be answered in a PRACK (RFC 3262 5); its sound begins with the answer.
    if (response.body === '' || this.#line.trunk.offer === 'late') return false
    try {
      this.#leg.media.answeredBy(forkOf(response), response.body)
      return true
    } catch {
      return false
    }
  }

  #onAnswer(response: Response, invitation: Invitation): void {
    const { media } = this.#leg
    this.#leg.know(response.dialog)
    if (this.#state !== 'inviting') return this.#onLateAnswer(response, invitation)
    let ack: string | undefined
    try {
      if (this.#line.trunk.offer === 'late') ack = media.answerOwn(response.body)
      else media.answeredBy(forkOf(response), response.body)
    } catch (fault) {
      const reason = fault instanceof SdpFault ? `${fault.code}: ${fault.message}` : String(fault)
      response.ack(this.#declining(response))
      this.#done()
      return this.#leg.useless(response.dialog, { kind: 'refused', status: 488, reason })
    }
    this.#done()
    // There is nothing left to be cancelled; the call may last for hours.
    this.#invitation = undefined
    const by = answererOf(response) ?? invitation.leadsTo
    const forwarded = invitation.forwarded || this.#leg.course.to !== this.#dial.to
    const how = { ...(by === undefined ? {} : { by }), ...(forwarded ? { forwarded } : {}) }
    this.#leg.answered(response.dialog, how, () => {
      response.ack(ack)
    })
  }

  /** RFC 3261 9.1: a 2xx that crossed the CANCEL makes a dialog, which has to be ended. */
  #onLateAnswer(response: Response, invitation: Invitation): void {
    if (this.#state === 'cancelling') this.#done()
    response.ack(this.#declining(response))
    this.#leg.unwanted(response.dialog, invitation.cancelled)
  }

  /** What its ACK says to an offer that nobody takes. */
  #declining(response: Response): string | undefined {
    return this.#line.trunk.offer === 'late' ? this.#leg.media.declineAll(response.body) : undefined
  }

  #onRefusal(response: Response, { way, heard }: Invitation): void {
    const fault = unreached(response)
    if (this.#state === 'cancelling') return this.#over({ kind: 'released' })
    const { status } = response
    if (fault !== undefined && heard < 180) {
      way.line.failed(fault, way.hop)
      const end: LegEnd = status === 408 ? { kind: 'silent' } : { kind: 'unsendable', detail: fault }
      return status === 503 && heard === 0 ? this.#leave(way, end) : this.#over(end)
    }
    const end = refusalOf(response)
    const rest = status === 503 ? retryAfter(response) : undefined
    if (rest !== undefined) way.line.rests(way.hop, rest, this.#leg.clock.now())
    if (status === 503 && heard <= 100) return this.#leave(way, end)
    this.#leg.course.refused(response, way, heard >= 180)
    this.#turn(end)
  }
}

/** Each fork has a To tag of its own (RFC 3261 12.1.2). */
const forkOf = (response: Response) => /;\s*tag=([^;\s]+)/i.exec(response.header('to'))?.[1]
