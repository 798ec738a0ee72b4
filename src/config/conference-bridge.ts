/** `CONFERENCE_BRIDGE`: the bridge on which the bot makes meetings of its own. */
import { z } from 'zod'
import { dialledDigits } from '../core/dialplan/digits.ts'
import { beginsAsEmergency, isEmergency } from '../core/dialplan/emergency.ts'
import { claimsSip, sipAddress } from '../core/dialplan/sip-address.ts'
import { e164 } from '../core/ids.ts'
import { isKeyPattern } from '../core/meeting/keys.ts'
import { filled } from '../core/meeting/way-in.ts'
import { Unfit } from './values.ts'

export type ConferenceBridge = { readonly dial: string; readonly keys: string; readonly number?: string }

const REMEDY =
  'Write a number or SIP URI, such as sip:77{id}@pbx.example.com, or JSON such as {"dial": "+34910480000", "keys": "{id}# {pin}#"}.'

const schema = z.strictObject({
  dial: z.string().trim(),
  keys: z.string().max(200).optional(),
  number: z.string().trim().optional(),
})

/**
 * Reads a number, a SIP URI or JSON. Where the number itself tells the meeting, only its PIN is keyed; else both are.
 * `{room}` is another word for `{id}`, and what SIP takes for granted (`;transport=udp`) may be said.
 * @throws Unfit with what is wrong
 */
export function conferenceBridge(value: string): ConferenceBridge {
  const text = value.replaceAll('{room}', '{id}')
  const {
    dial: given,
    keys,
    number,
  } = text.startsWith('{') && !text.startsWith('{id}') ? json(text) : { dial: text }
  const dial = given.replace(/;transport=udp$/i, '')
  refuseUnknownPlaces(dial, `${keys ?? ''} ${number ?? ''}`)
  if (!isDialled(filled(dial, SAMPLE) ?? '')) throw new Unfit('has no number or SIP URI to dial', REMEDY)
  if (keys !== undefined && !isKeyPattern(keys))
    throw new Unfit(
      'has `keys` that are no row of keys',
      'Write keys such as {id}# {pin}#, words apart by a space.',
    )
  if (number !== undefined && dialledDigits(number) === undefined)
    throw new Unfit('has a `number` that is none', 'Write what people outside dial, such as +34910480000.')
  return {
    dial,
    keys: keys ?? (dial.includes('{id}') ? '{pin}#' : '{id}# {pin}#'),
    ...(number === undefined ? {} : { number }),
  }
}

/** Whether the bridge, as it was set, would be a call for help in this country. */
export function callsForHelp({ dial }: ConferenceBridge, country: string): boolean {
  const digits = dialledDigits(userOf(filled(dial, SAMPLE) ?? ''))
  if (digits === undefined) return false
  const isWhole = e164(digits) !== undefined
  return isEmergency(digits, country) || (!isWhole && beginsAsEmergency(digits, country))
}

/** As long as the ids that the bot makes. */
const SAMPLE = '234567890'

const userOf = (dial: string): string => (claimsSip(dial) ? (sipAddress(dial)?.user ?? '') : dial)

function isDialled(text: string): boolean {
  return claimsSip(text) ? sipAddress(text) !== undefined : dialledDigits(text) !== undefined
}

function refuseUnknownPlaces(dial: string, others: string): void {
  const places = `${dial} ${others}`.match(/\{[^}\s]*\}?/g) ?? []
  const unknown = places.find((place) => place !== '{id}' && place !== '{pin}')
  if (unknown !== undefined)
    throw new Unfit(
      `has ${unknown}, which stands for nothing`,
      'Write {id} and {pin} for those of a meeting.',
    )
  if (dial.includes('{pin}'))
    throw new Unfit('has {pin} in what is dialled, where others could read it', 'Write it in `keys`.')
}

function json(value: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(value))
  } catch {
    throw new Unfit('is not understood', REMEDY)
  }
}
