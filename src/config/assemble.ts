/** From single values to the whole: what depends on what, and what cannot go together. */
import { resolve } from 'node:path'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { CountryCode } from 'libphonenumber-js/max'
import { allowance } from '../core/dialplan/allowance.ts'
import { e164 } from '../core/ids.ts'
import type { E164 } from '../core/ids.ts'
import type { Trunk } from '../core/trunk.ts'
import type { FileFault } from '../directory/json-text.ts'
import { parsePeople } from '../directory/people-file.ts'
import { CLOUD_SETTINGS, cloudOf } from './cloud.ts'
import { callsForHelp } from './conference-bridge.ts'
import type { Given } from './given.ts'
import { graphOf } from './graph.ts'
import type { SettingName } from './settings.ts'
import { tlsOf } from './tls.ts'
import { isLocal, parseTrunks, shortTrunk, trunkAddress } from './trunks.ts'
import type { BotIdentity, Config, Mode, Signalling } from './types.ts'
import { isLoopback } from './values.ts'
import type { SipBind } from './values.ts'

/** Seconds in which "1" is to be pressed, where `PRESS_ONE` asks for it. */
const CONFIRM_SECONDS = 20
const SILENCE_SECONDS = 10
const DEMO: { readonly country: CountryCode; readonly callerId: string } = {
  country: 'ES',
  callerId: '+34900100200',
}
/** What drachtio-server itself starts with. */
const DRACHTIO = { port: 9022, secret: 'cymru' } as const

/**
 * The trunks of `TRUNKS_FILE` as it stands now, judged as at the start. Where a fault was told the answer is not to be used.
 * @param config as the bot was started: its addresses stay
 */
export function trunksAgain(given: Given, config: Config): Pick<Config, 'trunks' | 'signalling'> {
  const { fault } = given
  const trunks = trunksOfFile(given)
  const reach = trunks.every(isLocal) ? 'local' : 'network'
  if (config.bot === undefined) guardUnauthenticated(given, trunks)
  const signalling = signallingOf({ ...given, warn: () => undefined }, trunks, reach)
  const listens = config.signalling.kind === 'embedded' ? config.signalling.bind : undefined
  const isHere = listens?.every(({ host }) => isLoopback(host)) === true || isLoopback(config.rtp.bind)
  const restart = 'Start the bot again.'
  if (reach === 'network' && isHere)
    fault(
      'TRUNKS_FILE',
      'leads to another machine, and the bot was started for trunks of this machine only',
      restart,
    )
  for (const transport of new Set(trunks.map(({ uri }) => trunkAddress(uri).transport)))
    if (listens?.every((one) => one.transport !== transport) === true)
      fault('TRUNKS_FILE', `asks for ${transport}, and the bot was started without it`, restart)
  return { trunks, signalling }
}

/** Where a fault was told the answer is not to be used. */
export function assemble(given: Given): Config {
  const { values } = given
  const mode = modeOf(given)
  const production = values.NODE_ENV === 'production'
  if (mode === 'demo' && production) refuseDemo(given)
  const bot = identityOf(given)
  const trunks = mode === 'demo' ? [] : trunksOf(given, mode)
  const reach = trunks.every(isLocal) ? 'local' : 'network'
  if (bot === undefined) guardUnauthenticated(given, trunks)
  const callerId = values.CALLER_ID ?? (mode === 'demo' ? e164(DEMO.callerId) : undefined)
  const country = countryOf(given, mode, callerId)
  checkNumbers(given, country)
  checkBridge(given, country)
  return {
    mode,
    page: mode !== 'service' && !production,
    http: {
      host: values.HOST ?? (given.has('MicrosoftAppId') ? undefined : '127.0.0.1'),
      port: values.PORT ?? 3978,
    },
    bot,
    publicUrl: values.PUBLIC_URL,
    tenants: values.ALLOWED_TENANTS ?? (bot?.tenant === undefined ? [] : [bot.tenant]),
    admins: values.ADMINS ?? [],
    signalling: signallingOf(given, trunks, reach),
    sipAdvertise: values.SIP_ADVERTISE,
    trunks,
    trunksFile: pathOf(given, 'TRUNKS_FILE'),
    rtp: rtpOf(given, reach),
    limits: {
      ringUser: values.RING_SECONDS_DESK ?? 30,
      ringCallee: values.RING_SECONDS_CALLEE ?? 60,
      talk: (values.MAX_CALL_MINUTES ?? 240) * 60,
      confirm: CONFIRM_SECONDS,
      ...silenceOf(given),
    },
    pressOne: values.PRESS_ONE ?? 'off',
    callsPerHour: values.CALLS_PER_HOUR ?? 60,
    roomMembers: values.ROOM_MEMBERS ?? 50,
    allowNumbers: values.ALLOW_NUMBERS ?? [],
    bridges: {
      ...values.MEETING_BRIDGES,
      ...(values.CONFERENCE_BRIDGE ? { conference: values.CONFERENCE_BRIDGE } : {}),
    },
    graph: graphOf(given),
    watchMeetings: values.WATCH_MEETINGS ?? false,
    allowSipDomains: values.ALLOW_SIP_DOMAINS ?? [],
    callerId,
    country,
    peopleFile: peopleOf(given, mode, country),
    dataDir: pathOf(given, 'DATA_DIR') ?? resolve(given.cwd, 'data'),
    drainSeconds: values.DRAIN_SECONDS ?? 30,
    logLevel: values.LOG_LEVEL ?? 'info',
    secrets: [
      ...trunks.flatMap(({ password }) => password ?? []),
      ...[values.MicrosoftAppPassword, values.DRACHTIO_SECRET, values.GRAPH_CLIENT_SECRET].flatMap(
        (secret) => secret ?? [],
      ),
    ],
  }
}

