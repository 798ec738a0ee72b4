import type { Accepted } from '../app/ports.ts'

const DAY = 24 * 60 * 60 * 1000
const MINUTE = 60 * 1000

/** How long a repeat of this key is known, in milliseconds (docs/rules.md, "Repeats"). */
const lifetime = (key: string) => (key.startsWith('same:') ? MINUTE : DAY)

/** The acts of the last day, in memory. */
export class SeenActs {
  // Two maps, each in order of time, so that what has expired stands in front.
  readonly #days = new Map<string, number>()
  readonly #minutes = new Map<string, number>()
  /** By the first key of the act. */
  readonly #pending = new Map<string, Accepted>()

  /** Has one of its keys been seen within its time? */
  isRepeat({ keys, at }: Pick<Accepted, 'keys' | 'at'>): boolean {
    return keys.some((key) => {
      const seen = this.#of(key).get(key)
      return seen !== undefined && at - seen <= lifetime(key)
    })
  }

  add(act: Accepted): void {
    this.mark(act.keys, act.at)
    this.#pending.set(act.keys[0] ?? '', act)
  }

  /** Keys of an act that has been carried out already. */
  mark(keys: readonly string[], at: number): void {
    for (const key of keys) {
      this.#of(key).delete(key)
      this.#of(key).set(key, at)
    }
  }

  isPending(keys: readonly string[]): boolean {
    return this.#find(keys) !== undefined
  }

  done(keys: readonly string[]): void {
    const found = this.#find(keys)
    if (found !== undefined) this.#pending.delete(found)
  }

  /** Accepted and never done, oldest first. */
  pending(): readonly Accepted[] {
    return [...this.#pending.values()].sort((a, b) => a.at - b.at)
  }

  /** Forgets what is over; costs only what it forgets. */
  prune(now: number): void {
    for (const seen of [this.#minutes, this.#days])
      for (const [key, at] of seen) {
        if (now - at <= lifetime(key)) break
        seen.delete(key)
      }
    for (const [key, act] of this.#pending) {
      if (now - act.at <= DAY) break
      this.#pending.delete(key)
    }
  }

  /** All keys with their times, for writing them anew. */
  *seen(): Iterable<readonly [key: string, at: number]> {
    yield* this.#minutes
    yield* this.#days
  }

  #of(key: string): Map<string, number> {
    return lifetime(key) === MINUTE ? this.#minutes : this.#days
  }

  #find(keys: readonly string[]): string | undefined {
    return keys.find((key) => this.#pending.has(key))
  }
}
