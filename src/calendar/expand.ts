/** A calendar (RFC 5545) as its entries within a time. Runs in a worker: what the library does is not bounded. */
import ICAL from 'ical.js'
import type { Entry } from '../core/meeting/agenda.ts'
import { WINDOWS_ZONES } from './windows-zones.ts'

/** Occurrences of one series that are looked at before it is given up: a daily one of fifty years. */
const MOST_STEPS = 20_000
const MOST_ENTRIES = 200
const LONGEST_TEXT = 60_000
/** Places where a meeting's link may stand. */
const TOLD = [
  ...['location', 'url', 'conference', 'x-microsoft-skypeteamsmeetingurl', 'x-google-conference'],
  ...['description', 'x-alt-desc'],
]

/**
 * Entries that touch [from, until), in order of time; days and cancelled ones are left out.
 * @param zone IANA name of the clock for times that name no zone
 * @throws where the text is no calendar
 */
export function entriesIn(text: string, from: number, until: number, zone: string): readonly Entry[] {
  if (!/^\s*BEGIN:VCALENDAR\s/i.test(text.slice(0, 200))) throw new TypeError('no calendar')
  const zones = new Map(
    blocks(text, 'VTIMEZONE').map((component) => {
      const described = new ICAL.Timezone(component)
      return [described.tzid, described] as const
    }),
  )
  const ms = (time: Time) => unixOf(time, zones, zone)
  const found: Entry[] = []
  for (const event of eventsIn(blocks(text, 'VEVENT', (block) => mayTouch(block, from, until)))) {
    try {
      found.push(...occurrences(event, from, until, ms))
    } catch {
      // One entry that is broken takes no other away.
    }
  }
  return found.sort((a, b) => a.startsAt - b.startsAt).slice(0, MOST_ENTRIES)
}

type Component = InstanceType<typeof ICAL.Component>

/** The components of a name, each read by itself: the library gives up a whole file for one line. */
function blocks(
  text: string,
  name: string,
  wanted: (block: string) => boolean = () => true,
): readonly Component[] {
  const found: Component[] = []
  const begins = new RegExp(`^BEGIN:${name}[ \t]*$`, 'gim')
  const ends = new RegExp(`^END:${name}[ \t]*$`, 'gim')
  for (const { index } of text.matchAll(begins)) {
    ends.lastIndex = index
    const end = ends.exec(text)
    if (!end) break
    const block = text.slice(index, end.index + end[0].length)
    if (!wanted(block)) continue
    try {
      found.push(new ICAL.Component(ICAL.parse(block) as unknown[]))
    } catch {
      // One that is broken takes no other away.
    }
  }
  return found
}

/** A feed has years of single entries: those of other days need not be read at all. */
function mayTouch(block: string, from: number, until: number): boolean {
  if (/^(?:RRULE|RDATE|RECURRENCE-ID)\b/im.test(block)) return true
  const [, year, month, day] = /^DTSTART[^:\n]{0,200}:(\d{4})(\d\d)(\d\d)/im.exec(block) ?? []
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day))
  return Number.isNaN(start) || (start > from - 3 * DAY && start < until + 3 * DAY)
}

type Time = InstanceType<typeof ICAL.Time>
type Series = InstanceType<typeof ICAL.Event>
/** The library's own type of it is lost on the way. */
type Occurrence = { readonly item: Series; readonly startDate: Time; readonly endDate: Time }

/** Series with the occurrences that differ; those whose series is not in the calendar stand for themselves. */
function eventsIn(components: readonly Component[]): readonly Series[] {
  const uidOf = (one: Component) => String(one.getFirstPropertyValue('uid') ?? '')
  const series = new Map<string, Series>()
  const alone: Series[] = []
  const exceptions: Component[] = []
  for (const component of components) {
    if (component.hasProperty('recurrence-id')) exceptions.push(component)
    else series.set(uidOf(component), new ICAL.Event(component, { exceptions: [] }))
  }
  for (const exception of exceptions) {
    const whole = series.get(uidOf(exception))
    if (whole) whole.relateException(exception)
    else alone.push(new ICAL.Event(exception, { exceptions: [] }))
  }
  return [...series.values(), ...alone]
}

function* occurrences(
  event: Series,
  from: number,
  until: number,
  ms: (time: Time) => number,
): Generator<Entry> {
  if (!event.isRecurring()) {
    const entry = entryOf(event, event.startDate, event.endDate, ms)
    if (entry && touches(entry, from, until)) yield entry
    return
  }
  const iterator = event.iterator()
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = iterator.next() as Time | undefined
    // By the clock of its own zone, wherever that is; and one that was moved may begin before its place in the series.
    const shown = next && onClock(next)
    if (next === undefined || shown === undefined || shown >= until + 2 * DAY) return
    if (shown < from - 2 * DAY) continue
    const { item, startDate, endDate } = event.getOccurrenceDetails(next) as Occurrence
    const entry = entryOf(item, startDate, endDate, ms)
    if (entry && touches(entry, from, until)) yield entry
  }
}

const DAY = 24 * 60 * 60 * 1000

const touches = ({ startsAt, endsAt }: Entry, from: number, until: number) =>
  startsAt < until && Math.max(endsAt, startsAt + 1) > from

function entryOf(event: Series, start: Time, end: Time, ms: (time: Time) => number): Entry | undefined {
  const { component } = event
  const value = (name: string) => String(component.getFirstPropertyValue(name) ?? '')
  if (start.isDate || value('status').toUpperCase() === 'CANCELLED') return undefined
  const shown = value('class') === '' || value('class').toUpperCase() === 'PUBLIC'
  const title = value('summary').trim().slice(0, 200)
  const startsAt = ms(start)
  return {
    uid: `${event.uid}/${startsAt}`,
    ...(title !== '' && shown ? { title } : {}),
    startsAt,
    endsAt: ms(end),
    text: TOLD.map(value).join('\n').slice(0, LONGEST_TEXT),
  }
}

/** By the calendar's own description of the zone, else by the zone that the name is known for, else by `zone`. */
function unixOf(time: Time, zones: ReadonlyMap<string, unknown>, zone: string): number {
  const id = time.zone.tzid
  if (id === 'UTC' || id === 'Z' || zones.has(id)) return time.toUnixTime() * 1000
  // A zone that is not described is kept by the time as a parameter alone.
  const named = (time as unknown as { readonly timezone?: string }).timezone
  return inZone(onClock(time), known(named) ?? zone)
}

/** What a clock shows at that time, as though it were one in UTC. */
const onClock = ({ year, month, day, hour, minute, second }: Time): number =>
  Date.UTC(year, month - 1, day, hour, minute, second)

function known(zone: string | undefined): string | undefined {
  if (zone === undefined || zone === 'floating') return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: WINDOWS_ZONES[zone] ?? zone }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** What clocks of a zone show as `local`, as a time; where it is shown twice or never, near to it. */
function inZone(local: number, zone: string): number {
  const guess = local - offsetAt(local, zone)
  return local - offsetAt(guess, zone)
}

function offsetAt(ms: number, timeZone: string): number {
  const options = { timeZone, timeZoneName: 'longOffset' } as const
  const name = new Intl.DateTimeFormat('en', options)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? []
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -size : size
}