function modeOf({ has }: Given): Mode {
  if (has('MicrosoftAppId')) return 'service'
  return has('SIP_TRUNK') || has('TRUNKS_FILE') ? 'trial' : 'demo'
}

function refuseDemo({ fault }: Given): void {
  fault(
    'NODE_ENV',
    'is production, and there is no demo in production',
    'Set SIP_TRUNK (or TRUNKS_FILE), PEOPLE_FILE and MicrosoftAppId.',
  )
}

function identityOf(given: Given): BotIdentity | undefined {
  const { values, has, fault } = given
  const appId = values.MicrosoftAppId
  if (appId === undefined) {
    const others = [
      'MicrosoftAppPassword',
      'MicrosoftAppTenantId',
      'MicrosoftAppType',
      ...CLOUD_SETTINGS,
    ] as const
    const stray = others.find(has)
    if (stray !== undefined && !has('MicrosoftAppId'))
      fault(stray, 'is set, but MicrosoftAppId is not', 'Set MicrosoftAppId too, or none of them.')
    return undefined
  }
  const type = values.MicrosoftAppType ?? 'SingleTenant'
  const tenant = values.MicrosoftAppTenantId
  if (type !== 'UserAssignedMSI' && !has('MicrosoftAppPassword'))
    fault('MicrosoftAppPassword', 'is not set', "Set it to the client secret of the bot's registration.")
  if (type !== 'MultiTenant' && !has('MicrosoftAppTenantId'))
    fault('MicrosoftAppTenantId', 'is not set', "Set it to the tenant of the bot's registration.")
  if (type === 'MultiTenant' && !has('MicrosoftAppTenantId') && !has('ALLOWED_TENANTS'))
    fault(
      'ALLOWED_TENANTS',
      'is not set, so nobody of Teams could be let in',
      'Set it to the tenants whose people may call.',
    )
  const password = type === 'UserAssignedMSI' ? undefined : values.MicrosoftAppPassword
  return { appId, password, type, tenant, cloud: cloudOf(given, type, tenant) }
}

/** Design: without an app id everybody who reaches the port is believed. */
function guardUnauthenticated({ values, has, fault }: Given, trunks: readonly Trunk[]): void {
  if (has('MicrosoftAppId')) return
  const { HOST } = values
  if (HOST !== undefined && !isLoopback(HOST))
    fault(
      'HOST',
      'is reachable from outside, and without an app id nobody is authenticated',
      'Set MicrosoftAppId, or leave HOST out.',
    )
  const far = trunks.find((trunk) => !isLocal(trunk))
  if (far !== undefined && values.ALLOW_UNAUTHENTICATED !== true)
    fault(
      trunkSetting(has),
      `leads to ${trunkAddress(far.uri).host}, and without an app id nobody is authenticated`,
      'Set MicrosoftAppId; or ALLOW_UNAUTHENTICATED=1, where you are alone on this machine.',
    )
}

const trunkSetting = (has: Given['has']) => (has('TRUNKS_FILE') ? 'TRUNKS_FILE' : 'SIP_TRUNK')

