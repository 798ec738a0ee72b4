import { claimsSip } from '../dialplan/sip-address.ts'
import type { Meeting } from '../meeting/meeting.ts'
import { strangeHost } from '../meeting/address.ts'
import { recogniseMeetings } from '../meeting/recognise.ts'
import type { Language, PhoneKind } from '../party.ts'
import type { Answer } from './answer.ts'
import { readAnswer } from './answer.ts'
import { phrase, withoutLead, withoutTail } from './around.ts'
import { readWish } from './change.ts'
import { commands } from './command.ts'
import { alternatives } from './either.ts'
import { isNobody, isTold, nameIn } from './doubt.ts'
import { ownPhoneIn, phoneBefore, phonesIn } from './phones.ts'
import type { Phones } from './phones.ts'
import type { Command, CommandRow } from './row.ts'
import { cleaned, distance, folded, unquoted, words } from './words.ts'
import type { Word } from './words.ts'

/** `language` is that of the words that matched; undefined where they are of both. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command; readonly language: Language | undefined }
  /** The text is about these meetings; `join` where it asks to be brought in. */
  | {
      readonly kind: 'meeting'
      readonly meetings: readonly Meeting[]
      readonly join: boolean
      readonly from?: PhoneKind
      readonly language: Language | undefined
    }
  /** "2", "the second one", "yes": it means something only where something was asked. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly language: Language | undefined }
  /** `nearest` is the usage of the command that was perhaps meant; `meant` is the whole of it, ready to be typed. */
  | {
      readonly kind: 'unknown'
      readonly nearest?: string
      readonly meant?: string
      readonly language?: Language
    }
  /** "Call Bob or Alice": one of these, and nobody knows which. */
  | ({
      readonly kind: 'either'
      readonly who: readonly string[]
      readonly language: Language | undefined
    } & Omit<Phones, 'rest'>)
  /** A link that was to be joined, or stands alone, and is no meeting's; its host where it has one. */
  | { readonly kind: 'noMeeting'; readonly host: string }
  /** Asked to join by a number and a PIN that no telephone can key. */
  | { readonly kind: 'noPin' }
  | { readonly kind: 'tooLong' }

/** Nobody needs more, and every text is read in a time that this bounds. In UTF-16 units, spaces around it apart. */
const LONGEST = 300

/** A way to begin a command. */
type Opening = {
  readonly row: CommandRow
  readonly language: Language | undefined
  readonly onlyNumbers: boolean
}

const openings = allOpenings()
const mostWords = Math.max(...[...openings.keys()].map((phrase) => phrase.split(' ').length))

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

/** What no text about a meeting is without. */
const MEETING_SIGNS = /:\/\/|@|\d{3}|BEGIN:V/

/** A meeting's link, invitation, or number with its digits, asked for or only shared. */
function readMeeting(
  text: string,
  html: string | undefined,
): Extract<Parsed, { readonly kind: 'meeting' }> | undefined {
  if (!MEETING_SIGNS.test(html ?? text)) return undefined
  const read = recogniseMeetings(html ?? text)
  if (read.length === 0 && text.length > LONGEST) return undefined
  const start = cleaned(text.slice(0, LONGEST))
  const typed = withoutLead(words(start))
  const [opening] = openingsOf(typed)[0] ?? []
  const meetings = read.length === 0 && opening?.row.name === 'join' ? withCode(start) : read
  const [first] = meetings
  if (!first) return undefined
  if (opening?.row.name === 'call' || opening?.row.name === 'find') {
    // "Call 910 480 001", "call sip:8001@pbx.example": a call, whatever its address could be besides.
    const { who = '' } = { who: undefined, ...commandIn(start, typed)?.command }
    if (isNumber(who) || claimsSip(who)) return undefined
  }
  // "Call +34 910 480 001 pin 1234": who wants that number called wants to be in.
  const called = opening?.row.name === 'call' && first.provider === 'phone'
  const join = opening?.row.name === 'join' || opening?.row.name === 'bridge' || called
  // A SIP address alone may be anybody's: it is a meeting where somebody asks to join it.
  if (!join && meetings.every(({ provider }) => provider === 'sip')) return undefined
  const { from } = join ? phonesIn(withoutTail(typed)) : {}
  return {
    kind: 'meeting',
    meetings,
    join,
    ...(from === undefined ? {} : { from }),
    language: join ? opening.language : undefined,
  }
}

