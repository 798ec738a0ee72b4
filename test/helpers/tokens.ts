/** The tokens that a bot with an app id is shown: one that holds, and all the ways in which one does not. */
import type { Json, Who } from './channel.ts'
import { APP_ID } from './issuer.ts'
import type { Issuer, Token } from './issuer.ts'

export type Shown = {
  readonly what: string
  /** An Authorization header, or none. */
  readonly header: (issuer: Issuer, activity: Json) => string | undefined
  readonly who?: Partial<Who>
  readonly extra?: Json
  readonly status: 401 | 403
  readonly code: string
}

const now = () => Math.floor(Date.now() / 1000)
const made =
  (token: () => Token, serviceUrl?: string): Shown['header'] =>
  (issuer, activity) =>
    issuer.token(serviceUrl ?? activity['serviceUrl'], token())
const unauthorized = { status: 401, code: 'UNAUTHORIZED' } as const
const foreign = { status: 403, code: 'TENANT_NOT_ALLOWED' } as const
const refused = (what: string, header: Shown['header']): Shown => ({ what, header, ...unauthorized })
const claiming = (claims: () => Readonly<Record<string, unknown>>) => made(() => ({ claims: claims() }))
/** As Entra ID makes them for an app: its `appid` is the bot's. */
const toTheApp = (more: Readonly<Record<string, unknown>>) => claiming(() => ({ appid: APP_ID, ...more }))

export const good: Shown['header'] = made(() => ({}))

export const refusedTokens: readonly Shown[] = [
  refused('no token', () => undefined),
  refused('a token that is none', () => 'Bearer x'),
  refused('a token whose parts are no JSON', () => 'Bearer e30.bm8ganNvbg.c2ln'),
  refused('another scheme', () => 'Basic YTpi'),
  refused(
    'an expired token',
    claiming(() => ({ exp: now() - 3600 })),
  ),
  refused(
    'a token without an end',
    claiming(() => ({ exp: undefined })),
  ),
  refused(
    'a token that is not valid yet',
    claiming(() => ({ nbf: now() + 3600 })),
  ),
  refused(
    'a token for another bot',
    claiming(() => ({ aud: 'other' })),
  ),
  refused(
    'a token of another issuer',
    claiming(() => ({ iss: 'https://evil.example' })),
  ),
  refused(
    'a token for another serviceUrl',
    made(() => ({}), 'https://evil.example/'),
  ),
  refused(
    'a token for no serviceUrl',
    claiming(() => ({ serviceurl: undefined })),
  ),
  refused('a token signed by somebody else', (issuer, { serviceUrl }) => issuer.forged(serviceUrl)),
  refused(
    'a token by a key that the issuer does not have',
    made(() => ({ kid: 'made-up' })),
  ),
  refused(
    'an unsigned token (alg none)',
    made(() => ({ alg: 'none' })),
  ),
  refused(
    'a token signed by HS256 with the public key',
    made(() => ({ alg: 'HS256' })),
  ),
  refused(
    'a token by a key that is endorsed for another channel',
    made(() => ({ by: 'skype' })),
  ),
  refused(
    'a token by a key that is endorsed for no channel',
    made(() => ({ by: 'none' })),
  ),
  // botbuilder takes these for the Emulator's, or for another bot's, whatever their audience and serviceUrl.
  refused(
    'a token that the bot itself sends to channels',
    toTheApp({
      iss: 'https://sts.windows.net/tenant-1/',
      tid: 'tenant-1',
      aud: 'https://api.botframework.com',
      ver: '1.0',
    }),
  ),
  refused(
    'a token that any tenant has given to the app',
    toTheApp({
      iss: 'https://login.microsoftonline.com/tenant-9/v2.0',
      tid: 'tenant-9',
      azp: APP_ID,
      ver: '2.0',
    }),
  ),
  {
    ...refused(
      "such a token at botbuilder's door for one channel",
      toTheApp({ iss: 'https://sts.windows.net/tenant-1/', ver: '1.0' }),
    ),
    extra: { channelId: 'AseChannel' },
  },
  { what: 'a foreign tenant', header: good, who: { tenant: 'tenant-2' }, ...foreign },
  { what: 'no tenant at all', header: good, who: { tenant: '' }, ...foreign },
]
