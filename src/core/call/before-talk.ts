/** Before they talk: the user's own phone, then the callee's. */
import { legId } from '../ids.ts'
import type { CallId } from '../ids.ts'
import { divertedTo } from '../dialplan/diversion.ts'
import { causeOf } from '../termination.ts'
import type { Cause, LegEnd, Side } from '../termination.ts'
import type { Call, CallRequest, Effect, Role } from './call.ts'
import { finish } from './ending.ts'
import { enter } from './in-room.ts'
import { answeredLeg, dialled, endedLeg, ignore, legOf, ringing, start, stop } from './step-parts.ts'
import type { Ending, Happening, Step } from './step-parts.ts'
import { bridged } from './talk.ts'

/** The first step of an invitation: the callee's phone alone rings. */
export function beginInvited(id: CallId, request: CallRequest, at: number): Step {
  // Its number is that of a callee's leg in every call.
  const callee = dialled(legId(id, 2), 'callee', at)
  return {
    call: {
      id,
      state: 'connecting',
      request,
      requestedAt: at,
      legs: [callee],
      media: 'endpoint',
      revision: 1,
    },
    effects: [
      { type: 'dial', leg: callee.id, role: 'callee' },
      start('ringCallee', request.limits.ringCallee),
    ],
  }
}

export function dialling(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ringing':
      return { call: ringing(call, event, at), effects: [] }
    case 'leg.answered': {
      const answered = answeredLeg(call, event, at)
      if (!call.request.pressOne) return goOn(answered, at, [stop('ringUser')])
      return {
        call: { ...answered, state: 'confirming', revision: call.revision + 1 },
        effects: [
          stop('ringUser'),
          { type: 'play', leg: event.leg, sound: 'confirm' },
          start('confirm', call.request.limits.confirm),
        ],
      }
    }
    case 'leg.ended':
      return finish(endedLeg(call, event.leg, event.end, at), at, outcomeOf('user', event.end))
    case 'timer':
      if (event.timer !== 'ringUser') return ignore(call, 'a timer of another state')
      return finish(call, at, { cause: 'noAnswer', side: 'user' })
    case 'hangUp':
    case 'room.ended':
      return finish(call, at, { cause: 'cancelled', side: 'user' })
    case 'roomed':
    case 'muted':
      return ignore(call, 'nobody talks yet')
    case 'leg.digit':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'nothing has been answered yet')
  }
}

export function confirming(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.digit':
      // Any other digit may be part of a voicemail menu, or a slip: it is neither taken nor kept.
      return event.digit === '1' ? goOn(call, at, [stop('confirm')]) : ignore(call, 'not the digit asked for')
    case 'leg.ended': {
      const turnedDown = call.request.room?.invited === true && event.end.kind === 'hungUp'
      const why: Ending = turnedDown ? { cause: 'notConfirmed', side: 'callee' } : gaveUp(event.end)
      return finish(endedLeg(call, event.leg, event.end, at), at, why)
    }
    case 'timer':
      if (event.timer !== 'confirm') return ignore(call, 'a timer of another state')
      return finish(call, at, { cause: 'notConfirmed', side: call.request.room?.invited ? 'callee' : 'user' })
    case 'hangUp':
    case 'room.ended':
      return finish(call, at, { cause: 'cancelled', side: 'user' })
    case 'roomed':
    case 'muted':
      return ignore(call, 'nobody talks yet')
    case 'leg.ringing':
    case 'leg.answered':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'the phone has been picked up already')
  }
}

