/**
 * An append-only file of entries, for what changes often and must survive kill -9.
 *
 *   append ─► queue ─► one write for all that waits ─► resolved ─► one fsync for all, at most 20 ms later
 *                └─ patient entries wait for the next that is not, at most 5 ms
 *
 * It is written anew from what is still wanted when it has grown to twice of that.
 */
import { basename, dirname, join } from 'node:path'
import type { Clock, Log } from '../app/ports.ts'
import { realDisk, replaceFile } from './disk.ts'
import type { Disk } from './disk.ts'
import { StoreFault, writeFault } from './fault.ts'
import { readLines, writeLine } from './lines.ts'

/** Milliseconds that the operating system may keep an entry to itself. */
const SYNC_WITHIN = 20
/** Milliseconds that patient entries wait for company: a write costs two threads a wake-up, however short it is. */
const GATHER_WITHIN = 5
/** Below this size nothing is gained by writing anew. */
const SMALL = 4 * 1024 * 1024
const VERSION = 1

export type Surroundings = { readonly clock: Clock; readonly log: Log; readonly disk?: Disk }

export type JournalContent<Entry> = {
  /** Takes one entry of the file, in order. */
  readonly replay: (entry: Entry) => void
  /** What the file has to hold, for writing it anew. Without it the file only grows. */
  readonly snapshot?: () => Iterable<Entry>
}

type Waiting = {
  readonly line: string
  readonly durable: boolean
  readonly written: () => void
  readonly resolve: () => void
  readonly reject: (cause: unknown) => void
}

export class Journal<Entry> {
  readonly #file: string
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #log: Log
  readonly #content: JournalContent<Entry>
  #fd = -1
  #end = 0
  /** Size from which on it is written anew. */
  #limit = SMALL
  #queue: Waiting[] = []
  /** Something in the queue is not to wait. */
  #urgent = false
  /** Not the clock's timer: a process that has nothing else to do lives until these are written. */
  #gathering: NodeJS.Timeout | undefined
  #pumping: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #unsynced: Waiting[] = []
  #dirty = false
  #stopTimer: (() => void) | undefined
  /** Bytes of a failed write may stand behind `#end`. */
  #torn = false
  /** An fsync failed: the kernel may have dropped pages, so the file is written anew before it is trusted. */
  #suspect = false
  #fault: StoreFault | undefined
  #closed = false

  /**
   * Opens and replays it. Damaged lines are told in the log and moved into `aside/`, never dropped.
   * @throws StoreFault
   */
  static async open<Entry>(
    file: string,
    content: JournalContent<Entry>,
    around: Surroundings,
  ): Promise<Journal<Entry>> {
    const journal = new Journal(file, content, around)
    await journal.#open()
    return journal
  }

  private constructor(file: string, content: JournalContent<Entry>, { clock, log, disk }: Surroundings) {
    this.#file = file
    this.#content = content
    this.#clock = clock
    this.#log = log
    this.#disk = disk ?? realDisk
  }

  /** Why nothing can be written at present, if so. */
  get fault(): StoreFault | undefined {
    return this.#fault
  }

