import type { E164, PersonId, SipUri } from './ids.ts'

export type Language = 'en' | 'es'

/**
 * What can be dialled. It has passed the gate for numbers (core/dialplan): nothing else makes one.
 * `extension` goes to the PBX as it stands; `number` is written in the trunk's own form.
 */
export type Target =
  | { readonly kind: 'number'; readonly number: E164 }
  | { readonly kind: 'extension'; readonly extension: string }
  /** Its own host is asked; with `via`, the trunk, which knows the way there. */
  | { readonly kind: 'uri'; readonly uri: SipUri; readonly via?: 'trunk' }

export type PhoneKind = 'desk' | 'mobile'

/** A person of the directory, as every source of people gives them. */
export type Person = {
  readonly id: PersonId
  readonly name: string
  readonly aadObjectId?: string
  /** Sender ids by channel (`{ directline: 'dl_bob' }`), for channels that know no aadObjectId. */
  readonly ids: Readonly<Record<string, string>>
  readonly email?: string
  readonly department?: string
  readonly extension?: string
  /** As the file has them: E.164, a national number or an extension as the PBX takes it. */
  readonly phones: { readonly desk?: string; readonly mobile?: string }
  readonly did?: E164
  readonly aliases: readonly string[]
  readonly admin: boolean
  /** Address of an iCalendar feed (RFC 5545), which may be its own key: never shown, never logged. */
  readonly calendar?: string
}

/** One end of a call: who it is and what was dialled for them. */
export type Party = {
  readonly person?: PersonId
  /** The directory's name, or the number as people write it. */
  readonly name: string
  readonly department?: string
  readonly target: Target
  readonly phone?: PhoneKind
}
