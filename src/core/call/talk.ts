/** While they talk. */
import { isCutOff } from '../termination.ts'
import type { Call, CallEvent, Effect, TimerName } from './call.ts'
import { whoLeft } from './admission.ts'
import { finish } from './ending.ts'
import { move } from './in-room.ts'
import { fellSilent, heardAgain, silentLegs } from './silence.ts'
import { endedLeg, ignore, pairOf, start } from './step-parts.ts'
import type { Ending, Happening, Step } from './step-parts.ts'

type Keyed = Extract<CallEvent, { readonly type: 'leg.keyed' }>

export function talking(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ended': {
      const role = call.legs.find((leg) => leg.id === event.leg)?.role ?? 'callee'
      const outcome: Ending = isCutOff(event.end)
        ? { cause: 'unreachable', side: 'pbx' }
        : whoLeft(call, role, at, event.end)
      return finish(endedLeg(call, event.leg, event.end, at), at, outcome)
    }
    case 'roomed':
      if (call.keying === 'waiting')
        return ignore(call, 'its bridge does not know yet which meeting is meant')
      return move(call, event.room)
    case 'muted':
    case 'room.ended':
      return ignore(call, 'it is in no room')
    case 'hangUp':
      return finish(call, at, whoLeft(call, 'user', at))
    case 'timer':
      return timedOut(call, event.timer, at)
    case 'media.silent':
      return fellSilent(call, event.leg, at)
    case 'media.heard':
      return heardAgain(call, event.leg, at)
    case 'media.settled': {
      const { mediaWhy: _, ...rest } = call
      return {
        call: { ...rest, media: event.plan, ...(event.why === undefined ? {} : { mediaWhy: event.why }) },
        effects: [],
      }
    }
    case 'leg.keyed':
      return keyedAt(call, event, at)
    case 'leg.ringing':
    case 'leg.answered':
      return ignore(call, 'both have answered already')
    case 'leg.digit':
      return ignore(call, 'digits go from phone to phone')
  }
}

/**
 * Both have answered. Where the bot keys something their sound goes through it, and stays there: a conference bridge that
 * is sent another stream in the middle of a call may go deaf to it (docs/decisions/009).
 */
export function bridged(call: Call, at: number, before: readonly Effect[]): Step {
  const legs = pairOf(call)
  const keyed = call.request.meeting?.keyed === true
  const [, callee] = legs
  return {
    call: {
      ...call,
      state: 'talking',
      connectedAt: at,
      revision: call.revision + 1,
      ...(keyed ? { keying: 'waiting' } : {}),
    },
    effects: [
      ...before,
      { type: 'media', plan: { kind: keyed ? 'relay' : 'direct', legs } },
      ...(keyed ? [{ type: 'key', leg: callee } as const] : []),
      start('talk', call.request.limits.talk),
    ],
  }
}

function keyedAt(call: Call, { ok, byHand }: Keyed, at: number): Step {
  if (call.keying !== 'waiting') return ignore(call, 'nothing is being keyed')
  const keying = byHand ? 'byHand' : ok ? 'keyed' : 'failed'
  return { call: { ...call, keying, keyedAt: at, revision: call.revision + 1 }, effects: [] }
}

function timedOut(call: Call, timer: TimerName, at: number): Step {
  if (timer === 'talk') return finish(call, at, { cause: 'limit', side: 'bot' })
  const silent = timer === 'silence' ? silentLegs(call)[0] : undefined
  if (!silent) return ignore(call, 'a timer of another state')
  return finish(call, at, { cause: 'silent', side: silent.role })
}
