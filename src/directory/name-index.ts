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
  /** Of each entry, how many of the words typed it fits, or begins with. Used anew by each search; nothing is awaited in between. */
  #fits = new Uint8Array()
  #begins = new Uint8Array()
  /** Of each entry, what the word typed, and all of them, cost. */
  #cost = new Float32Array()
  #costs = new Float32Array()

  /** Makes an index, in slices. */
  static *of(people: readonly Person[]): Sliced<NameIndex> {
    const index = new NameIndex()
    const entries = yield* mapped(people, entryOf)
    // Compared letter by letter, which is ten times as fast as by the rules of a language.
    index.#entries = entries.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
    yield
    yield* each(index.#entries, (entry, i) => index.#add(entry, i))
    index.#fits = new Uint8Array(entries.length)
    index.#begins = new Uint8Array(entries.length)
    index.#cost = new Float32Array(entries.length)
    index.#costs = new Float32Array(entries.length)
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
   * it is their initials. Best first, without those whom `begun` finds by the text as it was typed.
   */
  guessed(query: string): readonly Person[] {
    const typed = [...new Set(words(query))].slice(0, MOST_WORDS)
    const fits = this.#fits.fill(0)
    const begins = this.#begins.fill(0)
    for (const [n, word] of typed.entries()) {
      // Only who fits all words before is asked whether this one fits, too.
      this.#eachBegunWith(word, (i) => {
        if (fits[i] === n) fits[i] = n + 1
        if (begins[i] === n) begins[i] = n + 1
      })
      for (const i of this.#short(word)) if (fits[i] === n) fits[i] = n + 1
    }
    const initials = initialsTyped(query)
    const named = initials === undefined ? undefined : this.#initials.get(initials)
    for (const i of named ?? []) fits[i] = typed.length
    return typed.length === 0
      ? []
      : this.#people((i) => fits[i] === typed.length && begins[i] !== typed.length)
  }

  /** People who could have been meant, nearest first. */
  near(query: string, most: number): readonly Person[] {
    const typed = words(query).slice(0, MOST_WORDS)
    const all = total(typed)
    if (all === 0) return []
    // What fits half of the letters only is another name.
    const limit = all / 2
    const costs = this.#costs.fill(all)
    for (const word of typed) {
      // One error away from two letters is nearly everybody.
      if (word.length < 3) continue
      const cost = this.#cost.fill(Infinity)
      this.#eachNear(word, (i, one) => {
        if (one < (cost[i] ?? 0)) cost[i] = one
      })
      // Nearness in one word is what counts; a word that fits nothing costs its whole length.
      for (let i = 0; i < cost.length; i++) {
        const one = cost[i] ?? Infinity
        if (one !== Infinity) costs[i] = (costs[i] ?? all) - word.length + one
      }
    }
    const nearest = new Nearest(most)
    for (let i = 0; i < costs.length; i++) {
      const cost = costs[i] ?? all
      if (cost <= limit) nearest.add(i, cost)
    }
    return nearest.found.flatMap((i) => this.#entries[i]?.person ?? [])
  }

  /** Calls back with everybody of whom a word is near to this one, and with what its errors cost. */
  #eachNear(word: string, found: (i: number, cost: number) => void): void {
    const allowed = allowance(word)
    const set = letters(word)
    for (let v = 0; v < this.#vocabulary.length; v++) {
      const known = this.#vocabulary[v] ?? ''
      const longer = known.length - word.length
      if (longer < -allowed) continue
      // Letters that the longer word has more need not count against its beginning.
      const missing = longer > 0 ? set & ~(this.#letters[v] ?? 0) : set ^ (this.#letters[v] ?? 0)
      if (difference(missing, 0) > (longer > 0 ? allowed : 2 * allowed)) continue
      const cost = beginning(word, known, allowed)
      if (cost > allowed) continue
      for (const i of this.#whose.get(known) ?? []) found(i, cost)
    }
  }

  #begunBy(typed: readonly string[]): Begun {
    const [longest, ...others] = typed.toSorted((a, b) => b.length - a.length)
    if (longest === undefined) return { people: [], whole: false }
    const fits = this.#fits.fill(0)
    this.#eachBegunWith(longest, (i) => {
      fits[i] = 1
    })
    const ranks: Person[][] = Array.from({ length: typed.length * PART + 2 }, () => [])
    for (let i = fits.indexOf(1); i !== -1; i = fits.indexOf(1, i + 1)) {
      const entry = this.#entries[i]
      if (entry && others.every((word) => hasBegun(entry, word)))
        ranks[rankOf(entry, typed)]?.push(entry.person)
    }
    return {
      people: ranks.flat(),
      whole: ranks.findIndex(({ length }) => length > 0) < PART && ranks.some(({ length }) => length > 0),
    }
  }

  /** Those for whom this holds, in order. */
  #people(holds: (i: number) => boolean): readonly Person[] {
    const found: Person[] = []
    for (let i = 0; i < this.#entries.length; i++) {
      const entry = holds(i) ? this.#entries[i] : undefined
      if (entry) found.push(entry.person)
    }
    return found
  }

  /** Those with a word that this one is short for, or with a short form of it. */
  #short(word: string): readonly number[] {
    return otherwise(word).flatMap((other) => {
      const [first = '', ...more] = other.split('+')
      const found = this.#whose.get(first) ?? []
      return found.filter((i) => more.every((one) => this.#entries[i]?.words.includes(one)))
    })
  }

  /** Calls back with everybody of whom a word begins so; with some more than once. */
  #eachBegunWith(prefix: string, found: (i: number) => void): void {
    for (let v = this.#lowest(prefix); this.#vocabulary[v]?.startsWith(prefix); v++)
      for (const i of this.#whose.get(this.#vocabulary[v] ?? '') ?? []) found(i)
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
}

const hasBegun = ({ words }: Entry, word: string): boolean => words.some((known) => known.startsWith(word))

/** Whole words before parts, then those whose first name it is. */
function rankOf({ words, first }: Entry, typed: readonly string[]): number {
  let parts = 0
  for (const word of typed) if (!words.includes(word)) parts++
  return parts * PART + (first.startsWith(typed[0] ?? '') ? 0 : 1)
}

/** The few that cost least, in the order of their costs, and of their coming where those are equal. */
class Nearest {
  readonly found: number[] = []
  readonly #costs: number[] = []
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(i: number, cost: number): void {
    if (this.found.length === this.#most && cost >= (this.#costs.at(-1) ?? Infinity)) return
    let at = this.#costs.length
    while (at > 0 && (this.#costs[at - 1] ?? 0) > cost) at--
    this.#costs.splice(at, 0, cost)
    this.found.splice(at, 0, i)
    if (this.found.length > this.#most) {
      this.#costs.pop()
      this.found.pop()
    }
  }
}

/** A name has no more. */
const MOST_WORDS = 6

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
