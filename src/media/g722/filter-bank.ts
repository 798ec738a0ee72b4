/**
 * The two filter banks of ITU-T G.722 (3.1 and 4.4): 16,000 samples a second into two halves of the band with 8,000 each,
 * and back. What one folds over at 4 kHz the other folds back (quadrature mirror filters, 24 taps).
 */
import { short } from './band.ts'

const TAPS = 24
const PAIRS = TAPS / 2
// Symmetric; 13 bits behind the point. The even ones and the odd ones are each other's mirror.
const EVEN = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11)
const ODD = EVEN.toReversed()
/** Samples that fit before the line is moved back to its beginning. */
const ROOM = 256

/** The 15 bits that half a band has. */
const MOST = 16_383
const LEAST = -16_384

export class Splitter {
  readonly #line = new Int32Array(2 * (PAIRS + ROOM))
  #at = 0
  low = 0
  high = 0

  /** Is from now on what another one is. */
  follow(other: Splitter): void {
    this.#line.set(other.#line)
    this.#at = other.#at
  }

  /** Takes two samples more, and has one of each half. */
  take(first: number, second: number): void {
    const line = this.#line
    if (this.#at === ROOM) {
      line.copyWithin(0, 2 * ROOM)
      this.#at = 0
    }
    const start = 2 * ++this.#at
    line[start + TAPS - 2] = first
    line[start + TAPS - 1] = second
    let even = 0
    let odd = 0
    for (let i = 0; i < PAIRS; i++) {
      even += (line[start + 2 * i] ?? 0) * (EVEN[i] ?? 0)
      odd += (line[start + 2 * i + 1] ?? 0) * (ODD[i] ?? 0)
    }
    this.low = half((odd + even) >> 14)
    this.high = half((odd - even) >> 14)
  }
}

export class Joiner {
  readonly #sums = new Int32Array(PAIRS + ROOM)
  readonly #differences = new Int32Array(PAIRS + ROOM)
  #at = 0
  first = 0
  second = 0

  /** Takes one sample more of each half, and has two. */
  take(low: number, high: number): void {
    const sums = this.#sums
    const differences = this.#differences
    if (this.#at === ROOM) {
      sums.copyWithin(0, ROOM)
      differences.copyWithin(0, ROOM)
      this.#at = 0
    }
    const start = ++this.#at
    sums[start + PAIRS - 1] = low + high
    differences[start + PAIRS - 1] = low - high
    let first = 0
    let second = 0
    for (let i = 0; i < PAIRS; i++) {
      first += (differences[start + i] ?? 0) * (ODD[i] ?? 0)
      second += (sums[start + i] ?? 0) * (EVEN[i] ?? 0)
    }
    this.first = short(first >> 11)
    this.second = short(second >> 11)
  }
}

/** Keeps a sample in 15 bits. */
export const half = (value: number): number => (value > MOST ? MOST : value < LEAST ? LEAST : value)
