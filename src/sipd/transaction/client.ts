import { responseTo } from '../message/build.ts'
import type { SipRequest, SipResponse } from '../message/message.ts'
import type { Source } from '../transport/transports.ts'
import type { Clock, Timers } from './clock.ts'

/** What a client transaction needs of the layers around it. */
export type ClientWiring = {
  readonly request: SipRequest
  /** The request's bytes, and how any bytes go to its peer. */
  readonly bytes: Buffer
  readonly send: (bytes: Buffer) => void
  /** A transport that repeats by itself (TCP): no retransmissions of ours. */
  readonly reliable: boolean
  readonly clock: Clock
  readonly timers: Timers
  /** A response; without `source` it was made here, since nothing came (408) or nothing could be sent (503). */
  readonly response: (response: SipResponse, source?: Source) => void
  readonly ended: () => void
}

/** The response that a request gets from ourselves, with the cause in Warning (RFC 3261 8.1.3.1, 20.43). */
export function ownResponse(request: SipRequest, status: number, why: string): SipResponse {
  const response = responseTo(request, status)
  // A peer's certificate may have words of its own in it.
  response.headers.add('Warning', `399 sipd "${why.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`)
  return response
}
