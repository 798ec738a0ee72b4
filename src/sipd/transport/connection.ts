import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { StreamFramer } from './framing.ts'
import { faultWords } from './tls-fault.ts'

export type StreamUser = {
  readonly message: (data: Buffer, connection: Connection) => void
  /** It is open, and with TLS its peer has proved its name. */
  readonly made: (ends: Ends) => void
  readonly lost: (connection: Connection) => void
}

export type StreamLimits = {
  readonly messageBytes: number
  /** Connections at most; beyond it the one of a stranger that was silent longest is closed. */
  readonly connections: number
  /** Milliseconds to connect (with TLS: to shake hands), and for a message that has begun. */
  readonly patience: number
  /** Bytes that may wait to be taken by a peer that does not read: one of ours, a stranger. */
  readonly backlogBytes: number
  readonly strangersBacklogBytes: number
  /** Milliseconds of silence after which a connection of ours is kept alive by CRLF CRLF (RFC 5626 3.5.1). */
  readonly keepAlive: number
}

/** Who made a connection, and to whom it leads. */
export type Ends = {
  readonly host: string
  readonly port: number
  /** The name that the peer has proved by its certificate: of TLS connections that we made. */
  readonly name?: string
  /** We made it, to send a request: it is not given up for strangers. */
  readonly ours: boolean
}

const PING = Buffer.from('\r\n\r\n')
const PONG = Buffer.from('\r\n')

/**
 * One stream of SIP messages, TCP or TLS; bytes sent before it is connected wait.
 *
 *   connecting ──in time──► open ──────────────────────────────────────────────► closed
 *       └── refused, too slow, certificate does not hold ──────────────────────────┘
 *
 * An open one is closed when a message is broken, too long or not finished in time, or when its peer does not read.
 */
export class Connection {
  readonly ends: Ends
  readonly #socket: Socket
  readonly #framer: StreamFramer
  readonly #limits: StreamLimits
  /** Milliseconds (`performance.now`) of the last bytes either way, and of the last received. */
  lastUsed = performance.now()
  lastHeard = 0
  /** When it was open at last; 0: never. */
  madeAt = 0
  /** Why it ended, where there is more to say than that it did. */
  why: string | undefined
  #deadline: NodeJS.Timeout | undefined
  /** No message can be found in it any more: what still comes is not looked at. */
  #broken = false
  /** Kept back here until the peer has proved who it is: the socket's own queue promises nothing about that. */
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  #lost: (() => void) | undefined

  /** @param secure a TLS connection that still has to shake hands */
  constructor(
    socket: Socket | TLSSocket,
    ends: Ends,
    user: StreamUser,
    limits: StreamLimits,
    secure = false,
  ) {
    this.ends = ends
    this.#socket = socket
    this.#limits = limits
    this.#framer = new StreamFramer(limits.messageBytes)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    if (secure || socket.connecting) {
      this.#within(`no connection within ${limits.patience / 1000} s`)
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        this.madeAt = performance.now()
        this.#inTime()
        user.made(ends)
        this.#waitingBytes = 0
        for (const data of this.#waiting.splice(0)) socket.write(data)
      })
    } else this.madeAt = performance.now()
    socket.on('data', (chunk: Buffer) => this.#read(chunk, user))
    socket.on('error', (fault: Error) => {
      this.close(faultWords(fault, { secure, made: this.made, ...nameOf(this.ends) }))
    })
    socket.on('end', () => this.close())
    socket.on('close', () => this.close())
    this.#lost = () => user.lost(this)
  }

  get host(): string {
    return this.ends.host
  }

  get port(): number {
    return this.ends.port
  }

  /** Whether it ever was open. */
  get made(): boolean {
    return this.madeAt > 0
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  write(data: Buffer): void {
    this.lastUsed = performance.now()
    const { backlogBytes, strangersBacklogBytes } = this.#limits
    const most = this.ends.ours ? backlogBytes : strangersBacklogBytes
    if (this.#socket.writableLength + this.#waitingBytes > most) this.close('the peer does not read')
    else if (this.made) this.#socket.write(data)
    else {
      this.#waiting.push(data)
      this.#waitingBytes += data.length
    }
  }

  /** Sends a keep-alive where nothing has gone either way for so long. */
  keepAlive(now: number): void {
    if (this.made && this.open && now - this.lastUsed >= this.#limits.keepAlive) this.write(PING)
  }

  /**
   * Closes it, and tells at once that it is lost: a socket is of no use for a moment before it is closed, and what goes by
   * the next connection in that moment must not be taken for lost with this one.
   */
  close(why?: string): void {
    this.why ??= why
    this.#inTime()
    this.#socket.destroy()
    const lost = this.#lost
    this.#lost = undefined
    lost?.()
  }

  #read(chunk: Buffer, user: StreamUser): void {
    if (this.#broken) return
    this.lastUsed = this.lastHeard = performance.now()
    for (const frame of this.#framer.push(chunk)) {
      if (frame.kind === 'message') user.message(frame.data, this)
      else if (frame.kind === 'ping') this.write(PONG)
      else {
        this.#giveUp(frame.reason)
        return
      }
    }
    // Counted from its first byte: who sends a byte now and then would never be silent.
    if (!this.#framer.partial) this.#inTime()
    else if (!this.#deadline) this.#within('a message was not finished in time')
  }

  /** Ends it behind what has been written: the peer may have been told why, and is left the time to read it. */
  #giveUp(why: string): void {
    this.why ??= why
    this.#broken = true
    this.#inTime()
    this.#within(why)
    this.#socket.end()
  }

  #within(why: string): void {
    this.#deadline = setTimeout(() => this.close(why), this.#limits.patience)
    this.#deadline.unref()
  }

  #inTime(): void {
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }
}

const nameOf = ({ name }: Ends): { name?: string } => (name === undefined ? {} : { name })
