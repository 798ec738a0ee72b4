/** A phone that is not heard in a conversation: told on the card, and its call ended where `limits.silence` says so. */
import type { LegId } from '../ids.ts'
import type { Call, Leg } from './call.ts'
import { ignore, mapLeg, start, stop, unmissed } from './step-parts.ts'
import type { Step } from './step-parts.ts'

/** The legs that nothing is heard of, the one that was missed first before the other. */
export function silentLegs(call: Call): readonly Leg[] {
  return call.legs
    .filter(({ silentSince }) => silentSince !== undefined)
    .sort((a, b) => (a.silentSince ?? 0) - (b.silentSince ?? 0))
}

export function fellSilent(call: Call, leg: LegId, at: number): Step {
  const before = call.legs.find(({ id }) => id === leg)
  if (before?.state !== 'answered' || before.silentSince !== undefined)
    return ignore(call, 'it is missed already')
  const { silence } = call.request.limits
  const first = silentLegs(call).length === 0
  return {
    call: { ...mapLeg(call, leg, (it) => ({ ...it, silentSince: at })), revision: call.revision + 1 },
    effects: first && silence !== undefined ? [start('silence', silence)] : [],
  }
}

export function heardAgain(call: Call, leg: LegId, at: number): Step {
  if (call.legs.find(({ id }) => id === leg)?.silentSince === undefined)
    return ignore(call, 'it was not missed')
  const after = mapLeg(call, leg, (it) => unmissed(it, at))
  const { silence } = call.request.limits
  const [other] = silentLegs(after)
  // The other one may have been missed for less long than the timer runs.
  const left = other && silence !== undefined ? silence - (at - (other.silentSince ?? at)) / 1000 : undefined
  return {
    call: { ...after, revision: call.revision + 1 },
    effects: left === undefined ? [stop('silence')] : [start('silence', Math.max(1, left))],
  }
}
