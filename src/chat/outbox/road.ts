import type { Clock } from '../../app/ports.ts'
import { Windows } from './rates.ts'
import type { Rate } from './rates.ts'

/** One conversation's way onto the road. */
export type Entrance = {
  /** Somebody waits there whom others should let go first. */
  readonly urgent: boolean
  /** Lets the first pass. False where the conversation must wait after all. */
  pass(): boolean
}

/** Of so many requests one is for who has waited longest, urgent or not: nothing waits for ever. */
const FAIR_SHARE = 5

/**
 * The way of all that the bot sends on one channel, which limits an app in all conversations together.
 *
 *   conversation ── lane ──┐
 *   conversation ── lane ──┼── road ──► channel
 *   conversation ── lane ──┘
 *
 * Conversations take turns, so that a busy one holds up nobody; answers, first cards and final states go before states
 * that pass. What waits is merged meanwhile: a card leaves with the state that it has then.
 */
export class Road {
  readonly #clock: Clock
  readonly #windows: Windows
  readonly #ready: Entrance[] = []
  #passed = 0
  #timed = false
  #opening = false

  constructor(clock: Clock, rates: readonly Rate[]) {
    this.#clock = clock
    this.#windows = new Windows(rates)
  }

  /** A conversation may send something now, and is let pass once when its turn comes. */
  join(entrance: Entrance): void {
    this.#ready.push(entrance)
    this.#open()
  }

  #open(): void {
    // Who passes may join again at once.
    if (this.#opening) return
    this.#opening = true
    while (this.#ready.length > 0) {
      const wait = this.#windows.nextAt - this.#clock.now()
      if (wait > 0) {
        this.#openIn(wait)
        break
      }
      const next = this.#next()
      if (!next?.pass()) continue
      this.#passed += 1
      this.#windows.sent(this.#clock.now())
    }
    this.#opening = false
  }

  #next(): Entrance | undefined {
    const longest = this.#passed % FAIR_SHARE === FAIR_SHARE - 1
    const urgent = longest ? -1 : this.#ready.findIndex((entrance) => entrance.urgent)
    return this.#ready.splice(Math.max(0, urgent), 1)[0]
  }

  #openIn(wait: number): void {
    if (this.#timed) return
    this.#timed = true
    this.#clock.after(wait, () => {
      this.#timed = false
      this.#open()
    })
  }
}
