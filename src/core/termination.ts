/**
 * Why a call or a leg ended, classified once; card, CDR, log and metrics all speak of these.
 *
 * `completed`    they talked, and one of them hung up
 * `busy`         486, 600, Q.850 17
 * `noAnswer`     408, 480 after ringing with Q.850 19, our own time limit
 * `declined`     403, 603, Q.850 21
 * `unreachable`  404, 480, 484, other 4xx and 5xx; of side `pbx`: the session was lost
 * `diverted`     3xx that is not followed
 * `trunkDown`    it could not be sent at all, or the PBX says nothing to it
 * `cancelled`    the user gave up: in chat, or by hanging up while the other side rang
 * `notConfirmed` the phone was picked up but "1" was not pressed (a voicemail box, say)
 * `refused`      the PBX refuses our credentials or our caller ID (401, 407 without end)
 * `limit`        the longest duration was reached
 * `silent`       a phone was not heard any more, and the setting ends such calls
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
  | 'cancelled'
  | 'notConfirmed'
  | 'refused'
  | 'limit'
  | 'silent'
  | 'interrupted'
  | 'failed'

/** Whose doing it was. */
export type Side = 'user' | 'callee' | 'pbx' | 'bot'

/** How a leg came to its end, as signalling tells it. */
export type LegEnd =
  /** A final answer of 300 to 699. `q850` is the Reason header's cause (RFC 3326). */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly reason: string
      readonly q850?: number
      readonly contact?: string
    }
  /** BYE from the far side. */
  | { readonly kind: 'hungUp'; readonly q850?: number }
  /** We ended it: CANCEL, or BYE. */
  | { readonly kind: 'released' }
  /** Nobody answered the INVITE at all, not even with 100 (RFC 3261 17.1.1.2 timer B). */
  | { readonly kind: 'silent' }
  /** It could not be sent: no route, connection refused, the signalling server is away. */
  | { readonly kind: 'unsendable'; readonly detail: string }
  /** The bot itself has nothing left to make it with: no RTP port, say. */
  | { readonly kind: 'unable'; readonly detail: string }
  /** Session lost in the middle (481 or 408 to a request in the dialog, session timer). */
  | { readonly kind: 'lost'; readonly detail: string }

/** Cause of a leg that ended before it was answered. */
export function causeOf(end: LegEnd): Cause {
  switch (end.kind) {
    case 'refused':
      return causeOfStatus(end.status, end.q850)
    case 'hungUp':
      return 'completed'
    case 'released':
      return 'cancelled'
    case 'silent':
    case 'unsendable':
      return 'trunkDown'
    case 'unable':
      return 'failed'
    case 'lost':
      return 'unreachable'
  }
}

// Q.850 2.2.7: 17 user busy, 18 no user responding, 19 no answer, 21 call rejected. A PBX that answers
// with a vague status (480, 503) often tells the truth in its Reason header (RFC 3326).
const Q850: Readonly<Record<number, Cause>> = { 17: 'busy', 18: 'noAnswer', 19: 'noAnswer', 21: 'declined' }

function causeOfStatus(status: number, q850: number | undefined): Cause {
  if (status === 486 || status === 600) return 'busy'
  if (status === 408) return 'noAnswer'
  if (status === 403 || status === 603) return 'declined'
  if (status === 401 || status === 407) return 'refused'
  if (status === 487) return 'cancelled'
  if (status >= 300 && status < 400) return 'diverted'
  return (q850 === undefined ? undefined : Q850[q850]) ?? 'unreachable'
}
