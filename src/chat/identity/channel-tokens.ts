import jwt from 'jsonwebtoken'
import { z } from 'zod'
import type { ChannelKeys } from './channel-keys.ts'

/** Why an activity's sender is not believed. */
export class Unauthorized extends Error {}

/** What an activity says of itself, and its token has to agree with. */
export type Claimed = { readonly channelId: string; readonly serviceUrl: string }

/** RS256 and longer alone: with HS256 the public key itself would sign, with `none` nobody. */
const ALGORITHMS: jwt.Algorithm[] = ['RS256', 'RS384', 'RS512']
/** Seconds by which clocks may differ. */
const TOLERANCE = 300
const LONGEST = 16_384

const payloadSchema = z.object({ exp: z.number(), serviceurl: z.string() })

/**
 * The tokens by which a channel proves itself (Microsoft, "Authentication with the Bot Connector API", "Connector to
 * Bot"): of this issuer, for this bot, valid now, signed by a key that is endorsed for the channel, and for the
 * `serviceUrl` that the activity wants to be answered at.
 *
 * botbuilder's own check is not used: it also believes tokens that Entra ID gave to the app itself, in any tenant, for
 * any audience and serviceUrl (it takes them for the Emulator's). See docs/decisions.
 */
export class ChannelTokens {
  readonly #issuer: string
  readonly #appId: string
  readonly #keys: ChannelKeys

  constructor(options: { readonly issuer: string; readonly appId: string; readonly keys: ChannelKeys }) {
    this.#issuer = options.issuer
    this.#appId = options.appId
    this.#keys = options.keys
  }

  /**
   * @throws Unauthorized where the token does not hold
   * @throws KeysUnreachable where that cannot be said
   */
  async check(authorization: string, { channelId, serviceUrl }: Claimed): Promise<void> {
    const token = bearer(authorization)
    const keyId = this.#keyId(token)
    const key = await this.#keys.find(keyId)
    if (!key) throw new Unauthorized(`the issuer has no key ${keyId.slice(0, 100)}`)
    if (key.endorsements && !key.endorsements.includes(channelId))
      throw new Unauthorized(`the key is not endorsed for ${channelId}`)
    let payload: unknown
    try {
      payload = jwt.verify(token, key.key, {
        algorithms: ALGORITHMS,
        issuer: this.#issuer,
        audience: this.#appId,
        clockTolerance: TOLERANCE,
      })
    } catch (cause) {
      throw new Unauthorized('the token does not hold', { cause })
    }
    const read = payloadSchema.safeParse(payload)
    if (!read.success) throw new Unauthorized('the token has no end, or no serviceurl')
    if (read.data.serviceurl !== serviceUrl) throw new Unauthorized('the token is for another serviceUrl')
  }

  /** Which key is said to have signed it; a token of another issuer has none here, and costs nothing more. */
  #keyId(token: string): string {
    const unproved = decoded(token)
    const issuer = typeof unproved?.payload === 'object' ? unproved.payload.iss : undefined
    if (issuer !== this.#issuer) throw new Unauthorized('the token is of another issuer, or none')
    const { kid } = unproved?.header ?? {}
    if (typeof kid !== 'string') throw new Unauthorized('the token names no key')
    return kid
  }
}

function decoded(token: string): jwt.Jwt | null {
  try {
    return jwt.decode(token, { complete: true })
  } catch (cause) {
    throw new Unauthorized('what is sent as a token is none', { cause })
  }
}

function bearer(authorization: string): string {
  const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization) ?? []
  if (token === undefined || token.length > LONGEST) throw new Unauthorized('there is no bearer token')
  return token
}
