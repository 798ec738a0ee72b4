import { responseTo, token } from '../message/build.ts'
import type { SipRequest, SipResponse, Via } from '../message/message.ts'
import { cseqOf, METHODS, parseVia } from '../message/message.ts'
import type { ParseLimits } from '../message/parse.ts'
import { parseMessage } from '../message/parse.ts'
import { serialise } from '../message/serialise.ts'
import { splitList, tagOf } from '../message/uri.ts'
import type { Endpoint } from '../transport/address.ts'
import { keyOfEndpoint, standardPort } from '../transport/address.ts'
import type { LocalAddress, Source } from '../transport/transports.ts'
import { ClientInvite } from './client-invite.ts'
import { ClientOther } from './client-other.ts'
import type { Clock, Timers } from './clock.ts'
import { ServerInvite } from './server-invite.ts'
import { ServerOther } from './server-other.ts'
import type { ServerTransaction, ServerWiring } from './server.ts'

export type TransactionUser = {
  /** A new request; never ACK or CANCEL. */
  readonly request: (transaction: ServerTransaction) => void
  /** ACK of a 2xx. */
  readonly ack: (ack: SipRequest, source: Source) => void
  /** CANCEL of an INVITE that is not answered yet; the CANCEL itself has been answered. */
  readonly cancelled: (invite: ServerTransaction, cancel: SipRequest) => void
  /** Whether a request belongs to a dialog: it is taken when strangers have used up all places. */
  readonly expected: (request: SipRequest) => boolean
  /** A 2xx to an INVITE of ours whose transaction has ended (RFC 6026 8.4). */
  readonly stray: (response: SipResponse, source: Source) => void
}

export type LayerOptions = {
  readonly clock: Clock
  readonly timers: Timers
  readonly parse: ParseLimits
  /** Server transactions at most: beyond it requests of strangers get 503 without being remembered. */
  readonly transactions: number
}

type Client = ClientInvite | ClientOther

/** How a request leaves: to whom, and by which own address. */
export type Route = {
  readonly peer: Endpoint
  readonly local: LocalAddress
  /** Hear of it when the peer refuses UDP. */
  readonly listen?: boolean
}

/** Matches messages to transactions (RFC 3261 17.1.3, 17.2.3) and makes new ones. */
export class TransactionLayer {
  readonly #options: LayerOptions
  readonly #user: TransactionUser
  readonly #servers = new Map<string, ServerTransaction>()
  readonly #clients = new Map<string, Client>()
  /** Unanswered client transactions by peer, for refusals. */
  readonly #waiting = new Map<string, Set<Client>>()
  /** Request identity → key of the transaction that has it (RFC 3261 8.2.2.2). */
  readonly #merged = new Map<string, string>()

  constructor(options: LayerOptions, user: TransactionUser) {
    this.#options = options
    this.#user = user
  }

