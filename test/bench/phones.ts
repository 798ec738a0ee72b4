/**
 * All phones of a company behind one UDP port, for load: each INVITE is answered at once with 180 and 200, each
 * re-INVITE with 200, BYE after the answer's `talk` time comes from the callee's side. It keeps as little as it can,
 * so that what is measured is the bot.
 */
import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'

type Heads = ReadonlyMap<string, string>
type Dialog = {
  readonly user: string
  readonly invite: Heads
  readonly from: RemoteInfo
  timer?: NodeJS.Timeout
  over: boolean
}

/** What the bench wants to know; times in milliseconds of performance.now(). */
export type Seen = {
  /** First INVITE for this number. */
  onInvite(user: string, at: number): void
  onAnswer(user: string, at: number): void
  onBye(user: string, at: number): void
}

export class LoadPhones {
  readonly #socket: Socket
  readonly #dialogs = new Map<string, Dialog>()
  readonly #seen: Seen
  readonly #talk: number
  /** Numbers whose phones hang up, `talk` ms after their answer; the others are hung up. */
  readonly #hangsUp: (user: string) => boolean
  port = 0

  constructor(options: { seen: Seen; talk: number; hangsUp: (user: string) => boolean }) {
    this.#socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 })
    this.#seen = options.seen
    this.#talk = options.talk
    this.#hangsUp = options.hangsUp
  }

  async start(): Promise<this> {
    this.#socket.on('message', (data, from) => this.#on(data.toString('latin1'), from))
    this.#socket.bind(0, '127.0.0.1')
    await once(this.#socket, 'listening')
    this.port = this.#socket.address().port
    return this
  }

  stop(): void {
    for (const dialog of this.#dialogs.values()) clearTimeout(dialog.timer)
    this.#socket.close()
  }

  #on(text: string, from: RemoteInfo): void {
    const cut = text.indexOf('\r\n\r\n')
    const lines = text.slice(0, cut).split('\r\n')
    const start = lines[0] ?? ''
    if (start.startsWith('SIP/2.0')) return
    const [method = '', uri = ''] = start.split(' ')
    const heads = read(lines)
    const id = heads.get('call-id') ?? ''
    const dialog = this.#dialogs.get(id)
    switch (method) {
      case 'INVITE':
        return dialog ? this.#again(dialog, heads, from) : this.#first(id, uri, heads, from)
      case 'BYE':
        this.#reply(heads, from, '200 OK')
        if (dialog && !dialog.over) this.#over(id, dialog)
        return
      case 'CANCEL':
        this.#reply(heads, from, '200 OK')
        if (!dialog) return
        this.#reply(dialog.invite, from, '487 Request Terminated')
        return this.#over(id, dialog)
      case 'ACK':
        return
      default:
        this.#reply(heads, from, '200 OK')
    }
  }

  #first(id: string, uri: string, invite: Heads, from: RemoteInfo): void {
    const user = /^sips?:([^@;>]+)/.exec(uri)?.[1] ?? ''
    this.#seen.onInvite(user, performance.now())
    const dialog: Dialog = { user, invite, from, over: false }
    this.#dialogs.set(id, dialog)
    this.#reply(invite, from, '180 Ringing')
    this.#reply(invite, from, '200 OK', SDP)
    this.#seen.onAnswer(user, performance.now())
    if (this.#hangsUp(user)) dialog.timer = setTimeout(() => this.#hangUp(id, dialog), this.#talk)
  }

  #again(dialog: Dialog, heads: Heads, from: RemoteInfo): void {
    // A retransmission of the first INVITE, or a re-INVITE: both want the answer.
    if (!dialog.over) this.#reply(heads, from, '200 OK', SDP)
  }

  #hangUp(id: string, dialog: Dialog): void {
    if (dialog.over) return
    const { invite, from } = dialog
    const contact = /<([^>]+)>/.exec(invite.get('contact') ?? '')?.[1] ?? ''
    const head = [
      `BYE ${contact} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${id.replace(/\W/g, '')}bye;rport`,
      'Max-Forwards: 70',
      `From: ${invite.get('to')};tag=${TAG}`,
      `To: ${invite.get('from')}`,
      `Call-ID: ${id}`,
      'CSeq: 1 BYE',
      'Content-Length: 0',
    ]
    this.#socket.send(`${head.join('\r\n')}\r\n\r\n`, from.port, from.address)
    this.#over(id, dialog)
  }

  #over(id: string, dialog: Dialog): void {
    dialog.over = true
    clearTimeout(dialog.timer)
    this.#seen.onBye(dialog.user, performance.now())
    // Retransmissions may still come for a while.
    setTimeout(() => this.#dialogs.delete(id), 5000).unref()
  }

  #reply(heads: Heads, to: RemoteInfo, status: string, body = ''): void {
    const target = heads.get('to') ?? ''
    const head = [
      `SIP/2.0 ${status}`,
      `Via: ${heads.get('via')}`,
      `From: ${heads.get('from')}`,
      `To: ${target}${target.includes(';tag=') ? '' : `;tag=${TAG}`}`,
      `Call-ID: ${heads.get('call-id')}`,
      `CSeq: ${heads.get('cseq')}`,
      `Contact: <sip:127.0.0.1:${this.port}>`,
      'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ]
    this.#socket.send(`${head.join('\r\n')}\r\n\r\n${body}`, to.port, to.address)
  }
}

const TAG = 'load'
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=sendrecv',
  '',
].join('\r\n')

function read(lines: readonly string[]): Heads {
  const heads = new Map<string, string>()
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (!heads.has(name)) heads.set(name, line.slice(colon + 1).trim())
  }
  return heads
}
