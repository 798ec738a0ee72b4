/**
 * A tenant of Microsoft 365 behind the local Microsoft Graph: who has which meetings and appointments, and what the
 * application may ask for. Answers as learn.microsoft.com documents "Get onlineMeeting", "Create onlineMeeting" and
 * "List calendarView".
 */
import { randomUUID } from 'node:crypto'
import { joinUrlOf, MEETING, NO_POLICY } from './graph.ts'
import type { Asked, Reply } from './graph.ts'

/** An entry of a calendar; times in milliseconds since 1970. */
export type Event = {
  readonly subject: string
  readonly from: number
  readonly until: number
  readonly joinUrl?: string
}
export type Permission = 'OnlineMeetings.Read.All' | 'OnlineMeetings.ReadWrite.All' | 'Calendars.Read'

export class FakeTenant {
  /** Whom a token has to be of, so that anything is answered. @throws where it is not to be believed */
  believes: (authorization: string | undefined) => unknown = () => undefined
  /** Granted, with admin consent. */
  readonly permissions = new Set<Permission>(['OnlineMeetings.ReadWrite.All', 'Calendars.Read'])
  /** Users whose meetings no application access policy opens. */
  readonly closed = new Set<string>()
  /** By organiser. */
  readonly meetings = new Map<string, object[]>()
  /** By owner. */
  readonly events = new Map<string, readonly Event[]>()
  /** Telephone access of meetings that are made. */
  readonly audio: object
  readonly #url: () => string

  /** @param url of the service, for the links to further pages */
  constructor(url: () => string, audio: object) {
    this.#url = url
    this.audio = audio
  }

  /** A meeting that stands. @returns its link */
  has(organiser: string, audioConferencing: object | null = this.audio): string {
    return this.#keep(organiser, audioConferencing).joinWebUrl
  }

  readonly answer = (asked: Asked): Reply => {
    try {
      this.believes(asked.authorization)
    } catch {
      return fault(401, 'InvalidAuthenticationToken', 'Access token validation failure.')
    }
    const [, user = '', what] =
      /^\/v1\.0\/users\/([^/]+)\/(onlineMeetings|calendarView)$/.exec(asked.path) ?? []
    if (what === 'calendarView' && asked.method === 'GET') return this.#view(user, asked)
    if (what === 'onlineMeetings' && asked.method === 'GET') return this.#find(user, asked)
    if (what === 'onlineMeetings' && asked.method === 'POST') return this.#make(user, asked)
    return fault(404, 'ResourceNotFound', 'Resource could not be discovered.')
  }

  #find(user: string, { query }: Asked): Reply {
    if (!this.#may('OnlineMeetings.Read.All', 'OnlineMeetings.ReadWrite.All')) return forbidden
    if (this.closed.has(user)) return { status: 403, body: NO_POLICY }
    const filter = /^(JoinWebUrl|joinMeetingIdSettings\/joinMeetingId) eq '((?:[^']|'')*)'$/
    const [, by, value] = filter.exec(query.get('$filter') ?? '') ?? []
    if (by === undefined) return fault(400, 'BadRequest', 'A filter is needed.')
    const read = (one: object) => one as typeof MEETING
    const found = (this.meetings.get(user) ?? []).filter((one) =>
      by === 'JoinWebUrl'
        ? read(one).joinWebUrl === value
        : read(one).joinMeetingIdSettings.joinMeetingId === value,
    )
    return { body: { '@odata.context': `${this.#url()}/$metadata#onlineMeetings`, value: found } }
  }

  #make(user: string, { body }: Asked): Reply {
    if (!this.#may('OnlineMeetings.ReadWrite.All')) return forbidden
    if (this.closed.has(user)) return { status: 403, body: NO_POLICY }
    return { status: 201, body: { ...this.#keep(user, this.audio), ...(body as object) } }
  }

  #view(user: string, { path, query }: Asked): Reply {
    if (!this.#may('Calendars.Read')) return fault(403, 'ErrorAccessDenied', 'Access is denied.')
    const [from, until] = ['startDateTime', 'endDateTime'].map((name) => Date.parse(query.get(name) ?? ''))
    if (from === undefined || until === undefined || Number.isNaN(from + until))
      return fault(400, 'ErrorInvalidParameter', 'startDateTime and endDateTime are needed.')
    const all = (this.events.get(user) ?? []).filter((one) => one.from < until && one.until > from)
    const [top, skip] = [Number(query.get('$top') ?? 10), Number(query.get('$skip') ?? 0)]
    const more = new URLSearchParams([...query, ['$skip', String(skip + top)]])
    const next = { '@odata.nextLink': `${this.#url()}${path.replace('/v1.0', '')}?${String(more)}` }
    return {
      body: {
        value: all.slice(skip, skip + top).map((one) => eventOf(one)),
        ...(all.length > skip + top ? next : {}),
      },
    }
  }

  #keep(organiser: string, audioConferencing: object | null) {
    const thread = `19:meeting_${randomUUID().replaceAll('-', '')}@thread.v2`
    const made = { ...MEETING, audioConferencing, joinWebUrl: joinUrlOf(thread, organiser) }
    this.meetings.set(organiser, [...(this.meetings.get(organiser) ?? []), made])
    return made
  }

  #may(...one: readonly Permission[]): boolean {
    return one.some((permission) => this.permissions.has(permission))
  }
}

const fault = (status: number, code: string, message: string): Reply => ({
  status,
  body: { error: { code, message, innerError: { 'request-id': randomUUID() } } },
})
const forbidden = fault(403, 'Forbidden', 'Missing role permissions on the request.')

/** "event resource type", with times in UTC as they are told where no other zone is preferred. */
function eventOf({ subject, from, until, joinUrl }: Event) {
  const at = (ms: number) => ({
    dateTime: new Date(ms).toISOString().replace('Z', '0000'),
    timeZone: 'UTC',
  })
  return {
    ...{ id: `AAMk${subject}`, iCalUId: `0400${subject}`, subject, start: at(from), end: at(until) },
    ...{ isAllDay: false, isCancelled: false, sensitivity: 'normal', location: { displayName: '' } },
    body: { contentType: 'html', content: '<html><body></body></html>' },
    onlineMeeting: joinUrl === undefined ? null : { joinUrl },
  }
}
