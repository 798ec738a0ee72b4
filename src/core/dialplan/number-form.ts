import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { E164 } from '../ids.ts'
import type { Target } from '../party.ts'
import type { NumberForm, Trunk } from '../trunk.ts'
import { isOf, nationalDigits } from './digits.ts'

/** What is dialled by digits, as opposed to a SIP address. */
export type Dialable = Extract<Target, { readonly kind: 'number' | 'extension' }>

/**
 * The user part of the SIP URI that a trunk wants for a number. Extensions go as they stand; before all others
 * stands the trunk's outside prefix.
 * @param country whose national form `national` means (ISO 3166-1 alpha-2); other countries' numbers then get `00`
 */
export function numberFor(trunk: Trunk, target: Dialable, country: string): string {
  if (target.kind === 'extension') return target.extension
  return `${trunk.numbers.prefix}${written(target.number, trunk.numbers.out, country)}`
}

/** A number in one of the forms that trunks take. */
export function written(number: E164, form: NumberForm, country: string): string {
  if (form === 'e164') return number
  const abroad = `00${number.slice(1)}`
  if (form === '00') return abroad
  const phone = parsePhoneNumberFromString(number)
  return phone && isOf(country, phone) ? nationalDigits(phone) : abroad
}

/** How people write what is dialled: `+34 910 000 001`, `1002`, `sip:bob@example.com`. The gate reads it again. */
export function displayNumber(target: Target): string {
  switch (target.kind) {
    case 'number':
      return parsePhoneNumberFromString(target.number)?.formatInternational() ?? target.number
    case 'extension':
      return target.extension
    case 'uri':
      return target.uri
  }
}
