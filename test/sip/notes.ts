import type { Log } from '../../src/app/ports.ts'
import { CALL, quiet } from './stage.ts'

export type Told = Readonly<Record<string, unknown>>

/** What the legs log, as it comes. */
export class Notes {
  readonly told: Told[] = []
  #waiting: (() => void)[] = []
  readonly log: Log = {
    ...quiet,
    debug: (fields, text) => {
      this.#take(fields, text)
    },
    info: (fields, text) => {
      this.#take(fields, text)
    },
    warn: (fields, text) => {
      this.#take(fields, text)
    },
  }

  /** The trunks by which a leg was dialled, in order. */
  dialled(): unknown[] {
    const lines = this.told.filter(({ text, call }) => text === 'A leg is dialled' && call === CALL)
    return lines.map(({ trunk }) => trunk)
  }

  until(trunk: string, state: string): Promise<Told> {
    return this.says((line) => line['trunk'] === trunk && line['state'] === state)
  }

  /** Resolves with the first line that fits, also one that came before. */
  async says(fits: (line: Told) => boolean): Promise<Told> {
    for (;;) {
      const line = this.told.find(fits)
      if (line) return line
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #take(fields: object, text: string): void {
    this.told.push({ ...fields, text })
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
