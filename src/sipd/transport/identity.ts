import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { parseUri } from '../message/uri.ts'

/** Whom a certificate speaks for: what Node tells of one (`PeerCertificate`), as far as it is needed here. */
export type Certificate = {
  readonly subjectaltname?: string | undefined
  readonly subject?: { readonly CN?: string | readonly string[] | undefined } | undefined
}

/**
 * The SIP domains that a certificate is for (RFC 5922 7.1): its `sip:` URIs without a user; where there are none its
 * DNS names; and its subject's common name only where it has no alternative names at all. IP addresses come beside
 * them, for peers that are known by nothing else (RFC 5922 leaves them out).
 */
export function identitiesOf(certificate: Certificate): readonly string[] {
  const { subjectaltname, subject } = certificate
  if (subjectaltname === undefined || subjectaltname === '')
    return [subject?.CN ?? []].flat().map((name) => name.toLowerCase())
  const names = alternativeNames(subjectaltname)
  const uris = names.filter(([kind]) => kind === 'URI').flatMap(([, value]) => domainOf(value))
  const dns = names.filter(([kind]) => kind === 'DNS').map(([, value]) => value.toLowerCase())
  const addresses = names.filter(([kind]) => kind === 'IP Address').map(([, value]) => canonical(value))
  return [...(uris.length > 0 ? uris : dns), ...addresses]
}

/** RFC 5922 7.2: whole names are compared, without regard to case; `*.example.com` is nobody's SIP identity. */
export function isFor(certificate: Certificate, name: string): boolean {
  const wanted = isIP(name) === 0 ? domainToASCII(name).toLowerCase() : canonical(name)
  return identitiesOf(certificate).includes(wanted)
}

/** `DNS:a.example, URI:sip:b.example, IP Address:192.0.2.1`; Node quotes, as JSON, what could mislead. */
function alternativeNames(text: string): (readonly [kind: string, value: string])[] {
  return [...text.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, kind = '', value = '']) => [kind, value.startsWith('"') ? unquoted(value) : value],
  )
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value))
  } catch {
    return ''
  }
}

/** RFC 5922 7.1: `sip:` only, and none with a user, which would be a person's. */
function domainOf(uri: string): string[] {
  const parsed = parseUri(uri)
  return parsed?.scheme === 'sip' && !uri.includes('@') ? [parsed.host] : []
}

/** One spelling of an address: IPv6 has many. */
function canonical(address: string): string {
  if (isIP(address) !== 6) return address
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}
