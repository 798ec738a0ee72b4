import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { isWildcard } from './address.ts'
import { StreamFramer } from './framing.ts'

export type TcpUser = {
  readonly message: (data: Buffer, connection: Connection) => void
  /** A connection ended; `made` false: it never was one. */
  readonly lost: (host: string, port: number, made: boolean) => void
}

export type TcpLimits = {
  readonly messageBytes: number
  /** Connections at most; beyond it the one that was silent longest is closed. */
  readonly connections: number
  /** Milliseconds to connect, and for an unfinished message. */
  readonly patience: number
  /** Bytes that may wait to be taken by a peer that does not read. */
  readonly backlogBytes: number
}

const PONG = Buffer.from('\r\n')

/** One TCP stream of SIP messages; bytes sent before it is connected wait. */
export class Connection {
  readonly host: string
  readonly port: number
  readonly #socket: Socket
  readonly #framer: StreamFramer
  readonly #limits: TcpLimits
  lastUsed = 0
  /** Whether it ever was connected. */
  made: boolean

  constructor(socket: Socket, host: string, port: number, user: TcpUser, limits: TcpLimits) {
    this.host = host
    this.port = port
    this.#socket = socket
    this.made = !socket.connecting
    socket.once('connect', () => (this.made = true))
    this.#limits = limits
    this.#framer = new StreamFramer(limits.messageBytes)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    socket.on('data', (chunk: Buffer) => this.#read(chunk, user))
    socket.on('timeout', () => {
      if (this.#framer.partial || socket.connecting) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.setTimeout(limits.patience)
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress
  }

  write(data: Buffer): void {
    this.lastUsed = performance.now()
    if (this.#socket.writableLength > this.#limits.backlogBytes) this.#socket.destroy()
    else this.#socket.write(data)
  }

  close(): void {
    this.#socket.destroy()
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  #read(chunk: Buffer, user: TcpUser): void {
    this.lastUsed = performance.now()
    for (const frame of this.#framer.push(chunk)) {
      if (frame.kind === 'message') user.message(frame.data, this)
      else if (frame.kind === 'ping') this.write(PONG)
      else this.close()
    }
  }
}

/** One TCP address: a listening socket, and the connections from and to it. */
export class TcpAddress {
  readonly host: string
  readonly #server: Server
  readonly #user: TcpUser
  readonly #limits: TcpLimits
  #closed = false
  readonly #connections = new Set<Connection>()
  /** By `host:port` of the peer, so that a connection is used again. */
  readonly #byPeer = new Map<string, Connection>()

  private constructor(host: string, server: Server, user: TcpUser, limits: TcpLimits) {
    this.host = host
    this.#server = server
    this.#user = user
    this.#limits = limits
    server.on('connection', (socket: Socket) => {
      if (socket.remoteAddress === undefined || socket.remotePort === undefined) socket.destroy()
      else this.#add(new Connection(socket, unmapped(socket.remoteAddress), socket.remotePort, user, limits))
    })
    server.on('error', () => undefined)
  }

  /**
   * @param port 0 for any free one
   * @throws the system's error, EADDRINUSE say, when it cannot be bound
   */
  static async bind(host: string, port: number, user: TcpUser, limits: TcpLimits): Promise<TcpAddress> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port, exclusive: true }, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
    return new TcpAddress(host, server, user, limits)
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address ? address.port : 0
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Sends by the open connection with that peer, else by a new one. */
  send(data: Buffer, host: string, port: number): void {
    if (this.#closed) return
    const known = this.#byPeer.get(`${host}:${port}`)
    if (known?.open) known.write(data)
    else this.#connect(host, port).write(data)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const connection of this.#connections) connection.close()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #connect(host: string, port: number): Connection {
    const local = isWildcard(this.host) ? {} : { localAddress: this.host }
    const connection = new Connection(connect({ host, port, ...local }), host, port, this.#user, this.#limits)
    this.#add(connection)
    return connection
  }

  #add(connection: Connection): void {
    const key = `${connection.host}:${connection.port}`
    connection.lastUsed = performance.now()
    this.#connections.add(connection)
    this.#byPeer.set(key, connection)
    connection.onClose(() => {
      this.#connections.delete(connection)
      if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key)
      this.#user.lost(connection.host, connection.port, connection.made)
    })
    if (this.#connections.size > this.#limits.connections) this.#closeOldest()
  }

  #closeOldest(): void {
    let oldest: Connection | undefined
    for (const connection of this.#connections) {
      if (!oldest || connection.lastUsed < oldest.lastUsed) oldest = connection
    }
    oldest?.close()
  }
}

function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
