/** Whose calendar is read where. */
import type { Calendar, Clock } from '../app/ports.ts'
import { Feeds } from '../calendar/feeds.ts'
import type { OpsLog } from '../ops/log.ts'

/** A feed that an administrator has named for somebody; else the calendar of Microsoft 365, where Graph is asked. */
export function calendars(graph: Calendar | undefined, clock: Clock, log: OpsLog): Calendar {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const feeds = new Feeds({ clock, log: log.child({ part: 'calendar' }), zone })
  return {
    has: (person) => feeds.has(person) || graph?.has(person) === true,
    between: (person, from, until, within) => {
      if (feeds.has(person)) return feeds.between(person, from, until, within)
      return graph?.between(person, from, until, within) ?? Promise.resolve('none')
    },
  }
}
