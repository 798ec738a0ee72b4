import type { Parsed } from '../core/command/parsed.ts'
import type { Screen } from '../core/screen.ts'
import { answer } from './answers.ts'
import { obey } from './obey.ts'
import type { Switchboard } from './switchboard.ts'
import type { Visit } from './visit.ts'

/** Does what was typed. What is not surely a command never dials: the nearest one is offered. */
export async function command(
  switchboard: Switchboard,
  visit: Visit,
  parsed: Parsed,
  text: string,
): Promise<Screen | undefined> {
  if (parsed.kind === 'answer') return answer(switchboard, visit, parsed.answer)
  await switchboard.goOn(visit)
  switch (parsed.kind) {
    case 'meeting':
      return parsed.join
        ? switchboard.meetings.join(visit, parsed.meetings, parsed.from)
        : switchboard.meetings.share(visit, parsed.meetings)
    case 'noMeeting':
      return { kind: 'sentence', sentence: { code: 'noMeetingThere', host: parsed.host } }
    case 'noPin':
      return { kind: 'sentence', sentence: { code: 'noPin' } }
    case 'tooLong':
      return { kind: 'sentence', sentence: { code: 'tooLong' } }
    case 'unknown': {
      const { nearest, meant } = parsed
      const shown = text.slice(0, 60)
      if (meant !== undefined) return switchboard.askMeant(visit, shown, meant)
      return {
        kind: 'sentence',
        sentence: { code: 'unknownCommand', text: shown, ...(nearest === undefined ? {} : { nearest }) },
      }
    }
    case 'either':
      return switchboard.callEither(visit, parsed.who, parsed)
    case 'command':
      return obey(switchboard, visit, parsed.command)
  }
}
