import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import jwt from 'jsonwebtoken'
import type { Registration } from '../../src/chat/registration.ts'
import { selfSigned } from './certificate.ts'

export const APP_ID = '00000000-aaaa-4aaa-8aaa-00000000000b'
export const TENANT = 'tenant-1'
export const PASSWORD = 'the-secret-of-the-registration'
const CHANNELS = 'https://api.botframework.com'

type Claims = Readonly<Record<string, unknown>>
type Key = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
/** How a token is made otherwise than a good one. */
export type Token = {
  readonly claims?: Claims
  /** A key of the set: `teams`, `skype` (endorsed for that alone), `any` (says nothing of endorsements), `none` (for no channel). */
  readonly by?: 'teams' | 'skype' | 'any' | 'none'
  readonly key?: KeyObject
  readonly kid?: string
  readonly alg?: 'RS256' | 'HS256' | 'none'
}
/** Which channels each key of the set is endorsed for. */
const ENDORSED: Readonly<Record<NonNullable<Token['by']>, readonly string[] | undefined>> = {
  teams: ['msteams', 'directline'],
  skype: ['skype'],
  any: undefined,
  none: [],
}
const newKey = (): Key => generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys: Readonly<Record<string, Key>> = Object.fromEntries(
  Object.keys(ENDORSED).map((name) => [name, newKey()] as const),
)
const ownKey = newKey()

/** How the token endpoint answers instead. */
export type Trouble =
  | { readonly status: number }
  | { readonly slow: number }
  /** Not reached at all: the connection is closed at once. */
  | 'refused'

/**
 * A local issuer of tokens, as both that the Bot Framework has: it vouches for channels to the bot ("Connector to Bot"),
 * and for the bot to channels (Entra ID, client credentials). By https, with a certificate of its own.
 */
export class Issuer {
  readonly #certificate = selfSigned()
  readonly #server = https.createServer(this.#certificate, (req, res) => void this.#answer(req, res))
  readonly #asked = new EventTarget()
  /** Requests for tokens of the bot's own: what each had in its form. */
  readonly grants: URLSearchParams[] = []
  /** Seconds that a token of the bot's own holds. */
  lasts = 3600
  /** What the token endpoint, and the one of the keys, does instead of answering. */
  trouble: Trouble | undefined
  keysTrouble: Trouble | undefined
  /** Application permissions that its tokens tell of. */
  roles: readonly string[] | undefined
  /** Milliseconds by which its clock is ahead. */
  ahead = 0
  url = ''
  readonly #tenant: string

  /** @param tenant of whose applications it knows one */
  constructor(tenant = TENANT) {
    this.#tenant = tenant
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.url = `https://localhost:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** PEM, for `NODE_EXTRA_CA_CERTS`. */
  get certificate(): string {
    return this.#certificate.cert
  }

  /** Lets this process trust it, too. */
  isTrustedHere(): void {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), this.certificate])
  }

  /** What the bot is told so that it believes this issuer, and nobody else. */
  get settings() {
    return {
      MicrosoftAppId: APP_ID,
      MicrosoftAppPassword: PASSWORD,
      MicrosoftAppTenantId: this.#tenant,
      ToBotFromChannelTokenIssuer: CHANNELS,
      ToBotFromChannelOpenIdMetadataUrl: `${this.url}/openid`,
      ToChannelFromBotLoginUrl: `${this.url}/${this.#tenant}`,
      ToChannelFromBotOAuthScope: CHANNELS,
    }
  }

  /** The same as the chat side takes it. */
  get registration(): Registration {
    const { settings } = this
    return {
      appId: APP_ID,
      password: PASSWORD,
      type: 'SingleTenant',
      tenant: this.#tenant,
      cloud: {
        issuer: settings.ToBotFromChannelTokenIssuer,
        keys: settings.ToBotFromChannelOpenIdMetadataUrl,
        login: settings.ToChannelFromBotLoginUrl,
        scope: settings.ToChannelFromBotOAuthScope,
      },
    }
  }

  /** An Authorization header by which a channel proves itself, or what is wrong with it. */
  token(serviceUrl: unknown, { claims = {}, by = 'teams', alg = 'RS256', ...other }: Token = {}): string {
    const now = Math.floor(Date.now() / 1000)
    const payload = {
      ...{ iss: CHANNELS, aud: APP_ID, nbf: now - 60, exp: now + 600, serviceurl: serviceUrl },
      ...claims,
    }
    const text = [{ alg, typ: 'JWT', kid: other.kid ?? by }, payload].map(base64url).join('.')
    return `Bearer ${text}.${this.#signature(text, alg, by, other.key)}`
  }

