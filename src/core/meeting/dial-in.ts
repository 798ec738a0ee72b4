/** What is passed on of a meeting that the bot has made, so that others come in by telephone. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Meeting } from './meeting.ts'
import { byNearness, filled } from './way-in.ts'
import type { Bridges } from './way-in.ts'

/** As people read it. Its PIN is no part of it: this stands on shared cards. */
export type DialInShown = {
  readonly number: string
  /** What is keyed there, where the number alone does not tell the meeting. */
  readonly id?: string
}

/**
 * The telephone access of a meeting that the bot has made.
 * @param country ISO 3166-1 alpha-2: whose numbers are near
 * @returns undefined for meetings of others, whose invitation tells it, and where there is none
 */
export function dialInOf(
  { made, provider, id, numbers }: Meeting,
  country: string,
  bridges: Bridges,
): DialInShown | undefined {
  if (made === undefined) return undefined
  const withId = id === undefined ? {} : { id: grouped(id) }
  const [nearest] = byNearness(numbers, country)
  if (nearest) return { number: written(nearest.number, country), ...withId }
  const { dial = '', keys = '', number } = bridges[provider] ?? {}
  // People outside come by the number of all meetings, and key which one they want.
  if (number !== undefined) {
    const isAsked = dial.includes('{id}') || keys.includes('{id}')
    return { number: written(number, country), ...(isAsked ? withId : {}) }
  }
  const own = filled(dial, id)
  if (own === undefined || own === '') return undefined
  return { number: written(own, country), ...(keys.includes('{id}') ? withId : {}) }
}

/** Whether this meeting's bridge asks for the PIN that the bot has made. */
export function asksForPin({ provider, pin }: Meeting, bridges: Bridges): boolean {
  return pin !== undefined && bridges[provider]?.keys?.includes('{pin}') === true
}

/** `+34 910 48 00 00` where it is one of the world's numbers, else as it stands. */
function written(number: string, country: string): string {
  const phone = /^\+?[\d ().-]+$/.test(number)
    ? parsePhoneNumberFromString(number, country as 'ES')
    : undefined
  return phone?.isValid() === true ? phone.formatInternational() : number
}

/** In threes, as people read digits to each other. */
const grouped = (id: string): string => id.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ' ')
