import type { Facts, Log } from '../app/ports.ts'
import { isGroup, teamOf, tenantsOf } from './activity.ts'
import type { Activity } from './activity.ts'

/** Where and as whom the bot writes in one conversation. Kept over restarts (microsoft/botbuilder-js#1817). */
export type Reference = {
  readonly channel: string
  readonly conversation: string
  readonly serviceUrl: string
  readonly bot: { readonly id: string; readonly name?: string }
  /** The other end of a personal conversation. */
  readonly user?: { readonly id: string; readonly name?: string }
  readonly tenant?: string
  /** The team of a channel's conversation: its members are asked there. */
  readonly team?: string
  readonly group: boolean
}

const KIND = 'reference'
/** Whether a conversation was greeted: goes with its reference. */
export const WELCOMED = 'welcomed'
const PLACES = 'reference-place'
const MOST_KEPT = 20_000
const MOST_CACHED = 10_000
/** So many conversations that were in touch lately are passed over for one that was not. */
const MOST_PASSED_OVER = 8

/**
 * The conversation references: replaced on every contact (microsoft/BotFramework-Services#344). Anybody can make
 * contact, so they stand in a ring of places: a new one takes the place of one that was long not in touch.
 */
export class References {
  readonly #facts: Facts
  readonly #log: Log
  readonly #most: number
  readonly #cache = new Map<string, Reference>()
  /** In touch since their place was last passed. */
  readonly #lately = new Set<string>()
  #writing: Promise<void> = Promise.resolve()

  /** @param most how many conversations are kept */
  constructor(facts: Facts, log: Log, most = MOST_KEPT) {
    this.#facts = facts
    this.#log = log
    this.#most = most
  }

  /** Takes the reference out of a contact. It holds at once; it is written behind. */
  remember(activity: Activity): void {
    const reference = referenceOf(activity)
    if (!reference) return
    const key = keyOf(reference.channel, reference.conversation)
    const same = JSON.stringify(this.#cache.get(key)) === JSON.stringify(reference)
    this.#keep(key, reference)
    this.#lately.add(key)
    if (same) return
    this.#writing = this.#writing
      .then(() => this.#write(key, reference))
      .catch((err: unknown) => {
        this.#log.error({ err, code: 'REFERENCE_NOT_SAVED' }, 'a conversation reference could not be saved')
      })
  }

  /** Resolves when all that was remembered until now is written. */
  written(): Promise<void> {
    return this.#writing
  }

  async find(channel: string, conversation: string): Promise<Reference | undefined> {
    const key = keyOf(channel, conversation)
    const cached = this.#cache.get(key)
    if (cached) return cached
    const stored = await this.#facts.get<Reference>(KIND, key)
    if (stored) this.#keep(key, stored)
    return stored
  }

  async #write(key: string, reference: Reference): Promise<void> {
    if ((await this.#facts.get(KIND, key)) === undefined) await this.#makeRoom(key)
    await this.#facts.put(KIND, key, reference)
  }

  async #makeRoom(key: string): Promise<void> {
    let place = (await this.#facts.get<number>(PLACES, 'next')) ?? 0
    let before = await this.#facts.get<string>(PLACES, String(place))
    for (let i = 0; i < MOST_PASSED_OVER && before !== undefined && this.#lately.delete(before); i += 1) {
      place = (place + 1) % this.#most
      before = await this.#facts.get<string>(PLACES, String(place))
    }
    // At once: who gets in touch from now on is written anew, behind this.
    const gone = before === key ? undefined : before
    if (gone !== undefined) this.#drop(gone)
    await this.#facts.put(PLACES, String(place), key)
    await this.#facts.put(PLACES, 'next', (place + 1) % this.#most)
    if (gone === undefined) return
    await this.#facts.delete(KIND, gone)
    await this.#facts.delete(WELCOMED, gone)
  }

  #drop(key: string) {
    this.#cache.delete(key)
    this.#lately.delete(key)
  }

  #keep(key: string, reference: Reference) {
    this.#cache.delete(key)
    this.#cache.set(key, reference)
    const oldest = this.#cache.keys().next()
    if (this.#cache.size > MOST_CACHED && !oldest.done) this.#cache.delete(oldest.value)
  }
}

export const keyOf = (channel: string, conversation: string) => `${channel}|${conversation}`

function referenceOf(activity: Activity): Reference | undefined {
  const { recipient, from } = activity
  if (!recipient) return undefined
  const group = isGroup(activity)
  const [tenant] = tenantsOf(activity)
  const team = teamOf(activity)
  return {
    channel: activity.channelId,
    conversation: activity.conversation.id,
    serviceUrl: activity.serviceUrl.replace(/\/+$/, ''),
    bot: { id: recipient.id, ...(recipient.name ? { name: recipient.name } : {}) },
    ...(group ? {} : { user: { id: from.id, ...(from.name ? { name: from.name } : {}) } }),
    ...(tenant ? { tenant } : {}),
    ...(team ? { team } : {}),
    group,
  }
}
