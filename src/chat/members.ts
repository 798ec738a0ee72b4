import type { Member } from '../app/ports.ts'
import type { Connector } from './connector.ts'
import type { Reference, References } from './references.ts'

/** Milliseconds for a question to the channel. */
const PATIENCE = 5000
/** More people than anybody would be asked to choose from: the rest is not read. */
const MOST = 50

/** Who is in a conversation, as the channel itself tells (learn.microsoft.com, "Get Teams specific context"). */
export class Members {
  readonly #references: References
  readonly #connector: Connector

  constructor(references: References, connector: Connector) {
    this.#references = references
    this.#connector = connector
  }

  /** As TeamsInfo.getMember asks; only Teams vouches for an address. Undefined where it does not answer. */
  async email(channel: string, conversation: string, sender: string): Promise<string | undefined> {
    if (channel !== 'msteams') return undefined
    const reference = await this.#references.find(channel, conversation)
    const member = reference && (await this.#ask(reference, `members/${encodeURIComponent(sender)}`))
    const { email, userPrincipalName } = recordOf(member)
    return [email, userPrincipalName].find((name): name is string => typeof name === 'string' && name !== '')
  }

  /** The people of a chat, the bot apart. Nobody of a team's channel: those are not asked to choose from. */
  async all(channel: string, conversation: string): Promise<readonly Member[]> {
    const reference = await this.#references.find(channel, conversation)
    if (!reference || reference.team !== undefined) return []
    const told = await this.#ask(
      reference,
      channel === 'msteams' ? `pagedmembers?pageSize=${MOST}` : 'members',
    )
    const list = Array.isArray(told) ? told : recordOf(told)['members']
    if (!Array.isArray(list)) return []
    return list.slice(0, MOST).flatMap((member) => {
      const { id, aadObjectId, objectId } = recordOf(member)
      if (typeof id !== 'string' || id === reference.bot.id) return []
      const account = [aadObjectId, objectId].find((one): one is string => typeof one === 'string')
      return [{ id, ...(account === undefined ? {} : { aadObjectId: account }) }]
    })
  }

  async #ask(reference: Reference, what: string): Promise<unknown> {
    const where = encodeURIComponent(reference.team ?? reference.conversation)
    const outcome = await this.#connector.request({
      method: 'GET',
      serviceUrl: reference.serviceUrl,
      path: `/v3/conversations/${where}/${what}`,
      within: PATIENCE,
    })
    return outcome.kind === 'done' ? outcome.body : undefined
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
