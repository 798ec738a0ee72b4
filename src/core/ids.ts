/** Names that must not be mixed up. A branded string is a plain string at run time. */
type Brand<T extends string> = string & { readonly __brand: T }

/** One call, in all its life: `c_` and 22 URL-safe characters. */
export type CallId = Brand<'CallId'>
/** One SIP dialog of a call, as the core names it: the call's id, a dot and a counter (`c_….1`). */
export type LegId = Brand<'LegId'>
/** A row of the directory: stable over renames where the row has an `aadObjectId` or an e-mail. */
export type PersonId = Brand<'PersonId'>
/** A number in international form, `+34910000001` (ITU-T E.164: at most 15 digits). */
export type E164 = Brand<'E164'>
/** A SIP or SIPS URI that has passed the parser (RFC 3261 19.1), without header part. */
export type SipUri = Brand<'SipUri'>
/** One open question ("which Bob?") whose buttons wait for an answer. */
export type AskId = Brand<'AskId'>

/** One meeting as it was shared in one conversation: `m_` and 22 URL-safe characters. */
export type MeetingId = Brand<'MeetingId'>

export const callId = (text: string): CallId => text as CallId
export const legId = (call: CallId, n: number): LegId => `${call}.${n}` as LegId
export const personId = (text: string): PersonId => text as PersonId
export const askId = (text: string): AskId => text as AskId
export const meetingId = (text: string): MeetingId => text as MeetingId

/** Which of the two a card belongs to. */
export const isMeeting = (id: CallId | MeetingId): id is MeetingId => id.startsWith('m_')

/**
 * Reads a number in international form.
 * @returns undefined unless the text is `+` and 5 to 15 digits, the first not 0
 */
export function e164(text: string): E164 | undefined {
  return /^\+[1-9]\d{4,14}$/.test(text) ? (text as E164) : undefined
}
