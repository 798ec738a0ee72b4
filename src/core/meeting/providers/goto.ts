import type { Provider } from '../meeting.ts'
import { isAtHost } from '../address.ts'

export const goto: Provider = {
  name: 'goto',
  label: 'GoTo',
  read(url) {
    if (isAtHost(url, ['meet.goto.com', 'gotomeet.me'])) {
      const [, id] = /^\/(\d{9})$/.exec(url.pathname) ?? []
      if (id !== undefined) return { key: id, id }
      const [, room] = /^\/([a-z][\w-]{2,60})$/i.exec(url.pathname) ?? []
      return room === undefined ? undefined : { key: room.toLowerCase() }
    }
    if (
      !isAtHost(url, ['global.gotomeeting.com', 'www.gotomeeting.com', 'app.gotomeeting.com', 'app.goto.com'])
    )
      return undefined
    const [, joined] = /^\/(?:join|meeting|meet)\/(\d{9})$/.exec(url.pathname) ?? []
    const id = joined ?? url.searchParams.get('meetingId') ?? ''
    return /^\d{9}$/.test(id) ? { key: id, id } : undefined
  },
  id: ['access', 'meeting'],
  pin: [],
  keys: '{id}# #',
}
