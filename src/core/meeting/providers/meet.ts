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
    const pin = url.searchParams.get('pin')
    if (url.hostname !== 'tel.meet') return { key }
    const page = `https://meet.google.com/${key.slice(0, 3)}-${key.slice(3, 7)}-${key.slice(7)}`
    return { key, page, ...(pin !== null && /^\d{6,16}$/.test(pin) ? { id: pin } : {}) }
  },
  id: ['pin'],
  pin: [],
  keys: '{id}#',
}
