/** The PBX trunks: `SIP_TRUNK`'s short form, and `TRUNKS_FILE`. */
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { Trunk } from '../core/trunk.ts'
import { contentFault, contentFaults, parseJson } from '../directory/json-text.ts'
import type { FileFault } from '../directory/json-text.ts'
import { e164, isHostName, isLoopback, Unfit } from './values.ts'
import type { Transport } from './values.ts'

export type TrunkAddress = {
  readonly uri: string
  readonly host: string
  readonly port: number | undefined
  readonly transport: Transport
}

const REMEDY = 'Write it like sip:pbx.example.com:5060;transport=udp (transport udp, tcp or tls).'

/** Reads a trunk's URI (RFC 3261 19.1, without user part, headers and other parameters than `transport`). */
export function trunkAddress(value: string): TrunkAddress {
  const [, scheme, user, bracketed, name, digits, rest] =
    /^(sips?):([^@]*@)?(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?((?:;[^;?]*)*)$/i.exec(value) ?? []
  if (scheme === undefined) throw new Unfit('is not the SIP URI of a PBX', REMEDY)
  if (user !== undefined)
    throw new Unfit('has a user part', `Put the user into SIP_TRUNK_USER (or "user"). ${REMEDY}`)
  const host = (bracketed ?? name ?? '').toLowerCase()
  if (bracketed === undefined ? isIP(host) !== 4 && !isHostName(host) : isIP(host) !== 6)
    throw new Unfit(`has ${JSON.stringify(host)}, which is neither a host name nor an address`, REMEDY)
  const port = digits === undefined ? undefined : Number(digits)
  if (port !== undefined && (port < 1 || port > 65535)) throw new Unfit(`has the port ${port}`, REMEDY)
  const transport = transportOf(rest ?? '') ?? (scheme.toLowerCase() === 'sips' ? 'tls' : 'udp')
  const shown = bracketed === undefined ? host : `[${host}]`
  const uri = `sip:${shown}${port === undefined ? '' : `:${port}`};transport=${transport}`
  return { uri, host, port, transport }
}

function transportOf(parameters: string): Transport | undefined {
  let found: Transport | undefined
  for (const parameter of parameters.split(';').filter(Boolean)) {
    const [, transport] = /^transport=(udp|tcp|tls)$/i.exec(parameter) ?? []
    if (transport === undefined)
      throw new Unfit(`has ${JSON.stringify(parameter)}, which is not understood`, REMEDY)
    found = transport.toLowerCase() as Transport
  }
  return found
}

/** The one trunk that `SIP_TRUNK` and its two companions describe. */
export function shortTrunk(address: TrunkAddress, user?: string, password?: string): Trunk {
  return {
    ...DEFAULTS,
    name: 'main',
    uri: address.uri,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  }
}

/** Does this trunk stay on this machine? */
export function isLocal(trunk: Trunk): boolean {
  return isLoopback(trunkAddress(trunk.uri).host)
}

const DEFAULTS = {
  register: false,
  identity: 'pai',
  privacy: 'none',
  offer: 'early',
  numbers: { out: 'e164', prefix: '', in: 'e164', digits: 4 },
  dtmf: 'rfc4733',
  media: 'direct',
  transfer: 'b2bua',
  redirect: false,
  autoAnswer: false,
  strictPort: false,
} as const satisfies Omit<Trunk, 'name' | 'uri'>

/** Lets a reader of settings judge a field of a file. */
function by<T>(read: (value: string) => T) {
  return z.string().transform((value, context) => {
    try {
      return read(value)
    } catch (fault) {
      if (!(fault instanceof Unfit)) throw fault
      context.addIssue({ code: 'custom', message: `${fault.message}. ${fault.remedy}` })
      return z.NEVER
    }
  })
}

// No control character, quote or angle bracket may reach a SIP header by way of a name.
const name = z.string().regex(/^[\w .-]{1,40}$/, 'a name has letters, digits, dots and hyphens, at most 40')
const credential = z.string().regex(/^[^\u0000-\u001f\u007f]{1,200}$/, 'must be printable text')
const { numbers } = DEFAULTS

const trunkRow = z.strictObject({
  name: name.optional(),
  uri: by(trunkAddress),
  user: credential.optional(),
  password: credential.optional(),
  register: z.boolean().default(DEFAULTS.register),
  callerId: by(e164).optional(),
  identity: z.enum(['pai', 'rpid', 'none']).default(DEFAULTS.identity),
  privacy: z.enum(['none', 'id']).default(DEFAULTS.privacy),
  offer: z.enum(['early', 'late']).default(DEFAULTS.offer),
  numbers: z
    .strictObject({
      out: z.enum(['e164', '00', 'national']).default(numbers.out),
      prefix: z
        .string()
        .regex(/^[\d*#]{0,6}$/, 'a prefix has digits, * and #, at most six')
        .default(numbers.prefix),
      in: z.enum(['e164', 'national', 'extension']).default(numbers.in),
      digits: z.int().min(1).max(15).default(numbers.digits),
    })
    .default(numbers),
  dtmf: z.enum(['rfc4733', 'info']).default(DEFAULTS.dtmf),
  media: z.enum(['direct', 'relay']).default(DEFAULTS.media),
  transfer: z.enum(['b2bua', 'refer']).default(DEFAULTS.transfer),
  redirect: z.boolean().default(DEFAULTS.redirect),
  autoAnswer: z.boolean().default(DEFAULTS.autoAnswer),
  strictPort: z.boolean().default(DEFAULTS.strictPort),
  tls: z
    .strictObject({ ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional() })
    .optional(),
  maxCalls: z.int().min(1).max(100_000).optional(),
})
const trunkRows = z.array(trunkRow).min(1, 'names no trunk')

type Trunks = { readonly trunks: readonly Trunk[]; readonly warnings: readonly FileFault[] }

/**
 * Reads `TRUNKS_FILE`, in order of preference.
 * @param file where the text came from: paths of certificates in it are relative to its folder
 */
export function parseTrunks(text: string, file: string): Trunks | { readonly faults: readonly FileFault[] } {
  const json = parseJson(text)
  if ('fault' in json) return { faults: [json.fault] }
  const parsed = trunkRows.safeParse(json.value)
  if (!parsed.success) return { faults: contentFaults(parsed.error, text) }
  const trunks = parsed.data.map((row) => trunkOf(row, dirname(file)))
  const faults = trunks.flatMap((trunk, i) => {
    const twice = trunks.findIndex(({ name }) => name === trunk.name) < i
    return [
      ...(twice ? [contentFault(text, [i, 'name'], `another trunk is called ${trunk.name} too`)] : []),
      ...(trunk.password !== undefined && trunk.user === undefined
        ? [contentFault(text, [i, 'password'], 'there is a password but no user')]
        : []),
      ...(trunk.register && trunk.user === undefined
        ? [contentFault(text, [i, 'register'], 'to register, a user is needed')]
        : []),
    ]
  })
  if (faults.length > 0) return { faults }
  const warnings = trunks.flatMap((trunk, i) => [
    ...withoutEffect(trunk).map((field) =>
      contentFault(text, [i, ...field], 'has no effect in this version'),
    ),
    ...(trunk.tls !== undefined && trunkAddress(trunk.uri).transport !== 'tls'
      ? [contentFault(text, [i, 'tls'], 'has no effect: the uri has no transport=tls')]
      : []),
  ])
  return { trunks, warnings }
}

/** The fields that nothing acts upon yet, where they ask for something. */
function withoutEffect(trunk: Trunk): readonly (readonly string[])[] {
  const fields = ['transfer', 'strictPort'] as const
  return [
    ...fields.filter((field) => trunk[field] !== DEFAULTS[field]).map((field) => [field]),
    ...(['in', 'digits'] as const)
      .filter((field) => trunk.numbers[field] !== numbers[field])
      .map((field) => ['numbers', field]),
  ]
}

function trunkOf(row: z.output<typeof trunkRow>, folder: string): Trunk {
  const { tls, uri, ...rest } = row
  const paths = Object.entries(tls ?? {}).map(([key, path]) => [key, resolve(folder, path ?? '')] as const)
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    ...(Object.fromEntries(fields) as Omit<Trunk, 'name' | 'uri' | 'tls'>),
    name: row.name ?? uri.host,
    uri: uri.uri,
    ...(tls === undefined ? {} : { tls: Object.fromEntries(paths) }),
  }
}
