import { askId } from '../core/ids.ts'
import type { AskId, CallId, MeetingId, PersonId } from '../core/ids.ts'
import type { PhoneKind } from '../core/party.ts'
import type { Address, Facts } from './ports.ts'

/** A question that waits for a button. What the buttons say is not trusted: this is. */
export type Ask = {
  readonly by: PersonId
  /** The conversation in which it was asked: there it can be answered in words. */
  readonly where: Pick<Address, 'channel' | 'conversation'>
  readonly at: number
  readonly from?: PhoneKind
  readonly to?: PhoneKind
} & (
  | {
      readonly kind: 'whom'
      readonly people: readonly PersonId[]
      /** Not to be called, but to be rung for a meeting: this room, or the one that the user is in. */
      readonly add?: MeetingId | 'mine'
    }
  /** This call is running: hang it up for another one? `number` where no person was meant. */
  | {
      readonly kind: 'busy'
      readonly call: CallId
      readonly person?: PersonId
      readonly number?: string
      readonly meeting?: MeetingId
    }
  /** Several meetings are on: which one? */
  | { readonly kind: 'which'; readonly meetings: readonly MeetingId[] }
  /** This command was perhaps meant. */
  | { readonly kind: 'meant'; readonly text: string }
)

/** Milliseconds that a question may be answered. */
const PATIENCE = 24 * 60 * 60 * 1000
/** Milliseconds in which words ("the second one", "yes") are taken for its answer. */
const EARSHOT = 10 * 60 * 1000

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
    await this.#facts.put('asked', placeOf(ask.by, ask.where), id)
    return id
  }

  /** The question that this person was asked here last, as long as words are taken for its answer. */
  async last(
    by: PersonId,
    where: Ask['where'],
    now: number,
  ): Promise<{ readonly id: AskId; readonly ask: Ask } | undefined> {
    const id = await this.#facts.get<AskId>('asked', placeOf(by, where))
    const ask = id === undefined ? undefined : await this.get(id, now)
    return id !== undefined && ask && now - ask.at < EARSHOT ? { id, ask } : undefined
  }

  /** The talk has gone on to something else: words answer no earlier question any more; its buttons do. */
  async goOn(by: PersonId, where: Ask['where']): Promise<void> {
    await this.#facts.delete('asked', placeOf(by, where))
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

const placeOf = (by: PersonId, { channel, conversation }: Ask['where']): string =>
  JSON.stringify([by, channel, conversation])
