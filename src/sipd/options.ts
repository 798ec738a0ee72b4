import type { TlsOptions } from './transport/tls.ts'
import type { Bind } from './transport/transports.ts'

export type { TlsOptions } from './transport/tls.ts'

/** Bounds of what strangers can make sipd hold. */
export type Limits = {
  /** Bytes of a SIP message. */
  readonly messageBytes: number
  /** Connections with SIP peers, at each TCP and TLS address. */
  readonly connections: number
  /** Requests of the network remembered at once. */
  readonly transactions: number
  /** Milliseconds for a peer to connect, to shake hands, or to finish a message. */
  readonly patience: number
  /** Milliseconds of silence after which a connection that we made is kept alive. */
  readonly keepAlive: number
  /** Bytes of one message of an application. */
  readonly frameBytes: number
  /** Applications connected at once. */
  readonly clients: number
}

export const LIMITS: Limits = {
  messageBytes: 65_535,
  connections: 256,
  transactions: 50_000,
  patience: 10_000,
  keepAlive: 60_000,
  frameBytes: 262_144,
  clients: 64,
}

export type SipdOptions = {
  /** Own SIP addresses. */
  readonly bind: readonly Bind[]
  /** Certificates, ours and those that we trust: for TLS addresses of `bind`. */
  readonly tls?: TlsOptions
  /** Host told to the far side in Via and Contact, where it is not the one bound (NAT). */
  readonly advertise?: string
  /** Where applications connect. */
  readonly control: { readonly host: string; readonly port: number }
  readonly secret: string
  /** RFC 3261's T1 in milliseconds, default 500; all other timers keep their proportion to it. */
  readonly t1?: number
  readonly limits?: Partial<Limits>
  /** false: in this thread; default: in a worker thread of its own. */
  readonly worker?: boolean
}
