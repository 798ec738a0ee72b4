import type { SipResponse } from '../message/message.ts'
import type { Source } from '../transport/transports.ts'
import type { ClientWiring } from './client.ts'
import { ownResponse } from './client.ts'

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'

/**
 * Client transaction of any request but INVITE and ACK (RFC 3261 17.1.2).
 *
 *         request sent
 *              │
 *              ▼   E: request again, E doubles up to T2
 *           trying ──────── F: 408; refused: 503 ────────┐
 *      1xx ────┤                                         │
 *              ▼   E: request again every T2             │
 *         proceeding ────── F: 408 ──────────────────────┤
 *  200-699 ────┤                                         ▼
 *              ▼                                    terminated
 *          completed ─────── K ──────────────────────────┘
 *       200-699: swallowed
 */
export class ClientOther {
  state: State = 'trying'
  readonly #wiring: ClientWiring
  #sentAgain = false
  #stopRepeat: () => void = () => undefined
  #stopLife: () => void = () => undefined

  constructor(wiring: ClientWiring) {
    this.#wiring = wiring
  }

  start(): void {
    const { send, bytes, reliable, timers, clock } = this.#wiring
    send(bytes)
    if (!reliable) this.#repeat(timers.t1)
    this.#stopLife = clock.after(timers.life, () => this.#giveUp(408, 'no answer'))
  }

  receive(response: SipResponse, source: Source): void {
    if (this.state !== 'trying' && this.state !== 'proceeding') return
    if (response.status < 200) {
      this.state = 'proceeding'
      this.#wiring.response(response, source)
      return
    }
    this.state = 'completed'
    this.#stopRepeat()
    this.#stopLife()
    const { reliable, timers, clock } = this.#wiring
    if (reliable) this.#terminate()
    else this.#stopLife = clock.after(timers.t4, () => this.#terminate())
    this.#wiring.response(response, source)
  }

  /**
   * The peer refused, or the connection with it ended, before it said anything.
   * @param lost there was a connection: the request is sent once more, by a new one
   * @param why in words, where the transport knows
   */
  refused(lost: boolean, why = 'nobody listens at that address'): void {
    if (this.state !== 'trying') return
    if (lost && !this.#sentAgain) {
      this.#sentAgain = true
      this.#wiring.send(this.#wiring.bytes)
    } else this.#giveUp(503, why)
  }

  #repeat(interval: number): void {
    this.#stopRepeat = this.#wiring.clock.after(interval, () => {
      this.#wiring.send(this.#wiring.bytes)
      const { t2 } = this.#wiring.timers
      this.#repeat(this.state === 'proceeding' ? t2 : Math.min(interval * 2, t2))
    })
  }

  #giveUp(status: number, why: string): void {
    this.#terminate()
    this.#wiring.response(ownResponse(this.#wiring.request, status, why))
  }

  #terminate(): void {
    if (this.state === 'terminated') return
    this.state = 'terminated'
    this.#stopRepeat()
    this.#stopLife()
    this.#wiring.ended()
  }
}
