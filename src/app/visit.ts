import type { Person } from '../core/party.ts'
import type { Mention } from './inbound.ts'
import type { Address } from './ports.ts'

/** Where somebody asks from: their conversation, and the card that they pressed where it was a button. */
export type Visit = {
  readonly me: Person
  readonly at: Address
  /** The pressed activity; a call that comes of it goes on in its place. */
  readonly card?: string
  readonly mentions?: readonly Mention[]
  /** Minutes that their clock is before UTC, where the channel tells. */
  readonly offset?: number
  /** Others are in the conversation, too. */
  readonly group?: boolean
}
