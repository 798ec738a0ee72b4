import type { Provider } from '../meeting.ts'
import { isAtHost } from '../address.ts'

/** On the telephone the "PIN" of Google Meet is what tells which meeting is meant. */
export const meet: Provider = {
  name: 'meet',
  label: 'Google Meet',
  read(url) {
    if (!isAtHost(url, ['meet.google.com', 'tel.meet'])) return undefined
    const [, code] = /^\/([a-z]{3}-?[a-z]{4}-?[a-z]{3})$/.exec(url.pathname.toLowerCase()) ?? []
    if (code === undefined) return undefined
    const key = code.replaceAll('-', '')
    const pin = url.hostname === 'tel.meet' ? url.searchParams.get('pin') : null
    return { key, ...(pin !== null && /^\d{6,16}$/.test(pin) ? { id: pin } : {}) }
  },
  id: ['pin'],
  pin: [],
  keys: '{id}#',
}
