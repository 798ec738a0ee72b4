import type { Calendar, Clock, Log } from '../app/ports.ts'
import { appointmentOf } from '../core/meeting/agenda.ts'
import type { Appointment, Entry } from '../core/meeting/agenda.ts'
import type { Person } from '../core/party.ts'
import { fetchFeed } from './fetch.ts'
import type { Mark } from './fetch.ts'
import { readCalendarFeed } from './read.ts'

export type FeedsDeps = {
  readonly clock: Clock
  readonly log: Log
  /** IANA name of the clock for times that name no zone. */
  readonly zone: string
  readonly ca?: string
}

const MINUTE = 60_000
/** Calendars are asked for again after so long; those that could not be read, a little sooner. */
const FRESH = 5 * MINUTE
const FAILED = MINUTE
/** So long what was read holds, where its server is away or says that nothing has changed: it reaches some days ahead. */
const KEPT = 12 * 60 * MINUTE
const LARGEST = 10_000_000
const MOST_FEEDS = 2000
/** What is read of a calendar at once, around now: today, wherever it is today. */
const BEFORE = 36 * 60 * MINUTE
const BEHIND = 60 * 60 * MINUTE

type Reading = {
  readonly at: number
  readonly entries: Promise<readonly Entry[] | undefined>
  readonly good: boolean
}
/** The last whole reading of a feed. */
type Kept = { readonly at: number; readonly mark: Mark; readonly entries: readonly Entry[] }

/** Calendars that an administrator has named for people by an address (`calendar` of `PEOPLE_FILE`). */
export class Feeds implements Calendar {
  readonly #deps: FeedsDeps
  readonly #readings = new Map<string, Reading>()
  readonly #kept = new Map<string, Kept>()

  constructor(deps: FeedsDeps) {
    this.#deps = deps
  }

  has({ calendar }: Person): boolean {
    return calendar !== undefined
  }

  async between(
    { calendar, name }: Person,
    from: number,
    until: number,
    within: number,
  ): Promise<readonly Appointment[] | 'none' | 'away'> {
    if (calendar === undefined) return 'none'
    const entries = await this.#read(calendar, name, within)
    if (!entries) return 'away'
    return entries
      .filter(({ startsAt, endsAt }) => startsAt < until && endsAt > from)
      .map((entry) => appointmentOf(entry))
  }

  #read(url: string, whose: string, within: number): Promise<readonly Entry[] | undefined> {
    const now = this.#deps.clock.now()
    const before = this.#readings.get(url)
    if (before && now - before.at < (before.good ? FRESH : FAILED)) return before.entries
    const entries = this.#fetch(url, whose, now, within)
    this.#readings.delete(url)
    this.#readings.set(url, { at: now, entries, good: true })
    const [oldest] = this.#readings.keys()
    if (this.#readings.size > MOST_FEEDS && oldest !== undefined) {
      this.#readings.delete(oldest)
      this.#kept.delete(oldest)
    }
    return entries
  }

  async #fetch(url: string, whose: string, now: number, within: number) {
    const { log, zone, ca } = this.#deps
    const last = this.#kept.get(url)
    const kept = last && now - last.at < KEPT ? last : undefined
    try {
      const fetched = await fetchFeed(url, {
        ...{ within, largest: LARGEST },
        ...(ca === undefined ? {} : { ca }),
        ...(kept ? { mark: kept.mark } : {}),
      })
      if (fetched === 'unchanged') return kept?.entries
      const { text, mark } = fetched
      const entries = await readCalendarFeed({ text, from: now - BEFORE, until: now + BEHIND, zone })
      this.#kept.set(url, { at: now, mark, entries })
      return entries
    } catch (err) {
      const reading = this.#readings.get(url)
      if (reading) this.#readings.set(url, { ...reading, good: false })
      // The address may be its own key: whose it is tells enough.
      const remedy = 'Check `calendar` of this person in PEOPLE_FILE: an https address of an .ics file.'
      log.warn(
        { code: 'CALENDAR_AWAY', person: whose, err: wordsOf(err), remedy },
        'a calendar cannot be read',
      )
      return kept?.entries
    }
  }
}

/** Without the address that an error of the network may name. */
function wordsOf(err: unknown): string {
  const { code, message } = err as NodeJS.ErrnoException
  return code ?? (/https?:/.test(message) ? 'it cannot be fetched' : message)
}
