/** The end of a call: how it is brought about, and what may still happen until its last leg is gone. */
import type { LegEnd } from '../termination.ts'
import type { Call, Effect, Leg } from './call.ts'
import { answeredLeg, endedLeg, ignore, isOpen, legOf, start, stop } from './step-parts.ts'
import type { Ending, Happening, Step } from './step-parts.ts'

/** Seconds that the busy or congestion tone plays on the user's phone before it is hung up. */
const TONE_SECONDS = 2
/** Seconds after which a leg that never reported its end is given up (RFC 3261: 64·T1 for each of CANCEL and BYE). */
const RELEASE_SECONDS = 70

export function ended(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ended':
      return settle(endedLeg(call, event.leg, event.end, at), [])
    case 'leg.answered':
      // RFC 3261 9.1: this 200 crossed our CANCEL.
      return {
        call: answeredLeg(call, event, at, 'releasing'),
        effects: [{ type: 'release', leg: event.leg }],
      }
    case 'timer':
      if (event.timer === 'tone') return releaseAll(call)
      if (event.timer === 'release') {
        const lost: LegEnd = { kind: 'lost', detail: 'no end reported' }
        return settle(
          call.legs.reduce((c, leg) => endedLeg(c, leg.id, lost, at), call),
          [],
        )
      }
      return ignore(call, 'a timer of another state')
    case 'hangUp': {
      // The user wants the phone now, not the rest of the tone.
      const step = releaseAll(call)
      return step.effects.length > 0 ? step : ignore(call, 'it has ended already')
    }
    case 'leg.ringing':
    case 'roomed':
    case 'muted':
    case 'room.ended':
    case 'leg.digit':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'it has ended already')
  }
}

/** The outcome stands from here on. Legs are released, the user's after a tone where `tone` asks for one. */
export function finish(call: Call, at: number, ending: Ending, { tone = false } = {}): Step {
  const over: Call = { ...call, state: 'ended', outcome: { ...ending, at }, revision: call.revision + 1 }
  const user = legOf(over, 'user')
  // No leg may keep an ended call open for ever: `release` is the guard, stopped when the last one is gone.
  const timers = [...TIMERS_OF[call.state].map(stop), start('release', RELEASE_SECONDS)]
  if (!tone || user?.state !== 'answered') {
    const released = releaseAll(over)
    return settle(released.call, [...timers, ...released.effects])
  }
  const sound = ending.cause === 'busy' ? 'busy' : 'congestion'
  const others = releaseAll(over, (leg) => leg.role !== 'user')
  return settle(others.call, [
    ...timers,
    ...others.effects,
    { type: 'media', plan: { kind: 'endpoint' } },
    { type: 'play', leg: user.id, sound },
    start('tone', TONE_SECONDS),
  ])
}

const TIMERS_OF = {
  dialling: ['ringUser'],
  confirming: ['confirm'],
  connecting: ['ringCallee'],
  talking: ['talk', 'silence'],
  inRoom: ['talk', 'silence'],
  ended: [],
  closed: [],
} as const

/** Closes an ended call whose legs are all gone. */
export function settle(call: Call, effects: readonly Effect[]): Step {
  if (call.legs.some((leg) => leg.state !== 'ended')) return { call, effects }
  return {
    call: { ...call, state: 'closed' },
    effects: [...effects, stop('tone'), stop('release'), { type: 'close' }],
  }
}

export function releaseAll(call: Call, which: (leg: Leg) => boolean = () => true): Step {
  const open = call.legs.filter((leg) => isOpen(leg) && which(leg))
  return {
    call: {
      ...call,
      legs: call.legs.map((leg) => (open.includes(leg) ? { ...leg, state: 'releasing' } : leg)),
    },
    effects: open.map((leg) => ({ type: 'release', leg: leg.id })),
  }
}

export function giveUp(call: Call, at: number, ending: Ending): Step {
  if (call.state === 'closed') return ignore(call, 'nothing is left of the call')
  if (call.state === 'ended') return releaseAll(call)
  return finish(call, at, ending)
}
