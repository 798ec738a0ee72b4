import type { SipRequest } from '../message/message.ts'
import type { Source } from '../transport/transports.ts'
import type { Clock, Timers } from './clock.ts'

/** What a server transaction needs of the layers around it. */
export type ServerWiring = {
  readonly request: SipRequest
  readonly source: Source
  /** Sends bytes of a response back to where the request came from (RFC 3261 18.2.2, RFC 3581). */
  readonly send: (bytes: Buffer) => void
  readonly reliable: boolean
  readonly clock: Clock
  readonly timers: Timers
  readonly ended: () => void
}

/** A request waiting for its answer. */
export type ServerTransaction = {
  readonly request: SipRequest
  readonly source: Source
  /** Whether a final response has been sent. */
  readonly answered: boolean
  /** Sends a response; one after the final one is dropped. */
  readonly respond: (status: number, bytes: Buffer) => void
  /** The same request again, or its ACK. */
  readonly receive: (request: SipRequest) => void
}
