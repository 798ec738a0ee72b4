import libphonenumber from 'google-libphonenumber'
import { dialledDigits } from './digits.ts'

const short = libphonenumber.ShortNumberInfo.getInstance()
const numbers = libphonenumber.PhoneNumberUtil.getInstance()

/** The library answers no for a region that it does not know. */
type Region = Parameters<typeof short.isEmergencyNumber>[1]

/** Mobile networks and most telephones take these two for emergency calls in every country (3GPP TS 22.101 10.1). */
const EVERYWHERE: readonly string[] = ['112', '911']

/** Police, fire, ambulance and sea rescue that google-libphonenumber lists as ordinary short numbers. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  AR: ['103', '105', '106', '108'],
  AT: ['140'],
  BR: ['191', '199'],
  CH: ['1414', '1415'],
  CN: ['122'],
  ES: ['061', '062', '080', '091', '092'],
  FR: ['114', '115', '119', '191', '196', '197'],
  IT: ['117', '1515', '1530'],
  JP: ['118'],
  PT: ['117'],
}

/**
 * Whether exactly these digits call for help in the country: `112`, `091`, `+34 112`, `00112`. Longer digits that
 * merely begin so, as the extension 1121 does, are not meant.
 * @param country ISO 3166-1 alpha-2
 */
export function isEmergency(number: string, country: string): boolean {
  const digits = dialledDigits(number)
  return digits !== undefined && bareForms(digits, country).some((form) => isEmergencyDigits(form, country))
}

/** Whether an exchange that acts on the first digits could take these for a call for help. `+` is none of them. */
export function beginsAsEmergency(digits: string, country: string): boolean {
  return (
    isEmergencyDigits(digits, country) ||
    (digits !== '' && short.connectsToEmergencyNumber(digits, country as Region))
  )
}

/** Whether these digits are a short number of the country: a service, a carrier, directory enquiries. */
export function isShortNumber(digits: string, country: string): boolean {
  if (!/^\d{2,8}$/.test(digits) || !isKnown(country)) return false
  // Put together here: the library's parser takes leading zeros for prefixes, and throws for what is left.
  const zeros = /^0*(?=\d)/.exec(digits)?.[0].length ?? 0
  const number = new libphonenumber.PhoneNumber()
  number.setCountryCode(numbers.getCountryCodeForRegion(country))
  number.setNationalNumber(Number(digits))
  number.setItalianLeadingZero(zeros > 0)
  if (zeros > 0) number.setNumberOfLeadingZeros(zeros)
  return short.isValidShortNumberForRegion(number, country as Region)
}

function isEmergencyDigits(digits: string, country: string): boolean {
  if (EVERYWHERE.includes(digits) || (ALSO[country] ?? []).includes(digits)) return true
  return digits !== '' && short.isEmergencyNumber(digits, country as Region)
}

/** The digits without `+`, `00` and the country's calling code, each way that leaves something. */
function bareForms(digits: string, country: string): readonly string[] {
  const international = digits.replace(/^(?:\+|00)/, '')
  const code = isKnown(country) ? String(numbers.getCountryCodeForRegion(country)) : ''
  const abroad = international !== digits && code !== '' && international.startsWith(code)
  return [digits, international, ...(abroad ? [international.slice(code.length)] : [])]
}

function isKnown(country: string): boolean {
  return numbers.getCountryCodeForRegion(country) !== 0
}
