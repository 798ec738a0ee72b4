/** `people import`: a CSV file into `PEOPLE_FILE`. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { ConfigFault, someSettings } from '../config.ts'
import { columnsOf, lacks } from '../directory/import/columns.ts'
import { entriesOf } from '../directory/import/entries.ts'
import { merged } from '../directory/import/merge.ts'
import type { Change, Merged } from '../directory/import/merge.ts'
import { peopleRows } from '../directory/import/people-rows.ts'
import { tableOf } from '../directory/import/table.ts'
import type { LineFault } from '../directory/import/table.ts'
import { parsePeople } from '../directory/people-file.ts'

/** sysexits.h: what was given is faulty, is not there, cannot be written; somebody else writes; settings are missing. */
const EXIT = { data: 65, noInput: 66, cannotWrite: 73, tryAgain: 75, config: 78 } as const
/** Changes that are told; with --dry-run all of them. */
const MOST_TOLD = 20

type Env = Surroundings['env']
type Options = Readonly<Record<string, string | true>>

/** It goes no further; the message is for who typed it. */
class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

const ours: Surroundings = {
  env: process.env,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
}

/**
 * @param options `dry-run`, `to`, `country`, `skip-faulty`
 * @returns the exit code
 */
export function peopleImport(csv: string, options: Options, around = ours): number {
  try {
    return importInto(csv, options, around)
  } catch (fault) {
    if (fault instanceof ConfigFault) {
      around.err(fault.message)
      return EXIT.config
    }
    if (!(fault instanceof Refused)) throw fault
    around.err(fault.message)
    return fault.code
  }
}

function importInto(csv: string, options: Options, { env, out, err }: Surroundings): number {
  const { file, country } = place(options, env)
  const table = tableOf(read(typed(csv, env)))
  const columns = columnsOf(table.header)
  const missing = table.header.length === 0 ? 'nothing in it' : lacks(columns)
  if (missing !== undefined)
    throw new Refused(
      EXIT.data,
      `${csv} has ${missing}. Its first line must name the columns; docs/people.md lists them.`,
    )

  const before = readIfThere(file)
  const people = peopleRows(before)
  if (typeof people === 'string') throw new Refused(EXIT.data, `${file} cannot be read: ${people}`)
  const found = entriesOf(table.rows, columns, country)
  const result = merged(people.rows, found.entries)
  const faults = inOrder([...table.faults, ...found.faults, ...result.faults])
  const left = inOrder([...found.left, ...result.left])

  const dryRun = options['dry-run'] === true
  for (const change of dryRun ? result.changes : result.changes.slice(0, MOST_TOLD)) out(told(change))
  const untold = dryRun ? 0 : result.changes.length - MOST_TOLD
  if (untold > 0) out(`… and ${untold} more`)
  for (const { line, problem } of left) out(`left out: line ${line}: ${problem}`)
  for (const { line, problem } of faults) err(`${csv}, line ${line}: ${problem}`)
  out(summary(result, left.length))

  const text = people.withRows(result.rows)
  const parsed = parsePeople(text, country)
  if ('faults' in parsed) {
    const places = parsed.faults.map((fault) => `  ${fault.place}: ${fault.problem}`)
    throw new Refused(
      EXIT.data,
      [`Nothing is written: ${file} would be faulty then, at`, ...places].join('\n'),
    )
  }
  if (faults.length > 0 && options['skip-faulty'] !== true)
    throw new Refused(
      EXIT.data,
      `Nothing is written, since ${lines(faults.length)} cannot be used. Mend the CSV file, or add --skip-faulty.`,
    )
  if (dryRun) out(`${file} is as it was (--dry-run).`)
  else if (result.changes.length === 0) out(`${file} is as it was.`)
  else {
    replace(file, text, before)
    out(`${file} is written; a bot that runs reads it by itself.`)
  }
  return 0
}

/** Which file, and whose numbers. */
function place(options: Options, env: Env): { readonly file: string; readonly country: string } {
  const given = someSettings(['PEOPLE_FILE', 'COUNTRY', 'CALLER_ID'], env)
  const { to } = options
  const file = typeof to === 'string' ? typed(to, env) : given.PEOPLE_FILE
  if (file === undefined)
    throw new Refused(EXIT.config, 'Where to? Set PEOPLE_FILE, or add --to people.json.')
  const named =
    typeof options['country'] === 'string'
      ? someSettings(['COUNTRY'], { COUNTRY: options['country'] })
      : given
  const country = named.COUNTRY ?? (given.CALLER_ID && parsePhoneNumberFromString(given.CALLER_ID)?.country)
  if (country === undefined)
    throw new Refused(EXIT.config, 'Whose national numbers are these? Set COUNTRY, or add --country ES.')
  return { file: resolve(file), country }
}

/** npm runs its scripts in the folder of package.json; what was typed is meant where it was typed. */
const typed = (file: string, env: Env) =>
  resolve(env['npm_lifecycle_event'] === 'dialback' ? (env['INIT_CWD'] ?? '.') : '.', file)

function read(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Refused(EXIT.noInput, `${file} cannot be read: ${reason(cause)}`)
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Refused(EXIT.noInput, `${file} cannot be read: ${reason(cause)}`)
  }
}

/** At one stroke, so that a bot never reads half of it; behind a link the file itself, with the rights that it has. */
function replace(file: string, text: string, before: string | undefined): void {
  const real = before === undefined ? file : realpathSync(file)
  const fresh = join(dirname(real), `.${basename(real)}.${process.pid}.new`)
  try {
    const fd = openSync(fresh, 'wx', before === undefined ? 0o666 : 0o600)
    writeFileSync(fd, text)
    fsyncSync(fd)
    closeSync(fd)
    if (before !== undefined) chmodSync(fresh, statSync(real).mode & 0o7777)
    if (readIfThere(file) !== before)
      throw new Refused(EXIT.tryAgain, `${file} was changed by somebody else meanwhile. Run this once more.`)
    renameSync(fresh, real)
  } catch (cause) {
    rmSync(fresh, { force: true })
    if (cause instanceof Refused) throw cause
    throw new Refused(EXIT.cannotWrite, `${file} cannot be written: ${reason(cause)}`)
  }
}

function told(change: Change): string {
  const at = `(line ${change.line})`
  if (change.kind === 'new') return `new: ${change.name} ${at}`
  const fields = change.fields.map(({ field, from, to }) =>
    from === undefined ? `${field} ${shown(to)}` : `${field} ${shown(from)} → ${shown(to)}`,
  )
  return `changed: ${change.name} ${at}: ${fields.join(', ')}`
}

function summary({ changes, same, others }: Merged, left: number): string {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
  const parts = [`${count('new')} new`, `${count('changed')} changed`, `${same} as they were`]
  if (left > 0) parts.push(`${left} left out`)
  if (others > 0) parts.push(`${others} of the file that are not in the CSV file stay`)
  return `${parts.join(', ')}.`
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const lines = (count: number) => (count === 1 ? 'one line' : `${count} lines`)
const inOrder = (faults: readonly LineFault[]) => faults.toSorted((a, b) => a.line - b.line)
const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
