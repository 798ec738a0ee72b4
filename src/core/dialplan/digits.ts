import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'

/** Longer than any number that somebody types, with all its separators. */
const LONGEST = 60
/** E.164's 15, an outside prefix and an international prefix. */
const MOST_DIGITS = 20

/**
 * Frees a number of what people put around digits: spaces of any kind, hyphens, dots, slashes, parentheses, the
 * `(0)` of `+44 (0) 20 …`, `tel:` (RFC 3966 5.1.1), and the invisible direction marks that contact lists paste.
 * Digits of other scripts are not read: what is shown, judged and dialled must be the same characters.
 * @returns digits, with `+` before them where it was typed; undefined for anything else, such as letters, control
 *   characters, parameters (`;ext=`), pauses (`,`), star codes, or more than 20 digits
 */
export function dialledDigits(text: string): string | undefined {
  if (text.length > LONGEST) return undefined
  const plain = text
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g, '')
    .replace(/[\u00A0\u2000-\u200A\u202F\u3000]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .trim()
    .replace(/^tel:/i, '')
  if (!/^ *(?:\( *)?\+?[0-9 ().\-/]*$/.test(plain)) return undefined
  const bare = plain.replace(/[ .\-/]/g, '')
  // Only a number in international form has a zero to leave out; elsewhere the parentheses hold the area code.
  const digits = (/^\(?(?:\+|00)/.test(bare) ? bare.replace('(0)', '') : bare).replace(/[()]/g, '')
  return /^\+?\d+$/.test(digits) && digits.length <= MOST_DIGITS ? digits : undefined
}

/**
 * Reads digits as a number of the world. `00` counts as `+` everywhere, beside the country's own international prefix.
 * @param digits as `dialledDigits` gives them
 * @param country whose national numbers are meant (ISO 3166-1 alpha-2)
 */
export function parseDigits(digits: string, country: string): PhoneNumber | undefined {
  const text = digits.startsWith('00') ? `+${digits.slice(2)}` : digits
  return parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false })
}

/** The national number as the country itself dials it, with its leading zero where it has one. */
export function nationalDigits(phone: PhoneNumber): string {
  return phone.formatNational().replace(/\D/g, '')
}

/** Whether a number is the country's, or has its calling code and lies in no known range. */
export function isOf(country: string, phone: PhoneNumber): boolean {
  if (phone.country !== undefined) return phone.country === country
  return isSupportedCountry(country) && getCountryCallingCode(country) === phone.countryCallingCode
}
