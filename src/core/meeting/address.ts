/** Addresses of the web as they stand in texts. Nothing here is ever fetched. */

/** Wrappers of mail scanners and chats: where in them the address stands that a person meant. */
const WRAPPERS: readonly { readonly domain: string; readonly read: (url: URL) => string | null }[] = [
  { domain: 'safelinks.protection.outlook.com', read: (url) => url.searchParams.get('url') },
  { domain: 'safelinks.protection.office365.us', read: (url) => url.searchParams.get('url') },
  { domain: 'statics.teams.cdn.office.net', read: (url) => url.searchParams.get('url') },
  {
    domain: 'google.com',
    read: (url) =>
      url.pathname === '/url' ? (url.searchParams.get('q') ?? url.searchParams.get('url')) : null,
  },
  {
    domain: 'urldefense.com',
    read: (url) =>
      /^\/v3\/__(https:\/\/?.+?)__;/
        .exec(url.href.slice(url.origin.length))?.[1]
        ?.replace(/^https:\/(?!\/)/, 'https://') ?? null,
  },
]
/** A wrapper in a wrapper in a wrapper is nobody's forwarded mail. */
const MOST_WRAPPERS = 3
const LONGEST = 4000

/**
 * Reads an address as somebody pasted it, out of the wrappers that mail puts around it.
 * @returns undefined for what is no `https:` address, or hides its host behind a user name
 */
export function meetingAddress(text: string): URL | undefined {
  let url = parsed(text)
  for (let depth = 0; url && depth < MOST_WRAPPERS; depth++) {
    const inside = wrappedIn(url)
    if (inside === null) return url
    url = parsed(inside)
  }
  return url && wrappedIn(url) === null ? url : undefined
}

/**
 * The host of a link that is no meeting's, as a browser would go there: letters that only look like others show as what
 * they are.
 * @returns '' for what leads to no host (`javascript:`, `file:`), undefined where there is no link
 */
export function strangeHost(text: string): string | undefined {
  const found = STRANGE.exec(text)?.[0]
  if (found === undefined) return undefined
  const link = /^[a-z][a-z0-9+-]*:/i.test(found) ? found : `https://${found}`
  return URL.canParse(link) ? new URL(link).hostname : ''
}

/** A number and an address of a phone are no links. */
const STRANGE =
  /(?<!\S)(?!(?:tel|sips?):)(?:[a-z][a-z0-9+-]{1,20}:(?=\S)|(?:[\p{L}\d][\p{L}\d-]{0,62}\.){1,5}\p{L}{2,8}\/)\S{0,200}/iu

/** Whether it is at one of these hosts, exactly. */
export function isAtHost({ hostname }: URL, hosts: readonly string[]): boolean {
  return hosts.includes(hostname)
}

/** Whether it is at one of these domains, or below one. */
export function isInDomain({ hostname }: { readonly hostname: string }, domains: readonly string[]): boolean {
  return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}

function wrappedIn(url: URL): string | null {
  const wrapper = WRAPPERS.find(({ domain }) => isInDomain(url, [domain]))
  return wrapper?.read(url) ?? null
}

function parsed(text: string): URL | undefined {
  if (text.length > LONGEST || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return undefined
  // Old invitations say http; every provider answers by https.
  if (url.protocol === 'http:') url.protocol = 'https:'
  return url.protocol === 'https:' && url.port === '' ? url : undefined
}
