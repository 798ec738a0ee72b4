import { legId } from '../ids.ts'
import type { CallId } from '../ids.ts'
import type { LegEnd } from '../termination.ts'
import { beginInvited, confirming, connecting, dialling } from './before-talk.ts'
import type { Call, CallRequest, Stamped } from './call.ts'
import { ended, finish, giveUp, settle } from './ending.ts'
import { inRoom, roomPlan } from './in-room.ts'
import { dialled, endedLeg, ignore, isOpen, legOf, start, unmissed } from './step-parts.ts'
import type { Happening, Step } from './step-parts.ts'
import { talking } from './talk.ts'

/** The first step: rings the user's own phone, or that of somebody who is invited to a room. */
export function begin(id: CallId, request: CallRequest, at: number): Step {
  if (request.room?.invited) return beginInvited(id, request, at)
  const user = dialled(legId(id, 1), 'user', at)
  const call: Call = {
    id,
    state: 'dialling',
    request,
    requestedAt: at,
    legs: [user],
    media: 'endpoint',
    revision: 1,
  }
  return {
    call,
    effects: [{ type: 'dial', leg: user.id, role: 'user' }, start('ringUser', request.limits.ringUser)],
  }
}

/**
 * One dial-back call: third-party call control with the bot as controller (RFC 3725).
 *
 *   dialling ──answered──────────────────────► connecting ──answered──► talking ──roomed──► inRoom
 *      │ └──answered, press 1──► confirming ──"1"──┘ │                     │                  │
 *      │                              │              │                     │          its last leg leaves
 *      └── refused, timed out, cancelled, hung up ───┴─────────────────────┴──────────────────┴──► ended
 *                                                                                  last leg gone ──► closed
 * Who comes into a room by a call of their own goes from `dialling` (or `confirming`) to `inRoom`, who is invited begins
 * in `connecting` and goes there, by `confirming` where a machine may have picked up.
 *
 * In `ended` the outcome stands and the record can be read; a tone may still play on the user's phone, a CANCEL
 * or BYE may still be under way. Nothing is rung any more. `closed` is the end of everything.
 *
 * Pure: the same call and event give the same step, at any time.
 */
export function step(call: Call, { at, event }: Stamped): Step {
  switch (event.type) {
    case 'requested':
      return ignore(call, 'a call is asked for once')
    case 'card.posted':
      return { call: { ...call, card: event.activity }, effects: [] }
    case 'restarted':
      return restarted(call, at)
    case 'resumed':
      return resumed(call, at)
    case 'shutdown':
      return giveUp(call, at, { cause: 'interrupted', side: 'bot' })
    case 'fault':
      return giveUp(call, at, { cause: 'failed', side: 'bot' })
    case 'leg.ringing':
    case 'leg.answered':
    case 'leg.digit':
    case 'leg.ended':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
    case 'timer':
    case 'hangUp':
    case 'roomed':
    case 'muted':
    case 'room.ended':
      return inState(call, event, at)
  }
}

/** A call as its events tell it, or undefined where the first is not `requested`. */
export function fold(id: CallId, events: readonly Stamped[]): Call | undefined {
  const [first, ...rest] = events
  if (first?.event.type !== 'requested') return undefined
  return rest.reduce((call, event) => step(call, event).call, begin(id, first.event.request, first.at).call)
}

function inState(call: Call, event: Happening, at: number): Step {
  switch (call.state) {
    case 'dialling':
      return dialling(call, event, at)
    case 'confirming':
      return confirming(call, event, at)
    case 'connecting':
      return connecting(call, event, at)
    case 'talking':
      return talking(call, event, at)
    case 'inRoom':
      return inRoom(call, event, at)
    case 'ended':
      return ended(call, event, at)
    case 'closed':
      return ignore(call, 'nothing is left of the call')
  }
}

/** A new process found the call unfinished. Its legs went with the old process's signalling. */
function restarted(call: Call, at: number): Step {
  if (call.state === 'closed') return { call, effects: [{ type: 'close' }] }
  const lost: LegEnd = { kind: 'lost', detail: 'the bot was restarted' }
  const gone = call.legs.reduce((c, leg) => endedLeg(c, leg.id, lost, at), call)
  if (gone.state === 'ended') return settle(gone, [])
  return finish(gone, at, { cause: 'interrupted', side: 'bot' })
}

/** Its legs have outlived the process; what that had heard of them and timed begins anew. */
function resumed(call: Call, at: number): Step {
  if (call.state === 'inRoom') return resumedInRoom(call, at)
  const [user, callee] = [legOf(call, 'user'), legOf(call, 'callee')]
  // A leg whose end was found first: it has been dealt with.
  if (call.state !== 'talking' || !user || !callee) return ignore(call, 'it has ended meanwhile')
  const kind = call.keying === undefined ? 'direct' : 'relay'
  const plan = { kind, legs: [user.id, callee.id] } as const
  // What was to be keyed went with the process: the user has the phone in hand.
  const failed = call.keying === 'waiting' ? { keying: 'failed' as const } : {}
  return {
    call: {
      ...call,
      ...failed,
      legs: call.legs.map((leg) => unmissed(leg, at)),
      revision: call.revision + 1,
    },
    effects: [
      // A bridge that was still being made is made again.
      ...(call.media === 'endpoint' ? [{ type: 'media', plan } as const] : []),
      start('talk', timeLeft(call, at)),
    ],
  }
}

/** Those of its legs that are still there go on in the room; who is muted stays so. */
function resumedInRoom(call: Call, at: number): Step {
  // What was to be keyed went with the process, and nobody has the bridge at their ear to key it.
  if (call.keying === 'waiting') return finish(call, at, { cause: 'interrupted', side: 'bot' })
  const plan = call.media === 'room' ? undefined : roomPlan(call)
  const muted = call.legs.filter((leg) => isOpen(leg) && leg.muted)
  return {
    call: { ...call, legs: call.legs.map((leg) => unmissed(leg, at)), revision: call.revision + 1 },
    effects: [
      ...(plan ? [plan] : []),
      ...muted.map(({ id }) => ({ type: 'mute', leg: id, on: true }) as const),
      start('talk', timeLeft(call, at)),
    ],
  }
}

function timeLeft(call: Call, at: number): number {
  return Math.max(1, call.request.limits.talk - Math.round((at - (call.connectedAt ?? at)) / 1000))
}
