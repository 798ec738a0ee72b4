/**
 * Bridges over what has not come (after the idea of ITU-T G.711 appendix I): the last pitch period is repeated, quieter
 * after 20 ms, and blended into what comes next. After 60 ms there is silence.
 */

// In ticks of 8,000 a second, each of which has a sample or two.
/** What is remembered: two of the longest periods. */
const PAST = 320
/** 200 Hz to 50 Hz, a multiple of a higher voice's. */
const SHORTEST = 40
const LONGEST = 160
const COMPARED = 160
// What is made up at full loudness, and how much at most.
const FULL = 160
const SILENT = 480
const BLEND = 32

export class Concealer {
  readonly #line: Int16Array
  readonly #perTick: 1 | 2
  /** Samples that have been made up since the last one that came. */
  #hole: number
  #period = 0
  #blend = 0
  #loudness = 0

  /**
   * @param most ticks of one turn at most
   * @param perTick samples of each
   */
  constructor(most: number, perTick: 1 | 2) {
    this.#perTick = perTick
    this.#line = new Int16Array((PAST + most) * perTick)
    this.#hole = SILENT * perTick
  }

  /**
   * Fills what is missing of the next samples, in place.
   * @param there 1 for each tick that has come
   * @param ticks how many
   * @returns false where there is nothing to hear: none has come, and what was before is too long ago
   */
  mend(samples: Int16Array, there: Uint8Array, ticks: number): boolean {
    const line = this.#line
    const perTick = this.#perTick
    const [past, full, silent, blend] = [PAST * perTick, FULL * perTick, SILENT * perTick, BLEND * perTick]
    const length = ticks * perTick
    // Almost always.
    if (this.#hole === 0 && this.#blend === 0 && !there.subarray(0, ticks).includes(0)) {
      line.copyWithin(0, length, past)
      line.set(samples.subarray(0, length), past - length)
      return true
    }
    let sounds = false
    for (let i = 0; i < length; i++) {
      const at = past + i
      if (there[perTick === 1 ? i : i >> 1] === 1) {
        sounds = true
        if (this.#hole > 0) this.#blend = this.#hole < silent ? blend : 0
        this.#hole = 0
        const came = samples[i] ?? 0
        line[at] = this.#blend > 0 ? this.#blended(at, came) : came
        samples[i] = line[at] ?? 0
      } else {
        if (this.#hole === 0) this.#period = periodBefore(line, at, perTick)
        sounds ||= this.#hole < silent
        const last = (line[at] = line[at - this.#period] ?? 0)
        this.#loudness = Math.max(0, Math.min(1, (silent - this.#hole) / (silent - full)))
        samples[i] = last * this.#loudness
        this.#hole++
      }
    }
    line.copyWithin(0, length, past + length)
    return sounds
  }

  #blended(at: number, came: number): number {
    const part = this.#blend-- / (BLEND * this.#perTick + 1)
    return came * (1 - part) + (this.#line[at - this.#period] ?? 0) * this.#loudness * part
  }
}

/** The distance at which the last 20 ms are most like what was before them. */
function periodBefore(line: Int16Array, at: number, perTick: 1 | 2): number {
  let best = SHORTEST * perTick
  let most = -Infinity
  for (let lag = SHORTEST * perTick; lag <= LONGEST * perTick; lag += perTick) {
    let product = 0
    let power = 1
    for (let i = at - COMPARED * perTick; i < at; i += 2 * perTick) {
      const before = line[i - lag] ?? 0
      product += (line[i] ?? 0) * before
      power += before * before
    }
    const likeness = product / Math.sqrt(power)
    if (likeness > most) [best, most] = [lag, likeness]
  }
  return best
}
