import type { Person } from '../core/party.ts'
import type { Inbound } from './inbound.ts'
import type { Policy } from './policy.ts'
import type { Chat, Clock, Directory, Facts, Log } from './ports.ts'

export type IdentifyDeps = {
  readonly directory: Directory
  readonly chat: Pick<Chat, 'memberEmail'>
  readonly facts: Facts
  readonly clock: Clock
  readonly policy: Policy
  readonly log: Log
}

/** What of an activity tells who sent it. */
export type Asker = Pick<Inbound, 'sender' | 'channel' | 'conversation'>

/**
 * Who sent an activity: a row of the directory, or nobody (docs/rules.md, "Who is a user"). Found by aadObjectId; else by
 * the e-mail that the channel itself gives for this sender, in an allowed tenant; else by an explicit `ids` entry.
 * Nothing that the activity says of itself is believed but what the channel has authenticated.
 */
export async function identify(inbound: Asker, deps: IdentifyDeps): Promise<Person | undefined> {
  const { sender, channel } = inbound
  const { directory } = deps
  if (sender.aadObjectId !== undefined) {
    const person = await directory.byAadObjectId(sender.aadObjectId)
    if (person) return person
  }
  const byMail = await byEmail(inbound, deps)
  if (byMail) return byMail
  // Direct Line lets the client choose its `from.id`, unless enhanced authentication has set it (`dl_…`).
  if (/^(directline|webchat)$/.test(channel) && !sender.id.startsWith('dl_')) return undefined
  return directory.byChannelId(channel, sender.id)
}

/** What a channel told of a sender. Asked again after a day: people are renamed, and addresses given to others. */
type Known = { readonly email: string; readonly at: number }
const KNOWN_FOR = 24 * 60 * 60 * 1000

async function byEmail(inbound: Asker, deps: IdentifyDeps): Promise<Person | undefined> {
  const { sender, channel, conversation } = inbound
  const tenant = sender.tenant?.toLowerCase()
  if (tenant === undefined || !deps.policy.allowedTenants.some((one) => one.toLowerCase() === tenant))
    return undefined
  const key = `${channel}|${tenant}|${sender.id}`
  const known = await deps.facts.get<Known>('sender', key)
  const fresh = known && deps.clock.now() - known.at < KNOWN_FOR
  const email = fresh ? known.email : ((await ask()) ?? known?.email)
  if (email === undefined) return undefined
  const person = await deps.directory.byEmail(email)
  if (!person) return undefined
  // A row that names its account belongs to that account alone.
  if (person.aadObjectId !== undefined && person.aadObjectId !== sender.aadObjectId) return undefined
  return person

  async function ask(): Promise<string | undefined> {
    try {
      const told = await deps.chat.memberEmail(channel, conversation, sender.id)
      if (told !== undefined)
        await deps.facts.put('sender', key, { email: told, at: deps.clock.now() } satisfies Known)
      return told
    } catch (err) {
      deps.log.warn({ code: 'MEMBER_LOOKUP', err, channel }, 'the channel did not tell who the sender is')
      return undefined
    }
  }
}
