import { ConfidentialClientApplication } from '@azure/msal-node'
import type { INetworkModule, NetworkRequestOptions } from '@azure/msal-node'
import type { Clock, Log } from '../../app/ports.ts'
import { ask } from './ask.ts'

/** A token, and how many milliseconds it holds from now. */
export type Fetched = { readonly token: string; readonly holds: number }
/** What the operator is told when none can be had. */
export type Trouble = { readonly message: string; readonly remedy: string }
const FOR_CHANNELS: Trouble = {
  message: 'no token for channels can be had: cards wait for it, calls do not',
  remedy: 'Check MicrosoftAppPassword (it expires), and that this machine reaches the login address.',
}
export type FetchToken = () => Promise<Fetched>

/** From then on in its life it is renewed, and nobody waits for that. */
const RENEWED_AT = 0.7
/** Before its end it is no longer sent: it is to hold when it arrives, by the channel's clock. */
const MARGIN_MS = 60_000
/** First and longest rest after a failure: many cards ask at once, and one of them is enough to know. */
const REST = [1000, 15_000] as const

/** The token by which the bot proves itself to channels: fetched once for all who ask, and renewed before it ends. */
export class BotToken {
  readonly #fetch: FetchToken
  readonly #clock: Clock
  readonly #log: Log
  readonly #trouble: Trouble
  #token = ''
  #holdsUntil = -Infinity
  #renewFrom = -Infinity
  #restUntil = -Infinity
  #failures = 0
  #failure: unknown
  #fetching: Promise<void> | undefined

  /** @param clock one that nobody sets */
  constructor(fetch: FetchToken, clock: Clock, log: Log, trouble = FOR_CHANNELS) {
    this.#fetch = fetch
    this.#clock = clock
    this.#log = log
    this.#trouble = trouble
  }

  /**
   * A token that holds now.
   * @throws what fetching it throws; soon after a failure that one again, without asking
   */
  async get(): Promise<string> {
    const now = this.#clock.now()
    const renewed = now >= this.#renewFrom && now >= this.#restUntil ? this.#renew() : this.#fetching
    if (now >= this.#holdsUntil) await renewed
    if (this.#clock.now() >= this.#holdsUntil) throw this.#failure
    return this.#token
  }

  /** A channel did not take it: the next is fetched anew. */
  refused(token: string): void {
    if (token !== this.#token || this.#fetching) return
    this.#holdsUntil = -Infinity
    this.#renewFrom = -Infinity
  }

  #renew(): Promise<void> {
    return (this.#fetching ??= this.#ask().finally(() => (this.#fetching = undefined)))
  }

  async #ask(): Promise<void> {
    try {
      const { token, holds } = await this.#fetch()
      const now = this.#clock.now()
      this.#token = token
      this.#holdsUntil = now + holds - Math.min(MARGIN_MS, holds / 10)
      this.#renewFrom = now + holds * RENEWED_AT
      // A channel that takes none is not asked with a new one each time.
      this.#restUntil = now + REST[0]
      this.#failures = 0
    } catch (err) {
      this.#failure = err
      this.#restUntil = this.#clock.now() + Math.min(REST[1], REST[0] * 2 ** this.#failures)
      this.#failures += 1
      const { message, remedy } = this.#trouble
      this.#log.error({ code: 'TOKEN_NOT_HAD', err, failures: this.#failures, remedy }, message)
    }
  }
}

export type Secret = {
  readonly appId: string
  readonly password: string
  /** The authority with its tenant, such as `https://login.microsoftonline.com/<tenant>`. */
  readonly login: string
  readonly scope: string
}

const ASK_MS = 8000

/** Fetches by client credentials (RFC 6749 4.4) through MSAL. */
export function fetchBySecret(secret: Secret): FetchToken {
  return async () => {
    // A new one each time: after one 500 MSAL asks nothing for a minute, and cards would wait as long.
    const answer = await clientApplication(secret).acquireTokenByClientCredential({
      scopes: [`${secret.scope}/.default`],
      skipCache: true,
    })
    if (!answer?.accessToken || !answer.expiresOn) throw new Error('the answer has no token')
    return { token: answer.accessToken, holds: answer.expiresOn.getTime() - Date.now() }
  }
}

/** MSAL's client of the bot's own registration. */
export function clientApplication({ appId, password, login }: Secret): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    // Known by configuration: else MSAL asks Microsoft's public cloud whether it knows the host.
    auth: {
      clientId: appId,
      clientSecret: password,
      authority: login,
      knownAuthorities: [new URL(login).host],
    },
    system: { networkClient: network },
  })
}

/** MSAL's own has no limit of time, and knows no HTTPS_PROXY. */
const network: INetworkModule = {
  sendGetRequestAsync: (url, options) => forMsal(url, 'GET', options),
  sendPostRequestAsync: (url, options) => forMsal(url, 'POST', options),
}

async function forMsal(url: string, method: 'GET' | 'POST', options: NetworkRequestOptions = {}) {
  const { headers = {}, body = '' } = options
  const told = await ask(url, { method, headers, body, within: ASK_MS })
  // MSAL names the type that it hopes for, and looks at the answer itself.
  return { ...told, body: told.body as never }
}
