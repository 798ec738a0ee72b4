import { randomBytes } from 'node:crypto'
import type { CallRequest, Stamped } from '../../src/core/call/call.ts'
import type { ClosedCall } from '../../src/core/call/record.ts'
import { callId, legId, personId } from '../../src/core/ids.ts'
import type { CallId, E164, PersonId } from '../../src/core/ids.ts'

export const alice = personId('alice')
export const bob = personId('bob')
export const newCall = (): CallId => callId(`c_${randomBytes(16).toString('base64url')}`)

export function request(by: PersonId): CallRequest {
  const party = (name: string, number: string) => ({
    name,
    target: { kind: 'number' as const, number: number as E164 },
  })
  return {
    by,
    user: party('Alice Serrano', '+34910000001'),
    callee: party('Bob Marín', '+34910000002'),
    callerId: { number: '+34910000001', name: 'Alice Serrano' },
    globalCallerId: '+34900100200' as E164,
    pressOne: false,
    limits: { ringUser: 30, ringCallee: 60, talk: 14_400, confirm: 20 },
    origin: { channel: 'msteams', conversation: 'a:1', language: 'es' },
  }
}

/** A call as it happens: asked for, ringing, answered, over. */
export function eventsOf(call: CallId, by: PersonId, at: number): readonly Stamped[] {
  const desk = legId(call, 1)
  return [
    { at, event: { type: 'requested', request: request(by) } },
    { at: at + 100, event: { type: 'leg.ringing', leg: desk, status: 180, earlyMedia: false } },
    { at: at + 2_000, event: { type: 'leg.answered', leg: desk } },
    { at: at + 60_000, event: { type: 'leg.ended', leg: desk, end: { kind: 'hungUp' } } },
  ]
}

/** A finished call. @param padding bytes of its ladder's text */
export function closedCall(by: PersonId, at: number, call = newCall(), padding = 400): ClosedCall {
  return {
    record: {
      id: call,
      by,
      request: request(by),
      requestedAt: at,
      connectedAt: at + 2_000,
      endedAt: at + 60_000,
      lasted: 58,
      cause: 'completed',
      side: 'user',
      legs: [{ role: 'user', rang: 2, talked: 58 }],
      media: 'direct',
      revision: 4,
    },
    events: eventsOf(call, by, at),
    ladder: [
      {
        at,
        role: 'user',
        direction: 'out',
        line: 'INVITE sip:+34910000001@pbx SIP/2.0',
        text: 'x'.repeat(padding),
      },
    ],
  }
}
