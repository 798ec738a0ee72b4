/** Which Bot Framework it is: whose tokens are believed, and where the bot gets its own. */
export type Cloud = {
  /** `iss` of the channels' tokens. */
  readonly issuer: string
  /** The OpenID metadata document that leads to the keys of the channels' tokens. */
  readonly keys: string
  /** Where the bot's own tokens come from: the authority with its tenant. */
  readonly login: string
  /** Whom they are for. */
  readonly scope: string
}

/** The bot's registration at the Bot Framework. */
export type Registration = {
  readonly appId: string
  /** Its client secret; none for a managed identity. */
  readonly password: string | undefined
  readonly type: string
  /** The tenant of the registration. */
  readonly tenant: string | undefined
  readonly cloud: Cloud
}
