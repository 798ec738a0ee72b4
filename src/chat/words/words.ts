import type { Answerer } from '../../core/call/call.ts'
import type { LegTimes } from '../../core/call/record.ts'
import type { Language, PhoneKind } from '../../core/party.ts'
import type { Presence, Screen, SoundAlone, TrunkShown } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { Cause, Side } from '../../core/termination.ts'

type Of<Code extends Sentence['code']> = Extract<Sentence, { readonly code: Code }>

/** How a call came to its end. */
export type Ending = {
  readonly cause: Cause
  readonly side: Side
  readonly who: string
  readonly divertedTo?: string
  /** They are a meeting's bridge; `link`: its page is known. */
  readonly meeting?: { readonly link: boolean }
  /** What they say of it in words of their own. */
  readonly said?: string
  /** What had answered in their place. */
  readonly machine?: Answerer
}

/**
 * Everything that the bot says, in one language. A sentence tells what happened and what to do next; where an
 * administrator can change it, it names the setting. The words of states are plain ones that people recognise.
 */
export type Words = {
  readonly language: Language
  readonly sentences: { readonly [Code in Sentence['code']]: (sentence: Of<Code>) => string }
  /** One or two words for a list or a heading. */
  readonly causes: Readonly<Record<Cause, string>>
  /** What happened and what to do next. */
  readonly ending: (ending: Ending) => string
  readonly phones: Readonly<Record<PhoneKind, string>>
  readonly roles: Readonly<Record<LegTimes['role'], string>>
  readonly call: {
    readonly calling: string
    readonly ringing: string
    readonly connected: string
    readonly you: string
    readonly started: string
    readonly pickUp: (phone: PhoneKind | undefined) => string
    readonly ownCall: (number: string) => string
    readonly callerId: string
    readonly pressOne: (who: string) => string
    readonly waiting: (who: string) => string
    readonly talking: (who: string) => string
    /** A machine has answered in place of `who`. */
    readonly machine: (kind: Answerer, who: string) => string
    /** The state of such a call. */
    readonly machines: Readonly<Record<Answerer, string>>
    /** The callee is seen in another call: never with whom. */
    readonly elsewhere: (who: string) => string
    /** Nothing is heard from a phone: one's own, or that of `who`. */
    readonly notHeard: (who: string | undefined) => string
    readonly lasted: (time: string) => string
    readonly since: (time: string) => string
    /** Below the drawing of a phone: what it does. */
    readonly notes: {
      readonly rings: string
      readonly next: string
      readonly pressOne: string
      readonly onTheLine: string
      readonly dialled: string
      readonly notHeard: string
      readonly notCalled: string
    }
    /** One line for a notification: the state and who. */
    readonly summary: (state: string, who: string) => string
  }
  readonly buttons: {
    readonly hangUp: string
    readonly redial: string
    readonly redialFrom: (phone: PhoneKind) => string
    readonly details: string
    readonly ladder: string
    readonly back: string
    readonly call: (who: string) => string
    readonly hangUpAndCall: string
    readonly hangUpAndJoin: string
    readonly yes: string
    readonly no: string
    readonly leave: string
    readonly newer: string
    readonly older: string
    readonly calls: string
    readonly help: string
    readonly status: string
    readonly settings: string
    readonly ringFirst: (phone: PhoneKind) => string
    readonly speak: Readonly<Record<Language | 'channel', string>>
    readonly pressOne: (on: boolean) => string
    readonly callMe: string
    readonly onMobile: string
    readonly open: string
    readonly invitation: string
    readonly muteMe: string
    readonly invite: string
    readonly ring: string
    readonly muteAll: string
    readonly lock: string
    readonly unlock: string
    readonly endForAll: string
  }
  readonly meetings: {
    /** What a conference bridge is called that no provider is known of. */
    readonly bridge: string
    /** The other side of a call into one, where there is room for a word. */
    readonly side: string
    readonly hint: string
    /** Before a number that can be passed on, and what is keyed there. */
    readonly byPhone: string
    readonly id: (id: string) => string
    readonly in: string
    readonly joined: (count: number) => string
    readonly dialling: (to: string) => string
    readonly keying: string
    readonly notKeyed: string
    readonly byHand: string
    readonly inside: string
    readonly today: string
    readonly tomorrow: string
    readonly next: string
    readonly which: string
    readonly whichHint: string
    readonly startsNow: string
    readonly on: string
    readonly over: string
    readonly more: (count: number) => string
  }
  readonly rooms: {
    readonly title: (host: string) => string
    readonly audioOnly: string
    readonly hint: string
    /** Why it is sound alone, and what to do all the same. */
    readonly soundAlone: Readonly<Record<SoundAlone, string>>
    readonly locked: (host: string) => string
    /** The same of one that is part of a meeting. */
    readonly lockedHere: (host: string) => string
    /** The meeting's bridge could not be joined, with why; or it was, and is no more. */
    readonly bridgeAway: (why: string) => string
    readonly bridgeLeft: string
    /** Those who come in by the meeting's own number or link. */
    readonly others: (meeting: string) => string
    readonly openMeeting: string
    readonly over: string
    readonly inside: (count: number) => string
    readonly more: (count: number) => string
    readonly in: string
    readonly muted: string
    /** Picked up, and has still to press 1. */
    readonly asked: string
    readonly speaks: string
    readonly forHost: string
    readonly inviteWhom: string
    readonly inviteHint: (room: string) => string
    readonly inviteLabel: string
    readonly invitePlaceholder: string
    readonly inviteMissing: string
    /** Below the drawing of a phone that has left. */
    readonly left: string
    /** The user has left, and `who` has not. */
    readonly youLeft: (who: string) => string
  }
  readonly titles: {
    readonly ask: (who: string) => string
    readonly askWhom: string
    readonly askHint: string
    /** Only one may be meant, and is guessed. */
    readonly askOne: (name: string) => string
    /** How many more a name fits than are shown. */
    readonly left: (count: number) => string
    /** Of a chat's people, where nobody was named. */
    readonly leftHere: (count: number) => string
    readonly askMeant: (meant: string) => string
    readonly askMeantHint: (text: string) => string
    readonly askBusy: (talkingTo: string) => string
    readonly askBusyHint: (wanted: string, wants: Extract<Screen, { kind: 'askBusy' }>['wants']) => string
    readonly people: (who: string) => string
    readonly calls: string
    readonly page: (page: number) => string
    readonly noCalls: string
    readonly help: string
    readonly helpHint: string
    readonly welcome: string
    readonly welcomeHint: string
    readonly toTry: string
    /** Sentences that somebody may type at once, by the command that each is. */
    readonly examples: Readonly<Record<'call' | 'find' | 'calls', string>>
    readonly status: (name: string) => string
    readonly settings: string
    readonly details: (who: string) => string
    readonly ladder: (who: string) => string
    readonly ladderCut: (left: number) => string
    readonly ladderEmpty: string
  }
  readonly labels: {
    readonly desk: string
    readonly mobile: string
    readonly did: string
    readonly extension: string
    readonly email: string
    readonly department: string
    readonly currentCall: string
    readonly noCall: string
    readonly trunk: (name: string) => string
    readonly trunkStates: Readonly<Record<TrunkShown['state'], string>>
    readonly asked: string
    readonly answered: string
    readonly ended: string
    readonly state: string
    readonly why: string
    readonly rang: (time: string) => string
    readonly talked: (time: string) => string
    readonly silent: (time: string) => string
    /** How long a machine was on the line. */
    readonly machines: Readonly<Record<Answerer, (time: string) => string>>
    readonly media: string
    readonly medias: {
      readonly direct: string
      readonly relay: string
      readonly room: string
      readonly none: string
    }
    readonly status: string
    readonly presences: Readonly<Record<Presence, string>>
  }
  readonly settings: {
    readonly language: string
    readonly languages: Readonly<Record<Language | 'channel', string>>
    readonly pressOne: string
    readonly reminders: string
    readonly remindersAre: (on: boolean) => string
    readonly pressOneIs: (on: boolean, forced: boolean) => string
    readonly ringsFirst: string
    /** Who has no phone at all. */
    readonly noPhone: string
    /** Numbers are the administrator's: whom to ask when one is wrong. */
    readonly wrong: (names: readonly string[]) => string
    readonly changed: string
  }
}
