/** lowdb's adapter for our files: a list of rows, one row a line, replaced at one stroke, recovered when damaged. */
import { crc32 } from 'node:zlib'
import { basename, dirname, join } from 'node:path'
import type { Adapter } from 'lowdb'
import type { Clock, Log } from '../app/ports.ts'
import { realDisk, replaceFile } from './disk.ts'
import type { Disk } from './disk.ts'
import { StoreFault, writeFault } from './fault.ts'

const VERSION = 1
const HEAD = `{"version":${VERSION},"rows":[\n`

export type Rows<Row> = { rows: readonly Row[] }
/** Where a row stands in its file, in bytes. */
export type Span = { readonly at: number; readonly length: number }

/**
 * Reads and writes `{"version":1,"rows":[…],"crc":"…"}`. The version before is kept beside it (`.bak`). A damaged
 * file is set aside, and its whole lines and those of the version before are what is read.
 */
export class RowsFile<Row extends object> implements Adapter<Rows<Row>> {
  readonly #file: string
  readonly #keyOf: (row: Row) => string
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #log: Log
  // A row is serialised once, however often its file is written.
  readonly #written = new WeakMap<Row, Buffer>()

  constructor(
    file: string,
    keyOf: (row: Row) => string,
    { disk = realDisk, clock, log }: { disk?: Disk; clock: Clock; log: Log },
  ) {
    this.#file = file
    this.#keyOf = keyOf
    this.#disk = disk
    this.#clock = clock
    this.#log = log
  }

  /** @returns null where there is no file; after damage what could be recovered */
  async read(): Promise<Rows<Row> | null> {
    const bytes = await this.#disk.text(this.#file)
    const whole = bytes && parseWhole<Row>(this.#file, bytes)
    if (whole) return whole
    const before = await this.#disk.text(`${this.#file}.bak`)
    return bytes === undefined && before === undefined ? null : this.#recover(bytes, before)
  }

  /** @throws StoreFault, and then the file is as it was */
  async write({ rows }: Rows<Row>): Promise<void> {
    const lines = rows.map((row) => this.#line(row))
    const crc = lines.reduce((sum, line) => crc32(line, sum), 0)
    const body = lines.flatMap((line, i) => (i === 0 ? [line] : [SEPARATOR, line]))
    const bytes = Buffer.concat([Buffer.from(HEAD), ...body, Buffer.from(`\n],"crc":${crc}}\n`)])
    try {
      await replaceFile(this.#disk, this.#file, bytes, `${this.#file}.bak`)
    } catch (cause) {
      throw writeFault(this.#file, cause)
    }
  }

  /** Where each row stands once these are written. */
  spans(rows: readonly Row[]): readonly Span[] {
    let at = HEAD.length
    return rows.map((row) => {
      const { length } = this.#line(row)
      const span = { at, length }
      at += length + SEPARATOR.length
      return span
    })
  }

  /** Bytes that these rows take in the file. */
  size(rows: readonly Row[]): number {
    return rows.reduce((sum, row) => sum + this.#line(row).length + SEPARATOR.length, 0)
  }

  #line(row: Row): Buffer {
    const known = this.#written.get(row)
    if (known) return known
    const line = Buffer.from(JSON.stringify(row))
    this.#written.set(row, line)
    return line
  }

  async #recover(bytes: Buffer | undefined, before: Buffer | undefined): Promise<Rows<Row>> {
    const rows = new Map<string, Row>()
    for (const source of [before, bytes])
      for (const row of wholeRows<Row>(source)) {
        const key = this.#keyOfDamaged(row)
        if (key !== undefined) rows.set(key, row)
      }
    const recovered = { rows: [...rows.values()] }
    const kept = bytes && (await this.#setAside(bytes))
    await this.write(recovered)
    this.#log.error(
      { code: 'STORE_DAMAGED', rows: rows.size, kept },
      `${this.#file} was damaged; ${rows.size} rows of it were recovered${kept ? `; the damaged file is kept as ${kept}` : ''}`,
    )
    return recovered
  }

  #keyOfDamaged(row: Row): string | undefined {
    try {
      return this.#keyOf(row)
    } catch {
      return undefined
    }
  }

  async #setAside(bytes: Buffer): Promise<string> {
    const folder = join(dirname(this.#file), 'aside')
    await this.#disk.makeFolder(folder)
    const kept = join(folder, `${basename(this.#file)}-${this.#clock.now()}`)
    await replaceFile(this.#disk, kept, bytes)
    return kept
  }
}

const SEPARATOR = Buffer.from(',\n')

function parseWhole<Row>(file: string, bytes: Buffer): Rows<Row> | undefined {
  let content: unknown
  try {
    content = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  const { version, rows, crc } = (content ?? {}) as { version?: unknown; rows?: unknown; crc?: unknown }
  if (typeof version === 'number' && version > VERSION)
    throw new StoreFault(
      'STORE_NEWER',
      `${file} is of version ${version}; this bot knows ${VERSION}`,
      'Start the version of the bot that wrote it, or a newer one.',
    )
  if (version !== VERSION || !Array.isArray(rows)) return undefined
  return typeof crc !== 'number' || crc === checksum(bytes) ? { rows: rows as Row[] } : undefined
}

/** Over the lines of the rows without what separates them. */
function checksum(bytes: Buffer): number {
  return rowLines(bytes).reduce((sum, line) => crc32(line, sum), 0)
}

function rowLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(0x0a, from)
    const to = newline === -1 ? bytes.length : newline
    const comma = bytes[to - 1] === 0x2c
    lines.push(bytes.subarray(from, comma ? to - 1 : to))
    from = to + 1
  }
  return lines.filter((line, i) => i > 0 && line.length > 0 && line[0] !== 0x5d)
}

function wholeRows<Row>(bytes: Buffer | undefined): Row[] {
  return (bytes === undefined ? [] : rowLines(bytes)).flatMap((line) => {
    try {
      const row: unknown = JSON.parse(line.toString())
      return typeof row === 'object' && row !== null ? [row as Row] : []
    } catch {
      return []
    }
  })
}
