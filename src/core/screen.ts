import type { Answerer, Role } from './call/call.ts'
import type { CallRecord, LadderEntry, LegTimes } from './call/record.ts'
import type { AskId, CallId, E164, MeetingId, PersonId } from './ids.ts'
import type { ProviderName } from './meeting/meeting.ts'
import type { DialInShown } from './meeting/dial-in.ts'
import type { Lack } from './meeting/way-in.ts'
import type { Language, PhoneKind } from './party.ts'
import type { Sentence } from './sentence.ts'
import type { SettingChange } from './settings.ts'
import type { Cause, Side } from './termination.ts'

/** Button verbs: stable words, the same in every language. */
export type Verb =
  | 'hangUp'
  | 'redial'
  | 'details'
  | 'ladder'
  | 'choose'
  | 'call'
  | 'callsPage'
  | 'hangUpAndCall'
  | 'leave'
  | 'agree'
  | 'back'
  | 'help'
  | 'status'
  | 'settings'
  | 'setRings'
  | 'setLanguage'
  | 'setPressOne'
  | 'callMe'
  | 'onMobile'
  | 'invitation'
  | 'muteMe'
  | 'invite'
  | 'addToRoom'
  | 'muteAll'
  | 'lockRoom'
  | 'endRoom'

/** What the card of a call shows. Language-free: words, icons and layout are the chat adapter's. */
export type CallView = {
  readonly call: CallId
  readonly revision: number
  /** Who asked for the call, and the phone of theirs that rings. */
  readonly user: { readonly name: string; readonly phone?: PhoneKind; readonly number: string }
  readonly callee: {
    readonly name: string
    readonly number: string
    readonly department?: string
    /** They were seen in another call when this was drawn, and may not pick up. */
    readonly inCall?: boolean
  }
  /** What the user's phone shows while it rings for this call. */
  readonly globalCallerId?: E164
  /** This person has never made a call before: what their phone shows is explained to them. */
  readonly firstCall?: true
  readonly state:
    | { readonly kind: 'callingUser' }
    | { readonly kind: 'confirming' }
    | { readonly kind: 'callingCallee'; readonly ringing: boolean }
    | {
        readonly kind: 'connected'
        readonly since: number
        /** Whose phone is not heard, though nobody holds; the one missed first before the other. */
        readonly silent?: readonly Role[]
        /** Who has left the room that this call is in. */
        readonly gone?: readonly Role[]
        /** A machine has answered in place of the callee. */
        readonly machine?: Answerer
      }
    | {
        readonly kind: 'ended'
        readonly cause: Cause
        readonly side: Side
        readonly divertedTo?: string
        /** What the far side says of it in words of its own. */
        readonly said?: string
        readonly connected: boolean
        /** Seconds that both talked; 0 when they never did. */
        readonly lasted: number
        /** How long each leg that was dialled rang and talked. */
        readonly legs: readonly LegTimes[]
        readonly at: number
        /** The user's other phone, offered where the own phone was busy or silent. */
        readonly otherPhone?: PhoneKind
      }
  /** The meeting that it joins; `keying` while the bot keys its id and PIN. */
  readonly meeting?: {
    readonly provider: ProviderName
    readonly title?: string
    readonly link?: string
    readonly keying?: 'waiting' | 'failed' | 'byHand'
  }
  /** It is in a room of the bot's, or on its way there. */
  readonly room?: true
  readonly requestedAt: number
  /** The buttons that make sense now, most wanted first. */
  readonly actions: readonly ('hangUp' | 'redial' | 'details')[]
}

/** A meeting that was shared in a chat, for everybody there: nothing in it is for its members alone. */
export type MeetingView = {
  readonly meeting: MeetingId
  /** Grows with each change that can be seen. */
  readonly revision: number
  readonly provider: ProviderName
  readonly title?: string
  readonly link?: string
  /** Why no telephone gets in; where that may pass (`away`), it can be tried all the same. */
  readonly missing?: Lack
  /** What others come in by, to be passed on, where the bot has made the meeting. */
  readonly dialIn?: DialInShown
  /** Who is in, or on the way, by phone; who came first, first. */
  readonly joined: readonly { readonly name: string; readonly state: 'calling' | 'in' }[]
  /** Why whoever has just pressed is not called: for their eyes alone. */
  readonly note?: Sentence
}

/** One meeting of somebody's own day. */
export type AgendaLine = {
  readonly meeting: MeetingId
  readonly provider: ProviderName
  readonly title?: string
  readonly link?: string
  readonly startsAt?: number
  readonly state: 'over' | 'on' | 'later'
  /** A telephone gets in, as far as is known. */
  readonly callable: boolean
}

/** Why a meeting that was to have video is sound alone: it was made and has no telephone number, or could not be made. */
export type SoundAlone = 'noDialIn' | 'notMade'

/** The meeting that a room is part of: others come in by its link and its number, and its bridge is one more member. */
export type OutsideView = {
  readonly meeting: MeetingId
  readonly provider: ProviderName
  readonly link?: string
  readonly dialIn?: DialInShown
  readonly state: 'calling' | 'in' | 'gone'
  readonly speaks?: boolean
  /** Why it is gone, where it has never been there. */
  readonly cause?: Cause
}

