import { isUtf8 } from 'node:buffer'
import type { HeaderField } from './headers.ts'
import { Headers, keyOf, wireName } from './headers.ts'
import type { SipMessage, SipRequest } from './message.ts'
import { cseqOf, EMPTY, parseVia } from './message.ts'
import { parseNameAddr, parseUri, splitList, tagOf } from './uri.ts'

export type ParseLimits = {
  /** Bytes of a whole message. */
  readonly messageBytes: number
  /** Number of header fields. */
  readonly headerFields: number
  /** Characters of one header field, folds removed. */
  readonly fieldLength: number
}

export const PARSE_LIMITS: ParseLimits = { messageBytes: 65_535, headerFields: 200, fieldLength: 8_192 }

/**
 * What became of some bytes: a message; a request that must be refused, with what an answer needs; or
 * nothing that anybody could be answered for.
 */
export type Parsed =
  | { readonly kind: 'message'; readonly message: SipMessage }
  | {
      readonly kind: 'refused'
      readonly request: SipRequest
      readonly status: number
      readonly reason: string
    }
  | { readonly kind: 'garbage'; readonly reason: string }

// RFC 3261 7.1: the version is read in any case, and written in capitals.
const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]{1,64}) ([^\s]{1,2048}) (SIP)\/(\d+\.\d+)$/i
const STATUS_LINE = /^(SIP)\/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?$/i
const FIELD_NAME = /^[A-Za-z0-9\-.!%*_+`'~]+$/
/** What ends a line for some reader; RFC 3261 25.1 lets a NUL be quoted, and nothing else of these. */
const BREAKS_LINE = /[\r\n]|(?<!\\)\0/
/** RFC 3261 8.1.1 and 20: once and only once in every message. */
const ONCE = ['from', 'to', 'call-id', 'cseq']
const AT_MOST_ONCE = ['content-length', 'max-forwards', 'content-type']

/**
 * Parses one whole SIP message (RFC 3261 7). Folded lines are joined, short names are made long, bytes
 * after Content-Length are cut off. Never throws.
 */
export function parseMessage(data: Buffer, limits: ParseLimits = PARSE_LIMITS): Parsed {
  if (data.length > limits.messageBytes) return garbage('longer than the limit')
  const start = skipLineEnds(data)
  const end = data.indexOf('\r\n\r\n', start, 'latin1')
  if (end < 0) return garbage('no empty line')
  const headBytes = data.subarray(start, end)
  // RFC 3261 7.3.1 has headers in UTF-8. Old PBXs write Latin-1 names: each byte is then a character.
  const utf8 = isUtf8(headBytes)
  const lines = headBytes.toString(utf8 ? 'utf8' : 'latin1').split('\r\n')
  const first = lines[0] ?? ''
  const head = readFields(lines, limits)
  const { headers } = head
  let fault = head.fault

  const body = bodyOf(data, end + 4, headers)
  if (typeof body === 'string') fault ??= body
  const bytes = typeof body === 'string' ? EMPTY : body
  const whole = utf8 && !head.rewritten && start === 0 && end + 4 + bytes.length === data.length
  const rawIf = (name: string | undefined) => (whole && name === 'SIP' ? { raw: data } : {})

  const [, name, status, reason = ''] = STATUS_LINE.exec(first) ?? []
  if (status !== undefined) {
    fault ??= faultOf(headers)
    if (fault !== undefined) return garbage(fault)
    const response = { kind: 'response', status: Number(status), reason, headers, body: bytes } as const
    return { kind: 'message', message: { ...response, ...rawIf(name) } }
  }
  const [, method, uri, protocol, version] = REQUEST_LINE.exec(first) ?? looseRequestLine(first)
  if (method === undefined || uri === undefined) return garbage('no start line')
  const request: SipRequest = { kind: 'request', method, uri, headers, body: bytes, ...rawIf(protocol) }
  if (!answerable(headers)) return garbage(fault ?? 'nobody to answer')
  if (version === undefined) return refused(request, 400, 'Bad Request-Line')
  if (version !== '2.0') return refused(request, 505, 'Version Not Supported')
  fault ??= faultOf(headers) ?? methodFault(request) ?? uriFault(uri)
  if (fault !== undefined) return refused(request, 400, fault)
  if (!/^(sips?|tel):./i.test(uri)) return refused(request, 416, 'Unsupported URI Scheme')
  return { kind: 'message', message: request }
}

function garbage(reason: string): Parsed {
  return { kind: 'garbage', reason }
}

function refused(request: SipRequest, status: number, reason: string): Parsed {
  return request.method === 'ACK' ? garbage(reason) : { kind: 'refused', request, status, reason }
}

/** A start line that is no good but tells method and URI, so that its sender can be told (RFC 4475 3.1.2). */
function looseRequestLine(line: string): readonly (string | undefined)[] {
  const match = /^\s*([A-Z]{3,16})\s+(.*\S)\s+SIP\/\d/.exec(line)
  return match ? [undefined, match[1], match[2]] : []
}

/** Line ends before a start line are no part of the message (RFC 3261 7.5). */
function skipLineEnds(data: Buffer): number {
  let i = 0
  while (data[i] === 13 || data[i] === 10) i++
  return i
}

function readFields(
  lines: readonly string[],
  limits: ParseLimits,
): { headers: Headers; rewritten: boolean; fault: string | undefined } {
  const fields: HeaderField[] = []
  let rewritten = false
  let fault: string | undefined
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const c = line.charCodeAt(0)
    const last = fields.at(-1)
    if (BREAKS_LINE.test(line)) fault ??= 'Bare Line End In Header'
    if (c === 32 || c === 9) {
      const more = line.trim()
      if (last && last.value.length + more.length < limits.fieldLength) {
        if (more !== '') last.value += ' ' + more
      } else fault ??= last ? 'Header Too Long' : 'Bad Header'
      rewritten = true
      continue
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? '' : line.slice(0, colon).trimEnd()
    if (!FIELD_NAME.test(name)) {
      fault ??= 'Bad Header'
      rewritten = true
      continue
    }
    // drachtio-srf takes %6F for an o in a header's name, RFC 4475 3.1.1.5 does not: two readers, two messages.
    // A header that nobody knows is ignored (RFC 3261 8.2), so this one is left out.
    if (name.includes('%')) {
      rewritten = true
      continue
    }
    if (line.length > limits.fieldLength) fault ??= 'Header Too Long'
    if (fields.length >= limits.headerFields) {
      fault ??= 'Too Many Headers'
      break
    }
    const short = name.length === 1
    if (short) rewritten = true
    fields.push({
      key: keyOf(name),
      name: short ? wireName(name) : name,
      value: line.slice(colon + 1).trim(),
    })
  }
  return { headers: new Headers(fields), rewritten, fault }
}

/** The body; a string says what is wrong with its length (RFC 3261 18.3). */
function bodyOf(data: Buffer, start: number, headers: Headers): Buffer | string {
  const lengths = headers.all('content-length')
  const text = lengths[0]
  if (text === undefined) return data.subarray(start)
  if (!/^\d{1,9}$/.test(text) || lengths.some((other) => other !== text)) return 'Bad Content-Length'
  const length = Number(text)
  return start + length > data.length
    ? 'Body Shorter Than Content-Length'
    : data.subarray(start, start + length)
}

/** Whether there is somebody to be answered. What else is missing is told to them (RFC 4475 3.3.1). */
function answerable(headers: Headers): boolean {
  const via = splitList(headers.get('via') ?? '')[0]
  return via !== undefined && parseVia(via) !== undefined
}

function faultOf(headers: Headers): string | undefined {
  for (const key of ONCE) if (headers.all(key).length !== 1) return `Missing Or Repeated ${key}`
  for (const key of AT_MOST_ONCE) if (headers.all(key).length > 1) return `Repeated ${key}`
  for (const key of ['from', 'to']) {
    const address = parseNameAddr(headers.get(key) ?? '')
    if (!address || !/^[a-z][a-z0-9+.-]*:./i.test(address.uri)) return `Bad ${key}`
  }
  for (const key of ['from', 'to', 'contact']) if (!headers.all(key).every(isBracketed)) return `Bad ${key}`
  const callId = headers.get('call-id') ?? ''
  if (callId === '' || callId.length > 256 || CALL_ID_UNFIT.test(callId)) return 'Bad Call-ID'
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(headers.get('cseq') ?? '')
  if (!cseq || Number(cseq[1]) >= 2 ** 31) return 'Bad CSeq'
  const vias = headers.all('via').flatMap(splitList)
  if (vias.length === 0 || !vias.every((via) => parseVia(via))) return 'Bad Via'
  return undefined
}

/** Space and control characters, and what would be taken for a part of drachtio's names of dialogs. */
const CALL_ID_UNFIT = /[\0-\x20\x7f]|;from-tag=|\|/

/** RFC 3261 20.10, RFC 8217: a URI with headers of its own stands in angle brackets, or nobody knows whose they are. */
function isBracketed(value: string): boolean {
  return !value.includes('?') || value.includes('<')
}

/** A Request-URI is one address, and has no headers (RFC 3261 19.1.1). */
function uriFault(uri: string): string | undefined {
  if (/[<>"\0]/.test(uri)) return 'Bad Request-URI'
  if (!/^sips?:/i.test(uri)) return undefined
  return parseUri(uri)?.headers === '' ? undefined : 'Bad Request-URI'
}

function methodFault(request: SipRequest): string | undefined {
  const { headers, method } = request
  if (cseqOf(request).method !== method) return 'CSeq Of Another Method'
  const forwards = headers.get('max-forwards')
  // RFC 3261 20.22: 0 to 255; leading zeros are none of its value (RFC 4475 3.1.1.1).
  if (forwards !== undefined && !/^0*(?:\d\d?|1\d\d|2[0-4]\d|25[0-5])$/.test(forwards))
    return 'Bad Max-Forwards'
  if (method === 'INVITE' && tagOf(headers.get('from') ?? '') === undefined) return 'From Without Tag'
  if (method === 'INVITE' && !goodContact(headers.get('contact'))) return 'Bad Contact'
  const tags = [headers.get('from'), headers.get('to')].map((value) => tagOf(value ?? '') ?? '')
  return tags.some((tag) => tag.length > 256 || tag.includes('|')) ? 'Bad Tag' : undefined
}

function goodContact(value: string | undefined): boolean {
  const [first] = splitList(value ?? '')
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri
  return uri !== undefined && /^(sips?|tel):./i.test(uri)
}
