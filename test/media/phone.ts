/** A bare RTP phone for the tests: it records what comes and sends what it is told, 20 ms a packet. */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'

import type { Codec } from '../../src/media/codec.ts'
import { decode, encode } from '../../src/media/g711.ts'
import type { Law } from '../../src/media/g711.ts'
import { G722Decoder, G722Encoder } from '../../src/media/g722/g722.ts'
import { packetOf, sequenceOf, sourceOf, timestampOf, typeOf } from '../../src/media/rtp.ts'

export const TYPES = { PCMU: 0, PCMA: 8, G722: 9 } as const

export type Heard = {
  readonly at: number
  readonly type: number
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly source: number
  readonly payload: Buffer
  /** The whole datagram: it may be RTCP as well. */
  readonly raw: Buffer
}

/** How strong one frequency is in 16-bit samples: its amplitude (Goertzel). */
export function strength(samples: Int16Array, hz: number, rate = 8000): number {
  const w = (2 * Math.PI * hz) / rate
  let s1 = 0
  let s2 = 0
  for (const x of samples) {
    const s0 = x + 2 * Math.cos(w) * s1 - s2
    s2 = s1
    s1 = s0
  }
  const power = s1 * s1 + s2 * s2 - 2 * Math.cos(w) * s1 * s2
  return (2 * Math.sqrt(Math.max(0, power))) / Math.max(1, samples.length)
}

const AMPLITUDE = 8000

function toneOf(hz: number, law: Law, amplitude: number): Buffer {
  const samples = Int16Array.from(
    { length: 160 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / 8000),
  )
  return encode(law, samples)
}

/** Milliseconds that anything may take on a machine with much to do. */
export const PATIENCE = 20_000

export class RtpPhone {
  readonly heard: Heard[] = []
  readonly #socket: Socket
  readonly #waiting: (() => void)[] = []
  #sequence = 1000
  #timestamp = 50000
  #source: number
  readonly #encoder = new G722Encoder()
  /** Samples of G.722 that it has said. */
  #said = 0

  private constructor(socket: Socket, source: number) {
    this.#socket = socket
    this.#source = source
    socket.on('message', (packet) => {
      const padded = Buffer.concat([packet, Buffer.alloc(Math.max(0, 12 - packet.length))])
      this.heard.push({
        at: performance.now(),
        type: typeOf(packet),
        marker: ((packet[1] ?? 0) & 0x80) !== 0,
        sequence: sequenceOf(padded),
        timestamp: timestampOf(padded),
        source: sourceOf(padded),
        payload: packet.subarray(12),
        raw: packet,
      })
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  static async open(source = 7): Promise<RtpPhone> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new RtpPhone(socket, source)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** Resolves when `enough` packets that satisfy the condition have come; rejects when they do not. */
  async hears(enough: number, of: (packet: Heard) => boolean = () => true): Promise<Heard[]> {
    const giveUp = AbortSignal.timeout(PATIENCE)
    for (;;) {
      const found = this.heard.filter(of)
      if (found.length >= enough) return found
      if (giveUp.aborted)
        throw new Error(`${found.length} of ${enough} packets came, of ${this.heard.length} in all`)
      await new Promise<void>((wake) => {
        this.#waiting.push(wake)
        giveUp.onabort = () => wake()
      })
    }
  }

  /** The samples of all packets of this law so far. */
  samples(law: Law, packets: readonly Heard[] = this.heard): Int16Array {
    const mine = packets.filter(({ type }) => type === TYPES[law])
    return decode(law, Buffer.concat(mine.map(({ payload }) => payload)))
  }

  /** The last packets of G.722, decoded with all that came before them. */
  lastWide(packets: number): Int16Array {
    const mine = this.heard.filter(({ type }) => type === TYPES.G722)
    const bytes = Buffer.concat(mine.map(({ payload }) => payload))
    const samples = new Int16Array(2 * bytes.length)
    new G722Decoder().decode(bytes, 0, bytes.length, samples)
    return samples.subarray(-320 * packets)
  }

  /** Sends some packets of a tone at once; a multiple of 50 Hz goes on without a break. */
  tone(to: number, hz: number, packets: number, codec: Codec = 'PCMA', amplitude = AMPLITUDE): void {
    for (let i = 0; i < packets; i++) this.send(to, TYPES[codec], this.#toneOf(hz, codec, amplitude))
  }

  #toneOf(hz: number, codec: Codec, amplitude = AMPLITUDE): Buffer {
    if (codec !== 'G722') return toneOf(hz, codec, amplitude)
    const at = (this.#said += 320)
    const samples = Int16Array.from(
      { length: 320 },
      (_, i) => amplitude * Math.sin((2 * Math.PI * hz * (at + i)) / 16_000),
    )
    const payload = Buffer.alloc(160)
    this.#encoder.encode(samples, payload)
    return payload
  }

  /** Takes one packet of a tone out of its order: it is sent when that is called. */
  laterTone(to: number, hz: number, codec: Codec = 'PCMA'): () => void {
    const packet = this.#next(TYPES[codec], this.#toneOf(hz, codec))
    return () => {
      this.raw(to, packet)
    }
  }

  /** Goes on as another source, with a clock and numbers of its own. */
  becomes(source: number): void {
    this.#source = source
    this.#sequence = (this.#sequence + 30_000) & 0xffff
    this.#timestamp = (this.#timestamp + 1_000_000_000) >>> 0
  }

  send(
    to: number,
    type: number,
    payload: Uint8Array,
    options: { marker?: boolean; still?: boolean } = {},
  ): void {
    this.raw(to, this.#next(type, payload, options))
  }

  #next(type: number, payload: Uint8Array, options: { marker?: boolean; still?: boolean } = {}): Buffer {
    this.#sequence = (this.#sequence + 1) & 0xffff
    if (options.still !== true) this.#timestamp += 160
    const header = {
      type,
      marker: options.marker ?? false,
      sequence: this.#sequence,
      timestamp: this.#timestamp,
      source: this.#source,
    }
    return packetOf(header, payload)
  }

  /** Loses some packets on their way. */
  skip(packets: number): void {
    this.#sequence = (this.#sequence + packets) & 0xffff
    this.#timestamp += 160 * packets
  }

  /** One key as a phone sends it: several packets with one timestamp, the last thrice. */
  key(to: number, event: number, type: number): void {
    for (let i = 0; i < 6; i++) {
      const last = i >= 3
      const payload = Buffer.from([event, (last ? 0x80 : 0) | 10, 0, 0])
      payload.writeUInt16BE(Math.min(i + 1, 4) * 160, 2)
      this.send(to, type, payload, { marker: i === 0, still: i > 0 })
    }
  }

  raw(to: number, packet: Uint8Array): void {
    this.#socket.send(packet, to, '127.0.0.1')
  }

  close(): void {
    this.#socket.close()
  }
}
