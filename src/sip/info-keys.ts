/** Keys that go to a phone as INFO: one request after the other, since a phone drops what overtakes. */
import type { RequestUser, OutgoingRequest } from './connection.ts'

/** Digits that somebody keys faster than the far side answers; more is no dialling. */
const MOST_WAITING = 64

export class InfoKeys {
  readonly #send: (request: Omit<OutgoingRequest, 'dialog'>, user: RequestUser) => void
  #waiting = ''
  #busy = false

  /** @param send sends a request inside the leg's dialog */
  constructor(send: (request: Omit<OutgoingRequest, 'dialog'>, user: RequestUser) => void) {
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
    const done = () => {
      this.#busy = false
      this.#next()
    }
    this.#send(
      {
        method: 'INFO',
        headers: { 'Content-Type': 'application/dtmf-relay' },
        body: `Signal=${digit}\r\nDuration=160\r\n`,
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
