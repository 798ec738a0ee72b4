/**
 * Hears when somebody has finished speaking: an announcement of unknown length, on a line that may be noisy.
 *
 * The last second is uniformly quieter, by 10 dB, than something that was heard before for at least 160 ms. No level of
 * the line is assumed: noise, however loud, is quieter than the speech over it, and a beep counts as speech does. A line
 * that is the same for five seconds, silent or noisy, says nothing, and will not.
 */

const FRAME_MS = 20
/** Frames over which a level is smoothed: the gaps inside a word are none. */
const SMOOTH = 5
/** Milliseconds without speech that end an announcement; between its sentences there is less. */
const QUIET_MS = 1000
const QUIET = QUIET_MS / FRAME_MS
/** Milliseconds of the same, from the beginning on, after which nobody is expected to speak: bridges begin sooner. */
const SAME_MS = 5000
const SAME = SAME_MS / FRAME_MS
/** Frames that something has to be heard for, so that a click is no speech. */
const HEARD = 8
const LOUDER_DB = 10
/** Quieter than that is nothing that anybody says (dB below the loudest sine). */
const FAINT_DB = 50
const BINS = 100

export class PauseListener {
  readonly #squares: number[] = []
  readonly #recent: number[] = []
  readonly #histogram = new Uint32Array(BINS)

  /**
   * Takes the next 20 ms.
   * @param samples 16-bit; none where nothing came
   * @returns whether somebody has spoken, and has finished; or does not begin to
   */
  hear(samples: Int16Array | undefined): boolean {
    let sum = 0
    if (samples && samples.length > 0) {
      for (const sample of samples) sum += sample * sample
      sum /= samples.length
    }
    this.#squares.push(sum)
    if (this.#squares.length > SMOOTH) this.#squares.shift()
    const mean = this.#squares.reduce((a, b) => a + b, 0) / this.#squares.length
    const level = binOf(mean)
    this.#histogram[level] = (this.#histogram[level] ?? 0) + 1
    this.#recent.push(level)
    if (this.#recent.length > SAME) this.#recent.shift()
    if (this.#recent.length < QUIET) return false
    const loudest = this.#loudest()
    if (loudest >= BINS - FAINT_DB && loudest - Math.max(...this.#recent.slice(-QUIET)) >= LOUDER_DB)
      return true
    return this.#recent.length === SAME && isSame(this.#recent)
  }

  /** The level that was reached for long enough. */
  #loudest(): number {
    let frames = 0
    for (let level = BINS - 1; level > 0; level--) {
      frames += this.#histogram[level] ?? 0
      if (frames >= HEARD) return level
    }
    return 0
  }
}

/** Nothing in it stands out; what nobody could hear is all one. */
function isSame(levels: readonly number[]): boolean {
  const heard = levels.map((level) => Math.max(level, BINS - FAINT_DB))
  return Math.max(...heard) - Math.min(...heard) < LOUDER_DB
}

/** Decibels above the faintest sound that 16 bits have, 0 to 99; the loudest sine is near 99 - 3. */
const binOf = (meanSquare: number): number =>
  Math.max(
    0,
    Math.min(BINS - 1, Math.round(BINS - 1 + 10 * Math.log10(Math.max(meanSquare, 1e-9) / 2 ** 30))),
  )
