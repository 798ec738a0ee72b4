import type { WebSocket } from 'ws'
import { parseAsked, type Asked, type Told } from './protocol.ts'

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

  tell(told: Told): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(told))
  }
}
