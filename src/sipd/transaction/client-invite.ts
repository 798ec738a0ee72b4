import { Headers } from '../message/headers.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import { cseqOf, EMPTY } from '../message/message.ts'
import { serialise } from '../message/serialise.ts'
import { splitList } from '../message/uri.ts'
import type { Source } from '../transport/transports.ts'
import type { ClientWiring } from './client.ts'
import { ownResponse } from './client.ts'

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated'

/**
 * INVITE client transaction (RFC 3261 17.1.1, RFC 6026 7.2).
 *
 *            INVITE sent
 *                 │
 *                 ▼   A: INVITE again, A doubles
 *              calling ─────────── B: 408; refused: 503 ───────────────┐
 *        1xx ─────┤                                                    │
 *                 ▼                                                    │
 *            proceeding ── cancelled and 64*T1 without an answer: 487 ─┤
 *       2xx ──────┼────── 300-699: ACK                                 │
 *            ▼         ▼                                               ▼
 *        accepted   completed ──────────────── D ─────────────► terminated
 *   2xx: handed up   300-699: ACK again                                ▲
 *            └──────────────── M ──────────────────────────────────────┘
 */
export class ClientInvite {
  state: State = 'calling'
  readonly #wiring: ClientWiring
  #sentAgain = false
  #stopRepeat: () => void = () => undefined
  #stopLife: () => void = () => undefined
  #ack: Buffer | undefined
  #cancel: (() => void) | undefined

  constructor(wiring: ClientWiring) {
    this.#wiring = wiring
  }

  /** Sends the INVITE. */
  start(): void {
    const { wiring } = this
    wiring.send(wiring.bytes)
    if (!wiring.reliable) this.#repeat(wiring.timers.t1)
    this.#stopLife = wiring.clock.after(wiring.timers.life, () => this.#giveUp(408, 'no answer'))
  }

  /**
   * Has `send` called as soon as a CANCEL may be sent: not before a provisional response (RFC 3261 9.1),
   * and not at all after a final one.
   */
  cancel(send: () => void): void {
    if (
      this.#cancel ||
      this.state === 'accepted' ||
      this.state === 'completed' ||
      this.state === 'terminated'
    )
      return
    this.#cancel = send
    if (this.state === 'proceeding') this.#sendCancel()
  }

  receive(response: SipResponse, source: Source): void {
    switch (this.state) {
      case 'calling':
      case 'proceeding':
        this.#pending(response, source)
        return
      case 'accepted':
        if (response.status >= 200 && response.status < 300) this.#wiring.response(response, source)
        return
      case 'completed':
        if (response.status >= 300 && this.#ack) this.#wiring.send(this.#ack)
        return
      case 'terminated':
        return
    }
  }

  /**
   * The peer refused, or the connection with it ended, before it said anything.
   * @param lost there was a connection: the request is sent once more, by a new one
   * @param why in words, where the transport knows
   */
  refused(lost: boolean, why = 'nobody listens at that address'): void {
    if (this.state !== 'calling') return
    if (lost && !this.#sentAgain) {
      this.#sentAgain = true
      this.#wiring.send(this.#wiring.bytes)
    } else this.#giveUp(503, why)
  }

  private get wiring(): ClientWiring {
    return this.#wiring
  }

  #pending(response: SipResponse, source: Source): void {
    const { wiring } = this
    this.#stopRepeat()
    if (response.status < 200) {
      if (this.state === 'calling') {
        this.state = 'proceeding'
        this.#stopLife()
        if (this.#cancel) this.#sendCancel()
      }
      wiring.response(response, source)
      return
    }
    this.#stopLife()
    if (response.status < 300) {
      this.state = 'accepted'
      this.#stopLife = wiring.clock.after(wiring.timers.life, () => this.#terminate())
    } else {
      this.state = 'completed'
      this.#ack = serialise(ackOf(wiring.request, response))
      wiring.send(this.#ack)
      if (wiring.reliable) this.#terminate()
      else this.#stopLife = wiring.clock.after(wiring.timers.life, () => this.#terminate())
    }
    wiring.response(response, source)
  }

  #sendCancel(): void {
    this.#cancel?.()
    // RFC 3261 9.1: a peer of RFC 2543 may never answer the INVITE that was cancelled.
    this.#stopLife = this.#wiring.clock.after(this.#wiring.timers.life, () =>
      this.#giveUp(487, 'cancelled, no answer'),
    )
  }

  #repeat(interval: number): void {
    this.#stopRepeat = this.#wiring.clock.after(interval, () => {
      this.#wiring.send(this.#wiring.bytes)
      this.#repeat(interval * 2)
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

/** ACK of a response that is no 2xx: part of the transaction, same branch (RFC 3261 17.1.1.3). */
function ackOf(request: SipRequest, response: SipResponse): SipRequest {
  return { ...sameBranch(request, 'ACK', response.headers.get('to') ?? ''), body: EMPTY }
}

/** CANCEL of a request (RFC 3261 9.1): all but the method as it was. */
export function cancelOf(request: SipRequest): SipRequest {
  return sameBranch(request, 'CANCEL', request.headers.get('to') ?? '')
}

function sameBranch(request: SipRequest, method: string, to: string): SipRequest {
  const headers = new Headers()
  const [via = ''] = splitList(request.headers.get('via') ?? '')
  headers.add('Via', via)
  for (const route of request.headers.all('route')) headers.add('Route', route)
  headers
    .add('From', request.headers.get('from') ?? '')
    .add('To', to)
    .add('Call-ID', request.headers.get('call-id') ?? '')
    .add('CSeq', `${cseqOf(request).number} ${method}`)
    .add('Max-Forwards', '70')
  return { kind: 'request', method, uri: request.uri, headers, body: EMPTY }
}
