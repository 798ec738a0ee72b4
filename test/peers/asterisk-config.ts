/**
 * The configuration of an Asterisk as a small company has it, and as README.md tells an administrator to set up
 * a trunk to the bot: one trunk, desk phones, a dial plan that joins them.
 */

/** A desk phone that registers, with the numbers that ring it. */
export type Extension = {
  readonly name: string
  readonly password: string
  readonly numbers: readonly string[]
  /** How Asterisk calls it; default UDP. */
  readonly transport?: 'udp' | 'tls'
}

/** Certificates of an Asterisk that listens with TLS too; paths of PEM files. */
export type AsteriskTls = {
  readonly cert: string
  readonly key: string
  /** Authorities that it trusts, of those that it connects to and that connect to it. */
  readonly ca: string
  /** Only those with a certificate of theirs may connect. */
  readonly asksForCertificates?: boolean
}

/** A conference bridge that asks, by recorded words, for the number of a conference and then for its PIN, where it has one. */
export type ConferenceBridge = { readonly number: string; readonly id: string; readonly pin?: string }

export type AsteriskOptions = {
  /** Where the bot's SIP side listens; told apart from the phones by its address. */
  readonly bot?: {
    readonly address: string
    readonly port: number
    readonly transport?: 'udp' | 'tcp' | 'tls'
    /** Asterisk learns where it is by its registration, as `bot`; `botPassword` has to be given then. */
    readonly registers?: boolean
    /** How keys go between them; default RFC 4733. */
    readonly dtmf?: 'rfc4733' | 'info'
  }
  /** Asked of the bot's calls (401), when given. */
  readonly botPassword?: string
  readonly extensions: readonly Extension[]
  readonly conference?: ConferenceBridge
  /** Whether Asterisk takes itself out of the phones' media (by re-INVITE). */
  readonly directMedia?: boolean
  /** What trunk and phones may speak, best first, as Asterisk calls it; default alaw, ulaw. */
  readonly codecs?: readonly ('g722' | 'alaw' | 'ulaw')[]
  /** For measuring: says nothing of what it does, tells the manager of nothing. */
  readonly forLoad?: boolean
  readonly tls?: AsteriskTls
  /** What an administrator adds to the end of files, by the file's name. */
  readonly added?: Readonly<Record<string, string>>
}

export type AsteriskPlaces = {
  readonly root: string
  readonly modules: string
  readonly data: string
  readonly sip: number
  readonly sips: number
  readonly manager: number
  readonly rtp: { readonly first: number; readonly last: number }
}

/** All files of Asterisk's configuration folder, by name. */
export function asteriskConfig(options: AsteriskOptions, places: AsteriskPlaces): Record<string, string> {
  const own = ownConfig(options, places)
  const added = Object.entries(options.added ?? {})
  return { ...own, ...Object.fromEntries(added.map(([name, text]) => [name, `${own[name] ?? ''}\n${text}`])) }
}

function ownConfig(options: AsteriskOptions, places: AsteriskPlaces): Record<string, string> {
  return {
    'asterisk.conf': asterisk(places, options),
    'modules.conf': `[modules]\nautoload = no\n${modules.map((name) => `load = ${name}.so`).join('\n')}\n`,
    'logger.conf': logger(options),
    'manager.conf': manager(places, options),
    'rtp.conf': `[general]\nrtpstart = ${places.rtp.first}\nrtpend = ${places.rtp.last}\nstrictrtp = no\n`,
    'pjsip.conf': [
      transports(places, options),
      ...trunk(options),
      ...options.extensions.map((e) => phone(e, options)),
    ].join('\n'),
    'extensions.conf': dialplan(options, places),
    'confbridge.conf': conference(options, places),
  }
}

const modules = [
  ...['res_timing_timerfd', 'res_sorcery_config', 'res_sorcery_memory', 'res_sorcery_astdb', 'res_pjproject'],
  ...['res_rtp_asterisk', 'res_pjsip', 'res_pjsip_session', 'res_pjsip_sdp_rtp', 'res_pjsip_logger'],
  ...['res_pjsip_authenticator_digest', 'res_pjsip_outbound_authenticator_digest', 'res_pjsip_registrar'],
  ...['res_pjsip_endpoint_identifier_ip', 'res_pjsip_endpoint_identifier_user', 'res_pjsip_caller_id'],
  ...[
    'res_pjsip_pubsub',
    'res_pjsip_diversion',
    'res_pjsip_rfc3326',
    'res_pjsip_dtmf_info',
    'chan_pjsip',
    'res_pjsip_refer',
  ],
  ...[
    'codec_ulaw',
    'codec_alaw',
    'codec_g722',
    'bridge_simple',
    'bridge_native_rtp',
    'func_callerid',
    'app_dial',
    'pbx_config',
  ],
  ...[
    'func_global',
    'app_exec',
    'app_read',
    'app_playback',
    'app_confbridge',
    'bridge_softmix',
    'format_gsm',
    'codec_gsm',
  ],
]

function asterisk({ root, modules: folder, data }: AsteriskPlaces, { forLoad }: AsteriskOptions): string {
  return `[directories]
astetcdir => ${root}
astmoddir => ${folder}
astvarlibdir => ${root}
astdbdir => ${root}
astkeydir => ${root}
astdatadir => ${data}
astagidir => ${root}
astspooldir => ${root}
astrundir => ${root}
astlogdir => ${root}
[options]
defaultlanguage = ${LANGUAGE}
verbose = ${forLoad ? 0 : 3}
`
}

