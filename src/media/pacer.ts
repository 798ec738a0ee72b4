/** Beats every 20 ms for all who listen, by the clock and not by the sum of timers, so that nothing drifts. */
export const BEAT = 20
// After a stall the missed beats are made up for, but not more than a phone's jitter buffer takes.
const MOST_AT_ONCE = 5

export class Pacer {
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #next = 0

  /** Calls `beat` every 20 ms from now on; the answer ends it. */
  add(beat: () => void): () => void {
    this.#listeners.add(beat)
    if (!this.#timer) {
      this.#next = performance.now() + BEAT
      this.#arm()
    }
    return () => this.#listeners.delete(beat)
  }

  #arm(): void {
    this.#timer = setTimeout(
      () => {
        this.#run()
      },
      Math.max(0, this.#next - performance.now()),
    )
  }

  #run(): void {
    const now = performance.now()
    let due = Math.floor((now - this.#next) / BEAT) + 1
    this.#next += due * BEAT
    due = Math.min(due, MOST_AT_ONCE)
    for (; due > 0; due--) for (const beat of this.#listeners) beat()
    this.#timer = undefined
    if (this.#listeners.size > 0) this.#arm()
  }
}
