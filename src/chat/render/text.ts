/** Text of others (names, numbers, what was typed) before it is shown: harmless, one line, not endless. */

const LONGEST = 200

/**
 * Makes text of others inert: no control or direction-changing characters, no `{{DATE(…)}}` of Adaptive Cards.
 * Markdown needs no escaping: cards show such text in TextRuns only, which know none.
 */
export function inert(text: string): string {
  return text
    .slice(0, LONGEST * 4)
    .replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu, ' ')
    .replace(/\{(?=\{)/g, '{\u2060')
    .trim()
    .slice(0, LONGEST)
    .toWellFormed()
}

/** Every string in a value, made inert; numbers and the rest stay. */
export function inertAll<T extends object>(value: T): T {
  const entries = Object.entries(value).map(([key, field]: [string, unknown]) => [key, inertField(field)])
  return Object.fromEntries(entries) as T
}

function inertField(field: unknown): unknown {
  if (typeof field === 'string') return inert(field)
  return Array.isArray(field) ? field.map(inertField) : field
}

export const capitalised = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1)

/** `0:42`, `12:05`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const rest = [Math.floor(whole / 60) % 60, whole % 60]
  const hours = Math.floor(whole / 3600)
  const two = (n: number) => String(n).padStart(2, '0')
  return hours > 0 ? `${hours}:${rest.map(two).join(':')}` : `${rest[0] ?? 0}:${two(rest[1] ?? 0)}`
}

/** Adaptive Cards' own functions: the reader's client writes them in the reader's time zone and language. */
export const clientTime = (ms: number): string => `{{TIME(${iso(ms)})}}`
export const clientDate = (ms: number): string => `{{DATE(${iso(ms)},SHORT)}} {{TIME(${iso(ms)})}}`
/** Where no client writes it: in words for fallbacks and text channels. */
export const plainDate = (ms: number): string => `${iso(ms).slice(0, 16).replace('T', ' ')} UTC`
/** `19:07:01.123` UTC, for the ladder. */
export const preciseTime = (ms: number): string => new Date(ms).toISOString().slice(11, 23)

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
