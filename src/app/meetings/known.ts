import { meetingId } from '../../core/ids.ts'
import type { MeetingId } from '../../core/ids.ts'
import type { Meeting } from '../../core/meeting/meeting.ts'
import type { DialIn } from '../../core/meeting/way-in.ts'
import { Lanes } from '../lanes.ts'
import type { Address, Facts } from '../ports.ts'

/** A meeting that somebody wrote of in a conversation. It has the PIN: nothing of it goes anywhere but to a bridge. */
export type Known = {
  readonly id: MeetingId
  readonly meeting: Meeting
  /** What its provider's service told of the way in, beyond the text. */
  readonly told?: DialIn
  /** Why it has just told nothing, where that is worth a word; not kept. */
  readonly untold?: 'refused' | 'away'
  readonly where: Address
  readonly at: number
  /** It was shared, and not only joined: it has a card for everybody there. */
  readonly shared?: boolean
  /** That card's activity. */
  readonly card?: string
}

/** Milliseconds in which the same link in the same conversation is the same meeting, with one card. */
const WINDOW = 12 * 60 * 60 * 1000

/** The meetings that were shared in chats, kept over a restart. */
export class KnownMeetings {
  readonly #facts: Facts
  readonly #newId: () => string
  readonly #lanes = new Lanes()

  constructor(facts: Facts, newId: () => string) {
    this.#facts = facts
    this.#newId = newId
  }

  /**
   * Remembers a meeting of a conversation. One that was shared there before, and lately, is the same: what a later text
   * tells beyond the first is added to it.
   */
  async remember(meeting: Meeting, where: Address, now: number): Promise<Known> {
    const known = await this.note(meeting, where, now)
    await this.#facts.put('meetingLast', placeOf(where), known.id)
    return known
  }

  /** The same for one that nobody has written of here: it can be joined by its id, and is not the last one of the talk. */
  async note(meeting: Meeting, where: Address, now: number): Promise<Known> {
    const at = placeOf(where)
    const key = JSON.stringify([at, meeting.key])
    return this.#lanes.run(key, async () => {
      const id = (await this.#facts.get<string>('meetingAt', key)) ?? ''
      const before = await this.get(id)
      if (before && now - before.at <= WINDOW) {
        const added = await this.#change(id, (known) => ({
          ...known,
          meeting: merged(known.meeting, meeting),
        }))
        if (added) return added
      }
      const known: Known = { id: meetingId(`m_${this.#newId()}`), meeting, where, at: now }
      await this.#facts.put('meeting', known.id, known)
      await this.#facts.put('meetingAt', key, known.id)
      return known
    })
  }

  get(id: string): Promise<Known | undefined> {
    return this.#facts.get<Known>('meeting', id)
  }

  /** The one that was shared last in this conversation, as long as it may be on. */
  async last(where: Address, now: number): Promise<Known | undefined> {
    const known = await this.get((await this.#facts.get<string>('meetingLast', placeOf(where))) ?? '')
    return known && now - known.at <= WINDOW ? known : undefined
  }

  /** Its provider's service has told the way in. */
  async learn(known: Known, told: DialIn): Promise<Known> {
    return (await this.#change(known.id, (now) => ({ ...now, told }))) ?? { ...known, told }
  }

  /** It has a card from now on. */
  async share(known: Known): Promise<Known> {
    return (await this.#change(known.id, (now) => ({ ...now, shared: true }))) ?? { ...known, shared: true }
  }

  /** Its card stands as this activity. */
  async posted(id: MeetingId, card: string): Promise<void> {
    await this.#change(id, (known) => ({ ...known, card }))
  }

  /** One change after the other, each of what the one before has left: none of them is lost. */
  #change(id: string, change: (known: Known) => Known): Promise<Known | undefined> {
    return this.#lanes.run(id, async () => {
      const known = await this.get(id)
      if (!known) return undefined
      const changed = change(known)
      await this.#facts.put('meeting', id, changed)
      return changed
    })
  }
}

const placeOf = ({ channel, conversation }: Address): string => JSON.stringify([channel, conversation])

/** What the later text says counts; what it leaves out stays. */
function merged(before: Meeting, after: Meeting): Meeting {
  return { ...before, ...after, numbers: after.numbers.length > 0 ? after.numbers : before.numbers }
}
