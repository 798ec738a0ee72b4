import { callId } from '../core/ids.ts'
import type { CallId } from '../core/ids.ts'
import type { PhoneKind } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import type { Switchboard, Visit } from './switchboard.ts'

type Data = Readonly<Record<string, unknown>>

/**
 * Does what a button says. Its data came from a client: nothing in it is believed but as a wish, and the call or
 * question that it names is checked against who presses.
 * @param fresh false where this button's nonce was used before: the answer is what stands, and nothing is done again
 * @returns the screen that takes the card's place
 */
export async function press(
  switchboard: Switchboard,
  visit: Visit,
  verb: string,
  data: Data,
  fresh: boolean,
): Promise<Screen | undefined> {
  const call = idIn(data)
  switch (verb) {
    case 'hangUp':
      return call === undefined
        ? unknown
        : fresh
          ? switchboard.hangUpCall(visit, call)
          : switchboard.card(visit.me, call)
    case 'redial':
      return call === undefined ? unknown : redial(switchboard, visit, call, phoneIn(data), fresh)
    case 'details':
      return call === undefined ? unknown : switchboard.details(visit, call)
    case 'ladder':
      return call === undefined ? unknown : switchboard.ladder(visit, call)
    case 'back':
      return call === undefined ? unknown : switchboard.card(visit.me, call)
    case 'choose':
      return fresh
        ? switchboard.choose(visit, textIn(data, 'ask'), numberIn(data, 'pick'))
        : switchboard.standing(visit)
    case 'hangUpAndCall':
      return fresh ? switchboard.hangUpAndCall(visit, textIn(data, 'ask')) : switchboard.standing(visit)
    case 'leave':
      return switchboard.leave(visit, textIn(data, 'ask'))
    case 'call':
      return fresh ? switchboard.call(withoutCard(visit), textIn(data, 'who')) : switchboard.standing(visit)
    case 'callsPage':
      return switchboard.list(visit, Math.max(1, numberIn(data, 'page')))
    default:
      return unknown
  }
}

/** The record keeps its card; the new call has one of its own. A refusal is shown in place of neither. */
async function redial(
  switchboard: Switchboard,
  visit: Visit,
  call: CallId,
  phone: PhoneKind | undefined,
  fresh: boolean,
): Promise<Screen | undefined> {
  const refused = fresh ? await switchboard.redialCall(withoutCard(visit), call, phone) : undefined
  return refused ?? switchboard.card(visit.me, call)
}

const unknown: Screen = { kind: 'sentence', sentence: { code: 'buttonUnknown' } }

function withoutCard({ me, at }: Visit): Visit {
  return { me, at }
}

function idIn(data: Data): CallId | undefined {
  const id = textIn(data, 'call')
  return /^c_[\w-]{22}$/.test(id) ? callId(id) : undefined
}

function phoneIn(data: Data): PhoneKind | undefined {
  const phone = data['phone']
  return phone === 'desk' || phone === 'mobile' ? phone : undefined
}

function textIn(data: Data, field: string): string {
  const value = data[field]
  return typeof value === 'string' ? value.slice(0, 300) : ''
}

function numberIn(data: Data, field: string): number {
  const value = Number(data[field])
  return Number.isSafeInteger(value) ? value : -1
}
