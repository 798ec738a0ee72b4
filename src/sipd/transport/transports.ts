import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Endpoint, Transport } from './address.ts'
import { hostPort, isLoopback, isWildcard, localAddressFor } from './address.ts'
import type { Connection, TcpLimits } from './tcp.ts'
import { TcpAddress } from './tcp.ts'
import { UdpAddress } from './udp.ts'

/** Where a message came from; an answer goes back by `connection` while that is open. */
export type Source = Endpoint & { readonly connection?: Connection; readonly local: LocalAddress }

export type TransportUser = {
  readonly received: (data: Buffer, source: Source) => void
  /** Nobody listens there; `lost`: a connection with it ended that might be made again. */
  readonly failed: (peer: Endpoint, lost: boolean) => void
}

/** An address to listen on; `tls` is known by name so that it can be refused with a sentence. */
export type Bind = {
  readonly transport: Transport | 'tls'
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** One of our own addresses, and how it is told to `peer`. */
export type LocalAddress = {
  readonly transport: Transport
  /** Host and port for Via and Contact of messages to that peer. */
  readonly told: (peer: string) => { readonly host: string; readonly port: number }
  /**
   * Sends one message. What cannot be delivered is reported by `failed`, or not at all (UDP).
   * @param listen hear of a refusal of this peer, if it is UDP
   */
  readonly send: (data: Buffer, host: string, port: number, listen?: boolean) => void
}

/** Thrown when an address cannot be listened on. */
export class BindError extends Error {
  readonly code = 'SIPD_BIND'
  readonly transport: Bind['transport']
  readonly host: string
  readonly port: number
  readonly remedy: string

  constructor(bind: Bind, cause: unknown) {
    const why =
      cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause)
    super(`cannot listen on ${bind.transport}:${hostPort(bind.host, bind.port)} (${why})`, { cause })
    this.name = 'BindError'
    this.transport = bind.transport
    this.host = bind.host
    this.port = bind.port
    this.remedy = REMEDIES[why] ?? 'Choose an address of this machine and a port above 1023 in SIP_BIND'
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program has that port: stop it, or choose another port in SIP_BIND',
  SIPD_NO_TLS: 'sipd speaks udp and tcp: write one of them in SIP_BIND, or use a drachtio-server for TLS',
}

type Address = (UdpAddress | TcpAddress) & { readonly host: string; readonly port: number }

const NAMES_AT_MOST = 1_000
const NAME_LIFE = 30_000

/** All addresses of sipd: receives by any of them, and finds the one by which a peer is reached. */
export class Transports {
  readonly #advertise: string | undefined
  readonly #udp: UdpAddress[] = []
  readonly #tcp: TcpAddress[] = []
  readonly #told = new Map<string, string>()
  readonly #names = new Map<string, { address: string; until: number }>()

  private constructor(advertise: string | undefined) {
    this.#advertise = advertise
  }

  /** @throws BindError when one cannot be bound; the others are closed again */
  static async bind(
    binds: readonly Bind[],
    options: { advertise?: string | undefined; limits: TcpLimits },
    user: TransportUser,
  ): Promise<Transports> {
    const transports = new Transports(options.advertise)
    for (const bind of binds) {
      try {
        await transports.#bindOne(bind, options.limits, user)
      } catch (cause) {
        await transports.close()
        throw new BindError(bind, cause)
      }
    }
    return transports
  }

  get addresses(): Endpoint[] {
    return [
      ...this.#udp.map(({ host, port }) => ({ transport: 'udp' as const, host, port })),
      ...this.#tcp.map(({ host, port }) => ({ transport: 'tcp' as const, host, port })),
    ]
  }

  /** The own address by which `peer` is reached; undefined when that transport or family is not bound. */
  localFor(peer: Endpoint): LocalAddress | undefined {
    const address = this.#addressFor(peer)
    return address && this.#local(peer.transport, address)
  }

  /** Whether a message sent there would come back to us. */
  isOwn(peer: Endpoint): boolean {
    const hosts = (address: Address): boolean =>
      address.host === peer.host ||
      peer.host === this.#advertise ||
      (isWildcard(address.host) && (isLoopback(peer.host) || localAddressFor(peer.host) === peer.host)) ||
      (peer.host === 'localhost' && (isWildcard(address.host) || isLoopback(address.host)))
    return this.#all(peer.transport).some((address) => address.port === peer.port && hosts(address))
  }

  /**
   * Calls back with the endpoint's IP address: at once when it is one, else after a look-up (kept 30 s).
   * undefined when there is no such name.
   */
  resolve(endpoint: Endpoint, done: (resolved: Endpoint | undefined) => void): void {
    const { host } = endpoint
    if (isIP(host)) {
      done(endpoint)
      return
    }
    const known = this.#names.get(host)
    if (known && known.until > Date.now()) {
      done({ ...endpoint, host: known.address })
      return
    }
    lookup(host).then(
      ({ address }) => {
        if (this.#names.size >= NAMES_AT_MOST) this.#names.clear()
        this.#names.set(host, { address, until: Date.now() + NAME_LIFE })
        done({ ...endpoint, host: address })
      },
      () => done(undefined),
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#udp, ...this.#tcp].map((address) => address.close()))
  }

  async #bindOne(bind: Bind, limits: TcpLimits, user: TransportUser): Promise<void> {
    if (bind.transport === 'tls') throw new Error('SIPD_NO_TLS')
    if (bind.transport === 'udp') {
      const address: UdpAddress = await UdpAddress.bind(bind.host, bind.port, {
        datagram: (data, host, port) => user.received(data, { transport: 'udp', host, port, local }),
        refused: (host, port) => user.failed({ transport: 'udp', host, port }, false),
      })
      const local = this.#local('udp', address)
      this.#udp.push(address)
      return
    }
    const address: TcpAddress = await TcpAddress.bind(
      bind.host,
      bind.port,
      {
        message: (data, connection) =>
          user.received(data, {
            transport: 'tcp',
            host: connection.host,
            port: connection.port,
            connection,
            local,
          }),
        lost: (host, port, made) => user.failed({ transport: 'tcp', host, port }, made),
      },
      limits,
    )
    const local = this.#local('tcp', address)
    this.#tcp.push(address)
  }

  #local(transport: Transport, address: Address): LocalAddress {
    return {
      transport,
      told: (peer) => ({ host: this.#toldHost(address, peer), port: address.port }),
      send: (data, host, port, listen = false) => {
        if (listen && address instanceof UdpAddress) address.sendConnected(data, host, port)
        else address.send(data, host, port)
      },
    }
  }

  #toldHost(address: Address, peer: string): string {
    if (this.#advertise !== undefined) return this.#advertise
    if (!isWildcard(address.host)) return address.host
    const known = this.#told.get(peer)
    if (known !== undefined) return known
    if (this.#told.size >= NAMES_AT_MOST) this.#told.clear()
    const host = localAddressFor(peer)
    this.#told.set(peer, host)
    return host
  }

  #all(transport: Transport): readonly Address[] {
    return transport === 'udp' ? this.#udp : this.#tcp
  }

  #addressFor(peer: Endpoint): Address | undefined {
    const family = isIP(peer.host)
    const fitting = this.#all(peer.transport).filter((address) => isIP(address.host) === family)
    if (fitting.length < 2) return fitting[0]
    const loopback = isLoopback(peer.host)
    return (
      fitting.find((address) => !isWildcard(address.host) && isLoopback(address.host) === loopback) ??
      fitting[0]
    )
  }
}
