import { legId } from '../ids.ts'
import type { CallId, LegId } from '../ids.ts'
import { divertedTo } from '../dialplan/diversion.ts'
import { causeOf, isCutOff } from '../termination.ts'
import type { Cause, LegEnd, Side } from '../termination.ts'
import type { Call, CallEvent, CallRequest, Effect, Leg, Outcome, Role, Stamped, TimerName } from './call.ts'
import { fellSilent, heardAgain, silentLegs, unmissed } from './silence.ts'
import { ignore, mapLeg, start, stop } from './step-parts.ts'
import type { Step } from './step-parts.ts'

/**
 * One dial-back call: third-party call control with the bot as controller (RFC 3725).
 *
 *   dialling ──answered──────────────────────► connecting ──answered──► talking
 *      │ └──answered, press 1──► confirming ──"1"──┘ │                     │
 *      │                              │              │                     │
 *      └── refused, timed out, cancelled, hung up ───┴─────────────────────┴──► ended ──last leg gone──► closed
 *
 * In `ended` the outcome stands and the record can be read; a tone may still play on the user's phone, a CANCEL
 * or BYE may still be under way. Nothing is rung any more. `closed` is the end of everything.
 */
/** Seconds that the busy or congestion tone plays on the user's phone before it is hung up. */
const TONE_SECONDS = 2
/** Seconds after which a leg that never reported its end is given up (RFC 3261: 64·T1 for each of CANCEL and BYE). */
const RELEASE_SECONDS = 70

/** The first step: rings the user's own phone. */
export function begin(id: CallId, request: CallRequest, at: number): Step {
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

/** Folds one event into a call. Pure: the same call and event give the same step, at any time. */
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
      return inState(call, event, at)
  }
}

/** A call as its events tell it, or undefined where the first is not `requested`. */
export function fold(id: CallId, events: readonly Stamped[]): Call | undefined {
  const [first, ...rest] = events
  if (first?.event.type !== 'requested') return undefined
  return rest.reduce((call, event) => step(call, event).call, begin(id, first.event.request, first.at).call)
}

/** The id of the leg that plays this role, where it has been dialled. */
export function legOf(call: Call, role: Role): Leg | undefined {
  return call.legs.find((leg) => leg.role === role)
}

type Happening = Exclude<
  CallEvent,
  { type: 'requested' | 'card.posted' | 'restarted' | 'resumed' | 'shutdown' | 'fault' }
>

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
    case 'ended':
      return ended(call, event, at)
    case 'closed':
      return ignore(call, 'nothing is left of the call')
  }
}

function dialling(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ringing':
      return { call: ringing(call, event, at), effects: [] }
    case 'leg.answered': {
      const answered = answeredLeg(call, event.leg, at)
      if (!call.request.pressOne) return connect(answered, at, [stop('ringUser')])
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
      return finish(call, at, { cause: 'cancelled', side: 'user' })
    case 'leg.digit':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'nothing has been answered yet')
  }
}

function confirming(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.digit':
      // Any other digit may be part of a voicemail menu, or a slip: it is neither taken nor kept.
      return event.digit === '1'
        ? connect(call, at, [stop('confirm')])
        : ignore(call, 'not the digit asked for')
    case 'leg.ended':
      return finish(endedLeg(call, event.leg, event.end, at), at, gaveUp(event.end))
    case 'timer':
      if (event.timer !== 'confirm') return ignore(call, 'a timer of another state')
      return finish(call, at, { cause: 'notConfirmed', side: 'user' })
    case 'hangUp':
      return finish(call, at, { cause: 'cancelled', side: 'user' })
    case 'leg.ringing':
    case 'leg.answered':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'the phone has been picked up already')
  }
}

function connecting(call: Call, event: Happening, at: number): Step {
  const user = legOf(call, 'user')
  const callee = legOf(call, 'callee')
  if (!user || !callee) return ignore(call, 'both legs are dialled before this state')
  switch (event.type) {
    case 'leg.ringing': {
      if (event.leg !== callee.id) return ignore(call, 'the user has picked up already')
      const firstMedia = event.earlyMedia && !callee.earlyMedia
      const firstRing = callee.state === 'dialling'
      return {
        call: { ...ringing(call, event, at), revision: call.revision + (firstRing ? 1 : 0) },
        // RFC 3960 3: early media of the far side goes before ringback that we make.
        effects: firstMedia ? [{ type: 'media', plan: { kind: 'relay', legs: [user.id, callee.id] } }] : [],
      }
    }
    case 'leg.answered':
      if (event.leg !== callee.id) return ignore(call, 'the user has picked up already')
      return bridged(answeredLeg(call, event.leg, at), at)
    case 'leg.ended': {
      const after = endedLeg(call, event.leg, event.end, at)
      // RFC 3261 15: the user hung up while the callee rings; a ringing leg is cancelled, not ended.
      if (event.leg === user.id) return finish(after, at, gaveUp(event.end))
      return finish(after, at, outcomeOf('callee', event.end), { tone: true })
    }
    case 'timer':
      if (event.timer !== 'ringCallee') return ignore(call, 'a timer of another state')
      return finish(call, at, { cause: 'noAnswer', side: 'callee' }, { tone: true })
    case 'hangUp':
      return finish(call, at, { cause: 'cancelled', side: 'user' })
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

function talking(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ended': {
      const role = call.legs.find((leg) => leg.id === event.leg)?.role ?? 'callee'
      const outcome: Ending = isCutOff(event.end)
        ? { cause: 'unreachable', side: 'pbx' }
        : { cause: 'completed', side: role }
      return finish(endedLeg(call, event.leg, event.end, at), at, outcome)
    }
    case 'hangUp':
      return finish(call, at, { cause: 'completed', side: 'user' })
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
      return keyedAt(call, event.ok)
    case 'leg.ringing':
    case 'leg.answered':
      return ignore(call, 'both have answered already')
    case 'leg.digit':
      return ignore(call, 'digits go from phone to phone')
  }
}

