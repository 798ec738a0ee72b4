import type { Provider } from '../meeting.ts'
import { isInDomain } from '../address.ts'

/** A personal link (`/my/name`) tells no number: its meeting has to be found in the text. */
export const zoom: Provider = {
  name: 'zoom',
  label: 'Zoom',
  read(url) {
    if (!isInDomain(url, ['zoom.us', 'zoom.com', 'zoomgov.com'])) return undefined
    const [, id] = /^\/(?:j|w|s|wc\/join|wc)\/(\d{9,11})(?:\/(?:join|start))?$/.exec(url.pathname) ?? []
    if (id !== undefined) return { key: id, id }
    const [, name] = /^\/my\/([\w.-]{1,60})$/.exec(url.pathname) ?? []
    return name === undefined ? undefined : { key: `my/${name.toLowerCase()}` }
  },
  sipDomains: ['zoomcrc.com'],
  id: ['meeting'],
  pin: ['phonePasscode', 'passcode', 'access', 'pin'],
  keys: '{id}# *{pin}#|#',
}
