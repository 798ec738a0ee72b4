import type { SipRequest } from '../message/message.ts'
import type { Source } from '../transport/transports.ts'
import type { ServerTransaction, ServerWiring } from './server.ts'

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'

/**
 * Server transaction of any request but INVITE and ACK (RFC 3261 17.2.2).
 *
 *          request
 *             │
 *             ▼   request: swallowed
 *          trying ──── 1xx sent ──► proceeding
 *             │                 request: 1xx again
 *  200-699    │                         │ 200-699 sent
 *  sent       ▼                         ▼
 *         completed ◄───────────────────┘
 *   request: response again
 *             └───── J ──► terminated
 */
export class ServerOther implements ServerTransaction {
  state: State = 'trying'
  readonly #wiring: ServerWiring
  #last: Buffer | undefined

  constructor(wiring: ServerWiring) {
    this.#wiring = wiring
  }

  get request(): SipRequest {
    return this.#wiring.request
  }

  get source(): Source {
    return this.#wiring.source
  }

  get answered(): boolean {
    return this.state === 'completed' || this.state === 'terminated'
  }

  respond(status: number, bytes: Buffer): void {
    if (this.answered) return
    this.#last = bytes
    this.#wiring.send(bytes)
    if (status < 200) {
      this.state = 'proceeding'
      return
    }
    this.state = 'completed'
    const { reliable, clock, timers } = this.#wiring
    if (reliable) this.#terminate()
    else clock.after(timers.life, () => this.#terminate())
  }

  receive(_request: SipRequest): void {
    if (this.#last && this.state !== 'terminated') this.#wiring.send(this.#last)
  }

  #terminate(): void {
    this.state = 'terminated'
    this.#last = undefined
    this.#wiring.ended()
  }
}
