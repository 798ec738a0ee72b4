import type { Provider } from '../meeting.ts'
import { isAtHost } from '../address.ts'

/** Where its meetings are opened, in all of its clouds. */
export const TEAMS_HOSTS = [
  'teams.microsoft.com',
  'teams.cloud.microsoft',
  'teams.live.com',
  'gov.teams.microsoft.us',
  'dod.teams.microsoft.us',
]

/** Long links carry a thread, short ones a number; both hold for the meeting's whole life. */
export const teams: Provider = {
  name: 'teams',
  label: 'Teams',
  read(url) {
    if (!isAtHost(url, TEAMS_HOSTS)) return undefined
    const [, thread] = /^\/(?:_#\/|v2\/)?l\/meetup-join\/([^/]{10,300})(?:\/|$)/.exec(decoded(url)) ?? []
    if (thread !== undefined) return { key: thread.toLowerCase() }
    const [, number] = /^\/(?:v2\/)?meet\/(\d{8,20})$/.exec(url.pathname) ?? []
    return number === undefined ? undefined : { key: number }
  },
  sipDomains: ['t.plcm.vc', 'm.webex.com', 'teams.bjn.vc', 'pexip.me'],
  // The meeting id and passcode of the page are not those of the telephone.
  id: ['conference'],
  pin: ['pin'],
  keys: '{id}#',
}

function decoded({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}
