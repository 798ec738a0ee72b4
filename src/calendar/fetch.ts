import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

export type Fetching = {
  /** Milliseconds for all of it. */
  readonly within: number
  readonly largest: number
  /** That of the text which is known already. */
  readonly mark?: Mark
  /** PEM of an authority that is believed beside the system's. */
  readonly ca?: string
}

/** By what a server knows whether a text has changed (RFC 9110 8.8). */
export type Mark = { readonly etag?: string; readonly modified?: string }
export type Fetched = { readonly text: string; readonly mark: Mark }

const MOST_REDIRECTS = 3
/** Companies reach the world through the proxy of HTTPS_PROXY. */
const agent = new https.Agent({ proxyEnv: process.env })

/**
 * Fetches a text that an administrator has named, by `https:` alone. Where it is that leads elsewhere, only to another
 * address of the internet: nobody who runs that server is to reach into this network (SSRF).
 * @returns `unchanged` where the server says that the text is the one of `mark` (304)
 * @throws with no part of the address, which may be a secret
 */
export async function fetchFeed(
  url: string,
  { within, largest, ca, mark = {} }: Fetching,
): Promise<Fetched | 'unchanged'> {
  const signal = AbortSignal.timeout(within)
  const first = new URL(url)
  let at = first
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    if (at.protocol !== 'https:') throw new Error('it leads to an address that is not https')
    const trusted = at.origin === first.origin
    const request = https.get(at, {
      signal,
      headers: {
        ...{ accept: 'text/calendar', 'user-agent': 'dialback' },
        ...(mark.etag === undefined ? {} : { 'if-none-match': mark.etag }),
        ...(mark.modified === undefined ? {} : { 'if-modified-since': mark.modified }),
      },
      ...(ca === undefined ? {} : { ca }),
      // What an administrator has named may be inside; what that names, not.
      ...(trusted ? { agent } : { agent: false, lookup: await pinned(at.hostname) }),
    })
    const [response] = (await once(request, 'response', { signal })) as [IncomingMessage]
    const { statusCode = 0, headers } = response
    if (statusCode === 200) return { text: await readText(response, largest), mark: markOf(headers) }
    response.destroy()
    if (statusCode === 304 && (mark.etag ?? mark.modified) !== undefined) return 'unchanged'
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined)
      throw new Error(`status ${statusCode}`)
    if (!URL.canParse(headers.location, at.href)) throw new Error('it leads nowhere')
    at = new URL(headers.location, at)
  }
  throw new Error('it leads on and on')
}

function markOf({ etag, 'last-modified': modified }: IncomingMessage['headers']): Mark {
  return { ...(etag === undefined ? {} : { etag }), ...(modified === undefined ? {} : { modified }) }
}

/** Looks a host up once: what was judged is what is connected to, whatever its name server says next. */
async function pinned(hostname: string): Promise<LookupFunction> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  const addresses =
    isIP(bare) === 0 ? await lookup(bare, { all: true }) : [{ address: bare, family: isIP(bare) }]
  const [first] = addresses
  if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
    throw new Error('it leads to an address that is not of the internet')
  return (_, { all }, done) => {
    if (all) done(null, addresses)
    else done(null, first.address, first.family)
  }
}

async function readText(response: IncomingMessage, largest: number): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largest) throw new Error(`it is larger than ${largest} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
