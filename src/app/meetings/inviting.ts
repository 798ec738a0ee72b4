import type { Call } from '../../core/call/call.ts'
import { isOpen } from '../../core/call/step-parts.ts'
import type { Party } from '../../core/party.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { CallService } from '../call-service.ts'
import { sameTarget } from '../place-call.ts'
import type { Placed, Wanted } from '../place-call.ts'
import type { Legs } from '../ports.ts'
import type { Visit } from '../visit.ts'
import { confirmationOf, isFull, ringsTooMany } from './door.ts'
import type { DoorDeps } from './door.ts'
import type { Known } from './known.ts'
import { legOfPerson } from './room.ts'
import type { Room } from './room.ts'

export type InvitingDeps = DoorDeps & {
  readonly calls: CallService
  readonly legs: Pick<Legs, 'lines'>
  /** Whether this may be rung for this user now. */
  permit(visit: Visit, wanted: Wanted): Promise<Placed | { readonly sentence: Sentence }>
}

/** Rings for a room: people, and the bridge of a meeting. Each counts as a call of whoever asks for it. */
export class Inviting {
  readonly #deps: InvitingDeps

  constructor(deps: InvitingDeps) {
    this.#deps = deps
  }

  /**
   * Rings somebody who is in none of the calls of this room.
   * @returns what whoever invites is told
   */
  async ring(visit: Visit, room: Room, there: readonly Call[], wanted: Wanted): Promise<Sentence> {
    const placed = await this.#deps.permit(visit, wanted)
    if ('sentence' in placed) return placed.sentence
    const { callee } = placed.request
    if (there.some((call) => isReached(call, callee))) return { code: 'alreadyIn', who: callee.name }
    const { calls, policy } = this.#deps
    const running = calls.all(({ outcome }) => outcome === undefined)
    const tooMany = isFull(there, policy) ?? ringsTooMany(running, visit.me.id)
    if (tooMany) return tooMany
    const noWay = await this.#noWay()
    if (noWay) return noWay
    const confirm = await confirmationOf(wanted, callee.target, this.#deps)
    await this.#request(room, placed, confirm ? { confirm } : {})
    return { code: 'inviting', who: callee.name }
  }

  /** Calls the bridge of a meeting, which is keyed before it comes in. @returns false where it may not or cannot be called */
  async callBridge(visit: Visit, room: Room, known: Known): Promise<boolean> {
    const placed = await this.#deps.permit(visit, { known })
    if ('sentence' in placed || (await this.#noWay())) return false
    await this.#request(room, placed, {})
    return true
  }

  async #noWay(): Promise<Sentence | undefined> {
    const lines = await this.#deps.legs.lines()
    return lines === 'free' ? undefined : { code: lines === 'full' ? 'noLine' : 'trunkDown' }
  }

  async #request(
    { id, host }: Room,
    { request: { firstCall: _, ...request }, keys }: Placed,
    more: { readonly confirm?: 'always' | 'never' },
  ): Promise<void> {
    const room = { id, title: host.name, invited: true, ...more } as const
    await this.#deps.calls.request({ ...request, room }, undefined, keys)
  }
}

/** Somebody is there, or is being rung, by a call of this room: as the person, or where nobody knows whose phone it is, by it. */
function isReached(call: Call, { person, target }: Party): boolean {
  if (person !== undefined && legOfPerson(call, person) !== undefined) return true
  const rings = call.legs.some((leg) => leg.role === 'callee' && isOpen(leg))
  return rings && sameTarget(call.request.callee.target, target)
}
