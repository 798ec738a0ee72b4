/**
 * One RTP port pair in the worker: what it hears, what it plays, and whom it passes packets to.
 *
 *   strangers ─✗─► in ─► telephone events ─► digit report (while it has no peer, or one that gets keys otherwise)
 *                   ├──► peer, restamped (keys as tones where its far side knows no events, sound coded anew where it has to be)
 *                   └──► its seat in a room
 *   player, keys, peer's packets, what a room sounds like ─► out (one source, one run of sequence numbers and timestamps)
 */
import type { RemoteInfo, Socket } from 'node:dgram'

import { FRAME } from './codec.ts'
import type { Codec } from './codec.ts'
import { keyPackets, KeyReader } from './dtmf.ts'
import type { KeyPacket } from './dtmf.ts'
import { above, FarSide } from './far-side.ts'
import type { Place } from './far-side.ts'
import type { Law } from './g711.ts'
import type { Pacer } from './pacer.ts'
import { OwnStream } from './own-stream.ts'
import { PauseWait } from './pause-wait.ts'
import type { Format, Measured, RemoteMedia } from './protocol.ts'
import { Receiver } from './reception.ts'
import { Recoder } from './recoder.ts'
import type { Room } from './room.ts'
import { isRtcp } from './rtcp.ts'
import { RtcpSession } from './rtcp-session.ts'
import { payloadOf, sequenceOf, sourceOf, timestampOf, typeOf } from './rtp.ts'
import type { Payload } from './rtp.ts'
import type { Member, Seat } from './seat.ts'
import { SilenceWatch } from './silence.ts'
import { keyFrame, loopOf } from './tones.ts'
import type { Tone } from './tones.ts'

export type PortReports = {
  digit(digit: string): void
  source(elsewhere: boolean): void
  /** What `watch` has asked for: nothing comes any more, or something again. */
  sound(silent: boolean): void
  /** What `awaitPause` has asked for. */
  pause(): void
  /** It has begun to speak in its room, or has ended. */
  speaks(on: boolean): void
}

/** Timestamp units in a millisecond. */
const RATE = FRAME / 20
const MOST_KEY_PACKETS = 1_000

export class RtpPort {
  readonly #rtp: Socket
  readonly #rtcp: Socket
  readonly #pacer: Pacer
  readonly #country: string
  readonly #reports: PortReports

  #remote: RemoteMedia | undefined
  readonly #receive = new Map<number, Format['codec']>()
  readonly #far = new FarSide()
  readonly #receiver = new Receiver()
  readonly #control: RtcpSession
  readonly #silence: SilenceWatch
  #pause: PauseWait | undefined
  #peer: RtpPort | undefined
  #keysIn = new KeyReader()
  /** The key that is being pressed there is not passed on as it comes. */
  #keyApart = false
  #gathers = false
  #room: Room | undefined
  #seat: Seat | undefined
  #muted = false

  readonly #stream = new OwnStream()
  /** Made when something has to be coded anew, or in G.722. */
  #recoderMade: Recoder | undefined
  /** What went out last was of a room: the next 20 ms of it follow without a gap, whatever the clock says. */
  #roomRuns = false
  #tone: Tone | undefined
  /** The tone in the law of the far side, found once. */
  #loop: Buffer | undefined
  #position = 0
  #keys: (KeyPacket | undefined)[] = []
  #keyStart = 0
  #stopBeat: (() => void) | undefined
  #closed = false

