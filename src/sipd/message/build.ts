import { randomBytes } from 'node:crypto'
import { Headers } from './headers.ts'
import type { SipRequest, SipResponse } from './message.ts'
import { EMPTY } from './message.ts'
import { tagOf, withTag } from './uri.ts'

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  487: 'Request Terminated',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
}

export function reasonOf(status: number): string {
  return REASONS[status] ?? 'Unknown'
}

let pool = EMPTY
let used = 0

/** A random token of 96 bits, for tags, branches and Call-IDs (RFC 3261 19.3 asks for 32). */
export function token(): string {
  if (used >= pool.length) {
    pool = randomBytes(12 * 128)
    used = 0
  }
  used += 12
  return pool.toString('hex', used - 12, used)
}

/** RFC 3261 8.1.1.7: the magic cookie tells that the branch is unique. */
export function newBranch(): string {
  return `z9hG4bK${token()}`
}

const COPIED = [
  ['From', 'from'],
  ['To', 'to'],
  ['Call-ID', 'call-id'],
  ['CSeq', 'cseq'],
] as const

/**
 * A response with what RFC 3261 8.2.6.2 copies from the request.
 * @param tag of our side, put into To unless it has one; leave it out for 100
 */
export function responseTo(
  request: SipRequest,
  status: number,
  options: { reason?: string; tag?: string; body?: Buffer } = {},
): SipResponse {
  const headers = new Headers()
  for (const via of request.headers.all('via')) headers.add('Via', via)
  // One that is refused may lack any of them.
  for (const [name, key] of COPIED) {
    const value = request.headers.get(key)
    if (value === undefined) continue
    const tag = key === 'to' && tagOf(value) === undefined ? options.tag : undefined
    headers.add(name, tag === undefined ? value : withTag(value, tag))
  }
  return {
    kind: 'response',
    status,
    reason: options.reason ?? reasonOf(status),
    headers,
    body: options.body ?? EMPTY,
  }
}
