import type { Attended } from './bridge.ts'
import { Dialog } from './dialog.ts'
import type { Heard } from './ear.ts'
import type { Codec } from './g711.ts'
import { header, parseAddress, parseUri, type Header, type SipRequest, type SipResponse } from './message.ts'
import type { AudioCount, AudioPort, Sound } from './rtp.ts'
import { SdpSession, type Far } from './sdp.ts'
import type { Language } from './speech.ts'
import type { Incoming } from './transactions.ts'
import type { Peer } from './transport.ts'

/**
 * What happens by itself when a phone is called. `normal`: it rings until somebody acts. `noAnswer`: it rings,
 * and nobody is there to act. Else it rings so many milliseconds, and then, where nobody has acted, it is answered,
 * or declined, or the PBX gives up, or voicemail answers in its place.
 */
export type Behaviour =
  | 'normal'
  | 'busy'
  | 'declines'
  | 'noAnswer'
  | { readonly rings: number; readonly then: 'answer' | 'decline' | 'giveUp' | 'voicemail' }

/**
 * A phone has one call, and everything that it shows comes of SIP messages and of sound:
 *
 *   onHook ──INVITE──► ringing ──pick up: 200──► answering ──ACK──► talking
 *     ▲                  │ CANCEL,                  │ no ACK: BYE     │ BYE either way
 *     └──────────────────┴─ decline: 603 ───────────┴─────────────────┘
 *
 * A call that rings here may be handed over to a voicemail box, which answers it in the same dialog.
 */
export type PhoneState = 'onHook' | 'ringing' | 'answering' | 'talking'

export type EndReason =
  | 'cancelled'
  | 'declined'
  | 'farHungUp'
  | 'hungUp'
  | 'notAcknowledged'
  | 'noCodec'
  | 'busy'
  | 'noAnswer'
  | 'toVoicemail'
  | 'switchedOff'

/** A voicemail box and a line of the conference bridge are machines of the PBX: they have no handset. */
export type PhoneKind = 'desk' | 'mobile' | 'voicemail' | 'bridge'

/** A call that rings, on its way from a phone to what answers it in its place. */
export type Ringing = { readonly dialog: Dialog; readonly invite: Incoming }

/** A phone as it stands, to be shown: plain JSON. */
export type PhoneView = {
  readonly id: string
  readonly kind: PhoneKind
  readonly name: string
  readonly extension?: string
  readonly number?: string
  readonly state: PhoneState
  /** Milliseconds since 1970. */
  readonly since: number
  /** What the INVITE's From says. */
  readonly caller?: { readonly name: string; readonly number: string }
  readonly hears: Heard
  readonly onHold: boolean
  readonly audio: AudioCount & { readonly to?: string; readonly codec?: Codec }
  readonly behaviour: Behaviour
  /** What the conference bridge wants of its caller. */
  readonly attends?: Attended
  /** False while the PBX is switched off. */
  readonly service: boolean
  /** How the last call ended; gone with the next one. */
  readonly ended?: EndReason
}

type Call = {
  readonly dialog: Dialog
  readonly invite: Incoming
  readonly sdp: SdpSession
  /** The SDP of its 200. */
  answer: string
  readonly caller: { readonly name: string; readonly number: string }
  far: Far | undefined
  /** The answer to our own offer is still to come, in the ACK. */
  offered: boolean
  putDown: boolean
  timer: NodeJS.Timeout | undefined
}

export type PhoneOptions = {
  readonly id: string
  readonly kind: PhoneKind
  readonly name: string
  readonly extension?: string
  readonly number?: string
  readonly host: string
  readonly contact: string
  readonly codecs: readonly Codec[]
  readonly send: (message: SipRequest, to: Peer) => Promise<SipResponse | undefined>
  readonly onChange: (view: PhoneView) => void
  /** `hear` takes what somebody speaks into the phone; a machine has no microphone. */
  readonly mouth: { hear?(payload: Uint8Array): void; set language(language: Language) }
  /** Absent but for lines of the conference bridge. */
  readonly attends?: () => Attended
  /** It has rung as long as it should before voicemail answers. */
  readonly onUnanswered: (phone: Phone) => void
}

