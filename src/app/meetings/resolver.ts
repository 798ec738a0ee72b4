import type { Meeting } from '../../core/meeting/meeting.ts'
import { needsDialIn } from '../../core/meeting/way-in.ts'
import type { DialIn } from '../../core/meeting/way-in.ts'
import type { Person } from '../../core/party.ts'
import type { Policy } from '../policy.ts'
import type { Clock, DialIns, DialInTold } from '../ports.ts'

export type ResolverDeps = {
  readonly dialIns: DialIns
  readonly clock: Clock
  readonly policy: Pick<Policy, 'country' | 'bridges'>
}

const MINUTE = 60_000
/** How long an answer holds, in milliseconds: a meeting's number stays, what an administrator opens should be seen soon. */
const HOLDS: Readonly<Record<'told' | Exclude<DialInTold, DialIn>, number>> = {
  told: 4 * 60 * MINUTE,
  none: 5 * MINUTE,
  refused: MINUTE,
  away: MINUTE / 4,
}
/** Milliseconds that somebody who wants in waits for it; then the next way in is taken. */
const WITHIN = 3000
const MOST = 1000

/** Looks up what a meeting's text does not tell, where its provider's own service can be asked; remembers the answers. */
export class Resolver {
  readonly #deps: ResolverDeps
  readonly #answers = new Map<string, { readonly until: number; readonly told: Promise<DialInTold> }>()

  constructor(deps: ResolverDeps) {
    this.#deps = deps
  }

  /**
   * The telephone access, where neither the text nor `MEETING_BRIDGES` has it. Never rejects, and never takes long.
   * @returns undefined where nobody had to be asked
   */
  async dialIn(meeting: Meeting, asker: Person): Promise<DialInTold | undefined> {
    const { policy, dialIns, clock } = this.#deps
    const { link, key } = meeting
    if (link === undefined || !needsDialIn(meeting, policy.country, policy.bridges)) return undefined
    const end = clock.now() + WITHIN
    let answer: DialInTold = 'none'
    for (const user of dialIns.whose(link, asker.aadObjectId)) {
      const left = end - clock.now()
      const told = left > 0 ? await this.#told(key, link, user, left) : 'away'
      if (typeof told !== 'string' || told === 'away') return told
      // Somebody's meetings are closed to the application, and those of the next one perhaps not.
      if (told === 'none' && answer === 'none') return told
      answer = 'refused'
    }
    return answer
  }

  /** What is found among somebody's meetings: one question for all who want to know it, and its answer for a while. */
  async #told(meeting: string, link: string, user: string, within: number): Promise<DialInTold> {
    const { clock, dialIns } = this.#deps
    const key = JSON.stringify([meeting, user])
    const before = this.#answers.get(key)
    if (before && before.until > clock.now()) return before.told
    const told = dialIns.dialIn(link, user, within).catch(() => 'away' as const)
    this.#keep(key, told, Infinity)
    const answer = await told
    this.#keep(key, told, clock.now() + HOLDS[typeof answer === 'string' ? answer : 'told'])
    return answer
  }

  #keep(key: string, told: Promise<DialInTold>, until: number): void {
    this.#answers.delete(key)
    this.#answers.set(key, { told, until })
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest)
  }
}
