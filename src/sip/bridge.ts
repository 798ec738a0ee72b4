/**
 * Brings the media of one call where its plan wants them (third-party call control, RFC 3725 flow IV with a
 * relay under it), and tells what came of it.
 *
 *   endpoint ──► relay ──► A: re-INVITE without SDP ──► A's offer, adapted: re-INVITE to B ──► B's answer,
 *      ▲           ▲                                                                     adapted: ACK to A ──► direct
 *      │           └── refused, timed out, no common codec: ACK to A with the bot's own port, B back to it ──┘
 *      └── whatever the plan becomes next: a room, say, for which phones that send to each other come home to the bot,
 *          each on its own and as soon as it answers
 */
import type { LegReport, Log } from '../app/ports.ts'
import type { MediaPlan } from '../core/call/call.ts'
import type { CallId } from '../core/ids.ts'
import type { MediaEndpoint } from '../media/endpoint.ts'
import type { Leg } from './leg.ts'
import type { Renegotiated } from './renegotiate.ts'
import { passOn, within } from './sdp/choose.ts'
import { SdpFault } from './sdp/parse.ts'
import type { Sdp } from './sdp/parse.ts'
import type { Audio } from './sdp/session.ts'

type Answered = Extract<Renegotiated, { kind: 'answered' }>
type Pair = readonly [Leg, Leg]
type RoomPlan = Extract<MediaPlan, { kind: 'room' }>

// Sound that is still under way to the bot when the phones begin to send to each other.
const PORTS_LINGER = 1_000

export type BridgeContext = {
  readonly call: CallId
  readonly media: MediaEndpoint
  readonly log: Log
  /** Milliseconds after which a phone that is not heard is told of; 0: never. */
  readonly silence: number
  leg(id: string): Leg | undefined
  report(event: LegReport['event']): void
}

export class Bridge {
  readonly #context: BridgeContext
  #want: MediaPlan = { kind: 'endpoint' }
  #relayed: Pair | undefined
  #running = false
  #done: MediaPlan = this.#want
  /** The two legs whose phones send to each other. */
  #direct: Pair | undefined
  readonly #moved = new Set<Leg>()
  /** Those who have joined the plan's room. */
  readonly #seated = new Set<Leg>()

  constructor(context: BridgeContext) {
    this.#context = context
  }

  /** Goes on where an earlier process has left off, with all legs there. */
  resume(plan: Exclude<MediaPlan['kind'], 'endpoint'>, legs: readonly Leg[]): void {
    if (plan === 'room') return this.#resumeRoom(legs)
    const [a, b] = legs
    // Whose other one had gone before it came into a room: it is told of that next.
    if (!a || !b) return
    const pair: Pair = [a, b]
    this.#want = this.#done = { kind: plan, legs: [a.id, b.id] }
    if (plan === 'direct') this.#direct = pair
    else {
      this.#relayed = pair
      this.#watch(pair)
    }
  }

