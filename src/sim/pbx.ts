import { EventEmitter } from 'node:events'
import { Air } from './air.ts'
import { Attendant, type BridgeOptions } from './bridge.ts'
import { Digest } from './digest.ts'
import { BRIDGE, VOICEMAIL, type Voice } from './ear.ts'
import { decodeG711, type Codec } from './g711.ts'
import {
  cseq,
  header,
  headerList,
  param,
  parseAddress,
  parseUri,
  writeMessage,
  type SipMessage,
  type SipRequest,
} from './message.ts'
import { Mouth } from './mouth.ts'
import { reaches } from './numbers.ts'
import { PEOPLE, type SimPerson } from './people.ts'
import { ALLOW, Phone, type Behaviour, type PhoneOptions, type PhoneView } from './phone.ts'
import { Room } from './room.ts'
import { AudioPort, type AudioOptions } from './rtp.ts'
import type { Language, Lines } from './speech.ts'
import { Transactions, type Incoming, type Seen } from './transactions.ts'

export type PbxOptions = {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** UDP and TCP; 0 (the default) for one of the system's choice. */
  readonly port?: number
  readonly people?: readonly SimPerson[]
  /** Calling code of national numbers. */
  readonly country?: string
  /** Every INVITE that begins a call must then carry these credentials. */
  readonly auth?: { readonly user: string; readonly password: string }
  /** RFC 3261's T1 in milliseconds, default 500. */
  readonly t1?: number
  readonly codecs?: readonly Codec[]
  /** What people say, by extension, and what `voicemail` says; who has nothing to say speaks with a tone of their own. */
  readonly speech?: ReadonlyMap<string, Lines>
  /** Absent: the PBX has no conference bridge. */
  readonly bridge?: BridgeOptions
  /** Milliseconds that a voicemail box listens, its greeting included; default 40 s. */
  readonly records?: number
}

/** One line of the ladder: a SIP message between the bot's trunk and the PBX. */
export type SipSeen = {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** `in`: from the bot to the phone. */
  readonly direction: 'in' | 'out'
  /** Id of the phone that it belongs to, where it belongs to one. */
  readonly phone: string | undefined
  readonly callId: string
  /** `INVITE`, or `180 Ringing`. */
  readonly title: string
  /** The method that a response answers; a request's own. */
  readonly method: string
  readonly sdp: boolean
  /** A repetition of one before. */
  readonly again: boolean
  readonly text: string
}

/** What becomes of calls, whatever the phones are set to. */
export type Routes = {
  /** Of calls that somebody of the PBX's own makes: the callee's phone. */
  readonly inside?: Behaviour
  /** Of calls from any other number, as the bot's to whoever wants to call: the user's own phone. */
  readonly outside?: Behaviour
}

type Line = Pick<PhoneOptions, 'id' | 'kind' | 'name' | 'extension' | 'number'>
type Events = { readonly phone: [view: PhoneView]; readonly sip: [seen: SipSeen] }

const KEPT = 400
const RECORDS = 40_000
/** Its voice where it has no greeting: no person's, and no tone's. */
const MACHINE: Voice = { name: VOICEMAIL, hz: 300 }
/** What a line of the conference bridge does with a call, after a moment's ringing. */
const PICKS_UP: Behaviour = { rings: 600, then: 'answer' }
/** Milliseconds that phones have to say good-bye before the PBX is dark. */
const FAREWELL = 1000
/** RFC 3261 8.2.1: other methods get 405. */
const KNOWN = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'INFO', 'NOTIFY', 'REGISTER'])

/** Starts a simulated PBX with a desk phone (and a mobile) for each person. Resolves when it listens. */
export async function startPbx(options: PbxOptions = {}): Promise<Pbx> {
  return Pbx.start(options)
}

/** A small PBX: it takes calls from a trunk and rings the phone whose number or extension was dialled. */
export class Pbx extends EventEmitter<Events> {
  readonly #options: PbxOptions
  readonly #digest: Digest | undefined
  readonly #phones: Phone[] = []
  readonly #ladder: SipSeen[] = []
  /** Which phone a Call-ID has rung, for the ladder. */
  readonly #owners = new Map<string, Phone>()
  readonly #invites = new Map<string, Incoming>()
  readonly #air = new Air()
  #voices: readonly Voice[] = []
  #transactions!: Transactions
  #clock: NodeJS.Timeout | undefined
  #counter = 0
  #routes: Routes = {}
  #language: Language = 'en'
  #on = true
  /** Voicemail boxes by the phone that they answer for; made when they are first needed. */
  readonly #boxes = new Map<Phone, Promise<Phone>>()
  readonly #room = new Room<Attendant>()

