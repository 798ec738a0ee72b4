import type { Caller } from '../caller.ts'
import type { CallId, E164, LegId, MeetingId, PersonId } from '../ids.ts'
import type { Language, Party, PhoneKind } from '../party.ts'
import type { ProviderName } from '../meeting/meeting.ts'
import type { Cause, LegEnd, Side } from '../termination.ts'

/**
 * What the media of a call should be like. The core says which plan it wants; one reconciler in
 * `sip/` and `media/` brings the legs there and reports what came of it.
 *
 * `endpoint`  each leg's media ends at the bot, which plays tones and hears DTMF
 * `relay`     the bot passes the two legs' media on to each other
 * `room`      the bot mixes all legs of the room that are answered, of this call and of others: each hears all others.
 *             Wanted again when another leg has answered; a leg that is not named any more leaves the room
 * `direct`    the phones send to each other; where that fails the reconciler stays with `relay` and says why
 */
export type MediaPlan =
  | { readonly kind: 'endpoint' }
  | { readonly kind: 'relay'; readonly legs: readonly [LegId, LegId] }
  | { readonly kind: 'direct'; readonly legs: readonly [LegId, LegId] }
  | { readonly kind: 'room'; readonly room: string; readonly legs: readonly LegId[] }

export type Sound =
  | 'ringback'
  | 'busy'
  | 'congestion'
  | 'confirm'
  /** Says that this is an invitation to a meeting, and that 1 is to be pressed. */
  | `invited.${Language}`
  | 'silence'

/** The limits that were in force when the call was asked for; seconds. */
export type CallLimits = {
  readonly ringUser: number
  readonly ringCallee: number
  readonly talk: number
  readonly confirm: number
  /** For a phone that is not heard, after that was told; none: the call goes on. */
  readonly silence?: number
}

/** Where the call was asked for in chat: its card stands there. */
export type Origin = {
  readonly channel: string
  readonly conversation: string
  readonly language: Language
}

/** Everything that is fixed when a call is asked for. */
export type CallRequest = {
  readonly by: PersonId
  readonly user: Party
  readonly callee: Party
  /** What the callee sees: the user's own number (docs/rules.md, "Callee's view"). */
  readonly callerId: Caller & { readonly name: string }
  /** What the user's own phone shows: "this ring is your own outgoing call". */
  readonly globalCallerId: E164 | undefined
  /** No call of this person was known when it was asked for. */
  readonly firstCall?: true
  readonly pressOne: boolean
  /** A phone of the user's that was not chosen; offered where the chosen one is busy or silent. */
  readonly otherPhone?: PhoneKind
  readonly limits: CallLimits
  readonly origin: Origin
  /** The meeting that it joins, where the callee is its bridge. */
  readonly meeting?: JoinedMeeting
  /**
   * The bot's own room that its one leg comes into once it has answered: the user's phone, or where it is `invited`, the
   * callee's. Of a user who comes in, `callee` has the room's title and the user's own phone, since nobody else is dialled.
   */
  readonly room?: JoinedRoom
}

export type JoinedRoom = {
  readonly id: MeetingId
  readonly title: string
  readonly invited?: true
  /** Whether whoever is invited presses 1 to come in; unset: where a machine may have picked up. */
  readonly confirm?: 'always' | 'never'
}

/** What a call knows of its meeting. Its id and PIN are no part of that: what is kept of a call is read by others. */
export type JoinedMeeting = {
  readonly id: MeetingId
  readonly provider: ProviderName
  readonly title?: string
  readonly link?: string
  /** Something is keyed for the user once the bridge has answered. */
  readonly keyed: boolean
}

