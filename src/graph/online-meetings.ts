import { z } from 'zod'
import type { DialIns, DialInTold } from '../app/ports.ts'
import type { BridgeNumber } from '../core/meeting/meeting.ts'
import { readTeamsLink } from '../core/meeting/teams-link.ts'
import type { TeamsLink } from '../core/meeting/teams-link.ts'
import type { DialIn } from '../core/meeting/way-in.ts'
import type { Graph } from './graph.ts'

const text = z.string().max(4000).nullish().catch(undefined)
const texts = z.array(z.string().max(100)).max(500).nullish().catch(undefined)

/** learn.microsoft.com, "audioConferencing resource type"; the examples there write its id with a capital, too. */
const audioConferencing = z
  .object({
    conferenceId: text,
    ConferenceId: text,
    tollNumber: text,
    tollFreeNumber: text,
    tollNumbers: texts,
    tollFreeNumbers: texts,
  })
  .nullish()
  .catch(undefined)
const onlineMeeting = z.object({ joinWebUrl: text, subject: text, audioConferencing })
const found = z.object({ value: z.array(z.unknown()).max(50) })

/** A meeting that was made. */
export type MadeMeeting = { readonly link: string; readonly dialIn?: DialIn }

/** Milliseconds in which a meeting is made. */
const MAKING = 8000

/** Teams meetings of one tenant, through Microsoft Graph ("Get onlineMeeting", "Create onlineMeeting"). */
export class OnlineMeetings implements DialIns {
  readonly #graph: Graph
  readonly #tenant: string

  /** @param tenant only meetings of its people are asked for */
  constructor(graph: Graph, tenant: string) {
    this.#graph = graph
    this.#tenant = tenant.toLowerCase()
  }

  /** The organiser's, whom a long link names; then those of whoever wants in. */
  whose(link: string, asker: string | undefined): readonly string[] {
    const read = this.#read(link)
    if (!read) return []
    const all = [...(read.kind === 'long' ? [read.organiser] : []), asker?.toLowerCase()]
    return [...new Set(all.filter((one) => one !== undefined))]
  }

  /** Of the link nothing but what was read of it goes into the question, as a value; it is never fetched. */
  async dialIn(link: string, user: string, within: number): Promise<DialInTold> {
    const read = this.#read(link)
    if (!read) return 'none'
    const filter =
      read.kind === 'long'
        ? `JoinWebUrl eq ${quoted(read.joinUrl)}`
        : `joinMeetingIdSettings/joinMeetingId eq ${quoted(read.number)}`
    const path = `/users/${encodeURIComponent(user)}/onlineMeetings?$filter=${encodeURIComponent(filter)}`
    const answered = await this.#graph.get(path, 'OnlineMeetings.Read.All', within)
    if (answered.kind === 'away') return 'away'
    if (answered.kind === 'refused')
      return answered.status === 401 || answered.status === 403 ? 'refused' : 'none'
    const meetings = found.safeParse(answered.body).data?.value ?? []
    return meetings.map((one) => dialInOf(one)).find((told) => told !== undefined) ?? 'none'
  }

  /**
   * Makes a meeting of this user's, from now on. It stands in nobody's calendar.
   * @param user object id in Entra ID
   * @returns undefined where none could be made; the operator has been told why
   */
  async create(
    user: string,
    { subject, from, until }: { readonly subject: string; readonly from: number; readonly until: number },
  ): Promise<MadeMeeting | undefined> {
    const body = {
      subject,
      startDateTime: new Date(from).toISOString(),
      endDateTime: new Date(until).toISOString(),
    }
    const path = `/users/${encodeURIComponent(user)}/onlineMeetings`
    const answered = await this.#graph.post(path, 'OnlineMeetings.ReadWrite.All', body, MAKING)
    if (answered.kind !== 'done') return undefined
    const link = onlineMeeting.safeParse(answered.body).data?.joinWebUrl
    if (!link?.startsWith('https://')) return undefined
    const dialIn = dialInOf(answered.body)
    return { link, ...(dialIn ? { dialIn } : {}) }
  }

  /** A link of Teams, of this tenant as far as it tells. */
  #read(link: string): TeamsLink | undefined {
    const read = readTeamsLink(link)
    return read?.kind === 'long' && read.tenant !== this.#tenant ? undefined : read
  }
}

/** OData: a quotation mark within a string is written twice. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

function dialInOf(meeting: unknown): DialIn | undefined {
  const audio = onlineMeeting.safeParse(meeting).data?.audioConferencing
  const id = (audio?.conferenceId ?? audio?.ConferenceId ?? '').replace(/\D/g, '')
  if (!audio || id === '') return undefined
  const numbers = [
    ...numbersOf([audio.tollFreeNumber, ...(audio.tollFreeNumbers ?? [])], true),
    ...numbersOf([audio.tollNumber, ...(audio.tollNumbers ?? [])], false),
  ]
  return numbers.length > 0 ? { id, numbers } : undefined
}

/** Numbers as Graph tells them, once each; what is no number is left out. */
export function numbersOf(
  given: readonly (string | null | undefined)[],
  tollFree: boolean,
): readonly BridgeNumber[] {
  const fit = given.filter(
    (one): one is string => typeof one === 'string' && /^\+?[\d ().-]{5,30}$/.test(one),
  )
  return [...new Set(fit)].map((number) => ({ number, tollFree }))
}
