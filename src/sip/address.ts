/** How people and numbers are written in SIP headers: nothing that was typed can add a header or leave its quotes. */

/** The parts of a SIP URI that tell where it leads. */
export type TrunkAddress = {
  readonly scheme: 'sip' | 'sips'
  /** Name or IP literal; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number | undefined
  readonly transport: 'udp' | 'tcp' | 'tls'
  /** `pbx.example.com:5060;transport=tcp`, as configured: what follows the @ of a Request-URI. */
  readonly rest: string
}

/** Reads a SIP URI. @throws when it is none; settings and what was typed have been checked before */
export function uriAddress(uri: string): TrunkAddress {
  const [, scheme = '', rest = '', host = '', port, params = ''] =
    /^(sips?):(?:[^@]*@)?((\[[\da-f:.]+\]|[^:;?\s]+)(?::(\d+))?([^?\s]*))$/i.exec(uri) ?? []
  if (host === '') throw new Error(`not a SIP URI: ${uri}`)
  const secure = scheme.toLowerCase() === 'sips'
  const transport = /;transport=(udp|tcp|tls)/i.exec(params)?.[1]?.toLowerCase()
  return {
    scheme: secure ? 'sips' : 'sip',
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? undefined : Number(port),
    transport: secure || transport === 'tls' ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp',
    rest,
  }
}

/** `"Alice Marín" <sip:+34910000001@pbx.example.com>` */
export function nameAddress(
  { number, name }: { readonly number: string; readonly name?: string },
  domain: string,
): string {
  const uri = `<sip:${userPart(number)}@${bracketed(domain)}>`
  const shown = name === undefined ? '' : quotedName(name)
  return shown === '' ? uri : `${shown} ${uri}`
}

const LONGEST_NAME = 80

/** A display name as quoted-string (RFC 3261 25.1): one line, UTF-8, at most 80 characters. */
export function quotedName(name: string): string {
  const clean = name.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  const line = clean
    .slice(0, LONGEST_NAME)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trim()
  return line === '' ? '' : `"${line.replace(/["\\]/g, '\\$&')}"`
}

/** The user part of a URI (RFC 3261 25.1), everything else escaped: `*72#` becomes `*72%23`. */
export function userPart(user: string): string {
  return user
    .toWellFormed()
    .replace(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu, (char) => encodeURIComponent(char))
    .replace(/[?;]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)
