/** Who comes into a room of the bot's own, how many, and by what proof; and when nobody is left whom the room is for. */
import type { Call, JoinedRoom } from '../../core/call/call.ts'
import type { PersonId } from '../../core/ids.ts'
import { isOpen } from '../../core/call/step-parts.ts'
import type { Target } from '../../core/party.ts'
import type { Sentence } from '../../core/sentence.ts'
import { pressesOne } from '../../core/settings.ts'
import type { OwnSettings } from '../own-settings.ts'
import { sameTarget } from '../place-call.ts'
import type { Wanted } from '../place-call.ts'
import type { Dialplan, Policy } from '../policy.ts'

export type DoorDeps = {
  readonly policy: Pick<Policy, 'pressOne' | 'roomMembers'>
  readonly dialplan: Pick<Dialplan, 'targetOf'>
  /** Those of whoever is invited. */
  readonly settings: Pick<OwnSettings, 'of'>
}

/** Phones that ring at once for one person's invitations: more is no meeting that somebody calls together by hand. */
const MOST_RINGING = 10

/** The sentence where one more is too many. Who is still being rung counts: a place is kept for them. */
export function isFull(calls: readonly Call[], { roomMembers }: DoorDeps['policy']): Sentence | undefined {
  const count = calls.reduce((sum, { legs }) => sum + legs.filter(isOpen).length, 0)
  return count < roomMembers ? undefined : { code: 'roomFull', limit: roomMembers }
}

/** The sentence where too many phones ring for this person's invitations. @param calls those that are not over */
export function ringsTooMany(calls: readonly Call[], by: PersonId): Sentence | undefined {
  const ringing = calls.filter(
    ({ state, request }) => state === 'connecting' && request.by === by && request.room?.invited,
  )
  return ringing.length < MOST_RINGING ? undefined : { code: 'tooManyRinging', limit: MOST_RINGING }
}

/**
 * Whether whoever is invited presses 1 before they are in. At a colleague's desk phone only where something tells of a
 * machine; at any other phone always, since a mobile or an outside number has a voicemail box that tells of nothing.
 */
export async function confirmationOf(
  wanted: Wanted,
  target: Target,
  { policy, settings, dialplan }: DoorDeps,
): Promise<JoinedRoom['confirm']> {
  if (policy.pressOne === 'never') return 'never'
  const person = 'person' in wanted ? wanted.person : undefined
  const desk = person && dialplan.targetOf(person, 'desk')
  const isDesk =
    sameTarget(desk, target) || (target.kind === 'extension' && target.extension === person?.extension)
  if (!person || !isDesk) return 'always'
  return pressesOne(policy.pressOne, await settings.of(person.id)) ? 'always' : undefined
}

/**
 * Nobody of the directory is in it or on the way: two numbers that somebody had the bot call and then left alone would
 * talk at the company's expense for hours.
 */
export function hasOnlyOutsiders(calls: readonly Call[]): boolean {
  return calls.every(({ request, legs }) =>
    legs.filter(isOpen).every(({ role }) => role === 'callee' && request.callee.person === undefined),
  )
}
