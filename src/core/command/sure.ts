/** What surely is a command: its words stand at the beginning, and all others have their place. */
import type { Language } from '../party.ts'
import { phrase, withoutLead, withoutTail } from './around.ts'
import { readWish } from './change.ts'
import { isNobody, nameIn } from './doubt.ts'
import { openingsOf } from './openings.ts'
import type { Opening } from './openings.ts'
import type { CommandParsed } from './parsed.ts'
import { ownPhoneIn, phoneBefore, phonesIn } from './phones.ts'
import type { Command, CommandRow } from './row.ts'
import { folded, unquoted } from './words.ts'
import type { Word } from './words.ts'

const ARTICLES = ['the', 'my', 'el', 'la', 'mi']
const NUMBER_NOUNS = ['number', 'extension', 'ext', 'numero']

/** Words around whom. */
const FRAMES: readonly {
  readonly command: 'call' | 'find' | 'add'
  readonly language: Language
  readonly begins: string
  readonly ends: string
}[] = [
  ...['a call', 'a ring', 'a bell', 'a buzz'].map((ends) => ({
    ...({ command: 'call', language: 'en', begins: 'give', ends } as const),
  })),
  ...['on the phone', 'on the line'].map((ends) => ({
    ...({ command: 'call', language: 'en', begins: 'get', ends } as const),
  })),
  ...['call', 'ring'].flatMap((begins) =>
    ['into the call', 'into the meeting', 'into this call'].map(
      (ends) => ({ command: 'add', language: 'en', begins, ends }) as const,
    ),
  ),
  ...['bring', 'get', 'pull', 'loop', 'conference', 'patch', 'put'].flatMap((begins) =>
    ['in', 'into the call', 'into the meeting', 'into this call', 'in the call', 'in the meeting'].map(
      (ends) => ({ command: 'add', language: 'en', begins, ends }) as const,
    ),
  ),
  ...["what's", 'whats', 'what is', 'give me', 'show me', 'tell me'].flatMap((begins) =>
    ['phone number', 'number', 'extension'].map((ends) => ({
      ...({ command: 'find', language: 'en', begins, ends } as const),
    })),
  ),
]

export function commandIn(line: string, typed: readonly Word[]): CommandParsed | undefined {
  const framed = readFramed(line, typed)
  if (framed) return framed
  const refused = new Set<CommandRow>()
  for (const [opening, count] of openingsOf(typed)) {
    // "llama a mí" is no call; with the shorter "llama" it would be one, to "a mí".
    if (refused.has(opening.row)) continue
    const command = read(opening, line, typed.slice(count))
    if (command !== undefined) return { kind: 'command', command, language: opening.language }
    refused.add(opening.row)
  }
  return undefined
}

/** "Ring my mobile first" would be a call of "my mobile first", else. */
export function wished(typed: readonly Word[]): CommandParsed | undefined {
  const wish = readWish(phrase(typed)) ?? readWish(phrase(withoutTail(withoutLead(typed))))
  return (
    wish && {
      kind: 'command',
      command: { name: 'settings', change: wish.change },
      language: wish.language,
    }
  )
}

/** "Use my mobile to call Bob". */
export function callWith(line: string, typed: readonly Word[]): CommandParsed | undefined {
  const before = phoneBefore(typed)
  if (!before) return undefined
  const then = commandIn(line, before.rest)
  if (then?.command.name !== 'call' || then.command.who === '' || then.command.from) return undefined
  return { ...then, command: { ...then.command, from: before.from } }
}

