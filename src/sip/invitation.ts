/**
 * One INVITE of a leg, by one way: what it has brought so far, and its CANCEL. What becomes of the leg is the leg's.
 *
 *   sent ──100──► heard ──18x──► ringing ──2xx──► answered
 *     │             └──────────────┴── 300-699 ──► refused
 *     ├── nothing for 10 s ──► silent, and goes on
 *     └── could not be sent ──► failed
 */
import type { Clock } from '../app/ports.ts'
import type { Answerer } from '../core/call/call.ts'
import { answererOf } from './answerer.ts'
import type { IncomingRequest, OutgoingRequest, Response, SentRequest } from './connection.ts'
import { unreached } from './trunk-line.ts'
import type { Way } from './ways.ts'
import type { Wire } from './wire.ts'

/** The leg, as its INVITE sees it. */
export type Inviting = {
  provisional(response: Response, invitation: Invitation): void
  /** A 2xx: of every fork that answers. */
  answered(response: Response, invitation: Invitation): void
  refused(response: Response, invitation: Invitation): void
  /** It could not be sent; nothing else follows. */
  failed(why: string, invitation: Invitation): void
  /** Nobody has answered anything: it may ring all the same, its answers lost. */
  silent(invitation: Invitation): void
  /** UPDATE before the answer (RFC 3311). */
  update(request: IncomingRequest): void
}

// A PBX that is there says at least 100, within 200 ms (RFC 3261 17.2.1); timer B's 32 s are too long to wait for.
const LONGEST_SILENCE = 10_000
/** Any other 18x may be an announcement on the way to somebody. */
const FORWARDED = 181

export class Invitation {
  readonly way: Way
  readonly #leg: Inviting
  #sent: SentRequest | undefined
  #highest = 0
  #leadsTo: Answerer | undefined
  #cancel: 'no' | 'wanted' | 'taken' = 'no'
  #stopWaiting: (() => void) | undefined
  /** A response has brought early media that can be used. */
  earlyMedia = false
  /** The PBX has said that it leads the call on to somebody else. */
  forwarded = false

  constructor(way: Way, leg: Inviting, clock: Clock) {
    this.way = way
    this.#leg = leg
    this.#stopWaiting = clock.after(LONGEST_SILENCE, () => {
      leg.silent(this)
    })
  }

  /** The highest provisional status so far: 100, say, rings nobody. */
  get heard(): number {
    return this.#highest
  }

  /** The machine that the PBX has said it forwards the call to (181), where it has. */
  get leadsTo(): Answerer | undefined {
    return this.#leadsTo
  }

  /** A CANCEL has gone out: the server ends by itself whatever crosses it. */
  get cancelled(): boolean {
    return this.#cancel === 'taken'
  }

  /** Sends it, once. */
  send(request: OutgoingRequest, wire: Wire): void {
    const { line, hop } = this.way
    wire.request(request, {
      sent: (sent) => {
        this.#sent = sent
        if (this.#cancel === 'wanted') this.#sendCancel(sent)
      },
      failed: (why) => {
        this.stopWaiting()
        this.#leg.failed(why, this)
      },
      response: (response) => {
        this.stopWaiting()
        if (unreached(response) === undefined) line.answered(hop)
        if (response.status < 200) {
          this.#highest = Math.max(this.#highest, response.status)
          if (response.status === FORWARDED) {
            this.forwarded = true
            this.#leadsTo = answererOf(response)
          }
          this.#leg.provisional(response, this)
        } else if (response.status < 300) this.#leg.answered(response, this)
        else this.#leg.refused(response, this)
      },
      update: (request) => {
        wire.record('in', request.raw)
        this.#leg.update(request)
      },
    })
  }

  /** Cancels it; the server holds the CANCEL back until a provisional response is there (RFC 3261 9.1). */
  cancel(): void {
    this.stopWaiting()
    this.#cancel = 'wanted'
    if (this.#sent) this.#sendCancel(this.#sent)
  }

  /** Its silence means nothing any more. */
  stopWaiting(): void {
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
  }

  #sendCancel(sent: SentRequest): void {
    sent.cancel((raw) => {
      this.#cancel = raw === undefined ? 'no' : 'taken'
    })
  }
}
