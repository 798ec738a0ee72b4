/**
 * Why a call or a leg ended, classified once; card, CDR, log and metrics all speak of these.
 *
 * `completed`    they talked, and one of them hung up
 * `busy`         486, 600, Q.850 17
 * `noAnswer`     408, Q.850 18 and 19 behind a vague status, our own time limit
 * `declined`     403, 603, 607, 608, Q.850 21
 * `unreachable`  404, 480, 484, other 4xx, 5xx and causes; of side `pbx`: the session was lost
 * `diverted`     3xx that is not followed
 * `trunkDown`    it could not be sent at all, or the PBX says nothing to it
 * `noLine`       every line is taken: `maxCalls` of our trunks, or Q.850 34, 42, 44, 47; of side `bot`: every port for sound
 * `cancelled`    the user gave up: in chat, or by hanging up while the other side rang
 * `notConfirmed` the phone was picked up but "1" was not pressed (a voicemail box, say)
 * `voicemail`    a machine picked up for somebody who was to come into a room
 * `refused`      the PBX refuses our credentials or our caller ID (401, 407 without end)
 * `limit`        the longest duration was reached
 * `silent`       a phone was not heard any more, and the setting ends such calls
 * `notAdmitted`  a meeting's bridge hung up before its digits were keyed, or soon after: wrong, full, or over
 * `interrupted`  the bot was restarted
 * `failed`       a fault of ours
 */
export type Cause =
  | 'completed'
  | 'busy'
  | 'noAnswer'
  | 'declined'
  | 'unreachable'
  | 'diverted'
  | 'trunkDown'
  | 'noLine'
  | 'cancelled'
  | 'notConfirmed'
  | 'voicemail'
  | 'refused'
  | 'limit'
  | 'silent'
  | 'notAdmitted'
  | 'interrupted'
  | 'failed'

/** Whose doing it was. */
export type Side = 'user' | 'callee' | 'pbx' | 'bot'

/** What Reason headers say (RFC 3326): the cause of Q.850, and a status of SIP. */
export type Reasons = { readonly q850?: number; readonly sip?: number }
/** And in words of the far side's own. */
type Said = { readonly said?: string }

/** How a leg came to its end, as signalling tells it. */
export type LegEnd =
  /** A final answer of 300 to 699. */
  | ({
      readonly kind: 'refused'
      readonly status: number
      readonly reason: string
      /** Where a 3xx leads: its best Contact. */
      readonly contact?: string
    } & Reasons &
      Said)
  /** BYE from the far side. */
  | ({ readonly kind: 'hungUp' } & Reasons & Said)
  /** We ended it: CANCEL, or BYE. */
  | { readonly kind: 'released' }
  /** Nobody answered the INVITE at all, not even with 100 (RFC 3261 17.1.1.2 timer B). */
  | { readonly kind: 'silent' }
  /** It could not be sent: no route, connection refused, the signalling server is away. */
  | { readonly kind: 'unsendable'; readonly detail: string }
  /** Every trunk has as many calls as it may have. */
  | { readonly kind: 'full' }
  /** The bot itself has nothing left to make it with: no RTP port, say. */
  | { readonly kind: 'unable'; readonly detail: string }
  /** Session lost in the middle (481 or 408 to a request in the dialog, session timer). */
  | { readonly kind: 'lost'; readonly detail: string }

/** Cause of a leg that ended before it was answered. */
export function causeOf(end: LegEnd): Cause {
  switch (end.kind) {
    case 'refused':
      return causeOfRefusal(end.status, end)
    case 'hungUp':
      return 'completed'
    case 'released':
      return 'cancelled'
    case 'silent':
    case 'unsendable':
      return 'trunkDown'
    case 'full':
    case 'unable':
      return 'noLine'
    case 'lost':
      return 'unreachable'
  }
}

/**
 * Whether a conversation that ended so was cut off, rather than hung up by somebody: the BYE of a PBX that lost the
 * phone, the sound or the session says so in its Reason.
 */
export function isCutOff(end: LegEnd): boolean {
  if (end.kind !== 'hungUp') return true
  const { q850, sip } = end
  if (q850 !== undefined && CUT_OFF.has(q850)) return true
  return q850 === undefined && (sip === 408 || sip === 481 || (sip !== undefined && sip >= 500 && sip < 600))
}

const BUSY: readonly number[] = [486, 600]
const DECLINED: readonly number[] = [403, 603, 607, 608]

/** What a status says by itself; undefined for the vague ones, behind which a Reason may tell the truth. */
function causeOfStatus(status: number): Cause | undefined {
  if (BUSY.includes(status)) return 'busy'
  if (status === 408) return 'noAnswer'
  if (DECLINED.includes(status)) return 'declined'
  if (status === 401 || status === 407) return 'refused'
  if (status === 487) return 'cancelled'
  return status >= 300 && status < 400 ? 'diverted' : undefined
}

function causeOfRefusal(status: number, { q850, sip }: Reasons): Cause {
  const told = q850 === undefined ? undefined : Q850[q850]
  const reason = told ?? (sip === undefined || sip < 400 ? undefined : causeOfStatus(sip))
  return causeOfStatus(status) ?? reason ?? 'unreachable'
}

/**
 * ITU-T Q.850 2.2.7 in plain words; causes that are not here (1 unallocated number, 20 subscriber absent, 27 out of
 * order, 28 incomplete, 38 network out of order, 88 incompatible, 111 protocol error …) are `unreachable`, and 16, 31
 * and 127, which say nothing, leave it to the SIP status.
 */
const Q850: Readonly<Record<number, Cause>> = {
  17: 'busy',
  18: 'noAnswer',
  19: 'noAnswer',
  21: 'declined',
  // No circuit, switching equipment congested, requested circuit not available, resource unavailable.
  34: 'noLine',
  42: 'noLine',
  44: 'noLine',
  47: 'noLine',
}

/** Out of order, no circuit, network out of order, temporary failure, congestion, no resource, timer, protocol error. */
const CUT_OFF: ReadonlySet<number> = new Set([27, 34, 38, 41, 42, 43, 44, 47, 102, 111])
