/** What a bot without an app id may speak with (docs/rules.md, "Without an app id"): this machine, and nothing else. */

/** True for `localhost`, `127.0.0.0/8` and `::1`, in brackets or not. */
export function isLoopbackName(name: string): boolean {
  const host = name.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (host === 'localhost' || host === '::1') return true
  const octets = /^127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)
  return octets?.slice(1).every((octet) => Number(octet) <= 255) ?? false
}

/** True where the Host header (RFC 9110 7.2) names this machine. A page that rebinds its DNS name to 127.0.0.1 does not. */
export function isLoopbackHost(header: string | undefined): boolean {
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(header ?? '')
  return parts?.[1] !== undefined && isLoopbackName(parts[1])
}

/**
 * True where a request's Origin (RFC 6454) is the bot's own page: a loopback name on the port that the request
 * came to. No Origin at all is no browser, and fine.
 */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  const here = URL.canParse(`http://${host ?? ''}`) ? new URL(`http://${host ?? ''}`) : undefined
  return from.protocol === 'http:' && isLoopbackName(from.hostname) && from.port === here?.port
}

/** True for an `http` or `https` URL on this machine. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return (protocol === 'http:' || protocol === 'https:') && isLoopbackName(hostname)
}
