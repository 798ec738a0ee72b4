import type { CallId, MeetingId, PersonId } from '../ids.ts'
import type { Cause, Side } from '../termination.ts'
import type { Answerer, Call, CallRequest, Leg, Role, Stamped } from './call.ts'

/** One arrow of the SIP ladder, redacted before anybody keeps it. */
export type LadderEntry = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly role: Role
  readonly direction: 'out' | 'in'
  /** Request or status line. */
  readonly line: string
  /** The message without credentials, keys, PINs and DTMF digits. */
  readonly text: string
}

/** Seconds that one leg rang and talked, and that it was missed meanwhile. */
export type LegTimes = {
  readonly role: Role
  readonly rang: number
  readonly talked: number
  readonly silent?: number
  /** A machine had answered in place of whom was called. */
  readonly by?: Answerer
}

/** The record of a finished call. Everything in it is folded from the call's events. */
export type CallRecord = {
  readonly id: CallId
  readonly by: PersonId
  readonly request: CallRequest
  readonly requestedAt: number
  readonly connectedAt?: number
  readonly endedAt: number
  /** Seconds that both talked; in a room, until the last of its legs has left. */
  readonly lasted: number
  readonly cause: Cause
  readonly side: Side
  readonly status?: number
  readonly divertedTo?: string
  readonly said?: string
  readonly legs: readonly LegTimes[]
  readonly media: Call['media']
  readonly mediaWhy?: string
  /** The room that it went on in, or came into. */
  readonly room?: MeetingId
  readonly revision: number
  readonly card?: string
}

/** A finished call as it is kept: the record, the events it was folded from, and its SIP ladder. */
export type ClosedCall = {
  readonly record: CallRecord
  readonly events: readonly Stamped[]
  readonly ladder: readonly LadderEntry[]
}

/** Folds an ended call into its record. */
export function recordOf(call: Call): CallRecord {
  const { outcome } = call
  if (!outcome) throw new Error(`call ${call.id} has no outcome yet`)
  const { mediaWhy, connectedAt, card, room } = call
  return {
    id: call.id,
    by: call.request.by,
    request: call.request,
    requestedAt: call.requestedAt,
    ...(connectedAt === undefined ? {} : { connectedAt }),
    endedAt: outcome.at,
    lasted: connectedAt === undefined ? 0 : seconds(connectedAt, outcome.at),
    cause: outcome.cause,
    side: outcome.side,
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.divertedTo === undefined ? {} : { divertedTo: outcome.divertedTo }),
    ...(outcome.said === undefined ? {} : { said: outcome.said }),
    legs: call.legs.map((leg) => timesOf(leg, call.request, outcome.at)),
    media: call.media,
    ...(mediaWhy === undefined ? {} : { mediaWhy }),
    ...(room === undefined ? {} : { room }),
    revision: call.revision,
    ...(card === undefined ? {} : { card }),
  }
}

function timesOf(leg: Leg, request: CallRequest, over: number): LegTimes {
  const by = machineAt(leg, request)
  const end = leg.endedAt ?? over
  const silent = seconds(0, (leg.silentFor ?? 0) + Math.max(0, end - (leg.silentSince ?? end)))
  return {
    role: leg.role,
    rang: seconds(leg.ringingAt ?? leg.dialledAt, leg.answeredAt ?? end),
    talked: leg.answeredAt === undefined ? 0 : seconds(leg.answeredAt, end),
    ...(silent === 0 ? {} : { silent }),
    ...(by === undefined ? {} : { by }),
  }
}

/**
 * What has answered in place of whom was called. A machine at somebody's own phone takes messages for them; at a number of
 * no known owner it may be anything. A meeting's bridge is no more than was called.
 */
export function machineAt({ role, by }: Leg, request: CallRequest): Answerer | undefined {
  if (by === undefined || request.meeting) return undefined
  return request[role].person === undefined ? by : 'voicemail'
}

const seconds = (from: number, to: number) => Math.max(0, Math.round((to - from) / 1000))
