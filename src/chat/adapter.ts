import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import type { TurnContext } from 'botbuilder'
import { MsalServiceClientCredentialsFactory } from 'botframework-connector'
import type { Clock, Log } from '../app/ports.ts'
import { BotToken, clientApplication, fetchBySecret } from './identity/bot-token.ts'
import type { FetchToken, Secret } from './identity/bot-token.ts'
import { ChannelKeys } from './identity/channel-keys.ts'
import { ChannelTokens } from './identity/channel-tokens.ts'
import type { Registration } from './registration.ts'

type BotActivity = TurnContext['activity']
type Authenticated = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['authenticateRequest']>>
type Clients = NonNullable<Authenticated['connectorFactory']>
type ConnectorClient = Awaited<ReturnType<Clients['create']>>
type Claims = Parameters<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>[0]
type UserTokenClient = Awaited<ReturnType<ConfigurationBotFrameworkAuthentication['createUserTokenClient']>>

/** What the Adapter needs beside the registration. */
export type AdapterWorld = {
  /** One that nobody sets. */
  readonly clock: Clock
  readonly log: Log
}

/**
 * botbuilder's CloudAdapter, entered behind its HTTP part: an error is ours to word, and a turn awaits only what
 * is given to `turn`. What the bot writes is sent by the outbox, so a turn's own clients are made once.
 */
export class Adapter extends CloudAdapter {
  readonly #authentication: FrugalAuthentication
  readonly #registration: Registration | undefined
  readonly #channels: ChannelTokens | undefined
  readonly #token: BotToken | undefined

  /** @param registration nothing where the bot has no app id: then nobody is authenticated */
  constructor(registration: Registration | undefined, { clock, log }: AdapterWorld) {
    const authentication = new FrugalAuthentication(registration)
    super(authentication)
    this.#authentication = authentication
    this.#registration = registration
    if (!registration) return
    const { appId, cloud } = registration
    const keys = new ChannelKeys(cloud.keys, clock, log)
    this.#channels = new ChannelTokens({ issuer: cloud.issuer, appId, keys })
    const secret = secretOf(registration)
    this.#token = new BotToken(
      secret ? fetchBySecret(secret) : this.#byManagedIdentity(appId, cloud.scope),
      clock,
      log,
    )
  }

  /**
   * Authenticates an activity and runs one turn with it.
   * @throws Unauthorized where the token does not hold
   * @throws KeysUnreachable where that cannot be said
   */
  async take(activity: object, authorization: string, turn: () => Promise<void>): Promise<void> {
    const sent = activity as BotActivity
    await this.#channels?.check(authorization, sent)
    await this.processActivity(await this.#identified(sent), sent, turn)
  }

  /**
   * The Authorization header of what the bot sends; undefined without an app id.
   * @throws where no token can be had
   */
  async authorize(): Promise<string | undefined> {
    return this.#token && `Bearer ${await this.#token.get()}`
  }

  /** A channel answered 401 to this header. */
  refused(authorization: string): void {
    this.#token?.refused(authorization.replace('Bearer ', ''))
  }

  async #identified(activity: BotActivity): Promise<Authenticated> {
    if (!this.#registration) return this.#authentication.authenticateRequest(activity, '')
    const { appId, cloud } = this.#registration
    const claimsIdentity = this.createClaimsIdentity(appId)
    const connectorFactory = this.#authentication.createConnectorFactory(claimsIdentity)
    return { audience: cloud.scope, callerId: '', claimsIdentity, connectorFactory }
  }

  /** Bots in Azure: botbuilder knows the way, and keeps the token itself. */
  #byManagedIdentity(appId: string, scope: string): FetchToken {
    return async () => {
      const clients = this.#authentication.createConnectorFactory(this.createClaimsIdentity(appId))
      // A client for its credentials alone: it is never sent with.
      const { credentials } = await clients.create('https://smba.trafficmanager.net', scope)
      let header = ''
      // Only the headers of a request are touched by botbuilder's credentials.
      const request = { headers: { set: (_name: string, value: string) => (header = value) } }
      await credentials.signRequest(request as unknown as Parameters<typeof credentials.signRequest>[0])
      return { token: header.replace('Bearer ', ''), holds: LOOKED_AT_AGAIN_MS }
    }
  }
}

const LOOKED_AT_AGAIN_MS = 60_000

function secretOf({ appId, password, cloud }: Registration): Secret | undefined {
  return password === undefined ? undefined : { appId, password, login: cloud.login, scope: cloud.scope }
}

/** botbuilder makes two HTTP clients for every activity, most of a turn's cost. These are made once. */
class FrugalAuthentication extends ConfigurationBotFrameworkAuthentication {
  #client: Promise<ConnectorClient> | undefined
  #tokens: Promise<UserTokenClient> | undefined

  constructor(registration: Registration | undefined) {
    super(registration ? settingsOf(registration) : {}, registration && credentialsOf(registration))
  }

  override async authenticateRequest(activity: BotActivity, header: string): Promise<Authenticated> {
    const result = await super.authenticateRequest(activity, header)
    return { ...result, connectorFactory: this.createConnectorFactory(result.claimsIdentity) }
  }

  override createConnectorFactory(claims: Claims): Clients {
    const factory = super.createConnectorFactory(claims)
    const create = factory.create.bind(factory)
    factory.create = (serviceUrl, audience) => (this.#client ??= create(serviceUrl, audience))
    return factory
  }

  override createUserTokenClient(claims: Claims): Promise<UserTokenClient> {
    return (this.#tokens ??= super.createUserTokenClient(claims))
  }
}

type Credentials = ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]
type Application = ConstructorParameters<typeof MsalServiceClientCredentialsFactory>[1]

/** By its secret; undefined leaves a managed identity to botbuilder. */
function credentialsOf(registration: Registration): Credentials {
  const secret = secretOf(registration)
  if (!secret) return undefined
  // Of one class: TypeScript takes the declarations for `import` and for `require` for two.
  const application = clientApplication(secret) as unknown as Application
  const factory: unknown = new MsalServiceClientCredentialsFactory(secret.appId, application)
  return factory as Credentials
}

/** The registration in botbuilder's own names. */
const settingsOf = ({ appId, type, tenant, cloud }: Registration) => ({
  MicrosoftAppId: appId,
  MicrosoftAppType: type,
  ...(tenant === undefined ? {} : { MicrosoftAppTenantId: tenant }),
  ToChannelFromBotLoginUrl: cloud.login,
  ToChannelFromBotOAuthScope: cloud.scope,
  ToBotFromChannelTokenIssuer: cloud.issuer,
  ToBotFromChannelOpenIdMetadataUrl: cloud.keys,
})