/**
 * Both have answered. Where the bot keys something their sound goes through it, and stays there: a conference bridge that
 * is sent another stream in the middle of a call may go deaf to it (docs/decisions/007).
 */
function bridged(call: Call, at: number): Step {
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
      stop('ringCallee'),
      { type: 'media', plan: { kind: keyed ? 'relay' : 'direct', legs } },
      ...(keyed ? [{ type: 'key', leg: callee } as const] : []),
      start('talk', call.request.limits.talk),
    ],
  }
}

function keyedAt(call: Call, ok: boolean): Step {
  if (call.keying !== 'waiting') return ignore(call, 'nothing is being keyed')
  return {
    call: { ...call, keying: ok ? 'keyed' : 'failed', revision: call.revision + 1 },
    effects: [],
  }
}

function pairOf(call: Call): readonly [LegId, LegId] {
  return [legId(call.id, 1), legId(call.id, 2)]
}

function timedOut(call: Call, timer: TimerName, at: number): Step {
  if (timer === 'talk') return finish(call, at, { cause: 'limit', side: 'bot' })
  const silent = timer === 'silence' ? silentLegs(call)[0] : undefined
  if (!silent) return ignore(call, 'a timer of another state')
  return finish(call, at, { cause: 'silent', side: silent.role })
}

function ended(call: Call, event: Happening, at: number): Step {
  switch (event.type) {
    case 'leg.ended':
      return settle(endedLeg(call, event.leg, event.end, at), [])
    case 'leg.answered':
      // RFC 3261 9.1: this 200 crossed our CANCEL.
      return {
        call: answeredLeg(call, event.leg, at, 'releasing'),
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
    case 'leg.digit':
    case 'media.settled':
    case 'media.silent':
    case 'media.heard':
    case 'leg.keyed':
      return ignore(call, 'it has ended already')
  }
}

type Ending = Omit<Outcome, 'at'>

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

/** The outcome stands from here on. Legs are released, the user's after a tone where `tone` asks for one. */
function finish(call: Call, at: number, ending: Ending, { tone = false } = {}): Step {
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
  ended: [],
  closed: [],
} as const

/** Closes an ended call whose legs are all gone. */
function settle(call: Call, effects: readonly Effect[]): Step {
  if (call.legs.some((leg) => leg.state !== 'ended')) return { call, effects }
  return {
    call: { ...call, state: 'closed' },
    effects: [...effects, stop('tone'), stop('release'), { type: 'close' }],
  }
}

function releaseAll(call: Call, which: (leg: Leg) => boolean = () => true): Step {
  const open = call.legs.filter((leg) => leg.state !== 'ended' && leg.state !== 'releasing' && which(leg))
  return {
    call: {
      ...call,
      legs: call.legs.map((leg) => (open.includes(leg) ? { ...leg, state: 'releasing' } : leg)),
    },
    effects: open.map((leg) => ({ type: 'release', leg: leg.id })),
  }
}

function giveUp(call: Call, at: number, ending: Ending): Step {
  if (call.state === 'closed') return ignore(call, 'nothing is left of the call')
  if (call.state === 'ended') return releaseAll(call)
  return finish(call, at, ending)
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
  const [user, callee] = [legOf(call, 'user'), legOf(call, 'callee')]
  // A leg whose end was found first: it has been dealt with.
  if (call.state !== 'talking' || !user || !callee) return ignore(call, 'it has ended meanwhile')
  const { talk } = call.request.limits
  const left = talk - Math.round((at - (call.connectedAt ?? at)) / 1000)
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
      start('talk', Math.max(1, left)),
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

function dialled(id: LegId, role: Role, at: number): Leg {
  return { id, role, state: 'dialling', dialledAt: at, earlyMedia: false }
}

function ringing(call: Call, event: { leg: LegId; earlyMedia: boolean }, at: number): Call {
  return mapLeg(call, event.leg, (leg) => ({
    ...leg,
    state: 'ringing',
    ringingAt: leg.ringingAt ?? at,
    earlyMedia: leg.earlyMedia || event.earlyMedia,
  }))
}

function answeredLeg(call: Call, id: LegId, at: number, state: 'answered' | 'releasing' = 'answered'): Call {
  return mapLeg(call, id, (leg) => ({ ...leg, state, answeredAt: leg.answeredAt ?? at }))
}

function endedLeg(call: Call, id: LegId, end: LegEnd, at: number): Call {
  return mapLeg(call, id, (leg) =>
    leg.state === 'ended' ? leg : { ...unmissed(leg, at), state: 'ended', endedAt: at, end },
  )
}
