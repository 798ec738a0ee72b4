import { z } from 'zod'
import type { Calendar } from '../app/ports.ts'
import { appointmentOf } from '../core/meeting/agenda.ts'
import type { Appointment } from '../core/meeting/agenda.ts'
import type { Person } from '../core/party.ts'
import type { Graph } from './graph.ts'
import { numbersOf } from './online-meetings.ts'

const text = z.string().max(300_000).nullish().catch(undefined)
const at = z.object({ dateTime: z.string().max(40), timeZone: z.string().max(60).nullish() })

/** learn.microsoft.com, "event resource type", as far as it was asked for. */
const event = z.object({
  id: z.string().max(1000),
  iCalUId: text,
  subject: text,
  start: at,
  end: at,
  isAllDay: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  sensitivity: text,
  location: z.object({ displayName: text, locationUri: text }).nullish().catch(undefined),
  body: z.object({ content: text }).nullish().catch(undefined),
  onlineMeeting: z
    .object({
      joinUrl: text,
      conferenceId: text,
      tollNumber: text,
      tollFreeNumbers: z.array(z.string().max(100)).max(500).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
})
const page = z.object({ value: z.array(z.unknown()).max(1000), '@odata.nextLink': z.unknown().optional() })

const FIELDS = 'id,iCalUId,subject,start,end,isAllDay,isCancelled,sensitivity,location,body,onlineMeeting'
/** Entries have whole invitations in them. */
const PAGE = 20
const MOST_PAGES = 5

/** Calendars of Microsoft 365, through Microsoft Graph ("List calendarView"): series come as their occurrences. */
export class GraphCalendar implements Calendar {
  readonly #graph: Graph

  constructor(graph: Graph) {
    this.#graph = graph
  }

  has({ aadObjectId }: Person): boolean {
    return aadObjectId !== undefined
  }

  async between(
    { aadObjectId }: Person,
    from: number,
    until: number,
    within: number,
  ): Promise<readonly Appointment[] | 'none' | 'away'> {
    if (aadObjectId === undefined) return 'none'
    const query = `startDateTime=${iso(from)}&endDateTime=${iso(until)}&$select=${FIELDS}&$orderby=start/dateTime&$top=${PAGE}`
    let path: string | undefined = `/users/${encodeURIComponent(aadObjectId)}/calendarView?${query}`
    const end = performance.now() + within
    const found: Appointment[] = []
    for (let pages = 0; path !== undefined && pages < MOST_PAGES; pages += 1) {
      const answered = await this.#graph.get(path, 'Calendars.Read', Math.max(1, end - performance.now()))
      // 404: no mailbox in this tenant.
      if (answered.kind === 'refused' && answered.status === 404) return 'none'
      const read = answered.kind === 'done' ? page.safeParse(answered.body).data : undefined
      if (!read) return 'away'
      found.push(...read.value.flatMap((one) => appointmentIn(one)))
      path = this.#graph.nextPage(read['@odata.nextLink'])
    }
    return found
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

function appointmentIn(value: unknown): readonly Appointment[] {
  const read = event.safeParse(value).data
  if (!read || read.isCancelled || read.isAllDay) return []
  const startsAt = timeOf(read.start)
  const endsAt = timeOf(read.end)
  if (startsAt === undefined || endsAt === undefined) return []
  const { subject, sensitivity, onlineMeeting: online, location, body } = read
  const shown = sensitivity === undefined || sensitivity === null || sensitivity === 'normal'
  const id = (online?.conferenceId ?? '').replace(/\D/g, '')
  const numbers = [
    ...numbersOf(online?.tollFreeNumbers ?? [], true),
    ...numbersOf([online?.tollNumber], false),
  ]
  return [
    appointmentOf({
      uid: `${read.iCalUId ?? read.id}/${startsAt}`,
      ...(subject && shown ? { title: subject.slice(0, 200) } : {}),
      startsAt,
      endsAt,
      text: [online?.joinUrl, location?.displayName, location?.locationUri, body?.content]
        .filter(Boolean)
        .join('\n'),
      known: { ...(id === '' ? {} : { id }), numbers },
    }),
  ]
}

/** Graph tells times without a zone beside their zone, which is UTC where none was asked for. */
function timeOf({ dateTime, timeZone }: z.infer<typeof at>): number | undefined {
  if (timeZone !== undefined && timeZone !== null && timeZone !== 'UTC') return undefined
  const ms = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(dateTime) ? dateTime : `${dateTime}Z`)
  return Number.isNaN(ms) ? undefined : ms
}
