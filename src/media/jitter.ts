/**
 * The sound of one far side as it comes, made even: 20 ms whenever they are asked for. Packets of any length are put
 * where their timestamps say, so that order and doubles do not matter. They are decoded when their time has come, in order:
 * G.722 remembers what was before.
 *
 *   waiting ──a packet: it is heard 40 ms later──► playing ──nothing came for 100 ms──► waiting
 *                                                   ├─ another source, or a leap in time: behind what is there already
 *                                                   └─ another codec: in place of what is there
 *
 * The far side's clock is not ours, and its delays change: what is in store at the least, over 2 s, is kept between 20
 * and 60 ms beyond what is played now, by playing a little faster or slower (at most 2.5 %). What has
 * not come when it is its time is bridged over.
 */
import { Concealer } from './conceal.ts'
import { FRAME, samplesPerByte } from './codec.ts'
import type { Codec } from './codec.ts'
import { expanderOf } from './g711.ts'
import { G722Decoder } from './g722/g722.ts'

/** Bytes that can be held, a power of two: half a second. */
const SIZE = 4096
const MASK = SIZE - 1
/** Delay of the first packet after a silence. */
const DELAY = 2 * FRAME
// A leap in time that is no delay of any network that people talk over.
const MOST = 20 * FRAME
const MOST_DRY = 5

const WINDOW = 100
const LEAST = 2 * FRAME
const ENOUGH = 3 * FRAME
const PLENTY = 4 * FRAME
const MOST_LEAN = 4

/** The place of one packet's sound in its datagram. */
export type Stretch = { readonly bytes: Buffer; readonly start: number; readonly end: number }

export class JitterBuffer {
  readonly #bytes = new Uint8Array(SIZE)
  readonly #there = new Uint8Array(SIZE)
  /** Positions of bytes, counted from the first one. */
  #read = 0
  #end = 0
  #playing = false
  #dry = 0
  #source = 0
  /** Which position the timestamp of the newest packet has. */
  #timestamp = 0
  #position = 0
  #least = Infinity
  #beats = 0
  /** Bytes that are taken beyond a frame's: above 0 faster, below slower. */
  #lean = 0
  readonly #codes = new Uint8Array(FRAME + MOST_LEAN)
  readonly #came = new Uint8Array(FRAME + MOST_LEAN)
  #codec: Codec | undefined
  #voice = new Decoded('PCMA')

