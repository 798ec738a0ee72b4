/**
 * One leg: an INVITE of ours and the dialog that comes of it.
 *
 *   reaching ──2xx: ACK──► answered ──BYE from there──────────────► ended
 *      │                      └──release: BYE──► leaving ──answer──► ended
 *      ├──nobody is reached (reach.ts)─────────────────────────────► ended
 *      └──released, but 2xx all the same: ACK, BYE──► leaving ──────► ended
 *
 * `ended` is reported once. Nothing is reported of a leg after its release but its end. One that nobody answers at all
 * is reported as ended before it is: it goes on as if released, so that what still comes of it is ended as well.
 */
import type { Clock, DialLeg, LegReport } from '../app/ports.ts'
import type { Sound } from '../core/call/call.ts'
import type { CallId, LegId } from '../core/ids.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import type { MediaEndpoint, MediaPort, PortListener } from '../media/endpoint.ts'
import type { Course } from './course.ts'
import type { IncomingRequest } from './connection.ts'
import type { LegNote } from './estate.ts'
import { answerRequest, refuseEarlyOrLate } from './far-request.ts'
import { LegKeys } from './leg-keys.ts'
import { LegMedia } from './leg-media.ts'
import { LONGEST_FAREWELL, Reach } from './reach.ts'
import type { Reaching } from './reach.ts'
import { reasonsOf, saidOf } from './reason.ts'
import { Renegotiator } from './renegotiate.ts'
import { StarSix } from './star-six.ts'
import type { TrunkLine } from './trunk-line.ts'
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

type State = 'reaching' | 'answered' | 'leaving' | 'ended'

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
  #state: State = 'reaching'
  readonly #reach: Reach
  #dialog: string | undefined
  #told = false
  /** The server's ids of its dialogs, early ones too. */
  readonly #dialogs = new Set<string>()
  #stopGuard: (() => void) | undefined

  /** @param first the trunk that stands for the leg until its first INVITE */
  constructor(dial: DialLeg, first: TrunkLine, context: LegContext) {
    this.id = dial.leg
    this.call = dial.call
    this.#dial = dial
    this.#context = context
    this.media = new LegMedia()
    this.media.forRoom = dial.forRoom === true
    this.#reach = new Reach(dial, first, this.#reaching())
    this.negotiation = new Renegotiator(this, context.clock)
    this.keys = new LegKeys({
      media: this.media,
      clock: context.clock,
      answered: () => this.answered,
      send: (request, user) => {
        if (this.#dialog !== undefined) this.wire.request({ ...request, dialog: this.#dialog }, user)
      },
      keyed: (how) => {
        const byHand = how === 'byHand' ? { byHand: true as const } : {}
        context.report({ type: 'leg.keyed', leg: this.id, ok: how !== 'nothing', ...byHand })
      },
    })
  }

  get line(): TrunkLine {
    return this.#reach.line
  }

  /** Who is dialled: by a diversion it may be another one than was asked for. */
  get to(): Target {
    return this.#context.course.to
  }

  get wire(): Wire {
    return this.#reach.wire
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
    this.#reach.resume()
    this.media.resume(media, port)
    this.#remember()
    this.#know(dialog)
    // Nobody was there to hear of its end: an answer of any kind says that the phone is.
    this.wire.request(
      { method: 'OPTIONS', dialog },
      {
        failed: (why) => {
          if (this.wire.up) this.#end({ kind: 'hungUp' })
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
        trunk: this.line.trunk.name,
        media,
      })
    }
    this.media.onNews = note
    note()
  }

  /** Opens the media port, finds the trunk, sends the INVITE. */
  start(): Promise<void> {
    return this.#reach.start(this.#context.media.open(this.ears, this.id))
  }

  /** Ends the leg whatever its state. */
  release(): void {
    switch (this.#state) {
      case 'reaching':
        return this.#reach.release()
      case 'answered':
        this.#acknowledge()
        this.#state = 'leaving'
        this.negotiation.abandon()
        return this.#bye()
      case 'leaving':
      case 'ended':
        return
    }
  }

  /** The connection to the signalling server is gone, and with it all that this leg could still hear. */
  lose(detail: string): void {
    const released = this.#reach.state === 'cancelling' || this.#state === 'leaving'
    if (this.#reach.state === 'opening') return this.#end({ kind: 'unsendable', detail })
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
    const { wire } = this
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

  // ---- reaching the phone

  #reaching(): Reaching {
    const context = this.#context
    const { course, clock } = context
    return {
      course,
      clock,
      wire: (line, to) => context.wire(line, to),
      report: (event) => {
        context.report(event)
      },
      media: this.media,
      know: (dialog) => {
        this.#know(dialog)
      },
      answered: (dialog, how, acknowledge) => {
        this.#state = 'answered'
        this.#dialog = dialog
        this.#remember()
        acknowledge()
        context.report({ type: 'leg.answered', leg: this.id, ...how })
      },
      unwanted: (dialog, byServer) => {
        this.#unwanted(dialog, byServer)
      },
      useless: (dialog, end) => {
        this.#dialog = dialog
        this.#bye()
        this.#end(end)
      },
      silent: () => {
        // No other way is tried, by this call: it may ring.
        this.#told = true
        context.report({ type: 'leg.ended', leg: this.id, end: { kind: 'silent' } })
        this.release()
      },
      over: (end) => {
        this.#end(end)
      },
      update: (request) => {
        answerRequest(this, request)
      },
    }
  }

  /** RFC 3261 9.1: a 2xx that crossed the CANCEL makes a dialog, which has to be ended. */
  #unwanted(dialog: string, byServer: boolean): void {
    this.#dialog = dialog
    if (this.#state === 'reaching' && this.#reach.state === 'done') this.#state = 'leaving'
    if (!byServer) return this.#bye()
    this.#context.clock.after(SERVER_BYE, () => {
      if (!this.isOver()) this.#bye()
    })
  }

  #know(dialog: string): void {
    this.#dialogs.add(dialog)
    this.#context.dialog(dialog)
  }

  // ---- end

  #bye(): void {
    const dialog = this.#dialog
    if (dialog === undefined) return this.#end({ kind: 'released' })
    const done = () => {
      this.#end({ kind: 'released' })
    }
    if (!this.isOver()) this.#guard(LONGEST_FAREWELL, done)
    this.wire.request(
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
    this.#reach.close()
    this.negotiation.abandon()
    this.media.close()
    if (!this.#told) this.#context.report({ type: 'leg.ended', leg: this.id, end })
    this.#context.ended()
  }
}
