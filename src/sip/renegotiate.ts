/** Our re-INVITEs on one leg: one at a time, through glare, time-outs and the end of the leg. */
import type { Clock } from '../app/ports.ts'
import type { Response, SentRequest } from './connection.ts'
import type { LegMedia } from './leg-media.ts'
import type { Wire } from './wire.ts'

/** The leg, as its re-INVITEs see it. */
export interface Negotiating {
  readonly wire: Wire
  readonly media: LegMedia
  readonly dialog: string | undefined
  /** It is answered, and nobody has ended it. */
  readonly answered: boolean
  dialogGone(detail: string): void
}

/** What came of a re-INVITE. An answered one has to be acknowledged by whoever asked for it. */
export type Renegotiated =
  | { readonly kind: 'answered'; readonly text: string; ack(body?: string): void }
  | { readonly kind: 'refused'; readonly status: number }
  /** The leg is over. */
  | { readonly kind: 'gone' }

// A phone answers a re-INVITE by itself; while one phone is waited for, the other repeats its 2xx (32 s at most).
const LONGEST_ANSWER = 8_000
const MOST_TRIES = 4
// RFC 3261 14.1: whoever made the Call-ID waits 2.1 to 4 s.
const GLARE = { least: 2_100, most: 4_000 }

export class Renegotiator {
  readonly #leg: Negotiating
  readonly #clock: Clock
  #turn: Promise<unknown> = Promise.resolve()
  #abandon: (() => void) | undefined
  #pending = false
  /** A 2xx came after we had given up: the far side has taken an offer that nobody stands by any more. */
  onLate: (() => void) | undefined

  constructor(leg: Negotiating, clock: Clock) {
    this.#leg = leg
    this.#clock = clock
  }

  /** A re-INVITE of ours waits for its answer: one from there is glare (RFC 3261 14.2). */
  get pending(): boolean {
    return this.#pending
  }

  /**
   * Sends a re-INVITE, behind those under way. 491 is tried again after the waits of RFC 3261 14.1.
   * @param body makes the offer when it is sent; it gets called once for each try. Undefined: the far side offers
   */
  reinvite(body?: () => string): Promise<Renegotiated> {
    const turn = this.#turn.then(() => this.#tries(body))
    // What it brought is not kept for as long as the call lasts.
    this.#turn = turn.then(() => undefined)
    return turn
  }

  /** The leg ends: what waits is told so. */
  abandon(): void {
    this.#abandon?.()
  }

  async #tries(body: (() => string) | undefined): Promise<Renegotiated> {
    for (let tries = 1; ; tries++) {
      const result = await this.#once(body?.())
      if (result.kind !== 'refused' || result.status !== 491 || tries === MOST_TRIES) return result
      await this.#wait(GLARE.least + 10 * Math.floor((Math.random() * (GLARE.most - GLARE.least)) / 10))
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#clock.after(ms, resolve)
      this.#abandon = () => {
        stop()
        resolve()
      }
    })
  }

  #once(body: string | undefined): Promise<Renegotiated> {
    const { dialog, wire } = this.#leg
    if (dialog === undefined || !this.#leg.answered) return Promise.resolve({ kind: 'gone' })
    return new Promise((resolve) => {
      let sent: SentRequest | undefined
      let settled = false
      const settle = (result: Renegotiated) => {
        if (settled) return
        settled = true
        stop()
        this.#pending = false
        this.#abandon = undefined
        resolve(result)
      }
      const stop = this.#clock.after(LONGEST_ANSWER, () => {
        settle({ kind: 'refused', status: 408 })
        sent?.cancel(() => undefined)
      })
      this.#pending = true
      this.#abandon = () => {
        settle({ kind: 'gone' })
      }
      const headers = { 'User-Agent': 'Dialback' }
      wire.request(
        { method: 'INVITE', dialog, headers, ...(body === undefined ? {} : { body }) },
        {
          sent: (it) => {
            sent = it
          },
          failed: () => {
            settle({ kind: 'refused', status: 500 })
          },
          response: (response) => {
            if (response.status < 200) return
            if (!settled) return this.#onFinal(response, settle)
            // The leg is ending, or we had given up on this answer: it is acknowledged all the same.
            if (response.status < 300) this.#onLate(response, body === undefined)
          },
        },
      )
    })
  }

  #onFinal(response: Response, settle: (result: Renegotiated) => void): void {
    const { status } = response
    if (status < 300) {
      const ack = (body?: string) => {
        response.ack(body)
      }
      return settle({ kind: 'answered', text: response.body, ack })
    }
    settle({ kind: 'refused', status })
    // RFC 3261 12.2.1.2 names 408 as well, but people who hear each other over the relay need not be cut off.
    if (status === 481) this.#leg.dialogGone('481 to a re-INVITE')
  }

  #onLate(response: Response, theyOffered: boolean): void {
    if (!this.#leg.answered) return response.ack()
    if (theyOffered) return response.ack(this.#leg.media.answerAnyhow(response.body))
    response.ack()
    this.onLate?.()
  }
}