/** A room of the bot's own, for everybody in the conversation. It is audio alone. */
export type RoomView = {
  readonly meeting: MeetingId
  /** Grows with each change that can be seen. */
  readonly revision: number
  /** Who began it, and may mute, lock and end it. */
  readonly host: string
  readonly locked: boolean
  /** Who is in, or on the way; who came first, first. */
  readonly members: readonly RoomMember[]
  /** Whose invitation came to nothing. */
  readonly declined: readonly { readonly name: string; readonly cause: Cause }[]
  /** Why it has no video, where it was to have some. */
  readonly soundAlone?: SoundAlone
  readonly outside?: OutsideView
  /** Nobody is left. */
  readonly over?: boolean
  /** What whoever has just pressed is told: for their eyes alone. */
  readonly note?: Sentence
}

export type RoomMember = {
  readonly name: string
  /** `asked`: picked up, and has still to press 1. */
  readonly state: 'calling' | 'asked' | 'in'
  readonly muted?: boolean
  readonly speaks?: boolean
}

/** One line of a list of calls. */
export type CallLine = {
  readonly call: CallId
  readonly who: string
  readonly number: string
  readonly at: number
  readonly lasted: number
  readonly cause: Cause
  readonly side: Side
  /** What had answered in place of the callee. */
  readonly machine?: Answerer
  /** It led into a room of the bot's; without a number, by one's own phone. */
  readonly room?: true
}

/**
 * What is known of whether somebody is free: they are in a call of the bot's, or nothing is known. Nobody is ever said
 * to be free, since the bot does not hear of what a phone does besides.
 */
export type Presence = 'inCall' | 'unknown'

/** One person or number to choose. `pick` comes back with the button. */
export type Choice = {
  readonly pick: number
  readonly name: string
  readonly department?: string
  readonly number: string
  readonly presence: Presence
}

/** Everything that a chat can be shown. */
export type Screen =
  | { readonly kind: 'call'; readonly view: CallView }
  | { readonly kind: 'meeting'; readonly view: MeetingView }
  | { readonly kind: 'room'; readonly view: RoomView }
  /** Whom to ring for a room; `passOn` is the meeting whose number and link can be passed on besides. */
  | { readonly kind: 'invite'; readonly room: MeetingId; readonly host: string; readonly passOn?: MeetingId }
  | { readonly kind: 'sentence'; readonly sentence: Sentence }
  | {
      readonly kind: 'ask'
      readonly ask: AskId
      readonly who: string
      /** One alone, where who is meant is only guessed. */
      readonly choices: readonly Choice[]
      /** How many more may be meant, who are not called so often. */
      readonly left: number
    }
  /** "You are talking to Bob": hang up and call Carol, or leave it. */
  | {
      readonly kind: 'askBusy'
      readonly ask: AskId
      readonly talkingTo: string
      readonly wanted: string
      /** Whether it is somebody who is to be called; a meeting, or somebody's room, that is to be joined; or a new room. */
      readonly wants: 'call' | 'meeting' | 'room' | 'newRoom'
    }
  /** "cal bob": was this command meant? */
  | { readonly kind: 'askMeant'; readonly ask: AskId; readonly text: string; readonly meant: string }
  | {
      readonly kind: 'people'
      readonly who: string
      readonly people: readonly FoundPerson[]
      readonly left: number
    }
  | {
      readonly kind: 'calls'
      readonly lines: readonly CallLine[]
      readonly page: number
      readonly more: boolean
    }
  | { readonly kind: 'help'; readonly globalCallerId?: E164; readonly welcome: boolean }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'settings'; readonly settings: SettingsShown }
  | {
      readonly kind: 'agenda'
      readonly about: 'today' | 'tomorrow' | 'next' | 'which' | 'reminder'
      readonly lines: readonly AgendaLine[]
      /** How many more there are. */
      readonly left: number
      /** Minutes that the reader's clock is before UTC, where that is known. */
      readonly offset?: number
    }
  | {
      readonly kind: 'details'
      readonly view: CallView
      readonly record?: CallRecord
      readonly ladder: boolean
    }
  | { readonly kind: 'ladder'; readonly view: CallView; readonly entries: readonly LadderEntry[] }

export type FoundPerson = {
  readonly name: string
  readonly department?: string
  readonly email?: string
  readonly extension?: string
  readonly desk?: string
  readonly mobile?: string
  readonly presence: Presence
}

export type Status = {
  readonly name: string
  readonly desk?: string
  readonly mobile?: string
  readonly did?: string
  readonly globalCallerId?: E164
  readonly call?: CallView
  readonly trunks: readonly TrunkShown[]
}

/** One way to the PBX, as `status` shows it. */
export type TrunkShown = {
  readonly name: string
  readonly state: 'up' | 'down' | 'unknown' | 'unregistered'
}

/** What somebody has set for themselves, as it holds. */
export type SettingsShown = {
  /** Whose they are: nobody else's press changes them. */
  readonly owner: PersonId
  /** `first` marks the one that rings first. */
  readonly phones: readonly {
    readonly kind: PhoneKind
    readonly number: string
    readonly first: boolean
  }[]
  readonly language: Language | 'channel'
  /** `forced`: the administrator's word, for everybody. */
  readonly pressOne: { readonly on: boolean; readonly forced: boolean }
  /** Whether one is told when a meeting begins; only where a calendar is known. */
  readonly reminders?: boolean
  /** Administrators who can mend a number. */
  readonly ask: readonly string[]
  /** What was just changed. */
  readonly changed?: SettingChange['set']
}
