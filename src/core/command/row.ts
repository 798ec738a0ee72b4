import type { Language, PhoneKind } from '../party.ts'
import type { SettingChange } from '../settings.ts'

/** What a user wants, as typed or as a button says it. `who` is as typed: nothing in it has been judged. */
export type Command =
  /** `from` is the user's own phone that rings first; `to` the one of the other side, where one is named. */
  | { readonly name: 'call'; readonly who: string; readonly from?: PhoneKind; readonly to?: PhoneKind }
  /** The meeting that was given, or the one that is on here. */
  | { readonly name: 'join'; readonly from?: PhoneKind }
  /** The company's conference bridge; its PIN is keyed where it is given, and belongs in no log. */
  | { readonly name: 'bridge'; readonly pin?: string; readonly from?: PhoneKind }
  /** Whoever shares a meeting in this conversation gets its card, without mentioning the bot; or no longer. */
  | { readonly name: 'watch' }
  | { readonly name: 'unwatch' }
  | { readonly name: 'meetings' }
  | { readonly name: 'meetingsTomorrow' }
  | { readonly name: 'nextMeeting' }
  /** Begins a meeting of the user's own. */
  | { readonly name: 'meetNow'; readonly from?: PhoneKind }
  /** The running call goes on as one. */
  | { readonly name: 'turnIntoMeeting' }
  /** Somebody else is rung for the running call or meeting. */
  | { readonly name: 'add'; readonly who: string; readonly to?: PhoneKind }
  /** In their meeting nobody hears the user, or everybody again. */
  | { readonly name: 'mute' }
  | { readonly name: 'unmute' }
  /** What the host of a meeting of the bot's own says, and nobody else may. */
  | { readonly name: HostWish }
  | { readonly name: 'hangUp' }
  | { readonly name: 'redial' }
  | { readonly name: 'calls'; readonly page: number }
  | { readonly name: 'find'; readonly who: string }
  | { readonly name: 'status' }
  /** Shows one's settings, after this change of them where one is wished. */
  | { readonly name: 'settings'; readonly change?: SettingChange }
  | { readonly name: 'help' }

export type HostWish = 'muteAll' | 'lockMeeting' | 'unlockMeeting' | 'endMeeting'

export type CommandName = Command['name']

/** One row of the table of commands: parsing, help, suggestions and docs all come from here. */
export type CommandRow = {
  readonly name: CommandName
  /** What begins the command, the word that is taught first; small letters, without accents. */
  readonly words: Readonly<Record<Language, readonly string[]>>
  /** Words that mean it only before a number: `marca 1002`, but not `marca blanca`. */
  readonly beforeNumbers?: readonly string[]
  /** What may follow: a person or number, a page, a meeting, a PIN, a change of a setting, nothing, or anything (which is then not read). */
  readonly takes: 'who' | 'page' | 'meeting' | 'pin' | 'change' | 'nothing' | 'anything'
  readonly usage: Readonly<Record<Language, string>>
  readonly help: Readonly<Record<Language, string>>
  readonly examples: Readonly<Record<Language, readonly string[]>>
  /** Not in the menu of Teams, which takes ten. */
  readonly unlisted?: true
}
