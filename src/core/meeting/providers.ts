import type { Provider, ProviderName } from './meeting.ts'
import { bigbluebutton } from './providers/bigbluebutton.ts'
import { conference, phone, sip } from './providers/bridge.ts'
import { goto } from './providers/goto.ts'
import { jitsi } from './providers/jitsi.ts'
import { meet } from './providers/meet.ts'
import { teams } from './providers/teams.ts'
import { webex } from './providers/webex.ts'
import { zoom } from './providers/zoom.ts'

/** Whose meetings are known. Those that are known by their host come before the one that is known by a path. */
export const providers: readonly Provider[] = [
  teams,
  zoom,
  webex,
  meet,
  goto,
  jitsi,
  bigbluebutton,
  sip,
  phone,
  conference,
]

const byName = new Map(providers.map((provider) => [provider.name, provider]))

/** Whether people know it by a name: a bridge alone has none. */
export const isNamed = (name: ProviderName): boolean =>
  name !== 'phone' && name !== 'conference' && name !== 'sip'

export function providerOf(name: ProviderName): Provider {
  const provider = byName.get(name)
  if (!provider) throw new Error(`no provider is called ${name}`)
  return provider
}
