/** What the use cases need of the world. Adapters implement these; a port has the methods its user needs. */
import type { Call, CallEvent, MediaPlan, Sound, Stamped } from '../core/call/call.ts'
import type { CallRecord, ClosedCall, LadderEntry } from '../core/call/record.ts'
import type { CallId, LegId, MeetingId, PersonId } from '../core/ids.ts'
import type { Appointment } from '../core/meeting/agenda.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'
import type { DialIn } from '../core/meeting/way-in.ts'
import type { Caller } from '../core/caller.ts'
import type { Language, Person, PhoneKind, Target } from '../core/party.ts'
import type { CallView, MeetingView, RoomView, Screen } from '../core/screen.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

/** Structured log, one line an event. `call` ties chat, call and SIP together. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly call?: CallId
  readonly code?: string
  readonly err?: unknown
}

/** One leg to dial. Who is called and who is shown are the app's; URI and headers are the adapter's. */
export type DialLeg = {
  readonly call: CallId
  readonly leg: LegId
  readonly to: Target
  /** Whom the far phone shows, and the PBX is told as the caller. */
  readonly from: Caller
  /** Which of the user's own phones it is; none: somebody else's. */
  readonly own?: PhoneKind
  /** It comes into a room of the bot's own: what it can of wideband sound is of use. */
  readonly forRoom?: true
}

/** What signalling reports of a leg or of the media. */
export type LegReport = {
  readonly call: CallId
  readonly event: Extract<
    CallEvent,
    {
      readonly type:
        | 'leg.ringing'
        | 'leg.answered'
        | 'leg.digit'
        | 'leg.ended'
        | 'media.settled'
        | 'media.silent'
        | 'media.heard'
        | 'leg.keyed'
    }
  >
}

/**
 * The SIP side. Every method returns at once; what comes of it is reported. `leg.ended` is reported exactly
 * once for each dialled leg, whatever happens. A 200 that crosses a release is acknowledged and ended with BYE
 * by the adapter itself (RFC 3261 9.1): a released leg never reports `leg.answered`.
 */
export interface Legs {
  dial(leg: DialLeg): void
  /** Ends the leg whatever its state: CANCEL, or BYE. Without effect on a leg that has ended. */
  release(leg: LegId): void
  play(leg: LegId, sound: Sound): void
  /**
   * Keys at the far side of an answered leg what a user would key there, each step when its time has come; `leg.keyed`
   * tells the end, once. Where the user keys by hand meanwhile, the rest of it is left to them.
   */
  key(leg: LegId, plan: KeyPlan): void
  /** Wants this media plan for the call; `media.settled` tells what came of `relay`, `direct` and `room`. */
  plan(call: CallId, plan: MediaPlan): void
  /** In its room nobody hears this leg from now on, or everybody again. Without effect on one that has ended. */
  mute(leg: LegId, on: boolean): void
  /**
   * Who begins to speak in a room, and ends, about once a second for each leg at most. This is no event of a call: it
   * passes, and need not be known after a restart.
   */
  onSpeaks(listener: (call: CallId, leg: LegId, on: boolean) => void): void
  /** Frees what is kept of a call, and gives its ladder in order of time. Call once, at the end. */
  forget(call: CallId): readonly LadderEntry[]
  /** The ladder so far of a running call. */
  ladder(call: CallId): readonly LadderEntry[]
  /**
   * Takes up what an earlier process of this bot has left, where signalling and sound have outlived it: the legs of
   * these calls go on and report from now on, everything else is ended. Call once, before anything is dialled.
   * @returns those calls all of whose legs are there; one that turns out to be gone reports its end
   */
  recover(calls: readonly Talking[]): ReadonlySet<CallId>
  onReport(listener: (report: LegReport) => void): void
  trunks(): readonly TrunkState[]
  /**
   * Whether a call could go out now: some trunk has a line, all lines are taken, or no trunk is there. Trunks that are all
   * known to be down are asked once more, for 2 s, so that one that has just come back refuses nobody.
   */
  lines(): Promise<'free' | 'full' | 'down'>
}
/** A call that was connected, as its events tell. */
export type Talking = {
  readonly call: CallId
  /** Two, and in a room any number. */
  readonly legs: readonly LegId[]
  readonly media: Call['media']
}
export type TrunkState = {
  readonly name: string
  /** Whether it answers. */
  readonly state: 'up' | 'down' | 'unknown'
  readonly detail?: string
  /** Where the trunk asks for one. */
  readonly registration?: RegistrationState
}

/** How it stands with our registration at a PBX (RFC 3261 10). `until` is in milliseconds since 1970. */
export type RegistrationState =
  | { readonly state: 'registered'; readonly until: number }
  | { readonly state: 'trying' }
  | { readonly state: 'refused'; readonly status: number; readonly reason: string }
  | { readonly state: 'unreachable'; readonly detail: string }

/** Where something is shown: a conversation on a channel, in a language. */
export type Address = { readonly channel: string; readonly conversation: string; readonly language: Language }

