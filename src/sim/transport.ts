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

  private constructor(udp: Socket, tcp: Server, take: Take) {
    this.#udp = udp
    this.#tcp = tcp
    this.#take = take
    udp.on('message', (bytes, { address, port }) => take(bytes, { protocol: 'udp', address, port }))
    udp.on('error', () => undefined)
    tcp.on('connection', (socket) => this.#serve(socket))
  }

  /** @param port 0 for one of the system's choice */
  static async open(host: string, port: number, take: Take): Promise<Transport> {
    for (let tries = 1; ; tries += 1) {
      const udp = await bound(host, port)
      try {
        return new Transport(udp, await listening(host, udp.address().port), take)
      } catch (cause) {
        udp.close()
        if (port !== 0 || tries === TRIES) throw cause
      }
    }
  }

  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#udp.address()
    return { host: address, port }
  }

  send(message: Buffer, to: Peer): void {
    if (to.protocol === 'udp') this.#udp.send(message, to.port, to.address, () => undefined)
    else this.#connection(to).write(message)
  }

  async close(): Promise<void> {
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
