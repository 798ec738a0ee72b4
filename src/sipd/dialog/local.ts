import { Headers } from '../message/headers.ts'
import { newBranch } from '../message/build.ts'
import type { LocalAddress } from '../transport/transports.ts'
import { hostPort } from '../transport/address.ts'

/** Fields that belong to sipd: what an application writes there is dropped. */
const OWN_FIELDS = new Set([
  'via',
  'route',
  'record-route',
  'from',
  'to',
  'call-id',
  'cseq',
  'content-length',
  'rseq',
])

/** Fields in which the placeholder `localhost` is replaced, as drachtio-server does. */
const WITH_PLACEHOLDER = new Set(['from', 'to', 'contact', 'p-asserted-identity', 'p-preferred-identity'])

/** Our side of a message to one peer: Via, Contact, and what stands for `localhost`. */
export class LocalSide {
  readonly #address: LocalAddress
  readonly #hostPort: string
  readonly #secure: boolean

  /** @param uri of the request that it is for: a sips one is answered by a sips Contact (RFC 3261 8.1.1.8, 12.1.1) */
  constructor(address: LocalAddress, peer: string, uri: string) {
    const { host, port } = address.told(peer)
    this.#address = address
    this.#hostPort = hostPort(host, port)
    this.#secure = /^sips:/i.test(uri)
  }

  via(): string {
    return `SIP/2.0/${this.#address.transport.toUpperCase()} ${this.#hostPort};rport;branch=${newBranch()}`
  }

  /** A Contact value. */
  contact(): string {
    if (this.#secure) return `<sips:${this.#hostPort}>`
    const { transport } = this.#address
    return `<sip:${this.#hostPort}${transport === 'udp' ? '' : `;transport=${transport}`}>`
  }

  /** Puts the real address in place of the host `localhost` of the URIs in a header value. */
  fill(key: string, value: string): string {
    if (!WITH_PLACEHOLDER.has(key) || !/localhost/i.test(value)) return value
    const filled = value.replace(
      /(sips?:(?:[^@<>,;\s]*@)?)localhost(?::\d+)?(?=[;>?,\s]|$)/gi,
      (_, before: string) => before + this.#hostPort,
    )
    if (key !== 'contact' || this.#address.transport === 'udp' || /;transport=/i.test(filled)) return filled
    if (this.#secure) return filled.replace(/sip:/i, 'sips:')
    return filled.includes('<')
      ? filled.replace('>', `;transport=${this.#address.transport}>`)
      : `<${filled};transport=${this.#address.transport}>`
  }
}

/** The fields that an application may set, filled in; Content-Type is told from an SDP body as drachtio-server does. */
export function applicationFields(given: Headers, side: LocalSide, body: Buffer): Headers {
  const headers = new Headers()
  for (const { key, name, value } of given.fields) {
    if (!OWN_FIELDS.has(key)) headers.add(name, side.fill(key, value))
  }
  if (body.length > 0 && !headers.has('content-type')) {
    if (!body.subarray(0, 3).equals(SDP_START)) throw new RequestFault('missing content-type')
    headers.add('Content-Type', 'application/sdp')
  }
  return headers
}

const SDP_START = Buffer.from('v=0')

/** Thrown when an application's request cannot be sent; the message is what drachtio-srf is told. */
export class RequestFault extends Error {
  readonly code = 'SIPD_REQUEST'
  constructor(message: string) {
    super(message)
    this.name = 'RequestFault'
  }
}
