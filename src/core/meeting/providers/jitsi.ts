import type { Provider } from '../meeting.ts'
import { isAtHost } from '../address.ts'

export const jitsi: Provider = {
  name: 'jitsi',
  label: 'Jitsi',
  read(url) {
    if (!isAtHost(url, ['meet.jit.si', '8x8.vc', 'moderated.jitsi.net'])) return undefined
    const [, room] = /^\/((?:[\w-]{1,80}\/)?[^/]{3,120})$/.exec(url.pathname) ?? []
    return room === undefined || room.startsWith('static/')
      ? undefined
      : { key: `${url.hostname}/${room.toLowerCase()}` }
  },
  id: ['pin', 'conference', 'meeting'],
  pin: [],
  keys: '{id}#',
}
