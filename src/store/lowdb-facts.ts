import { join } from 'node:path'
import { Low } from 'lowdb'
import type { Facts } from '../app/ports.ts'
import { StoreFault } from './fault.ts'
import { Journal } from './journal.ts'
import type { Surroundings } from './journal.ts'
import { RowsFile } from './rows-file.ts'
import type { Rows } from './rows-file.ts'

/** `at`: when it was put, where its kind has a lifetime. */
type Fact = { readonly kind: string; readonly key: string; readonly value: unknown; readonly at?: number }
/** A change; without a value the fact is no more. */
type Change = Omit<Fact, 'value'> & { readonly value?: unknown }

const DAY = 24 * 60 * 60 * 1000
/** How long facts of a kind are kept, in milliseconds; all others for ever. */
const LIFETIMES: ReadonlyMap<string, number> = new Map([
  // Every question puts one, and most are never answered; after a day their buttons do nothing.
  ['ask', DAY],
  ['asked', DAY],
  // A meeting's PIN is kept no longer than it may be on.
  ['meeting', DAY],
  ['room', DAY],
  ['meetingAt', DAY],
  ['meetingLast', DAY],
  ['reminded', DAY],
])

/** Bytes of changes in the journal from which on the whole file is written, or as many as that has. */
const MUCH = 256 * 1024

/** Small facts: changes in a journal, all of them in one lowdb file that is written now and then. */
export class LowdbFacts implements Facts {
  readonly #around: Surroundings
  readonly #file: RowsFile<Fact>
  readonly #db: Low<Rows<Fact>>
  readonly #facts = new Map<string, Fact>()
  /** Changes that the file does not have yet; `#saved` those that are being written to it. */
  #changes = new Map<string, Change>()
  #saved = new Map<string, Change>()
  #changed = 0
  #fileSize = 0
  #journal!: Journal<Change>
  #saving: Promise<void> | undefined
  /** Something came too late for the saving that is under way. */
  #due = false
  #stopTimer: (() => void) | undefined

  static async open(folder: string, around: Surroundings): Promise<LowdbFacts> {
    const facts = new LowdbFacts(folder, around)
    await facts.#open(folder)
    return facts
  }

  private constructor(folder: string, around: Surroundings) {
    this.#around = around
    this.#file = new RowsFile<Fact>(join(folder, 'facts.json'), keyOf, around)
    this.#db = new Low<Rows<Fact>>(this.#file, { rows: [] })
  }

  get fault(): StoreFault | undefined {
    return this.#journal.fault
  }

  get<T>(kind: string, key: string): Promise<T | undefined> {
    const fact = this.#facts.get(keyOf({ kind, key }))
    const found = fact === undefined || this.#isOver(fact) ? undefined : fact.value
    return Promise.resolve(found === undefined ? undefined : (structuredClone(found) as T))
  }

  async put(kind: string, key: string, value: unknown): Promise<void> {
    const json = JSON.stringify(value) as string | undefined
    if (json === undefined) return this.delete(kind, key)
    const known = this.#facts.get(keyOf({ kind, key }))
    const mortal = LIFETIMES.has(kind)
    if (!mortal && known !== undefined && JSON.stringify(known.value) === json) return
    const fact = { kind, key, value: JSON.parse(json) as unknown }
    await this.#change(mortal ? { ...fact, at: this.#around.clock.now() } : fact, json.length)
  }

  async delete(kind: string, key: string): Promise<void> {
    if (this.#facts.has(keyOf({ kind, key }))) await this.#change({ kind, key }, 0)
  }

  async shut(): Promise<void> {
    this.#stopTimer?.()
    await this.#saving
    if (this.#changes.size > 0) await this.#save()
    await this.#journal.close()
  }

  async #open(folder: string): Promise<void> {
    await this.#db.read()
    for (const fact of this.#db.data.rows) this.#facts.set(keyOf(fact), fact)
    this.#fileSize = this.#file.size(this.#db.data.rows)
    const content = {
      replay: (change: Change) => this.#apply(change),
      snapshot: () => [...this.#saved.values(), ...this.#changes.values()],
    }
    this.#journal = await Journal.open(join(folder, 'facts.journal'), content, this.#around)
    this.#prune()
  }

  /** Forgets what has outlived its kind, now and every day. After a crash it is forgotten again: no journal needs it. */
  #prune(): void {
    const over = [...this.#facts.values()].filter((fact) => this.#isOver(fact))
    for (const { kind, key } of over) this.#apply({ kind, key })
    if (over.length > 0) this.#saveSoon()
    this.#stopTimer = this.#around.clock.after(DAY, () => {
      this.#prune()
    })
  }

  #isOver({ kind, at = -Infinity }: Fact): boolean {
    const lifetime = LIFETIMES.get(kind)
    return lifetime !== undefined && this.#around.clock.now() - at >= lifetime
  }

  async #change(change: Change, bytes: number): Promise<void> {
    await this.#journal.append(change, { patient: true, written: () => this.#apply(change) })
    this.#changed += bytes + change.kind.length + change.key.length
    if (this.#changed > Math.max(MUCH, this.#fileSize)) this.#saveSoon()
  }

  #saveSoon(): void {
    this.#due = true
    this.#saving ??= this.#saveWhileDue()
  }

  #apply(change: Change): void {
    const key = keyOf(change)
    if (change.value === undefined) this.#facts.delete(key)
    else this.#facts.set(key, { ...change, value: change.value })
    this.#changes.set(key, change)
  }

  async #saveWhileDue(): Promise<void> {
    while (this.#due) {
      this.#due = false
      await this.#save()
    }
    this.#saving = undefined
  }

  /** Never rejects: until the file is written the journal has it all. */
  async #save(): Promise<void> {
    this.#saved = this.#changes
    this.#changes = new Map()
    this.#changed = 0
    this.#db.data = { rows: [...this.#facts.values()] }
    try {
      await this.#db.write()
      this.#fileSize = this.#file.size(this.#db.data.rows)
      this.#saved = new Map()
      await this.#journal.compact()
    } catch (err) {
      this.#changes = new Map([...this.#saved, ...this.#changes])
      this.#saved = new Map()
      const code = err instanceof StoreFault ? err.code : 'STORE_WRITE'
      this.#around.log.warn({ code, err }, 'facts.json could not be written; its changes stay in the journal')
    }
  }
}

const keyOf = ({ kind, key }: { readonly kind: string; readonly key: string }) => JSON.stringify([kind, key])
