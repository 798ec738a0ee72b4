/** Readers of single settings: text in, value out, or what is unfit about it and what to write instead. */
import { isIP } from 'node:net'
import { getCountries } from 'libphonenumber-js/max'
import type { CountryCode } from 'libphonenumber-js/max'
import { e164 as readE164 } from '../core/ids.ts'
import type { E164 } from '../core/ids.ts'
import type { PressOneRule } from '../core/settings.ts'

/** Why a text is no value of its setting. */
export class Unfit extends Error {
  readonly remedy: string
  constructor(problem: string, remedy: string) {
    super(problem)
    this.remedy = remedy
  }
}

export type Transport = 'udp' | 'tcp' | 'tls'
export type SipBind = { readonly transport: Transport; readonly host: string; readonly port: number }
export type PortRange = { readonly from: number; readonly to: number }

export const text = (value: string): string => value

export function whole(least: number, most: number, what = 'a whole number') {
  return (value: string): number => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN
    if (!(number >= least && number <= most))
      throw new Unfit(`is not ${what} from ${least} to ${most}`, `Write ${what}, ${least} to ${most}.`)
    return number
  }
}

export const port = whole(1, 65535, 'a port')

export function flag(value: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(value)) return true
  if (/^(?:0|false|no|off)$/i.test(value)) return false
  throw new Unfit('is neither 1 nor 0', 'Write 1 for yes or 0 for no.')
}

/** `PRESS_ONE`: a flag that users may change for themselves, or a rule that they may not. */
export function pressOne(value: string): PressOneRule {
  if (/^(?:always|never)$/i.test(value)) return value.toLowerCase() === 'always' ? 'always' : 'never'
  try {
    return flag(value) ? 'on' : 'off'
  } catch {
    throw new Unfit('is not one of the known values', 'Write 1, 0, always or never.')
  }
}

export function oneOf<const T extends string>(...values: readonly T[]) {
  return (value: string): T => {
    const found = values.find((known) => known.toLowerCase() === value.toLowerCase())
    if (found === undefined) throw new Unfit('is not one of the known values', `Write ${values.join(', ')}.`)
    return found
  }
}

/** Separated by commas or spaces; empty items are ignored. */
export function list<T>(item: (value: string) => T) {
  return (value: string): readonly T[] =>
    value
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(item)
}

export function e164(value: string): E164 {
  const number = readE164(value.replaceAll(/[\s().-]/g, ''))
  if (!number) throw new Unfit('is not a number in international form', 'Write it like +34910000001.')
  return number
}

export function country(value: string): CountryCode {
  const code = value.toUpperCase()
  const found = getCountries().find((known) => known === code)
  if (!found) throw new Unfit('is not a country', 'Write its two letters (ISO 3166-1), such as ES.')
  return found
}

export function address(value: string): string {
  const bare = value.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) === 0) throw new Unfit('is not an IP address', 'Write one such as 192.0.2.10.')
  return bare
}

/** An IP address or a name of this machine. */
export function host(value: string): string {
  const bare = value.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) === 0 && !isHostName(bare))
    throw new Unfit('is neither an IP address nor a host name', 'Write it without scheme and port.')
  return bare
}

export function isHostName(value: string): boolean {
  const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i
  // RFC 1123 2.1: what ends in digits only would be an address, and isIP has said that it is none.
  return (
    value.length <= 253 && value.split('.').every((part) => label.test(part)) && !/(?:^|\.)\d+$/.test(value)
  )
}

/** `sip.example.com`, also with a port. */
export function domain(value: string): string {
  const [, name, digits] = /^([^:]+|\[[^\]]+\])(?::(\d{1,5}))?$/.exec(value) ?? []
  const bare = (name ?? '').replace(/^\[(.*)\]$/, '$1')
  if ((isIP(bare) === 0 && !isHostName(bare)) || Number(digits ?? 1) > 65535)
    throw new Unfit(
      `has ${JSON.stringify(value)}, which is no domain`,
      'Write domains such as sip.example.com.',
    )
  return value.toLowerCase()
}

export function identifier(value: string): string {
  if (!/^[\w.:@-]+$/.test(value))
    throw new Unfit('has characters that no id has', 'Copy the id as it is shown.')
  return value
}

/** An id of a tenant or account, which portals show in either case and tokens carry in lower case. */
export const entraId = (value: string): string => identifier(value).toLowerCase()

export function portRange(value: string): PortRange {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(value) ?? []
  const range = { from: Number(from), to: Number(to) }
  if (!(range.from >= 1024 && range.to <= 65535 && range.to - range.from >= 3))
    throw new Unfit(
      'is not a range of ports',
      'Write lowest and highest, such as 16384-16883 (at least four, above 1023).',
    )
  return range
}

/** An address that is believed, or told a secret: by TLS, or on this machine. */
export function safeUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const local = url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (url?.protocol !== 'https:' && !local)
    throw new Unfit(
      'is not an https address',
      'Write one that begins with https://. Only on this machine http:// will do.',
    )
  if (url.username || url.password) throw new Unfit('has a user or password in it', 'Write it without them.')
  return value
}

/** `udp:127.0.0.1:5070,tcp:[::1]:5070`; port 0 takes a free one. */
export function sipBinds(value: string): readonly SipBind[] {
  const binds = list(sipBind)(value)
  const remedy = 'Write it like udp:127.0.0.1:5070,tcp:127.0.0.1:5070.'
  if (binds.length === 0) throw new Unfit('names no address', remedy)
  const seen = new Set<string>()
  for (const bind of binds) {
    const key = `${bind.transport}:${bind.host}:${bind.port}`
    if (bind.port !== 0 && seen.has(key)) throw new Unfit(`names ${key} twice`, remedy)
    seen.add(key)
  }
  return binds
}

function sipBind(value: string): SipBind {
  const [, transport, ip, digits] = /^(udp|tcp|tls):(\[[\da-f:.]+\]|[\d.]+):(\d{1,5})$/i.exec(value) ?? []
  const bare = ip?.replaceAll(/[[\]]/g, '') ?? ''
  if (isIP(bare) === 0 || !(Number(digits) <= 65535))
    throw new Unfit(
      `has ${JSON.stringify(value)}`,
      'Write transport, IP address and port, such as udp:127.0.0.1:5070.',
    )
  return { transport: transport?.toLowerCase() as Transport, host: bare, port: Number(digits) }
}

/** Is this host only reachable from this machine? A name counts where it must (RFC 6761 6.3). */
export function isLoopback(name: string): boolean {
  return /^(?:127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3}|(?:[\w-]+\.)*localhost)$/i.test(name)
}
