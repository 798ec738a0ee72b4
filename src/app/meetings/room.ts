/** A room of the bot's own, as it is told: what of it is kept, and who is in it, folded from its calls. */
import type { Call, Leg } from '../../core/call/call.ts'
import type { LegId, MeetingId, PersonId } from '../../core/ids.ts'
import { isOpen } from '../../core/call/step-parts.ts'
import type { RoomMember, RoomView, Screen, SoundAlone } from '../../core/screen.ts'
import type { Cause } from '../../core/termination.ts'
import type { Address } from '../ports.ts'
import { isBridge, viewOfOutside } from './outside.ts'
import type { Gone, Outside } from './outside.ts'

/** What is kept of a room over a restart. Who is in it, the calls know. */
export type Room = {
  readonly id: MeetingId
  readonly host: { readonly id: PersonId; readonly name: string }
  readonly where: Address
  /** Nobody comes in but by the host. */
  readonly locked: boolean
  /** Why it has no video, where it was to have some. */
  readonly soundAlone?: SoundAlone
  /** The meeting that it is part of. */
  readonly outside?: Outside
  /** The activity of its card. */
  readonly card?: string
}

/** Whose invitation came to nothing, and why. */
export type Declined = { readonly name: string; readonly cause: Cause }

const MOST_DECLINED = 5

/** Those whose invitation came to nothing, after a change of this call: once each, and not who has come in after all. */
export function declinedAfter(
  before: readonly Declined[],
  { request, outcome, connectedAt }: Call,
): readonly Declined[] {
  const { name } = request.callee
  const others = before.filter((one) => one.name !== name)
  if (!outcome || connectedAt !== undefined || !request.room?.invited || outcome.cause === 'cancelled')
    return others
  return [...others, { name, cause: outcome.cause }].slice(-MOST_DECLINED)
}

/** The card that asks whom to ring; of a meeting, it also has what can be passed on. */
export function inviteOf({ meeting, host, outside }: RoomView): Extract<Screen, { readonly kind: 'invite' }> {
  const passOn = outside?.dialIn && outside.state !== 'gone' ? { passOn: outside.meeting } : {}
  return { kind: 'invite', room: meeting, host, ...passOn }
}

/** The room that a call is in, was in, or is made for. */
export const roomOf = (call: Call): MeetingId | undefined => call.room ?? call.request.room?.id

/** The leg of a call that is this person's phone. */
export function legOfPerson({ request, legs }: Call, person: PersonId): LegId | undefined {
  const role = request.by === person ? 'user' : request.callee.person === person ? 'callee' : undefined
  return legs.find((leg) => leg.role === role && isOpen(leg))?.id
}

/** The people who are in, or on the way, who came first, first. */
function membersOf(calls: readonly Call[], speaking: ReadonlySet<LegId>): readonly RoomMember[] {
  return calls
    .flatMap((call) =>
      call.legs.filter((leg) => isOpen(leg) && !isBridge(call, leg)).map((leg) => ({ call, leg })),
    )
    .sort((a, b) => a.leg.dialledAt - b.leg.dialledAt)
    .map(({ call, leg }) => ({
      name: leg.role === 'user' ? call.request.user.name : call.request.callee.name,
      state: stateOf(call, leg),
      ...(leg.muted ? { muted: true } : {}),
      ...(speaking.has(leg.id) && !leg.muted ? { speaks: true } : {}),
    }))
}

function stateOf(call: Call, leg: Leg): RoomMember['state'] {
  if (leg.state !== 'answered') return 'calling'
  if (call.state === 'inRoom') return 'in'
  return call.state === 'confirming' ? 'asked' : 'calling'
}

/** What of a room is shown besides what is kept of it, and what its calls tell. */
export type Shown = {
  readonly revision: number
  readonly declined: readonly Declined[]
  readonly speaking: ReadonlySet<LegId>
  readonly over: boolean
  readonly gone?: Gone | undefined
}

/** The card of a room that goes on, or that is over where nobody is left. */
export function viewOfRoom(
  { id, host, locked, soundAlone, outside }: Room,
  calls: readonly Call[],
  { revision, declined, speaking, over, gone }: Shown,
): RoomView {
  return {
    ...{ meeting: id, revision, host: host.name, locked, members: membersOf(calls, speaking), declined },
    ...(soundAlone === undefined ? {} : { soundAlone }),
    ...(outside ? { outside: viewOfOutside(outside, calls, speaking, gone) } : {}),
    ...(over ? { over } : {}),
  }
}