function trunksOf(given: Given, mode: Mode): readonly Trunk[] {
  const { values, has, fault, warn } = given
  const { SIP_TRUNK_USER: user, SIP_TRUNK_PASSWORD: password } = values
  if (has('TRUNKS_FILE')) {
    if (has('SIP_TRUNK')) warn('SIP_TRUNK has no effect: TRUNKS_FILE is set.')
    return trunksOfFile(given)
  }
  if (!has('SIP_TRUNK') && mode === 'service')
    fault(
      'SIP_TRUNK',
      'is not set',
      'Set it to your PBX, such as sip:pbx.example.com:5060, or set TRUNKS_FILE.',
    )
  if (password !== undefined && !has('SIP_TRUNK_USER'))
    fault('SIP_TRUNK_USER', 'is not set, but SIP_TRUNK_PASSWORD is', 'Set it to the user that the PBX knows.')
  return values.SIP_TRUNK === undefined ? [] : [shortTrunk(values.SIP_TRUNK, user, password)]
}

function trunksOfFile(given: Given): readonly Trunk[] {
  const file = pathOf(given, 'TRUNKS_FILE')
  const text = file === undefined ? undefined : readOrFault(given, 'TRUNKS_FILE', file)
  if (file === undefined || text === undefined) return []
  const parsed = parseTrunks(text, file)
  if ('faults' in parsed) {
    tell(given, 'TRUNKS_FILE', parsed.faults)
    return []
  }
  for (const { place, problem } of parsed.warnings) given.warn(`TRUNKS_FILE, ${place}: ${problem}.`)
  return parsed.trunks
}

function signallingOf(given: Given, trunks: readonly Trunk[], reach: 'local' | 'network'): Signalling {
  const { values, has, fault, warn } = given
  const ownProcess = values.SIPD_PROCESS === true
  if (has('DRACHTIO_HOST')) {
    if (ownProcess) warn('SIPD_PROCESS has no effect: DRACHTIO_HOST is set.')
    if (has('SIP_BIND'))
      warn('SIP_BIND has no effect: DRACHTIO_HOST is set, and that server has addresses of its own.')
    const unused = (['SIP_TLS_CA', 'SIP_TLS_CERT', 'SIP_TLS_KEY'] as const).filter(has)
    if (unused.length > 0 || trunks.some(({ tls }) => tls !== undefined))
      warn(
        `${unused[0] ?? 'tls of TRUNKS_FILE'} has no effect: DRACHTIO_HOST is set, and that server has certificates of its own.`,
      )
    const { DRACHTIO_HOST: host = '', DRACHTIO_PORT: port, DRACHTIO_SECRET: secret } = values
    return { kind: 'drachtio', host, port: port ?? DRACHTIO.port, secret: secret ?? DRACHTIO.secret }
  }
  for (const name of ['DRACHTIO_PORT', 'DRACHTIO_SECRET'] as const)
    if (has(name)) warn(`${name} has no effect: DRACHTIO_HOST is not set.`)
  const secure = has('SIP_TLS_CERT') || trunks.some(({ uri }) => trunkAddress(uri).transport === 'tls')
  const bind = values.SIP_BIND ?? standardBind(reach, secure)
  const tls = tlsOf(given, trunks, bind)
  const signalling = { kind: 'embedded', bind, ownProcess, ...(tls === undefined ? {} : { tls }) } as const
  if (!has('SIP_BIND')) return signalling
  if (reach === 'network' && bind.every(({ host }) => isLoopback(host)))
    fault(
      'SIP_BIND',
      `is reachable from this machine only, but a trunk is not on it`,
      'Write an address that the PBX reaches.',
    )
  for (const transport of new Set(trunks.map(({ uri }) => trunkAddress(uri).transport)))
    if (!bind.some((one) => one.transport === transport))
      fault('SIP_BIND', `has no ${transport}, which a trunk uses`, `Add ${transport}:<address>:<port>.`)
  return signalling
}

function standardBind(reach: 'local' | 'network', secure: boolean): readonly SipBind[] {
  const at = reach === 'local' ? { host: '127.0.0.1', port: 5070 } : { host: '0.0.0.0', port: 5060 }
  return [
    { transport: 'udp', ...at },
    { transport: 'tcp', ...at },
    ...(secure ? [{ transport: 'tls', ...at, port: at.port + 1 } as const] : []),
  ]
}

