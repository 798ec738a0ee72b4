/** A wait for somebody to finish speaking, with an end: by the clock, since nothing has to come of a line that is silent. */
import { BEAT } from './pacer.ts'
import { PauseListener } from './pause.ts'

/** Milliseconds that a packet may be late before its time counts as silence. */
const LATE = 100

export class PauseWait {
  readonly #listener = new PauseListener()
  readonly #until: number
  #heardTo: number

  /** @param most milliseconds after which it is over in any case */
  constructor(now: number, most: number) {
    this.#until = now + most
    this.#heardTo = now
  }

  /**
   * Takes 20 ms of the far side, or the time in which nothing came, up to now.
   * @returns whether the wait is over
   */
  isOver(now: number, samples?: Int16Array): boolean {
    let over = now >= this.#until
    // A packet may be late; where nothing comes for longer, nothing is said.
    for (; this.#heardTo < now - LATE && !over; this.#heardTo += BEAT) over = this.#listener.hear(undefined)
    if (!samples || over) return over
    this.#heardTo = Math.max(this.#heardTo + BEAT, now)
    return this.#listener.hear(samples)
  }
}
