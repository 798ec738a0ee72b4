import type { Person } from '../core/party.ts'
import { difference, distance, letters } from './distance.ts'
import { spellings, words } from './fold.ts'
import { initialsTyped, initialsWays } from './name-initials.ts'
import { otherwise } from './nicknames.ts'
import { each, mapped } from './slices.ts'
import type { Sliced } from './slices.ts'

type Entry = { readonly person: Person; readonly words: readonly string[]; readonly first: string }

/** Those whom a text fits, best first. `whole` where it fits somebody by whole words. */
export type Begun = { readonly people: readonly Person[]; readonly whole: boolean }

/**
 * Finds people by what begins the words of their names and aliases (docs/rules.md, "Names"). A sorted vocabulary makes the
 * search a bisection: it does not walk through all people.
 */
export class NameIndex {
  /** In the order of their names. */
  #entries: readonly Entry[] = []
  /** Whole folded names and aliases, in the order of their words and sorted. */
  readonly #whole = new Map<string, Person[]>()
  readonly #whose = new Map<string, number[]>()
  readonly #initials = new Map<string, number[]>()
  #vocabulary: readonly string[] = []
  #letters = new Int32Array()

  /** Makes an index, in slices. */
  static *of(people: readonly Person[]): Sliced<NameIndex> {
    const index = new NameIndex()
    const entries = yield* mapped(people, entryOf)
    // Compared letter by letter, which is ten times as fast as by the rules of a language.
    index.#entries = entries.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
    yield
    yield* each(index.#entries, (entry, i) => index.#add(entry, i))
    index.#vocabulary = [...index.#whose.keys()].sort()
    yield
    index.#letters = Int32Array.from(yield* mapped(index.#vocabulary, letters))
    return index
  }

  #add({ person, words }: Entry, i: number): void {
    for (const word of words) push(this.#whose, word, i)
    for (const name of [person.name, ...person.aliases])
      for (const key of wholeKeys(name)) push(this.#whole, key, person)
    for (const way of initialsWays(person.name)) push(this.#initials, way, i)
  }

  /** Those whose whole name or alias this is, in whatever order its words stand. */
  whole(query: string): readonly Person[] {
    const found = this.#whole.get(wholeKey(words(query)))
    return found === undefined ? [] : [...new Set(found)]
  }

  /** Those of whose name or aliases every word typed begins a word. */
  begun(query: string): Begun {
    for (const typed of spellings(query)) {
      const found = this.#begunBy([...new Set(typed)])
      if (found.people.length > 0) return found
    }
    return { people: [], whole: false }
  }

  /**
   * Those who may be meant though a word typed begins none of theirs: it is short for one, or one is short for it, or
   * it is their initials. Best first; those whom `begun` finds may be among them.
   */
  guessed(query: string): readonly Person[] {
    const typed = [...new Set(words(query))]
    const sets = typed.map((word) => new Set([...this.#begunWith(word), ...this.#short(word)]))
    const [fewest, ...others] = sets.toSorted((a, b) => a.size - b.size)
    const found = new Set([...(fewest ?? [])].filter((i) => others.every((set) => set.has(i))))
    const initials = initialsTyped(query)
    const named = initials === undefined ? undefined : this.#initials.get(initials)
    for (const i of named ?? []) found.add(i)
    return [...found].sort((a, b) => a - b).flatMap((i) => this.#entries[i]?.person ?? [])
  }

  /** People who could have been meant, nearest first. */
  near(query: string, most: number): readonly Person[] {
    const typed = words(query).slice(0, 6)
    const costs = new Map<number, number>()
    for (const word of typed) {
      // One error away from two letters is nearly everybody.
      if (word.length < 3) continue
      const allowed = allowance(word)
      const best = new Map<number, number>()
      const set = letters(word)
      for (const [v, known] of this.#vocabulary.entries()) {
        const longer = known.length - word.length
        // Letters that the longer word has more need not count against its beginning.
        const missing = longer > 0 ? set & ~(this.#letters[v] ?? 0) : set ^ (this.#letters[v] ?? 0)
        if (longer < -allowed || difference(missing, 0) > (longer > 0 ? allowed : 2 * allowed)) continue
        const cost = beginning(word, known, allowed)
        if (cost > allowed) continue
        for (const i of this.#whose.get(known) ?? []) best.set(i, Math.min(best.get(i) ?? Infinity, cost))
      }
      // Nearness in one word is what counts; a word that fits nothing costs its whole length.
      for (const [i, cost] of best) costs.set(i, (costs.get(i) ?? total(typed)) - word.length + cost)
    }
    // What fits half of the letters only is another name.
    const ranked = [...costs]
      .filter(([, cost]) => cost <= total(typed) / 2)
      .sort(([i, a], [j, b]) => a - b || i - j)
    return ranked.slice(0, most).flatMap(([i]) => this.#entries[i]?.person ?? [])
  }

  #begunBy(typed: readonly string[]): Begun {
    const [longest, ...others] = typed.toSorted((a, b) => b.length - a.length)
    if (longest === undefined) return { people: [], whole: false }
    const found = this.#begunWith(longest).filter((i) => others.every((word) => this.#hasBegun(i, word)))
    const ranked = found.map((i) => ({ i, rank: this.#rank(i, typed) }))
    ranked.sort((a, b) => a.rank - b.rank || a.i - b.i)
    const people = ranked.flatMap(({ i }) => this.#entries[i]?.person ?? [])
    return { people, whole: (ranked[0]?.rank ?? PART) < PART }
  }

  /** Those with a word that this one is short for, or with a short form of it. */
  #short(word: string): readonly number[] {
    return otherwise(word).flatMap((other) => {
      const [first = '', ...more] = other.split('+')
      const found = this.#whose.get(first) ?? []
      return found.filter((i) => more.every((one) => this.#entries[i]?.words.includes(one)))
    })
  }

  #begunWith(prefix: string): number[] {
    const found = new Set<number>()
    for (let i = this.#lowest(prefix); this.#vocabulary[i]?.startsWith(prefix); i++)
      for (const person of this.#whose.get(this.#vocabulary[i] ?? '') ?? []) found.add(person)
    return [...found]
  }

  #lowest(prefix: string): number {
    let low = 0
    let high = this.#vocabulary.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#vocabulary[middle] ?? '') < prefix) low = middle + 1
      else high = middle
    }
    return low
  }

  #hasBegun(i: number, word: string): boolean {
    return this.#entries[i]?.words.some((known) => known.startsWith(word)) ?? false
  }

  /** Whole words before parts, then those whose first name it is. */
  #rank(i: number, typed: readonly string[]): number {
    const entry = this.#entries[i]
    if (entry === undefined) return 0
    let parts = 0
    for (const word of typed) if (!entry.words.includes(word)) parts++
    return parts * PART + (entry.first.startsWith(typed[0] ?? '') ? 0 : 1)
  }
}

/** What a word that is only begun costs in the ranking. */
const PART = 2

function entryOf(person: Person): Entry {
  const all = [person.name, ...person.aliases].flatMap((name) => spellings(name).flat())
  return { person, words: [...new Set(all)], first: words(person.name).join(' ') }
}

/** A name is whole under each way of spelling it. */
function wholeKeys(name: string): Set<string> {
  return new Set(spellings(name).map(wholeKey))
}

const wholeKey = (all: readonly string[]) => all.toSorted().join(' ')

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}

/** Typing errors that a word of this length may have. */
const allowance = (word: string) => (word.length <= 3 ? 1 : word.length <= 7 ? 2 : 3)
const total = (typed: readonly string[]) => typed.reduce((sum, word) => sum + word.length, 0)

/** Distance to a word, or to the beginning of a longer one: "Robrt" is near to Roberto. */
function beginning(word: string, known: string, most: number): number {
  const whole = distance(word, known, most)
  if (known.length <= word.length || word.length < 4) return whole
  return Math.min(whole, distance(word, known.slice(0, word.length), most) + 0.5)
}
