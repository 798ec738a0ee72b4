import { askId } from '../core/ids.ts'
import type { AskId, CallId, PersonId } from '../core/ids.ts'
import type { PhoneKind } from '../core/party.ts'
import type { Facts } from './ports.ts'

/** A question that waits for a button. What the buttons say is not trusted: this is. */
export type Ask = {
  readonly by: PersonId
  readonly at: number
  readonly from?: PhoneKind
} & (
  | { readonly kind: 'whom'; readonly people: readonly PersonId[] }
  /** This call is running: hang it up for another one? `number` where no person was meant. */
  | { readonly kind: 'busy'; readonly call: CallId; readonly person?: PersonId; readonly number?: string }
)

/** Milliseconds that a question may be answered. */
const PATIENCE = 24 * 60 * 60 * 1000

/** The open questions, kept over a restart. */
export class Asks {
  readonly #facts: Facts
  readonly #newId: () => string

  constructor(facts: Facts, newId: () => string) {
    this.#facts = facts
    this.#newId = newId
  }

  async open(ask: Ask): Promise<AskId> {
    const id = askId(`a_${this.#newId()}`)
    await this.#facts.put('ask', id, ask)
    return id
  }

  /** The question, where it is open still. */
  async get(id: string, now: number): Promise<Ask | undefined> {
    const ask = await this.#facts.get<Ask>('ask', id)
    return ask && now - ask.at < PATIENCE ? ask : undefined
  }

  async close(id: string): Promise<void> {
    await this.#facts.delete('ask', id)
  }
}
