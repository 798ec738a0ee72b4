/**
 * The sound of one far side as it comes, made even: 20 ms whenever they are asked for. Packets of any length are put
 * where their timestamps say, so that order and doubles do not matter.
 *
 *   waiting ──a packet: it is heard 40 ms later──► playing ──nothing came for 100 ms──► waiting
 *                                                   └─ another source, or a leap in time: behind what is there already
 *
 * The far side's clock is not ours, and its delays change: what is in store at the least, over 2 s, is kept between 20
 * and 60 ms beyond what is played now, by playing a little faster or slower (at most 2.5 %). What has
 * not come when it is its time is bridged over.
 */
import { Concealer } from './conceal.ts'
import { expanderOf } from './g711.ts'
import type { Law } from './g711.ts'
import { FRAME } from './tones.ts'

/** Samples that can be held, a power of two: half a second. */
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
  readonly #samples = new Int16Array(SIZE)
  readonly #there = new Uint8Array(SIZE)
  /** Positions of samples, counted from the first one. */
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
  /** Samples that are taken beyond a frame's: above 0 faster, below slower. */
  #lean = 0
  readonly #frame = new Int16Array(FRAME + MOST_LEAN)
  readonly #came = new Uint8Array(FRAME + MOST_LEAN)
  readonly #concealer = new Concealer(FRAME + MOST_LEAN)

  /** A packet has come. */
  put(law: Law, { bytes, start, end }: Stretch, source: number, timestamp: number): void {
    const length = end - start
    if (length === 0) return
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
    const expand = expanderOf(law)
    for (let i = Math.max(0, this.#read - at); i < length; i++) {
      const place = (at + i) & MASK
      this.#samples[place] = expand[bytes[start + i] ?? 0] ?? 0
      this.#there[place] = 1
    }
    this.#end = Math.max(this.#end, at + length)
  }

  /**
   * The next 20 ms.
   * @returns false where there is nothing to hear; `into` is then as it was
   */
  take(into: Int16Array): boolean {
    if (!this.#playing) return false
    const store = this.#end - this.#read
    this.#weigh(store)
    if (store < FRAME + this.#lean) {
      // What has not come yet may still come: time waits for it.
      if (++this.#dry > MOST_DRY) this.#stop()
      this.#came.fill(0)
      return this.#mend(into, FRAME)
    }
    this.#dry = 0
    if (store > MOST + DELAY) this.#drop(store - ENOUGH)
    const length = FRAME + this.#lean
    for (let i = 0; i < length; i++) {
      const place = (this.#read + i) & MASK
      this.#frame[i] = this.#samples[place] ?? 0
      this.#came[i] = this.#there[place] ?? 0
      this.#there[place] = 0
    }
    this.#read += length
    return this.#mend(into, length)
  }

  #mend(into: Int16Array, length: number): boolean {
    const sounds = this.#concealer.mend(this.#frame, this.#came, length)
    if (sounds) stretch(this.#frame, length, into)
    return sounds
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

/** Plays `length` samples in the time of a frame. */
function stretch(from: Int16Array, length: number, into: Int16Array): void {
  if (length === FRAME) return into.set(from.subarray(0, FRAME))
  const pace = (length - 1) / (FRAME - 1)
  for (let i = 0; i < FRAME; i++) {
    const at = i * pace
    const left = Math.floor(at)
    const a = from[left] ?? 0
    into[i] = a + ((from[Math.min(length - 1, left + 1)] ?? 0) - a) * (at - left)
  }
}
