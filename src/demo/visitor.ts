import type { WebSocket } from 'ws'
import { parseAsked, type Asked, type Told } from './protocol.ts'

/** Bytes that may wait for a page: more than all that there is to show. Who takes none of it in is let go. */
const WAITING = 64 * 1024 * 1024

/** One open page. */
export class Visitor {
  readonly #socket: WebSocket
  /** aadObjectId of who sits at it; empty until it has said so. */
  person = ''
  locale = 'en-US'

  constructor(socket: WebSocket, onAsked: (asked: Asked) => void) {
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('message', (data, binary) => {
      const asked = binary || !Buffer.isBuffer(data) ? undefined : parseAsked(data.toString('utf8'))
      if (asked) onAsked(asked)
      else socket.close(1008, 'not understood')
    })
  }

  /** A page that is asleep comes back, and is then told how things stand. */
  tell(told: Told): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > WAITING) return this.#socket.terminate()
    this.#socket.send(JSON.stringify(told))
  }
}