  constructor(sockets: readonly [Socket, Socket], pacer: Pacer, country: string, reports: PortReports) {
    ;[this.#rtp, this.#rtcp] = sockets
    this.#pacer = pacer
    this.#country = country
    this.#reports = reports
    this.#silence = new SilenceWatch((silent) => {
      reports.sound(silent)
    })
    this.#control = new RtcpSession({
      source: this.#stream.source,
      far: this.#far,
      receiver: this.#receiver,
      sent: () => this.#stream.sent(),
      send: (packet, to) => {
        this.#sendControl(packet, to)
      },
    })
    this.#rtp.on('message', (packet, from) => {
      this.#hear(packet, from)
    })
    this.#rtcp.on('message', (packet, from) => {
      if (this.#remote) this.#control.hear(packet, from)
    })
    // An ICMP refusal of a phone that has just hung up must not end the worker.
    this.#rtp.on('error', () => undefined)
    this.#rtcp.on('error', () => undefined)
  }

  get number(): number {
    return this.#rtp.address().port
  }

  /** It is heard from where its description does not say. */
  get isElsewhere(): boolean {
    return this.#far.heard !== undefined && !this.#far.isTold
  }

  /** A description of the far side: its first packet tells where it really is. */
  setRemote(remote: RemoteMedia): void {
    const { address, port, rtcp, receive } = remote
    const nowhere = port === 0 || address === '0.0.0.0' || address === '::'
    // Held by address: where it is has not changed for that.
    if (!nowhere) this.#far.describe(remote, performance.now())
    this.#remote = remote
    this.#receive.clear()
    for (const { type, codec } of receive) this.#receive.set(type, codec)
    this.#loop = undefined
    this.#control.describe(nowhere ? undefined : (rtcp ?? above({ address, port })))
    this.check(performance.now())
  }

  /** Tells from now on when nothing was heard for so many milliseconds, and when something is again; 0 ends that. */
  watch(ms: number): void {
    this.#silence.begin(ms)
  }

  /** To be called now and then: looks whether the far side has fallen silent. */
  check(now: number): void {
    this.#listen(now)
    this.#silence.check(now, this.#remote?.speaks === true)
  }

  /** The sound both ways so far. */
  measure(): Measured {
    const { ofUs } = this.#control
    const told =
      typeof ofUs === 'object' ? { lost: Math.max(0, ofUs.lost), jitter: ofUs.jitter / RATE } : ofUs
    return { heard: this.#receiver.total(), sent: this.#stream.packets, told }
  }

  /** Tells once when the far side has spoken and fallen silent, or after so many milliseconds. */
  awaitPause(most: number): void {
    this.#pause = most === 0 ? undefined : new PauseWait(performance.now(), most)
  }

  #listen(now: number, packet?: { readonly codec: Codec; readonly bytes: Uint8Array }): void {
    if (this.#pause?.isOver(now, packet) !== true) return
    this.#pause = undefined
    this.#reports.pause()
  }

  play(tone: Tone): void {
    this.#tone = tone
    this.#loop = undefined
    this.#position = 0
    this.#beat()
  }

  /** Plays nothing more, and leaves its room; what the peer sends is passed on all the same. */
  hush(): void {
    this.#tone = undefined
    this.leave()
  }

  sendDigits(digits: string): void {
    // Nobody presses more in a second than is sent in one: a machine that does is not followed for minutes.
    if (this.#keys.length > MOST_KEY_PACKETS) return
    this.#keys.push(...keyPackets(digits))
    this.#beat()
  }

  /** Has keys of its peer reported, and not passed on; or no longer. */
  gather(on: boolean): void {
    this.#gathers = on
  }

  relayTo(peer: RtpPort): void {
    this.leave()
    this.#peer = peer
    peer.#stream.unsplice()
  }

  part(): void {
    const peer = this.#peer
    this.#peer = undefined
    if (peer && peer.#peer === this) peer.#peer = undefined
  }

  /** The name of its room. */
  get room(): string | undefined {
    return this.#room?.name
  }

  enter(room: Room): void {
    if (this.#room === room) return
    this.leave()
    this.part()
    this.#tone = undefined
    this.#roomRuns = false
    this.#room = room
    this.#seat = room.seat(this.#member)
  }

  leave(): void {
    this.#seat?.leave()
    this.#seat = this.#room = undefined
    if (this.#tone !== undefined) this.#beat()
  }

  mute(on: boolean): void {
    if (on !== this.#muted) this.#seat?.cue(on ? 'muted' : 'heard')
    this.#muted = on
  }

  readonly #member: Member = {
    codec: () => this.#soundOut()?.codec,
    encoder: () => this.#recoder.encoder,
    isHeard: () => !this.#muted && this.#remote?.speaks === true,
    hear: (payload) => {
      this.#sendRoom(payload)
    },
    speaks: (on) => {
      this.#reports.speaks(on)
    },
  }

  close(): void {
    if (this.#closed) return
    this.#tone = undefined
    this.leave()
    this.#control.stop()
    this.#closed = true
    this.part()
    this.#stopBeat?.()
    this.#rtp.close()
    this.#rtcp.close()
  }

  // ---- in

  #hear(packet: Buffer, from: RemoteInfo): void {
    const payload = payloadOf(packet)
    if (!payload || !this.#remote) return
    if (this.#remote.rtcp === 'mux' && isRtcp(packet)) return this.#control.hear(packet, from)
    const now = performance.now()
    const codec = this.#receive.get(typeOf(packet))
    if (!codec) {
      // Comfort noise, say, that nobody has agreed to: no sound for us, but no silence of the line either.
      if (this.#far.isHeardAt(from)) this.#silence.hear(now)
      return
    }
    const source = sourceOf(packet)
    const admitted = this.#far.admits(from, source, now)
    if (admitted === 'stranger') return
    if (admitted === 'moved') this.#reports.source(!this.#far.isTold)
    this.#silence.hear(now)
    const isKey = codec === 'telephone-event'
    this.#receiver.heard(source, sequenceOf(packet), timestampOf(packet), now, !isKey)
    if (this.#pause && codec !== 'telephone-event')
      this.#listen(now, { codec, bytes: packet.subarray(payload.start, payload.end) })
    if (isKey) return this.#onKey(packet, payload)
    const peer = this.#peer
    if (peer) return peer.#pass(packet, payload, codec)
    this.#seat?.hear(codec, packet, payload)
  }

  #onKey(packet: Buffer, payload: Payload): void {
    const peer = this.#peer
    const digit = this.#keysIn.read(packet, payload)
    // All packets of one press go the way of its first.
    if (digit !== undefined) this.#keyApart = !peer || peer.#takesKeysApart
    if (peer && !this.#keyApart) return peer.#pass(packet, payload, 'telephone-event')
    if (digit === undefined) return
    if (peer && !peer.#isSignalled && !peer.#gathers) peer.sendDigits(digit)
    else this.#reports.digit(digit)
  }

  /** Its far side has not agreed to telephone events: keys reach it as the tones they stand for. */
  get #needsTones(): boolean {
    return this.#remote !== undefined && this.#formatFor('telephone-event') === undefined
  }

  /** Keys do not reach it as they come: it gets them otherwise, or is being sent others, between which none may fall. */
  get #takesKeysApart(): boolean {
    return this.#needsTones || this.#isSignalled || this.#gathers || this.#keys.length > 0
  }

  get #isSignalled(): boolean {
    return this.#remote?.keys === 'signalled'
  }

  // ---- out

  /** Sends a packet of the peer's far side on, in place. */
  #pass(packet: Buffer, payload: Payload, codec: Format['codec']): void {
    const format = this.#formatFor(codec)
    if (!format) return
    if (codec !== 'telephone-event') {
      // The other side has begun to speak: no tone of ours over it.
      this.#tone = undefined
      if (this.#keys.length > 0) return
      if (format.codec !== codec && format.codec !== 'telephone-event')
        this.#recoder.change(codec, format.codec, packet, payload.start, payload.end)
    }
    this.#stream.splice(packet, format.type)
    this.#send(packet)
  }

  get #recoder(): Recoder {
    return (this.#recoderMade ??= new Recoder())
  }

  #beat(): void {
    this.#stopBeat ??= this.#pacer.add(() => {
      this.#onBeat()
    })
  }

  #onBeat(): void {
    if (this.#keys.length > 0) return this.#sendKey(this.#keys.shift())
    if (this.#tone === undefined || this.#seat) {
      this.#stopBeat?.()
      this.#stopBeat = undefined
      return
    }
    const tone = this.#tone
    this.#sendMade(this.#stream.isSpliced, (law) => {
      const loop = (this.#loop ??= loopOf(tone, this.#country, law))
      const at = this.#position % loop.length
      this.#position = at + FRAME
      return loop.subarray(at, at + FRAME)
    })
  }

  #sendKey(key: KeyPacket | undefined): void {
    this.#roomRuns = false
    const format = this.#formatFor('telephone-event')
    if (!format) return this.#sendTone(key)
    if (!key) return
    if (key.first) this.#keyStart = this.#stream.now()
    this.#emit(format.type, key.first, this.#keyStart, key.payload)
  }

  /** RFC 4733 is not understood there: the tone itself, and silence in the pause, in one run. */
  #sendTone(key: KeyPacket | undefined): void {
    this.#sendMade(key?.first ?? false, (law) =>
      key ? keyFrame(key.digit, key.frame, law) : loopOf('silence', '', law),
    )
  }

  /** Sends 20 ms that are made in a law of G.711, as the far side takes them. */
  #sendMade(marker: boolean, make: (law: Law) => Uint8Array): void {
    const out = this.#soundOut()
    if (!out) return
    const { codec, type } = out
    const law = codec === 'G722' ? 'PCMA' : codec
    let payload = make(law)
    if (codec !== law) {
      payload = Uint8Array.from(payload)
      this.#recoder.change(law, codec, payload, 0, payload.length)
    }
    this.#emit(type, marker, this.#stream.now(), payload)
  }

  /** The next 20 ms of its room. Keys for the far side come first. */
  #sendRoom(payload: Uint8Array): void {
    const out = this.#soundOut()
    if (!out || this.#keys.length > 0) return
    const fresh = !this.#roomRuns
    this.#roomRuns = true
    const timestamp = fresh ? this.#stream.now() : this.#stream.next()
    this.#emit(out.type, fresh, timestamp, payload)
  }

  #emit(type: number, marker: boolean, timestamp: number, payload: Uint8Array): void {
    this.#stream.unsplice()
    this.#send(this.#stream.packet(type, marker, timestamp, payload))
  }

  /** What sound goes out as: what the far side wants best. */
  #soundOut(): { readonly codec: Codec; readonly type: number } | undefined {
    const format = this.#remote?.send.find(({ codec }) => codec !== 'telephone-event')
    return format && format.codec !== 'telephone-event'
      ? { codec: format.codec, type: format.type }
      : undefined
  }

  /** As what a codec goes out: as itself where the far side takes it, or as what it wants best. */
  #formatFor(codec: Format['codec']): Format | undefined {
    const same = this.#remote?.send.find((format) => format.codec === codec)
    return same ?? (codec === 'telephone-event' ? undefined : this.#soundOut())
  }

  #send(packet: Buffer): void {
    const remote = this.#remote
    const to = this.#far.place
    if (this.#closed || !remote?.listens || remote.port === 0 || !to) return
    this.#stream.count(packet)
    this.#rtp.send(packet, to.port, to.address)
  }

  #sendControl(packet: Buffer, to: Place | 'mux'): void {
    const place = to === 'mux' ? this.#far.place : to
    if (this.#closed || !place) return
    if (to === 'mux') this.#rtp.send(packet, place.port, place.address)
    else this.#rtcp.send(packet, place.port, place.address)
  }
}
