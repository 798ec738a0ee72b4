import type { Command } from '../core/command/row.ts'
import { parseCommand } from '../core/command/parse.ts'
import type { PhoneKind } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

/** Does what a command that was offered says, once it has been agreed to. */
export async function commandMeant(
  switchboard: Switchboard,
  visit: Visit,
  text: string,
): Promise<Screen | undefined> {
  const parsed = parseCommand(text)
  return parsed.kind === 'command' ? obey(switchboard, visit, parsed.command) : undefined
}

/** Does what a command says. */
export function obey(
  switchboard: Switchboard,
  visit: Visit,
  command: Command,
): Screen | undefined | Promise<Screen | undefined> {
  switch (command.name) {
    case 'call':
      return switchboard.call(visit, command.who, command)
    case 'join':
      return join(switchboard, visit, command.from)
    case 'bridge':
      return bridge(switchboard, visit, command)
    case 'watch':
    case 'unwatch':
      return switchboard.meetings.watch(visit, command.name === 'watch')
    case 'meetings':
      return switchboard.agenda.show(visit, 'today')
    case 'meetingsTomorrow':
      return switchboard.agenda.show(visit, 'tomorrow')
    case 'nextMeeting':
      return switchboard.agenda.show(visit, 'next')
    case 'meetNow':
      return switchboard.rooms.meetNow(visit, command.from)
    case 'turnIntoMeeting':
      return switchboard.rooms.fromCall(visit)
    case 'add':
      return switchboard.add(visit, command.who, command)
    case 'mute':
      return switchboard.rooms.muteMe(visit, true)
    case 'unmute':
      return switchboard.rooms.muteMe(visit, false)
    case 'muteAll':
    case 'lockMeeting':
    case 'unlockMeeting':
    case 'endMeeting':
      return switchboard.rooms.hostSays(visit, command.name)
    case 'hangUp':
      return switchboard.hangUp(visit)
    case 'redial':
      return switchboard.redial(visit)
    case 'calls':
      return switchboard.screens.list(visit, command.page)
    case 'find':
      return switchboard.screens.find(visit, command.who)
    case 'status':
      return switchboard.screens.status(visit)
    case 'settings':
      return switchboard.settings.show(visit.me, command.change)
    case 'help':
      return switchboard.screens.help()
  }
}

/** The room that is on here, else the meeting that was shared here last. */
async function join(
  switchboard: Switchboard,
  visit: Visit,
  from: PhoneKind | undefined,
): Promise<Screen | undefined> {
  const room = switchboard.rooms.here(visit)
  if (room === undefined) return switchboard.meetings.join(visit, [], from)
  return switchboard.rooms.again(visit, room, from)
}

/** The company's; where none is set, what is on here. Its PIN is for no other. */
async function bridge(
  switchboard: Switchboard,
  visit: Visit,
  { pin, from }: Extract<Command, { readonly name: 'bridge' }>,
): Promise<Screen | undefined> {
  const none: Screen = { kind: 'sentence', sentence: { code: 'noBridge' } }
  const screen = await switchboard.meetings.callBridge(visit, pin, from)
  if (screen !== 'none') return screen
  const joined = pin === undefined ? await join(switchboard, visit, from) : none
  return joined?.kind === 'sentence' && joined.sentence.code === 'joinWhat' ? none : joined
}
