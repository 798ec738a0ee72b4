import type { Clock } from '../../app/ports.ts'

/** At most `most` requests in `within` milliseconds. */
export type Rate = { readonly most: number; readonly within: number }

/** Teams' published limits for one bot in one conversation, below the hourly 1,800. */
export const TEAMS_RATES: readonly Rate[] = [
  { most: 7, within: 1000 },
  { most: 8, within: 2000 },
  { most: 60, within: 30_000 },
]

/**
 * One conversation's way out. Posts leave one after another, so that their order holds; every request, posts
 * and updates alike, passes the gate, which keeps to the rates and waits where the channel has said 429.
 */
export class Lane {
  readonly #clock: Clock
  readonly #rates: readonly Rate[]
  #sent: number[] = []
  #waiting: (() => void)[] = []
  #pausedUntil = 0
  #timed = false
  #tail: Promise<void> = Promise.resolve()
  #queued = 0

  constructor(clock: Clock, rates: readonly Rate[]) {
    this.#clock = clock
    this.#rates = rates
  }

  get idle(): boolean {
    return this.#queued === 0 && this.#waiting.length === 0 && this.#nextAt() <= this.#clock.now()
  }

  /** Runs a job when all that were queued before it have ended. */
  inOrder<T>(job: () => Promise<T>): Promise<T> {
    this.#queued += 1
    const result = this.#tail.then(job)
    const over = () => {
      this.#queued -= 1
    }
    this.#tail = result.then(over, over)
    return result
  }

  /** Resolves when one request may be sent; first come, first served. */
  gate(): Promise<void> {
    return new Promise((pass) => {
      this.#waiting.push(pass)
      this.#open()
    })
  }

  /** The channel wants nothing for this long: 429, whoever of the conversation was told. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  #open() {
    while (this.#waiting.length > 0) {
      const wait = this.#nextAt() - this.#clock.now()
      if (wait > 0) return this.#openIn(wait)
      this.#sent.push(this.#clock.now())
      this.#waiting.shift()?.()
    }
  }

  #openIn(wait: number) {
    if (this.#timed) return
    this.#timed = true
    this.#clock.after(wait, () => {
      this.#timed = false
      this.#open()
    })
  }

  #nextAt(): number {
    const longest = Math.max(...this.#rates.map((rate) => rate.within))
    this.#sent = this.#sent.filter((at) => at > this.#clock.now() - longest)
    const byRate = this.#rates.map(({ most, within }) => {
      const nth = this.#sent.at(-most)
      return nth === undefined ? 0 : nth + within
    })
    return Math.max(this.#pausedUntil, ...byRate)
  }
}
