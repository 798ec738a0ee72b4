import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Clock, Log } from '../../app/ports.ts'
import { ask } from './ask.ts'

/** A key by which a channel's tokens are signed. */
export type ChannelKey = {
  readonly key: KeyObject
  /** The channels that it speaks for; undefined where its publisher says nothing of that. */
  readonly endorsements: readonly string[] | undefined
}

/** The keys cannot be had, and none are known: nobody can be authenticated now. */
export class KeysUnreachable extends Error {
  readonly remedy = 'Check that this machine reaches the address of the keys (a firewall, HTTPS_PROXY).'
}

const document = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) })
const keySet = z.object({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      kid: z.string(),
      endorsements: z.array(z.string()).nullish(),
    }),
  ),
})

const ASK_MS = 5000
/** How old keys may be before new ones are asked for: a day (Bot Framework, "Authentication with the Bot Connector API"). */
const FRESH_MS = 24 * 3_600_000
/** So long after an answer or a failure nothing is asked again, whatever key ids strangers make up. */
const REST_MS = 60_000
const REST_AFTER_FAILURE_MS = 2000

/**
 * The keys of the channels' tokens, by the OpenID metadata document of their issuer. Old keys hold while new ones
 * cannot be had, so that an outage there stops nobody from calling.
 */
export class ChannelKeys {
  readonly #url: string
  readonly #clock: Clock
  readonly #log: Log
  #keys = new Map<string, ChannelKey>()
  #askedAt = -Infinity
  #restUntil = -Infinity
  #failure: unknown
  #asking: Promise<void> | undefined

  /** @param clock one that nobody sets */
  constructor(url: string, clock: Clock, log: Log) {
    this.#url = url
    this.#clock = clock
    this.#log = log
  }

  /**
   * The key of this id; undefined where the issuer has none.
   * @throws KeysUnreachable where no keys are known at all
   */
  async find(id: string): Promise<ChannelKey | undefined> {
    const known = this.#keys.get(id)
    const old = this.#clock.now() - this.#askedAt > FRESH_MS
    if (!known || old) {
      const asked = this.#ask()
      // With a known key in hand nobody waits for the new ones.
      if (!known) await asked
    }
    const key = this.#keys.get(id)
    if (!key && this.#keys.size === 0)
      throw new KeysUnreachable(`no keys from ${this.#url}`, { cause: this.#failure })
    return key
  }

  #ask(): Promise<void> {
    if (!this.#asking && this.#clock.now() < this.#restUntil) return Promise.resolve()
    return (this.#asking ??= this.#read().finally(() => (this.#asking = undefined)))
  }

  async #read(): Promise<void> {
    try {
      const { jwks_uri: uri } = document.parse(await this.#get(this.#url))
      const { keys } = keySet.parse(await this.#get(uri))
      this.#keys = new Map(keys.flatMap(readable))
      this.#askedAt = this.#clock.now()
      this.#restUntil = this.#askedAt + REST_MS
    } catch (err) {
      this.#failure = err
      this.#restUntil = this.#clock.now() + REST_AFTER_FAILURE_MS
      this.#log.error({ code: 'KEYS_UNREACHABLE', url: this.#url, err }, 'the keys of channels cannot be had')
    }
  }

  async #get(url: string): Promise<unknown> {
    const { status, body } = await ask(url, { within: ASK_MS })
    if (status !== 200) throw new Error(`${url} answered ${status}`)
    return body
  }
}

/** Tokens are signed with RSA; what else stands in the set is left out. */
function readable({
  endorsements,
  ...jwk
}: z.infer<typeof keySet>['keys'][number]): readonly (readonly [string, ChannelKey])[] {
  if (jwk.kty !== 'RSA') return []
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return [[jwk.kid, { key, endorsements: endorsements ?? undefined }]]
  } catch {
    return []
  }
}