  /** A token that somebody else has signed. */
  forged(serviceUrl: unknown): string {
    return this.token(serviceUrl, { key: newKey().privateKey })
  }

  /**
   * Checks what the bot sends, as a channel does: signature, issuer of its tenant, audience, time.
   * @param audience whom the token must be for
   * @throws JsonWebTokenError
   */
  checkOwn(authorization: string | undefined, audience = CHANNELS): jwt.JwtPayload {
    const token = authorization?.replace(/^Bearer /, '') ?? ''
    const options = { algorithms: ['RS256' as const], issuer: this.#ofTenant, audience }
    return jwt.verify(token, ownKey.publicKey, options) as jwt.JwtPayload
  }

  /** Resolves when the bot has asked so many times for a token of its own. */
  async granted(times: number, ms = 20_000): Promise<void> {
    const signal = AbortSignal.timeout(ms)
    while (this.grants.length < times) await once(this.#asked, 'grant', { signal })
  }

  #signature(text: string, alg: string, by: string, key = keys[by]?.privateKey): string {
    if (alg === 'none') return ''
    if (alg === 'HS256') {
      const known = keys[by]?.publicKey.export({ type: 'spki', format: 'pem' }) ?? ''
      return createHmac('sha256', known).update(text).digest('base64url')
    }
    return sign('RSA-SHA256', Buffer.from(text), key!).toString('base64url')
  }

  get #ofTenant() {
    return `${this.url}/${this.#tenant}/v2.0`
  }

  async #answer(req: IncomingMessage, res: ServerResponse) {
    const form = new URLSearchParams(await text(req))
    const path = new URL(req.url ?? '/', this.url).pathname
    res.setHeader('date', new Date(Date.now() + this.ahead).toUTCString())
    const reply = (body: unknown, status = 200) => {
      // Two statements: restify's own `writeHead`, which it puts into every process that loads it, answers nothing.
      res.writeHead(status, { 'content-type': 'application/json' })
      res.end(JSON.stringify(body))
    }
    const granting = path === `/${this.#tenant}/oauth2/v2.0/token`
    if (granting) this.#heard(form)
    const trouble = path.startsWith(`/${this.#tenant}/`) ? this.trouble : this.keysTrouble
    if (trouble === 'refused') return req.socket.destroy()
    if (trouble && 'status' in trouble) return reply({ error: 'temporarily_unavailable' }, trouble.status)
    if (trouble && 'slow' in trouble) await new Promise((late) => setTimeout(late, trouble.slow).unref())
    if (path === '/openid') return reply({ issuer: CHANNELS, jwks_uri: `${this.url}/keys` })
    if (path === '/keys') return reply({ keys: Object.entries(keys).map(published) })
    if (path === `/${this.#tenant}/v2.0/.well-known/openid-configuration`) return reply(this.#authority)
    if (granting) return this.#grant(form, reply)
    reply({ error: 'not_found' }, 404)
  }

  #heard(form: URLSearchParams) {
    this.grants.push(form)
    this.#asked.dispatchEvent(new Event('grant'))
  }

  get #authority() {
    const at = `${this.url}/${this.#tenant}`
    return {
      issuer: this.#ofTenant,
      authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
      token_endpoint: `${at}/oauth2/v2.0/token`,
      jwks_uri: `${at}/discovery/v2.0/keys`,
    }
  }

  /** RFC 6749 4.4.3. */
  #grant(form: URLSearchParams, reply: (body: unknown, status?: number) => void) {
    if (form.get('client_secret') !== PASSWORD) return reply({ error: 'invalid_client' }, 401)
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      ...{
        iss: this.#ofTenant,
        aud: form.get('scope')?.replace('/.default', ''),
        appid: APP_ID,
        tid: this.#tenant,
      },
      ...{ nbf: now - 5, exp: now + this.lasts, jti: randomUUID(), ver: '1.0' },
      ...(this.roles ? { roles: this.roles } : {}),
    }
    const token = jwt.sign(claims, ownKey.privateKey, { algorithm: 'RS256', keyid: 'own' })
    reply({ token_type: 'Bearer', expires_in: this.lasts, access_token: token })
  }
}

const published = ([kid, { publicKey }]: [string, Key]) => {
  const endorsements = ENDORSED[kid as keyof typeof ENDORSED]
  return { ...publicKey.export({ format: 'jwk' }), kid, ...(endorsements && { endorsements }) }
}

const base64url = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

async function text(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
