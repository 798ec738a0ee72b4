import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Endpoint } from './address.ts'
import { isWildcard } from './address.ts'
import type { Ends, StreamLimits, StreamUser } from './connection.ts'
import { Connection } from './connection.ts'
import { faultWords } from './tls-fault.ts'
import type { Security } from './tls.ts'

export type Peer = Pick<Endpoint, 'host' | 'port' | 'name'>

export type StreamAddressUser = StreamUser & {
  /** There is not even a connection to be had, for this reason. */
  readonly unmade: (peer: Peer, why: string) => void
  /** Somebody did not get through the handshake with us. */
  readonly refused: (host: string, why: string) => void
}

/** Hosts that were sent requests: their own connections are not given up for those of strangers. */
const KNOWN_AT_MOST = 1_000

/** With TLS 1.3 a client is through the handshake before its own certificate, or the lack of one, is judged. */
const SHUT =
  'SIPD_TLS_CLIENT: it ended the connection right after the handshake, as one does that wants a certificate'
const SHUT_WITHIN = 2_000

/**
 * One TCP or TLS address: a listening socket, and the connections from and to it. TLS without a certificate to show
 * only makes connections.
 */
export class StreamAddress {
  readonly host: string
  readonly #server: Server | undefined
  readonly #wanted: number
  readonly #user: StreamAddressUser
  readonly #limits: StreamLimits
  readonly #security: Security | undefined
  readonly #keepAlive: NodeJS.Timeout
  #closed = false
  readonly #connections = new Set<Connection>()
  /** By `host:port/name` of the peer, so that a connection is used again. */
  readonly #byPeer = new Map<string, Connection>()
  /** Those who connected and have not shaken hands yet, oldest first. */
  readonly #shaking = new Map<string, Socket>()
  readonly #known = new Set<string>()

