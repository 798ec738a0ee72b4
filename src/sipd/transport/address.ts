import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { SipUri } from '../message/uri.ts'

export type Transport = 'udp' | 'tcp' | 'tls'

/** Where a message goes to or came from. `host` is an IP address without brackets once it is resolved. */
export type Endpoint = {
  readonly transport: Transport
  readonly host: string
  readonly port: number
  /** TLS: the SIP domain, or address, that the certificate there must be for (RFC 5922 7). */
  readonly name?: string
}

export function keyOfEndpoint({ transport, host, port, name }: Endpoint): string {
  return name === undefined ? `${transport}/${host}:${port}` : `${transport}/${host}:${port}/${name}`
}

/** RFC 3261 19.1.2. */
export function standardPort(transport: Transport): number {
  return transport === 'tls' ? 5061 : 5060
}

/** `host:port` as written in Via and URIs: IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Where a request for `uri` is sent (RFC 3263 without its look-ups: the caller resolves).
 * @param usual transport where the URI names none: many peers leave it out of their Contact
 * @param name what the certificate must be for, where the URI has but an address; RFC 5922 7.1 wants the URI's domain
 * @returns undefined for a transport that sipd does not speak
 */
export function nextHop(uri: SipUri, usual: Transport = 'udp', name?: string): Endpoint | undefined {
  const written = uri.params['transport']?.toLowerCase()
  // RFC 3261 26.2.2: a sips URI is TLS, and `transport=tcp` in it says over what.
  const transport = uri.scheme === 'sips' && written !== 'udp' ? 'tls' : (written ?? usual)
  const { host } = uri
  if (uri.scheme === 'sips' && transport !== 'tls') return undefined
  if (transport !== 'udp' && transport !== 'tcp' && transport !== 'tls') return undefined
  const port = uri.port || standardPort(transport)
  if (transport !== 'tls') return { transport, host, port }
  const must = isIP(host) === 0 ? host : name
  return { transport, host, port, ...(must === undefined ? {} : { name: must }) }
}

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

export function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * The address of this machine that `remote` sees, for a socket bound to all of them: the interface in the
 * same subnet, else the first that is no loopback.
 */
export function localAddressFor(remote: string): string {
  const family = isIP(remote) === 6 ? 'IPv6' : 'IPv4'
  if (isLoopback(remote)) return family === 'IPv6' ? '::1' : '127.0.0.1'
  const candidates = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((entry) => entry.family === family && !entry.internal)
  const near =
    family === 'IPv4'
      ? candidates.find((entry) => sameSubnet(entry.address, remote, entry.netmask))
      : undefined
  return (near ?? candidates[0])?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1')
}

function sameSubnet(a: string, b: string, netmask: string): boolean {
  const mask = toNumber(netmask)
  return (toNumber(a) & mask) === (toNumber(b) & mask)
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, byte) => (sum << 8) | Number(byte), 0)
}
