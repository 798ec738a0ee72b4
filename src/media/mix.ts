/** The sum of what sounds in a room, for 20 ms, at one rate; and what is heard of it: by all, or by one without itself. */
import { Limiter } from './limiter.ts'

export type Samples = Int16Array | Int32Array

/** What makes one hear otherwise than all. */
export type Apart = {
  /** What is in the sum of itself. */
  readonly own: Samples | undefined
  /** A tone for it alone. */
  readonly note: Samples | undefined
  /** What it hears is turned down for it alone. */
  readonly limiter: Limiter
}

export class Mix {
  readonly sum: Int32Array
  /** How many are in it. */
  sounds = 0
  readonly #limiter = new Limiter()
  readonly #mine: Int32Array
  readonly #mixed: Int16Array
  readonly #all: Int16Array
  #isLimited = false

  /** @param samples of 20 ms */
  constructor(samples: number) {
    this.sum = new Int32Array(samples)
    this.#mine = new Int32Array(samples)
    this.#mixed = new Int16Array(samples)
    this.#all = new Int16Array(samples)
  }

  /** The next 20 ms. */
  begin(): void {
    this.sum.fill(0)
    this.sounds = 0
    this.#isLimited = false
  }

  add(samples: Samples): void {
    const { sum } = this
    this.sounds++
    for (let i = 0; i < samples.length; i++) sum[i] = (sum[i] ?? 0) + (samples[i] ?? 0)
  }

  /** What is heard by all who are not in it, made where somebody asks; undefined: there is nothing to hear. */
  all(): Int16Array | undefined {
    if (this.sounds === 0) return undefined
    if (!this.#isLimited) this.#limiter.limit(this.sum, this.#all)
    this.#isLimited = true
    return this.#all
  }

  /** What one hears who does not hear what all do. It is another's at the next call. */
  forOne({ own, note, limiter }: Apart): Int16Array | undefined {
    if (this.sounds === (own ? 1 : 0) && !note) return undefined
    const { sum } = this
    const mine = this.#mine
    if (own) for (let i = 0; i < mine.length; i++) mine[i] = (sum[i] ?? 0) - (own[i] ?? 0)
    else mine.set(sum)
    if (note) for (let i = 0; i < note.length; i++) mine[i] = (mine[i] ?? 0) + (note[i] ?? 0)
    limiter.limit(mine, this.#mixed)
    return this.#mixed
  }
}
