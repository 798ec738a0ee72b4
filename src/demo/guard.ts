import type { IncomingMessage } from 'node:http'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i

/**
 * Why a request is not served, or undefined. The demo is for this machine alone: `Host` must be a loopback
 * name, so that no foreign name can be pointed here, and a page of another origin may not speak to it.
 */
export function refusal(req: IncomingMessage): string | undefined {
  const { host, origin } = req.headers
  if (host === undefined || !LOOPBACK.test(host)) return 'The demo answers on this machine only.'
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    return 'Another web page may not speak to the demo.'
  return undefined
}
