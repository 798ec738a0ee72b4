import type { Address, Facts } from '../ports.ts'

type Place = Pick<Address, 'channel' | 'conversation'>

/** The groups where meetings get their card without anybody mentioning the bot, kept over a restart. */
export class Watched {
  readonly #facts: Facts
  readonly #always: boolean

  /** @param always `WATCH_MEETINGS`: also where nobody has said anything about it */
  constructor(facts: Facts, always: boolean) {
    this.#facts = facts
    this.#always = always
  }

  /** Whether a meeting that is overheard here is to have its card. */
  async isWatched(place: Place): Promise<boolean> {
    return (await this.#facts.get<boolean>(KIND, keyOf(place))) ?? this.#always
  }

  set(place: Place, on: boolean): Promise<void> {
    return this.#facts.put(KIND, keyOf(place), on)
  }
}

const KIND = 'watched'

/** Of Teams' channels each thread is a conversation of its own; it is the channel that is watched. */
const keyOf = ({ channel, conversation }: Place) =>
  JSON.stringify([channel, conversation.replace(/;messageid=\d+$/, '')])
