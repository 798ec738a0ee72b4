/** What lies outside: the clock, the bot's credentials, the keys of channels, the connector, our own public address. */
import http from 'node:http'
import https from 'node:https'
import { ask } from '../chat/identity/ask.ts'
import { fetchBySecret } from '../chat/identity/bot-token.ts'
import { messageOf } from './finding.ts'
import type { Tell } from './finding.ts'
import type { Ward } from './ward.ts'

const PATIENCE = 8_000
/** Seconds: what Microsoft's tokens forgive, and what is worth a word. */
const MOST_SKEW = 300
const SOME_SKEW = 30

const NO_BOT = 'MicrosoftAppId is not set: nothing of Teams is used yet'
const REACH =
  'Check the network of this machine: DNS, firewall (TCP 443 outwards), and HTTPS_PROXY where there is a proxy.'

export async function checkClock(ward: Ward, tell: Tell): Promise<void> {
  const { bot } = ward.config
  const own = Date.now()
  if (bot) {
    const { host } = new URL(bot.cloud.login)
    const date = await dateOf(`${bot.cloud.login}/v2.0/.well-known/openid-configuration`)
    if (date !== undefined) return tellSkew((own - date) / 1000, host, true, tell)
  }
  const told = ward.examined.flatMap(({ trunk, answers }) =>
    answers.flatMap(({ answer }) => {
      const date = answer.fault === undefined ? Date.parse(answer.date) : NaN
      return Number.isNaN(date) ? [] : [{ date, name: trunk.name }]
    }),
  )[0]
  if (told) return tellSkew((own - told.date) / 1000, `the PBX (${told.name})`, false, tell)
  tell.skip(bot ? 'the login address tells no time' : 'neither the PBX nor a login address tells the time')
}

export function tellSkew(seconds: number, by: string, decides: boolean, tell: Tell): void {
  const off = Math.round(Math.abs(seconds))
  const which = seconds < 0 ? 'behind' : 'ahead of'
  const figures = { skewSeconds: Math.round(seconds) }
  const remedy =
    'Let this machine keep time by NTP (timedatectl set-ntp true), and its time zone is of no matter.'
  if (off <= SOME_SKEW) return tell.ok(`it goes with that of ${by}`, { figures })
  const says = `it is ${off} s ${which} ${by}`
  if (decides && off > MOST_SKEW) tell.fail(`${says}: tokens are refused from 300 s on`, remedy, { figures })
  else tell.warn(says, remedy, { figures })
}

/** Milliseconds since 1970, by the `Date` of whatever it answers. */
async function dateOf(url: string): Promise<number | undefined> {
  try {
    const { headers } = await head(url, 'GET')
    const date = Date.parse(headers.date ?? '')
    return Number.isNaN(date) ? undefined : date
  } catch {
    return undefined
  }
}

export async function checkCredentials({ config: { bot } }: Ward, tell: Tell): Promise<void> {
  if (!bot) return tell.skip(NO_BOT)
  const { appId, password, cloud } = bot
  if (password === undefined)
    return tell.skip('a managed identity proves itself only on the machine in Azure that has it')
  try {
    const { holds } = await fetchBySecret({ appId, password, login: cloud.login, scope: cloud.scope })()
    tell.ok(`${new URL(cloud.login).host} has given a token that holds for ${Math.round(holds / 60_000)} min`)
  } catch (fault) {
    const [says, remedy] = tokenWords(fault, { appId, tenant: bot.tenant, login: cloud.login })
    tell.fail(says, remedy)
  }
}

/** Who asks for a token, and where. */
type Application = {
  readonly appId: string
  readonly tenant: string | undefined
  /** The authority, with its tenant. */
  readonly login: string
}
/** The settings that say so. */
type Names = { readonly app: string; readonly secret: string; readonly tenant: string }
const OF_BOT: Names = {
  app: 'MicrosoftAppId',
  secret: 'MicrosoftAppPassword',
  tenant: 'MicrosoftAppTenantId',
}

