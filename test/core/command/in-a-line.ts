import { parseCommand } from '../../../src/core/command/parse.ts'
import type { Command } from '../../../src/core/command/row.ts'

/** What was understood, in a line: `en call[Bob] from mobile`, `es calls 2`, `unknown ~ call <who> …`, `en pick 2`. */
export function inALine(text: string): string {
  const parsed = parseCommand(text)
  switch (parsed.kind) {
    case 'noPin':
      return 'no PIN'
    case 'tooLong':
      return 'tooLong'
    case 'noMeeting':
      return `no meeting at ${parsed.host}`
    case 'either':
      return `${parsed.language ?? '--'} either${detailsOf({ ...parsed, name: 'call', who: parsed.who.join(' | ') })}`
    case 'unknown':
      return `unknown${parsed.nearest === undefined ? '' : ` ~ ${parsed.nearest}`}`
    case 'answer': {
      const { answer, language } = parsed
      return `${language ?? '--'} ${answer.kind}${answer.kind === 'pick' ? ` ${answer.pick}` : ''}`
    }
    case 'meeting': {
      const { language, join, meetings, from } = parsed
      const about = meetings.map(({ provider }) => provider).join(' ')
      return `${language ?? '--'} ${join ? 'join' : 'meeting'} ${about}${from ? ` from ${from}` : ''}`
    }
    case 'command':
      return `${parsed.language ?? '--'} ${parsed.command.name}${detailsOf(parsed.command)}`
  }
}

function detailsOf(command: Command): string {
  switch (command.name) {
    case 'call': {
      const { who, to, from } = command
      return `[${who}]${to ? ` on ${to}` : ''}${from ? ` from ${from}` : ''}`
    }
    case 'join':
    case 'meetNow':
      return command.from ? ` from ${command.from}` : ''
    case 'bridge':
      return `${command.pin ? ` pin ${command.pin}` : ''}${command.from ? ` from ${command.from}` : ''}`
    case 'add': {
      const { who, to } = command
      return `[${who}]${to ? ` on ${to}` : ''}`
    }
    case 'find':
      return `[${command.who}]`
    case 'calls':
      return ` ${command.page}`
    case 'settings':
      return command.change ? `[${command.change.set} ${String(command.change.to)}]` : ''
    default:
      return ''
  }
}
