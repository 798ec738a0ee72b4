import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import type { Phone } from '../sim/phone.ts'
import type { Sound } from '../sim/rtp.ts'

/**
 * The sound of the simulated phones, to and from the page, over a WebSocket of its own, so that neither a long
 * message nor a slow card is ever in its way:
 *
 *   page ─► `{type: 'hold', phone}`        this handset is at the ear (and at the mouth); '' for none
 *   page ─► `{type: 'microphone', open}`   answered by `{type: 'microphone', state}`
 *   page ─► 160 bytes                      20 ms of PCMU from the microphone
 *   page ◄─ 1 + 160 bytes                  RTP payload type (0 PCMU, 8 PCMA; RFC 3551), then the frame as it came
 */
const asked = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hold'), phone: z.string().max(300) }),
  z.object({ type: z.literal('microphone'), open: z.boolean() }),
])

/** `open`: this page has the microphone. `taken`: another page has it. `closed`: nobody has. */
export type MicrophoneState = 'open' | 'taken' | 'closed'

const FRAME = 160
/** Larger than anything that a page of ours sends, bytes. */
const LARGEST = 1024
/** More pages than anybody opens. */
const PAGES = 32
/** A page that takes its sound too slowly misses some: so many bytes wait, a second and a half. */
const WAITING = 12_000

/** Lets pages hear the phones that they hold, and one of them speak. */
export class SoundBridge {
  readonly #phones: readonly Phone[]
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST })
  /** There is one microphone on this machine, whatever the number of pages. */
  #speaker: Listener | undefined

  constructor(phones: readonly Phone[]) {
    this.#phones = phones
  }

  /** Takes a connection that has been found to come from a page of the demo (guard.ts). */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(req, socket, head, (webSocket) => {
      if (this.#sockets.clients.size > PAGES) return webSocket.close(1013, 'too many pages')
      this.#serve(webSocket)
    })
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.close(1001, 'server stops')
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()))
  }

  #serve(socket: WebSocket): void {
    const listener = new Listener(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      listener.hold(undefined)
      if (this.#speaker === listener) this.#speaker = undefined
    })
    socket.on('message', (data, binary) => {
      if (!Buffer.isBuffer(data) || !this.#take(listener, data, binary)) socket.close(1008, 'not understood')
    })
  }

  /** False for what no page of ours sends. */
  #take(listener: Listener, data: Buffer, binary: boolean): boolean {
    if (binary) {
      if (data.length !== FRAME) return false
      if (this.#speaker === listener) listener.phone?.speak(data)
      return true
    }
    const wish = parse(data.toString('utf8'))
    if (!wish) return false
    if (wish.type === 'hold') listener.hold(this.#phones.find(({ view }) => view.id === wish.phone))
    else this.#microphone(listener, wish.open)
    return true
  }

  #microphone(listener: Listener, open: boolean): void {
    if (open) {
      this.#speaker ??= listener
      return listener.tell(this.#speaker === listener ? 'open' : 'taken')
    }
    if (this.#speaker === listener) this.#speaker = undefined
    listener.tell('closed')
  }
}

/** One open page, and the handset at its ear. */
class Listener {
  readonly #socket: WebSocket
  phone: Phone | undefined
  #putAway: () => void = () => undefined

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  hold(phone: Phone | undefined): void {
    this.#putAway()
    this.phone = phone
    this.#putAway = phone?.listen((sound) => this.#play(sound)) ?? (() => undefined)
  }

  tell(state: MicrophoneState): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(JSON.stringify({ type: 'microphone', state }))
  }

  /** Every page is in the one room in which the microphone is: what came from it is not played back there. */
  #play({ codec, payload, live }: Sound): void {
    const { readyState, OPEN, bufferedAmount } = this.#socket
    if (live || readyState !== OPEN || bufferedAmount > WAITING) return
    const frame = new Uint8Array(1 + payload.length)
    frame[0] = codec === 'PCMU' ? 0 : 8
    frame.set(payload, 1)
    this.#socket.send(frame)
  }
}

function parse(text: string): z.infer<typeof asked> | undefined {
  try {
    return asked.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
