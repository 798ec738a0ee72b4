import { e164 } from '../ids.ts'
import type { Person, PhoneKind, Target } from '../party.ts'
import { dialledDigits, nationalDigits, parseDigits } from './digits.ts'

/** Digits up to this many are never a national number: they stay an extension. */
const LONGEST_SURE_EXTENSION = 5
/** From this many digits on, a number of possible length is one even where no such range is known. */
const SURELY_A_NUMBER = 9

/**
 * What to dial to reach a person (docs/rules.md, "Who is dialled"): the desk phone, the extension only where there is none;
 * the mobile when it is asked for.
 * @param phone the phone that was asked for; undefined is the desk phone, and the mobile where it is the only one
 * @param country whose national numbers the directory has (ISO 3166-1 alpha-2)
 * @returns undefined where the person has no such phone, or it cannot be read
 */
export function targetOf(person: Person, phone: PhoneKind | undefined, country: string): Target | undefined {
  if (phone === 'mobile') return directoryTarget(person.phones.mobile, country)
  const desk = directoryTarget(person.phones.desk ?? person.extension, country)
  return phone === undefined ? (desk ?? directoryTarget(person.phones.mobile, country)) : desk
}

/**
 * Reads a number or extension of the directory: E.164, a national number of the country as it writes them, else an
 * extension as the PBX takes it.
 * @returns undefined for nothing, and for what no PBX takes
 */
export function directoryTarget(text: string | undefined, country: string): Target | undefined {
  if (text === undefined) return undefined
  const digits = dialledDigits(text)
  if (digits !== undefined) return digitsTarget(digits, country)
  // Some PBXs name their extensions. Nothing that RFC 3261 25.1 would have escaped.
  const name = text.trim()
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name) ? { kind: 'extension', extension: name } : undefined
}

/** As `directoryTarget`, for what `dialledDigits` gave. */
export function digitsTarget(digits: string, country: string): Target | undefined {
  const phone = parseDigits(digits, country)
  const extension: Target = { kind: 'extension', extension: digits }
  if (!digits.startsWith('+') && digits.length <= LONGEST_SURE_EXTENSION) return extension
  if (/^(?:\+|00)/.test(digits)) return numberTarget(phone?.number)
  if (phone === undefined) return extension
  const isNumber =
    digits.length >= SURELY_A_NUMBER
      ? phone.isPossible()
      : phone.isValid() && nationalDigits(phone) === digits
  return isNumber ? numberTarget(phone.number) : extension
}

function numberTarget(text: string | undefined): Target | undefined {
  const number = text === undefined ? undefined : e164(text)
  return number && { kind: 'number', number }
}
