import type { Clock } from '../../app/ports.ts'
import { Windows } from './rates.ts'
import type { Rate } from './rates.ts'
import type { Entrance, Road } from './road.ts'

/** A place in the queue at the gate. */
export type Ticket = {
  /** Resolves when the request may leave. */
  readonly passed: Promise<void>
  /** What is to leave has become urgent. */
  hurry(): void
}

type Waiting = { urgent: boolean; pass: () => void }

/** After so long without a request a conversation's lane may be forgotten. */
const QUIET_MS = 60_000

/**
 * One conversation's way out. Posts leave one after another, so that their order holds; every request, posts
 * and updates alike, passes the gate, which keeps to the rates and waits where the channel has said 429.
 */
export class Lane implements Entrance {
  readonly #clock: Clock
  readonly #road: Road
  readonly #windows: Windows
  readonly #waiting: Waiting[] = []
  #pausedUntil = -Infinity
  #joined = false
  #timed = false
  #tail: Promise<void> = Promise.resolve()
  #queued = 0

  constructor(clock: Clock, rates: readonly Rate[], road: Road) {
    this.#clock = clock
    this.#road = road
    this.#windows = new Windows(rates)
  }

  /** Nothing is to be remembered of it. */
  get idle(): boolean {
    const now = this.#clock.now()
    const waits = this.#queued > 0 || this.#waiting.length > 0
    return !waits && this.#pausedUntil <= now && this.#windows.lastAt + QUIET_MS <= now
  }

  /** How many posts have not left yet. */
  get queued(): number {
    return this.#queued
  }

  get urgent(): boolean {
    return this.#waiting.some((one) => one.urgent)
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

  /** Queues one request: urgent ones go first, then first come, first served. */
  gate(urgent: boolean): Ticket {
    const waiting: Waiting = { urgent, pass: () => undefined }
    const passed = new Promise<void>((resolve) => (waiting.pass = resolve))
    this.#waiting.push(waiting)
    this.#join()
    return {
      passed,
      hurry: () => {
        waiting.urgent = true
      },
    }
  }

  /** The channel wants nothing for this long: 429, whoever of the conversation was told. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  pass(): boolean {
    this.#joined = false
    const now = this.#clock.now()
    const may = this.#nextAt <= now
    if (may) {
      this.#windows.sent(now)
      const first = Math.max(
        0,
        this.#waiting.findIndex((one) => one.urgent),
      )
      this.#waiting.splice(first, 1)[0]?.pass()
    }
    this.#join()
    return may
  }

  /** Joins the road as soon as the conversation's own rates allow, where somebody waits. */
  #join(): void {
    if (this.#joined || this.#timed || this.#waiting.length === 0) return
    const wait = this.#nextAt - this.#clock.now()
    if (wait <= 0) {
      this.#joined = true
      this.#road.join(this)
      return
    }
    this.#timed = true
    this.#clock.after(wait, () => {
      this.#timed = false
      this.#join()
    })
  }

  get #nextAt(): number {
    return Math.max(this.#pausedUntil, this.#windows.nextAt)
  }
}
