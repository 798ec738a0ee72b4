import type { Stamped } from '../core/call/call.ts'
import type { CallId, PersonId } from '../core/ids.ts'

export type LiveCall = {
  readonly call: CallId
  readonly events: Stamped[]
  /** Who asked for it, as its first event tells. */
  readonly by: PersonId | undefined
  readonly at: number
}

/** The calls that are not closed, with their events, in memory. */
export class LiveCalls {
  readonly #calls = new Map<CallId, LiveCall>()

  /** Does this begin a call, or go on with one that is there? What comes after the closing belongs nowhere. */
  takes(call: CallId, events: readonly Stamped[]): boolean {
    return this.#calls.has(call) || events[0]?.event.type === 'requested'
  }

  add(call: CallId, events: readonly Stamped[]): void {
    const [first] = events
    const live = this.#calls.get(call)
    if (live) live.events.push(...events)
    else if (first !== undefined) {
      const by = first.event.type === 'requested' ? first.event.request.by : undefined
      this.#calls.set(call, { call, events: [...events], by, at: first.at })
    }
  }

  has(call: CallId): boolean {
    return this.#calls.has(call)
  }

  delete(call: CallId): void {
    this.#calls.delete(call)
  }

  /** Oldest first. */
  all(): readonly LiveCall[] {
    return [...this.#calls.values()].sort((a, b) => a.at - b.at)
  }

  countSince(by: PersonId, since: number): number {
    let count = 0
    for (const live of this.#calls.values()) if (live.by === by && live.at >= since) count++
    return count
  }
}
