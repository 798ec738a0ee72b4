import type { Party } from '../party.ts'
import type { CallView } from '../screen.ts'
import type { Call, JoinedMeeting } from './call.ts'
import { machineAt, recordOf } from './record.ts'
import type { CallRecord } from './record.ts'
import { silentLegs } from './silence.ts'
import { isOpen, keepsUser, legOf } from './step-parts.ts'

/** What the card of a call shows now. `shown` writes a target as people read it (core/dialplan). */
export function viewOf(call: Call, shown: (party: Party) => string): CallView {
  if (call.outcome) return viewOfRecord(recordOf(call), shown)
  return {
    ...head(call.id, call.revision, call.requestedAt, call.request, shown),
    ...(call.request.meeting && call.keying !== undefined && call.keying !== 'keyed'
      ? { meeting: { ...meetingOf(call.request.meeting), keying: call.keying } }
      : {}),
    ...(call.room === undefined ? {} : { room: true }),
    state: liveState(call),
    actions: keepsUser(call) ? ['hangUp', 'details'] : ['details'],
  }
}

/** The same card from the record of a finished call. */
export function viewOfRecord(record: CallRecord, shown: (party: Party) => string): CallView {
  return {
    ...head(record.id, record.revision, record.requestedAt, record.request, shown),
    ...(record.room === undefined ? {} : { room: true as const }),
    state: endedState(record),
    actions: ['redial', 'details'],
  }
}

function head(
  call: CallView['call'],
  revision: number,
  requestedAt: number,
  { user, callee, globalCallerId, firstCall, meeting, room }: Call['request'],
  shown: (party: Party) => string,
) {
  return {
    call,
    revision,
    requestedAt,
    user: {
      name: user.name,
      number: shown(user),
      ...(user.phone === undefined ? {} : { phone: user.phone }),
    },
    callee: {
      name: callee.name,
      // Whoever comes into a room by their own phone calls nobody.
      number: room && !room.invited ? '' : shown(callee),
      ...(callee.department === undefined ? {} : { department: callee.department }),
    },
    ...(globalCallerId === undefined ? {} : { globalCallerId }),
    ...(firstCall === undefined ? {} : { firstCall }),
    ...(meeting ? { meeting: meetingOf(meeting) } : {}),
    ...(room ? { room: true as const } : {}),
  }
}

function meetingOf({ provider, title, link }: JoinedMeeting) {
  return {
    provider,
    ...(title === undefined ? {} : { title }),
    ...(link === undefined ? {} : { link }),
  }
}

function liveState(call: Call): CallView['state'] {
  switch (call.state) {
    case 'dialling':
      return { kind: 'callingUser' }
    case 'confirming':
      return { kind: 'confirming' }
    case 'connecting':
      return {
        kind: 'callingCallee',
        ringing: call.legs.some((leg) => leg.role === 'callee' && leg.state === 'ringing'),
      }
    case 'talking':
    case 'inRoom':
    case 'ended':
    case 'closed': {
      const silent = silentLegs(call).map(({ role }) => role)
      const since = call.connectedAt ?? call.requestedAt
      const callee = legOf(call, 'callee')
      const machine = callee && machineAt(callee, call.request)
      const gone = call.legs.filter((leg) => !isOpen(leg)).map(({ role }) => role)
      return {
        kind: 'connected',
        since,
        ...(silent.length === 0 ? {} : { silent }),
        ...(gone.length === 0 ? {} : { gone }),
        ...(machine === undefined ? {} : { machine }),
      }
    }
  }
}

function endedState({
  cause,
  side,
  divertedTo,
  said,
  connectedAt,
  lasted,
  legs,
  endedAt,
  request,
}: CallRecord): CallView['state'] {
  // "Own phone busy or silent": nobody else was rung, but another phone of one's own may be tried.
  const tryAnother = cause === 'busy' || cause === 'noAnswer' || cause === 'unreachable'
  const another = side === 'user' && tryAnother ? request.otherPhone : undefined
  return {
    kind: 'ended',
    cause,
    side,
    ...(divertedTo === undefined ? {} : { divertedTo }),
    ...(said === undefined ? {} : { said }),
    connected: connectedAt !== undefined,
    lasted,
    legs,
    at: endedAt,
    ...(another === undefined ? {} : { otherPhone: another }),
  }
}
