import { crc32 } from 'node:zlib'
import type { CallRecord } from '../core/call/record.ts'
import type { CallId, PersonId } from '../core/ids.ts'
import type { Span } from './rows-file.ts'

/** What is to be known of a partition without reading it; one line of the index. Columns, one item a call. */
export type PartitionSummary = {
  readonly partition: string
  /** Whose calls are in it; `who` counts in here. */
  readonly people: readonly PersonId[]
  readonly who: readonly number[]
  readonly hash: readonly number[]
  readonly requestedAt: readonly number[]
  readonly at: readonly number[]
  readonly length: readonly number[]
}

/** One finished call as the index knows it. */
export type Place = Span & { readonly partition: string; readonly requestedAt: number }

/** Which finished call stands where: a few numbers for each, all in memory. */
export class CallIndex {
  readonly #hashes: number[] = []
  readonly #places: Place[] = []
  /** Of each person, in order of time. */
  readonly #own = new Map<PersonId, Place[]>()

  add(record: Pick<CallRecord, 'id' | 'by' | 'requestedAt'>, partition: string, span: Span): void {
    this.#add(hashOf(record.id), record.by, { partition, ...span, requestedAt: record.requestedAt })
  }

  addPartition(summary: PartitionSummary): void {
    const { partition, people, who, hash, requestedAt, at, length } = summary
    for (const [i, h] of hash.entries()) {
      const by = people[who[i] ?? -1]
      if (by === undefined) continue
      const place = { partition, at: at[i] ?? 0, length: length[i] ?? 0, requestedAt: requestedAt[i] ?? 0 }
      this.#add(h, by, place)
    }
  }

  /** Where the call may stand, newest first: two ids in four thousand million look the same here. */
  *find(call: CallId): Iterable<Place> {
    const hash = hashOf(call)
    for (
      let i = this.#hashes.lastIndexOf(hash);
      i >= 0;
      i = i === 0 ? -1 : this.#hashes.lastIndexOf(hash, i - 1)
    ) {
      const place = this.#places[i]
      if (place) yield place
    }
  }

  /** A person's newest calls, newest first. */
  newest(by: PersonId, limit: number): readonly Place[] {
    return (this.#own.get(by) ?? []).slice(-limit).reverse()
  }

  countSince(by: PersonId, since: number): number {
    const own = this.#own.get(by) ?? []
    return own.length - firstFrom(own, since)
  }

  #add(hash: number, by: PersonId, place: Place): void {
    this.#hashes.push(hash)
    this.#places.push(place)
    const own = this.#own.get(by)
    if (own === undefined) this.#own.set(by, [place])
    // Calls end in nearly the order in which they were asked for.
    else own.splice(firstFrom(own, place.requestedAt + 1), 0, place)
  }
}

/** The first that was asked for at this time or later. */
function firstFrom(places: readonly Place[], time: number): number {
  let first = places.length
  while (first > 0 && (places[first - 1]?.requestedAt ?? 0) >= time) first--
  return first
}

export function summaryOf(
  partition: string,
  records: readonly Pick<CallRecord, 'id' | 'by' | 'requestedAt'>[],
  spans: readonly Span[],
): PartitionSummary {
  const people = [...new Set(records.map(({ by }) => by))]
  return {
    partition,
    people,
    who: records.map(({ by }) => people.indexOf(by)),
    hash: records.map(({ id }) => hashOf(id)),
    requestedAt: records.map(({ requestedAt }) => requestedAt),
    at: spans.map(({ at }) => at),
    length: spans.map(({ length }) => length),
  }
}

const hashOf = (call: CallId) => crc32(call)
