/**
 * Between 8,000 and 16,000 samples a second: half-band filters of 47 taps, flat to 3.4 kHz, and 50 dB down from 4.6 kHz
 * on. Every other tap of such a filter is 0, and the middle one is one half.
 *
 * What they are fed is one stream, in pieces of any length; what comes out is 1.4 ms late.
 */

/** Taps on each side of the middle that are not 0. */
const SIDE = 12
const WINDOW = 2 * SIDE
/** Of Kaiser's window. */
const BETA = 6
/** Samples at 8 kHz that are taken in one go. */
const PIECE = 160

const TAPS = taps()

type Samples = Int16Array | Int32Array

function taps(): Float64Array {
  const made = Float64Array.from({ length: SIDE }, (_, k) => {
    const at = (Math.PI * (2 * k + 1)) / 2
    return (Math.sin(at) / at) * bessel(BETA * Math.sqrt(1 - ((2 * k + 1) / WINDOW) ** 2))
  })
  const sum = made.reduce((a, b) => a + b, 0)
  return made.map((tap) => tap / (2 * sum))
}

/** The modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; term > sum * 1e-12; k++) sum += term *= (x / (2 * k)) ** 2
  return sum
}

/** A stream at 8 kHz, of which as much is remembered as a filter needs. */
class Line {
  /** What was before, and behind it the present piece. */
  readonly samples = new Float64Array(WINDOW + PIECE)
  #length = 0
  #silent = WINDOW

  /** All that a filter still needs is silence. */
  get isSilent(): boolean {
    return this.#silent >= WINDOW + this.#length
  }

  /** @param from the piece begins at `first`, and has one of so many samples; undefined: silence */
  put(from: Samples | undefined, first: number, every: number, length: number): void {
    const { samples } = this
    samples.copyWithin(0, this.#length, this.#length + WINDOW)
    this.#length = length
    if (!from) {
      samples.fill(0, WINDOW, WINDOW + length)
      this.#silent += length
      return
    }
    this.#silent = 0
    for (let i = 0; i < length; i++) samples[WINDOW + i] = from[first + i * every] ?? 0
  }

  /** The value in the middle of those up to the n-th of the piece, halfway between two samples. */
  between(n: number): number {
    const { samples } = this
    let sum = 0
    for (let k = 0; k < SIDE; k++)
      sum += (TAPS[k] ?? 0) * ((samples[n + SIDE - k] ?? 0) + (samples[n + SIDE + 1 + k] ?? 0))
    return sum
  }

  /** The sample before that middle. */
  before(n: number): number {
    return this.samples[n + SIDE] ?? 0
  }

  /** The sample behind it. */
  behind(n: number): number {
    return this.samples[n + SIDE + 1] ?? 0
  }
}

export class Interpolator {
  readonly #line = new Line()

  /**
   * Makes two samples of each one.
   * @param from half as many as `into`; undefined: silence
   * @returns false where there is nothing to hear: `into` is then as it was
   */
  take(from: Samples | undefined, into: Samples): boolean {
    const line = this.#line
    let sounds = false
    for (let at = 0; 2 * at < into.length; at += PIECE) {
      const length = Math.min(PIECE, into.length / 2 - at)
      line.put(from, at, 1, length)
      if (line.isSilent && !sounds) continue
      sounds = true
      for (let n = 0; n < length; n++) {
        into[2 * (at + n)] = line.before(n)
        into[2 * (at + n) + 1] = line.between(n)
      }
    }
    return sounds
  }
}

export class Decimator {
  readonly #even = new Line()
  readonly #odd = new Line()

  /**
   * Makes one sample of each two.
   * @param from twice as many as `into`; undefined: silence
   * @returns false where there is nothing to hear: `into` is then as it was
   */
  take(from: Samples | undefined, into: Samples): boolean {
    const even = this.#even
    const odd = this.#odd
    let sounds = false
    for (let at = 0; at < into.length; at += PIECE) {
      const length = Math.min(PIECE, into.length - at)
      even.put(from, 2 * at, 2, length)
      odd.put(from, 2 * at + 1, 2, length)
      if (odd.isSilent && !sounds) continue
      sounds = true
      for (let n = 0; n < length; n++) into[at + n] = 0.5 * (even.behind(n) + odd.between(n))
    }
    return sounds
  }
}
