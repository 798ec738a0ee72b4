import { createSocket, type Socket } from 'node:dgram'
import { connect, createServer, type Server, type Socket as TcpSocket } from 'node:net'

/** The far end of a message: where it came from, or where it is to go. */
export type Peer = { readonly protocol: 'udp' | 'tcp'; readonly address: string; readonly port: number }

type Take = (message: Buffer, from: Peer) => void

/** RFC 3261 18.1.1 asks for 65,535 octets; what is longer is not SIP. */
const LONGEST = 65_535
const TRIES = 20

/** UDP and TCP on one port of one address (RFC 3261 18). */
export class Transport {
  readonly #udp: Socket
  readonly #tcp: Server
  readonly #take: Take
  readonly #connections = new Map<string, TcpSocket>()
  /** What is wanted, and what is so: a socket takes a moment to change. */
  #refuses = false
  #refused = false
  #changing: Promise<void> = Promise.resolve()
  #closed = false

  private constructor(udp: Socket, tcp: Server, take: Take) {
    this.#udp = udp
    this.#tcp = tcp
    this.#take = take
    udp.on('message', (bytes, { address, port }) => {
      // What came before the socket was shut still waits in it.
      if (!this.#refuses) take(bytes, { protocol: 'udp', address, port })
    })
    udp.on('error', () => undefined)
    tcp.on('connection', (socket) => (this.#refuses ? socket.resetAndDestroy() : this.#serve(socket)))
  }

  /** @param port 0 for one of the system's choice */
  static async open(host: string, port: number, take: Take): Promise<Transport> {
    for (let tries = 1; ; tries += 1) {
      const tcp = await listening(host, port)
      try {
        // Bound by its number: a port of the system's choice would be lost with `disconnect`, below.
        return new Transport(await bound(host, portOf(tcp)), tcp, take)
      } catch (cause) {
        tcp.close()
        if (port !== 0 || tries === TRIES) throw cause
      }
    }
  }

  /** As if nothing listened here any more: whoever sends is refused. Resolves when it is so. */
  refuse(): Promise<void> {
    this.#refuses = true
    for (const socket of this.#connections.values()) socket.resetAndDestroy()
    return this.#adjust()
  }

  /** Listens again, on the same port. */
  admit(): Promise<void> {
    this.#refuses = false
    return this.#adjust()
  }

  /**
   * A UDP socket that is connected takes from its peer alone, and others get ICMP's "port unreachable", as from a
   * port that nobody has (on Linux; elsewhere perhaps silence). Connected to itself, it keeps everybody out and its
   * port.
   */
  #adjust(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      const udp = this.#udp
      if (this.#closed || this.#refused === this.#refuses) return
      this.#refused = this.#refuses
      if (!this.#refused) return udp.disconnect()
      const { address, port } = udp.address()
      await new Promise<void>((resolve) => udp.connect(port, address, resolve))
    })
    return this.#changing
  }

  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#udp.address()
    return { host: address, port }
  }

  send(message: Buffer, to: Peer): void {
    if (this.#refuses || this.#refused) return
    if (to.protocol === 'udp') this.#udp.send(message, to.port, to.address, () => undefined)
    else this.#connection(to).write(message)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#changing
    for (const socket of this.#connections.values()) socket.destroy()
    await Promise.all([
      new Promise<void>((resolve) => this.#udp.close(() => resolve())),
      new Promise<void>((resolve) => this.#tcp.close(() => resolve())),
    ])
  }

  #connection(to: Peer): TcpSocket {
    const open = this.#connections.get(`${to.address}:${to.port}`)
    if (open) return open
    const socket = connect(to.port, to.address)
    this.#serve(socket, to)
    return socket
  }

  #serve(socket: TcpSocket, to?: Peer): void {
    const address = to?.address ?? socket.remoteAddress ?? ''
    const port = to?.port ?? socket.remotePort ?? 0
    const name = `${address}:${port}`
    const stream = new Stream()
    this.#connections.set(name, socket)
    socket.on('data', (bytes) => {
      const messages = stream.take(bytes)
      if (messages) for (const message of messages) this.#take(message, { protocol: 'tcp', address, port })
      else socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#connections.get(name) === socket) this.#connections.delete(name)
    })
  }
}

/** Cuts a stream of bytes into messages by their Content-Length (RFC 3261 18.3). */
class Stream {
  #rest: Buffer = Buffer.alloc(0)

  /** Whole messages so far; undefined where the stream can no longer be followed. */
  take(bytes: Buffer): Buffer[] | undefined {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const messages: Buffer[] = []
    for (;;) {
      while (this.#rest[0] === 0x0d || this.#rest[0] === 0x0a) this.#rest = this.#rest.subarray(1)
      const head = this.#rest.indexOf('\r\n\r\n')
      if (head < 0) return this.#rest.length > LONGEST ? undefined : messages
      const length = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,6})/i.exec(
        this.#rest.toString('latin1', 0, head),
      )
      if (!length || Number(length[1]) > LONGEST) return undefined
      const end = head + 4 + Number(length[1])
      if (this.#rest.length < end) return messages
      messages.push(this.#rest.subarray(0, end))
      this.#rest = this.#rest.subarray(end)
    }
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function bound(host: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function listening(host: string, port: number): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}
