import { hasOddPin, readMeeting, readStrange } from './about-meeting.ts'
import { readAnswer } from './answer.ts'
import { phrase, withoutLead } from './around.ts'
import { unknown } from './meant.ts'
import type { Parsed } from './parsed.ts'
import { callWith, commandIn, wished } from './sure.ts'
import { LONGEST, cleaned, words } from './words.ts'

/**
 * Reads what a user typed. Accents, case, mentions, polite words and punctuation at the end do not matter; what is
 * not surely a command is `unknown`, so that nothing rings by mistake.
 * @param html the same text where a channel tells it so: it knows what is a quotation, and what is behind a link's words
 */
export function parseCommand(text: string, html?: string): Parsed {
  const trimmed = text.trim()
  if (hasOddPin(trimmed)) return { kind: 'noPin' }
  const meeting = readMeeting(trimmed, html)
  if (meeting) return meeting
  const strange = readStrange(trimmed)
  if (strange) return strange
  if (trimmed.length > LONGEST) return { kind: 'tooLong' }
  if (/^[¿?]+$/.test(trimmed)) return { kind: 'command', command: { name: 'help' }, language: undefined }
  const line = cleaned(trimmed)
  const typed = words(line)
  const answered = readAnswer(phrase(typed))
  if (answered) return { kind: 'answer', ...answered }
  return (
    wished(typed) ??
    commandIn(line, withoutLead(typed)) ??
    commandIn(line, typed) ??
    callWith(line, withoutLead(typed)) ??
    unknown(line, typed)
  )
}
