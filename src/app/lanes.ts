/**
 * Work of one key (a person, a card) is done one after the other, work of different keys side by side: two commands
 * that one user types at once must not both find the phone free.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work)
    this.#last.set(key, turn)
    const clear = () => {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
    turn.then(clear, clear)
    return turn
  }

  /** Resolves when what is under way now has been done. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#last.values()])
  }
}
