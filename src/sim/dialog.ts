import { randomBytes } from 'node:crypto'
import {
  cseq,
  header,
  headerList,
  param,
  parseAddress,
  parseUri,
  type Header,
  type SipRequest,
} from './message.ts'
import type { Peer } from './transport.ts'

/** One dialog of a phone that was called (RFC 3261 12.1.1): what its requests and answers need. */
export class Dialog {
  readonly callId: string
  readonly localTag = randomBytes(6).toString('hex')
  readonly contact: string
  readonly #remoteTag: string
  readonly #from: string
  readonly #to: string
  readonly #routes: readonly string[]
  readonly #peer: Peer
  #target: string
  #theirs: number
  #ours = 0

  constructor(invite: SipRequest, from: Peer, contact: string) {
    this.callId = header(invite, 'call-id') ?? ''
    this.contact = contact
    this.#from = header(invite, 'from') ?? ''
    this.#to = header(invite, 'to') ?? ''
    this.#remoteTag = param(this.#from, 'tag') ?? ''
    this.#routes = headerList(invite, 'record-route')
    this.#peer = from
    this.#target = contactOf(invite) ?? parseAddress(this.#from)?.uri ?? ''
    this.#theirs = cseq(invite)?.number ?? 0
  }

  owns(request: SipRequest): boolean {
    return (
      header(request, 'call-id') === this.callId &&
      param(header(request, 'to') ?? '', 'tag') === this.localTag &&
      (param(header(request, 'from') ?? '', 'tag') ?? '') === this.#remoteTag
    )
  }

  /** Takes an in-dialog request's CSeq and Contact. False where it is out of order (RFC 3261 12.2.2: 500). */
  accept(request: SipRequest): boolean {
    const number = cseq(request)?.number ?? 0
    if (number <= this.#theirs) return false
    this.#theirs = number
    this.#target = contactOf(request) ?? this.#target
    return true
  }

  /** A request of ours and where it goes: along the route set, else to the far Contact. */
  request(method: string, more: readonly Header[] = []): { readonly message: SipRequest; readonly to: Peer } {
    this.#ours += 1
    const headers: Header[] = [
      ['Max-Forwards', '70'],
      ...this.#routes.map((route): Header => ['Route', route]),
      ['From', `${this.#to};tag=${this.localTag}`],
      ['To', this.#from],
      ['Call-ID', this.callId],
      ['CSeq', `${this.#ours} ${method}`],
      ['Contact', this.contact],
      ...more,
    ]
    const first = this.#routes[0]
    const hop = parseUri(first ? (parseAddress(first)?.uri ?? '') : this.#target)
    return {
      message: { kind: 'request', method, uri: this.#target, headers, body: '' },
      to: this.#reach(hop),
    }
  }

  /** Only addresses are followed; for a name, the request goes where the INVITE came from. */
  #reach(hop: { host: string; port: number | undefined } | undefined): Peer {
    if (this.#peer.protocol === 'tcp' || !hop || !/^[\d.]+$/.test(hop.host)) return this.#peer
    return { ...this.#peer, address: hop.host, port: hop.port ?? 5060 }
  }
}

function contactOf(message: SipRequest): string | undefined {
  const contact = headerList(message, 'contact')[0]
  return contact === undefined ? undefined : parseAddress(contact)?.uri
}