/** The chat side, outgoing. Nothing here is awaited by a call: an outbox takes it and sees it through. */
export interface Chat {
  /** Posts one message. */
  say(to: Address, screen: Screen): void
  /** Brings the call's card to this state: posts it where it has none, else updates it in place; newest wins. */
  showCall(to: Address, view: CallView, card: string | undefined): void
  /** Brings the card of a shared meeting to this state, in the same way; it never comes to an end. */
  showMeeting(to: Address, view: MeetingView, card: string | undefined): void
  /** And that of a room of the bot's own, until it is over. */
  showRoom(to: Address, view: RoomView, card: string | undefined): void
  /** The card of a call or a meeting was posted as this activity. */
  onPosted(listener: (shown: CallId | MeetingId, activity: string) => void): void
  /** A state of a call's card stands in the chat, or was given up: nothing more is owed for that revision. */
  onShown(listener: (call: CallId, revision: number) => void): void
  /** The e-mail or UPN that the channel itself gives for this sender (TeamsInfo.getMember), never the activity's text. */
  memberEmail(channel: string, conversation: string, sender: string): Promise<string | undefined>
  /** Who is in a chat of several people, as the channel itself tells; empty for a team's channel, or where it does not answer. */
  members(channel: string, conversation: string): Promise<readonly Member[]>
  /** Resolves when everything taken has been delivered or given up, or after `ms`. */
  settle(ms: number): Promise<void>
}

export type Member = { readonly id: string; readonly aadObjectId?: string }

/** Whom a text may mean, best first. */
export type Found = {
  /** Whose name or number it is, or begins. */
  readonly fitting: readonly Person[]
  /** Who may be meant all the same: by initials, by a short form of their name. They are asked about, never rung at once. */
  readonly guessed: readonly Person[]
}

/** The people. Sources are asked in order; ambiguity is preserved. */
export interface Directory {
  byId(id: PersonId): Promise<Person | undefined>
  byAadObjectId(id: string): Promise<Person | undefined>
  byEmail(email: string): Promise<Person | undefined>
  /** An explicit `ids` entry of the directory. */
  byChannelId(channel: string, sender: string): Promise<Person | undefined>
  /** By name, part of a name, alias, extension, e-mail or number (docs/rules.md, "Names"); a full name or alias wins alone. */
  find(query: string): Promise<Found>
  /** People whose names are near to a query that found nobody, nearest first; more than are to be shown. */
  near(query: string): Promise<readonly Person[]>
  /** The person who has this number or extension, compared by digits. */
  byNumber(number: string): Promise<Person | undefined>
  /** Those whom it calls administrators, in its own order; the first few. */
  admins(): Promise<readonly Person[]>
}

/** The calls. */
export interface CallStore {
  /**
   * Appends events of one call, in order. Resolves when the operating system has them (they survive kill -9);
   * with `durable` after fsync. Rejects when the disk fails.
   * @param options.patient nothing waits for these: they may be handed over some milliseconds later, with others
   */
  append(
    call: CallId,
    events: readonly Stamped[],
    options?: { readonly durable?: boolean; readonly patient?: boolean },
  ): Promise<void>
  /** Calls that were never closed, with all their events, oldest first. Read once at start. */
  unfinished(): Promise<readonly { readonly call: CallId; readonly events: readonly Stamped[] }[]>
  /** Moves a call out of the live journal into the history. Idempotent. */
  close(call: ClosedCall): Promise<void>
  get(call: CallId): Promise<ClosedCall | undefined>
  /** Finished calls that this person made, newest first. */
  list(
    by: PersonId,
    options: { readonly skip: number; readonly limit: number },
  ): Promise<readonly CallRecord[]>
  /** How many calls this person has asked for since a time (ms since 1970), running ones included. */
  countSince(by: PersonId, since: number): Promise<number>
}

/** One act of a user as it was accepted, remembered for a day so that a repeat is known (docs/rules.md, "Repeats"). */
export type Accepted = {
  /** `activity:<channel>:<id>`, `nonce:<nonce>` … all keys that would mark a repeat. */
  readonly keys: readonly string[]
  readonly at: number
  /** What has to be done, so that a restart knows what was promised. */
  readonly payload: unknown
}

export interface Acts {
  /**
   * Remembers an act. Resolves when the operating system has it: false where one of its keys was seen within
   * its time (`activity:` and `nonce:` a day, `same:` sixty seconds), and nothing is written then.
   */
  accept(act: Accepted): Promise<boolean>
  /** The act has been carried out. */
  done(keys: readonly string[]): Promise<void>
  /** Acts that were accepted and never done, oldest first. Read once at start. */
  pending(): Promise<readonly Accepted[]>
}

/** Small facts that outlive a restart: conversation references, sender links, open questions. JSON values only. */
export interface Facts {
  get<T>(kind: string, key: string): Promise<T | undefined>
  put(kind: string, key: string, value: unknown): Promise<void>
  delete(kind: string, key: string): Promise<void>
}

/** `none`: it has none that is known; `refused`: an administrator has not allowed to ask; `away`: another time, perhaps. */
export type DialInTold = DialIn | 'none' | 'refused' | 'away'

/** What a provider's own service knows of the telephone access of its meetings. */
export interface DialIns {
  /**
   * Among whose meetings this one may be found, who knows best first; nobody's where it is not the service's.
   * @param link as it was recognised; it is never fetched
   * @param asker account of whoever wants in, where they have one
   */
  whose(link: string, asker: string | undefined): readonly string[]
  /**
   * @param user one of those
   * @param within milliseconds for all of it
   */
  dialIn(link: string, user: string, within: number): Promise<DialInTold>
}

/** The appointments of people. */
export interface Calendar {
  /** Whether this person has one that could be read. */
  has(person: Person): boolean
  /** Those that touch [from, until), in order of time; `none` where this person has no calendar here. */
  between(
    person: Person,
    from: number,
    until: number,
    within: number,
  ): Promise<readonly Appointment[] | 'none' | 'away'>
}
