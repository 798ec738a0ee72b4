/**
 * One leg: an INVITE of ours and the dialog that comes of it.
 *
 *   opening ◄─► inviting ──2xx: ACK──► answered ──BYE from there──────────────► ended
 *      │           │                      └──release: BYE──► leaving ──answer──► ended
 *      │           ├──300-699, nobody there──────────────────────────────────► ended
 *      │           └──release: CANCEL──► cancelling ──487, or nothing──────────► ended
 *      │                                     └──2xx: ACK, BYE──► leaving ──────► ended
 *      └──release, or no port, no address────────────────────────────────────► ended
 *
 * Where nobody can have been rung (it could not be sent, or 503 before any 18x) the next trunk or address is opened.
 * `ended` is reported once. Nothing is reported of a leg after its release but its end. One that nobody answers at all
 * is reported as ended before it is: it goes on as if released, so that what still comes of it is ended as well.
 */
import type { Clock, DialLeg, LegReport } from '../app/ports.ts'
import type { Sound } from '../core/call/call.ts'
import type { CallId, LegId } from '../core/ids.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import { NoMediaPort } from '../media/endpoint.ts'
import type { MediaEndpoint, MediaPort, PortListener } from '../media/endpoint.ts'
import type { Course } from './course.ts'
import type { IncomingRequest, Response } from './connection.ts'
import type { LegNote } from './estate.ts'
import { answererOf } from './answerer.ts'
import { answerRequest, refuseEarlyOrLate } from './far-request.ts'
import { Invitation } from './invitation.ts'
import type { Inviting } from './invitation.ts'
import { inviteOf } from './invite.ts'
import { LegKeys } from './leg-keys.ts'
import { LegMedia } from './leg-media.ts'
import { reasonsOf, saidOf } from './reason.ts'
import { refusalOf } from './refusal.ts'
import { Renegotiator } from './renegotiate.ts'
import { SdpFault } from './sdp/parse.ts'
import { StarSix } from './star-six.ts'
import { retryAfter, unreached } from './trunk-line.ts'
import type { TrunkLine } from './trunk-line.ts'
import type { Way } from './ways.ts'
import type { Wire } from './wire.ts'

export type LegContext = {
  readonly course: Course
  /** Requests to this target as this trunk wants them. */
  wire(line: TrunkLine, to: Target): Wire
  readonly media: MediaEndpoint
  readonly clock: Clock
  report(event: LegReport['event']): void
  /** The leg has a dialog from now on, an early one perhaps; requests inside it are its own. */
  dialog(id: string): void
  /** A key pressed on the far phone; what becomes of it depends on the media plan. */
  digit(digit: string): void
  /** It has begun to speak in its room, or has ended. */
  speaks(on: boolean): void
  /** The far phone has renegotiated: its media are elsewhere, or of another kind. */
  changed(): void
  /** To be told to the next process, should this one end before the leg does; unset where none can go on with it. */
  readonly note: ((note: LegNote) => void) | undefined
  ended(): void
}

type State = 'opening' | 'inviting' | 'cancelling' | 'answered' | 'leaving' | 'ended'

// Longer than any answer may take (RFC 3261 64·T1): the guard behind the server's own timers.
const LONGEST_FAREWELL = 35_000
// After a 2xx that crossed a CANCEL the server sends BYE by itself; where it does not, this leg does.
const SERVER_BYE = 1_000

export class Leg {
  readonly id: LegId
  readonly call: CallId
  readonly media: LegMedia
  readonly negotiation: Renegotiator
  readonly #dial: DialLeg
  readonly #context: LegContext
  /** What is keyed to the far phone. */
  readonly keys: LegKeys
  /** Acknowledges a 2xx of the far side that waits for the other phone; the leg may end before that comes. */
  answerPending: (() => void) | undefined
  awaitsAnswer = false
  #muted = false
  readonly #starSix = new StarSix()
  #state: State = 'opening'
  #line: TrunkLine
  #wire: Wire
  #dialog: string | undefined
  /** The INVITE of the way that is tried now; of an answered leg nothing is left of it. */
  #invitation: Invitation | undefined
  #told = false
  #rang = false
  /** The server's ids of its dialogs, early ones too. */
  readonly #dialogs = new Set<string>()
  #stopGuard: (() => void) | undefined

