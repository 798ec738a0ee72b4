/**
 * Calls on disk: the live ones in a journal, the finished ones in the history.
 *
 *   append ─► journal                        close ─► journal ─► waiting ─(grouped)─► history, and the journal forgets
 */
import { join } from 'node:path'
import type { CallStore } from '../app/ports.ts'
import type { Stamped } from '../core/call/call.ts'
import type { ClosedCall, CallRecord } from '../core/call/record.ts'
import type { CallId, PersonId } from '../core/ids.ts'
import { StoreFault } from './fault.ts'
import { History } from './history.ts'
import { Journal } from './journal.ts'
import type { Surroundings } from './journal.ts'
import { LiveCalls } from './live-calls.ts'

type Entry =
  | { readonly type: 'events'; readonly call: CallId; readonly events: readonly Stamped[] }
  | { readonly type: 'closed'; readonly closed: ClosedCall }
  | { readonly type: 'moved'; readonly calls: readonly CallId[] }

/** Milliseconds in which closed calls gather for one write of their partition. */
const GATHER = 250
/** So many are not kept waiting. */
const MANY = 50
const RETRY = { first: 1_000, last: 30_000 } as const

export class LowdbCalls implements CallStore {
  readonly #around: Surroundings
  readonly #live = new LiveCalls()
  /** Closed and safe in the journal, not in the history yet. */
  readonly #waiting = new Map<CallId, ClosedCall>()
  readonly #closing = new Map<CallId, Promise<void>>()
  #journal!: Journal<Entry>
  #history!: History
  #moving: Promise<void> | undefined
  #stopTimer: (() => void) | undefined
  #retry: number = RETRY.first
  #fault: StoreFault | undefined

  static async open(folder: string, around: Surroundings): Promise<LowdbCalls> {
    const calls = new LowdbCalls(around)
    await calls.#open(folder)
    return calls
  }

  private constructor(around: Surroundings) {
    this.#around = around
  }

  get fault(): StoreFault | undefined {
    return this.#journal.fault ?? this.#fault
  }

