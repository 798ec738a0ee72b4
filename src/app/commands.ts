import type { Parsed } from '../core/command/parse.ts'
import type { Screen } from '../core/screen.ts'
import type { Switchboard, Visit } from './switchboard.ts'

/** Does what was typed. What is not surely a command never dials: it is answered with the nearest one. */
export async function command(
  switchboard: Switchboard,
  visit: Visit,
  parsed: Parsed,
  text: string,
): Promise<Screen | undefined> {
  if (parsed.kind === 'tooLong') return { kind: 'sentence', sentence: { code: 'tooLong' } }
  if (parsed.kind === 'unknown') {
    const { nearest } = parsed
    const shown = text.slice(0, 60)
    return {
      kind: 'sentence',
      sentence: { code: 'unknownCommand', text: shown, ...(nearest === undefined ? {} : { nearest }) },
    }
  }
  const { command } = parsed
  switch (command.name) {
    case 'call':
      return switchboard.call(visit, command.who, command.from)
    case 'hangUp':
      return switchboard.hangUp(visit)
    case 'redial':
      return switchboard.redial(visit)
    case 'calls':
      return switchboard.list(visit, command.page)
    case 'find':
      return switchboard.find(visit, command.who)
    case 'status':
      return switchboard.status(visit)
    case 'help':
      return switchboard.help()
  }
}