/** "Give Bob a call": words on both sides of whom. */
function readFramed(line: string, typed: readonly Word[]): CommandParsed | undefined {
  const said = phrase(typed)
  for (const { command, language, begins, ends } of FRAMES) {
    if (!said.startsWith(`${begins} `) || !said.endsWith(` ${ends}`)) continue
    const inside = typed.slice(begins.split(' ').length, -ends.split(' ').length)
    const who = textOf(line, inside).replace(/['’]s$/, '')
    if (command === 'add' && NOBODY_TO_ADD.test(folded(who))) return undefined
    if (who === '' || isNobody(folded(who)) || isDoubtful(line, inside, language)) return undefined
    return { kind: 'command', command: { name: command, who }, language }
  }
  return undefined
}

function read(opening: Opening, line: string, rest: readonly Word[]): Command | undefined {
  const { row } = opening
  switch (row.name) {
    case 'call':
      return readCall(line, rest, opening)
    case 'find': {
      const who = whoOf(line, withoutTail(rest))
      // "Who is in?", "who is in the meeting?"
      return /^(?:in|on|here|there)(?: |$)/i.test(who) ? undefined : { name: 'find', who }
    }
    case 'calls':
      return readCalls(withoutTail(rest))
    case 'settings':
      return readSettings(withoutTail(rest))
    case 'join':
      return readJoin(line, withoutTail(rest))
    case 'bridge':
      return readBridge(withoutTail(rest))
    case 'meetNow': {
      const { rest: more, from } = phonesIn(withoutTail(rest))
      return more.length > 0 ? undefined : { name: 'meetNow', ...(from === undefined ? {} : { from }) }
    }
    case 'add':
      return readAdd(line, rest, opening)
    case 'help':
      return { name: 'help' }
    case 'meetings':
    case 'meetingsTomorrow':
    case 'nextMeeting':
    case 'hangUp':
    case 'redial':
    case 'turnIntoMeeting':
    case 'mute':
    case 'unmute':
    case 'muteAll':
    case 'lockMeeting':
    case 'unlockMeeting':
    case 'endMeeting':
    case 'status':
    case 'watch':
    case 'unwatch':
      return withoutTail(rest).length === 0 ? { name: row.name } : undefined
  }
}

export function readCall(
  line: string,
  behind: readonly Word[],
  { onlyNumbers, language }: Opening,
): Command | undefined {
  const { rest, ...phones } = phonesIn(withoutTail(behind))
  const named = withoutTail(rest)
  const who = whoOf(line, named)
  if (isNobody(folded(who)) || ownPhoneIn(named) || isDoubtful(line, named, language)) return undefined
  return onlyNumbers && !isNumber(who) ? undefined : { name: 'call', who, ...phones }
}

/** "Add Bob to the call". */
function readAdd(line: string, behind: readonly Word[], { language }: Opening): Command | undefined {
  const all = withoutTail(behind)
  const also = ALSO.find((words) => phrase(all).endsWith(` ${words}`))
  const typed = also === undefined ? all : all.slice(0, -also.split(' ').length)
  const said = phrase(typed)
  const end = INTO_IT.find((words) => said.endsWith(` ${words}`))
  const named = end === undefined ? typed : typed.slice(0, -end.split(' ').length)
  const { rest, to, from } = phonesIn(named)
  const who = whoOf(line, rest)
  if (NOBODY_TO_ADD.test(phrase(rest)) && !isNumber(who)) return undefined
  // "Add Bob from his mobile": whose phone that is leaves no doubt.
  const phone = to ?? from
  if (isNobody(folded(who)) || isDoubtful(line, rest, language)) return undefined
  return { name: 'add', who, ...(phone === undefined ? {} : { to: phone }) }
}

/** What may stand behind whom to add. */
const INTO_IT: readonly string[] = [
  ...['to', 'into', 'in'].flatMap((to) =>
    ['the', 'this', 'my', 'our'].flatMap((the) =>
      ['call', 'meeting', 'conference', 'conversation'].map((it) => `${to} ${the} ${it}`),
    ),
  ),
  ...['a', 'en'].flatMap((a) =>
    ['la', 'esta', 'mi', 'nuestra'].flatMap((la) =>
      ['llamada', 'reunion', 'conferencia'].map((it) => `${a} ${la} ${it}`),
    ),
  ),
]
const ALSO: readonly string[] = ['too', 'also', 'as well', 'tambien']
/** A thing, or what somebody is added to that is no call: "add a note", "invite Bob to dinner", "añade a Bob a la lista". */
const NOBODY_TO_ADD =
  /^(?:an?|the|this|that|these|some|more|another|un|una|el|la|los|las|este|esta|esto|eso|mas|otr[oa]) |(?:^| )(?:to|into|onto) | (?:a|en) (?:la|el|los|las|mi|un|una|cenar|comer|tomar)(?: |$)| al /

/** Without a meeting in it: the one that is on here; a bare number is a bridge that asks for nothing. */
function readJoin(line: string, typed: readonly Word[]): Command | undefined {
  const { rest, from } = phonesIn(typed)
  const phone = from === undefined ? {} : { from }
  if (rest.length === 0) return { name: 'join', ...phone }
  const who = whoOf(line, rest)
  // "Join meeting 123 456 789": the meeting's own number, which is no telephone's.
  if (/meeting|reunion|webinar/.test(folded(line.slice(0, rest[0]?.at)))) return undefined
  return isNumber(who) ? { name: 'call', who, ...phone } : undefined
}

/** "Call the bridge [from my mobile] [with PIN 1234]", in either order. */
function readBridge(typed: readonly Word[]): Command | undefined {
  const atEnd = takePin(typed)
  const { rest, from } = phonesIn(atEnd.rest)
  const { rest: left, pin = atEnd.pin } = takePin(rest)
  if (left.length > 0) return undefined
  return { name: 'bridge', ...(pin === undefined ? {} : { pin }), ...(from === undefined ? {} : { from }) }
}

const PIN =
  /^(.*?)(?:^| )(?:(?:with|and|using|con|y) )?(?:(?:the|my|el|la|mi) )?(?:pin|code|access code|passcode|codigo|codigo de acceso|clave)(?: is| es| number| numero)? (\d{2,16})#?$/

function takePin(typed: readonly Word[]): { readonly rest: readonly Word[]; readonly pin?: string } {
  const [, before, pin] = PIN.exec(phrase(typed)) ?? []
  if (before === undefined || pin === undefined) return { rest: typed }
  return { rest: typed.slice(0, before === '' ? 0 : before.split(' ').length), pin }
}

const isDoubtful = (line: string, named: readonly Word[], language: Language | undefined): boolean =>
  nameIn(named, line, language).length < named.length

function readCalls(rest: readonly Word[]): Command | undefined {
  if (rest.length === 0) return { name: 'calls', page: 1 }
  const [, page] = /^(?:page |pagina )?(\d{1,4})$/.exec(phrase(rest)) ?? []
  return Number(page) > 0 ? { name: 'calls', page: Number(page) } : undefined
}

/** "Settings", or "settings language Spanish". */
function readSettings(rest: readonly Word[]): Command | undefined {
  if (rest.length === 0) return { name: 'settings' }
  const wish = readWish(phrase(rest))
  return wish && { name: 'settings', change: wish.change }
}

/** The words as they were typed, without quotation marks, and without "the number" before a number. */
function whoOf(line: string, rest: readonly Word[]): string {
  const first = rest.findIndex((word) => ![...ARTICLES, ...NUMBER_NOUNS].includes(word.plain))
  const number = textOf(line, rest.slice(first === -1 ? 0 : first))
  return isNumber(number) ? number : unquoted(textOf(line, rest))
}

export const textOf = (line: string, typed: readonly Word[]): string =>
  typed.length === 0 ? '' : line.slice(typed[0]?.at, typed.at(-1)?.end).replace(/[,;:]+$/, '')
export const isNumber = (text: string): boolean => /^\+?[\d ().\-/]*\d$/.test(text)
