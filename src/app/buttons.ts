import { callId, meetingId } from '../core/ids.ts'
import type { CallId } from '../core/ids.ts'
import type { PhoneKind } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import type { SettingChange } from '../core/settings.ts'
import { agree } from './answers.ts'
import type { Pressed } from './pressed.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

type Data = Readonly<Record<string, unknown>>

/**
 * Does what a button says. Its data came from a client: nothing in it is believed but as a wish, and the call or
 * question that it names is checked against who presses.
 * @param fresh false where this user has pressed this very button before: the answer is what stands, and nothing is
 * done again
 */
export async function press(
  switchboard: Switchboard,
  visit: Visit,
  verb: string,
  data: Data,
  fresh: boolean,
): Promise<Pressed> {
  const call = idIn(data)
  switch (verb) {
    // The call itself knows that it is hung up once: no press of this button may be lost.
    case 'hangUp':
      return inPlace(call && (await switchboard.hangUpCall(visit, call)))
    case 'redial':
      return call === undefined ? inPlace(unknown) : redial(switchboard, visit, call, phoneIn(data), fresh)
    case 'details':
      return inPlace(call && (await switchboard.screens.details(visit, call)))
    case 'ladder':
      return inPlace(call && (await switchboard.screens.ladder(visit, call)))
    case 'back':
      return inPlace(call && (await switchboard.screens.card(visit.me, call)))
    case 'choose':
      if (!fresh) return inPlace(switchboard.screens.standing(visit))
      return inPlace(await switchboard.choose(visit, textIn(data, 'ask'), numberIn(data, 'pick')))
    case 'hangUpAndCall':
      if (!fresh) return inPlace(switchboard.screens.standing(visit))
      return inPlace(await switchboard.hangUpAndCall(visit, textIn(data, 'ask')))
    case 'agree':
      return inPlace(
        fresh ? await agree(switchboard, visit, textIn(data, 'ask')) : switchboard.screens.standing(visit),
        switchboard.screens.standing(visit),
      )
    case 'callMe':
    case 'onMobile': {
      const phone = verb === 'onMobile' ? 'mobile' : phoneIn(data)
      const entry = textIn(data, 'entry')
      if (entry !== '') {
        // A line of a list: the list stays.
        const said = fresh
          ? await switchboard.meetings.joinKnown(withoutCard(visit), entry, phone)
          : undefined
        return said ? { say: said } : {}
      }
      const meeting = textIn(data, 'meeting')
      const { meetings, rooms } = switchboard
      const from = withoutCard(visit)
      return inPlace(
        (await rooms.has(meeting))
          ? await rooms.callMe(await switchboard.atHome(from), meeting, phone, fresh)
          : await meetings.callMe(from, meeting, phone, fresh),
      )
    }
    case 'invitation':
      return switchboard.meetings.invitation(
        withoutCard(visit),
        textIn(data, 'meeting'),
        fresh,
        textIn(data, 'room') === '',
      )
    case 'muteMe':
      return inPlace(await switchboard.rooms.toggleMute(visit, textIn(data, 'meeting'), fresh))
    case 'muteAll':
      return inPlace(await switchboard.rooms.muteAll(visit, textIn(data, 'meeting'), fresh))
    case 'lockRoom':
      return inPlace(await switchboard.rooms.lock(visit, textIn(data, 'meeting'), fresh))
    case 'endRoom':
      return inPlace(await switchboard.rooms.endForAll(visit, textIn(data, 'meeting'), fresh))
    case 'invite':
      return switchboard.rooms.askWhom(visit, textIn(data, 'meeting'), fresh)
    case 'addToRoom': {
      if (!fresh) return inPlace(switchboard.screens.standing(visit))
      const room = meetingId(textIn(data, 'meeting'))
      return inPlace(await switchboard.add(withoutCard(visit), textIn(data, 'who').trim(), { add: room }))
    }
    case 'leave':
      return inPlace(await switchboard.leave(visit, textIn(data, 'ask')))
    case 'call': {
      const screen = fresh ? await switchboard.call(withoutCard(visit), textIn(data, 'who')) : undefined
      return screen ? { say: screen } : {}
    }
    case 'setRings':
    case 'setLanguage':
    case 'setPressOne':
      return inPlace(await switchboard.settings.press(visit.me, textIn(data, 'owner'), changeIn(verb, data)))
    case 'callsPage':
      return inPlace(await switchboard.screens.list(visit, Math.max(1, numberIn(data, 'page'))))
    case 'help':
      return fresh ? { say: switchboard.screens.help() } : {}
    case 'status':
      return fresh ? { say: switchboard.screens.status(visit) } : {}
    case 'settings':
      return fresh ? { say: await switchboard.settings.show(visit.me) } : {}
    default:
      return inPlace(unknown)
  }
}

/** The record keeps its card; the new call, a question or a refusal stands in a message of its own. */
async function redial(
  switchboard: Switchboard,
  visit: Visit,
  call: CallId,
  phone: PhoneKind | undefined,
  fresh: boolean,
): Promise<Pressed> {
  const said = fresh ? await switchboard.redialCall(withoutCard(visit), call, phone) : undefined
  const card = await switchboard.screens.card(visit.me, call)
  return { card, ...(said ? { say: said } : {}) }
}

function inPlace(screen: Screen | undefined, otherwise: Screen = unknown): Pressed {
  return { card: screen ?? otherwise }
}

const unknown: Screen = { kind: 'sentence', sentence: { code: 'buttonUnknown' } }

function withoutCard({ me, at, group = false }: Visit): Visit {
  return { me, at, group }
}

function idIn(data: Data): CallId | undefined {
  const id = textIn(data, 'call')
  return /^c_[\w-]{22}$/.test(id) ? callId(id) : undefined
}

/** What a button of the settings says that they are to be. */
function changeIn(verb: 'setRings' | 'setLanguage' | 'setPressOne', data: Data): SettingChange | undefined {
  const to = textIn(data, 'to')
  switch (verb) {
    case 'setRings':
      return to === 'desk' || to === 'mobile' ? { set: 'rings', to } : undefined
    case 'setLanguage':
      return to === 'en' || to === 'es' || to === 'channel' ? { set: 'language', to } : undefined
    case 'setPressOne':
      return to === 'on' || to === 'off' ? { set: 'pressOne', to: to === 'on' } : undefined
  }
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
