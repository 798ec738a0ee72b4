/**
 * The finished calls: lowdb files of bounded size (`2026-07-000001.json`), so that the cost of a write does not grow
 * with history, and an index that tells which call stands where.
 */
import { join } from 'node:path'
import { Low } from 'lowdb'
import type { ClosedCall } from '../core/call/record.ts'
import type { CallId, PersonId } from '../core/ids.ts'
import { CallIndex, summaryOf } from './call-index.ts'
import type { PartitionSummary, Place } from './call-index.ts'
import { realDisk } from './disk.ts'
import type { Disk } from './disk.ts'
import { Journal } from './journal.ts'
import type { Surroundings } from './journal.ts'
import { RowsFile } from './rows-file.ts'
import type { Rows } from './rows-file.ts'

const MOST_CALLS = 200
const MOST_BYTES = 512 * 1024

type Partition = {
  readonly name: string
  readonly file: RowsFile<ClosedCall>
  readonly db: Low<Rows<ClosedCall>>
}

export class History {
  readonly #folder: string
  readonly #around: Surroundings
  readonly #disk: Disk
  readonly #index = new CallIndex()
  #sealed!: Journal<PartitionSummary>
  /** The one that is still written to. */
  #current: Partition | undefined
  #last = ''

  /** Reads the index, and of the calls only what the index does not know yet. */
  static async open(folder: string, around: Surroundings): Promise<History> {
    const history = new History(folder, around)
    await history.#open()
    return history
  }

  private constructor(folder: string, around: Surroundings) {
    this.#folder = folder
    this.#around = around
    this.#disk = around.disk ?? realDisk
  }

  /**
   * Adds calls; resolves when the disk has them.
   * @param added runs for each batch at the moment from which on it is found here
   */
  async add(calls: readonly ClosedCall[], added: (calls: readonly ClosedCall[]) => void): Promise<void> {
    for (let rest = calls; rest.length > 0;) {
      const [first] = rest
      const current = await this.#partitionFor(first)
      const batch = rest.slice(0, this.#room(current, rest))
      const before = current.db.data.rows
      current.db.data = { rows: [...before, ...batch] }
      try {
        await current.db.write()
      } catch (cause) {
        current.db.data = { rows: before }
        throw cause
      }
      const spans = current.file.spans(current.db.data.rows)
      for (const [i, { record }] of batch.entries())
        this.#index.add(record, current.name, spans[before.length + i] ?? NOWHERE)
      added(batch)
      rest = rest.slice(batch.length)
    }
  }

  async get(call: CallId): Promise<ClosedCall | undefined> {
    for (const place of this.#index.find(call)) {
      const found = await this.read(place, call)
      if (found?.record.id === call) return found
    }
    return undefined
  }

  newest(by: PersonId, limit: number): readonly Place[] {
    return this.#index.newest(by, limit)
  }

  countSince(by: PersonId, since: number): number {
    return this.#index.countSince(by, since)
  }

  /** Reads one call; where it does not stand where it should, the whole partition, which recovers what is there. */
  async read(place: Place, call?: CallId): Promise<ClosedCall | undefined> {
    const fits = (one: ClosedCall) =>
      one.record.requestedAt === place.requestedAt && (call === undefined || one.record.id === call)
    if (place.partition === this.#current?.name) return this.#current.db.data.rows.find(fits)
    const found = await this.#readSpan(place)
    if (found && fits(found)) return found
    const { db } = this.#partition(place.partition)
    await db.read()
    return db.data.rows.find(fits)
  }

  close(): Promise<void> {
    return this.#sealed.close()
  }

  async #open(): Promise<void> {
    await this.#disk.makeFolder(this.#folder)
    const known = new Set<string>()
    const replay = (summary: PartitionSummary) => {
      if (known.has(summary.partition)) return
      known.add(summary.partition)
      this.#index.addPartition(summary)
    }
    this.#sealed = await Journal.open(join(this.#folder, 'index.journal'), { replay }, this.#around)
    const names = await this.#names()
    this.#last = names.at(-1) ?? ''
    for (const name of names.filter((name) => !known.has(name))) await this.#take(name, name === this.#last)
    const there = new Set(names)
    const missing = [...known].filter((name) => !there.has(name))
    if (missing.length > 0)
      this.#around.log.error(
        { code: 'STORE_MISSING', missing },
        `files of finished calls are missing in ${this.#folder}`,
      )
  }

  async #names(): Promise<string[]> {
    const files = await this.#disk.list(this.#folder)
    const names = files.flatMap((file) => /^(\d{4}-\d\d-\d{6})\.json(?:\.bak)?$/.exec(file)?.[1] ?? [])
    return [...new Set(names)].sort()
  }

  /** Indexes a partition by reading it: the last one, and one whose line of the index was lost in a crash. */
  async #take(name: string, goesOn: boolean): Promise<void> {
    const partition = this.#partition(name)
    await partition.db.read()
    const { rows } = partition.db.data
    const summary = summaryOf(
      name,
      rows.map(({ record }) => record),
      partition.file.spans(rows),
    )
    this.#index.addPartition(summary)
    if (goesOn) this.#current = partition
    else await this.#sealed.append(summary)
  }

  #partition(name: string): Partition {
    const file = new RowsFile<ClosedCall>(
      join(this.#folder, `${name}.json`),
      ({ record }) => record.id,
      this.#around,
    )
    return { name, file, db: new Low<Rows<ClosedCall>>(file, { rows: [] }) }
  }

  async #partitionFor(call: ClosedCall | undefined): Promise<Partition> {
    const month = new Date(call?.record.endedAt ?? 0).toISOString().slice(0, 7)
    const current = this.#current
    if (current && month <= current.name.slice(0, 7) && this.#room(current, call ? [call] : []) > 0)
      return current
    if (current) await this.#seal(current)
    this.#current = this.#partition(this.#nextName(month))
    this.#last = this.#current.name
    return this.#current
  }

  async #seal({ name, file, db }: Partition): Promise<void> {
    const { rows } = db.data
    await this.#sealed.append(
      summaryOf(
        name,
        rows.map(({ record }) => record),
        file.spans(rows),
      ),
    )
    this.#current = undefined
  }

  #nextName(month: string): string {
    const same = this.#last.slice(0, 7) >= month
    const sequence = same ? Number(this.#last.slice(8)) + 1 : 1
    return `${same ? this.#last.slice(0, 7) : month}-${String(sequence).padStart(6, '0')}`
  }

  /** How many of these calls a partition still takes; an empty one takes at least one. */
  #room({ file, db }: Partition, calls: readonly ClosedCall[]): number {
    const { rows } = db.data
    let bytes = file.size(rows)
    let room = 0
    for (const call of calls) {
      bytes += file.size([call])
      const full = rows.length + room >= MOST_CALLS || bytes > MOST_BYTES
      if (full && rows.length + room > 0) break
      room++
    }
    return room
  }

  async #readSpan({ partition, at, length }: Place): Promise<ClosedCall | undefined> {
    try {
      const fd = await this.#disk.open(join(this.#folder, `${partition}.json`), 'r')
      try {
        const bytes = await this.#disk.read(fd, at, length)
        return JSON.parse(bytes.toString()) as ClosedCall
      } finally {
        await this.#disk.close(fd)
      }
    } catch {
      return undefined
    }
  }
}

const NOWHERE = { at: 0, length: 0 }