  /** What comes for a call that is closed belongs nowhere, and is left out. */
  append(
    call: CallId,
    events: readonly Stamped[],
    options: { readonly durable?: boolean; readonly patient?: boolean } = {},
  ): Promise<void> {
    const written = () => {
      // Told now, in the order of the journal: it may have been closed while this waited for its turn.
      if (this.#isOpen(call, events)) this.#live.add(call, events)
      else this.#around.log.debug({ call, code: 'STORE_LATE' }, 'an event came after its call was closed')
    }
    return this.#journal.append({ type: 'events', call, events }, { ...options, written })
  }

  unfinished(): Promise<readonly { readonly call: CallId; readonly events: readonly Stamped[] }[]> {
    return Promise.resolve(this.#live.all().map(({ call, events }) => ({ call, events: [...events] })))
  }

  close(closed: ClosedCall): Promise<void> {
    const { id } = closed.record
    const running = this.#closing.get(id)
    if (running) return running
    const closing = this.#close(closed).finally(() => this.#closing.delete(id))
    this.#closing.set(id, closing)
    return closing
  }

  async get(call: CallId): Promise<ClosedCall | undefined> {
    return this.#waiting.get(call) ?? (await this.#history.get(call))
  }

  async list(
    by: PersonId,
    { skip, limit }: { readonly skip: number; readonly limit: number },
  ): Promise<readonly CallRecord[]> {
    const waiting = this.#waitingOf(by).map((record) => ({ at: record.requestedAt, record }))
    const places = this.#history.newest(by, skip + limit).map((place) => ({ at: place.requestedAt, place }))
    const page = [...waiting, ...places].sort((a, b) => b.at - a.at).slice(skip, skip + limit)
    const records = await Promise.all(
      page.map(async (one) => ('record' in one ? one.record : (await this.#history.read(one.place))?.record)),
    )
    return records.flatMap((record) => (record?.by === by ? [record] : []))
  }

  countSince(by: PersonId, since: number): Promise<number> {
    const waiting = this.#waitingOf(by).filter(({ requestedAt }) => requestedAt >= since).length
    return Promise.resolve(this.#live.countSince(by, since) + waiting + this.#history.countSince(by, since))
  }

  /** Moves what waits into the history, and closes the files. */
  async shut(): Promise<void> {
    this.#stopTimer?.()
    await this.#moving
    this.#stopTimer?.()
    await this.#move()
    this.#stopTimer?.()
    await this.#journal.close()
    await this.#history.close()
  }

  async #open(folder: string): Promise<void> {
    this.#history = await History.open(join(folder, 'history'), this.#around)
    const content = { replay: (entry: Entry) => this.#replay(entry), snapshot: () => this.#snapshot() }
    this.#journal = await Journal.open(join(folder, 'calls.journal'), content, this.#around)
    await this.#leaveToHistory()
    if (this.#waiting.size > 0) await this.#move()
  }

  /** What the history has is no more the journal's, which may not have been able to take that in. */
  async #leaveToHistory(): Promise<void> {
    for (const call of [...this.#waiting.keys(), ...this.#live.all().map(({ call }) => call)]) {
      if (!(await this.#history.get(call))) continue
      this.#waiting.delete(call)
      this.#live.delete(call)
    }
  }

  #replay(entry: Entry): void {
    switch (entry.type) {
      case 'events':
        if (this.#isOpen(entry.call, entry.events)) this.#live.add(entry.call, entry.events)
        return
      case 'closed':
        this.#live.delete(entry.closed.record.id)
        this.#waiting.set(entry.closed.record.id, entry.closed)
        return
      case 'moved':
        for (const call of entry.calls) {
          this.#live.delete(call)
          this.#waiting.delete(call)
        }
    }
  }

  *#snapshot(): Iterable<Entry> {
    for (const closed of this.#waiting.values()) yield { type: 'closed', closed }
    for (const { call, events } of this.#live.all()) yield { type: 'events', call, events }
  }

  #isOpen(call: CallId, events: readonly Stamped[]): boolean {
    return !this.#waiting.has(call) && this.#live.takes(call, events)
  }

  #waitingOf(by: PersonId): CallRecord[] {
    return [...this.#waiting.values()].map(({ record }) => record).filter((record) => record.by === by)
  }

  async #close(closed: ClosedCall): Promise<void> {
    const { id } = closed.record
    if (this.#waiting.has(id) || (!this.#live.has(id) && (await this.#history.get(id)))) return
    const written = () => {
      this.#live.delete(id)
      this.#waiting.set(id, closed)
    }
    try {
      await this.#journal.append({ type: 'closed', closed }, { patient: true, written })
      if (this.#waiting.size >= MANY) this.#moveNow()
      else this.#moveLater(GATHER)
    } catch (cause) {
      // The record and its ladder are in memory only: they go straight to the history as soon as that is possible.
      written()
      this.#moveLater(this.#retry)
      throw cause
    }
  }

  #moveLater(within: number): void {
    this.#stopTimer ??= this.#around.clock.after(within, () => {
      this.#stopTimer = undefined
      this.#moveNow()
    })
  }

  #moveNow(): void {
    // While the disk fails only the timer tries again.
    if (this.#fault !== undefined && this.#stopTimer !== undefined) return
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#moving ??= this.#move().finally(() => (this.#moving = undefined))
  }

  /** Never rejects: what cannot be moved stays in the journal, and is tried again. */
  async #move(): Promise<void> {
    if (this.#waiting.size === 0) return
    try {
      do await this.#history.add([...this.#waiting.values()], (moved) => this.#forget(moved))
      while (this.#waiting.size >= MANY)
      this.#retry = RETRY.first
      this.#fault = undefined
    } catch (cause) {
      this.#failed(cause)
    }
    if (this.#waiting.size > 0) this.#moveLater(this.#fault === undefined ? GATHER : this.#retry)
  }

  #forget(moved: readonly ClosedCall[]): void {
    const calls = moved.map(({ record }) => record.id)
    for (const call of calls) this.#waiting.delete(call)
    // Should this get lost, the next start finds them in the history.
    this.#journal.append({ type: 'moved', calls }, { patient: true }).catch(() => undefined)
  }

  #failed(cause: unknown): void {
    const fault =
      cause instanceof StoreFault
        ? cause
        : new StoreFault(
            'STORE_WRITE',
            'finished calls could not be stored',
            'Check the disk of DATA_DIR.',
            cause,
          )
    if (this.#fault === undefined)
      this.#around.log.error(
        { code: fault.code, err: fault, remedy: fault.remedy },
        `${fault.message}; they stay in the journal`,
      )
    this.#fault = fault
    this.#retry = Math.min(2 * this.#retry, RETRY.last)
  }
}
