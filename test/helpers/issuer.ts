import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export const APP_ID = '00000000-aaaa-4aaa-8aaa-00000000000b'
const ISSUER = 'https://api.botframework.com'
const KEY_ID = 'key-1'

/** A local issuer of the tokens by which a channel proves itself (Bot Framework, "Authentication with the Bot Connector API"). */
export class Issuer {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  readonly #server = http.createServer((req, res) => {
    const key = { ...this.#keys.publicKey.export({ format: 'jwk' }), kid: KEY_ID, endorsements: ['msteams'] }
    const body = req.url === '/keys' ? { keys: [key] } : { issuer: ISSUER, jwks_uri: `${this.url}/keys` }
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify(body))
  })
  url = ''

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** What botbuilder must be told to believe this issuer, and nobody else. */
  settings() {
    return {
      ToChannelFromBotLoginUrl: 'https://login.example.invalid',
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
      ToBotFromChannelTokenIssuer: ISSUER,
      ToBotFromChannelOpenIdMetadataUrl: `${this.url}/openid`,
      ToBotFromEmulatorOpenIdMetadataUrl: `${this.url}/openid`,
    }
  }

  /** An Authorization header; what is wrong with it is said by `claims`. */
  token(
    serviceUrl: unknown,
    claims: Readonly<Record<string, unknown>> = {},
    key = this.#keys.privateKey,
  ): string {
    const now = Math.floor(Date.now() / 1000)
    const payload = {
      ...{ iss: ISSUER, aud: APP_ID, nbf: now - 60, exp: now + 600, serviceurl: serviceUrl },
      ...claims,
    }
    const text = [{ alg: 'RS256', typ: 'JWT', kid: KEY_ID }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `Bearer ${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
  }

  /** A token that somebody else has signed. */
  forged(serviceUrl: unknown): string {
    return this.token(serviceUrl, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  }
}

/** The bot's own credentials, without the way to Microsoft. */
export const credentials = {
  isValidAppId: (appId: string) => Promise.resolve(appId === APP_ID),
  isAuthenticationDisabled: () => Promise.resolve(false),
  createCredentials: () =>
    Promise.resolve({
      signRequest<Request extends { headers: { set(name: string, value: string): void } }>(request: Request) {
        request.headers.set('authorization', 'Bearer of-the-bot')
        return Promise.resolve(request)
      },
    }),
}
