import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Endpoint } from '../transport/address.ts'
import { BadFrame, frame, FrameReader } from './frames.ts'

/** Where a message came from or went to, as drachtio tells it. */
export type Told = {
  readonly source: 'network' | 'application'
  readonly bytes: number
  readonly peer: Endpoint
}

/** One connected application. */
export class Client {
  readonly #socket: Socket
  readonly #reader: FrameReader
  readonly #backlog: number
  authenticated = false
  /** Tags it gave itself; another client of the same name goes on with its dialogs. */
  name = ''

  /** @param limits `patience`: milliseconds to authenticate */
  constructor(
    socket: Socket,
    limits: { readonly frameBytes: number; readonly backlogBytes: number; readonly patience: number },
  ) {
    this.#socket = socket
    this.#reader = new FrameReader(limits.frameBytes)
    this.#backlog = limits.backlogBytes
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    // Whoever only sits there takes the place of the bot that comes back.
    const limit = setTimeout(() => {
      if (!this.authenticated) socket.destroy()
    }, limits.patience)
    socket.once('close', () => clearTimeout(limit))
    limit.unref()
  }

  get connected(): boolean {
    return !this.#socket.destroyed
  }

  /** A frame that is none closes this connection, and no other. */
  onMessage(listener: (data: Buffer) => void): void {
    this.#socket.on('data', (chunk: Buffer) => {
      // What is answered at once goes out in one write.
      this.#socket.cork()
      try {
        for (const data of this.#reader.push(chunk)) if (this.connected) listener(data)
      } catch (fault) {
        if (!(fault instanceof BadFrame)) throw fault
        this.close()
      } finally {
        this.#socket.uncork()
      }
    })
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Sends what is still to be written, then closes. */
  end(): void {
    this.#socket.end()
    this.#socket.setTimeout(1_000, () => this.#socket.destroy())
  }

  /** Answers a message of the client. */
  reply(id: string, verdict: 'OK' | 'NO' | 'NOK', text = ''): void {
    this.#write(frame(`${randomUUID()}|response|${id}|${verdict}${text === '' ? '' : `|${text}`}`))
  }

  /** Answers that a SIP message went out: the message as it was sent. */
  replySent(id: string, told: Told, ids: string, message: Buffer): void {
    this.#write(frame(`${randomUUID()}|response|${id}|OK|${wordsOf(told)}|${ids}|Msg sent:|\r\n`, message))
  }

  /** Hands on a SIP message. `receivedOn` is told for requests outside of dialogs only, as drachtio-server does. */
  deliver(told: Told, transactionId: string, dialogId: string, message: Buffer, receivedOn?: Endpoint): void {
    const on = receivedOn ? `${receivedOn.host}|${receivedOn.port}|` : ''
    this.#write(frame(`${randomUUID()}|sip|${wordsOf(told)}|${transactionId}|${dialogId}|${on}\r\n`, message))
  }

  #write(data: Buffer): void {
    if (!this.connected) return
    if (this.#socket.writableLength > this.#backlog) this.close()
    else this.#socket.write(data)
  }
}

function wordsOf({ source, bytes, peer }: Told): string {
  return `${source}|${bytes}|${peer.transport}|${peer.host}|${peer.port}|${timeOfDay()}`
}

/** UTC, `HH:MM:SS.uuuuuu`. */
function timeOfDay(): string {
  return `${new Date().toISOString().slice(11, 23)}000`
}
