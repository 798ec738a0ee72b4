import type { Language } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'

/** Who sent an activity, as the authenticated channel tells it. */
export type Sender = {
  readonly id: string
  readonly aadObjectId?: string
  readonly name?: string
  readonly tenant?: string
}

/** One activity, freed of everything that is Bot Framework's. */
export type Inbound = {
  readonly id: string
  readonly channel: string
  readonly conversation: string
  readonly group: boolean
  readonly sender: Sender
  /** BCP 47, as the channel sends it. */
  readonly locale?: string
  /** The channel's own stamp of the act, for the recognition of repeats. */
  readonly localTimestamp?: string
  readonly receivedAt: number
  readonly act: InboundAct
}

export type InboundAct =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly mentions: readonly Mention[]
      /**
       * The same in HTML, where the channel tells it: it has the addresses behind words, and knows what is a quotation. Or
       * the calendar entry (RFC 5545) that the message has with it.
       */
      readonly html?: string
    }
  /** A button: Action.Execute (`invoke`, whose answer redraws the card) or Action.Submit. Nothing in it is trusted. */
  | {
      readonly kind: 'press'
      readonly verb: string
      readonly data: Readonly<Record<string, unknown>>
      readonly card?: string
      readonly invoke: boolean
    }
  /** The bot was added to a conversation. */
  | { readonly kind: 'welcome' }
  /** Said among people, where the bot may read along: nothing counts but a meeting, and that only where it is wished. */
  | { readonly kind: 'overheard'; readonly text: string; readonly html?: string }
  /** Somebody's message that a user chose for the bot, from its menu. An invoke: it is answered at once. */
  | { readonly kind: 'picked'; readonly html: string }

/** `<at>` mentions of others (the bot's own is removed), as the activity's entities tell. */
export type Mention = { readonly id: string; readonly name: string }

/** The use case behind `POST /api/messages`. */
export interface Receiver {
  /**
   * Takes one activity. Resolves as soon as it is safe to acknowledge: after the journal's write, never after PBX,
   * channel or Graph. A text or a Submit is answered proactively; an invoke gets the screen to draw now.
   */
  receive(inbound: Inbound): Promise<Answer>
}
/** `screen` only for an invoke; a `call` screen replaces the card, others are shown in its place likewise. */
export type Answer = { readonly screen?: Screen; readonly language: Language }