/** By the codes of Entra ID ("Microsoft Entra authentication and authorization error codes") and RFC 6749 5.2. */
export function tokenWords(
  fault: unknown,
  { appId, tenant, login }: Application,
  names = OF_BOT,
): readonly [string, string] {
  const text = messageOf(fault)
  const code = /AADSTS\d+/.exec(text)?.[0]
  const secret = `Make a new client secret for the registration, and set ${names.secret} to its value (not to its id).`
  const given = code === undefined ? '' : ` (${code})`
  switch (code) {
    case 'AADSTS7000215':
      return [`${names.secret} is not the secret of this app${given}`, secret]
    case 'AADSTS7000222':
      return [`${names.secret} has expired${given}`, secret]
    case 'AADSTS700016':
      return [
        `tenant ${tenant ?? ''} knows no app ${appId}${given}`,
        `Check ${names.app}, and that ${names.tenant} is the tenant of the registration.`,
      ]
    case 'AADSTS90002':
    case 'AADSTS900023':
      return [`there is no tenant ${tenant ?? ''}${given}`, `Check ${names.tenant}.`]
    case undefined:
      break
    default:
      return [
        `no token is given: ${firstLine(text)}`,
        'Look the code up at https://login.microsoftonline.com/error.',
      ]
  }
  if (/invalid_client|unauthorized_client/.test(text))
    return [`the login address does not take ${names.secret}`, secret]
  return [`${new URL(login).host} gives no token: ${firstLine(text)}`, REACH]
}

const firstLine = (text: string) => text.split('\n', 1)[0]?.slice(0, 200) ?? ''

export async function checkKeys({ config: { bot } }: Ward, tell: Tell): Promise<void> {
  if (!bot) return tell.skip(NO_BOT)
  const { keys } = bot.cloud
  const { host } = new URL(keys)
  try {
    const { status, body } = await ask(keys, { within: PATIENCE })
    if (status === 200 && typeof body === 'object' && body !== null && 'jwks_uri' in body)
      return tell.ok(`${host} tells the keys by which channels prove themselves`)
    tell.fail(
      `${host} answers ${status}, and tells no keys`,
      'Check ToBotFromChannelOpenIdMetadataUrl, or leave it out.',
    )
  } catch (fault) {
    tell.fail(`${host} cannot be reached, so no channel is believed: ${messageOf(fault)}`, REACH)
  }
}

/** Microsoft, "Send proactive messages": the global addresses of its connector. */
const CONNECTOR = {
  public: 'https://smba.trafficmanager.net/teams/',
  usGovernment: 'https://smba.infra.gov.teams.microsoft.us/teams',
}

export async function checkConnector({ config: { bot }, asked }: Ward, tell: Tell): Promise<void> {
  if (!bot) return tell.skip(NO_BOT)
  const government = new URL(bot.cloud.keys).host.endsWith('.us')
  const url = asked.serviceUrl ?? (government ? CONNECTOR.usGovernment : CONNECTOR.public)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return tell.fail(`${url} is no address`, 'Write --service-url https://…')
  const { host } = new URL(url)
  try {
    // Whatever it answers to who has no token: it is there.
    const { status } = await head(url, 'GET')
    tell.ok(`${host} is reached (it answers ${status} to who asks for nothing)`)
  } catch (fault) {
    tell.fail(`${host} cannot be reached, so no card gets to Teams: ${messageOf(fault)}`, REACH)
  }
}

export async function checkPublicUrl(
  { config: { bot, publicUrl }, running }: Ward,
  tell: Tell,
): Promise<void> {
  if (!bot) return tell.skip(NO_BOT)
  if (publicUrl === undefined)
    return tell.skip('PUBLIC_URL is not set: it would tell where channels reach the bot')
  const url = `${publicUrl.replace(/\/+$/, '')}/api/messages`
  const proxy = 'Check DNS, certificate and proxy of that name (contrib has lines for nginx and Caddy).'
  try {
    const { status } = await head(url, 'HEAD')
    if (status === 200) return tell.ok(`${url} leads to the bot`)
    if (!running) return tell.skip(`the bot does not run: ${url} answers ${status}`)
    tell.warn(
      `${url} answers ${status}, and not as the bot does`,
      `Let the proxy pass /api/messages on to it. ${proxy}`,
    )
  } catch (fault) {
    // Many routers do not lead back in who asks from inside.
    tell.warn(
      `${url} is not reached from this machine: ${messageOf(fault)}`,
      `${proxy} Try it from outside as well.`,
    )
  }
}

const secure = new https.Agent({ proxyEnv: process.env })

/** The status and the headers of whatever is answered. */
function head(
  url: string,
  method: 'GET' | 'HEAD',
): Promise<{ readonly status: number; readonly headers: http.IncomingHttpHeaders }> {
  const to = new URL(url)
  return new Promise((done, failed) => {
    const [{ request }, agent] = to.protocol === 'https:' ? [https, secure] : [http, undefined]
    const asked = request(to, { method, agent, signal: AbortSignal.timeout(PATIENCE) })
    asked.once('error', failed)
    asked.once('response', (answer) => {
      answer.resume().on('error', () => undefined)
      done({ status: answer.statusCode ?? 0, headers: answer.headers })
      asked.destroy()
    })
    asked.end()
  })
}
