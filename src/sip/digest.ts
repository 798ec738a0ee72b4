/** Answers to a challenge (RFC 3261 22, RFC 8760): MD5 as every PBX has it, SHA-256 where it is asked for. */
import { createHash, randomBytes } from 'node:crypto'

export type Credentials = { readonly user: string; readonly password: string }
export type Challenge = {
  readonly realm: string
  readonly nonce: string
  readonly algorithm: 'MD5' | 'SHA-256'
  readonly opaque: string | undefined
  /** Whether `qop=auth` is offered; without it the answer is that of RFC 2069. */
  readonly qop: boolean
  /** The nonce is too old, the password was right: trying again is no loop. */
  readonly stale: boolean
}

/**
 * The challenge to answer, of all that a 401 or 407 brings (drachtio-srf joins them with commas): SHA-256 goes
 * before MD5 (RFC 8760 2.4).
 * @returns undefined where none can be answered
 */
export function challengeOf(header: string): Challenge | undefined {
  const challenges = header
    .split(/(?:^|,)\s*(?=Digest\s)/i)
    .flatMap((text) => read(/^Digest\s+(.*)$/is.exec(text.trim())?.[1]))
  return challenges.find(({ algorithm }) => algorithm === 'SHA-256') ?? challenges[0]
}

function read(text: string | undefined): Challenge[] {
  if (text === undefined) return []
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, bare] of text.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  ))
    fields.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '')
  const [realm, nonce] = [fields.get('realm'), fields.get('nonce')]
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase()
  const qop = fields
    .get('qop')
    ?.toLowerCase()
    .split(/\s*,\s*/)
  if (realm === undefined || nonce === undefined) return []
  if (algorithm !== 'MD5' && algorithm !== 'SHA-256') return []
  if (qop && !qop.includes('auth')) return []
  const stale = fields.get('stale')?.toLowerCase() === 'true'
  return [{ realm, nonce, algorithm, opaque: fields.get('opaque'), qop: qop !== undefined, stale }]
}

/** The value of Authorization or Proxy-Authorization for one request. */
export function authorization(
  challenge: Challenge,
  { user, password }: Credentials,
  request: { readonly method: string; readonly uri: string },
  cnonce = randomBytes(8).toString('hex'),
): string {
  const hash = (...parts: string[]) =>
    createHash(challenge.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(parts.join(':'))
      .digest('hex')
  const secret = hash(user, challenge.realm, password)
  const what = hash(request.method, request.uri)
  const count = '00000001'
  const response = challenge.qop
    ? hash(secret, challenge.nonce, count, cnonce, 'auth', what)
    : hash(secret, challenge.nonce, what)
  const fields = [
    `username="${quote(user)}"`,
    `realm="${quote(challenge.realm)}"`,
    `nonce="${quote(challenge.nonce)}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
    `algorithm=${challenge.algorithm}`,
  ]
  if (challenge.qop) fields.push('qop=auth', `nc=${count}`, `cnonce="${cnonce}"`)
  if (challenge.opaque !== undefined) fields.push(`opaque="${quote(challenge.opaque)}"`)
  return `Digest ${fields.join(', ')}`
}

const quote = (text: string) => text.replace(/["\\]/g, '\\$&')
