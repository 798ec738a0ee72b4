/** Milliseconds in which the second key follows the first, or is another wish. */
const TOGETHER = 4_000

/** Hears `*6` among the keys of one phone: what bridges everywhere take for "mute me". */
export class StarSix {
  #starredAt = -Infinity

  /** @returns whether this key completes it */
  hear(key: string, now: number): boolean {
    const complete = key === '6' && now - this.#starredAt <= TOGETHER
    this.#starredAt = key === '*' ? now : -Infinity
    return complete
  }
}
