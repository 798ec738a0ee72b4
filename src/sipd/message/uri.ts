/** The parts of a SIP URI that routing needs (RFC 3261 19.1). `port` is 0 when none is written. */
export type SipUri = {
  readonly scheme: 'sip' | 'sips'
  readonly user: string
  readonly host: string
  readonly port: number
  readonly params: Readonly<Record<string, string>>
  /** What follows the `?`; '' without one. */
  readonly headers: string
}

const SIP_URI = /^(sips?):(?:([^@]*)@)?(\[[0-9a-f:.]+\]|[^:;?[\]]+)(?::(\d{1,5}))?((?:;[^?]*)?)(\?.*)?$/i

/** Parses a sip or sips URI; undefined for anything else. IPv6 hosts lose their brackets. */
export function parseUri(text: string): SipUri | undefined {
  const match = SIP_URI.exec(text)
  const [, scheme, user, host, port, params, headers] = match ?? []
  if (scheme === undefined || host === undefined) return undefined
  const number = port === undefined ? 0 : Number(port)
  if (number > 65535) return undefined
  return {
    scheme: scheme.toLowerCase() === 'sips' ? 'sips' : 'sip',
    user: user ?? '',
    host: host.startsWith('[') ? host.slice(1, -1).toLowerCase() : host.toLowerCase(),
    port: number,
    params: parseParams(params ?? ''),
    headers: headers?.slice(1) ?? '',
  }
}

/** `;a=b;c` → { a: 'b', c: '' }, names in lower case, quotes of values kept. */
export function parseParams(text: string): Record<string, string> {
  const params: Record<string, string> = Object.create(null) as Record<string, string>
  if (text === '') return params
  for (const part of splitOutside(text, ';')) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    if (name !== '') params[name] = equals < 0 ? '' : part.slice(equals + 1).trim()
  }
  return params
}

/** A From, To, Contact, Route or Record-Route value: what stands before the URI, the URI, what follows it. */
export type NameAddr = { readonly display: string; readonly uri: string; readonly params: string }

/**
 * Splits one name-addr or addr-spec (RFC 3261 20.10). Without angle brackets, parameters belong to the
 * header and not to the URI.
 * @returns undefined when brackets or quotes do not close
 */
export function parseNameAddr(value: string): NameAddr | undefined {
  const open = indexOutsideQuotes(value, '<')
  if (open === undefined) return undefined
  if (open < 0) {
    const semicolon = value.indexOf(';')
    const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim()
    return uri === '' || /[\s"]/.test(uri)
      ? undefined
      : { display: '', uri, params: semicolon < 0 ? '' : value.slice(semicolon).trim() }
  }
  const close = value.indexOf('>', open)
  if (close < 0) return undefined
  return {
    display: value.slice(0, open).trim(),
    uri: value.slice(open + 1, close).trim(),
    params: value.slice(close + 1).trim(),
  }
}

/** The tag of a From or To value; undefined when there is none. */
export function tagOf(value: string): string | undefined {
  const close = value.lastIndexOf('>')
  const params = close < 0 ? value : value.slice(close)
  const match = /;\s*tag\s*=\s*([^\s;,]+)/i.exec(params)
  return match?.[1]
}

/** `value` with that tag, in place of the one that it had. */
export function withTag(value: string, tag: string): string {
  const address = value.includes('<') ? value : bracketed(value)
  const close = address.lastIndexOf('>') + 1
  return address.slice(0, close) + address.slice(close).replace(/;\s*tag\s*=\s*[^\s;,]+/i, '') + `;tag=${tag}`
}

/** An addr-spec as name-addr, so that parameters can be told apart (RFC 3261 20). */
export function bracketed(value: string): string {
  if (value.includes('<')) return value
  const semicolon = value.indexOf(';')
  return semicolon < 0
    ? `<${value.trim()}>`
    : `<${value.slice(0, semicolon).trim()}>${value.slice(semicolon)}`
}

/** Splits at commas outside of quotes and angle brackets: the values of a list header. */
export function splitList(value: string): string[] {
  return value.includes(',') ? splitOutside(value, ',') : value === '' ? [] : [value.trim()]
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let quoted = false
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c === '\\') i++
      else if (c === '"') quoted = false
    } else if (c === '"') quoted = true
    else if (c === '<') depth++
    else if (c === '>') depth--
    else if (c === separator && depth <= 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** Index of `wanted` outside of quotes; -1 when absent, undefined when a quote does not close. */
function indexOutsideQuotes(text: string, wanted: string): number | undefined {
  if (!text.includes('"')) return text.indexOf(wanted)
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted && c === '\\') i++
    else if (c === '"') quoted = !quoted
    else if (!quoted && c === wanted) return i
  }
  return quoted ? undefined : -1
}