  get size(): { readonly servers: number; readonly clients: number } {
    return { servers: this.#servers.size, clients: this.#clients.size }
  }

  /** Takes one whole message from the network. Never throws. */
  receive(data: Buffer, source: Source): void {
    const parsed = parseMessage(data, this.#options.parse)
    switch (parsed.kind) {
      case 'garbage':
        return
      case 'refused':
        this.#answerStatelessly(parsed.request, source, parsed.status, parsed.reason)
        return
      case 'message':
        if (parsed.message.kind === 'response') this.#response(parsed.message, source)
        else this.#request(parsed.message, source)
    }
  }

  /**
   * Nobody listens there, or the connection ended: requests that have no answer yet fail now.
   * @param lost there was a connection: they are sent once more, by a new one
   */
  failed(peer: Endpoint, lost: boolean, why?: string): void {
    const waiting = this.#waiting.get(keyOfEndpoint(peer))
    if (waiting) for (const client of [...waiting]) client.refused(lost, why)
  }

  /**
   * Makes a client transaction; `start` sends the request.
   * @param response hears of every response, and of 408, 487 and 503 made here
   * @param ended the transaction is forgotten: no more responses
   */
  client(
    request: SipRequest,
    bytes: Buffer,
    route: Route,
    response: (response: SipResponse, source?: Source) => void,
    ended: () => void = () => undefined,
  ): Client {
    const key = clientKey(branchOf(request), request.method)
    const { peer, local } = route
    const listen = route.listen ?? false
    const waitKey = keyOfEndpoint(peer)
    const began = performance.now()
    const wiring = {
      request,
      bytes,
      send: (data: Buffer) => local.send(data, peer, listen),
      reliable: peer.transport !== 'udp',
      clock: this.#options.clock,
      timers: this.#options.timers,
      response: (message: SipResponse, source?: Source) => {
        this.#forgetWaiting(waitKey, client)
        if (!source && message.status === 408) local.silent(peer, began)
        response(message, source)
      },
      ended: () => {
        if (this.#clients.get(key) === client) this.#clients.delete(key)
        this.#forgetWaiting(waitKey, client)
        ended()
      },
    }
    const client: Client = request.method === 'INVITE' ? new ClientInvite(wiring) : new ClientOther(wiring)
    this.#clients.set(key, client)
    const waiting = this.#waiting.get(waitKey)
    if (waiting) waiting.add(client)
    else this.#waiting.set(waitKey, new Set([client]))
    return client
  }

  #forgetWaiting(key: string, client: Client): void {
    const waiting = this.#waiting.get(key)
    if (waiting?.delete(client) && waiting.size === 0) this.#waiting.delete(key)
  }

  #response(response: SipResponse, source: Source): void {
    const { method } = cseqOf(response)
    const client = this.#clients.get(clientKey(branchOf(response), method))
    if (client) client.receive(response, source)
    else if (method === 'INVITE' && response.status >= 200 && response.status < 300)
      this.#user.stray(response, source)
  }

  #request(request: SipRequest, source: Source): void {
    const via = stamp(request, source)
    if (!via) return
    const { method } = request
    const key = serverKey(request, via, method === 'ACK' || method === 'CANCEL' ? 'INVITE' : method)
    const known = this.#servers.get(key)
    if (method === 'ACK') {
      if (known) known.receive(request)
      else this.#user.ack(request, source)
      return
    }
    if (method === 'CANCEL') {
      this.#cancel(request, source, known)
      return
    }
    if (known) {
      known.receive(request)
      return
    }
    if (!METHODS.includes(method)) {
      this.#answerStatelessly(request, source, 501, 'Not Implemented')
      return
    }
    const { transactions } = this.#options
    const { size } = this.#servers
    if (size >= transactions && (size >= 2 * transactions || !this.#user.expected(request))) {
      this.#answerStatelessly(request, source, 503, 'Service Unavailable')
      return
    }
    this.#open(key, request, source, via)
  }

  #open(key: string, request: SipRequest, source: Source, via: Via): void {
    const identity = tagOf(request.headers.get('to') ?? '') === undefined ? identityOf(request) : undefined
    if (identity !== undefined && this.#merged.has(identity)) {
      this.#answerStatelessly(request, source, 482, 'Loop Detected')
      return
    }
    const wiring: ServerWiring = {
      request,
      source,
      send: (bytes) => reply(bytes, source, via),
      reliable: source.transport !== 'udp',
      clock: this.#options.clock,
      timers: this.#options.timers,
      ended: () => {
        this.#servers.delete(key)
        if (identity !== undefined) this.#merged.delete(identity)
      },
    }
    const transaction =
      request.method === 'INVITE'
        ? new ServerInvite(wiring, (ack) => this.#user.ack(ack, source))
        : new ServerOther(wiring)
    this.#servers.set(key, transaction)
    if (identity !== undefined) this.#merged.set(identity, key)
    this.#user.request(transaction)
  }

  /** RFC 3261 9.2: a CANCEL is answered by itself, whatever becomes of the INVITE. */
  #cancel(request: SipRequest, source: Source, invite: ServerTransaction | undefined): void {
    this.#answerStatelessly(request, source, invite ? 200 : 481)
    if (invite && !invite.answered) this.#user.cancelled(invite, request)
  }

  #answerStatelessly(request: SipRequest, source: Source, status: number, reason?: string): void {
    const via = parseVia(splitList(request.headers.get('via') ?? '')[0] ?? '')
    if (!via || request.method === 'ACK') return
    try {
      reply(
        serialise(responseTo(request, status, { tag: token(), ...(reason ? { reason } : {}) })),
        source,
        via,
      )
    } catch {
      // The request's own headers are unfit to be copied: nobody is answered.
    }
  }
}

/** RFC 3581 4 and RFC 3261 18.2.1: notes in the top Via where the request really came from. */
function stamp(request: SipRequest, source: Source): Via | undefined {
  const field = request.headers.fields.find(({ key }) => key === 'via')
  const values = splitList(field?.value ?? '')
  const via = parseVia(values[0] ?? '')
  if (!field || !via) return undefined
  const wantsPort = via.params['rport'] === ''
  if (!wantsPort && via.host === source.host) return via
  const value = (values[0] ?? '').replace(/;\s*received\s*=[^;]*/i, '')
  values[0] =
    (wantsPort ? value.replace(/;\s*rport\s*(?=;|$)/i, `;rport=${source.port}`) : value) +
    `;received=${source.host}`
  field.value = values.join(', ')
  return via
}

/** RFC 3261 18.2.2 with RFC 3581: by the same connection, else to the address it came from. */
function reply(bytes: Buffer, source: Source, via: Via): void {
  if (source.connection?.open) source.connection.write(bytes)
  else {
    const symmetric = source.transport === 'udp' && via.params['rport'] !== undefined
    const port = symmetric ? source.port : via.port || standardPort(source.transport)
    const { host, name } = source
    source.local.answer(bytes, { host, port, ...(name === undefined ? {} : { name }) })
  }
}

function branchOf(message: SipRequest | SipResponse): string {
  return parseVia(splitList(message.headers.get('via') ?? '')[0] ?? '')?.params['branch'] ?? ''
}

function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`
}

/** RFC 3261 17.2.3; without the magic cookie, by what RFC 2543 compares. */
function serverKey(request: SipRequest, via: Via, method: string): string {
  const branch = via.params['branch'] ?? ''
  if (branch.toLowerCase().startsWith('z9hg4bk') && branch.length > 7) {
    return `${branch} ${via.host}:${via.port} ${method}`
  }
  const { headers } = request
  return `${headers.get('call-id')} ${cseqOf(request).number} ${tagOf(headers.get('from') ?? '')} ${via.host}:${via.port} ${branch} ${method}`
}

function identityOf(request: SipRequest): string {
  return `${request.headers.get('call-id')} ${request.headers.get('cseq')} ${tagOf(request.headers.get('from') ?? '')}`
}