function logger({ forLoad }: AsteriskOptions): string {
  const what = forLoad ? 'error' : 'notice,warning,error,verbose'
  return `[general]\ndateformat = %T.%3q\n[logfiles]\nfull => ${what}\n`
}

function manager({ manager: port }: AsteriskPlaces, { forLoad }: AsteriskOptions): string {
  return `[general]
enabled = yes
bindaddr = 127.0.0.1
port = ${port}
[test]
secret = test
read = ${forLoad ? 'system' : 'all'}
write = all
`
}

function transports({ sip, sips }: AsteriskPlaces, { tls, forLoad }: AsteriskOptions): string {
  const asks = tls?.asksForCertificates ? 'yes' : 'no'
  const secure = tls
    ? `
[tls]
type = transport
protocol = tls
bind = 127.0.0.1:${sips}
cert_file = ${tls.cert}
priv_key_file = ${tls.key}
ca_list_file = ${tls.ca}
method = tlsv1_2
verify_server = yes
verify_client = ${asks}
require_client_cert = ${asks}
`
    : ''
  return `[global]
type = global
debug = ${forLoad ? 'no' : 'yes'}
endpoint_identifier_order = ip,username

[udp]
type = transport
protocol = udp
bind = 127.0.0.1:${sip}

[tcp]
type = transport
protocol = tcp
bind = 127.0.0.1:${sip}
${secure}`
}

const allowed = ({ codecs = ['alaw', 'ulaw'] }: AsteriskOptions) => codecs.join(',')

function trunk(options: AsteriskOptions): string[] {
  const { bot, botPassword, directMedia, forLoad } = options
  if (!bot) return []
  const transport = bot.transport ?? 'udp'
  return [
    `[bot]
type = endpoint
context = from-bot
transport = ${transport}
disallow = all
allow = ${allowed(options)}
aors = bot
direct_media = ${forLoad && directMedia ? 'yes' : 'no'}
dtmf_mode = ${bot.dtmf ?? 'rfc4733'}
trust_id_inbound = yes
${botPassword === undefined ? '' : 'auth = bot\n'}
[bot]
type = aor
${bot.registers ? 'max_contacts = 1\nremove_existing = yes' : `contact = sip:${bot.address}:${bot.port}\\;transport=${transport}`}

[bot]
type = identify
endpoint = bot
match = ${bot.address}
`,
    ...(botPassword === undefined ? [] : [auth('bot', botPassword)]),
  ]
}

function phone({ name, password, transport = 'udp' }: Extension, options: AsteriskOptions): string {
  const { directMedia = false } = options
  return `[${name}]
type = endpoint
context = from-phones
transport = ${transport}
disallow = all
allow = ${allowed(options)}
aors = ${name}
auth = ${name}
direct_media = ${directMedia ? 'yes' : 'no'}
dtmf_mode = rfc4733

[${name}]
type = aor
max_contacts = 1
remove_existing = yes

${auth(name, password)}`
}

function auth(name: string, password: string): string {
  return `[${name}]
type = auth
auth_type = digest
username = ${name}
password = ${password}
`
}

/** Phones and bot reach the phones by their numbers; a phone reaches the bot by any other number. */
function dialplan(
  { extensions, bot, conference: bridge }: AsteriskOptions,
  { data }: AsteriskPlaces,
): string {
  const numbers = extensions.flatMap(({ name, numbers }) =>
    numbers.map((number) => `exten => ${number},1,Dial(PJSIP/${name})\n same => n,Hangup()\n`),
  )
  const outside = bot ? 'exten => _[+0-9].,1,Dial(PJSIP/${EXTEN}@bot)\n same => n,Hangup()\n' : ''
  const spoken = `${data}/${VOICE}`
  const joins = bridge
    ? `exten => ${bridge.number},1,Answer()
 same => n,Wait(1)
 same => n,Read(conf,${spoken}/conf-getconfno,,,2,8)
 same => n,GotoIf($["\${conf}" = "${bridge.id}"]?in:unknown)
 same => n(in),ConfBridge(${bridge.id},meeting,member)
 same => n,Hangup()
 same => n(unknown),Playback(${spoken}/conf-invalid)
 same => n,Hangup()
`
    : ''
  return `[phones]\n${numbers.join('')}${joins}\n[from-bot]\ninclude => phones\n\n[from-phones]\ninclude => phones\n${outside}`
}

/** Where Debian's package of English sounds has its words. */
const LANGUAGE = 'en_US_f_Allison'
const VOICE = `sounds/${LANGUAGE}`

function conference({ conference: bridge }: AsteriskOptions, { data }: AsteriskPlaces): string {
  return `[general]
[meeting]
type = bridge
sound_get_pin = ${data}/${VOICE}/conf-getpin
sound_invalid_pin = ${data}/${VOICE}/conf-invalidpin
[member]
type = user
${bridge?.pin === undefined ? '' : `pin = ${bridge.pin}`}
announce_only_user = no
quiet = yes
dsp_drop_silence = no
`
}
