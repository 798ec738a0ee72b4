import type { Party } from '../party.ts'
import type { CallView } from '../screen.ts'
import type { Call } from './call.ts'
import type { CallRecord } from './record.ts'

/** What the card of a call shows now. `shown` writes a target as people read it (core/dialplan). */
export function viewOf(call: Call, shown: (party: Party) => string): CallView {
  const ended = call.outcome
  return {
    ...head(call.id, call.revision, call.requestedAt, call.request, shown),
    state: ended ? endedState(call.request.otherPhone, call.connectedAt, ended) : liveState(call),
    actions: ended ? ['redial', 'details'] : ['hangUp', 'details'],
  }
}

/** The same card from the record of a finished call. */
export function viewOfRecord(record: CallRecord, shown: (party: Party) => string): CallView {
  return {
    ...head(record.id, record.revision, record.requestedAt, record.request, shown),
    state: endedState(record.request.otherPhone, record.connectedAt, { ...record, at: record.endedAt }),
    actions: ['redial', 'details'],
  }
}

function head(
  call: CallView['call'],
  revision: number,
  requestedAt: number,
  { user, callee, globalCallerId }: Call['request'],
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
    callee: { name: callee.name, number: shown(callee) },
    ...(globalCallerId === undefined ? {} : { globalCallerId }),
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
    case 'ended':
    case 'closed':
      return { kind: 'connected', since: call.connectedAt ?? call.requestedAt }
  }
}

type Ended = Extract<CallView['state'], { kind: 'ended' }>
type End = Pick<Ended, 'cause' | 'side' | 'divertedTo' | 'at'>

function endedState(otherPhone: Ended['otherPhone'], connectedAt: number | undefined, end: End): Ended {
  const { cause, side, divertedTo, at } = end
  // "Own phone busy or silent": nobody else was rung, but another phone of one's own may be tried.
  const another = side === 'user' && (cause === 'busy' || cause === 'noAnswer') ? otherPhone : undefined
  return {
    kind: 'ended',
    cause,
    side,
    ...(divertedTo === undefined ? {} : { divertedTo }),
    connected: connectedAt !== undefined,
    lasted: connectedAt === undefined ? 0 : Math.max(0, Math.round((at - connectedAt) / 1000)),
    at,
    ...(another === undefined ? {} : { otherPhone: another }),
  }
}
