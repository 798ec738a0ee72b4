/** The one table of settings: it drives reading, defaults, the table in README.md and `.env.example`. */
import {
  address,
  country,
  domain,
  e164,
  entraId,
  flag,
  host,
  list,
  oneOf,
  port,
  portRange,
  pressOne,
  safeUrl,
  sipBinds,
  text,
  whole,
} from './values.ts'
import { conferenceBridge } from './conference-bridge.ts'
import { meetingBridges } from './meeting-bridges.ts'
import { trunkAddress } from './trunks.ts'

export type Setting<T = unknown> = {
  /** What it means, in Markdown. */
  readonly help: string
  /** What holds when it is unset, in words. */
  readonly fallback: string
  /** A value for `.env.example`. */
  readonly example: string
  readonly group: Group
  /** Never shown. */
  readonly secret?: true
  /** Nothing reads it in this version: setting it is warned about, and the docs leave it out. */
  readonly planned?: true
  /** @throws Unfit */
  readonly parse: (value: string) => T
}

/** Headings of `.env.example`, in its order. */
export const groups = {
  pbx: 'The PBX',
  numbers: 'Numbers and limits',
  people: 'People',
  bot: 'The bot in Teams and other channels',
  sip: 'SIP and sound: addresses of this machine',
  run: 'Running',
} as const
type Group = keyof typeof groups

const setting = <T>(one: Setting<T>): Setting<T> => one
const planned = (group: Group, secret?: true): Setting<string> => ({
  help: '',
  fallback: '',
  example: '',
  group,
  planned: true,
  ...(secret === undefined ? {} : { secret }),
  parse: text,
})

