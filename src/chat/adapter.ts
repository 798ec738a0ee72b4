import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import type { ConfigurationBotFrameworkAuthenticationOptions, TurnContext } from 'botbuilder'

/** The bot's registration at the Bot Framework; nothing of it where the bot has no app id. */
export type Registration = {
  readonly appId?: string
  readonly appPassword?: string
  /** `SingleTenant` where nothing else is said (no new multi-tenant bots since 31 July 2025). */
  readonly appType?: string
  readonly appTenantId?: string
  /** Further settings of botbuilder's authentication, for another cloud or a local issuer of tokens. */
  readonly authentication?: ConfigurationBotFrameworkAuthenticationOptions
  readonly credentials?: CredentialsFactory
}
export type CredentialsFactory = NonNullable<
  ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]
>
type BotActivity = TurnContext['activity']
type Authenticated = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>
type Clients = NonNullable<Authenticated['connectorFactory']>
type ConnectorClient = Awaited<ReturnType<Clients['create']>>
type Claims = Parameters<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>[0]
type UserTokenClient = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>>

/** The activity's sender could not be authenticated. */
export class Unauthorized extends Error {}

/**
 * botbuilder's CloudAdapter, entered behind its HTTP part: an error is ours to word, and a turn awaits only what
 * is given to `turn`. What the bot writes is sent by the outbox, so a turn's own clients are made once.
 */
export class Adapter extends CloudAdapter {
  readonly #authentication: FrugalAuthentication
  readonly #appId: string | undefined

  constructor(registration: Registration) {
    const authentication = new FrugalAuthentication(registration)
    super(authentication)
    this.#authentication = authentication
    this.#appId = registration.appId
  }

  /**
   * Authenticates an activity and runs one turn with it.
   * @throws Unauthorized where the token does not hold
   */
  async take(activity: object, authorization: string, turn: () => Promise<void>): Promise<void> {
    const sent = activity as BotActivity
    let authenticated: Authenticated
    try {
      authenticated = await this.#authentication.authenticateRequest(sent, authorization)
    } catch (cause) {
      throw new Unauthorized('the token does not hold', { cause })
    }
    await this.processActivity(authenticated, sent, turn)
  }

  /** The Authorization header of what the bot sends; undefined without an app id. Tokens are cached by botbuilder. */
  async authorize(): Promise<string | undefined> {
    if (!this.#appId) return undefined
    const client = await this.#authentication.clientFor(this.createClaimsIdentity(this.#appId))
    let header: string | undefined
    // Only the headers of a request are touched by botbuilder's credentials.
    const request = { headers: { set: (_name: string, value: string) => (header = value) } }
    await client.credentials.signRequest(
      request as unknown as Parameters<typeof client.credentials.signRequest>[0],
    )
    return header
  }
}

/** botbuilder makes two HTTP clients for every activity, most of a turn's cost. These are made once. */
class FrugalAuthentication extends ConfigurationBotFrameworkAuthentication {
  #client: Promise<ConnectorClient> | undefined
  #tokens: Promise<UserTokenClient> | undefined

  constructor({ appId, appPassword, appType, appTenantId, authentication, credentials }: Registration) {
    const registered = appId
      ? {
          MicrosoftAppId: appId,
          MicrosoftAppType: appType ?? 'SingleTenant',
          ...(appPassword ? { MicrosoftAppPassword: appPassword } : {}),
          ...(appTenantId ? { MicrosoftAppTenantId: appTenantId } : {}),
        }
      : {}
    super({ ...registered, ...authentication }, credentials)
  }

  override async authenticateRequest(activity: BotActivity, header: string): Promise<Authenticated> {
    const result = await super.authenticateRequest(activity, header)
    const { connectorFactory, claimsIdentity } = result
    if (connectorFactory) connectorFactory.create = () => this.clientFor(claimsIdentity)
    return result
  }

  override createUserTokenClient(claims: Claims): Promise<UserTokenClient> {
    return (this.#tokens ??= super.createUserTokenClient(claims))
  }

  /** A client for its credentials alone: it is never sent with. */
  clientFor(claims: Claims): Promise<ConnectorClient> {
    return (this.#client ??= this.createConnectorFactory(claims).create('https://smba.trafficmanager.net'))
  }
}
