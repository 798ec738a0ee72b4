import type { SipUri } from '../ids.ts'

/** A SIP address as somebody typed it, taken apart. `user` is decoded and plain ASCII; `host` is in lower case. */
export type SipAddress = {
  readonly scheme: 'sip' | 'sips'
  readonly user: string
  readonly host: string
  readonly port?: string
}

const PORTS_OF_SIP: readonly string[] = ['5060', '5061']
const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:.]{2,45}\])$/

/** Whether a text claims to be a SIP address, right or wrong. */
export function claimsSip(text: string): boolean {
  return /^<?sips?:/i.test(text.trim())
}

/**
 * Reads `sip:user@host`, `sips:user@host:port` (RFC 3261 19.1.1). Passwords, parameters and the header part are not
 * taken: they tell a telephone system more than whom to call.
 * @returns undefined for anything else
 */
export function sipAddress(text: string): SipAddress | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 320) return undefined
  const plain = /^<[^<>]*>$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed
  const parts = /^(sips?):([^@:;?/]+)@([^@:;?/]+|\[[^\]]*\])(?::(\d{1,5}))?$/i.exec(plain)
  const [, scheme, rawUser, rawHost, port] = parts ?? []
  if (scheme === undefined || rawUser === undefined || rawHost === undefined) return undefined
  const user = decoded(rawUser)
  const host = rawHost.toLowerCase().replace(/\.$/, '')
  if (user === undefined || host.length > 253 || !HOST.test(host)) return undefined
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined
  const known = scheme.toLowerCase() === 'sips' ? 'sips' : 'sip'
  return { scheme: known, user, host, ...(port === undefined ? {} : { port: String(Number(port)) }) }
}

/** Writes the address as a URI without parameters. */
export function sipUri(address: SipAddress): SipUri {
  const port = address.port === undefined ? '' : `:${address.port}`
  return `${address.scheme}:${address.user}@${address.host}${port}` as SipUri
}

/**
 * Whether an address is at one of these hosts. An entry may name a port (`pbx.example.com:5070`); without one only
 * the ports of SIP count, so that nobody reaches other services of the host.
 */
export function isAtOneOf(hosts: readonly string[], { host, port }: SipAddress): boolean {
  return hosts.map(hostAndPort).some((entry) => {
    if (entry.host !== host) return false
    return port === undefined || port === entry.port || PORTS_OF_SIP.includes(port)
  })
}

/** Whether an address is at one of these hosts, whatever its port. */
export function isOfHosts(hosts: readonly string[], address: SipAddress): boolean {
  return hosts.map(hostAndPort).some(({ host }) => host === address.host)
}

function hostAndPort(entry: string) {
  const bracketed = entry.trim().replace(/^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i, '[$&]')
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(bracketed.toLowerCase()) ?? []
  return { host: host?.replace(/\.$/, ''), port }
}

/**
 * The user part without its escapes, where all of it needs none (RFC 3261 25.1 unreserved, and `+` before a number).
 * What the grammar allows beyond (`&=+$,;?/`) cuts a number short for some telephone systems: `112&x` rings 112.
 */
function decoded(user: string): string | undefined {
  const plain = user.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return /^\+?[A-Za-z0-9_.!~*'()-]{1,64}$/.test(plain) ? plain : undefined
}
