/** Keys that go to a phone as INFO: one request after the other, since a phone drops what overtakes. */
import type { Clock } from '../app/ports.ts'
import type { RequestUser, OutgoingRequest } from './connection.ts'

/** Digits that somebody keys faster than the far side answers; more is no dialling. */
const MOST_WAITING = 64
/** Milliseconds of its tone, for a PBX that makes tones of them. */
const TONE = 160
/** From one key to the next at least: faster ones would run together there. */
const STEP = 240

export class InfoKeys {
  readonly #clock: Clock
  readonly #send: (request: Omit<OutgoingRequest, 'dialog'>, user: RequestUser) => void
  #waiting = ''
  #busy = false

  /** @param send sends a request inside the leg's dialog */
  constructor(clock: Clock, send: (request: Omit<OutgoingRequest, 'dialog'>, user: RequestUser) => void) {
    this.#clock = clock
    this.#send = send
  }

  key(digit: string): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting += digit
    this.#next()
  }

  #next(): void {
    const digit = this.#waiting[0]
    if (this.#busy || digit === undefined) return
    this.#waiting = this.#waiting.slice(1)
    this.#busy = true
    // Its answer, and its time.
    let awaited = 2
    const done = () => {
      awaited -= 1
      if (awaited > 0) return
      this.#busy = false
      this.#next()
    }
    this.#clock.after(STEP, done)
    this.#send(
      {
        method: 'INFO',
        headers: { 'Content-Type': 'application/dtmf-relay' },
        body: `Signal=${digit}\r\nDuration=${TONE}\r\n`,
      },
      {
        failed: done,
        response: ({ status }) => {
          if (status >= 200) done()
        },
      },
    )
  }
}