/** What the PBX says about a call that nobody took, and about those that it cuts off (RFC 3326). */
const NO_ANSWER: Header = ['Reason', 'Q.850;cause=19;text="No answer"']
const OUT_OF_ORDER: Header = ['Reason', 'Q.850;cause=38;text="Network out of order"']

export const ALLOW: Header = ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY']

export class Phone {
  readonly #options: PhoneOptions
  readonly #listeners = new Set<(sound: Sound) => void>()
  #audio!: AudioPort
  #state: PhoneState = 'onHook'
  #since = Date.now()
  #call: Call | undefined
  #ended: EndReason | undefined
  #behaviour: Behaviour = 'normal'
  #service = true

  constructor(options: PhoneOptions) {
    this.#options = options
  }

  /** The phone's audio port, opened by the PBX. */
  attach(audio: AudioPort): void {
    this.#audio = audio
  }

  get view(): PhoneView {
    const { id, kind, name, extension, number, attends } = this.#options
    const call = this.#state === 'onHook' ? undefined : this.#call
    const far = call?.far
    const talking = this.#state === 'talking'
    return {
      id,
      kind,
      name,
      ...(extension === undefined ? {} : { extension }),
      ...(number === undefined ? {} : { number }),
      state: this.#state,
      since: this.#since,
      ...(call ? { caller: call.caller } : {}),
      hears: this.#audio.heard,
      onHold: talking && far !== undefined && !far.send,
      audio: {
        ...this.#audio.count,
        ...(far ? { to: `${far.address}:${far.port}`, codec: far.codec.name } : {}),
      },
      behaviour: this.#behaviour,
      ...(attends && talking ? { attends: attends() } : {}),
      service: this.#service,
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
    }
  }