  private constructor(options: PbxOptions) {
    super()
    this.#options = options
    this.#digest = options.auth && new Digest(options.auth)
  }

  static async start(options: PbxOptions): Promise<Pbx> {
    const pbx = new Pbx(options)
    await pbx.#open()
    return pbx
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#transactions.address
  }

  get phones(): readonly Phone[] {
    return this.#phones
  }

  /** What was seen so far, oldest first; the newest few hundred. */
  get ladder(): readonly SipSeen[] {
    return this.#ladder
  }

  /** A phone by its id, or by what would be dialled to reach it. */
  phone(dialled: string): Phone | undefined {
    const country = this.#options.country ?? '34'
    return (
      this.#phones.find(({ view }) => view.id === dialled) ??
      this.#phones.find(({ view }) => reaches(dialled, view, country))
    )
  }

  /** From the next call on. */
  route(routes: Routes): void {
    this.#routes = routes
  }

  /** What people and machines of the PBX speak, from the next sentence on. */
  speaks(language: Language): void {
    this.#language = language
    for (const phone of this.#phones) phone.speaks(language)
  }

  /**
   * Ends all calls, and is then as if nothing ran at its address, until it is switched on again.
   * Resolves when it is so.
   */
  async switchOff(): Promise<void> {
    if (!this.#on) return
    this.#on = false
    const told = Promise.all(this.#phones.map((phone) => phone.switchOff()))
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, FAREWELL).unref())])
    await this.#transactions.admit(this.isOn)
  }

  get isOn(): boolean {
    return this.#on
  }

  async switchOn(): Promise<void> {
    if (this.#on) return
    this.#on = true
    await this.#transactions.admit(true)
    if (this.isOn) for (const phone of this.#phones) phone.switchOn()
  }

  async stop(): Promise<void> {
    clearInterval(this.#clock)
    await Promise.allSettled(this.#boxes.values())
    await Promise.all([this.#transactions.close(), ...this.#phones.map((phone) => phone.close())])
  }

  async #open(): Promise<void> {
    const { host = '127.0.0.1', port = 0, t1 = 500, people = PEOPLE } = this.#options
    this.#transactions = await Transactions.open({
      host,
      port,
      t1,
      handlers: {
        onRequest: (incoming) => this.#take(incoming),
        onAck: (ack) => this.#owner(ack)?.acknowledge(ack),
        onUnacknowledged: (invite) => this.#owners.get(header(invite, 'call-id') ?? '')?.giveUp(invite),
        onSeen: (seen) => this.#see(seen),
      },
    })
    this.#voices = [...people.map(({ name }, index) => ({ name, hz: voiceOf(index) })), MACHINE]
    for (const [index, person] of people.entries())
      await this.#install(person, { name: person.name, hz: voiceOf(index) })
    if (this.#options.bridge) await this.#addBridgeLine(this.#options.bridge)
    this.#clock = setInterval(() => this.#tick(), 1000).unref()
  }

  async #install(person: SimPerson, voice: Voice): Promise<void> {
    const { name, extension, phones } = person
    const desk = phones.desk ?? extension
    const id = extension ?? phones.desk ?? name
    if (desk !== undefined)
      await this.#add({ id, kind: 'desk', name, ...(extension && { extension }), number: desk }, voice)
    if (phones.mobile !== undefined)
      await this.#add({ id: `${id}-mobile`, kind: 'mobile', name, number: phones.mobile }, voice)
  }

  #add(line: Line, voice: Voice): Promise<Phone> {
    const machine = line.kind === 'voicemail'
    const speaker = machine ? VOICEMAIL : (line.extension ?? line.id.replace(/-mobile$/, ''))
    const mouth = new Mouth(voice, this.#options.speech?.get(speaker), machine)
    return this.#connect({ ...line, mouth }, { name: machine ? VOICEMAIL : line.name, mouth })
  }

  /** One more caller can be in the conference bridge. */
  async #addBridgeLine(bridge: BridgeOptions): Promise<Phone> {
    const lines = this.#phones.filter(({ view }) => view.kind === 'bridge').length
    const { number, name } = bridge
    const attendant = new Attendant(bridge, this.#room, this.#options.speech ?? new Map<string, Lines>(), {
      changed: () => phone.refresh(),
      hangUp: () => phone.putDown(),
    })
    const phone = await this.#connect(
      {
        id: `bridge-${lines + 1}`,
        kind: 'bridge',
        name,
        number,
        mouth: attendant,
        attends: () => attendant.view,
      },
      { name: BRIDGE, mouth: attendant, onKey: (key) => attendant.key(key) },
    )
    phone.listen(({ codec, payload, live }) => attendant.hears({ samples: decodeG711(codec, payload), live }))
    return phone
  }

  async #connect(
    line: Line & Pick<PhoneOptions, 'mouth' | 'attends'>,
    sound: Pick<AudioOptions, 'name' | 'mouth' | 'onKey'>,
  ): Promise<Phone> {
    const { host, port } = this.address
    const machine = line.kind === 'voicemail' || line.kind === 'bridge'
    const phone = new Phone({
      ...line,
      host,
      // RFC 3840 10.11: it can be told from a person by those who look.
      contact: `<sip:${encodeURIComponent(line.id)}@${host}:${port}>${machine ? ';automata' : ''}`,
      codecs: this.#options.codecs ?? ['PCMU', 'PCMA'],
      send: (message, to) => this.#transactions.request(message, to),
      onChange: (view) => this.emit('phone', view),
      onUnanswered: (rang) => void this.#toVoicemail(rang).catch(() => rang.giveUpRinging()),
    })
    phone.attach(
      await AudioPort.open(host, {
        ...sound,
        air: this.#air,
        voices: this.#voices,
        onHeard: () => phone.refresh(),
        onSound: (frame) => phone.sounds(frame),
      }),
    )
    phone.speaks(this.#language)
    this.#phones.push(phone)
    this.emit('phone', phone.view)
    return phone
  }

  /** Nobody has picked up: the phone's voicemail box does, unless it has somebody on the line already. */
  async #toVoicemail(phone: Phone): Promise<void> {
    const box = await this.#boxOf(phone)
    if (!box.isFree) return phone.giveUpRinging()
    const ringing = phone.handOver()
    if (!ringing) return
    this.#owners.set(ringing.dialog.callId, box)
    box.takeOver(ringing, this.#options.records ?? RECORDS)
  }

  #boxOf(phone: Phone): Promise<Phone> {
    const known = this.#boxes.get(phone)
    if (known) return known
    const { id, name } = phone.view
    const made = this.#add({ id: `${id}-voicemail`, kind: 'voicemail', name }, MACHINE)
    this.#boxes.set(phone, made)
    made.catch(() => this.#boxes.delete(phone))
    return made
  }

  #take(incoming: Incoming): void {
    if (!this.#on) return
    const { request } = incoming
    const inDialog = param(header(request, 'to') ?? '', 'tag') !== undefined
    if (request.method === 'CANCEL') return this.#cancel(incoming)
    if (!KNOWN.has(request.method)) return incoming.respond(405, 'Method Not Allowed', { headers: [ALLOW] })
    const required = headerList(request, 'require')
    if (required.length > 0)
      return incoming.respond(420, 'Bad Extension', { headers: [['Unsupported', required.join(', ')]] })
    if (inDialog) {
      const owner = this.#owner(request)
      if (owner) return owner.take(incoming)
      return incoming.respond(481, 'Call/Transaction Does Not Exist')
    }
    if (request.method === 'INVITE') return this.#call(incoming)
    if (request.method === 'BYE' || request.method === 'UPDATE')
      return incoming.respond(481, 'Call/Transaction Does Not Exist')
    if (request.method === 'REGISTER') return this.#register(incoming)
    incoming.respond(200, 'OK', { tag: 'pbx', headers: [ALLOW, ['Accept', 'application/sdp']] })
  }

  #call(incoming: Incoming): void {
    const { request } = incoming
    const callId = header(request, 'call-id') ?? ''
    if (this.#challenged(incoming)) return
    // RFC 3261 8.2.2.2: the same request over two paths.
    const before = this.#invites.get(callId)?.request
    if (before && sameRequest(before, request)) return incoming.respond(482, 'Loop Detected', { tag: 'pbx' })
    const phone = this.phone(parseUri(request.uri)?.user ?? '')
    if (!phone) return incoming.respond(404, 'Not Found', { tag: 'pbx' })
    this.#invites.set(callId, incoming)
    if (phone.view.kind === 'bridge') return void this.#toBridge(incoming, callId)
    this.#owners.set(callId, phone)
    phone.ring(incoming, this.#isOwn(request) ? this.#routes.inside : this.#routes.outside)
  }

  /** The bridge has a line for every caller. */
  async #toBridge(incoming: Incoming, callId: string): Promise<void> {
    const { bridge } = this.#options
    const free = this.#phones.find((line) => line.view.kind === 'bridge' && line.isFree)
    const line = free ?? (bridge && (await this.#addBridgeLine(bridge)))
    if (!line) return incoming.respond(404, 'Not Found', { tag: 'pbx' })
    this.#owners.set(callId, line)
    line.ring(incoming, PICKS_UP)
  }

  /** Whether a call is made in the name of one of the PBX's own lines. */
  #isOwn(invite: SipRequest): boolean {
    const from = parseAddress(header(invite, 'from') ?? '')
    return this.phone(parseUri(from?.uri ?? '')?.user ?? '') !== undefined
  }

  #cancel(incoming: Incoming): void {
    const invite = this.#invites.get(header(incoming.request, 'call-id') ?? '')
    const phone = this.#owners.get(header(incoming.request, 'call-id') ?? '')
    if (!invite || !phone || branch(invite.request) !== branch(incoming.request))
      return incoming.respond(481, 'Call/Transaction Does Not Exist', { tag: 'pbx' })
    incoming.respond(200, 'OK', { tag: 'pbx' })
    if (phone.rangBy(invite.request)) phone.cancel()
  }

  #register(incoming: Incoming): void {
    if (this.#challenged(incoming)) return
    const contacts = headerList(incoming.request, 'contact')
    const expires = header(incoming.request, 'expires') ?? '300'
    const headers = contacts.map((contact) => ['Contact', `${contact};expires=${expires}`] as const)
    incoming.respond(200, 'OK', { tag: 'pbx', headers })
  }

  #challenged(incoming: Incoming): boolean {
    if (!this.#digest || this.#digest.allows(incoming.request)) return false
    const headers = [this.#digest.challenge]
    incoming.respond(407, 'Proxy Authentication Required', { tag: 'pbx', headers })
    return true
  }

  #owner(request: SipRequest): Phone | undefined {
    return this.#phones.find((phone) => phone.owns(request))
  }

  #see({ direction, message, again }: Seen): void {
    const callId = header(message, 'call-id') ?? ''
    const phone = this.#owners.get(callId) ?? (isInvite(message) ? this.phone(dialledIn(message)) : undefined)
    const seen: SipSeen = {
      id: (this.#counter += 1),
      at: Date.now(),
      direction,
      phone: phone?.view.id,
      callId,
      title: message.kind === 'request' ? message.method : `${message.status} ${message.reason}`,
      method: cseq(message)?.method ?? '',
      sdp: message.body !== '' && /sdp/i.test(header(message, 'content-type') ?? ''),
      again,
      text: writeMessage(message).toString('utf8'),
    }
    this.#ladder.push(seen)
    if (this.#ladder.length > KEPT) this.#ladder.shift()
    this.emit('sip', seen)
  }

  /** Packet counts are shown as they grow. */
  #tick(): void {
    for (const phone of this.#phones) if (phone.view.state === 'talking') phone.refresh()
    for (const callId of [...this.#owners.keys()].slice(0, -KEPT)) {
      this.#owners.delete(callId)
      this.#invites.delete(callId)
    }
  }
}

/** Multiples of 50 Hz, which a frame of 20 ms tells apart; 850 Hz is an overtone of ringback. */
function voiceOf(index: number): number {
  return 550 + 100 * index + (index >= 3 ? 100 : 0)
}

function isInvite(message: SipMessage): message is SipRequest {
  return message.kind === 'request' && message.method === 'INVITE'
}

function dialledIn(invite: SipRequest): string {
  return parseUri(invite.uri)?.user ?? ''
}

function branch(request: SipRequest): string | undefined {
  return param(headerList(request, 'via')[0] ?? '', 'branch')
}

function sameRequest(a: SipRequest, b: SipRequest): boolean {
  const tag = (request: SipRequest) => param(header(request, 'from') ?? '', 'tag')
  return tag(a) === tag(b) && cseq(a)?.number === cseq(b)?.number
}
