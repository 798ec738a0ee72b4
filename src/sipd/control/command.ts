import { Headers, wireName } from '../message/headers.ts'
import { tagOf } from '../message/uri.ts'

/** A request or response as drachtio-srf words it. */
export type Worded = {
  readonly headers: Headers
  readonly body: Buffer
  readonly start:
    | { readonly kind: 'request'; readonly method: string; readonly uri: string }
    | {
        readonly kind: 'response'
        readonly status: number
        readonly reason: string
        readonly tag: string | undefined
      }
}

/** What a client asks for; `id` is its own name for the message, repeated in the answer. */
export type Command =
  | {
      readonly type: 'authenticate'
      readonly id: string
      readonly secret: string
      readonly tags: readonly string[]
    }
  | { readonly type: 'route' | 'remove_route'; readonly id: string; readonly verb: string }
  | { readonly type: 'ping'; readonly id: string }
  | {
      readonly type: 'sip'
      readonly id: string
      readonly transactionId: string
      readonly dialogId: string
      readonly proxy: string | undefined
      readonly message: Worded
    }
  | { readonly type: 'unknown'; readonly id: string; readonly reason: string }

/** Reads one message of a client: `<id>|<type>|<tokens>` and, after a line end, a SIP message. Never throws. */
export function readCommand(data: Buffer): Command {
  const end = data.indexOf('\r\n')
  const [id = '', type = '', ...tokens] = data.toString('utf8', 0, end < 0 ? data.length : end).split('|')
  const [first = '', second = '', third = ''] = tokens
  switch (type) {
    case 'authenticate':
      return { type, id, secret: first, tags: second.split(',').filter((tag) => tag !== '') }
    case 'route':
    case 'remove_route':
      return { type, id, verb: first.toLowerCase() }
    case 'ping':
      return { type, id }
    case 'sip': {
      const message = end < 0 ? 'no message' : readMessage(data.subarray(end + 2))
      if (typeof message === 'string') return { type: 'unknown', id, reason: message }
      return {
        type,
        id,
        transactionId: first,
        dialogId: second,
        proxy: third === '' ? undefined : third,
        message,
      }
    }
    case 'proxy':
      return { type: 'unknown', id, reason: 'proxy is not supported by sipd' }
    default:
      return { type: 'unknown', id, reason: 'Unknown message type' }
  }
}

const REQUEST = /^([A-Z]+) ([^\s<>]+) SIP\/2\.0$/
const RESPONSE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/
const FIELD = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:[ \t]*(.*)$/

/** @returns a string that says what is wrong */
function readMessage(data: Buffer): Worded | string {
  const end = data.indexOf('\r\n\r\n')
  const lines = data.toString('utf8', 0, end < 0 ? data.length : end).split('\r\n')
  const headers = new Headers()
  for (const line of lines.slice(1)) {
    if (line === '') continue
    const [, name, value] = FIELD.exec(line) ?? []
    if (name === undefined || value === undefined || /[\r\n\0]/.test(value)) return 'invalid header'
    headers.add(wireName(name), value.trim())
  }
  const body = end < 0 ? data.subarray(data.length) : data.subarray(end + 4)
  const [, method, uri] = REQUEST.exec(lines[0] ?? '') ?? []
  if (method !== undefined && uri !== undefined)
    return { headers, body, start: { kind: 'request', method, uri } }
  const [, status, reason = ''] = RESPONSE.exec(lines[0] ?? '') ?? []
  if (status === undefined) return 'invalid start line'
  const tag = tagOf(headers.get('to') ?? '')
  return { headers, body, start: { kind: 'response', status: Number(status), reason, tag } }
}
