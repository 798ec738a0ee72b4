/**
 * SIP messages (RFC 3261 7, 20, 25) as the simulated PBX reads and writes them. Written for the simulation
 * alone: it shares nothing with the bot's own SIP server, so that one mistake cannot hide in both.
 */
export type SipRequest = {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly Header[]
  readonly body: string
}
export type SipResponse = {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: readonly Header[]
  readonly body: string
}
export type SipMessage = SipRequest | SipResponse
export type Header = readonly [name: string, value: string]

/** `"Bob Marín" <sip:+34910000002@host:5060>;tag=abc`, taken apart. */
export type NameAddress = {
  readonly name: string
  readonly uri: string
  readonly params: ReadonlyMap<string, string>
}
export type SipUri = { readonly user: string; readonly host: string; readonly port: number | undefined }

const COMPACT = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['m', 'contact'],
  ['l', 'content-length'],
  ['c', 'content-type'],
  ['k', 'supported'],
])

/** Reads one message. Undefined for what is none: a keep-alive, or bytes that are not SIP. */
export function parseMessage(bytes: Buffer): SipMessage | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...lines] = unfold(bytes.toString('utf8', 0, end)).split('\r\n')
  const headers = lines.map(parseHeader)
  if (headers.some((h) => h === undefined)) return undefined
  const known = headers as Header[]
  const rest = bytes.subarray(end + 4)
  const length = Number(find(known, 'content-length') ?? rest.length)
  if (!Number.isInteger(length) || length < 0 || length > rest.length) return undefined
  const body = rest.toString('utf8', 0, length)
  const request = /^([A-Za-z0-9!%*_+'~.-]+) (\S+) SIP\/2\.0$/.exec(start)
  if (request) {
    const [, method = '', uri = ''] = request
    return { kind: 'request', method, uri, headers: known, body }
  }
  const response = /^SIP\/2\.0 ([1-6]\d\d) ?(.*)$/.exec(start)
  if (response)
    return { kind: 'response', status: Number(response[1]), reason: response[2] ?? '', headers: known, body }
  return undefined
}

/** Bytes of a message; Content-Length is added, in octets. */
export function writeMessage(message: SipMessage): Buffer {
  const start =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const headers = message.headers.map(([name, value]) => `${name}: ${value}`)
  const length = `Content-Length: ${Buffer.byteLength(message.body)}`
  return Buffer.from([start, ...headers, length, '', message.body].join('\r\n'))
}

/** The first value of a header; the name in any case. */
export function header(message: SipMessage, name: string): string | undefined {
  return find(message.headers, name.toLowerCase())
}

/** All values of a header that may be listed with commas or repeated (RFC 3261 7.3.1), in order. */
export function headerList(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase()
  return message.headers.filter(([n]) => canonical(n) === wanted).flatMap(([, value]) => splitList(value))
}

/** Number and method of CSeq; undefined where it is malformed. */
export function cseq(message: SipMessage): { number: number; method: string } | undefined {
  const found = /^(\d{1,10})\s+(\S+)$/.exec(header(message, 'cseq') ?? '')
  return found ? { number: Number(found[1]), method: found[2] ?? '' } : undefined
}

/** The value of one parameter of a header value: `;branch=…`. Empty for a parameter without a value. */
export function param(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}(?:\\s*=\\s*("[^"]*"|[^;\\s,]*))?(?=\\s*(?:;|,|$))`, 'i').exec(value)
  return found ? (found[1] ?? '').replace(/^"|"$/g, '') : undefined
}

/** Takes a From, To or Contact apart (RFC 3261 20.10). */
export function parseAddress(value: string): NameAddress | undefined {
  const angle = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"<]*?))\s*<([^>]+)>\s*(.*)$/s.exec(value)
  if (angle) {
    const name = (angle[1] ?? angle[2] ?? '').replace(/\\(.)/g, '$1')
    return { name, uri: angle[3] ?? '', params: parseParams(angle[4] ?? '') }
  }
  const bare = /^\s*([^;\s]+)\s*(.*)$/s.exec(value)
  return bare ? { name: '', uri: bare[1] ?? '', params: parseParams(bare[2] ?? '') } : undefined
}

/** User, host and port of a sip:, sips: or tel: URI. A user's own parameters (`;phone-context=`) are left out. */
export function parseUri(uri: string): SipUri | undefined {
  const tel = /^tel:([^;?]+)/i.exec(uri)
  if (tel) return { user: tel[1] ?? '', host: '', port: undefined }
  const found = /^sips?:(?:([^@]*)@)?(\[[^\]]+\]|[^:;?>]+)(?::(\d{1,5}))?/i.exec(uri)
  if (!found) return undefined
  const user = (found[1] ?? '').replace(/[;:].*$/s, '')
  return { user: decode(user), host: found[2] ?? '', port: found[3] ? Number(found[3]) : undefined }
}

function parseHeader(line: string): Header | undefined {
  const colon = line.indexOf(':')
  if (colon < 1) return undefined
  const name = line.slice(0, colon).trim()
  return /^[A-Za-z0-9!%*_+'~.-]+$/.test(name) ? [name, line.slice(colon + 1).trim()] : undefined
}

/** RFC 3261 7.3.1: a line that begins with white space goes on the one before. */
function unfold(head: string): string {
  return head.replace(/\r\n[ \t]+/g, ' ')
}

function find(headers: readonly Header[], wanted: string): string | undefined {
  return headers.find(([name]) => canonical(name) === wanted)?.[1]
}

function canonical(name: string): string {
  const lower = name.toLowerCase()
  return COMPACT.get(lower) ?? lower
}

/** Splits at commas that stand neither in quotes nor in angle brackets. */
function splitList(value: string): string[] {
  const items = value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<]|["<])+/g) ?? []
  return items.map((item) => item.trim()).filter(Boolean)
}

function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const part of text.split(';').slice(1)) {
    const [name = '', value = ''] = part.split('=')
    params.set(name.trim().toLowerCase(), value.trim())
  }
  return params
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
