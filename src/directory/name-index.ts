import type { Person } from '../core/party.ts'
import { difference, distance, letters } from './distance.ts'
import { fold, spellings, words } from './fold.ts'

type Entry = { readonly person: Person; readonly words: readonly string[]; readonly first: string }

/**
 * Finds people by what begins the words of their names and aliases (docs/rules.md, "Names"). A sorted vocabulary makes the
 * search a bisection: it does not walk through all people.
 */
export class NameIndex {
  readonly #entries: readonly Entry[]
  /** Whole folded names and aliases, in the order of their words and sorted. */
  readonly #whole = new Map<string, Person[]>()
  readonly #vocabulary: readonly string[]
  readonly #letters: Int32Array
  readonly #whose = new Map<string, number[]>()

  constructor(people: readonly Person[]) {
    const byName = new Intl.Collator('en', { sensitivity: 'base' })
    this.#entries = [...people].sort((a, b) => byName.compare(a.name, b.name)).map(entryOf)
    for (const [i, entry] of this.#entries.entries()) {
      for (const word of entry.words) push(this.#whose, word, i)
      for (const name of [entry.person.name, ...entry.person.aliases])
        for (const key of wholeKeys(name)) push(this.#whole, key, entry.person)
    }
    this.#vocabulary = [...this.#whose.keys()].sort()
    this.#letters = Int32Array.from(this.#vocabulary, letters)
  }

  /** Those whose whole name or alias this is, in whatever order its words stand. */
  whole(query: string): readonly Person[] {
    const found = this.#whole.get(wholeKey(words(query)))
    return found === undefined ? [] : [...new Set(found)]
  }

  /** Those of whose name or aliases every word typed begins a word; best first. */
  begun(query: string): readonly Person[] {
    const typed = [...new Set(words(query))]
    const [longest, ...others] = typed.toSorted((a, b) => b.length - a.length)
    if (longest === undefined) return []
    const found = this.#begunWith(longest).filter((i) => others.every((word) => this.#hasBegun(i, word)))
    // Entries are in the order of their names.
    const ranked = found.map((i) => ({ i, rank: this.#rank(i, typed) }))
    ranked.sort((a, b) => a.rank - b.rank || a.i - b.i)
    return ranked.flatMap(({ i }) => this.#entries[i]?.person ?? [])
  }

  /** Names that could have been meant, nearest first. */
  near(query: string, most: number): readonly string[] {
    const typed = words(query).slice(0, 6)
    const costs = new Map<number, number>()
    for (const word of typed) {
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
    const names = ranked.flatMap(([i]) => this.#entries[i]?.person.name ?? [])
    return [...new Set(names)].slice(0, most)
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
    const parts = typed.filter((word) => !entry.words.includes(word)).length
    return parts * 2 + (entry.first.startsWith(typed[0] ?? '') ? 0 : 1)
  }
}

function entryOf(person: Person): Entry {
  const all = [person.name, ...person.aliases].flatMap((name) => spellings(name).flat())
  return { person, words: [...new Set(all)], first: fold(person.name) }
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