  #resumeRoom(legs: readonly Leg[]): void {
    const there = legs.filter(({ media }) => media.port?.room !== undefined)
    const room = there[0]?.media.port?.room
    if (room === undefined) return
    for (const leg of there) {
      leg.media.forRoom = true
      this.#seated.add(leg)
    }
    this.#want = this.#done = { kind: 'room', room, legs: there.map(({ id }) => id) }
    this.#watch(there)
  }

  /** Wants this plan from now on; a running one is left at its next step. */
  set(plan: MediaPlan): void {
    this.#want = plan
    if (!this.#running) void this.#run()
  }

  /** The leg that this one talks with, in a relay or from phone to phone. */
  partner(leg: Leg): Leg | undefined {
    const [a, b] = this.#relayed ?? this.#direct ?? []
    return leg === a ? b : leg === b ? a : undefined
  }

  /** The phone of this leg has renegotiated; in a direct bridge the other one has to know. */
  changed(leg: Leg): void {
    if (!this.#direct?.includes(leg)) return
    this.#moved.add(leg)
    if (!this.#running) void this.#run()
  }

  /** The phone of this leg has taken, too late, an offer that nobody stands by any more. */
  late(leg: Leg): void {
    void this.#bringHome(leg).catch((err: unknown) => {
      this.#failed(err)
    })
  }

  #failed(err: unknown): void {
    this.#context.log.error({ code: 'SIP_BRIDGE', call: this.#context.call, err }, 'A bridge failed')
  }

  async #run(): Promise<void> {
    this.#running = true
    try {
      while (this.#done !== this.#want || this.#moved.size > 0) {
        const plan = this.#want
        if (this.#done !== plan) await this.#bring(plan)
        else await this.#carry()
        this.#done = plan
      }
    } catch (err) {
      // A call that talks over the relay goes on, whatever this was.
      this.#failed(err)
      this.#done = this.#want
      this.#moved.clear()
    } finally {
      this.#running = false
    }
  }

  async #bring(plan: MediaPlan): Promise<void> {
    if (plan.kind === 'endpoint') return this.#toEndpoint()
    if (plan.kind === 'room') return this.#toRoom(plan)
    const [a, b] = plan.legs.map((id) => this.#context.leg(id))
    if (!a || !b || a.isOver() || b.isOver()) return
    const pair: Pair = [a, b]
    await this.#toRelay(pair)
    if (plan.kind === 'relay') return this.#settled('relay')
    const why = await this.#toDirect(pair, plan)
    if (!a.answered || !b.answered || this.#want !== plan) return
    this.#settled(why === undefined ? 'direct' : 'relay', why)
  }

  #settled(plan: 'relay' | 'direct' | 'room', why?: string): void {
    this.#context.report({ type: 'media.settled', plan, ...(why === undefined ? {} : { why }) })
  }

  // ---- endpoint and relay

  async #toEndpoint(): Promise<void> {
    this.#leaveRoom()
    this.#relayed?.[0].media.port?.part()
    this.#relayed = undefined
    const legs = this.#direct ?? []
    this.#direct = undefined
    await this.#home(legs.filter((leg) => leg.answered))
  }

  async #toRelay([a, b]: Pair): Promise<void> {
    this.#leaveRoom([a, b])
    a.media.forRoom = b.media.forRoom = false
    this.#direct = undefined
    await this.#home([a, b].filter((leg) => leg.answered))
    const [portA, portB] = [a.media.port, b.media.port]
    if (!portA || !portB) return
    this.#relayed = [a, b]
    // Which takes both out of their room.
    portA.relay(portB)
    this.#seated.clear()
    if (!a.answered || !b.answered) return
    // No ringback any more: the first phone's own silence lasts until the second is heard.
    portA.play('silence')
    this.#watch([a, b])
  }

  #watch(legs: readonly Leg[]): void {
    const { silence } = this.#context
    if (silence > 0) for (const leg of legs) leg.media.port?.watch(silence)
  }

  /** Brings legs that were told another phone back to the bot's own port. */
  async #home(legs: readonly Leg[]): Promise<void> {
    await Promise.all(legs.filter((leg) => leg.media.ends === 'elsewhere').map((leg) => this.#bringHome(leg)))
  }

  /** @returns why its phone has not come; undefined also where it had gone, or what it answered could not be used */
  async #bringHome(leg: Leg): Promise<string | undefined> {
    if (!leg.media.port) {
      const port = await this.#context.media.open(leg.ears, leg.id)
      if (leg.isOver()) {
        port.close()
        return undefined
      }
      leg.media.open(port)
    }
    const result = await leg.negotiation.reinvite(() => leg.media.offerOwn())
    if (result.kind !== 'answered') return result.kind === 'gone' ? undefined : whyOf(result.status)
    result.ack()
    try {
      leg.media.answeredOwn(result.text)
      return undefined
    } catch (fault) {
      return this.#note(fault)
    }
  }

  // ---- room

  async #toRoom(plan: RoomPlan): Promise<void> {
    const legs = plan.legs
      .map((id) => this.#context.leg(id))
      .filter((leg): leg is Leg => leg?.answered === true)
    this.#leaveRoom(legs)
    this.#relayed?.[0].media.port?.part()
    this.#relayed = this.#direct = undefined
    // Each as soon as its own phone is here: nobody waits for a phone that is slow to answer.
    const whys = await Promise.all(legs.map((leg) => this.#seat(leg, plan.room)))
    if (this.#want !== plan) return
    this.#settled(
      'room',
      whys.find((why) => why !== undefined),
    )
  }

  /** @returns why it has no seat: its phone still sends elsewhere */
  async #seat(leg: Leg, room: string): Promise<string | undefined> {
    leg.media.forRoom = true
    const why = leg.media.ends === 'elsewhere' ? await this.#bringHome(leg) : undefined
    if (why !== undefined || !leg.answered) return why
    leg.join(room)
    this.#seated.add(leg)
    this.#watch([leg])
    return undefined
  }

  /** Takes the seats of all but these. */
  #leaveRoom(but: readonly Leg[] = []): void {
    for (const leg of this.#seated) {
      if (but.includes(leg)) continue
      leg.media.forRoom = false
      this.#seated.delete(leg)
      leg.media.port?.leave()
    }
  }

  // ---- direct

  /** @returns why it stays with the relay, or undefined when the phones send to each other */
  async #toDirect(pair: Pair, plan: MediaPlan): Promise<string | undefined> {
    const [a, b] = pair
    const obstacle = obstacleOf(pair)
    if (obstacle !== undefined) return obstacle
    const why = a.line.needsOffer ? await this.#offerFirst(pair) : await this.#askFirst(pair, plan)
    if (why !== undefined || a.isOver() || b.isOver()) return why
    this.#relayed = undefined
    this.#direct = pair
    a.media.close(PORTS_LINGER)
    b.media.close(PORTS_LINGER)
    return undefined
  }

  /** Tells the other phone what one phone has changed: hold and resume, its address, its codecs. */
  async #carry(): Promise<void> {
    const [leg] = this.#moved
    if (!leg) return
    this.#moved.delete(leg)
    const other = this.#direct?.find((one) => one !== leg)
    if (!other || !leg.media.far) return
    try {
      const audio = passOn(leg.media.far, true)
      const codecs = other.media.free(audio.codecs)
      const told = await other.negotiation.reinvite(() => other.media.offer({ ...audio, codecs }))
      if (told.kind !== 'answered') return
      told.ack()
      other.media.accept(told.text, other.media.read(told.text))
    } catch (fault) {
      this.#note(fault)
    }
  }

  /** A offers all it can; B answers it (RFC 3725 flow IV). */
  async #askFirst(pair: Pair, plan: MediaPlan): Promise<string | undefined> {
    const [a, b] = pair
    const asked = await a.negotiation.reinvite()
    if (asked.kind === 'gone') return 'gone'
    if (asked.kind === 'refused') {
      if (!isAboutTheOffer(asked.status)) return whyOf(asked.status)
      a.line.needsOffer = true
      return this.#offerFirst(pair)
    }
    let offer: Sdp
    let forB: Audio
    try {
      offer = a.media.read(asked.text)
      forB = passOn(offer)
      forB = within({ ...forB, codecs: b.media.free(forB.codecs) }, forB.codecs)
    } catch (fault) {
      return this.#stay(a, asked, fault)
    }
    if (this.#want !== plan || b.isOver()) return this.#stay(a, asked, 'changed')
    a.answerPending = () => {
      asked.ack(a.media.answerAnyhow(asked.text))
    }
    const answered = await b.negotiation.reinvite(() => b.media.offer(forB))
    if (answered.kind === 'answered') answered.ack()
    // The leg ended meanwhile and has acknowledged for itself.
    if (!a.forgetPending()) return 'gone'
    if (answered.kind !== 'answered')
      return this.#stay(a, asked, answered.kind === 'gone' ? 'gone' : whyOf(answered.status))
    try {
      const answer = b.media.read(answered.text)
      b.media.accept(answered.text, answer)
      const forA = within(passOn(answer), offerCodecs(offer))
      asked.ack(a.media.answer(asked.text, offer, forA))
      return undefined
    } catch (fault) {
      const why = this.#stay(a, asked, fault)
      await this.#bringHome(b)
      return why
    }
  }

  /** A refuses to offer: it is offered what B has said so far; then B gets A's answer. */
  async #offerFirst([a, b]: Pair): Promise<string | undefined> {
    const { far } = b.media
    if (!far) return 'codec'
    try {
      const audio = passOn(far)
      const offered = await a.negotiation.reinvite(() =>
        a.media.offer({ ...audio, codecs: a.media.free(audio.codecs) }),
      )
      if (offered.kind !== 'answered') return offered.kind === 'gone' ? 'gone' : whyOf(offered.status)
      offered.ack()
      const answer = a.media.read(offered.text)
      a.media.accept(offered.text, answer)
      const forB = within(passOn(answer), audio.codecs)
      const second = await b.negotiation.reinvite(() =>
        b.media.offer({ ...forB, codecs: b.media.free(forB.codecs) }),
      )
      if (second.kind !== 'answered') {
        await this.#bringHome(a)
        return second.kind === 'gone' ? 'gone' : whyOf(second.status)
      }
      second.ack()
      const confirmed = b.media.read(second.text)
      b.media.accept(second.text, confirmed)
      if (isAt(passOn(confirmed), audio)) return undefined
      throw new SdpFault('SDP_NO_COMMON_CODEC', 'the second phone has moved meanwhile')
    } catch (fault) {
      const why = this.#note(fault)
      await this.#home([a, b].filter((leg) => leg.answered))
      return why
    }
  }

  /** Keeps A at the bot: its 2xx is acknowledged with the bot's own port. */
  #stay(a: Leg, asked: Answered, why: unknown): string {
    asked.ack(a.media.answerAnyhow(asked.text))
    return typeof why === 'string' ? why : this.#note(why)
  }

  #note(fault: unknown): string {
    if (!(fault instanceof SdpFault)) throw fault
    const { code, message } = fault
    this.#context.log.info(
      { code, call: this.#context.call, detail: message },
      'The phones cannot be bridged directly',
    )
    return 'codec'
  }
}

/** What forbids a direct bridge before anything is asked. */
function obstacleOf([a, b]: Pair): string | undefined {
  if (a.line.trunk.media === 'relay' || b.line.trunk.media === 'relay') return 'trunk'
  if (a.line !== b.line) return 'trunks'
  return a.media.port?.elsewhere === true || b.media.port?.elsewhere === true ? 'nat' : undefined
}

// 491, 408 and the like would be the same with an offer.
const isAboutTheOffer = (status: number) => status !== 491 && status !== 408 && status !== 481 && status < 600

function whyOf(status: number): string {
  if (status === 491) return 'glare'
  return status === 408 ? 'timeout' : `refused ${status}`
}

const offerCodecs = (offer: Sdp) => passOn(offer).codecs
const isAt = (now: Audio, then: Audio) => now.address === then.address && now.port === then.port
