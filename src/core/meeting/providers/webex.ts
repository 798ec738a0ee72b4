import type { Provider } from '../meeting.ts'
import { isInDomain } from '../address.ts'

/** Which meeting an address means is told by its site and a code; the access code stands in the text. */
export const webex: Provider = {
  name: 'webex',
  label: 'Webex',
  read(url) {
    if (!isInDomain(url, ['webex.com'])) return undefined
    const code = url.searchParams.get('MTID')
    if (code !== null && /^\/(?:[\w-]+\/)?j\.php$/.test(url.pathname))
      return { key: `${url.hostname}/${code}` }
    const [, room] = /^\/(?:meet|join)\/([\w.-]{1,80})$/.exec(url.pathname) ?? []
    if (room !== undefined) return { key: `${url.hostname}/${room.toLowerCase()}` }
    const [, long] =
      /^\/(?:wbxmjs\/joinservice|webappng)\/sites\/[\w-]+\/meeting\/(?:download|info)\/([\w-]{16,80})/.exec(
        url.pathname,
      ) ?? []
    return long === undefined ? undefined : { key: `${url.hostname}/${long}` }
  },
  sipDomains: ['webex.com'],
  id: ['access', 'meeting'],
  pin: ['phonePasscode', 'passcode', 'pin'],
  keys: '{id}# # {pin}#',
}
