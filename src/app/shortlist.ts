/** Which of those who may be meant are shown, and in which order. */
import type { Person } from '../core/party.ts'
import type { Scores } from './often.ts'
import type { Found } from './ports.ts'

/** More people than a card has room for: the name is asked for more closely. */
const MOST_CHOICES = 10
const NEAR = 3

export type Shortlist = {
  readonly people: readonly Person[]
  /** How many more may be meant. */
  readonly left: number
}

/**
 * Those whom a text fits, then those who were guessed; of each, those whom one calls often come first. Where they are too
 * many, only those whom one calls are left: nobody at all where one calls none of them.
 */
export function shortlist({ fitting, guessed }: Found, score: Scores): Shortlist {
  const all = [...ranked(fitting, score), ...ranked(guessed, score)]
  if (all.length <= MOST_CHOICES) return { people: all, left: 0 }
  // A few whom it fits are not crowded out by many who were guessed.
  const few = fitting.length <= MOST_CHOICES ? fitting.length : 0
  const people = all.filter((person, i) => i < few || score(person) !== undefined).slice(0, MOST_CHOICES)
  return { people, left: all.length - people.length }
}

/** Of the people of a chat: as many as a card has room for, those whom one calls often first. Others are called by name. */
export function firstOf(people: readonly Person[], score: Scores): Shortlist {
  const all = ranked(people, score)
  return { people: all.slice(0, MOST_CHOICES), left: Math.max(0, all.length - MOST_CHOICES) }
}

/** "Did you mean": names, nearest first, but those whom one calls before all others. */
export function nearNames(people: readonly Person[], score: Scores): readonly string[] {
  return [...new Set(ranked(people, score).map(({ name }) => name))].slice(0, NEAR)
}

/** Stable: whom one has not called keeps the place that they had. */
const ranked = (people: readonly Person[], score: Scores): readonly Person[] =>
  people.toSorted((a, b) => (score(b) ?? -Infinity) - (score(a) ?? -Infinity) || 0)
