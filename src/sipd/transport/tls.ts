import { constants } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ConnectionOptions, SecureContext, Server } from 'node:tls'
import { createSecureContext, createServer, getCACertificates } from 'node:tls'
import { identitiesOf, isFor } from './identity.ts'
import { TlsFault } from './tls-fault.ts'

/** Paths of PEM files: a certificate with its chain, and its private key; both or none. */
type Shown = { readonly cert?: string; readonly key?: string }

/** TLS of one peer, told apart by the host of the URI that leads to it, and by its port where two share a host. */
type TlsPeer = Shown & {
  readonly host: string
  readonly port?: number
  /** Authorities that its certificate must come from, a PEM file; unset: the system's. */
  readonly ca?: string
}

export type TlsOptions = {
  /** Shown to whoever connects to us, and to peers without a certificate of ours for them. */
  readonly own?: Shown
  readonly peers?: readonly TlsPeer[]
}

/** RFC 8996: nothing older than TLS 1.2; renegotiation is nothing but work that a stranger can ask for. */
const FLOOR = { minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const

/** The certificates of this side, and what is asked of those of the others. */
export class Security {
  #own: { readonly cert: Buffer; readonly key: Buffer } | undefined
  readonly #servers = new Set<Server>()
  #peers: readonly { readonly peer: TlsPeer; readonly context: SecureContext }[] = []
  #others: SecureContext | undefined
  #files: Shown = {}

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
      context: contextOf(peer.cert === undefined ? { ...own, ca: peer.ca } : peer),
    }))
    const shown = readable(() => {
      if (own.cert === undefined || own.key === undefined) return undefined
      const pair = { cert: readFileSync(own.cert), key: readFileSync(own.key) }
      createSecureContext(pair) // throws where they do not fit
      return pair
    })
    this.#own = shown
    if (shown) for (const server of this.#servers) server.setSecureContext({ ...FLOOR, ...shown })
    this.#peers = contexts
    this.#others = undefined
    this.#files = own
  }

  /**
   * A server that shows our certificate, always the newest.
   * @param handshake milliseconds to shake hands
   */
  server(handshake: number): Server {
    const server = createServer({ ...FLOOR, ...this.#own, handshakeTimeout: handshake })
    this.#servers.add(server)
    server.once('close', () => this.#servers.delete(server))
    return server
  }

  /** How to connect to the peer whose certificate must be for `name`. */
  client(name: string, port: number): ConnectionOptions {
    return {
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

  #contextFor(name: string, port: number): SecureContext {
    const known = this.#peerOf(name, port)
    if (known) return known.context
    this.#others ??= contextOf(this.#files)
    return this.#others
  }

  #peerOf(name: string, port: number) {
    const fitting = this.#peers.filter(({ peer }) => peer.host.toLowerCase() === name.toLowerCase())
    return (
      fitting.find(({ peer }) => peer.port === port) ?? fitting.find(({ peer }) => peer.port === undefined)
    )
  }
}

function contextOf({ ca, cert, key }: Shown & { readonly ca?: string | undefined }): SecureContext {
  return readable(() =>
    createSecureContext({
      ...FLOOR,
      ca: ca === undefined ? systemAuthorities() : readFileSync(ca),
      ...(cert === undefined || key === undefined
        ? {}
        : { cert: readFileSync(cert), key: readFileSync(key) }),
    }),
  )
}

function readable<T>(read: () => T): T {
  try {
    return read()
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
