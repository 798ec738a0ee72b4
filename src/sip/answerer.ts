/**
 * Whether a machine has answered in place of somebody, as far as signalling tells. Nothing is concluded from silence: most
 * voicemail boxes of PBXs answer just as a phone does (docs/rules.md, "Voicemail").
 */
import type { Answerer } from '../core/call/call.ts'
import type { Response } from './connection.ts'
import { listOf, nameAddrOf } from './contact.ts'

/** How boxes are called in addresses and in the names that displays show; accents have been taken off. */
const BOX =
  /(?:^|[^a-z])(?:voice[\s_-]?(?:mail|box)|v-?mail|mailbox|buzon|correo de voz|anrufbeantworter|(?:voice|sprach|mobil)box|messagerie)(?:$|[^a-z])/

/**
 * What a response to our INVITE tells of who is there.
 * @returns undefined where it tells nothing, which is not to say that it is a person
 */
export function answererOf(response: Pick<Response, 'header'>): Answerer | undefined {
  return isBox(response) ? 'voicemail' : kindOf(response.header('contact'))
}

/** By the address that the call has come to, or by the name that is shown for it. */
function isBox(response: Pick<Response, 'header'>): boolean {
  const addresses = [
    listOf(response.header('contact'))[0],
    // RFC 7044: the last entry is where it is now; the others are where it has been.
    listOf(response.header('history-info')).at(-1),
    listOf(response.header('p-asserted-identity'))[0],
    listOf(response.header('remote-party-id'))[0],
  ]
  return addresses.some((address) => address !== undefined && leadsToBox(address))
}

function leadsToBox(address: string): boolean {
  const uri = nameAddrOf(address)?.uri
  if (uri === undefined) return false
  const [, user = '', parameters = ''] = /^sips?:([^@;?]*)[^@]*@[^;?]*([^?]*)/i.exec(uri) ?? []
  // RFC 4458: a box is told whose it is, and why it was called in.
  if (/;target=/i.test(parameters) && /;cause=\d/i.test(parameters)) return true
  const shown = address.slice(0, Math.max(0, address.indexOf('<')))
  return [shown, user].some((text) => BOX.test(plain(text)))
}

/** RFC 3840: `automata` (10.11) is any machine; `actor` (10.15) "msg-taker" takes messages for somebody. */
function kindOf(contact: string): Answerer | undefined {
  const told = nameAddrOf(listOf(contact)[0] ?? '')?.parameters
  // A conference (RFC 4579) is what was called, and in nobody's place.
  if (!told || told.has('isfocus')) return undefined
  if (/^"?msg-taker"?$/i.test(told.get('actor') ?? '')) return 'voicemail'
  const automata = told.get('automata')
  return automata === undefined || /false|!true/i.test(automata) ? undefined : 'machine'
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
