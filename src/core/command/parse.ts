import type { Language, PhoneKind } from '../party.ts'
import { commands } from './command.ts'
import type { Command, CommandRow } from './command.ts'
import { cleaned, distance, folded, unquoted, words } from './words.ts'
import type { Word } from './words.ts'

/** `language` is that of the words that matched; undefined where they are of both. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command; readonly language: Language | undefined }
  /** `nearest` is the usage of the command that was perhaps meant. */
  | { readonly kind: 'unknown'; readonly nearest?: string; readonly language?: Language }
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

/** The phone that "from …" names, without article. */
const PHONES: ReadonlyMap<string, PhoneKind> = new Map(
  Object.entries({
    desk: 'desk',
    'desk phone': 'desk',
    deskphone: 'desk',
    landline: 'desk',
    'office phone': 'desk',
    'work phone': 'desk',
    mobile: 'mobile',
    'mobile phone': 'mobile',
    cell: 'mobile',
    'cell phone': 'mobile',
    cellphone: 'mobile',
    mesa: 'desk',
    sobremesa: 'desk',
    fijo: 'desk',
    'telefono fijo': 'desk',
    'telefono de mesa': 'desk',
    'telefono de sobremesa': 'desk',
    movil: 'mobile',
    'telefono movil': 'mobile',
    celular: 'mobile',
    'telefono celular': 'mobile',
  } as const),
)
const FROM = ['from', 'desde']
const ARTICLES = ['the', 'my', 'el', 'la', 'mi']
const NUMBER_NOUNS = ['number', 'extension', 'ext', 'numero']

/** What follows "call" in talk about calls, or for somebody whom the bot cannot know; "me" is not Mercedes. */
const NOBODY: readonly string[] = [
  ...[
    'me',
    'us',
    'him',
    'her',
    'it',
    'them',
    'you',
    'back',
    'me back',
    'off',
    'out',
    'in',
    'up',
    'on',
    'for',
  ],
  ...[
    'a',
    'an',
    'the',
    'my',
    'to',
    'log',
    'logs',
    'list',
    'history',
    'status',
    'help',
    'book',
    'tone',
    'number',
  ],
  ...['mi', 'el', 'ella', 'ellos', 'ellas', 'la', 'le', 'lo', 'un', 'una', 'nos', 'otra', 'ya'],
]

/**
 * Reads what a user typed. Accents, case, mentions, polite words and punctuation at the end do not matter; what is
 * not surely a command is `unknown`, so that nothing rings by mistake.
 */
export function parseCommand(text: string): Parsed {
  const trimmed = text.trim()
  if (trimmed.length > LONGEST) return { kind: 'tooLong' }
  if (/^[¿?]+$/.test(trimmed)) return { kind: 'command', command: { name: 'help' }, language: undefined }
  const line = cleaned(trimmed)
  const typed = words(line)
  const refused = new Set<CommandRow>()
  for (const [opening, count] of openingsOf(typed)) {
    // "llama a mí" is no call; with the shorter "llama" it would be one, to "a mí".
    if (refused.has(opening.row)) continue
    const command = read(opening, line, typed.slice(count))
    if (command !== undefined) return { kind: 'command', command, language: opening.language }
    refused.add(opening.row)
  }
  return unknown(typed)
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

function read({ row, onlyNumbers }: Opening, line: string, rest: readonly Word[]): Command | undefined {
  switch (row.name) {
    case 'call':
      return readCall(line, rest, onlyNumbers)
    case 'find':
      return { name: 'find', who: whoOf(line, rest) }
    case 'calls':
      return readCalls(rest)
    case 'help':
      return { name: 'help' }
    case 'hangUp':
    case 'redial':
    case 'status':
      return rest.length === 0 ? { name: row.name } : undefined
  }
}

function readCall(line: string, rest: readonly Word[], onlyNumbers: boolean): Command | undefined {
  const at = rest.findLastIndex((word) => FROM.includes(word.plain))
  const from = at === -1 ? undefined : PHONES.get(phrase(withoutArticle(rest.slice(at + 1))))
  const who = whoOf(line, from === undefined ? rest : rest.slice(0, at))
  if (NOBODY.includes(folded(who)) || (onlyNumbers && !isNumber(who))) return undefined
  return { name: 'call', who, ...(from && { from }) }
}

function readCalls(rest: readonly Word[]): Command | undefined {
  if (rest.length === 0) return { name: 'calls', page: 1 }
  const [, page] = /^(?:page |pagina )?(\d{1,4})$/.exec(phrase(rest)) ?? []
  return Number(page) > 0 ? { name: 'calls', page: Number(page) } : undefined
}

/** The words as they were typed, without quotation marks, and without "the number" before a number. */
function whoOf(line: string, rest: readonly Word[]): string {
  const first = rest.findIndex((word) => ![...ARTICLES, ...NUMBER_NOUNS].includes(word.plain))
  const number = textOf(line, rest.slice(first === -1 ? 0 : first))
  return isNumber(number) ? number : unquoted(textOf(line, rest))
}

function unknown(typed: readonly Word[]): Parsed {
  const named = openingsOf(typed)[0]?.[0] ?? openingIn(typed) ?? misspelt(typed)
  if (named === undefined) return { kind: 'unknown' }
  const { row, language } = named
  return { kind: 'unknown', nearest: row.usage[language ?? 'en'], ...(language && { language }) }
}

/** "Could you call Bob?": the command's word stands further on. */
function openingIn(typed: readonly Word[]): Opening | undefined {
  return typed.map((word) => openings.get(word.plain)).find((opening) => opening !== undefined)
}

function misspelt(typed: readonly Word[]): Opening | undefined {
  const word = typed[0]?.plain ?? ''
  if (word.length < 3) return undefined
  const near = [...openings]
    .filter(([start]) => !start.includes(' ') && start.length > 3)
    .map(([start, opening]) => ({ opening, far: distance(word, start), most: start.length > 5 ? 2 : 1 }))
    .filter(({ far, most }) => far <= most)
    .sort((a, b) => a.far - b.far)
  return near[0]?.opening
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

const phrase = (typed: readonly Word[]): string => typed.map((word) => word.plain).join(' ')
const withoutArticle = (typed: readonly Word[]): readonly Word[] =>
  ARTICLES.includes(typed[0]?.plain ?? '') ? typed.slice(1) : typed
const textOf = (line: string, typed: readonly Word[]): string =>
  typed.length === 0 ? '' : line.slice(typed[0]?.at, typed.at(-1)?.end)
const isNumber = (text: string): boolean => /^\+?[\d ().\-/]*\d$/.test(text)