function rtpOf({ values, fault }: Given, reach: 'local' | 'network'): Config['rtp'] {
  const { RTP_BIND: bind, RTP_ADVERTISE: advertise, RTP_PORTS: ports } = values
  if (reach === 'network' && bind !== undefined && isLoopback(bind))
    fault(
      'RTP_BIND',
      'is reachable from this machine only, but a trunk is not on it',
      'Write an address that the phones reach.',
    )
  return {
    bind: bind ?? (reach === 'local' ? '127.0.0.1' : '0.0.0.0'),
    advertise,
    ports: ports ?? { from: 16_384, to: 16_883 },
    silence: values.RTP_SILENCE_SECONDS ?? SILENCE_SECONDS,
  }
}

/** The setting counts from the last sound, the limit from the moment when the silence was told. */
function silenceOf({ values, fault }: Given): { readonly silence?: number } {
  const { RTP_SILENCE_SECONDS: told = SILENCE_SECONDS, RTP_SILENCE_END_SECONDS: end } = values
  if (end === undefined) return {}
  if (told === 0 || end <= told)
    fault(
      'RTP_SILENCE_END_SECONDS',
      'does not come after RTP_SILENCE_SECONDS',
      'Write more seconds: that a phone is not heard is told before its call is ended.',
    )
  return { silence: end - told }
}

function countryOf({ values, has, fault }: Given, mode: Mode, callerId: E164 | undefined): CountryCode {
  if (values.COUNTRY !== undefined) return values.COUNTRY
  if (mode === 'demo' || has('COUNTRY')) return DEMO.country
  const country = callerId === undefined ? undefined : parsePhoneNumberFromString(callerId)?.country
  if (country === undefined)
    fault(
      'COUNTRY',
      'is not set, so neither national nor emergency numbers are known',
      'Set it to your country, such as ES.',
    )
  return country ?? DEMO.country
}

function checkNumbers({ values, fault }: Given, country: CountryCode): void {
  for (const entry of values.ALLOW_NUMBERS ?? [])
    if (allowance(entry, country) === undefined)
      fault(
        'ALLOW_NUMBERS',
        `has ${JSON.stringify(entry)}, which allows nothing`,
        'Write +44* (numbers that begin so), a number, premium or sharedCost. Emergency numbers cannot be allowed.',
      )
}

function checkBridge({ values, fault }: Given, country: string): void {
  if (values.CONFERENCE_BRIDGE && callsForHelp(values.CONFERENCE_BRIDGE, country))
    fault('CONFERENCE_BRIDGE', 'begins as a call for help does', 'Give the bridge another number.')
}

function peopleOf(given: Given, mode: Mode, country: CountryCode): string | undefined {
  const { has, fault, warn } = given
  const file = pathOf(given, 'PEOPLE_FILE')
  if (mode === 'demo') {
    if (has('PEOPLE_FILE'))
      // Its tour, its voices and its phones are about people of its own.
      warn('PEOPLE_FILE has no effect in the demo, which has people of its own. Set SIP_TRUNK to use yours.')
    return undefined
  }
  if (file === undefined) {
    fault(
      'PEOPLE_FILE',
      'is not set, so nobody could call',
      'Set it to a JSON file with your people, such as ./people.json.',
    )
    return undefined
  }
  const text = readOrFault(given, 'PEOPLE_FILE', file)
  const parsed = text === undefined ? undefined : parsePeople(text, country)
  if (parsed && 'faults' in parsed) tell(given, 'PEOPLE_FILE', parsed.faults)
  return file
}

/** `PEOPLE_FILE` tells twenty, and in one more how many are left. */
const MOST_TOLD = 21

function tell({ fault }: Given, setting: SettingName, faults: readonly FileFault[]): void {
  for (const { place, problem } of faults.slice(0, MOST_TOLD))
    fault(setting, `is faulty at ${place}: ${problem}`, 'Correct the file.')
  const left = faults.length - MOST_TOLD
  if (left > 0) fault(setting, `has ${left} more faults`, 'Correct the file.')
}

function readOrFault(given: Given, setting: SettingName, file: string): string | undefined {
  try {
    return given.read(file)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    given.fault(setting, `cannot be read: ${why}`, 'Check the path and who may read it.')
    return undefined
  }
}

function pathOf(
  { values, cwd }: Given,
  name: 'TRUNKS_FILE' | 'PEOPLE_FILE' | 'DATA_DIR',
): string | undefined {
  const path = values[name]
  return path === undefined ? undefined : resolve(cwd, path)
}
