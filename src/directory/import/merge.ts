/** Entries of a CSV file brought into the rows of `PEOPLE_FILE`, whatever else stands in those. */
import type { Entry } from './entries.ts'
import { rowOf } from './entries.ts'
import type { LineFault } from './table.ts'

export type Row = Readonly<Record<string, unknown>>

export type Change =
  | { readonly kind: 'new'; readonly line: number; readonly name: string; readonly row: Row }
  | {
      readonly kind: 'changed'
      readonly line: number
      readonly name: string
      readonly fields: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[]
    }

export type Merged = {
  readonly rows: readonly Row[]
  readonly changes: readonly Change[]
  /** How many rows of the file the CSV file has, and says nothing new of. */
  readonly same: number
  /** How many it does not have; they stay. */
  readonly others: number
  readonly faults: readonly LineFault[]
  readonly left: readonly LineFault[]
}

/** What tells who somebody is, strongest first. */
const KEYS = ['aadObjectId', 'email', 'extension'] as const
type Key = (typeof KEYS)[number]
const WORDS: Readonly<Record<Key | 'did', string>> = {
  aadObjectId: 'object id',
  email: 'e-mail',
  extension: 'extension',
  did: 'direct number',
}

/** What the entry says goes into the row of the same person, found by object id, e-mail or extension; else it is a new row. */
export function merged(file: readonly Row[], entries: readonly Entry[]): Merged {
  const rows = [...file]
  const index = indexOf(file)
  const seen = new Map<string, number>()
  const touched = new Set<number>()
  const changes: Change[] = []
  const faults: LineFault[] = []
  const left: LineFault[] = []
  let same = 0
  for (const entry of entries) {
    const { line } = entry
    const twice = seenBefore(entry, seen)
    if (twice !== undefined) {
      faults.push({ line, problem: twice })
      continue
    }
    const found = whose(entry, file, index)
    if (typeof found === 'string') faults.push({ line, problem: found })
    else if (found !== undefined) {
      const row = file[found] ?? {}
      touched.add(found)
      const fields = differences(row, entry)
      if (fields.length === 0) same++
      else {
        rows[found] = withEntry(row, entry)
        changes.push({ kind: 'changed', line, name: text(row['name']) ?? entry.name, fields })
      }
    } else if ((entry.extension ?? entry.desk ?? entry.mobile) === undefined)
      left.push({ line, problem: `${entry.name} has neither a phone nor an extension` })
    else {
      const row = rowOf(entry)
      rows.push(row)
      changes.push({ kind: 'new', line, name: entry.name, row })
    }
  }
  return { rows, changes, same, others: file.length - touched.size, faults, left }
}

const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined)
const keyed = (key: string, value: string) => `${key}\n${value.toLowerCase()}`

function indexOf(file: readonly Row[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>()
  for (const [i, row] of file.entries())
    for (const key of KEYS) {
      const value = text(row[key])
      if (value !== undefined) index.set(keyed(key, value), i)
    }
  return index
}

/** What belongs to one person only, on a second line. */
function seenBefore(entry: Entry, seen: Map<string, number>): string | undefined {
  const own = [...KEYS, 'did' as const].flatMap((key) => {
    const value = entry[key]
    return value === undefined ? [] : [{ key, value }]
  })
  for (const { key, value } of own) {
    const line = seen.get(keyed(key, value))
    if (line !== undefined) return `the ${WORDS[key]} ${value} stands in line ${line}, too`
  }
  for (const { key, value } of own) seen.set(keyed(key, value), entry.line)
  return undefined
}

/** The row of the same person; in words, where that is not certain. */
function whose(
  entry: Entry,
  file: readonly Row[],
  index: ReadonlyMap<string, number>,
): number | string | undefined {
  const found = KEYS.flatMap((key) => {
    const value = entry[key]
    const at = value === undefined ? undefined : index.get(keyed(key, value))
    return value === undefined || at === undefined ? [] : [{ key, value, at }]
  })
  const [first] = found
  if (!first) return undefined
  const name = (at: number) => text(file[at]?.['name']) ?? `row ${at}`
  const other = found.find(({ at }) => at !== first.at)
  if (other)
    return `the ${WORDS[first.key]} is that of ${name(first.at)} in the file, the ${WORDS[other.key]} ${other.value} that of ${name(other.at)}`
  // Extensions and addresses are handed on to those who come after.
  const row = file[first.at] ?? {}
  const differ = (key: string, value: string | undefined) =>
    value !== undefined &&
    text(row[key]) !== undefined &&
    text(row[key])?.toLowerCase() !== value.toLowerCase()
  const another =
    differ('aadObjectId', entry.aadObjectId) || (differ('email', entry.email) && differ('name', entry.name))
  return another
    ? `the ${WORDS[first.key]} ${first.value} is that of ${name(first.at)} in the file`
    : first.at
}

const PLAIN = ['name', 'aadObjectId', 'email', 'department', 'extension', 'did'] as const

function differences(row: Row, entry: Entry): { field: string; from: unknown; to: unknown }[] {
  const phones = phonesOf(row)
  const aliases = newAliases(row, entry)
  return [
    ...PLAIN.map((field) => ({ field: field, from: row[field], to: entry[field] })),
    { field: 'desk', from: phones['desk'], to: entry.desk },
    { field: 'mobile', from: phones['mobile'], to: entry.mobile },
    { field: 'aliases', from: undefined, to: aliases.length > 0 ? aliases.join(', ') : undefined },
  ].filter(({ from, to }) => to !== undefined && !alike(from, to))
}

/** Numbers are the same however they are written, addresses and ids in whatever case. */
function alike(from: unknown, to: string): boolean {
  if (typeof from !== 'string') return false
  const bare = (value: string) =>
    /^[+\d\s().\-/]+$/.test(value) ? value.replaceAll(/[^+\d]/g, '') : value.trim()
  return bare(from) === bare(to) || (/@|-/.test(to) && from.toLowerCase() === to.toLowerCase())
}

function withEntry(row: Row, entry: Entry): Row {
  const next: Record<string, unknown> = { ...row }
  const phones = { ...phonesOf(row) }
  for (const { field, to } of differences(row, entry)) {
    if (field === 'desk' || field === 'mobile') phones[field] = to
    else if (field !== 'aliases') next[field] = to
  }
  if (Object.keys(phones).length > 0) next['phones'] = phones
  const aliases = newAliases(row, entry)
  if (aliases.length > 0) next['aliases'] = [...aliasesOf(row), ...aliases]
  return next
}

const phonesOf = ({ phones }: Row): Readonly<Record<string, unknown>> =>
  typeof phones === 'object' && phones !== null ? (phones as Record<string, unknown>) : {}
const aliasesOf = ({ aliases }: Row): readonly unknown[] => (Array.isArray(aliases) ? aliases : [])

function newAliases(row: Row, { aliases }: Entry): readonly string[] {
  const known = new Set(aliasesOf(row).map((alias) => String(alias).toLowerCase()))
  return aliases.filter((alias) => !known.has(alias.toLowerCase()))
}
