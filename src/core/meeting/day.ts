/** Which appointments are today's, and which one is on. */
import type { Appointment } from './agenda.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** People join before it begins. */
const EARLY = 10 * MINUTE

export const isOver = ({ endsAt }: Pick<Appointment, 'endsAt'>, now: number): boolean => endsAt <= now

/** Whether one would join it now. */
export const isOn = (one: Pick<Appointment, 'startsAt' | 'endsAt'>, now: number): boolean =>
  one.startsAt - EARLY <= now && !isOver(one, now)

/**
 * The day of `now` by the clock of whoever asks.
 * @param offset minutes that their clock is before UTC
 * @param ahead so many days behind it
 */
export function dayOf(
  now: number,
  offset: number,
  ahead = 0,
): { readonly from: number; readonly until: number } {
  const shift = offset * MINUTE
  const from = (Math.floor((now + shift) / DAY) + ahead) * DAY - shift
  return { from, until: from + DAY }
}

/**
 * The minutes before UTC that a local time tells (ISO 8601, `2026-01-05T10:00:00.000+01:00`), as channels send it.
 * @returns undefined where it tells none
 */
export function offsetOf(localTime: string | undefined): number | undefined {
  const [, sign, hours, minutes] = /T[\d:.]{5,24}([+-])(\d\d):?(\d\d)$/.exec(localTime ?? '') ?? []
  if (sign === undefined) return undefined
  const offset = Number(hours) * 60 + Number(minutes)
  return offset > 14 * 60 ? undefined : sign === '-' ? -offset : offset
}
