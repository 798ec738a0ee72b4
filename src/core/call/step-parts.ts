/** What the functions of the call's state machine are made of. */
import type { LegId } from '../ids.ts'
import type { Call, Effect, Leg, TimerName } from './call.ts'

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
