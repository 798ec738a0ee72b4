/**
 * Makes 16-bit samples of a sum of voices. Where it is too loud it is turned down within 2 ms, and up again in about a
 * second: several who speak at once stay clear, where cutting off their peaks would rasp.
 */
const MOST = 32_000
/** Of a frame: 2 ms. */
const ATTACK = 0.1
const RELEASE = 0.02

export class Limiter {
  #gain = 1

  /** One frame. */
  limit(sum: Int32Array, into: Int16Array): void {
    const { length } = into
    let peak = 0
    for (const sample of sum) peak = Math.max(peak, Math.abs(sample))
    if (peak <= MOST && this.#gain === 1) return into.set(sum)
    const most = Math.min(1, MOST / Math.max(1, peak))
    const before = this.#gain
    const after = Math.min(most, before + RELEASE)
    this.#gain = after
    for (let i = 0; i < length; i++) {
      // Down at once, up evenly.
      const part = after < before ? Math.min(1, i / (ATTACK * length)) : i / length
      const sample = (sum[i] ?? 0) * (before + (after - before) * part)
      into[i] = Math.max(-32_768, Math.min(32_767, sample))
    }
  }
}
