/** One entry of a calendar (RFC 5545) as somebody attaches it. Recurrence is not expanded: the text is what counts. */

export const isCalendar = (text: string): boolean => /^\s{0,100}BEGIN:VCALENDAR\b/i.test(text)

/** An entry with everything in it is far below this. */
const LONGEST = 200_000

export type CalendarEntry = {
  readonly title?: string
  /** Milliseconds since 1970; only where the time is told in UTC, since zones have names of their own. */
  readonly startsAt?: number
  /** What a person would read of it. */
  readonly text: string
}

/** Reads the first event of a calendar. Never throws: what cannot be read is left out. */
export function readCalendar(text: string): CalendarEntry {
  // RFC 5545 3.1: a long line goes on behind a line break and a blank.
  const lines = text
    .slice(0, LONGEST)
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT\b/i.test(line))
  const end = lines.findIndex((line, at) => at > begin && /^(?:END:VEVENT|BEGIN:VALARM)\b/i.test(line))
  const event = lines.slice(Math.max(0, begin), end === -1 ? undefined : end)
  const title = valueOf(event, 'SUMMARY')
  const startsAt = timeOf(valueOf(event, 'DTSTART'))
  const told = [
    'DESCRIPTION',
    'LOCATION',
    'URL',
    'CONFERENCE',
    'X-MICROSOFT-SKYPETEAMSMEETINGURL',
    'X-GOOGLE-CONFERENCE',
    'X-ALT-DESC',
  ]
  return {
    ...(title === undefined ? {} : { title: title.slice(0, 200) }),
    ...(startsAt === undefined ? {} : { startsAt }),
    text: told.map((name) => valueOf(event, name) ?? '').join('\n'),
  }
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  const start = new RegExp(String.raw`^${name}(?:;(?:[^":\n]|"[^"\n]*"){0,2000})?:`, 'i')
  const line = lines.find((one) => start.test(one))
  if (line === undefined) return undefined
  const value = line
    .replace(start, '')
    .replace(/\\([\\;,nN])/g, (_, mark: string) => (/n/i.test(mark) ? '\n' : mark))
  return value.trim() === '' ? undefined : value.trim()
}

function timeOf(value: string | undefined): number | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value ?? '') ?? []
  return y === undefined
    ? undefined
    : Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
}