/** What can happen to a call. Saved, in order, before its effects run. */
export type CallEvent =
  | { readonly type: 'requested'; readonly request: CallRequest }
  | {
      readonly type: 'leg.ringing'
      readonly leg: LegId
      readonly status: number
      readonly earlyMedia: boolean
    }
  /**
   * `by`: a machine in place of whom was called, as far as signalling tells. `forwarded`: it was led on to another phone than
   * was dialled.
   */
  | {
      readonly type: 'leg.answered'
      readonly leg: LegId
      readonly by?: Answerer
      readonly forwarded?: true
    }
  /** One key of the phone; or in a room, where nothing else is told, `*6`. */
  | { readonly type: 'leg.digit'; readonly leg: LegId; readonly digit: string }
  | { readonly type: 'leg.ended'; readonly leg: LegId; readonly end: LegEnd }
  | { readonly type: 'media.settled'; readonly plan: 'relay' | 'direct' | 'room'; readonly why?: string }
  /** A phone whose sound goes through the bot is not heard any more, though nobody holds; or is heard again. */
  | { readonly type: 'media.silent' | 'media.heard'; readonly leg: LegId }
  /** What was to be keyed at this leg has been; or could not be; or the user has begun to key it by hand. */
  | { readonly type: 'leg.keyed'; readonly leg: LegId; readonly ok: boolean; readonly byHand?: true }
  | { readonly type: 'timer'; readonly timer: TimerName }
  | { readonly type: 'hangUp'; readonly by: PersonId }
  /** Both legs of a conversation go on in a room; nobody is hung up. */
  | { readonly type: 'roomed'; readonly room: MeetingId }
  /** In its room nobody hears this leg, or everybody again. */
  | { readonly type: 'muted'; readonly leg: LegId; readonly on: boolean }
  /** The room is closed: the call ends, whoever is still in it. */
  | { readonly type: 'room.ended' }
  | { readonly type: 'restarted' }
  /** A new process has found both legs standing, which signalling had kept: the call goes on. */
  | { readonly type: 'resumed' }
  | { readonly type: 'shutdown' }
  /** The bot itself cannot go on with it (the journal fails, say). */
  | { readonly type: 'fault'; readonly code: string }
  /** The chat has shown the call's card: a fact for the fold, of no weight for the state. */
  | { readonly type: 'card.posted'; readonly activity: string }

/** `voicemail` takes messages for whom was called; of a `machine` no more is known than that it is one. */
export type Answerer = 'voicemail' | 'machine'

/** An event with its time, in milliseconds since 1970. */
export type Stamped = { readonly at: number; readonly event: CallEvent }

export type TimerName = 'ringUser' | 'confirm' | 'ringCallee' | 'talk' | 'silence' | 'tone' | 'release'

/** What is to be done; run only after the event that caused it has been saved. */
export type Effect =
  | { readonly type: 'dial'; readonly leg: LegId; readonly role: Role }
  | { readonly type: 'release'; readonly leg: LegId }
  | { readonly type: 'mute'; readonly leg: LegId; readonly on: boolean }
  | { readonly type: 'play'; readonly leg: LegId; readonly sound: Sound }
  | { readonly type: 'media'; readonly plan: MediaPlan }
  /** Keys what was given with the request, for the user, when the far side listens. */
  | { readonly type: 'key'; readonly leg: LegId }
  | { readonly type: 'timer.start'; readonly timer: TimerName; readonly seconds: number }
  | { readonly type: 'timer.stop'; readonly timer: TimerName }
  /** Both legs are gone and the record is complete: it goes to the store. */
  | { readonly type: 'close' }

export type Role = 'user' | 'callee'

/** One leg as the core sees it. Times are those of its events. */
export type Leg = {
  readonly id: LegId
  readonly role: Role
  readonly state: 'dialling' | 'ringing' | 'answered' | 'releasing' | 'ended'
  readonly dialledAt: number
  readonly ringingAt?: number
  readonly answeredAt?: number
  readonly endedAt?: number
  readonly earlyMedia: boolean
  /** A machine has answered. */
  readonly by?: Answerer
  readonly end?: LegEnd
  /** Not heard since then. */
  readonly silentSince?: number
  /** Milliseconds that it was not heard, before. */
  readonly silentFor?: number
  /** In its room nobody hears it. */
  readonly muted?: true
}

/** How and when a call ended for its user; a tone may still play on the desk phone. */
export type Outcome = {
  readonly cause: Cause
  readonly side: Side
  readonly at: number
  /** The final SIP status behind it, where there was one. */
  readonly status?: number
  readonly divertedTo?: string
  /** What the far side says of it in words of its own. */
  readonly said?: string
}

/**
 * dialling    the user's own phone is being rung
 * confirming  it was picked up; "press 1" is awaited
 * connecting  the callee is being rung; the user hears ringback or the callee's early media
 * talking     both are bridged
 * inRoom      its legs are in a room, with those of other calls; each leaves alone, the last one ends the call
 * ended       the outcome stands; legs may still be on their way out
 * closed      nothing is left but the record
 */
export type CallState = 'dialling' | 'confirming' | 'connecting' | 'talking' | 'inRoom' | 'ended' | 'closed'

export type Call = {
  readonly id: CallId
  readonly state: CallState
  readonly request: CallRequest
  readonly requestedAt: number
  readonly legs: readonly Leg[]
  readonly media: MediaPlan['kind']
  readonly mediaWhy?: string
  readonly connectedAt?: number
  /** How far the keys are that the bot keys for the user. */
  readonly keying?: 'waiting' | 'keyed' | 'failed' | 'byHand'
  /** When the last of them was; or when the user has begun to key by hand. */
  readonly keyedAt?: number
  /** The room that it is in, or was. */
  readonly room?: MeetingId
  readonly outcome?: Outcome
  /** Grows by one with each change that a user can see; buttons name the revision they were drawn from. */
  readonly revision: number
  readonly card?: string
}
