import type { Headers } from './headers.ts'
import { parseParams } from './uri.ts'

export type SipRequest = {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: Headers
  readonly body: Buffer
  /** The bytes as they came, where they are clean enough to be handed on. */
  readonly raw?: Buffer
}

export type SipResponse = {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  readonly body: Buffer
  readonly raw?: Buffer
}

export type SipMessage = SipRequest | SipResponse

/** Methods that sipd answers with something other than 501 (RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086). */
export const METHODS: readonly string[] = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'INFO',
  'PRACK',
  'UPDATE',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'PUBLISH',
  'REGISTER',
]

export const EMPTY: Buffer = Buffer.alloc(0)

/** CSeq of a message that the parser let pass. */
export function cseqOf(message: SipMessage): { readonly number: number; readonly method: string } {
  const [number = '0', method = ''] = (message.headers.get('cseq') ?? '').trim().split(/\s+/)
  return { number: Number(number), method }
}

export type Via = {
  readonly transport: string
  readonly host: string
  readonly port: number
  readonly params: Readonly<Record<string, string>>
}

const VIA =
  /^SIP\s*\/\s*2\.0\s*\/\s*([a-z0-9-]+)\s+(\[[0-9a-f:.]+\]|[^\s:;,[\]]+)\s*(?::\s*(\d{1,5})\s*)?(;.*)?$/i

/** Parses one Via value (RFC 3261 20.42); `port` is 0 when none is written. */
export function parseVia(value: string): Via | undefined {
  const [, transport, host, port, params] = VIA.exec(value) ?? []
  if (transport === undefined || host === undefined || Number(port ?? 0) > 65535) return undefined
  return {
    transport: transport.toLowerCase(),
    host: host.startsWith('[') ? host.slice(1, -1) : host,
    port: port === undefined ? 0 : Number(port),
    params: parseParams(params ?? ''),
  }
}