  /** @param first the trunk that stands for the leg until its first INVITE */
  constructor(dial: DialLeg, first: TrunkLine, context: LegContext) {
    this.id = dial.leg
    this.call = dial.call
    this.#dial = dial
    this.#context = context
    this.#line = first
    this.#wire = context.wire(first, dial.to)
    this.media = new LegMedia()
    this.negotiation = new Renegotiator(this, context.clock)
    this.keys = new LegKeys({
      media: this.media,
      clock: context.clock,
      answered: () => this.answered,
      send: (request, user) => {
        if (this.#dialog !== undefined) this.#wire.request({ ...request, dialog: this.#dialog }, user)
      },
      keyed: (how) => {
        const byHand = how === 'byHand' ? { byHand: true as const } : {}
        context.report({ type: 'leg.keyed', leg: this.id, ok: how !== 'nothing', ...byHand })
      },
    })
  }

  get line(): TrunkLine {
    return this.#line
  }

  /** Who is dialled: by a diversion it may be another one than was asked for. */
  get to(): Target {
    return this.#context.course.to
  }

  get wire(): Wire {
    return this.#wire
  }

  /** The server's id of its dialog, once there is one. */
  get dialog(): string | undefined {
    return this.#dialog
  }

  /** Those of early dialogs too. */
  get dialogs(): ReadonlySet<string> {
    return this.#dialogs
  }

  get answered(): boolean {
    return this.#state === 'answered'
  }

  isOver(): boolean {
    return this.#state === 'ended'
  }

  /** Goes on with the dialog of an earlier process. @param port its port at the bot, where it has one */
  resume({ dialog, media }: LegNote, port: MediaPort | undefined): void {
    this.#state = 'answered'
    this.#dialog = dialog
    this.#context.course.resume(this.#line)
    this.media.keys = this.#line.trunk.dtmf
    this.media.resume(media, port)
    this.#remember()
    this.#know(dialog)
    // Nobody was there to hear of its end: an answer of any kind says that the phone is.
    this.#wire.request(
      { method: 'OPTIONS', dialog },
      {
        failed: (why) => {
          if (this.#wire.up) this.#end({ kind: 'hungUp' })
          else this.lose(why)
        },
        response: ({ status }) => {
          if (status === 481) this.dialogGone('481 to OPTIONS')
        },
      },
    )
  }

  /** What the next process has to know to go on with it. */
  #remember(): void {
    const keep = this.#context.note
    if (!keep) return
    const note = () => {
      const [dialog, media] = [this.#dialog, this.media.note]
      if (dialog === undefined || !media || this.#state !== 'answered') return
      keep({
        dial: { ...this.#dial, to: this.to },
        dialog,
        trunk: this.#line.trunk.name,
        media,
      })
    }
    this.media.onNews = note
    note()
  }

  /** Opens the media port, finds the trunk, sends the INVITE. */
  async start(): Promise<void> {
    const { media, course } = this.#context
    try {
      const opening = media.open(this.ears, this.id)
      opening.catch(() => undefined)
      const way = await course.next()
      const port = await opening
      if (this.#state !== 'opening') return port.close()
      this.media.open(port)
      this.#take(way)
    } catch (fault) {
      this.#fail(fault)
    }
  }

  #fail(fault: unknown): void {
    const detail = fault instanceof Error ? fault.message : String(fault)
    this.#end({ kind: fault instanceof NoMediaPort ? 'unable' : 'unsendable', detail })
  }

  /** Ends the leg whatever its state. */
  release(): void {
    switch (this.#state) {
      case 'opening':
        return this.#end({ kind: 'released' })
      case 'inviting':
        this.#state = 'cancelling'
        this.#guard(LONGEST_FAREWELL, () => {
          this.#end({ kind: 'released' })
        })
        return this.#invitation?.cancel()
      case 'answered':
        this.#acknowledge()
        this.#state = 'leaving'
        this.negotiation.abandon()
        return this.#bye()
      case 'cancelling':
      case 'leaving':
      case 'ended':
        return
    }
  }

  /** The connection to the signalling server is gone, and with it all that this leg could still hear. */
  lose(detail: string): void {
    const released = this.#state === 'cancelling' || this.#state === 'leaving'
    if (this.#state === 'opening') return this.#end({ kind: 'unsendable', detail })
    this.#end(released ? { kind: 'released' } : { kind: 'lost', detail })
  }

  play(sound: Sound): void {
    this.media.port?.play(sound)
  }

  /** In a room nobody hears it, or everybody again; it stays so whatever port it gets. */
  mute(on: boolean): void {
    this.#muted = on
    this.media.port?.mute(on)
  }

  /** Its port takes a seat in this room. */
  join(room: string): void {
    const { port } = this.media
    port?.mute(this.#muted)
    port?.join(room)
  }

  /** What its port at the bot hears. */
  readonly ears: PortListener = {
    digit: (digit) => {
      this.onDigit(digit)
    },
    sound: (silent) => {
      if (this.answered) this.#context.report({ type: silent ? 'media.silent' : 'media.heard', leg: this.id })
    },
    pause: () => {
      this.keys.paused()
    },
    speaks: (on) => {
      this.#context.speaks(on)
    },
  }

  /** A key of the far phone. In a room `*6` alone means something; what else is keyed there is nobody's business. */
  onDigit(digit: string): void {
    if (this.media.port?.room === undefined) return this.#context.digit(digit)
    if (this.#starSix.hear(digit, this.#context.clock.now()))
      this.#context.report({ type: 'leg.digit', leg: this.id, digit: '*6' })
  }

  onChanged(): void {
    this.#context.changed()
  }

  /** A request inside this dialog. */
  handle(request: IncomingRequest): void {
    const wire = this.#wire
    wire.record(request.local ? 'out' : 'in', request.raw)
    if (refuseEarlyOrLate(this, this.#state, request)) return
    if (request.method !== 'BYE') return answerRequest(this, request)
    const end = this.#endOf(request)
    if (request.local) return this.#end(end)
    // Our 200 belongs into the ladder, which is closed with the last leg.
    request.answer(200, {
      done: (raw) => {
        if (raw !== undefined) wire.record('out', raw)
        this.#end(end)
      },
    })
  }

  #endOf(bye: IncomingRequest): LegEnd {
    if (this.#state === 'leaving') return { kind: 'released' }
    const reason = bye.header('reason')
    if (bye.local) return { kind: 'lost', detail: reason || 'ended by the server' }
    const said = saidOf(reason, '')
    return { kind: 'hungUp', ...reasonsOf(reason), ...(said === undefined ? {} : { said }) }
  }

  /** A request of ours in the dialog was told that there is none (RFC 3261 12.2.1.2). */
  dialogGone(detail: string): void {
    if (this.#state !== 'answered') return
    this.#acknowledge()
    this.#bye()
    this.#end({ kind: 'lost', detail })
  }

  /** @returns whether a 2xx still waited to be acknowledged; it is the caller's from here on */
  forgetPending(): boolean {
    const waited = this.answerPending !== undefined
    this.answerPending = undefined
    return waited
  }

  #acknowledge(): void {
    const acknowledge = this.answerPending
    this.answerPending = undefined
    acknowledge?.()
  }

  // ---- INVITE

  #take(way: Way | undefined): void {
    if (this.#state !== 'opening') return
    if (!way) return this.#turn(this.#context.course.end)
    this.#line = way.line
    this.#wire = this.#context.wire(way.line, this.to)
    this.media.keys = way.line.trunk.dtmf
    this.#invite(way)
  }

  /** Nothing can have come of this way: nobody was rung. */
  #leave(way: Way, end: LegEnd): void {
    const { course } = this.#context
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
    const { course } = this.#context
    if (!course.canTurn(end)) return this.#end(end)
    this.#state = 'opening'
    course
      .turn()
      .then((way) => {
        if (way) this.#take(way)
        else if (this.#state === 'opening') this.#end(end)
      })
      .catch((fault: unknown) => {
        this.#fail(fault)
      })
  }

  #invite(way: Way): void {
    this.#state = 'inviting'
    const body = way.line.trunk.offer === 'early' ? this.media.offerOwn() : undefined
    const request = inviteOf({ ...this.#dial, to: this.to }, way, this.#context.course.headers(way), body)
    this.#invitation = new Invitation(way, this.#inviting, this.#context.clock)
    this.#invitation.send(request, this.#wire)
  }

  readonly #inviting: Inviting = {
    failed: (why, { way }) => {
      if (this.#state === 'cancelling') return this.#end({ kind: 'released' })
      const end = { kind: 'unsendable', detail: why } as const
      // Without a signalling server nothing is learnt about the trunk.
      if (!this.#wire.up) return this.#end(end)
      way.line.failed(why, way.hop)
      this.#leave(way, end)
    },
    silent: ({ way: { line, hop } }) => {
      line.failed('no answer', hop)
      // No other way is tried, by this call: it may ring.
      this.#told = true
      this.#context.report({ type: 'leg.ended', leg: this.id, end: { kind: 'silent' } })
      this.release()
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
      answerRequest(this, request)
    },
  }

  #onProvisional(response: Response, invitation: Invitation): void {
    if (response.status > 100 && response.dialog !== '') this.#know(response.dialog)
    if (response.header('rseq') !== '') response.ack()
    if (this.#state !== 'inviting') return
    const news = this.#early(response) && !invitation.earlyMedia
    invitation.earlyMedia ||= news
    if ((response.status !== 180 && response.status !== 183) || (this.#rang && !news)) return
    this.#rang = true
    const { earlyMedia } = invitation
    this.#context.report({ type: 'leg.ringing', leg: this.id, status: response.status, earlyMedia })
  }

  /** Early media, where this response brings any that can be used. */
  #early(response: Response): boolean {
    // A late offer in 18x would have to be answered in a PRACK (RFC 3262 5); its sound begins with the answer.
    if (response.body === '' || this.#line.trunk.offer === 'late') return false
    try {
      this.media.answeredBy(forkOf(response), response.body)
      return true
    } catch {
      return false
    }
  }

  #know(dialog: string): void {
    this.#dialogs.add(dialog)
    this.#context.dialog(dialog)
  }

  #onAnswer(response: Response, invitation: Invitation): void {
    const line = this.#line
    this.#dialog = response.dialog
    this.#know(response.dialog)
    if (this.#state !== 'inviting') return this.#onLateAnswer(response, invitation)
    let ack: string | undefined
    try {
      if (line.trunk.offer === 'late') ack = this.media.answerOwn(response.body)
      else this.media.answeredBy(forkOf(response), response.body)
    } catch (fault) {
      const reason = fault instanceof SdpFault ? `${fault.code}: ${fault.message}` : String(fault)
      response.ack(line.trunk.offer === 'late' ? this.media.declineAll(response.body) : undefined)
      this.#bye()
      return this.#end({ kind: 'refused', status: 488, reason })
    }
    this.#state = 'answered'
    // There is nothing left to be cancelled; the call may last for hours.
    this.#invitation = undefined
    this.#remember()
    response.ack(ack)
    const by = answererOf(response) ?? invitation.leadsTo
    const forwarded = invitation.forwarded || this.to !== this.#dial.to
    this.#context.report({
      ...{ type: 'leg.answered', leg: this.id },
      ...(by === undefined ? {} : { by }),
      ...(forwarded ? { forwarded } : {}),
    })
  }

  /** RFC 3261 9.1: a 2xx that crossed the CANCEL makes a dialog, which has to be ended. */
  #onLateAnswer(response: Response, invitation: Invitation): void {
    const line = this.#line
    if (this.#state === 'cancelling') this.#state = 'leaving'
    response.ack(line.trunk.offer === 'late' ? this.media.declineAll(response.body) : undefined)
    if (!invitation.cancelled) return this.#bye()
    this.#context.clock.after(SERVER_BYE, () => {
      if (!this.isOver()) this.#bye()
    })
  }

  #onRefusal(response: Response, { way, heard }: Invitation): void {
    const fault = unreached(response)
    if (this.#state === 'cancelling') return this.#end({ kind: 'released' })
    const { status } = response
    if (fault !== undefined && heard < 180) {
      way.line.failed(fault, way.hop)
      const end: LegEnd = status === 408 ? { kind: 'silent' } : { kind: 'unsendable', detail: fault }
      return status === 503 && heard === 0 ? this.#leave(way, end) : this.#end(end)
    }
    const end = refusalOf(response)
    const rest = status === 503 ? retryAfter(response) : undefined
    if (rest !== undefined) way.line.rests(way.hop, rest, this.#context.clock.now())
    if (status === 503 && heard <= 100) return this.#leave(way, end)
    this.#context.course.refused(response, way, heard >= 180)
    this.#turn(end)
  }

  // ---- end

  #bye(): void {
    const dialog = this.#dialog
    if (dialog === undefined) return this.#end({ kind: 'released' })
    const done = () => {
      this.#end({ kind: 'released' })
    }
    if (!this.isOver()) this.#guard(LONGEST_FAREWELL, done)
    this.#wire.request(
      { method: 'BYE', dialog, headers: { Reason: 'Q.850;cause=16;text="Normal call clearing"' } },
      {
        failed: done,
        response: (response) => {
          if (response.status >= 200) done()
        },
      },
    )
  }

  #guard(ms: number, run: () => void): void {
    this.#stopGuard?.()
    this.#stopGuard = this.#context.clock.after(ms, run)
  }

  #end(end: LegEnd): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#stopGuard?.()
    this.keys.stop()
    this.#invitation?.stopWaiting()
    this.negotiation.abandon()
    this.media.close()
    this.#context.course.done()
    if (!this.#told) this.#context.report({ type: 'leg.ended', leg: this.id, end })
    this.#context.ended()
  }
}

/** Each fork has a To tag of its own (RFC 3261 12.1.2). */
const forkOf = (response: Response) => /;\s*tag=([^;\s]+)/i.exec(response.header('to'))?.[1]