export function connecting(call: Call, event: Happening, at: number): Step {
  const user = legOf(call, 'user')
  const callee = legOf(call, 'callee')
  if (!callee) return ignore(call, 'the callee is dialled before this state')
  switch (event.type) {
    case 'leg.ringing': {
      if (event.leg !== callee.id) return ignore(call, 'the user has picked up already')
      const firstMedia = event.earlyMedia && !callee.earlyMedia
      const firstRing = callee.state === 'dialling'
      return {
        call: { ...ringing(call, event, at), revision: call.revision + (firstRing ? 1 : 0) },
        // RFC 3960 3: early media of the far side goes before ringback that we make.
        effects:
          firstMedia && user ? [{ type: 'media', plan: { kind: 'relay', legs: [user.id, callee.id] } }] : [],
      }
    }
    case 'leg.answered':
      if (event.leg !== callee.id) return ignore(call, 'the user has picked up already')
      return user
        ? bridged(answeredLeg(call, event, at), at, [stop('ringCallee')])
        : pickedUp(answeredLeg(call, event, at), event.forwarded === true, at)
    case 'leg.ended': {
      const after = endedLeg(call, event.leg, event.end, at)
      // RFC 3261 15: the user hung up while the callee rings; a ringing leg is cancelled, not ended.
      if (event.leg === user?.id) return finish(after, at, gaveUp(event.end))
      return finish(after, at, outcomeOf('callee', event.end), { tone: true })
    }
    case 'timer':
      if (event.timer !== 'ringCallee') return ignore(call, 'a timer of another state')
      return finish(call, at, { cause: 'noAnswer', side: 'callee' }, { tone: true })
    case 'hangUp':
    case 'room.ended':
      return finish(call, at, { cause: 'cancelled', side: 'user' })
    case 'roomed':
    case 'muted':
      return ignore(call, 'nobody talks yet')
    case 'media.settled':
      return { call: { ...call, media: event.plan }, effects: [] }
    case 'leg.digit':
      return ignore(call, 'digits are for the callee, who has not answered')
    case 'leg.keyed':
      return ignore(call, 'nothing is keyed before the bridge answers')
    case 'media.silent':
    case 'media.heard':
      return ignore(call, 'nobody is missed before both have answered')
  }
}

/**
 * Milliseconds of ringing after which voicemail boxes begin to pick up: 12 s is the shortest time that a PBX is delivered
 * with, while people mostly pick up in less.
 */
const LATE = 11_000

/**
 * The phone of somebody who is invited was picked up. A machine is heard by all who talk: it does not come in. Where it may
 * be one, whoever it is says by "1" that they are there (docs/rules.md, "Who comes into a room").
 */
function pickedUp(call: Call, forwarded: boolean, at: number): Step {
  const { room, limits, origin, meeting } = call.request
  // A bridge is a machine, and meant.
  if (meeting) return enter(call, at, [stop('ringCallee')])
  const phone = legOf(call, 'callee')
  if (phone?.by !== undefined) return finish(call, at, { cause: 'voicemail', side: 'callee' })
  const ringingAt = phone?.ringingAt
  // A phone that somebody picks up has rung; what answers at once, or when nobody has for long, may be a mailbox.
  const doubtful = forwarded || ringingAt === undefined || at - ringingAt >= LATE
  const asks = room?.confirm === undefined ? doubtful : room.confirm === 'always'
  if (!phone || !asks) return enter(call, at, [stop('ringCallee')])
  return {
    call: { ...call, state: 'confirming', revision: call.revision + 1 },
    effects: [
      stop('ringCallee'),
      { type: 'play', leg: phone.id, sound: `invited.${origin.language}` },
      start('confirm', limits.confirm),
    ],
  }
}

/** The user is there: they come into their room, or the callee is rung. */
function goOn(call: Call, at: number, before: readonly Effect[]): Step {
  return call.request.room ? enter(call, at, before) : connect(call, at, before)
}

/** Rings the callee; the user, who has picked up, hears ringback meanwhile. */
function connect(call: Call, at: number, before: readonly Effect[]): Step {
  const callee = dialled(legId(call.id, 2), 'callee', at)
  const user = legOf(call, 'user')
  return {
    call: { ...call, state: 'connecting', legs: [...call.legs, callee], revision: call.revision + 1 },
    effects: [
      ...before,
      ...(user ? [{ type: 'play', leg: user.id, sound: 'ringback' } as const] : []),
      { type: 'dial', leg: callee.id, role: 'callee' },
      start('ringCallee', call.request.limits.ringCallee),
    ],
  }
}

/** How it reads for the user that a leg was refused or could not be reached. */
function outcomeOf(role: Role, end: LegEnd): Ending {
  const cause = end.kind === 'hungUp' ? 'declined' : causeOf(end)
  if (end.kind === 'unable') return { cause, side: 'bot' }
  const side: Side = PERSONAL.has(cause) && end.kind !== 'lost' ? role : 'pbx'
  if (end.kind !== 'refused') return { cause, side }
  return {
    cause,
    side,
    status: end.status,
    ...(end.said === undefined ? {} : { said: end.said }),
    ...(cause === 'diverted' && end.contact !== undefined ? { divertedTo: divertedTo(end.contact) } : {}),
  }
}

const PERSONAL: ReadonlySet<Cause> = new Set<Cause>([
  'busy',
  'noAnswer',
  'declined',
  'unreachable',
  'diverted',
  'cancelled',
])

/** The user's own phone went away before anybody talked. */
function gaveUp(end: LegEnd): Ending {
  return end.kind === 'hungUp' ? { cause: 'cancelled', side: 'user' } : { cause: 'unreachable', side: 'pbx' }
}
