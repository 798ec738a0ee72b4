import type { PhoneNumber } from 'libphonenumber-js/max'
import { dialledDigits } from './digits.ts'
import { beginsAsEmergency, isEmergency } from './emergency.ts'

/**
 * One entry of `ALLOW_NUMBERS`, which adds to what may be dialled:
 *
 * - `+44*`            numbers that begin so: fixed lines, mobiles, free numbers, and those of internet telephony and
 *                     of companies (VOIP, UAN). Never premium, shared-cost, personal or pager numbers. The entry has
 *                     to hold the whole calling code; `+1*` is the United States and Canada, other countries of that
 *                     code by their own (`+1876*`).
 * - `+441632960001`   this number, of whatever class
 * - `premium`         premium-rate numbers of `COUNTRY`
 * - `sharedCost`      shared-cost numbers of `COUNTRY`
 * - `1004`            this short number (3 to 6 digits), dialled as it stands, without outside prefix
 *
 * Nothing allows an emergency number.
 */
export type Allowance =
  | { readonly kind: 'prefix'; readonly digits: string }
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'type'; readonly type: 'PREMIUM_RATE' | 'SHARED_COST' }
  | { readonly kind: 'short'; readonly digits: string }

const TYPES = { premium: 'PREMIUM_RATE', sharedCost: 'SHARED_COST' } as const
const REACHED_BY_PREFIX: readonly string[] = [
  'FIXED_LINE',
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'TOLL_FREE',
  'VOIP',
  'UAN',
]

/**
 * Reads one entry of `ALLOW_NUMBERS`.
 * @returns undefined for an entry that allows nothing: unreadable, or an emergency number
 */
export function allowance(entry: string, country: string): Allowance | undefined {
  const text = entry.trim()
  if (text === 'premium' || text === 'sharedCost') return { kind: 'type', type: TYPES[text] }
  if (/^\+[1-9]\d{0,14}\*$/.test(text)) return { kind: 'prefix', digits: text.slice(0, -1) }
  const digits = dialledDigits(text)
  if (digits === undefined || isEmergency(digits, country)) return undefined
  if (/^\+[1-9]\d{4,14}$/.test(digits)) return { kind: 'number', digits }
  return /^\d{3,6}$/.test(digits) && !beginsAsEmergency(digits, country)
    ? { kind: 'short', digits }
    : undefined
}

/** Whether an allowance lets this number of the world through. */
export function allowsNumber(allowances: readonly Allowance[], phone: PhoneNumber, country: string): boolean {
  return allowances.some((one) => {
    switch (one.kind) {
      case 'number':
        return one.digits === phone.number
      case 'type':
        return phone.isValid() && phone.country === country && phone.getType() === one.type
      case 'prefix':
        return phone.number.startsWith(one.digits) && isReachedBy(one.digits, phone)
      case 'short':
        return false
    }
  })
}

/** Whether an allowance lets these digits through as they stand. */
export function allowsShort(allowances: readonly Allowance[], digits: string): boolean {
  return allowances.some((one) => one.kind === 'short' && one.digits === digits)
}

function isReachedBy(prefix: string, phone: PhoneNumber): boolean {
  if (!phone.isValid() || !REACHED_BY_PREFIX.includes(phone.getType() ?? '')) return false
  if (prefix.length <= phone.countryCallingCode.length) return false
  // +1 809, 876, 900 … are what toll fraud lives on; nobody who writes +1 thinks of them.
  return prefix !== '+1' || phone.country === 'US' || phone.country === 'CA'
}
