/** What the functions of the call's state machine are made of. */
import { legId } from '../ids.ts'
import type { LegId } from '../ids.ts'
import type { LegEnd } from '../termination.ts'
import type { Answerer, Call, CallEvent, Effect, Leg, Outcome, Role, TimerName } from './call.ts'

export type Step = {
  readonly call: Call
  readonly effects: readonly Effect[]
  /** Why the event changes nothing; such an event is not saved. */
  readonly ignored?: string
}

export const start = (timer: TimerName, seconds: number): Effect => ({ type: 'timer.start', timer, seconds })
export const stop = (timer: TimerName): Effect => ({ type: 'timer.stop', timer })
export const ignore = (call: Call, why: string): Step => ({ call, effects: [], ignored: why })

export function mapLeg(call: Call, id: LegId, change: (leg: Leg) => Leg): Call {
  return { ...call, legs: call.legs.map((leg) => (leg.id === id ? change(leg) : leg)) }
}

/** What happens to a call in the state that it is in. */
export type Happening = Exclude<
  CallEvent,
  { type: 'requested' | 'card.posted' | 'restarted' | 'resumed' | 'shutdown' | 'fault' }
>

/** An outcome before its time is known. */
export type Ending = Omit<Outcome, 'at'>

/** The id of the leg that plays this role, where it has been dialled. */
export function legOf(call: Call, role: Role): Leg | undefined {
  return call.legs.find((leg) => leg.role === role)
}

export function pairOf(call: Call): readonly [LegId, LegId] {
  return [legId(call.id, 1), legId(call.id, 2)]
}

export function dialled(id: LegId, role: Role, at: number): Leg {
  return { id, role, state: 'dialling', dialledAt: at, earlyMedia: false }
}

export function ringing(call: Call, event: { leg: LegId; earlyMedia: boolean }, at: number): Call {
  return mapLeg(call, event.leg, (leg) => ({
    ...leg,
    state: 'ringing',
    ringingAt: leg.ringingAt ?? at,
    earlyMedia: leg.earlyMedia || event.earlyMedia,
  }))
}

export function answeredLeg(
  call: Call,
  { leg: id, by }: { readonly leg: LegId; readonly by?: Answerer },
  at: number,
  state: 'answered' | 'releasing' = 'answered',
): Call {
  return mapLeg(call, id, (leg) => ({
    ...leg,
    state,
    answeredAt: leg.answeredAt ?? at,
    ...(by === undefined ? {} : { by }),
  }))
}

export function endedLeg(call: Call, id: LegId, end: LegEnd, at: number): Call {
  return mapLeg(call, id, (leg) =>
    leg.state === 'ended' ? leg : { ...unmissed(leg, at), state: 'ended', endedAt: at, end },
  )
}

/** The same leg, heard again or gone: how long it was missed is kept. */
export function unmissed(leg: Leg, at: number): Leg {
  const { silentSince, ...rest } = leg
  if (silentSince === undefined) return leg
  return { ...rest, silentFor: (leg.silentFor ?? 0) + at - silentSince }
}

/** It rings or talks, and nobody has let it go. */
export const isOpen = ({ state }: Leg): boolean => state !== 'ended' && state !== 'releasing'

/** The user's own phone rings for this call, or is in it: a call that goes on without them does not keep them. */
export const keepsUser = (call: Call): boolean =>
  call.outcome === undefined && call.legs.some((leg) => leg.role === 'user' && isOpen(leg))
