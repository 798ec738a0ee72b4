/**
 * In a room: the legs of a call are there together with those of others. Whoever puts down leaves alone; the user's
 * [Hang up] lets the user's own phone go; the call ends with its last leg. The bridge of a meeting is a leg like others, which
 * comes in when it has been told by keys which meeting is meant: nobody in the room hears it ask.
 */
import type { LegId, MeetingId, PersonId } from '../ids.ts'
import { isCutOff } from '../termination.ts'
import type { LegEnd } from '../termination.ts'
import type { Call, Effect, TimerName } from './call.ts'
import { finish, releaseAll } from './ending.ts'
import { fellSilent, heardAgain, patience, silentLegs } from './silence.ts'
import { whoLeft } from './admission.ts'
import { endedLeg, ignore, isOpen, mapLeg, start } from './step-parts.ts'
import type { Ending, Happening, Step } from './step-parts.ts'

/** The one leg of the call has answered, and comes in. */
export function enter(call: Call, at: number, before: readonly Effect[]): Step {
  const { room, limits } = call.request
  if (!room) return ignore(call, 'it is for no room')
  const inside: Call = {
    ...call,
    state: 'inRoom',
    room: room.id,
    connectedAt: at,
    revision: call.revision + 1,
  }
  const bridge = call.request.meeting?.keyed ? inside.legs.find(isOpen) : undefined
  if (!bridge) return { call: inside, effects: [...before, roomPlan(inside), start('talk', limits.talk)] }
  return {
    call: { ...inside, keying: 'waiting' },
    effects: [
      ...before,
      // A bridge goes deaf to a stream that begins late (docs/decisions/009).
      { type: 'play', leg: bridge.id, sound: 'silence' },
      { type: 'key', leg: bridge.id },
      start('talk', limits.talk),
    ],
  }
}

function keyed(call: Call, ok: boolean, at: number): Step {
  if (call.keying !== 'waiting') return ignore(call, 'nothing is being keyed')
  if (!ok) return finish(call, at, { cause: 'notAdmitted', side: 'callee' })
  const inside: Call = { ...call, keying: 'keyed', keyedAt: at, revision: call.revision + 1 }
  return { call: inside, effects: [roomPlan(inside)] }
}

/** Both legs of a conversation are moved. One whose end crosses this has left, and the other is alone there. */
export function move(call: Call, room: MeetingId): Step {
  const moved: Call = { ...call, state: 'inRoom', room, revision: call.revision + 1 }
  return { call: moved, effects: [roomPlan(moved)] }
}

/** All of its legs that are there, in their room. */
export function roomPlan(call: Call): Effect {
  const legs = call.legs.filter(({ state }) => state === 'answered').map(({ id }) => id)
  return { type: 'media', plan: { kind: 'room', room: call.room ?? '', legs } }
}

export function inRoom(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ended':
      return left(call, event.leg, event.end, at)
    case 'hangUp':
      return hungUp(call, event.by, at)
    case 'room.ended':
      // Whoever ended it for all, nobody has put down here.
      return finish(call, at, { cause: 'completed', side: 'bot' })
    case 'timer':
      return timedOut(call, event.timer, at)
    case 'muted':
      return muted(call, event.leg, event.on)
    case 'media.silent':
      return fellSilent(call, event.leg, at)
    case 'media.heard':
      return heardAgain(call, event.leg, at)
    case 'media.settled': {
      // What the bridge was about to reach when it was told of the room is of no interest any more.
      if (event.plan !== 'room') return ignore(call, 'its legs have gone on to the room')
      const { mediaWhy: _, ...rest } = call
      return {
        call: { ...rest, media: event.plan, ...(event.why === undefined ? {} : { mediaWhy: event.why }) },
        effects: [],
      }
    }
    case 'roomed':
      return ignore(call, 'it is in a room already')
    case 'leg.ringing':
    case 'leg.answered':
      return ignore(call, 'all its legs have answered')
    case 'leg.digit':
      if (event.digit !== '*6') return ignore(call, 'nobody listens to keys in a room')
      return muted(call, event.leg, call.legs.find(({ id }) => id === event.leg)?.muted !== true)
    case 'leg.keyed':
      return keyed(call, event.ok, at)
  }
}

function left(call: Call, leg: LegId, end: LegEnd, at: number): Step {
  const before = call.legs.find(({ id }) => id === leg)
  if (before === undefined || before.state === 'ended') return ignore(call, 'it has left already')
  const after = endedLeg(call, leg, end, at)
  if (after.legs.some(({ state }) => state !== 'ended'))
    return {
      call: { ...after, revision: call.revision + 1 },
      effects: before.silentSince === undefined ? [] : patience(after, at),
    }
  const cutOff = isCutOff(end) && end.kind !== 'released'
  const ending: Ending = cutOff ? { cause: 'unreachable', side: 'pbx' } : whoLeft(call, before.role, at, end)
  return finish(after, at, ending)
}

/** The own phone of whoever says so; where it has left, or was never in, nobody else's is hung up for it. */
function hungUp(call: Call, by: PersonId, at: number): Step {
  const { request } = call
  const invited = request.room?.invited === true
  const own = by === request.callee.person && by !== request.by ? 'callee' : 'user'
  const released = releaseAll(call, (leg) => invited || leg.role === own)
  if (released.effects.length === 0) return ignore(call, 'the user has left already')
  const missed = silentLegs(call).length > 0
  return {
    call: { ...released.call, revision: call.revision + 1 },
    effects: [...released.effects, ...(missed ? patience(released.call, at) : [])],
  }
}

function muted(call: Call, leg: LegId, on: boolean): Step {
  const before = call.legs.find(({ id }) => id === leg)
  if (!before || !isOpen(before) || (before.muted === true) === on)
    return ignore(call, 'it has left, or is so already')
  const after = mapLeg(call, leg, ({ muted: _, ...rest }) => ({ ...rest, ...(on ? { muted: true } : {}) }))
  return {
    call: { ...after, revision: call.revision + 1 },
    effects: [{ type: 'mute', leg, on }],
  }
}

function timedOut(call: Call, timer: TimerName, at: number): Step {
  if (timer === 'talk') return finish(call, at, { cause: 'limit', side: 'bot' })
  const silent = timer === 'silence' ? silentLegs(call)[0] : undefined
  if (!silent) return ignore(call, 'a timer of another state')
  if (call.legs.every((leg) => leg === silent || !isOpen(leg)))
    return finish(call, at, { cause: 'silent', side: silent.role })
  const released = releaseAll(call, (leg) => leg === silent)
  return { ...released, effects: [...released.effects, ...patience(released.call, at)] }
}
