import type { ProviderName } from './meeting/meeting.ts'
import type { Lack } from './meeting/way-in.ts'
import type { PhoneKind } from './party.ts'

/**
 * Everything that a user can be told in one plain sentence, with what happened and what to do next.
 * The words stand in the language files of `chat/`; nothing else words an error.
 */
export type Sentence =
  | { readonly code: 'unknownCommand'; readonly text: string; readonly nearest?: string }
  | { readonly code: 'callWhom' }
  | { readonly code: 'findWhom' }
  | { readonly code: 'tooLong' }
  | { readonly code: 'notAUser' }
  | { readonly code: 'personUnknown'; readonly who: string; readonly near: readonly string[] }
  | { readonly code: 'tooManyMatches'; readonly who: string; readonly count: number }
  | { readonly code: 'noPhone'; readonly who: string }
  | { readonly code: 'youHaveNoPhone' }
  | { readonly code: 'youHaveNoSuchPhone'; readonly phone: string }
  | { readonly code: 'theyHaveNoSuchPhone'; readonly who: string; readonly phone: string }
  /** `ask`: administrators who can change it; none where nobody in particular is known. */
  | { readonly code: 'noPhoneToRing'; readonly phone: PhoneKind; readonly ask: readonly string[] }
  | { readonly code: 'pressOneForced'; readonly on: boolean; readonly ask: readonly string[] }
  | { readonly code: 'settingsNotYours' }
  | { readonly code: 'callingYourself' }
  | { readonly code: 'numberInvalid'; readonly number: string }
  | { readonly code: 'numberNotAllowed'; readonly number: string; readonly kind: NumberClass }
  | { readonly code: 'emergency'; readonly number: string }
  | { readonly code: 'sipDomainNotAllowed'; readonly domain: string }
  | { readonly code: 'alreadyCalling'; readonly who: string }
  | { readonly code: 'noCall' }
  | { readonly code: 'nothingToRedial' }
  | { readonly code: 'noCalls' }
  | { readonly code: 'tooManyCalls'; readonly limit: number }
  | { readonly code: 'trunkDown' }
  | { readonly code: 'noLine' }
  | { readonly code: 'draining' }
  | { readonly code: 'notYours' }
  | { readonly code: 'askExpired' }
  | { readonly code: 'nothingAsked' }
  | { readonly code: 'pickOne'; readonly count: number }
  | { readonly code: 'leftAlone' }
  | { readonly code: 'buttonUnknown' }
  | { readonly code: 'adminsOnly' }
  | { readonly code: 'restartedMeanwhile'; readonly text: string }
  /** Nothing is on here, and no meeting was given. */
  | { readonly code: 'joinWhat' }
  /** A PIN with something in it that cannot be keyed for the user. */
  | { readonly code: 'noPin' }
  /** No conference bridge of the company is set. */
  | { readonly code: 'noBridge' }
  /** The meeting is known, the way in for a telephone is not. */
  | { readonly code: 'noWayIn'; readonly provider: ProviderName; readonly missing: Lack }
  | { readonly code: 'meetingUnknown' }
  /** No calendar of this person's is known. */
  | { readonly code: 'noCalendar' }
  | { readonly code: 'calendarAway' }
  | { readonly code: 'noMeetingsToday' }
  | { readonly code: 'noMeetingsTomorrow' }
  | { readonly code: 'noMeetingAhead' }
  /** One's day is not for a group: it was sent to one's own chat, or none is known. */
  | { readonly code: 'agendaSent' }
  | { readonly code: 'agendaAlone' }
  /** The room has ended, or nobody knows it any more. */
  | { readonly code: 'roomOver' }
  | { readonly code: 'roomLocked'; readonly host: string }
  | { readonly code: 'hostOnly'; readonly host: string }
  /** The same to somebody who is in it and wanted it to end: they can leave. */
  | { readonly code: 'hostEnds'; readonly host: string }
  | { readonly code: 'alreadyIn'; readonly who: string }
  | { readonly code: 'roomFull'; readonly limit: number }
  /** Phones that ring at once for invitations of one person. */
  | { readonly code: 'tooManyRinging'; readonly limit: number }
  | { readonly code: 'inNoRoom' }
  | { readonly code: 'addToWhat' }
  | { readonly code: 'addWhom' }
  | { readonly code: 'alreadyMeeting' }
  | { readonly code: 'notYetTalking'; readonly who: string }
  | { readonly code: 'inviting'; readonly who: string }
  | { readonly code: 'muted'; readonly on: boolean }
  /** Said to the host, of others whose phones are in; `bridged`: who is in by the meeting's own bridge is heard still. */
  | { readonly code: 'mutedAll'; readonly count: number; readonly bridged: boolean }
  /** `bridged`: the meeting has a number of its own, which no lock of the bot's closes. */
  | { readonly code: 'locked'; readonly on: boolean; readonly bridged: boolean }
  | { readonly code: 'endedForAll' }
  /** What a host says where there is no meeting of the bot's own; `call`: but a call of two. */
  | { readonly code: 'hostOfNone'; readonly call: boolean }
  /** The meeting that the user has joined is its provider's. */
  | { readonly code: 'notMyMeeting'; readonly provider: ProviderName }
  /** What somebody passes on to people outside, for their own eyes: it has the PIN. */
  | {
      readonly code: 'invitation'
      readonly title: string
      readonly number: string
      readonly id?: string
      readonly pin?: string
      readonly link?: string
    }
  /** It was sent to one's own chat, or none is known. */
  | { readonly code: 'invitationSent' }
  | { readonly code: 'invitationAlone' }
  | { readonly code: 'watching'; readonly on: boolean }
  /** Where only one person writes, there is nothing to switch. */
  | { readonly code: 'watchingAlone' }
  /** A message that was chosen for the bot has no meeting in it, or has got its card. */
  | { readonly code: 'noMeetingInIt' }
  | { readonly code: 'meetingShown' }
  /** It was shared here before, and has its card. */
  | { readonly code: 'meetingShownBefore' }
  /** A link that is no meeting's; '' where it leads to no host. */
  | { readonly code: 'noMeetingThere'; readonly host: string }
  | { readonly code: 'fault'; readonly reference: string }

/** Why a number is refused, for the sentence that names the setting which would allow it. */
export type NumberClass = 'international' | 'premium' | 'sharedCost' | 'satellite' | 'short' | 'unclassified'
