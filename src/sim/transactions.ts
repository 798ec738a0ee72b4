import { randomBytes } from 'node:crypto'
import {
  cseq,
  header,
  headerList,
  param,
  parseMessage,
  writeMessage,
  type Header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './message.ts'
import { Transport, type Peer } from './transport.ts'

/** A message on its way in or out, as the ladder shows it. */
export type Seen = { readonly direction: 'in' | 'out'; readonly message: SipMessage; readonly again: boolean }

/** One request that came in and its answers. A final answer to an INVITE is repeated until its ACK comes. */
export type Incoming = {
  readonly request: SipRequest
  readonly from: Peer
  /** @param tag the To tag of this answer; added only where the request has none */
  respond(
    status: number,
    reason: string,
    more?: { tag?: string; headers?: readonly Header[]; body?: string },
  ): void
  readonly finalStatus: number | undefined
}

export type Handlers = {
  onRequest(incoming: Incoming): void
  /** The ACK of a 2xx; the ACK of a refusal ends its transaction and is not told. */
  onAck(ack: SipRequest): void
  /** No ACK came for a 2xx within 64 T1 (RFC 3261 13.3.1.4). */
  onUnacknowledged(invite: SipRequest): void
  onSeen(seen: Seen): void
}

/** RFC 3261 17.1.1.1, milliseconds. */
const T2 = 4000
const LIFE = 64

type Server = {
  readonly request: SipRequest
  readonly from: Peer
  last: SipResponse | undefined
  acked: boolean
}
type Client = { readonly answer: (response: SipResponse) => void }

/** Transactions of RFC 3261 17, as far as a PBX needs them that answers INVITEs and sends BYEs. */
export class Transactions {
  readonly #handlers: Handlers
  readonly #t1: number
  readonly #servers = new Map<string, Server>()
  readonly #clients = new Map<string, Client>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #transport!: Transport
  #closed = false

  private constructor(handlers: Handlers, t1: number) {
    this.#handlers = handlers
    this.#t1 = t1
  }

  static async open(options: {
    host: string
    port: number
    t1: number
    handlers: Handlers
  }): Promise<Transactions> {
    const self = new Transactions(options.handlers, options.t1)
    self.#transport = await Transport.open(options.host, options.port, (bytes, from) =>
      self.#take(bytes, from),
    )
    return self
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#transport.address
  }

  /** As if nothing listened here (`admits` false), or again as ever. Resolves when it is so. */
  admit(admits: boolean): Promise<void> {
    return admits ? this.#transport.admit() : this.#transport.refuse()
  }

  /** Sends a request; Via is added. Resolves with its final response, or undefined after 64 T1. */
  request(request: SipRequest, to: Peer): Promise<SipResponse | undefined> {
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`
    const { host, port } = this.address
    const via: Header = ['Via', `SIP/2.0/${to.protocol.toUpperCase()} ${host}:${port};branch=${branch};rport`]
    const message = { ...request, headers: [via, ...request.headers] }
    return new Promise((resolve) => {
      let done = false
      const end = (response?: SipResponse) => {
        done = true
        this.#clients.delete(branch)
        resolve(response)
      }
      this.#clients.set(branch, { answer: end })
      this.#send(message, to, false)
      this.#repeat(() => (done ? undefined : this.#send(message, to, true)), to.protocol === 'udp')
      this.#after(LIFE * this.#t1, () => end())
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    for (const client of this.#clients.values()) client.answer(NONE)
    await this.#transport.close()
  }

  #take(bytes: Buffer, from: Peer): void {
    const message = parseMessage(bytes)
    if (this.#closed || !message || !isComplete(message)) return
    if (message.kind === 'response') return this.#takeResponse(message)
    const key = keyOf(message)
    const known = this.#servers.get(key)
    const again = known !== undefined && (message.method !== 'ACK' || known.acked)
    this.#handlers.onSeen({ direction: 'in', message, again })
    if (message.method === 'ACK') return this.#takeAck(message, known)
    if (!known) return this.#begin(key, message, from)
    // RFC 6026: a repeated INVITE is absorbed once a 2xx is out, which is repeated by its own timer.
    if (known.last && !(message.method === 'INVITE' && isSuccess(known.last)))
      this.#answer(known, known.last, true)
  }

  #takeResponse(message: SipResponse): void {
    const branch = param(headerList(message, 'via')[0] ?? '', 'branch') ?? ''
    const client = this.#clients.get(branch)
    this.#handlers.onSeen({ direction: 'in', message, again: client === undefined })
    if (client && message.status >= 200) client.answer(message)
  }

  #takeAck(ack: SipRequest, refused: Server | undefined): void {
    if (refused?.last && !isSuccess(refused.last)) refused.acked = true
    else {
      for (const server of this.#servers.values()) if (acknowledges(ack, server)) server.acked = true
      this.#handlers.onAck(ack)
    }
  }

  #begin(key: string, request: SipRequest, from: Peer): void {
    const server: Server = { request, from, last: undefined, acked: false }
    this.#servers.set(key, server)
    this.#handlers.onRequest({
      request,
      from,
      respond: (status, reason, more = {}) => this.#respond(key, server, status, reason, more),
      get finalStatus() {
        const status = server.last?.status ?? 0
        return status >= 200 ? status : undefined
      },
    })
  }

  #respond(
    key: string,
    server: Server,
    status: number,
    reason: string,
    more: { tag?: string; headers?: readonly Header[]; body?: string },
  ): void {
    if ((server.last?.status ?? 0) >= 200) return
    const { request, from } = server
    const response = answerTo(request, from, { status, reason, ...more })
    server.last = response
    this.#answer(server, response, false)
    if (status < 200) return
    this.#after(LIFE * this.#t1, () => this.#servers.delete(key))
    if (request.method !== 'INVITE') return
    const insist = isSuccess(response) || from.protocol === 'udp'
    this.#repeat(() => (server.acked ? undefined : this.#answer(server, response, true)), insist)
    if (isSuccess(response))
      this.#after(LIFE * this.#t1, () => {
        if (!server.acked) this.#handlers.onUnacknowledged(request)
      })
  }

  #answer(server: Server, response: SipResponse, again: boolean): void {
    this.#send(response, replyAddress(server), again)
  }

  #send(message: SipMessage, to: Peer, again: boolean): void {
    if (this.#closed) return
    this.#handlers.onSeen({ direction: 'out', message, again })
    this.#transport.send(writeMessage(message), to)
  }

  /** Repeats after T1, 2 T1, … up to T2, for 64 T1 in all. */
  #repeat(send: () => void, wanted: boolean): void {
    if (!wanted) return
    const next = (wait: number, spent: number) => {
      if (spent + wait >= LIFE * this.#t1) return
      this.#after(wait, () => {
        send()
        next(Math.min(2 * wait, T2), spent + wait)
      })
    }
    next(this.#t1, 0)
  }

  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    timer.unref()
    this.#timers.add(timer)
  }
}

const NONE: SipResponse = { kind: 'response', status: 503, reason: 'Stopped', headers: [], body: '' }

/** RFC 3261 8.1.1: what every message must have. */
function isComplete(message: SipMessage): boolean {
  const number = cseq(message)
  const named = ['via', 'from', 'to', 'call-id'].every((name) => header(message, name) !== undefined)
  return named && number !== undefined && (message.kind === 'response' || number.method === message.method)
}

/** RFC 3261 17.2.3: branch and sent-by, and the method; an ACK belongs to its INVITE. */
function keyOf(request: SipRequest): string {
  const via = headerList(request, 'via')[0] ?? ''
  const sentBy = /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+([^;\s]+)/i.exec(via)?.[1] ?? ''
  return `${param(via, 'branch') ?? ''} ${sentBy} ${request.method === 'ACK' ? 'INVITE' : request.method}`
}

function acknowledges(ack: SipRequest, { request, last }: Server): boolean {
  return (
    request.method === 'INVITE' &&
    last !== undefined &&
    isSuccess(last) &&
    header(ack, 'call-id') === header(request, 'call-id') &&
    cseq(ack)?.number === cseq(request)?.number
  )
}

function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300
}

function answerTo(
  request: SipRequest,
  from: Peer,
  more: { status: number; reason: string; tag?: string; headers?: readonly Header[]; body?: string },
): SipResponse {
  const to = header(request, 'to') ?? ''
  const tagged = more.tag !== undefined && param(to, 'tag') === undefined ? `${to};tag=${more.tag}` : to
  const [via = '', ...vias] = headerList(request, 'via')
  return {
    kind: 'response',
    status: more.status,
    reason: more.reason,
    headers: [
      ['Via', received(via, from)],
      ...vias.map((v): Header => ['Via', v]),
      ...headerList(request, 'record-route').map((route): Header => ['Record-Route', route]),
      ['From', header(request, 'from') ?? ''],
      ['To', tagged],
      ['Call-ID', header(request, 'call-id') ?? ''],
      ['CSeq', header(request, 'cseq') ?? ''],
      ...(more.headers ?? []),
    ],
    body: more.body ?? '',
  }
}

/** RFC 3581 4: where the request really came from. */
function received(via: string, from: Peer): string {
  const asked = param(via, 'rport') !== undefined
  const told = asked ? via.replace(/;\s*rport(=[^;]*)?/i, `;rport=${from.port}`) : via
  return `${told};received=${from.address}`
}

/** RFC 3261 18.2.2 and RFC 3581 4. */
function replyAddress({ request, from }: Server): Peer {
  const via = headerList(request, 'via')[0] ?? ''
  if (from.protocol === 'tcp' || param(via, 'rport') !== undefined) return from
  const port = /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+[^;\s]*?:(\d{1,5})\s*(?:;|$)/i.exec(via)?.[1]
  return { ...from, port: port ? Number(port) : 5060 }
}