  /**
   * Appends one entry. Resolves when the operating system has it, with `durable` when the disk has it.
   * @param options.patient it may wait some milliseconds for others: nothing waits for it
   * @param options.written runs at the moment it is written, before any later entry and before a rewriting
   * @throws StoreFault: the entry is not in the file; where only the waiting for the disk failed, it may be
   */
  append(
    entry: Entry,
    options: { durable?: boolean; patient?: boolean; written?: () => void } = {},
  ): Promise<void> {
    if (this.#closed) return Promise.reject(closedFault(this.#file))
    const { durable = false, patient = false, written = () => undefined } = options
    const line = writeLine(entry)
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, durable, written, resolve, reject })
      if (!patient || durable) this.#hurry()
      else this.#gathering ??= setTimeout(() => this.#hurry(), GATHER_WITHIN)
    })
  }

  /** Writes the file anew from its snapshot. Resolves when that has been tried. */
  async compact(): Promise<void> {
    this.#limit = -1
    this.#pumping ??= this.#pump()
    await this.#pumping
  }

  /** Writes everything through, and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#hurry()
    await this.#pumping
    this.#stopTimer?.()
    await this.#syncing
    if (this.#dirty) await this.#sync()
    await this.#disk.close(this.#fd)
  }

  async #open(): Promise<void> {
    const bytes = await this.#disk.text(this.#file)
    const damaged = bytes === undefined ? 0 : await this.#replay(bytes)
    const text = this.#snapshotText()
    const wasteful = text !== undefined && (bytes?.length ?? 0) > 2 * text.length
    if (bytes === undefined) await replaceFile(this.#disk, this.#file, Buffer.from(text ?? this.#header()))
    else if (damaged > 0 || wasteful)
      await replaceFile(this.#disk, this.#file, Buffer.from(text ?? wholeLines(bytes)))
    this.#fd = await this.#disk.open(this.#file, 'r+')
    this.#end = (await this.#disk.text(this.#file))?.length ?? 0
    this.#limit = Math.max(SMALL, 2 * this.#end)
  }

  /** @returns how many lines are damaged */
  async #replay(bytes: Buffer): Promise<number> {
    const { entries, damaged } = readLines(bytes)
    const [header, ...rest] = entries
    if (entries.length > 0) this.#checkHeader(header)
    for (const entry of rest) this.#content.replay(entry as Entry)
    if (damaged.length === 0) return 0
    const torn = damaged.length === 1 && bytes.at(-1) !== 0x0a
    const kept = await this.#setAside(damaged.map(({ line, text }) => `line ${line}: ${text}\n`).join(''))
    const fields = { code: torn ? 'STORE_TORN' : 'STORE_DAMAGED', lines: damaged.length, kept }
    if (torn)
      this.#log.warn(fields, `the last entry of ${this.#file} was cut off by a crash; it is kept in ${kept}`)
    else
      this.#log.error(
        fields,
        `${damaged.length} entries of ${this.#file} are damaged; they are kept in ${kept}`,
      )
    return damaged.length
  }

  async #setAside(text: string): Promise<string> {
    const folder = join(dirname(this.#file), 'aside')
    await this.#disk.makeFolder(folder)
    const kept = join(folder, `${basename(this.#file)}-${this.#clock.now()}.txt`)
    await replaceFile(this.#disk, kept, Buffer.from(text))
    return kept
  }

  #header(): string {
    return writeLine({ dialback: basename(this.#file), version: VERSION })
  }

  #checkHeader(header: unknown): void {
    const { version } = (header ?? {}) as { version?: number }
    if (version === VERSION) return
    throw new StoreFault(
      'STORE_NEWER',
      `${this.#file} is of version ${String(version)}; this bot knows ${VERSION}`,
      'Start the version of the bot that wrote it, or a newer one.',
    )
  }

  #snapshotText(): string | undefined {
    const entries = this.#content.snapshot?.()
    return entries && [this.#header(), ...Array.from(entries, writeLine)].join('')
  }

  /** Writes all that waits. */
  #hurry(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    this.#urgent = true
    this.#pumping ??= this.#pump()
  }

  async #pump(): Promise<void> {
    // Everything that is asked for in this turn goes into one write.
    await Promise.resolve()
    while (this.#urgent || this.#end > this.#limit) {
      this.#urgent = false
      const batch = this.#queue
      this.#queue = []
      if (batch.length > 0) await this.#writeBatch(batch)
      if (this.#end > this.#limit) await this.#rewrite().catch((cause: unknown) => this.#failed(cause))
    }
    this.#pumping = undefined
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      if (this.#suspect) await this.#rewrite()
      await this.#write(Buffer.from(batch.map(({ line }) => line).join('')))
    } catch (cause) {
      const fault = this.#failed(cause)
      for (const waiting of batch) waiting.reject(fault)
      return
    }
    this.#recovered()
    this.#dirty = true
    for (const waiting of batch) {
      waiting.written()
      if (waiting.durable) this.#unsynced.push(waiting)
      else waiting.resolve()
    }
    if (this.#unsynced.length > 0) this.#syncing ??= this.#syncAll()
    else
      this.#stopTimer ??= this.#clock.after(SYNC_WITHIN, () => {
        this.#syncing ??= this.#syncAll()
      })
  }

  async #write(bytes: Buffer): Promise<void> {
    if (this.#torn) await this.#disk.truncate(this.#fd, this.#end)
    this.#torn = true
    await this.#disk.write(this.#fd, bytes, this.#end)
    this.#torn = false
    this.#end += bytes.length
  }

  async #syncAll(): Promise<void> {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    do await this.#sync()
    while (this.#unsynced.length > 0)
    this.#syncing = undefined
  }

  async #sync(): Promise<void> {
    const waiting = this.#unsynced
    this.#unsynced = []
    this.#dirty = false
    try {
      await this.#disk.sync(this.#fd)
      for (const { resolve } of waiting) resolve()
    } catch (cause) {
      this.#suspect = true
      const fault = this.#failed(cause)
      for (const { reject } of waiting) reject(fault)
    }
  }

  /** Writes the file anew with what is still wanted. Nothing is written meanwhile. */
  async #rewrite(): Promise<void> {
    await this.#syncing
    const text = this.#snapshotText()
    if (text === undefined) {
      this.#limit = Infinity
      this.#suspect = false
      return
    }
    try {
      const bytes = Buffer.from(text)
      await replaceFile(this.#disk, this.#file, bytes)
      const old = this.#fd
      // Until the new file is open, what is written would go to one that has no name any more.
      this.#suspect = true
      this.#fd = await this.#disk.open(this.#file, 'r+')
      this.#end = bytes.length
      this.#limit = Math.max(SMALL, 2 * this.#end)
      this.#torn = false
      this.#suspect = false
      await this.#disk.close(old)
    } catch (cause) {
      // The old file is whole; it is tried again when it has grown.
      this.#limit = this.#end + SMALL
      if (this.#suspect) throw cause
      this.#log.warn({ code: 'STORE_WRITE', err: cause }, `${this.#file} could not be written anew`)
    }
  }

  #failed(cause: unknown): StoreFault {
    const fault = writeFault(this.#file, cause)
    if (this.#fault === undefined)
      this.#log.error({ code: fault.code, err: fault, remedy: fault.remedy }, fault.message)
    this.#fault = fault
    return fault
  }

  #recovered(): void {
    if (this.#fault === undefined) return
    this.#fault = undefined
    this.#log.info({ code: 'STORE_RECOVERED' }, `${this.#file} can be written again`)
  }
}

function wholeLines(bytes: Buffer): string {
  return readLines(bytes).entries.map(writeLine).join('')
}

function closedFault(file: string): StoreFault {
  return new StoreFault('STORE_CLOSED', `${file} is closed`, 'Nothing is stored once the bot has stopped.')
}
