import type { HeaderField } from './headers.ts'
import { Headers, keyOf, wireName } from './headers.ts'
import type { SipMessage, SipRequest } from './message.ts'
import { EMPTY, parseVia } from './message.ts'
import { parseNameAddr, splitList, tagOf } from './uri.ts'

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

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]{1,32}) ([^\s]{1,2048}) SIP\/(\d+\.\d+)$/
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?$/
const FIELD_NAME = /^[A-Za-z0-9\-.!%*_+`'~]+$/
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
  const lines = data.toString('utf8', start, end).split('\r\n')
  const first = lines[0] ?? ''
  const head = readFields(lines, limits)
  const { headers } = head
  let fault = head.fault

  const body = bodyOf(data, end + 4, headers)
  if (typeof body === 'string') fault ??= body
  const bytes = typeof body === 'string' ? EMPTY : body
  const clean = !head.rewritten && start === 0 && end + 4 + bytes.length === data.length
  const raw = clean ? { raw: data } : {}

  const status = STATUS_LINE.exec(first)
  if (status) {
    fault ??= faultOf(headers)
    if (fault !== undefined) return garbage(fault)
    return {
      kind: 'message',
      message: {
        kind: 'response',
        status: Number(status[1]),
        reason: status[2] ?? '',
        headers,
        body: bytes,
        ...raw,
      },
    }
  }
  const [, method, uri, version] = REQUEST_LINE.exec(first) ?? looseRequestLine(first)
  if (method === undefined || uri === undefined) return garbage('no start line')
  const request: SipRequest = { kind: 'request', method, uri, headers, body: bytes, ...raw }
  if (!answerable(headers)) return garbage(fault ?? 'nobody to answer')
  if (version === undefined) return refused(request, 400, 'Bad Request-Line')
  if (version !== '2.0') return refused(request, 505, 'Version Not Supported')
  fault ??= faultOf(headers) ?? methodFault(request)
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
    if (/[\r\n\0]/.test(line)) fault ??= 'Bare Line End In Header'
    if (c === 32 || c === 9) {
      if (last && last.value.length + line.length <= limits.fieldLength) last.value += ' ' + line.trim()
      else fault ??= last ? 'Header Too Long' : 'Bad Header'
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

/** Whether an answer can be made: RFC 3261 8.2.6.2 copies these. */
function answerable(headers: Headers): boolean {
  const via = splitList(headers.get('via') ?? '')[0]
  return via !== undefined && parseVia(via) !== undefined && ONCE.every((key) => headers.has(key))
}

function faultOf(headers: Headers): string | undefined {
  for (const key of ONCE) if (headers.all(key).length !== 1) return `Missing Or Repeated ${key}`
  for (const key of AT_MOST_ONCE) if (headers.all(key).length > 1) return `Repeated ${key}`
  for (const key of ['from', 'to']) {
    const address = parseNameAddr(headers.get(key) ?? '')
    if (!address || !/^[a-z][a-z0-9+.-]*:./i.test(address.uri)) return `Bad ${key}`
  }
  const callId = headers.get('call-id') ?? ''
  if (callId === '' || callId.length > 256 || /\s|;from-tag=|\|/.test(callId)) return 'Bad Call-ID'
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(headers.get('cseq') ?? '')
  if (!cseq || Number(cseq[1]) >= 2 ** 31) return 'Bad CSeq'
  const vias = headers.all('via').flatMap(splitList)
  if (vias.length === 0 || !vias.every((via) => parseVia(via))) return 'Bad Via'
  return undefined
}

function methodFault(request: SipRequest): string | undefined {
  const { headers, method } = request
  if (!headers.get('cseq')?.endsWith(method)) return 'CSeq Of Another Method'
  const forwards = headers.get('max-forwards')
  if (forwards !== undefined && !/^\d{1,3}$/.test(forwards)) return 'Bad Max-Forwards'
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
