/** A phone that is not heard in a conversation: told on the card, and its call ended where `limits.silence` says so. */
import type { LegId } from '../ids.ts'
import type { Call, Effect, Leg } from './call.ts'
import { ignore, isOpen, mapLeg, start, stop, unmissed } from './step-parts.ts'
import type { Step } from './step-parts.ts'

/** The legs that nothing is heard of, the one that was missed first before the other. */
export function silentLegs(call: Call): readonly Leg[] {
  return call.legs
    .filter((leg) => leg.silentSince !== undefined && isOpen(leg))
    .sort((a, b) => (a.silentSince ?? 0) - (b.silentSince ?? 0))
}

export function fellSilent(call: Call, leg: LegId, at: number): Step {
  const before = call.legs.find(({ id }) => id === leg)
  if (before?.state !== 'answered' || before.silentSince !== undefined)
    return ignore(call, 'it is missed already')
  const first = silentLegs(call).length === 0
  const after = mapLeg(call, leg, (it) => ({ ...it, silentSince: at }))
  return {
    call: { ...after, revision: call.revision + 1 },
    effects: first ? patience(after, at) : [],
  }
}

export function heardAgain(call: Call, leg: LegId, at: number): Step {
  if (call.legs.find(({ id }) => id === leg)?.silentSince === undefined)
    return ignore(call, 'it was not missed')
  const after = mapLeg(call, leg, (it) => unmissed(it, at))
  return { call: { ...after, revision: call.revision + 1 }, effects: patience(after, at) }
}

/** One timer runs at a time, for whoever is missed longest: to be asked for when that is somebody else, or nobody. */
export function patience(call: Call, at: number): readonly Effect[] {
  const [missed] = silentLegs(call)
  if (!missed) return [stop('silence')]
  const { silence } = call.request.limits
  if (silence === undefined) return []
  return [start('silence', Math.max(1, silence - (at - (missed.silentSince ?? at)) / 1000))]
}
