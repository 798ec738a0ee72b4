import type { SipMessage } from './message.ts'

/** Thrown where a value would break out of its line: header injection. */
export class UnsafeValue extends Error {
  readonly code = 'SIPD_UNSAFE_VALUE'
  constructor(what: string) {
    super(`${what} holds a line end or NUL, or is no token; remove control characters before it is sent`)
    this.name = 'UnsafeValue'
  }
}

// RFC 3261 25.1: a NUL may stand quoted.
const UNSAFE = /[\r\n]|(?<!\\)\0/
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/

/**
 * Bytes of a message, with Content-Length by its body.
 * @throws UnsafeValue when a start line or header would become more than one line
 */
export function serialise(message: SipMessage): Buffer {
  const head = headOf(message)
  return message.body.length === 0 ? Buffer.from(head) : Buffer.concat([Buffer.from(head), message.body])
}

function headOf(message: SipMessage): string {
  let head: string
  if (message.kind === 'request') {
    if (!TOKEN.test(message.method) || /\s/.test(message.uri)) throw new UnsafeValue('Request-Line')
    head = `${message.method} ${message.uri} SIP/2.0\r\n`
  } else {
    if (UNSAFE.test(message.reason)) throw new UnsafeValue('reason phrase')
    head = `SIP/2.0 ${message.status} ${message.reason}\r\n`
  }
  for (const { key, name, value } of message.headers.fields) {
    if (key === 'content-length') continue
    if (!TOKEN.test(name) || UNSAFE.test(value)) throw new UnsafeValue(`header ${JSON.stringify(name)}`)
    head += `${name}: ${value}\r\n`
  }
  return `${head}Content-Length: ${message.body.length}\r\n\r\n`
}