/** "join https://teams.rnicrosoft.com/…": nothing is dialled, and the host is shown. */
function readStrange(text: string): Extract<Parsed, { readonly kind: 'noMeeting' }> | undefined {
  const start = cleaned(text.slice(0, LONGEST))
  const host = strangeHost(start)
  if (host === undefined) return undefined
  const typed = withoutLead(words(start))
  const alone = typed.length === 1 && /^https?:/.test(typed[0]?.plain ?? '')
  return alone || openingsOf(typed)[0]?.[0].row.name === 'join' ? { kind: 'noMeeting', host } : undefined
}

/** A number, or the bridge, and behind it a PIN: `*9…` would be a command to the bridge, and letters nobody can key. */
const ODD_PIN =
  /(?:\d{3}[^\n]*|bridge|puente)[ ,](?:(?:with|and|con|y) )?(?:pin|access code|passcode|codigo|codigo de acceso|clave)(?: is| es|:)? (?!\d{1,20}#?(?:[ ,;]|$)|(?:is|es|code|number|numero|de) )[^ ]+/

const PIN_WORD = /pin|code|codigo|código|clave/i

function hasOddPin(text: string): boolean {
  if (text.length > LONGEST || !PIN_WORD.test(text) || /[\n@]|:\/\//.test(text)) return false
  const line = cleaned(text)
  const row = openingsOf(withoutLead(words(line)))[0]?.[0].row.name
  return (row === 'join' || row === 'bridge') && ODD_PIN.test(folded(line))
}

/** "Join +34 910 480 001 code 123456": what that word may mean in any other text, it does not where somebody wants in. */
function withCode(text: string): readonly Meeting[] {
  return recogniseMeetings(
    text.replace(/(?<![\p{L}\d])(?:code|c[oó]digo|clave|id)(?=[ :]{1,3}\d)/giu, 'access code'),
  )
}

type CommandParsed = Extract<Parsed, { readonly kind: 'command' }>

function commandIn(line: string, typed: readonly Word[]): CommandParsed | undefined {
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
function wished(typed: readonly Word[]): CommandParsed | undefined {
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
function callWith(line: string, typed: readonly Word[]): CommandParsed | undefined {
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

/** The ways to begin a command that the words fit, longest first, with the number of words that each takes. */
function openingsOf(typed: readonly Word[]): readonly (readonly [Opening, number])[] {
  const found: (readonly [Opening, number])[] = []
  for (let count = Math.min(mostWords, typed.length); count > 0; count--) {
    const opening = openings.get(phrase(typed.slice(0, count)))
    if (opening !== undefined) found.push([opening, count])
  }
  return found
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
    case 'status':
    case 'watch':
    case 'unwatch':
      return withoutTail(rest).length === 0 ? { name: row.name } : undefined
  }
}

function readCall(
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

function unknown(line: string, typed: readonly Word[]): Parsed {
  const bare = withoutLead(typed)
  const named = openingsOf(bare)[0]?.[0] ?? openingIn(typed)?.opening ?? misspelt(bare)?.opening
  const either = named && eitherIn(line, bare)
  if (either) return either
  const meant = named && (ownPhoneMeant(bare) ?? meantBy(line, bare))
  const slip = meant === undefined ? slipIn(bare) : undefined
  if (slip) return slip
  if (named === undefined) return { kind: 'unknown' }
  const { row, language } = named
  return {
    kind: 'unknown',
    nearest: row.usage[language ?? 'en'],
    ...(meant === undefined ? {} : { meant }),
    ...(language && { language }),
  }
}

/** "Call Bob or Alice [from my mobile]", at the beginning: each of the names is one that could be called alone. */
function eitherIn(line: string, typed: readonly Word[]): Extract<Parsed, { kind: 'either' }> | undefined {
  const [opening, count] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call' || isTold(typed, 0)) return undefined
  const { language } = opening
  const { rest, ...phones } = phonesIn(withoutTail(typed.slice(count)))
  const calls = alternatives(rest, line, language)?.map((name) => readCall(line, name, opening))
  const who = calls?.map((call) => (call?.name === 'call' && !call.from && !call.to ? call.who : ''))
  if (!who || who.includes('')) return undefined
  return { kind: 'either', who: who.map((name) => name.replace(/,$/, '')), ...phones, language }
}

/** "Ring my mobile", "call me on my mobile": one's own phone is called by nobody, but it can ring first. */
function ownPhoneMeant(typed: readonly Word[]): string | undefined {
  const [opening, count] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call') return undefined
  const { rest, from } = phonesIn(withoutTail(typed.slice(count)))
  const phone = ownPhoneIn(rest) ?? (phrase(rest) === 'me' ? from : undefined)
  if (phone === undefined) return undefined
  if (opening.language === 'es') return `llama primero a mi ${phone === 'mobile' ? 'móvil' : 'fijo'}`
  return `ring my ${phone === 'mobile' ? 'mobile' : 'desk phone'} first`
}

/**
 * "cal Bob" ► "call Bob", "I will call Bob" ► "call Bob", "call Bob tomorrow" ► "call Bob": to be offered, never to be done
 * unasked.
 */
function meantBy(line: string, typed: readonly Word[]): string | undefined {
  const wrong = misspelt(typed)
  const inside = openingsOf(typed).length > 0 ? { at: 0 } : openingIn(typed)
  if (isTold(typed, wrong ? 0 : (inside?.at ?? 0))) return undefined
  const text = wrong
    ? [wrong.start, textOf(line, typed.slice(1))].join(' ').trim()
    : inside && textOf(line, typed.slice(inside.at))
  const meant = text === undefined ? undefined : sureIn(text)
  if (meant === undefined) return undefined
  const { then } = meant
  if (then.name === 'help') return undefined
  // Further on in a sentence only a call is worth a question.
  const complete = 'who' in then ? then.who !== '' : wrong !== undefined
  return complete && (wrong || then.name === 'call') ? meant.text : undefined
}

/** The text as a command; where it is no sure one, what of it is. */
function sureIn(text: string): { readonly text: string; readonly then: Command } | undefined {
  const typed = words(text)
  const whole = commandIn(text, typed)
  if (whole) return { text, then: whole.command }
  const [opening, count = 0] = openingsOf(typed)[0] ?? []
  if (opening?.row.name !== 'call') return undefined
  const named = nameIn(typed.slice(count), text, opening.language)
  const start = textOf(text, typed.slice(0, count + named.length))
  const then = named.length === 0 ? undefined : commandIn(start, words(start))
  return then && { text: start, then: then.command }
}

/** "Could you call Bob?": the command's word stands further on. */
function openingIn(typed: readonly Word[]): { readonly opening: Opening; readonly at: number } | undefined {
  for (const [at, { plain }] of typed.entries()) {
    const opening = openings.get(plain)
    if (opening !== undefined) return { opening, at }
  }
  return undefined
}

/** "Meet nwo", "reunirse haora": the whole of a command but for a slip of the finger; to be offered. */
function slipIn(typed: readonly Word[]): Extract<Parsed, { readonly kind: 'unknown' }> | undefined {
  for (const said of new Set([phrase(typed), phrase(withoutTail(typed))])) {
    if (said.length < 7 || said.length > 40) continue
    const most = said.length > 10 ? 2 : 1
    for (const [start, { row, language }] of openings) {
      if (!start.includes(' ') || Math.abs(start.length - said.length) > most) continue
      if (row.takes === 'who' || row.takes === 'anything' || distance(said, start) > most) continue
      return {
        ...{ kind: 'unknown', nearest: row.usage[language ?? 'en'], meant: start },
        ...(language && { language }),
      }
    }
  }
  return undefined
}

function misspelt(typed: readonly Word[]): { readonly opening: Opening; readonly start: string } | undefined {
  const word = typed[0]?.plain ?? ''
  if (word.length < 3 || openings.has(word)) return undefined
  const near = [...openings]
    .filter(([start]) => !start.includes(' ') && start.length > 3)
    .map(([start, opening]) => ({
      start,
      opening,
      far: distance(word, start),
      most: start.length > 5 ? 2 : 1,
    }))
    .filter(({ far, most }) => far > 0 && far <= most)
    .sort((a, b) => a.far - b.far)
  return near[0]
}

function allOpenings(): ReadonlyMap<string, Opening> {
  const found = new Map<string, Opening>()
  for (const row of commands) {
    for (const language of ['en', 'es'] as const)
      for (const start of row.words[language])
        found.set(start, { row, language: found.has(start) ? undefined : language, onlyNumbers: false })
    for (const start of row.beforeNumbers ?? []) found.set(start, { row, language: 'es', onlyNumbers: true })
  }
  return found
}

const textOf = (line: string, typed: readonly Word[]): string =>
  typed.length === 0 ? '' : line.slice(typed[0]?.at, typed.at(-1)?.end).replace(/[,;:]+$/, '')
const isNumber = (text: string): boolean => /^\+?[\d ().\-/]*\d$/.test(text)
