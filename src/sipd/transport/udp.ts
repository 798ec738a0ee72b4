import type { RemoteInfo, Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'

export type UdpUser = {
  readonly datagram: (data: Buffer, host: string, port: number) => void
  /** The machine at `host` answered that nobody listens on `port` (ICMP). */
  readonly refused: (host: string, port: number) => void
}

const PROBES_AT_MOST = 64

/**
 * One UDP address: an open socket that hears everybody, and beside it, on the same port, one connected
 * socket for each of the last `PROBES_AT_MOST` peers that were called: only a connected socket is told by the system
 * that a peer refuses (ICMP port unreachable).
 */
export class UdpAddress {
  readonly host: string
  /** Known once: each question for it is a system call. */
  readonly port: number
  readonly #open: Socket
  readonly #user: UdpUser
  #closed = false
  /** By `host:port`, least recently used first; a promise while it is being connected. */
  readonly #connected = new Map<string, { socket: Socket; ready: boolean; queue: Buffer[] }>()

  private constructor(host: string, open: Socket, user: UdpUser) {
    this.host = host
    this.port = open.address().port
    this.#open = open
    this.#user = user
    this.#listen(open)
  }

  /**
   * @param port 0 for any free one
   * @throws the system's error, EADDRINUSE say, when it cannot be bound
   */
  static async bind(host: string, port: number, user: UdpUser): Promise<UdpAddress> {
    // Sockets that share an address must all say so, and then nobody is told that it was taken. So it is
    // first taken alone.
    const alone = await bound(host, port, false)
    const free = alone.address().port
    await new Promise<void>((resolve) => alone.close(() => resolve()))
    return new UdpAddress(host, await bound(host, free, true), user)
  }

  send(data: Buffer, host: string, port: number): void {
    if (this.#closed) return
    const own = this.#connected.get(`${host}:${port}`)
    if (own?.ready) sendAgain(own.socket, data)
    else if (own) own.queue.push(data)
    else this.#open.send(data, port, host, onSent)
  }

  /** As `send`, by a socket that hears of a refusal. */
  sendConnected(data: Buffer, host: string, port: number): void {
    if (this.#closed) return
    const key = `${host}:${port}`
    const known = this.#connected.get(key)
    if (known) {
      this.#connected.delete(key)
      this.#connected.set(key, known)
    } else this.#connect(key, host, port)
    this.send(data, host, port)
  }

  async close(): Promise<void> {
    this.#closed = true
    const sockets = [this.#open, ...[...this.#connected.values()].map((entry) => entry.socket)]
    this.#connected.clear()
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            try {
              socket.close(() => resolve())
            } catch {
              resolve() // closed already
            }
          }),
      ),
    )
  }

  #connect(key: string, host: string, port: number): void {
    for (const [oldest, { socket }] of this.#connected) {
      if (this.#connected.size < PROBES_AT_MOST) break
      this.#connected.delete(oldest)
      socket.close()
    }
    const entry = { socket: newSocket(this.host, true), ready: false, queue: [] as Buffer[] }
    this.#connected.set(key, entry)
    const { socket } = entry
    const giveUp = (): void => {
      if (this.#connected.get(key) === entry) this.#connected.delete(key)
      for (const data of entry.queue.splice(0)) this.send(data, host, port)
    }
    this.#listen(socket, () => this.#user.refused(host, port))
    socket.once('close', giveUp)
    socket.bind({ port: this.port, address: this.host }, () => {
      if (this.#closed) return
      socket.connect(port, host, ((fault?: Error) => {
        if (fault) {
          socket.close()
          return
        }
        entry.ready = true
        for (const data of entry.queue.splice(0)) sendAgain(socket, data)
      }) as () => void)
    })
  }

  #listen(socket: Socket, refused?: () => void): void {
    socket.on('message', (data: Buffer, from: RemoteInfo) => {
      // Nobody has port 0 (RFC 768): there is nowhere to answer to.
      if (from.port !== 0) this.#user.datagram(data, from.address, from.port)
    })
    socket.on('error', (fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ECONNREFUSED' && refused) refused()
    })
  }
}

/** What cannot be sent is lost, as a datagram may be: the transaction's timers answer for it. */
function onSent(): void {
  return
}

/**
 * The system reports a refusal of the last datagram at the next one, and does not send that. So it is sent
 * again; a refusal of its own is then heard by the socket.
 */
function sendAgain(socket: Socket, data: Buffer): void {
  socket.send(data, (fault: NodeJS.ErrnoException | null) => {
    if (fault?.code !== 'ECONNREFUSED') return
    try {
      socket.send(data, onSent)
    } catch {
      // closed meanwhile
    }
  })
}

function newSocket(host: string, shared: boolean): Socket {
  return createSocket({
    type: isIP(host) === 6 ? 'udp6' : 'udp4',
    reuseAddr: shared,
    recvBufferSize: 4 << 20,
  })
}

function bound(host: string, port: number, shared: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = newSocket(host, shared)
    socket.once('error', reject)
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
  })
}
