/**
 * G.722 (ITU-T G.722, 11/88, mode 1): 7 kHz of sound in 64 kbit/s. 16,000 samples a second are split into two halves of the
 * band, each of which is coded by what its samples differ from their prediction (ADPCM): six bits and two, a byte for each
 * two samples.
 *
 * Coder and decoder remember what was before. Both forget within a fraction of a second, so that one may begin in the
 * middle, or go on behind a loss.
 */
import { Band, HIGH, LOW, short } from './band.ts'
import { half, Joiner, Splitter } from './filter-bank.ts'
import {
  HIGH_GROWTHS,
  HIGH_LEVELS,
  highCodeOf,
  LEVELS_6,
  LOW_GROWTHS,
  LOW_LEVELS,
  lowCodeOf,
} from './quantizers.ts'

export class G722Encoder {
  readonly #splitter = new Splitter()
  readonly #low = new Band(LOW)
  readonly #high = new Band(HIGH)

  /** Goes on where another one is: whoever has decoded that one's bytes so far may go on with this one's. */
  follow(other: G722Encoder): void {
    this.#splitter.follow(other.#splitter)
    this.#low.follow(other.#low)
    this.#high.follow(other.#high)
  }

  /** Codes an even number of samples, a byte for each two. */
  encode(samples: Int16Array | Int32Array, into: Uint8Array): void {
    const splitter = this.#splitter
    const low = this.#low
    const high = this.#high
    for (let i = 0; 2 * i < samples.length; i++) {
      splitter.take(samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0)
      const below = lowCodeOf(short(splitter.low - low.predicted), low.step)
      low.go(LOW_LEVELS[below] ?? 0, LOW_GROWTHS[below] ?? 0)
      const above = highCodeOf(short(splitter.high - high.predicted), high.step)
      high.go(HIGH_LEVELS[above] ?? 0, HIGH_GROWTHS[above] ?? 0)
      into[i] = (above << 6) | below
    }
  }
}

export class G722Decoder {
  readonly #joiner = new Joiner()
  readonly #low = new Band(LOW)
  readonly #high = new Band(HIGH)

  /** Decodes the bytes from `start` to `end` to two samples each, which are put at `first` and behind it. */
  decode(bytes: Uint8Array, start: number, end: number, into: Int16Array, first = 0): void {
    for (let i = start, at = first; i < end; i++, at += 2) this.#decodeOne(bytes[i] ?? 0, into, at)
  }

  #decodeOne(code: number, into: Int16Array, at: number): void {
    const joiner = this.#joiner
    const low = this.#low
    const high = this.#high
    const below = code & 0x3f
    const above = code >> 6
    // What is heard has all six bits.
    const lower = half(low.predicted + ((low.step * (LEVELS_6[below] ?? 0)) >> 15))
    const upper = half(high.predicted + ((high.step * (HIGH_LEVELS[above] ?? 0)) >> 15))
    low.go(LOW_LEVELS[below] ?? 0, LOW_GROWTHS[below] ?? 0)
    high.go(HIGH_LEVELS[above] ?? 0, HIGH_GROWTHS[above] ?? 0)
    joiner.take(lower, upper)
    into[at] = joiner.first
    into[at + 1] = joiner.second
  }
}
