import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { inert } from './text.ts'

const known = new Map<string, string>()
const MOST_KNOWN = 5000

/** A number as people read it: `+34 900 100 200`. Extensions, SIP addresses and names stay as they are. */
export function formatted(number: string): string {
  const before = known.get(number)
  if (before !== undefined) return before
  const clean = inert(number)
  const shown = /^\+\d{5,15}$/.test(clean)
    ? (parsePhoneNumberFromString(clean)?.formatInternational() ?? clean)
    : clean
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(number, shown)
  return shown
}

/** Where a diversion leads: its number, where the URI (`tel:`, or `sip:` with a whole number) has one, else the URI. */
export function formattedTarget(uri: string): string {
  const [, tel, sip] = /^(?:tel:([+\d\-.()]+)|sips?:(\+[\d\-.()]+)@)/i.exec(uri) ?? []
  const number = (tel ?? sip)?.replace(/[-.()]/g, '')
  return formatted(number ?? uri)
}