  private constructor(
    host: string,
    port: number,
    server: Server | undefined,
    user: StreamAddressUser,
    limits: StreamLimits,
    security: Security | undefined,
  ) {
    this.host = host
    this.#wanted = port
    this.#server = server
    this.#user = user
    this.#limits = limits
    this.#security = security
    if (server) this.#accept(server)
    this.#keepAlive = setInterval(() => {
      const now = performance.now()
      for (const connection of this.#connections) if (connection.ends.ours) connection.keepAlive(now)
    }, limits.keepAlive / 2)
    this.#keepAlive.unref()
  }

  /**
   * @param port 0 for any free one
   * @param security makes it TLS
   * @throws the system's error, EADDRINUSE say, when it cannot be bound
   */
  static async bind(
    host: string,
    port: number,
    user: StreamAddressUser,
    limits: StreamLimits,
    security?: Security,
  ): Promise<StreamAddress> {
    if (security && !security.listens) return new StreamAddress(host, port, undefined, user, limits, security)
    const server = security ? security.server(limits.patience) : createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port, exclusive: true }, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
    return new StreamAddress(host, port, server, user, limits, security)
  }

  get listens(): boolean {
    return this.#server !== undefined
  }

  get port(): number {
    const address = this.#server?.address()
    return typeof address === 'object' && address ? address.port : this.#wanted
  }

  get connections(): number {
    return this.#connections.size + this.#shaking.size
  }

  /** The port that a peer at `host` reaches us by: where nobody listens, that of a connection which it can use again. */
  portTowards(host: string): number {
    if (this.#server) return this.port
    for (const connection of this.#connections)
      if (connection.host === host && connection.open && connection.localPort !== undefined)
        return connection.localPort
    return this.#wanted
  }

  /** Whether somebody there has made a connection with us that is open. */
  has(host: string, port: number): boolean {
    return this.#byPeer.get(keyOf({ host, port }))?.open ?? false
  }

  /** Sends a request by the open connection with that peer, else by a new one. */
  send(data: Buffer, peer: Peer): void {
    if (this.#known.size >= KNOWN_AT_MOST) this.#known.clear()
    this.#known.add(peer.host)
    this.#write(data, peer, true)
  }

  /** Sends a response whose own connection is gone: it may come from anybody, so it earns no privilege. */
  answer(data: Buffer, peer: Peer): void {
    this.#write(data, peer, false)
  }

  /**
   * A request got no answer at all in its time: a connection by which nothing has come since then leads nowhere, and
   * the system would find that out only after a quarter of an hour.
   * @param since `performance.now` when the request went out
   */
  silent(peer: Peer, since: number): void {
    const connection = this.#byPeer.get(keyOf(peer))
    if (connection && connection.lastHeard < since) connection.close('no answer')
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#keepAlive)
    for (const connection of this.#connections) connection.close()
    for (const socket of this.#shaking.values()) socket.destroy()
    const server = this.#server
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  #accept(server: Server): void {
    server.on('error', () => undefined)
    if (!this.#security) {
      server.on('connection', (socket: Socket) => this.#greet(socket))
      return
    }
    server.on('connection', (socket: Socket) => {
      const key = `${socket.remoteAddress}:${socket.remotePort}`
      this.#shaking.set(key, socket)
      socket.once('close', () => this.#shaking.delete(key))
      this.#makeRoom()
    })
    server.on('secureConnection', (socket: Socket) => {
      this.#shaking.delete(`${socket.remoteAddress}:${socket.remotePort}`)
      this.#greet(socket)
    })
    server.on('tlsClientError', (fault: Error, socket: Socket) => {
      const host = unmapped(socket.remoteAddress ?? '')
      if (host !== '') this.#user.refused(host, faultWords(fault, { secure: true }))
      socket.destroy()
    })
  }

  #greet(socket: Socket): void {
    const { remoteAddress, remotePort } = socket
    if (this.#closed || remoteAddress === undefined || remotePort === undefined) socket.destroy()
    else this.#add(socket, { host: unmapped(remoteAddress), port: remotePort, ours: false })
  }

  #write(data: Buffer, peer: Peer, ours: boolean): void {
    if (this.#closed) return
    const known = this.#byPeer.get(keyOf(peer))
    if (known?.open) known.write(data)
    else this.#connect(peer, ours)?.write(data)
  }

  #connect(peer: Peer, ours: boolean): Connection | undefined {
    const { host, port, name } = peer
    const whereto = { host, port, ...(isWildcard(this.host) ? {} : { localAddress: this.host }) }
    const security = this.#security
    if (!security) return this.#add(connect(whereto), { host, port, ours })
    try {
      const must = name ?? host
      const socket = connectTls({ ...whereto, ...security.client(must, port) })
      return this.#add(socket, { ...peer, ours }, true)
    } catch (fault) {
      const why = faultWords(fault instanceof Error ? fault : new Error(String(fault)), { secure: true })
      queueMicrotask(() => this.#user.unmade(peer, why))
      return undefined
    }
  }

  #add(socket: Socket, ends: Ends, secure = false): Connection {
    const key = keyOf(ends)
    const connection: Connection = new Connection(
      socket,
      ends,
      {
        message: this.#user.message,
        made: this.#user.made,
        lost: () => {
          if (secure && isShut(connection)) connection.why ??= SHUT
          this.#connections.delete(connection)
          if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key)
          this.#user.lost(connection)
        },
      },
      this.#limits,
      secure,
    )
    this.#connections.add(connection)
    this.#byPeer.set(key, connection)
    this.#makeRoom()
    return connection
  }

  /**
   * Strangers go first, those who do not even shake hands where they are many; then what others have made of whom we
   * call; what we have made ourselves goes last: a call may hang on it.
   */
  #makeRoom(): void {
    const { connections: most } = this.#limits
    if (this.connections <= most) return
    const [shaking] = this.#shaking.values()
    const silent = (fits: (ends: Ends) => boolean) =>
      longestSilent(this.#connections, ({ ends }) => fits(ends))
    const stranger = silent(({ ours, host }) => !ours && !this.#known.has(host))
    if (shaking && (this.#shaking.size > most / 4 || !stranger)) shaking.destroy()
    else
      (stranger ?? silent(({ ours }) => !ours) ?? silent(() => true))?.close('there are too many connections')
  }
}

function longestSilent(
  connections: Iterable<Connection>,
  fits: (connection: Connection) => boolean,
): Connection | undefined {
  let found: Connection | undefined
  for (const connection of connections)
    if (fits(connection) && (!found || connection.lastUsed < found.lastUsed)) found = connection
  return found
}

function isShut({ made, madeAt, lastHeard }: Connection): boolean {
  return made && lastHeard === 0 && performance.now() - madeAt < SHUT_WITHIN
}

function keyOf({ host, port, name }: Peer): string {
  return name === undefined ? `${host}:${port}` : `${host}:${port}/${name}`
}

function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
