/**
 * One of the two halves of the band (ITU-T G.722 3.3 to 3.6): what it predicts of the next sample, and how large a step of
 * its quantizer is. Both follow from the codes alone, so that encoder and decoder do the same with it, each on its side.
 *
 *   code ─► step, and how it grows (log scale) ─┐
 *     └──► difference, quantized ─► 6 zeros ────┼─► prediction of the next sample
 *                  └─► + prediction ─► 2 poles ─┘
 *
 * Numbers are 16-bit integers, with 15 bits behind the point where they are factors: each shift rounds as the
 * Recommendation says, for the two sides would drift apart otherwise.
 */

const ZEROS = 6
/** Losses of 1/256 and 1/128 at each sample, so that an error of transmission is forgotten. */
const LEAK = 32_640
const LEAK_POLE_2 = 32_512
const MOST_POLE_2 = 12_288
/** What the poles may come to together: the filter stays stable. */
const MOST_POLES = 15_360

/** 2048 · 2^(i/32): the antilogarithm of the scale. */
const ANTILOG = Int32Array.of(
  ...[2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834],
  ...[2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008],
)

/** How the scale of one half of the band goes. */
export type Scale = {
  /** Of the logarithm, whose unit is 1/2048 of an octave. */
  readonly most: number
  /** Octaves that lie below the largest step. */
  readonly octaves: number
  /** The step before anything has come. */
  readonly first: number
}
export const LOW: Scale = { most: 18_432, octaves: 8, first: 32 }
export const HIGH: Scale = { most: 22_528, octaves: 10, first: 8 }

export class Band {
  /** What the next sample is predicted to be. */
  predicted = 0
  /** The quantizer's step. */
  step: number
  readonly #scale: Scale
  #log = 0
  #pole1 = 0
  #pole2 = 0
  /** The zeros' part of the prediction. */
  #byZeros = 0
  /** The last two samples as they were reconstructed, and the signs of their parts without the poles'. */
  #sample = 0
  #sign1 = 0
  #sign2 = 0
  readonly #zeros = new Int32Array(ZEROS)
  readonly #differences = new Int32Array(ZEROS)

  constructor(scale: Scale) {
    this.#scale = scale
    this.step = scale.first
  }

  /** Is from now on what another one is. */
  follow(other: Band): void {
    this.predicted = other.predicted
    this.step = other.step
    this.#log = other.#log
    this.#pole1 = other.#pole1
    this.#pole2 = other.#pole2
    this.#byZeros = other.#byZeros
    this.#sample = other.#sample
    this.#sign1 = other.#sign1
    this.#sign2 = other.#sign2
    this.#zeros.set(other.#zeros)
    this.#differences.set(other.#differences)
  }

  /**
   * Goes on by one sample.
   * @param level the quantized difference in steps, 15 bits behind the point
   * @param growth by which the logarithm of the step changes
   */
  go(level: number, growth: number): void {
    const difference = (this.step * level) >> 15
    const sample = short(this.predicted + difference)
    const sign = (this.#byZeros + difference) >> 31
    this.#rescale(growth)
    const byPoles = this.#followPoles(sign, sample)
    this.#byZeros = this.#followZeros(difference)
    this.predicted = short(byPoles + this.#byZeros)
  }

  #rescale(growth: number): void {
    const { most, octaves } = this.#scale
    const log = Math.max(0, Math.min(most, ((this.#log * 127) >> 7) + growth))
    this.#log = log
    const mantissa = ANTILOG[(log >> 6) & 31] ?? 0
    const shift = octaves - (log >> 11)
    this.step = (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2
  }

  /** Signs: 0, or -1 below zero. */
  #followPoles(sign: number, sample: number): number {
    const like1 = sign === this.#sign1
    const like2 = sign === this.#sign2
    const slope = short(this.#pole1 * 4)
    const pull = (like1 ? -slope : slope) >> 7
    const second = Math.min(pull, 255) + (like2 ? 128 : -128) + ((this.#pole2 * LEAK_POLE_2) >> 15)
    const pole2 = Math.max(-MOST_POLE_2, Math.min(MOST_POLE_2, second))
    const room = MOST_POLES - pole2
    const first = (like1 ? 192 : -192) + ((this.#pole1 * LEAK) >> 15)
    const pole1 = Math.max(-room, Math.min(room, first))
    const before = this.#sample
    this.#sign2 = this.#sign1
    this.#sign1 = sign
    this.#sample = sample
    this.#pole1 = pole1
    this.#pole2 = pole2
    return short(((pole1 * short(2 * sample)) >> 15) + ((pole2 * short(2 * before)) >> 15))
  }

  #followZeros(difference: number): number {
    const zeros = this.#zeros
    const differences = this.#differences
    const step = difference === 0 ? 0 : 128
    let sum = 0
    for (let i = ZEROS - 1; i >= 0; i--) {
      const like = ((differences[i] ?? 0) ^ difference) >= 0
      const zero = short((((zeros[i] ?? 0) * LEAK) >> 15) + (like ? step : -step))
      const moved = i === 0 ? difference : (differences[i - 1] ?? 0)
      zeros[i] = zero
      differences[i] = moved
      sum += (zero * 2 * moved) >> 15
    }
    return short(sum)
  }
}

/** Keeps a number in 16 bits. */
export const short = (value: number): number => (value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value)
