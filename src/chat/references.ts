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
const MOST_CACHED = 10_000

/** The conversation references: replaced on every contact (microsoft/BotFramework-Services#344). */
export class References {
  readonly #facts: Facts
  readonly #log: Log
  readonly #cache = new Map<string, Reference>()

  constructor(facts: Facts, log: Log) {
    this.#facts = facts
    this.#log = log
  }

  /** Takes the reference out of a contact. It holds at once; it is written behind. */
  remember(activity: Activity): void {
    const reference = referenceOf(activity)
    if (!reference) return
    const key = keyOf(reference.channel, reference.conversation)
    const same = JSON.stringify(this.#cache.get(key)) === JSON.stringify(reference)
    this.#keep(key, reference)
    if (same) return
    this.#facts.put(KIND, key, reference).catch((err: unknown) => {
      this.#log.error({ err, code: 'REFERENCE_NOT_SAVED' }, 'a conversation reference could not be saved')
    })
  }

  async find(channel: string, conversation: string): Promise<Reference | undefined> {
    const key = keyOf(channel, conversation)
    const cached = this.#cache.get(key)
    if (cached) return cached
    const stored = await this.#facts.get<Reference>(KIND, key)
    if (stored) this.#keep(key, stored)
    return stored
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
