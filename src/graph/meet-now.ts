import type { Clock } from '../app/ports.ts'
import type { Meeting } from '../core/meeting/meeting.ts'
import { recogniseMeetings } from '../core/meeting/recognise.ts'
import type { Person } from '../core/party.ts'
import type { SoundAlone } from '../core/screen.ts'
import type { OnlineMeetings } from './online-meetings.ts'

/** Milliseconds that a meeting of now is planned for; it may last longer. */
const LENGTH = 60 * 60 * 1000

/** Makes Teams meetings for `meet now`: with video, and a way in by telephone. A host without an account has none. */
export function meetNow(
  meetings: OnlineMeetings,
  clock: Clock,
): (host: Person) => Promise<Meeting | SoundAlone | undefined> {
  return async ({ name, aadObjectId }) => {
    if (aadObjectId === undefined) return undefined
    const from = clock.now()
    const made = await meetings.create(aadObjectId, { subject: name, from, until: from + LENGTH })
    if (!made) return 'notMade'
    const [meeting] = recogniseMeetings(made.link)
    return meeting && made.dialIn ? { ...meeting, title: name, ...made.dialIn } : 'noDialIn'
  }
}
