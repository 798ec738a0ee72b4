import { join } from 'node:path'
import type { Accepted, Acts } from '../app/ports.ts'
import type { StoreFault } from './fault.ts'
import { Journal } from './journal.ts'
import type { Surroundings } from './journal.ts'
import { SeenActs } from './seen-acts.ts'

type Entry =
  | { readonly type: 'accepted'; readonly act: Accepted }
  | { readonly type: 'done'; readonly keys: readonly string[] }
  | { readonly type: 'seen'; readonly at: number; readonly keys: readonly string[] }

/** The acts of the last day, in a journal. */
export class LowdbActs implements Acts {
  readonly #seen = new SeenActs()
  /** Acts on their way to the journal, by key. */
  readonly #underway = new Map<string, Promise<void>>()
  #journal!: Journal<Entry>

  static async open(folder: string, around: Surroundings): Promise<LowdbActs> {
    const acts = new LowdbActs()
    const content = { replay: (entry: Entry) => acts.#replay(entry), snapshot: () => acts.#snapshot() }
    acts.#journal = await Journal.open(join(folder, 'acts.journal'), content, around)
    acts.#seen.prune(around.clock.now())
    return acts
  }

  get fault(): StoreFault | undefined {
    return this.#journal.fault
  }

  async accept(act: Accepted): Promise<boolean> {
    this.#seen.prune(act.at)
    for (let rival = this.#rival(act); rival; rival = this.#rival(act)) await rival.catch(() => undefined)
    if (this.#seen.isRepeat(act)) return false
    const writing = this.#journal.append({ type: 'accepted', act }, { written: () => this.#seen.add(act) })
    for (const key of act.keys) this.#underway.set(key, writing)
    try {
      await writing
    } finally {
      for (const key of act.keys) this.#underway.delete(key)
    }
    return true
  }

  async done(keys: readonly string[]): Promise<void> {
    if (!this.#seen.isPending(keys)) return
    await this.#journal.append(
      { type: 'done', keys },
      { patient: true, written: () => this.#seen.done(keys) },
    )
  }

  pending(): Promise<readonly Accepted[]> {
    return Promise.resolve(this.#seen.pending())
  }

  shut(): Promise<void> {
    return this.#journal.close()
  }

  #rival({ keys }: Accepted): Promise<void> | undefined {
    const key = keys.find((one) => this.#underway.has(one))
    return key === undefined ? undefined : this.#underway.get(key)
  }

  #replay(entry: Entry): void {
    switch (entry.type) {
      case 'accepted':
        return this.#seen.add(entry.act)
      case 'done':
        return this.#seen.done(entry.keys)
      case 'seen':
        return this.#seen.mark(entry.keys, entry.at)
    }
  }

  *#snapshot(): Iterable<Entry> {
    const byTime = new Map<number, string[]>()
    for (const [key, at] of this.#seen.seen()) {
      const keys = byTime.get(at)
      if (keys) keys.push(key)
      else byTime.set(at, [key])
    }
    for (const [at, keys] of [...byTime].sort(([a], [b]) => a - b)) yield { type: 'seen', at, keys }
    for (const act of this.#seen.pending()) yield { type: 'accepted', act }
  }
}