  /** A packet has come. */
  put(codec: Codec, { bytes, start, end }: Stretch, source: number, timestamp: number): void {
    const length = end - start
    if (length === 0) return
    if (codec !== this.#codec) this.#change(codec)
    let at = this.#position + ((timestamp - this.#timestamp) | 0)
    const leap = at - this.#read > MOST || at - this.#read < -MOST
    if (!this.#playing || source !== this.#source || leap) {
      at = Math.max(this.#read + DELAY, this.#end)
      if (!this.#playing) this.#begin()
    }
    // A flood, or a far side that sends faster than time goes.
    if (at + length - this.#read > SIZE) return
    this.#source = source
    this.#timestamp = timestamp
    this.#position = at
    for (let i = Math.max(0, this.#read - at); i < length; i++) {
      const place = (at + i) & MASK
      this.#bytes[place] = bytes[start + i] ?? 0
      this.#there[place] = 1
    }
    this.#end = Math.max(this.#end, at + length)
  }

  /**
   * The next 20 ms: 160 samples, or 320 of G.722, which are another's at the next call.
   * @returns undefined where there is nothing to hear
   */
  take(): Int16Array | undefined {
    if (!this.#playing) return undefined
    const store = this.#end - this.#read
    this.#weigh(store)
    if (store < FRAME + this.#lean) {
      // What has not come yet may still come: time waits for it.
      if (++this.#dry > MOST_DRY) this.#stop()
      this.#came.fill(0)
      return this.#voice.play(this.#codes, this.#came, FRAME)
    }
    this.#dry = 0
    if (store > MOST + DELAY) this.#drop(store - ENOUGH)
    const length = FRAME + this.#lean
    for (let i = 0; i < length; i++) {
      const place = (this.#read + i) & MASK
      this.#codes[i] = this.#bytes[place] ?? 0
      this.#came[i] = this.#there[place] ?? 0
      this.#there[place] = 0
    }
    this.#read += length
    return this.#voice.play(this.#codes, this.#came, length)
  }

  /** Bytes of another codec mean something else. */
  #change(codec: Codec): void {
    this.#codec = codec
    this.#voice = new Decoded(codec)
    this.#stop()
  }

  #begin(): void {
    this.#playing = true
    this.#dry = this.#lean = this.#beats = 0
    this.#least = Infinity
  }

  #stop(): void {
    this.#playing = false
    this.#drop(this.#end - this.#read)
  }

  #drop(samples: number): void {
    for (let i = 0; i < samples; i++) this.#there[(this.#read + i) & MASK] = 0
    this.#read += samples
  }

  /** Decides, every 2 s, how fast the next ones are played. */
  #weigh(store: number): void {
    this.#least = Math.min(this.#least, store)
    if (++this.#beats < WINDOW) return
    const inOrder = this.#least >= LEAST && this.#least <= PLENTY
    const lean = inOrder ? 0 : Math.round((this.#least - ENOUGH) / WINDOW)
    this.#lean = Math.max(-MOST_LEAN, Math.min(MOST_LEAN, lean))
    this.#least = Infinity
    this.#beats = 0
  }
}

/** What the bytes of one codec sound like, with what has not come bridged over, in the time of a frame. */
class Decoded {
  readonly #codec: Codec
  readonly #perByte: 1 | 2
  readonly #samples: Int16Array
  readonly #frame: Int16Array
  readonly #concealer: Concealer
  readonly #decoder: G722Decoder | undefined

  constructor(codec: Codec) {
    this.#codec = codec
    this.#perByte = samplesPerByte(codec)
    this.#samples = new Int16Array((FRAME + MOST_LEAN) * this.#perByte)
    this.#frame = new Int16Array(FRAME * this.#perByte)
    this.#concealer = new Concealer(FRAME + MOST_LEAN, this.#perByte)
    this.#decoder = codec === 'G722' ? new G722Decoder() : undefined
  }

  /** @param came 1 for each byte that has come */
  play(codes: Uint8Array, came: Uint8Array, length: number): Int16Array | undefined {
    if (this.#codec === 'G722') this.#decode(codes, came, length)
    else {
      const expand = expanderOf(this.#codec)
      for (let i = 0; i < length; i++) this.#samples[i] = expand[codes[i] ?? 0] ?? 0
    }
    if (!this.#concealer.mend(this.#samples, came, length)) return undefined
    stretch(this.#samples, length * this.#perByte, this.#frame)
    return this.#frame
  }

  /** Behind a hole the decoder goes on as if there were none: it forgets what was before soon enough. */
  #decode(codes: Uint8Array, came: Uint8Array, length: number): void {
    for (let from = 0; from < length;) {
      let to = from
      while (to < length && came[to] === came[from]) to++
      if (came[from] === 1) this.#decoder?.decode(codes, from, to, this.#samples, 2 * from)
      from = to
    }
  }
}

/** Plays `length` samples in the time of a frame. */
function stretch(from: Int16Array, length: number, into: Int16Array): void {
  const frame = into.length
  if (length === frame) return into.set(from.subarray(0, frame))
  const pace = (length - 1) / (frame - 1)
  for (let i = 0; i < frame; i++) {
    const at = i * pace
    const left = Math.floor(at)
    const a = from[left] ?? 0
    into[i] = a + ((from[Math.min(length - 1, left + 1)] ?? 0) - a) * (at - left)
  }
}
