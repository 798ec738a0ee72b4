import type { Meeting } from '../meeting/meeting.ts'
import type { Language, PhoneKind } from '../party.ts'
import type { Answer } from './answer.ts'
import type { Phones } from './phones.ts'
import type { Command } from './row.ts'

/** `language` is that of the words that matched; undefined where they are of both. */
export type Parsed =
  | { readonly kind: 'command'; readonly command: Command; readonly language: Language | undefined }
  /** The text is about these meetings; `join` where it asks to be brought in. */
  | {
      readonly kind: 'meeting'
      readonly meetings: readonly Meeting[]
      readonly join: boolean
      readonly from?: PhoneKind
      readonly language: Language | undefined
    }
  /** "2", "the second one", "yes": it means something only where something was asked. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly language: Language | undefined }
  /** `nearest` is the usage of the command that was perhaps meant; `meant` is the whole of it, ready to be typed. */
  | {
      readonly kind: 'unknown'
      readonly nearest?: string
      readonly meant?: string
      readonly language?: Language
    }
  /** "Call Bob or Alice": one of these, and nobody knows which. */
  | ({
      readonly kind: 'either'
      readonly who: readonly string[]
      readonly language: Language | undefined
    } & Omit<Phones, 'rest'>)
  /** A link that was to be joined, or stands alone, and is no meeting's; its host where it has one. */
  | { readonly kind: 'noMeeting'; readonly host: string }
  /** Asked to join by a number and a PIN that no telephone can key. */
  | { readonly kind: 'noPin' }
  | { readonly kind: 'tooLong' }

export type CommandParsed = Extract<Parsed, { readonly kind: 'command' }>
