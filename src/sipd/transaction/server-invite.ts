import type { SipRequest } from '../message/message.ts'
import type { Source } from '../transport/transports.ts'
import type { ServerTransaction, ServerWiring } from './server.ts'

type State = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated'

/**
 * INVITE server transaction (RFC 3261 17.2.1, RFC 6026 7.1). The 2xx is repeated by the dialog layer.
 *
 *             INVITE
 *               │   INVITE: last provisional again
 *               ▼
 *          proceeding ────── 300-699 sent ──► completed ── H ──────┐
 *        2xx    │                    G, INVITE: response again     │
 *        sent   │                                 │ ACK            │
 *               ▼                                 ▼                ▼
 *           accepted ── L ─────────────────► confirmed ── I ► terminated
 *   INVITE: swallowed, ACK: handed up          ACK: swallowed      ▲
 *               └──────────────────────────────────────────────────┘
 */
export class ServerInvite implements ServerTransaction {
  state: State = 'proceeding'
  readonly #wiring: ServerWiring
  readonly #ack: (ack: SipRequest) => void
  #last: Buffer | undefined
  #stopRepeat: () => void = () => undefined
  #stopLife: () => void = () => undefined

  /** @param ack hands up an ACK that came with the INVITE's own branch after a 2xx (RFC 2543 peers) */
  constructor(wiring: ServerWiring, ack: (ack: SipRequest) => void) {
    this.#wiring = wiring
    this.#ack = ack
  }

  get request(): SipRequest {
    return this.#wiring.request
  }

  get source(): Source {
    return this.#wiring.source
  }

  get answered(): boolean {
    return this.state !== 'proceeding'
  }

  /** Sends a response, in state accepted also the 2xx again. */
  respond(status: number, bytes: Buffer): void {
    const { send, clock, timers, reliable } = this.#wiring
    if (this.state === 'accepted' && status >= 200 && status < 300) send(bytes)
    if (this.state !== 'proceeding') return
    send(bytes)
    if (status < 200) {
      this.#last = bytes
      return
    }
    if (status < 300) {
      this.state = 'accepted'
      this.#last = undefined
      this.#stopLife = clock.after(timers.life, () => this.#terminate())
      return
    }
    this.state = 'completed'
    this.#last = bytes
    if (!reliable) this.#repeat(timers.t1)
    this.#stopLife = clock.after(timers.life, () => this.#terminate())
  }

  receive(request: SipRequest): void {
    if (request.method !== 'ACK') {
      if ((this.state === 'proceeding' || this.state === 'completed') && this.#last)
        this.#wiring.send(this.#last)
      return
    }
    if (this.state === 'accepted') this.#ack(request)
    if (this.state !== 'completed') return
    this.state = 'confirmed'
    this.#stopRepeat()
    this.#stopLife()
    this.#last = undefined
    const { reliable, clock, timers } = this.#wiring
    if (reliable) this.#terminate()
    else this.#stopLife = clock.after(timers.t4, () => this.#terminate())
  }

  #repeat(interval: number): void {
    const { clock, timers, send } = this.#wiring
    this.#stopRepeat = clock.after(interval, () => {
      if (this.#last) send(this.#last)
      this.#repeat(Math.min(interval * 2, timers.t2))
    })
  }

  #terminate(): void {
    this.state = 'terminated'
    this.#stopRepeat()
    this.#stopLife()
    this.#wiring.ended()
  }
}
