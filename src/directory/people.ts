import type { Directory, Found } from '../app/ports.ts'
import type { Person } from '../core/party.ts'
import { NameIndex } from './name-index.ts'
import { idsOf } from './person-ids.ts'
import { PhoneBook } from './phone-book.ts'
import { atOnce, each } from './slices.ts'
import type { Sliced } from './slices.ts'

/** Longer than any name, address or number. */
const LONGEST = 254
/** More than anybody is shown: those whom one calls often are picked of them. */
const NEAR = 20
/** Nobody asks more of them. */
const ADMINS = 10

/**
 * A directory over people in memory: the last version of a file, or the demo's.
 * @param country ISO 3166-1, whose national numbers are meant
 */
export function directoryOf(people: readonly Person[], country: string): Directory {
  return atOnce(directoryInSlices(people, country))
}

/** The same, made in slices. */
export function* directoryInSlices(people: readonly Person[], country: string): Sliced<Directory> {
  const names = yield* NameIndex.of(people)
  const phones = yield* PhoneBook.of(people, country)
  const ids = yield* firstBy(people, ({ id }) => [id])
  const formerIds = yield* formerly(people)
  const aadObjectIds = yield* firstBy(people, ({ aadObjectId }) => [aadObjectId])
  const emails = yield* firstBy(people, ({ email }) => [email])
  // What a channel calls its users is taken letter by letter.
  const senders = new Map<string, Person>()
  yield* each(people, (person) => {
    for (const [channel, id] of Object.entries(person.ids)) senders.set(senderKey(channel, id), person)
  })
  const admins: Person[] = []
  yield* each(people, (person) => {
    if (person.admin && admins.length < ADMINS) admins.push(person)
  })
  const locals = yield* allBy(people, ({ email }) => [email?.replace(/@.*$/, '')])

  function find(query: string): Found {
    const text = query.trim()
    if (text === '' || text.length > LONGEST) return NOBODY
    const email = emails.get(fixed(text))
    if (email !== undefined) return { fitting: [email], guessed: [] }
    const exact = union(names.whole(text), phones.find(text))
    if (exact.length > 0) return { fitting: exact, guessed: [] }
    const begun = names.begun(text)
    if (begun.whole) return { fitting: begun.people, guessed: [] }
    const local = begun.people.length === 0 ? locals.get(fixed(text)) : undefined
    if (local !== undefined) return { fitting: local, guessed: [] }
    const guessed = names.guessed(text)
    if (guessed.length === 0) return { fitting: begun.people, guessed }
    const fitting = new Set(begun.people)
    return { fitting: begun.people, guessed: guessed.filter((person) => !fitting.has(person)) }
  }

  return {
    byId: (id) => Promise.resolve(ids.get(fixed(id)) ?? formerIds.get(fixed(id))),
    byAadObjectId: (id) => Promise.resolve(aadObjectIds.get(fixed(id))),
    byEmail: (email) => Promise.resolve(emails.get(fixed(email))),
    byChannelId: (channel, sender) => Promise.resolve(senders.get(senderKey(channel, sender))),
    find: (query) => Promise.resolve(find(query)),
    near: (query) => Promise.resolve(query.length > LONGEST ? [] : names.near(query, NEAR)),
    byNumber: (number) => Promise.resolve(phones.find(number)[0]),
    admins: () => Promise.resolve(admins),
  }
}

const NOBODY: Found = { fitting: [], guessed: [] }
const fixed = (text: string) => text.trim().toLowerCase()
const senderKey = (channel: string, sender: string) => `${channel}\n${sender}`

/** Calls in the history name people by the key that they had then; one that several have now tells nobody. */
function* formerly(people: readonly Person[]): Sliced<ReadonlyMap<string, Person>> {
  const found = yield* allBy(people, (person) => [...new Set(idsOf(person))])
  return yield* filtered(found, ({ length }) => length === 1)
}

type Keys = (person: Person) => readonly (string | undefined)[]

function* allBy(people: readonly Person[], keys: Keys): Sliced<ReadonlyMap<string, readonly Person[]>> {
  const found = new Map<string, Person[]>()
  yield* each(people, (person) => {
    for (const key of keys(person)) {
      if (key === undefined) continue
      const known = found.get(fixed(key))
      if (known === undefined) found.set(fixed(key), [person])
      else known.push(person)
    }
  })
  return found
}

function* firstBy(people: readonly Person[], keys: Keys): Sliced<ReadonlyMap<string, Person>> {
  return yield* filtered(yield* allBy(people, keys), () => true)
}

function* filtered(
  found: ReadonlyMap<string, readonly Person[]>,
  fits: (people: readonly Person[]) => boolean,
): Sliced<ReadonlyMap<string, Person>> {
  const first = new Map<string, Person>()
  yield* each(found, ([key, people]) => {
    const [person] = people
    if (person && fits(people)) first.set(key, person)
  })
  return first
}

function union(a: readonly Person[], b: readonly Person[]): readonly Person[] {
  return [...new Set([...a, ...b])]
}
