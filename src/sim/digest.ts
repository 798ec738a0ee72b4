import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { header, type Header, type SipRequest } from './message.ts'

/** Digest authentication as most PBXs ask for it (RFC 2617: MD5, qop=auth, or none). */
export class Digest {
  readonly #user: string
  readonly #password: string
  readonly #nonce = randomBytes(16).toString('hex')

  constructor(credentials: { readonly user: string; readonly password: string }) {
    this.#user = credentials.user
    this.#password = credentials.password
  }

  get challenge(): Header {
    return [
      'Proxy-Authenticate',
      `Digest realm="${REALM}", nonce="${this.#nonce}", algorithm=MD5, qop="auth"`,
    ]
  }

  allows(request: SipRequest): boolean {
    const given = header(request, 'proxy-authorization') ?? ''
    const field = (name: string) =>
      new RegExp(`[\\s,]${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(given)?.slice(1).find(Boolean) ??
      ''
    if (field('username') !== this.#user || field('nonce') !== this.#nonce) return false
    const ha1 = md5(`${this.#user}:${REALM}:${this.#password}`)
    const ha2 = md5(`${request.method}:${field('uri')}`)
    const between = field('qop') ? `${field('nc')}:${field('cnonce')}:${field('qop')}:` : ''
    const wanted = Buffer.from(md5(`${ha1}:${this.#nonce}:${between}${ha2}`))
    const response = Buffer.from(field('response'))
    return response.length === wanted.length && timingSafeEqual(response, wanted)
  }
}

const REALM = 'dialback-sim'

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
