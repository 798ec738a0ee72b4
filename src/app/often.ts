import type { CallRecord } from '../core/call/record.ts'
import { personId } from '../core/ids.ts'
import type { PersonId } from '../core/ids.ts'
import type { Person } from '../core/party.ts'
import { Lanes } from './lanes.ts'
import type { CallStore, Directory, Facts, Log } from './ports.ts'

/** A call counts half as much after so many milliseconds: 30 days. */
const HALF_LIFE = 30 * 24 * 60 * 60 * 1000
/** So many people are remembered for each user; the least called gives way. */
const MOST = 32
/** Records that a tally is made of where none is kept. */
const RECORDS = 100

/** Whom one calls, with a score that grows with count and recency. Two scores may be compared at any time. */
type Tally = readonly (readonly [who: string, score: number])[]

export type OftenDeps = {
  readonly facts: Facts
  readonly store: Pick<CallStore, 'list'>
  readonly directory: Pick<Directory, 'byId'>
  readonly log: Log
}

/** How often and how lately a user has called somebody; undefined for those whom they have not. */
export type Scores = (person: Person) => number | undefined

/**
 * Whom each user calls often. A small tally of each is kept as a fact, so that nothing walks through their history; one that
 * is missing is made of their last calls. Should a kill take the last call's count, nothing but an order is a call behind.
 */
export class Often {
  readonly #deps: OftenDeps
  readonly #lanes = new Lanes()

  constructor(deps: OftenDeps) {
    this.#deps = deps
  }

  /** A call was asked for. Returns at once; a disk that fails holds up nobody. */
  count(by: PersonId, callee: PersonId | undefined, at: number): void {
    if (callee === undefined) return
    this.#lanes
      .run(by, async () => {
        const { facts } = this.#deps
        await facts.put(KIND, by, counted(await this.#tally(by, at), callee, at))
      })
      .catch((err: unknown) =>
        this.#deps.log.warn({ code: 'STORE_WRITE', err }, 'whom somebody calls often was not saved'),
      )
  }

  /** The scores of those whom this user has called, read once for a list of people. */
  async scores(by: PersonId): Promise<Scores> {
    const { directory } = this.#deps
    const scores = new Map<PersonId, number>()
    for (const [who, score] of await this.#tally(by)) {
      // An edit of the directory may have given them another id since.
      const person = await directory.byId(personId(who))
      if (person) scores.set(person.id, sum(scores.get(person.id), score))
    }
    return ({ id }) => scores.get(id)
  }

  /** @param before leaves out calls that were asked for later: they are about to be counted */
  async #tally(by: PersonId, before = Infinity): Promise<Tally> {
    const { facts, store } = this.#deps
    const kept = await facts.get<Tally>(KIND, by)
    if (kept) return kept
    const records = await store.list(by, { skip: 0, limit: RECORDS })
    return records.filter(({ requestedAt }) => requestedAt < before).reduceRight(withRecord, [])
  }
}

const KIND = 'often'

const withRecord = (tally: Tally, { request: { callee }, requestedAt }: CallRecord): Tally =>
  callee.person === undefined ? tally : counted(tally, callee.person, requestedAt)

/** One call more; highest score first. */
function counted(tally: Tally, callee: PersonId, at: number): Tally {
  const before = tally.find(([who]) => who === callee)?.[1]
  const others = tally.filter(([who]) => who !== callee)
  return [[callee, sum(before, at / HALF_LIFE)] as const, ...others]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST)
}

/**
 * A score is the logarithm (base 2) of the sum of 2^(age in half-lives) over the calls: each call's weight then falls in
 * relation to later ones without anything being written anew.
 */
function sum(a: number | undefined, b: number): number {
  if (a === undefined) return b
  const [low, high] = a < b ? [a, b] : [b, a]
  return Math.round((high + Math.log2(1 + 2 ** (low - high))) * 1e4) / 1e4
}
