/**
 * Bridges over what has not come (after the idea of ITU-T G.711 appendix I): the last pitch period is repeated, quieter
 * after 20 ms, and blended into what comes next. After 60 ms there is silence.
 */

/** Samples that are remembered: two of the longest periods. */
const PAST = 320
/** 200 Hz to 50 Hz, a multiple of a higher voice's. */
const SHORTEST = 40
const LONGEST = 160
const COMPARED = 160
// Samples that are made up at full loudness, and how many at most.
const FULL = 160
const SILENT = 480
const BLEND = 32

export class Concealer {
  readonly #line: Int16Array
  /** Samples that have been made up since the last one that came. */
  #hole = SILENT
  #period = SHORTEST
  #blend = 0
  #loudness = 0

  /** @param most samples of one turn at most */
  constructor(most: number) {
    this.#line = new Int16Array(PAST + most)
  }

  /**
   * Fills what is missing of the next samples, in place.
   * @param there 1 for each sample that has come
   * @returns false where there is nothing to hear: none has come, and what was before is too long ago
   */
  mend(samples: Int16Array, there: Uint8Array, length: number): boolean {
    const line = this.#line
    let sounds = false
    for (let i = 0; i < length; i++) {
      const at = PAST + i
      if (there[i] === 1) {
        sounds = true
        if (this.#hole > 0) this.#blend = this.#hole < SILENT ? BLEND : 0
        this.#hole = 0
        const came = samples[i] ?? 0
        line[at] = this.#blend > 0 ? this.#blended(at, came) : came
        samples[i] = line[at] ?? 0
      } else {
        if (this.#hole === 0) this.#period = periodBefore(line, at)
        sounds ||= this.#hole < SILENT
        const last = (line[at] = line[at - this.#period] ?? 0)
        this.#loudness = Math.max(0, Math.min(1, (SILENT - this.#hole) / (SILENT - FULL)))
        samples[i] = last * this.#loudness
        this.#hole++
      }
    }
    line.copyWithin(0, length, PAST + length)
    return sounds
  }

  #blended(at: number, came: number): number {
    const part = this.#blend-- / (BLEND + 1)
    return came * (1 - part) + (this.#line[at - this.#period] ?? 0) * this.#loudness * part
  }
}

/** The distance at which the last 20 ms are most like what was before them. */
function periodBefore(line: Int16Array, at: number): number {
  let best = SHORTEST
  let most = -Infinity
  for (let lag = SHORTEST; lag <= LONGEST; lag++) {
    let product = 0
    let power = 1
    for (let i = at - COMPARED; i < at; i += 2) {
      const before = line[i - lag] ?? 0
      product += (line[i] ?? 0) * before
      power += before * before
    }
    const likeness = product / Math.sqrt(power)
    if (likeness > most) [best, most] = [lag, likeness]
  }
  return best
}
