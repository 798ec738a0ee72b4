import type { CallId } from '../core/ids.ts'

/**
 * The calls that go over one trunk, of which there may be so many at once (`maxCalls`). A call has one place, however many
 * of its legs go this way, so that whoever has been rung finds a line for the other side.
 */
export class Places {
  most = Infinity
  /** The legs of each call. */
  readonly #calls = new Map<CallId, number>()

  get taken(): number {
    return this.#calls.size
  }

  /** Whether there is room for one call more. */
  get free(): boolean {
    return this.taken < this.most
  }

  /** Takes a place for a leg. @returns false where none is left */
  take(call: CallId): boolean {
    const legs = this.#calls.get(call)
    if (legs === undefined && !this.free) return false
    this.#calls.set(call, (legs ?? 0) + 1)
    return true
  }

  /** Gives the place of one leg back: once for each `take`. */
  leave(call: CallId): void {
    const legs = this.#calls.get(call) ?? 0
    if (legs > 1) this.#calls.set(call, legs - 1)
    else this.#calls.delete(call)
  }
}