export const settings = {
  SIP_TRUNK: setting({
    group: 'pbx',
    help: 'Your PBX: host, port, and `transport` `udp`, `tcp` or `tls`. With this alone, and no app id, the chat page serves your own PBX on this machine.',
    fallback: 'none: the demo',
    example: 'sip:pbx.example.com:5060;transport=udp',
    parse: trunkAddress,
  }),
  SIP_TRUNK_USER: setting({
    group: 'pbx',
    help: 'User for digest authentication, if the PBX asks for it.',
    fallback: 'none',
    example: 'dialback',
    parse: text,
  }),
  SIP_TRUNK_PASSWORD: setting({
    group: 'pbx',
    help: 'Its password.',
    fallback: 'none',
    example: 'change-me',
    secret: true,
    parse: text,
  }),
  TRUNKS_FILE: setting({
    group: 'pbx',
    help: 'JSON file with several trunks or more details, in order of preference, read again when it changes; wins over `SIP_TRUNK`. Fields: `name`, `uri`, `user`, `password`, `register`, `callerId`, `identity` (`pai`, `rpid`, `none`), `privacy` (`none`, `id`), `offer` (`early`, `late`), `numbers` (`out`: `e164`, `00`, `national`; `prefix`), `dtmf` (`rfc4733`, `info`), `media` (`direct`, `relay`), `redirect`, `autoAnswer`, `maxCalls`, `tls` (PEM files: `ca`, `cert`, `key`).',
    fallback: 'none',
    example: './trunks.json',
    parse: text,
  }),
  CALLER_ID: setting({
    group: 'numbers',
    help: 'The global caller ID, E.164: what your desk phone shows when it rings for a call of your own.',
    fallback: 'none',
    example: '+34900100200',
    parse: e164,
  }),
  COUNTRY: setting({
    group: 'numbers',
    help: 'Country of national numbers and tones (ISO 3166-1).',
    fallback: 'that of `CALLER_ID`',
    example: 'ES',
    parse: country,
  }),
  ALLOW_NUMBERS: setting({
    group: 'numbers',
    help: 'What may be dialled beyond your people and ordinary numbers of `COUNTRY`, separated by commas: numbers that begin so (`+44*`), one number (`+441632960001`), a short number (`1004`), `premium`, `sharedCost`.',
    fallback: 'nothing more',
    example: '+44*,+33*',
    // Separated by commas only: numbers are written with spaces.
    parse: (value: string) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
  }),
  ALLOW_SIP_DOMAINS: setting({
    group: 'numbers',
    help: 'SIP domains that may be dialled beside that of the trunk, separated by commas.',
    fallback: 'none',
    example: 'sip.example.com',
    parse: list(domain),
  }),
  CALLS_PER_HOUR: setting({
    group: 'numbers',
    help: 'Calls that one user may make in an hour.',
    fallback: '60',
    example: '60',
    parse: whole(1, 1_000_000),
  }),
  RING_SECONDS_DESK: setting({
    group: 'numbers',
    help: "Seconds that one's own phone rings.",
    fallback: '30',
    example: '30',
    parse: whole(1, 600),
  }),
  RING_SECONDS_CALLEE: setting({
    group: 'numbers',
    help: 'Seconds that the other side rings.',
    fallback: '60',
    example: '60',
    parse: whole(1, 600),
  }),
  MAX_CALL_MINUTES: setting({
    group: 'numbers',
    help: 'Minutes after which a call is ended.',
    fallback: '240',
    example: '240',
    parse: whole(1, 10_080),
  }),
  PRESS_ONE: setting({
    group: 'numbers',
    help: '`1`: who picks up presses 1 before the other side is called, so that no voicemail box is connected. Users can change it for themselves (`settings`), unless it is `always` or `never`.',
    fallback: '0',
    example: '1',
    parse: pressOne,
  }),
  MEETING_BRIDGES: setting({
    group: 'numbers',
    help: 'JSON: the number or SIP URI that meetings of a provider are reached by, where their invitations tell none: `{"zoom": "+34910480001"}`, or `{"zoom": {"dial", "keys", "sipDomain"}}`. `keys` are what is keyed there, each word after an announcement: `{id}# *{pin}#|#`. `sipDomain` is that of the provider\'s SIP gateway: the trunk must route it, or `ALLOW_SIP_DOMAINS` name it. Providers: `teams`, `zoom`, `webex`, `meet`, `goto`, `jitsi`, `bigbluebutton`, `phone`.',
    fallback: 'only what invitations tell',
    example: '{"zoom": "+34910480001"}',
    parse: meetingBridges,
  }),
  CONFERENCE_BRIDGE: setting({
    group: 'numbers',
    help: 'The conference bridge on which `meet now` makes meetings (docs/meetings.md): number or SIP URI, `{id}` in it where the bridge has a number for each meeting: `sip:77{id}@pbx.example.com`. Or JSON: `{"dial", "keys", "number"}`, with `keys` as in `MEETING_BRIDGES`, and the `number` that people outside dial, where it is another.',
    fallback: 'the built-in mixer',
    example: 'sip:77{id}@pbx.example.com',
    parse: conferenceBridge,
  }),
  WATCH_MEETINGS: setting({
    group: 'bot',
    help: '`1`: in every group where the app may read all messages (`npm run manifest -- --watch`), a meeting that somebody shares gets its card, until somebody there types `stop watching`. Else only where somebody types `watch meetings`.',
    fallback: 'where it is asked for',
    example: '1',
    parse: flag,
  }),
  PEOPLE_FILE: setting({
    group: 'people',
    help: 'JSON file of those who may call and be called, read again when it changes: `[{"name", "aadObjectId", "ids": {"<channelId>": "<from.id>"}, "email", "department", "extension", "phones": {"desk", "mobile"}, "did", "aliases": [], "admin": false, "calendar"}]` (`calendar`: https address of an .ics feed); all but the name and one phone may be left out. Also `{"people": […], "groups": […]}`.',
    fallback: 'needed, except in the demo',
    example: './people.json',
    parse: text,
  }),
  ADMINS: setting({
    group: 'people',
    help: 'Administrators by `aadObjectId`, separated by commas, beside those with `"admin": true` in `PEOPLE_FILE`.',
    fallback: 'none',
    example: '00000000-0000-4000-8000-000000000001',
    parse: list(entraId),
  }),
  GRAPH_TENANT_ID: setting({
    group: 'people',
    help: 'Tenant whose meetings and calendars Microsoft Graph is asked for, with the two below (docs/meetings.md has the permissions).',
    fallback: 'none: Graph is not asked',
    example: '00000000-0000-4000-8000-000000000000',
    parse: entraId,
  }),
  GRAPH_CLIENT_ID: setting({
    group: 'people',
    help: 'Application (client) id of a registration with these permissions.',
    fallback: 'none',
    example: '00000000-0000-4000-8000-000000000000',
    parse: entraId,
  }),
  GRAPH_CLIENT_SECRET: setting({
    group: 'people',
    help: 'Its client secret.',
    fallback: 'none',
    example: 'change-me',
    secret: true,
    parse: text,
  }),
  GRAPH_URL: setting({
    group: 'people',
    help: 'Microsoft Graph of a national cloud: `https://graph.microsoft.us`, `https://dod-graph.microsoft.us`, `https://microsoftgraph.chinacloudapi.cn`.',
    fallback: '`https://graph.microsoft.com`, or that of `ChannelService`',
    example: 'https://graph.microsoft.us',
    parse: safeUrl,
  }),
  GRAPH_LOGIN_URL: setting({
    group: 'people',
    help: 'Where its tokens come from, without the tenant. It is told the secret.',
    fallback: 'that of the cloud of `GRAPH_URL`',
    example: 'https://login.microsoftonline.us',
    parse: safeUrl,
  }),
  MicrosoftAppId: setting({
    group: 'bot',
    help: "Application (client) id of the bot's registration. Without it there is no authentication, and the bot listens on this machine only.",
    fallback: 'none',
    example: '00000000-0000-4000-8000-000000000000',
    parse: entraId,
  }),
  MicrosoftAppPassword: setting({
    group: 'bot',
    help: 'Its client secret.',
    fallback: 'none',
    example: 'change-me',
    secret: true,
    parse: text,
  }),
  MicrosoftAppType: setting({
    group: 'bot',
    help: '`SingleTenant`, `MultiTenant` (registrations from before August 2025) or `UserAssignedMSI`.',
    fallback: '`SingleTenant`',
    example: 'SingleTenant',
    parse: oneOf('SingleTenant', 'MultiTenant', 'UserAssignedMSI'),
  }),
  MicrosoftAppTenantId: setting({
    group: 'bot',
    help: 'Directory (tenant) id of the registration.',
    fallback: 'none',
    example: '00000000-0000-4000-8000-000000000000',
    parse: entraId,
  }),
  ALLOWED_TENANTS: setting({
    group: 'bot',
    help: 'Teams tenants whose people are let in, separated by commas.',
    fallback: "the app's own",
    example: '00000000-0000-4000-8000-000000000000',
    parse: list(entraId),
  }),
  ChannelService: setting({
    group: 'bot',
    help: '`https://botframework.azure.us` for a bot of the US government cloud.',
    fallback: "Microsoft's public cloud",
    example: 'https://botframework.azure.us',
    parse: oneOf('https://botframework.azure.us'),
  }),
  ToBotFromChannelTokenIssuer: setting({
    group: 'bot',
    help: "For the Bot Framework of another cloud, with the three below (the names are botbuilder's own): issuer of the tokens that channels send.",
    fallback: 'that of `ChannelService`',
    example: 'https://api.botframework.azure.cn',
    parse: safeUrl,
  }),
  ToBotFromChannelOpenIdMetadataUrl: setting({
    group: 'bot',
    help: 'Leads to the keys of those tokens: **it decides who may talk to the bot**, and is told at start. `https` only, but on this machine itself.',
    fallback: 'that of `ChannelService`',
    example: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
    parse: safeUrl,
  }),
  ToChannelFromBotLoginUrl: setting({
    group: 'bot',
    help: "Where the bot gets its own tokens, with the tenant at its end. It is told the bot's secret.",
    fallback: 'that of `ChannelService`',
    example: 'https://login.partner.microsoftonline.cn/00000000-0000-4000-8000-000000000000',
    parse: safeUrl,
  }),
  ToChannelFromBotOAuthScope: setting({
    group: 'bot',
    help: 'Whom those tokens are for.',
    fallback: 'that of `ChannelService`',
    example: 'https://api.botframework.azure.cn',
    parse: safeUrl,
  }),
  PUBLIC_URL: setting({
    group: 'bot',
    help: "Where the bot is reached from outside, for the Teams app that `npm run manifest` makes; the registration's messaging endpoint is `/api/messages` below it.",
    fallback: 'none',
    example: 'https://dialback.example.com',
    parse: safeUrl,
  }),
  PORT: setting({
    group: 'bot',
    help: 'HTTP port: `POST /api/messages`, `/healthz`, `/readyz`.',
    fallback: '3978',
    example: '3978',
    parse: whole(0, 65535, 'a port'),
  }),
  HOST: setting({
    group: 'bot',
    help: 'Address that the bot listens on. Without an app id only an address of this machine itself.',
    fallback: '`127.0.0.1` without an app id, all interfaces with one',
    example: '0.0.0.0',
    parse: host,
  }),
  ALLOW_UNAUTHENTICATED: setting({
    group: 'bot',
    help: '`1`: lets a bot without an app id use a trunk that is not on this machine. Whoever reaches the port can then make calls.',
    fallback: '0',
    example: '1',
    parse: flag,
  }),
  SIP_BIND: setting({
    group: 'sip',
    help: 'Where the embedded SIP server listens: transport (`udp`, `tcp`, `tls`), address and port, separated by commas.',
    fallback:
      'UDP and TCP: `127.0.0.1:5070` where all trunks are on this machine, else `0.0.0.0:5060`; one port above it TLS, where a trunk uses it',
    example: 'udp:192.0.2.10:5060,tcp:192.0.2.10:5060',
    parse: sipBinds,
  }),
  SIP_TLS_CERT: setting({
    group: 'sip',
    help: "PEM file with this side's certificate and its chain: shown to whoever connects by TLS, and to a trunk that has none of its own in `tls`.",
    fallback: 'that of the trunks, where they have but one',
    example: './bot.crt',
    parse: text,
  }),
  SIP_TLS_KEY: setting({
    group: 'sip',
    help: 'PEM file with its private key, without a passphrase.',
    fallback: 'none',
    example: './bot.key',
    parse: text,
  }),
  SIP_TLS_CA: setting({
    group: 'sip',
    help: "PEM file with the authorities that a trunk's certificate must come from, where the trunk has no `ca` of its own in `tls`.",
    fallback: "the system's",
    example: './ca.pem',
    parse: text,
  }),
  SIP_ADVERTISE: setting({
    group: 'sip',
    help: 'Address that the PBX is told for SIP, where it is not the one listened on (NAT).',
    fallback: "this machine's address towards the trunk",
    example: '192.0.2.10',
    parse: host,
  }),
  RTP_BIND: setting({
    group: 'sip',
    help: 'Address for sound.',
    fallback: '`127.0.0.1` where all trunks are on this machine, else `0.0.0.0`',
    example: '192.0.2.10',
    parse: address,
  }),
  RTP_ADVERTISE: setting({
    group: 'sip',
    help: 'Address that phones are told for sound (NAT).',
    fallback: "this machine's address towards the trunk",
    example: '192.0.2.10',
    parse: address,
  }),
  RTP_PORTS: setting({
    group: 'sip',
    help: 'UDP ports for sound.',
    fallback: '16384-16883',
    example: '16384-16883',
    parse: portRange,
  }),
  RTP_SILENCE_SECONDS: setting({
    group: 'sip',
    help: 'Seconds without a packet of sound after which the card says whose phone is not heard, where the sound goes through the bot; `0`: never. A phone on hold is not missed.',
    fallback: '10',
    example: '10',
    parse: whole(0, 3600),
  }),
  RTP_SILENCE_END_SECONDS: setting({
    group: 'sip',
    help: 'Seconds without a packet of sound after which the call is ended.',
    fallback: 'never',
    example: '60',
    parse: whole(1, 86_400),
  }),
  SIPD_PROCESS: setting({
    group: 'sip',
    help: '`1`: the embedded SIP server and the sound run in a process of their own, which outlives the bot: calls go on while a bot that was killed is started anew, and that one goes on with them. A bot that is asked to stop ends it.',
    fallback: '0',
    example: '1',
    parse: flag,
  }),
  DRACHTIO_HOST: setting({
    group: 'sip',
    help: 'A drachtio-server to use in place of the embedded SIP server.',
    fallback: 'the embedded one',
    example: '127.0.0.1',
    parse: host,
  }),
  DRACHTIO_PORT: setting({
    group: 'sip',
    help: 'Its port for applications.',
    fallback: '9022',
    example: '9022',
    parse: port,
  }),
  DRACHTIO_SECRET: setting({
    group: 'sip',
    help: 'Its secret.',
    fallback: "drachtio-server's own default",
    example: 'change-me',
    secret: true,
    parse: text,
  }),
  DATA_DIR: setting({
    group: 'run',
    help: "Folder of the bot's data. One bot at a time uses it; it is on a local disk.",
    fallback: '`./data`',
    example: './data',
    parse: text,
  }),
  DRAIN_SECONDS: setting({
    group: 'run',
    help: 'Seconds that running calls may go on after SIGTERM.',
    fallback: '30',
    example: '30',
    parse: whole(0, 86_400),
  }),
  LOG_LEVEL: setting({
    group: 'run',
    help: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    fallback: '`info`',
    example: 'info',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  }),
  NODE_ENV: setting({
    group: 'run',
    help: '`production`: neither the demo nor the chat page is served.',
    fallback: 'none',
    example: 'production',
    parse: text,
  }),
  DATABASE_URL: planned('run', true),
} as const

export type Settings = typeof settings
export type SettingName = keyof Settings
/** What each setting was given, undefined where it is unset or unfit. */
export type Values = { readonly [Name in SettingName]?: ReturnType<Settings[Name]['parse']> }
