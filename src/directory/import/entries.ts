/** Rows of a CSV file as entries of `PEOPLE_FILE`, or what is wrong with them. */
import { directoryTarget } from '../../core/dialplan/address.ts'
import { parsePeople } from '../people-file.ts'
import type { Columns, Field } from './columns.ts'
import type { Line, LineFault } from './table.ts'

/** What a row says of a person; what it leaves empty it does not say. */
export type Entry = {
  readonly line: number
  readonly name: string
  readonly aadObjectId?: string
  readonly email?: string
  readonly department?: string
  readonly extension?: string
  readonly desk?: string
  readonly mobile?: string
  readonly did?: string
  readonly aliases: readonly string[]
}

export type Entries = {
  readonly entries: readonly Entry[]
  readonly faults: readonly LineFault[]
  /** Rows that are no people to call: blocked accounts, for one. */
  readonly left: readonly LineFault[]
}

/** @param country ISO 3166-1, whose national numbers are meant */
export function entriesOf(rows: readonly Line[], columns: Columns, country: string): Entries {
  const entries: Entry[] = []
  const faults: LineFault[] = []
  const left: LineFault[] = []
  for (const { line, fields } of rows) {
    const cell = (field: Field) => clean(fields[columns.get(field)?.at ?? -1])
    if (
      /^(?:false|no|0|falso)$/i.test(cell('enabled')) ||
      /^(?:true|yes|1|si|sí|verdadero)$/i.test(cell('blocked'))
    ) {
      left.push({ line, problem: 'its account is blocked' })
      continue
    }
    const entry = entryOf(line, cell, country)
    if (entry.name === '') {
      faults.push({ line, problem: 'has no name' })
      continue
    }
    const wrong = problemOf(entry, columns, country)
    if (wrong === undefined) entries.push(entry)
    else faults.push({ line, problem: wrong })
  }
  return { entries, faults, left }
}

/** Trimmed, without the signs that nobody sees and the guards that spreadsheets put before numbers. */
const clean = (text = '') =>
  text
    .replaceAll(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^="(.*)"$/, '$1')
    .replace(/^'(?=[+\d])/, '')
    .replace(/^\["?(.*?)"?\]$/, '$1')
    .trim()

function entryOf(line: number, cell: (field: Field) => string, country: string): Entry {
  const names = [cell('firstName'), cell('lastName'), cell('secondLastName')].filter(Boolean).join(' ')
  const number = cell('number')
  const short = /^\d{1,6}$/.test(number)
  const desk = phoneOf(cell('desk') || (short ? '' : number))
  const id = cell('aadObjectId')
  const account = cell('userPrincipalName')
  const email = cell('email') || (account.includes('@') ? account : '')
  const did = cell('did')
  return {
    line,
    name: cell('name') || names,
    ...said({
      // A column called "id" has other things in most exports.
      aadObjectId: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined,
      email,
      department: cell('department'),
      extension: cell('extension') || (short ? number : '') || desk.extension,
      desk: desk.number,
      mobile: phoneOf(cell('mobile')).number,
      did: international(did, country) ?? did,
    }),
    aliases: cell('aliases')
      .split(/[;,|]/)
      .map((alias) => alias.trim())
      .filter(Boolean),
  }
}

/** "+34 910 000 000 ext. 1001" is the house and an extension in it: the house rings nobody. */
function phoneOf(text: string): { readonly number?: string; readonly extension?: string } {
  const [, extension] = /(?:;ext=|[,;]?\s*(?:ext(?:ensi[oó]n)?|x)\.?:?\s*)(\d{2,8})$/i.exec(text) ?? []
  if (extension !== undefined) return { extension }
  // Several numbers in one cell: the first.
  const [first = ''] = text.split(/[;,|]/)
  return first.trim() === '' ? {} : { number: first.trim() }
}

function international(text: string, country: string): string | undefined {
  const target = directoryTarget(text, country)
  return target?.kind === 'number' ? target.number : undefined
}

/** Without what says nothing. */
function said(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const some = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]))
  return Object.fromEntries(some)
}

const FIELD_OF: Readonly<Record<string, readonly Field[]>> = {
  name: ['name', 'firstName'],
  email: ['email', 'userPrincipalName'],
  department: ['department'],
  extension: ['extension', 'number'],
  'phones.desk': ['desk', 'number'],
  'phones.mobile': ['mobile'],
  did: ['did'],
  aliases: ['aliases'],
}

/** What `PEOPLE_FILE` would not take, with the column; that somebody has no phone may be mended by the file itself. */
function problemOf(entry: Entry, columns: Columns, country: string): string | undefined {
  const row = { ...rowOf(entry), extension: entry.extension ?? SOME_EXTENSION }
  const parsed = parsePeople(JSON.stringify([row]), country)
  if (!('faults' in parsed)) return undefined
  const [fault] = parsed.faults
  const path =
    fault?.place
      .replace(/^\[0\]\.?/, '')
      .replace(/ \(.*$/, '')
      .replace(/\[\d+\]$/, '') ?? ''
  const column = FIELD_OF[path]?.flatMap((field) => columns.get(field)?.title ?? [])[0]
  return `${column === undefined ? path : `column "${column}"`}: ${fault?.problem ?? 'cannot be used'}`
}

/** Nobody's number anywhere. */
const SOME_EXTENSION = 'none'

/** An entry as a new row of the file. */
export function rowOf({ line: _, desk, mobile, aliases, ...plain }: Entry): Record<string, unknown> {
  const phones = said({ desk, mobile })
  return {
    ...plain,
    ...(Object.keys(phones).length > 0 ? { phones } : {}),
    ...(aliases.length > 0 ? { aliases } : {}),
  }
}
