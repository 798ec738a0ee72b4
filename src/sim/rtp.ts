import { createSocket, type Socket } from 'node:dgram'
import type { Air } from './air.ts'
import { Ear, type Heard, type Voice } from './ear.ts'
import { decodeG711, encodeG711, FRAME, type Codec } from './g711.ts'
import { eventOf, KeyEar } from './keys.ts'
import type { Spoken } from './mouth.ts'
import type { Far } from './sdp.ts'

/** What went in and out of a phone's audio port during the call in progress. */
export type AudioCount = {
  readonly received: number
  readonly sent: number
  readonly from: string | undefined
}

const FRAME_MS = 20
/** A key held for 100 ms, then let go; RFC 4733 2.5.1.4: the end is sent three times. */
const KEY_FRAMES = 5
const KEY_GAP = 4

/** 20 ms of what a phone hears, as it came. */
export type Sound = {
  readonly codec: Codec
  readonly payload: Uint8Array
  /** It comes from a microphone of the demo's page. */
  readonly live: boolean
}

/** What is said at a port, frame by frame. */
export type Speaker = {
  /** The handset is lifted. */
  begin(): void
  next(): Spoken
  /** It is down again. */
  end?(): void
}

/** The audio end of one phone (RFC 3550): an UDP port that says what its person says, and listens. */
export class AudioPort {
  readonly #socket: Socket
  readonly #name: string
  readonly #mouth: Speaker
  readonly #air: Air
  readonly #voices: readonly Voice[]
  readonly #onHeard: (heard: Heard) => void
  readonly #onSound: (sound: Sound) => void
  readonly #onKey: (key: string) => void
  readonly #keys = new KeyEar()
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32)
  #ear: Ear
  #heard: Heard = { kind: 'nothing' }
  #far: Far | undefined
  #open = false
  #timer: NodeJS.Timeout | undefined
  #sequence = Math.floor(Math.random() * 2 ** 15)
  #frames = 0
  #due = 0
  #begun = 0
  #received = 0
  #sent = 0
  #receivedBefore = 0
  #from: string | undefined
  #pressed: { key: number; frame: number }[] = []

  private constructor(socket: Socket, options: AudioOptions) {
    this.#socket = socket
    this.#name = options.name
    this.#mouth = options.mouth
    this.#air = options.air
    this.#voices = options.voices
    this.#onHeard = options.onHeard
    this.#onSound = options.onSound
    this.#onKey = options.onKey ?? (() => undefined)
    this.#ear = new Ear(options.voices)
    socket.on('message', (packet, from) => this.#take(packet, `${from.address}:${from.port}`))
    socket.on('error', () => undefined)
  }

  /** Opens a port of the system's choice on this address. */
  static async open(host: string, options: AudioOptions): Promise<AudioPort> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, host, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    return new AudioPort(socket, options)
  }

  get port(): number {
    return this.#socket.address().port
  }

  get count(): AudioCount {
    return { received: this.#received, sent: this.#sent, from: this.#from }
  }

  get heard(): Heard {
    return this.#heard
  }

  /** The handset is off hook, or the far side has changed: sends there from now on. */
  connect(far: Far | undefined): void {
    this.#far = far
    if (this.#open) return
    this.#open = true
    this.#received = this.#sent = this.#frames = this.#due = this.#receivedBefore = 0
    this.#from = undefined
    this.#ear = new Ear(this.#voices)
    this.#mouth.begin()
    this.#begun = performance.now()
    this.#timer = setInterval(() => this.#tick(), FRAME_MS)
    this.#timer.unref()
  }

  /** The handset is down: neither speaks nor listens. */
  disconnect(): void {
    clearInterval(this.#timer)
    if (this.#open) this.#mouth.end?.()
    this.#open = false
    this.#far = undefined
    this.#pressed = []
    this.#tell({ kind: 'nothing' })
  }

  /** Keys digits on the phone, as RFC 4733 events, one after the other. */
  press(digits: string): void {
    for (const digit of digits) {
      const key = eventOf(digit)
      if (key !== undefined) this.#pressed.push({ key, frame: 0 })
    }
  }

  async close(): Promise<void> {
    this.disconnect()
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }

  /** Sends what is due by the clock: a timer alone would drift. */
  #tick(): void {
    const due = Math.floor((performance.now() - this.#begun) / FRAME_MS)
    // After a stall the backlog is dropped: a phone does not speak faster to catch up.
    this.#due = Math.max(this.#due, due - 10)
    for (; this.#due < due; this.#due += 1) this.#frame()
    if (due % 5 === 0) this.#notice()
  }

  #frame(): void {
    this.#frames += 1
    const far = this.#far
    if (!far?.send) return
    const key = this.#pressed[0]
    if (key && far.keys !== undefined) this.#key(key, far.keys, far)
    else this.#speak(far)
  }

  #speak(far: Far): void {
    const { samples, live, name = this.#name } = this.#mouth.next()
    const payload = encodeG711(far.codec.name, samples)
    this.#air.remember(payload, { name, live })
    this.#send(far.codec.type, payload, this.#frames * FRAME, far)
  }

  #key(pressed: { key: number; frame: number }, type: number, far: Far): void {
    const began = (this.#frames - pressed.frame) * FRAME
    pressed.frame += 1
    const over = pressed.frame > KEY_FRAMES
    if (pressed.frame > KEY_FRAMES + KEY_GAP) this.#pressed.shift()
    if (pressed.frame > KEY_FRAMES + 1) return
    const event = Buffer.alloc(4)
    event[0] = pressed.key
    event[1] = (over ? 0x80 : 0) | 10
    event.writeUInt16BE(Math.min(pressed.frame, KEY_FRAMES) * FRAME, 2)
    for (let copies = over ? 3 : 1; copies > 0; copies -= 1)
      this.#send(type, event, began, far, pressed.frame === 1)
  }

  #send(type: number, payload: Uint8Array, timestamp: number, far: Far, marker = this.#sent === 0): void {
    const head = Buffer.alloc(12)
    head[0] = 0x80
    head[1] = type | (marker ? 0x80 : 0)
    head.writeUInt16BE(this.#sequence & 0xffff, 2)
    head.writeUInt32BE(timestamp >>> 0, 4)
    head.writeUInt32BE(this.#ssrc, 8)
    this.#sequence += 1
    this.#sent += 1
    this.#socket.send(Buffer.concat([head, payload]), far.port, far.address, () => undefined)
  }

  #take(packet: Buffer, from: string): void {
    const [first = 0, second = 0] = packet
    if (!this.#open || packet.length < 12 || first >> 6 !== 2) return
    const type = second & 0x7f
    const codec = type === 0 ? 'PCMU' : type === 8 ? 'PCMA' : undefined
    this.#received += 1
    this.#from = from
    const payload = packet.subarray(12 + 4 * (first & 0x0f))
    if (type === this.#far?.keys) {
      const key = this.#keys.hear(packet.readUInt32BE(4), payload)
      if (key !== undefined) this.#onKey(key)
    }
    if (codec === undefined) return
    for (let at = 0; at + FRAME <= payload.length; at += FRAME)
      this.#listen(codec, payload.subarray(at, at + FRAME))
  }

  #listen(codec: Codec, payload: Uint8Array): void {
    const sent = this.#air.whose(payload)
    this.#tell(this.#ear.listen(decodeG711(codec, payload), sent?.name))
    this.#onSound({ codec, payload, live: sent?.live ?? false })
  }

  /** Where nothing came in for 100 ms, that is silence to the ear. */
  #notice(): void {
    if (this.#received === this.#receivedBefore)
      for (let i = 0; i < 5; i += 1) this.#tell(this.#ear.listen(new Int16Array(FRAME)))
    this.#receivedBefore = this.#received
  }

  #tell(heard: Heard): void {
    const same = heard.kind === this.#heard.kind && nameOf(heard) === nameOf(this.#heard)
    this.#heard = heard
    if (!same) this.#onHeard(heard)
  }
}

export type AudioOptions = {
  /** Who speaks here. */
  readonly name: string
  readonly mouth: Speaker
  readonly air: Air
  /** Everybody who could be heard by a tone. */
  readonly voices: readonly Voice[]
  readonly onHeard: (heard: Heard) => void
  readonly onSound: (sound: Sound) => void
  /** A key that the far side has pressed (RFC 4733). */
  readonly onKey?: (key: string) => void
}

function nameOf(heard: Heard): string | undefined {
  return heard.kind === 'person' ? heard.name : undefined
}
