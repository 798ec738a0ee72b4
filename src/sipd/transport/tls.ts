import { constants } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions, SecureContext, TlsOptions as ServerOptions } from 'node:tls'
import { createSecureContext, getCACertificates } from 'node:tls'
import { identitiesOf, isFor } from './identity.ts'
import { TlsFault } from './tls-fault.ts'

/** Paths of PEM files. */
export type TlsFiles = {
  /** Authorities that a peer's certificate must come from; unset: the system's. */
  readonly ca?: string
  /** Our certificate with its chain, and its private key: both or none. */
  readonly cert?: string
  readonly key?: string
}

/** TLS of one peer, told apart by the host of the URI that leads to it, and by its port where two share a host. */
export type TlsPeer = TlsFiles & { readonly host: string; readonly port?: number }

export type TlsOptions = {
  /** Shown to whoever connects to us, and to peers without a certificate of ours for them. */
  readonly own?: TlsFiles
  readonly peers?: readonly TlsPeer[]
}

/** RFC 8996: nothing older than TLS 1.2; renegotiation is nothing but work that a stranger can ask for. */
const FLOOR = { minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const

/** The certificates of this side, and what is asked of those of the others. */
export class Security {
  #own: SecureContext | undefined
  #peers: readonly { readonly peer: TlsPeer; readonly context: SecureContext }[] = []
  #others: SecureContext | undefined
  #files: TlsFiles = {}

  /** @throws TlsFault (SIPD_TLS_FILES) when a file cannot be read, or is none of a certificate or key */
  constructor(options: TlsOptions = {}) {
    this.use(options)
  }

  /** Whether there is a certificate that can be shown to those who connect. */
  get listens(): boolean {
    return this.#own !== undefined
  }

  /**
   * Takes new settings, or the same files renewed; connections that stand go on.
   * @throws TlsFault, and then the old ones go on
   */
  use({ own = {}, peers = [] }: TlsOptions): void {
    const contexts = peers.map((peer) => ({
      peer,
      context: contextOf(peer.cert === undefined ? { ...own, ...peer } : peer),
    }))
    this.#own = own.cert === undefined ? undefined : contextOf({ ...own, ca: undefined })
    this.#peers = contexts
    this.#others = undefined
    this.#files = own
  }

  server(handshake: number): ServerOptions {
    return {
      ...FLOOR,
      handshakeTimeout: handshake,
      ...(this.#own === undefined ? {} : { secureContext: this.#own }),
      // Asked anew at each connection, so that a renewed certificate is the one that is shown.
      SNICallback: (_name, done) => done(null, this.#own),
    }
  }

  /** How to connect to the peer whose certificate must be for `name`. */
  client(name: string, port: number): ConnectionOptions {
    return {
      ...FLOOR,
      secureContext: this.#contextFor(name, port),
      // RFC 6066 3: an address is no server name.
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => {
        if (isFor(certificate, name)) return undefined
        const names = identitiesOf(certificate)
        const whose = names.length === 0 ? 'nobody' : names.slice(0, 5).join(', ')
        const wild = names.some((one) => one.startsWith('*'))
          ? '; a wildcard is no SIP identity (RFC 5922 7.2)'
          : ''
        return new TlsFault('SIPD_TLS_NAME', `its certificate is for ${whose}, not for ${name}${wild}`)
      },
    }
  }

  /** Whether a certificate of ours would be shown to that peer. */
  shows(name: string, port: number): boolean {
    return (this.#peerOf(name, port)?.peer.cert ?? this.#files.cert) !== undefined
  }

  #contextFor(name: string, port: number): SecureContext {
    const known = this.#peerOf(name, port)
    if (known) return known.context
    this.#others ??= contextOf({ ...this.#files, ca: undefined })
    return this.#others
  }

  #peerOf(name: string, port: number) {
    const fitting = this.#peers.filter(({ peer }) => peer.host.toLowerCase() === name.toLowerCase())
    return (
      fitting.find(({ peer }) => peer.port === port) ?? fitting.find(({ peer }) => peer.port === undefined)
    )
  }
}

function contextOf({
  ca,
  cert,
  key,
}: { [Name in keyof TlsFiles]: TlsFiles[Name] | undefined }): SecureContext {
  try {
    return createSecureContext({
      ca: ca === undefined ? systemAuthorities() : readFileSync(ca),
      ...(cert === undefined || key === undefined
        ? {}
        : { cert: readFileSync(cert), key: readFileSync(key) }),
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TlsFault('SIPD_TLS_FILES', `certificates of this side cannot be used: ${why}`, cause)
  }
}

let authorities: string[] | undefined

/** Those that the system trusts, and NODE_EXTRA_CA_CERTS; Node's own list where the system has none. */
function systemAuthorities(): string[] {
  if (authorities) return authorities
  const system = getCACertificates('system')
  authorities = [
    ...(system.length > 0 ? system : getCACertificates('bundled')),
    ...getCACertificates('extra'),
  ]
  return authorities
}
