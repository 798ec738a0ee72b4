/** What a phone or PBX asks for inside a dialog, and what it is answered. */
import type { IncomingRequest } from './connection.ts'
import type { LegMedia } from './leg-media.ts'
import type { Renegotiator } from './renegotiate.ts'
import { SdpFault } from './sdp/parse.ts'
import type { Wire } from './wire.ts'

/** The leg, as the requests of its far side see it. */
export interface Asked {
  readonly wire: Wire
  readonly media: LegMedia
  readonly negotiation: Renegotiator
  /** A re-INVITE without SDP was answered with an offer, whose answer comes in the ACK. */
  awaitsAnswer: boolean
  /** The far side has answered a re-INVITE of ours with an offer, which waits for our ACK. */
  readonly answerPending: (() => void) | undefined
  onDigit(digit: string): void
  /** The far phone has renegotiated: its media are elsewhere, or of another kind. */
  onChanged(): void
}

const MOST_OF_INFO = 256
const ALLOWED = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE'

/**
 * Refuses what comes at the wrong time, whatever it asks for.
 * @param state of the leg
 * @returns whether it did
 */
export function refuseEarlyOrLate(
  leg: Pick<Asked, 'wire'>,
  state: string,
  request: IncomingRequest,
): boolean {
  const { method, local } = request
  if (state === 'answered' || local) return false
  const answer = answering(leg, request)
  // RFC 3261 15.1.1: our BYE has ended the session.
  if (state === 'leaving') {
    if (method !== 'INVITE' && method !== 'UPDATE') return false
    answer(481)
    // 14.2: our INVITE is in progress, for all we know: its 200 may have been overtaken.
  } else if (method === 'INVITE') answer(491)
  // 15: no BYE before the ACK.
  else if (method === 'BYE') answer(481)
  else return false
  return true
}

/** Answers any request but BYE. */
export function answerRequest(leg: Asked, request: IncomingRequest): void {
  const answer = answering(leg, request)
  switch (request.method) {
    case 'INVITE':
      return onInvite(leg, request, answer)
    case 'UPDATE':
      return onUpdate(leg, request, answer)
    case 'ACK':
      return onAck(leg, request)
    case 'INFO':
      return onInfo(leg, request, answer)
    case 'OPTIONS':
      return answer(200, { Allow: ALLOWED, Accept: 'application/sdp, application/dtmf-relay' })
    case 'PRACK':
      return answer(200)
    case 'REFER':
      // An unanswered REFER comes again and again (siphon-sip PR 110).
      return answer(603)
    case 'NOTIFY':
      return answer(489)
    default:
      return answer(405, { Allow: ALLOWED })
  }
}

type Answer = (status: number, headers?: Record<string, string>, body?: string) => void

const answering =
  ({ wire }: Pick<Asked, 'wire'>, request: IncomingRequest): Answer =>
  (status, headers = {}, body) => {
    request.answer(status, {
      headers,
      ...(body === undefined ? {} : { body }),
      done: (raw) => {
        if (raw !== undefined) wire.record('out', raw)
      },
    })
  }

function onInvite(leg: Asked, request: IncomingRequest, answer: Answer): void {
  // RFC 3261 14.2: ours is under way.
  if (leg.negotiation.pending || leg.answerPending) return answer(491)
  if (leg.awaitsAnswer) return answer(500, { 'Retry-After': '2' })
  if (request.body !== '') return onOffer(leg, request, answer)
  leg.awaitsAnswer = true
  answer(200, {}, leg.media.offerAgain())
}

function onUpdate(leg: Asked, request: IncomingRequest, answer: Answer): void {
  if (request.body === '') return answer(200)
  // RFC 3311 5.2: an offer of ours has no answer yet.
  if (leg.negotiation.pending || leg.answerPending || !leg.media.far) return answer(491)
  if (leg.awaitsAnswer) return answer(500, { 'Retry-After': '2' })
  onOffer(leg, request, answer)
}

function onOffer(leg: Asked, request: IncomingRequest, answer: Answer): void {
  let body: string
  try {
    body = leg.media.answerAgain(request.body)
  } catch (fault) {
    if (!(fault instanceof SdpFault)) throw fault
    return answer(488, { Warning: `399 dialback "${fault.code}"` })
  }
  answer(200, {}, body)
  leg.onChanged()
}

/** The answer to an offer of ours that a re-INVITE without SDP has asked for. */
function onAck(leg: Asked, request: IncomingRequest): void {
  if (!leg.awaitsAnswer) return
  leg.awaitsAnswer = false
  if (request.body === '') return
  try {
    if (leg.media.ends === 'here') leg.media.answeredOwn(request.body)
    else leg.media.accept(request.body, leg.media.read(request.body))
    leg.onChanged()
  } catch (fault) {
    if (!(fault instanceof SdpFault)) throw fault
  }
}

function onInfo(leg: Asked, request: IncomingRequest, answer: Answer): void {
  const type = /^[^;\s]*/.exec(request.header('content-type'))?.[0].toLowerCase()
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf')
    return answer(request.body === '' ? 200 : 415, { Accept: 'application/dtmf-relay' })
  answer(200)
  // The first lines alone: a body of 60 KB of line ends would be searched for minutes.
  const digit = /^(?:Signal[ \t]*=)?[ \t]*([0-9*#A-D])/im.exec(request.body.slice(0, MOST_OF_INFO))?.[1]
  if (digit !== undefined) leg.onDigit(digit.toUpperCase())
}
