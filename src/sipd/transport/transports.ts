import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Endpoint, Transport } from './address.ts'
import { hostPort, isLoopback, isWildcard, localAddressFor } from './address.ts'
import type { Connection, StreamLimits } from './connection.ts'
import type { Peer } from './streams.ts'
import { StreamAddress } from './streams.ts'
import type { Security } from './tls.ts'
import { UdpAddress } from './udp.ts'

/** Where a message came from; an answer goes back by `connection` while that is open. */
export type Source = Endpoint & { readonly connection?: Connection; readonly local: LocalAddress }

export type TransportUser = {
  readonly received: (data: Buffer, source: Source) => void
  /** Nobody can be had there, for this reason; `lost`: a connection with it ended that might be made again. */
  readonly failed: (peer: Endpoint, lost: boolean, why: string | undefined) => void
  /** Somebody who connected by TLS did not get through the handshake. */
  readonly refused?: (host: string, why: string) => void
}

/** An own address. TLS without a certificate to show (`Security.listens`) makes connections, and takes none. */
export type Bind = {
  readonly transport: Transport
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
   * Sends one request. What cannot be delivered is reported by `failed`, or not at all (UDP).
   * @param listen hear of a refusal of this peer, if it is UDP
   */
  readonly send: (data: Buffer, peer: Peer, listen?: boolean) => void
  /** Sends a response that cannot go back the way its request came. */
  readonly answer: (data: Buffer, peer: Peer) => void
  /** A request that went out at `since` (`performance.now`) got no answer at all: its connection is not used again. */
  readonly silent: (peer: Peer, since: number) => void
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
}

type Address = UdpAddress | StreamAddress

const NAMES_AT_MOST = 1_000
const NAME_LIFE = 30_000

/** All addresses of sipd: receives by any of them, and finds the one by which a peer is reached. */
export class Transports {
  readonly #advertise: string | undefined
  readonly #udp: UdpAddress[] = []
  readonly #streams: Record<'tcp' | 'tls', StreamAddress[]> = { tcp: [], tls: [] }
  readonly #told = new Map<string, string>()
  /** The name that each address has proved by its certificate. */
  readonly #proved = new Map<string, string>()
  readonly #names = new Map<string, { address: string; until: number }>()

  private constructor(advertise: string | undefined) {
    this.#advertise = advertise
  }

  /** @throws BindError when one cannot be bound; the others are closed again */
  static async bind(
    binds: readonly Bind[],
    options: { advertise?: string | undefined; limits: StreamLimits; security: Security },
    user: TransportUser,
  ): Promise<Transports> {
    const transports = new Transports(options.advertise)
    for (const bind of binds) {
      try {
        await transports.#bindOne(bind, options, user)
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
      ...(['tcp', 'tls'] as const).flatMap((transport) =>
        this.#streams[transport]
          .filter(({ listens }) => listens)
          .map(({ host, port }) => ({ transport, host, port })),
      ),
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
      done(this.#identified(endpoint))
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
    const all = [...this.#udp, ...this.#streams.tcp, ...this.#streams.tls]
    await Promise.all(all.map((address) => address.close()))
  }

  /**
   * An address to be reached by TLS of which no name is known: whoever has connected from it is answered by that
   * connection; else it must prove the name that it proved before, or be certified as that address.
   */
  #identified(endpoint: Endpoint): Endpoint {
    const { transport, host, port, name } = endpoint
    if (transport !== 'tls' || name !== undefined) return endpoint
    if (this.#streams.tls.some((address) => address.has(host, port))) return endpoint
    return { ...endpoint, name: this.#proved.get(host) ?? host }
  }

  async #bindOne(
    bind: Bind,
    { limits, security }: { limits: StreamLimits; security: Security },
    user: TransportUser,
  ): Promise<void> {
    const { transport } = bind
    if (transport === 'udp') {
      const address: UdpAddress = await UdpAddress.bind(bind.host, bind.port, {
        datagram: (data, host, port) => user.received(data, { transport: 'udp', host, port, local }),
        refused: (host, port) => user.failed({ transport: 'udp', host, port }, false, undefined),
      })
      const local = this.#local('udp', address)
      this.#udp.push(address)
      return
    }
    const address: StreamAddress = await StreamAddress.bind(
      bind.host,
      bind.port,
      {
        message: (data, connection) => {
          user.received(data, { transport, ...placeOf(connection.ends), connection, local })
        },
        made: ({ name, host }) => {
          if (name === undefined) return
          if (this.#proved.size >= NAMES_AT_MOST) this.#proved.clear()
          this.#proved.set(host, name)
        },
        lost: ({ ends, made, why }) => {
          // A certificate does not get better by being looked at again.
          const again = made && !(why?.startsWith('SIPD_TLS') ?? false)
          user.failed({ transport, ...placeOf(ends) }, again, why)
        },
        unmade: (peer, why) => user.failed({ transport, ...placeOf(peer) }, false, why),
        refused: (host, why) => user.refused?.(host, why),
      },
      limits,
      transport === 'tls' ? security : undefined,
    )
    const local = this.#local(transport, address)
    this.#streams[transport].push(address)
  }

  #local(transport: Transport, address: Address): LocalAddress {
    const told = (peer: string) => ({
      host: this.#toldHost(address, peer),
      port: address instanceof UdpAddress ? address.port : address.portTowards(peer),
    })
    if (address instanceof UdpAddress)
      return {
        transport,
        told,
        send: (data, { host, port }, listen = false) => {
          if (listen) address.sendConnected(data, host, port)
          else address.send(data, host, port)
        },
        answer: (data, { host, port }) => address.send(data, host, port),
        silent: () => undefined,
      }
    return {
      transport,
      told,
      send: (data, peer) => address.send(data, peer),
      answer: (data, peer) => address.answer(data, this.#identified({ transport, ...peer })),
      silent: (peer, since) => address.silent(peer, since),
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
    return transport === 'udp' ? this.#udp : this.#streams[transport]
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

function placeOf({ host, port, name }: Peer): Peer {
  return name === undefined ? { host, port } : { host, port, name }
}