  /** From the next call on. */
  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour
    this.#tell()
  }

  /** Lifts the handset of a ringing phone. False where it does not ring, or nobody is there. */
  pickUp(): boolean {
    if (this.#state !== 'ringing' || this.#behaviour === 'noAnswer') return false
    this.#answer()
    return true
  }

  /** Refuses a ringing call. False where the phone does not ring. */
  decline(): boolean {
    if (this.#state !== 'ringing') return false
    this.#refuse(603, 'Decline')
    this.#end('declined')
    return true
  }

  /** Puts the handset down. False where it is down. */
  putDown(): boolean {
    const call = this.#call
    if (!call || this.#state === 'ringing') return false
    // RFC 3261 15: no BYE on a dialog whose 200 has not been acknowledged yet.
    if (this.#state === 'answering') call.putDown = true
    else void this.#bye(call)
    this.#end('hungUp', call.putDown)
    return true
  }

  /** Keys digits (0-9, *, #, A-D) while the handset is lifted. */
  press(digits: string): void {
    if (this.#state === 'talking') this.#audio.press(digits)
  }

  /** Which language its person speaks, from the next sentence on. */
  speaks(language: Language): void {
    this.#options.mouth.language = language
  }

  /** Somebody speaks into this phone, in the place of its person. @param payload 20 ms of PCMU */
  speak(payload: Uint8Array): void {
    if (this.#state === 'talking') this.#options.mouth.hear?.(payload)
  }

  /** Somebody holds this phone's handset to an ear. Returns how to take it away again. */
  listen(listener: (sound: Sound) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A frame has come in while the handset is lifted. */
  sounds(sound: Sound): void {
    for (const listener of this.#listeners) listener(sound)
  }

  /**
   * A new INVITE for this phone.
   * @param behaviour of this call; else what the phone is set to
   */
  ring(invite: Incoming, behaviour: Behaviour = this.#behaviour): void {
    if (this.#call) return invite.respond(486, 'Busy Here', { tag: newTag() })
    if (behaviour === 'busy') {
      this.#ended = 'busy'
      invite.respond(486, 'Busy Here', { tag: newTag() })
      return this.#become('onHook')
    }
    if (behaviour === 'declines') return invite.respond(603, 'Decline', { tag: newTag() })
    const call = this.#begin({
      dialog: new Dialog(invite.request, invite.from, this.#options.contact),
      invite,
    })
    if (!call) return invite.respond(488, 'Not Acceptable Here', { tag: newTag() })
    invite.respond(100, 'Trying')
    invite.respond(180, 'Ringing', { tag: call.dialog.localTag, headers: this.#headers() })
    if (typeof behaviour === 'object')
      call.timer = setTimeout(() => this.#nobodyActed(behaviour.then), behaviour.rings).unref()
    this.#become('ringing')
  }

  /** Gives a call that rings here away; undefined where none does. */
  handOver(): Ringing | undefined {
    const call = this.#call
    if (!call || this.#state !== 'ringing') return undefined
    this.#end('toVoicemail')
    return call
  }

  /**
   * Answers a call that has rung elsewhere, as a machine does that picks up by itself.
   * @param stays milliseconds after which it hangs up
   */
  takeOver(ringing: Ringing, stays: number): void {
    const call = this.#begin(ringing)
    if (!call) return ringing.invite.respond(488, 'Not Acceptable Here', { tag: ringing.dialog.localTag })
    this.#state = 'ringing'
    this.#answer()
    call.timer = setTimeout(() => this.putDown(), stays).unref()
  }

  get isFree(): boolean {
    return this.#call === undefined
  }

  /** The PBX is switched off: a call ends, and the phone says so. Resolves when the far side knows. */
  async switchOff(): Promise<void> {
    this.#service = false
    const call = this.#call
    if (!call) return this.#tell()
    const state = this.#state
    if (state === 'ringing') this.#refuse(503, 'Service Unavailable', [OUT_OF_ORDER])
    // RFC 3261 15: no BYE on a dialog whose 200 has not been acknowledged yet.
    if (state === 'answering') call.putDown = true
    const told = state === 'talking' ? this.#bye(call, [OUT_OF_ORDER]) : undefined
    this.#end('switchedOff', call.putDown)
    await told
  }

  switchOn(): void {
    this.#service = true
    this.#tell()
  }

  #begin({ dialog, invite }: Ringing): Call | undefined {
    const { host, codecs } = this.#options
    const call: Call = {
      dialog,
      invite,
      sdp: new SdpSession(host, this.#audio.port, codecs),
      answer: '',
      caller: callerOf(invite.request),
      far: undefined,
      offered: false,
      putDown: false,
      timer: undefined,
    }
    const answer = this.#agree(call, invite.request.body)
    if (answer === undefined) return undefined
    call.answer = answer
    this.#call = call
    this.#ended = undefined
    return call
  }

  #nobodyActed(then: Extract<Behaviour, object>['then']): void {
    if (this.#state !== 'ringing') return
    if (then === 'answer') this.#answer()
    else if (then === 'decline') this.decline()
    else if (then === 'voicemail') this.#options.onUnanswered(this)
    else this.giveUpRinging()
  }

  /** Nobody took the call, and nothing answers in the phone's place. */
  giveUpRinging(): void {
    if (this.#state !== 'ringing') return
    this.#refuse(480, 'Temporarily Unavailable', [NO_ANSWER])
    this.#end('noAnswer')
  }

  /** Whether a request belongs to the dialog of this phone's call. */
  owns(request: SipRequest): boolean {
    return this.#call?.dialog.owns(request) ?? false
  }

  /** Whether this CANCEL is for the INVITE that this phone has (RFC 3261 9.2: same branch). */
  rangBy(invite: SipRequest): boolean {
    return this.#call?.invite.request === invite
  }

  cancel(): void {
    if (this.#state !== 'ringing') return
    this.#refuse(487, 'Request Terminated')
    this.#end('cancelled')
  }

  /** A request within the dialog of this phone's call. */
  take(incoming: Incoming): void {
    const call = this.#call
    const { method } = incoming.request
    if (!call) return incoming.respond(481, 'Call/Transaction Does Not Exist')
    if (!call.dialog.accept(incoming.request)) return incoming.respond(500, 'CSeq Out Of Order')
    if (method === 'BYE') {
      incoming.respond(200, 'OK')
      if (this.#state === 'ringing') this.#refuse(487, 'Request Terminated')
      this.#end(call.putDown ? 'hungUp' : 'farHungUp')
    } else if (method === 'INVITE' || method === 'UPDATE') this.#reoffer(call, incoming)
    else incoming.respond(200, 'OK')
  }

  /** The ACK of a 200 that this phone gave. */
  acknowledge(ack: SipRequest): void {
    const call = this.#call
    if (!call || (this.#state !== 'answering' && !call.offered && !call.putDown)) return
    if (call.putDown) {
      void this.#bye(call)
      this.#call = undefined
      return
    }
    if (call.offered) {
      call.far = call.sdp.take(ack.body)
      call.offered = false
    }
    if (!call.far) {
      void this.#bye(call)
      return this.#end('noCodec')
    }
    this.#audio.connect(call.far)
    if (this.#state === 'answering') this.#become('talking')
    else this.#tell()
  }

  /** RFC 3261 13.3.1.4: nobody acknowledged the 200, so the call is ended. */
  giveUp(invite: SipRequest): void {
    const call = this.#call
    if (!call || header(invite, 'call-id') !== call.dialog.callId) return
    void this.#bye(call)
    this.#end('notAcknowledged')
  }

  /** The sound that comes in has changed, or some time has passed. */
  refresh(): void {
    this.#tell()
  }

  async close(): Promise<void> {
    clearTimeout(this.#call?.timer)
    await this.#audio.close()
  }

  #answer(): void {
    const call = this.#call
    if (!call || this.#state !== 'ringing') return
    this.#respondWithSdp(call, call.invite, call.answer)
    this.#become('answering')
  }

  /** A re-INVITE or UPDATE (RFC 3261 14.2, RFC 3311): a new offer, or none, which asks for ours. */
  #reoffer(call: Call, incoming: Incoming): void {
    const { method, body } = incoming.request
    if (this.#state === 'ringing') return incoming.respond(method === 'INVITE' ? 491 : 500, 'Request Pending')
    if (call.offered) return incoming.respond(491, 'Request Pending')
    if (method === 'UPDATE' && body === '') return incoming.respond(200, 'OK', { headers: this.#headers() })
    const answer = this.#agree(call, body)
    if (answer === undefined) return incoming.respond(488, 'Not Acceptable Here')
    this.#respondWithSdp(call, incoming, answer)
    if (this.#state === 'talking') this.#audio.connect(call.far)
    this.#tell()
  }

  /** The SDP of our 200: the answer to an offer, or our own offer. Undefined without a common codec. */
  #agree(call: Call, offer: string): string | undefined {
    if (offer === '') {
      call.offered = true
      return call.sdp.offer()
    }
    const agreed = call.sdp.answer(offer)
    if (agreed) call.far = agreed.far
    return agreed?.sdp
  }

  #respondWithSdp(call: Call, incoming: Incoming, body: string): void {
    const headers: Header[] = [...this.#headers(), ['Content-Type', 'application/sdp']]
    incoming.respond(200, 'OK', { tag: call.dialog.localTag, headers, body })
  }

  #refuse(status: number, reason: string, headers: readonly Header[] = []): void {
    this.#call?.invite.respond(status, reason, { tag: this.#call.dialog.localTag, headers })
  }

  async #bye(call: Call, headers: readonly Header[] = []): Promise<void> {
    const { message, to } = call.dialog.request('BYE', headers)
    await this.#options.send(message, to)
  }

  /** @param pending the call is over for the phone, but its dialog waits for the ACK to be ended with BYE */
  #end(reason: EndReason, pending = false): void {
    clearTimeout(this.#call?.timer)
    this.#audio.disconnect()
    if (!pending) this.#call = undefined
    this.#ended = reason
    this.#become('onHook')
  }

  #headers(): Header[] {
    return [['Contact', this.#options.contact], ALLOW]
  }

  #become(state: PhoneState): void {
    this.#state = state
    this.#since = Date.now()
    this.#tell()
  }

  #tell(): void {
    this.#options.onChange(this.view)
  }
}

function callerOf(invite: SipRequest): { name: string; number: string } {
  const from = parseAddress(header(invite, 'from') ?? '')
  return { name: from?.name ?? '', number: parseUri(from?.uri ?? '')?.user ?? '' }
}

function newTag(): string {
  return Math.random().toString(16).slice(2, 14)
}
