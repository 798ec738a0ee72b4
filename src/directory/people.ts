import type { Directory } from '../app/ports.ts'
import type { Person } from '../core/party.ts'
import { NameIndex } from './name-index.ts'
import { idsOf } from './person-ids.ts'
import { PhoneBook } from './phone-book.ts'

/** Longer than any name, address or number. */
const LONGEST = 254
const NEAR = 3

/**
 * A directory over people in memory: the last version of a file, or the demo's.
 * @param country ISO 3166-1, whose national numbers are meant
 */
export function directoryOf(people: readonly Person[], country: string): Directory {
  const names = new NameIndex(people)
  const phones = new PhoneBook(people, country)
  const ids = index(people, ({ id }) => id)
  const formerIds = formerly(people)
  const aadObjectIds = index(people, ({ aadObjectId }) => aadObjectId)
  const emails = index(people, ({ email }) => email)
  const senders = new Map(people.flatMap((person) => senderKeys(person).map((key) => [key, person])))
  const locals = groups(people, ({ email }) => email?.replace(/@.*$/, ''))

  function find(query: string): readonly Person[] {
    const text = query.trim()
    if (text === '' || text.length > LONGEST) return []
    const email = emails.get(fixed(text))
    if (email !== undefined) return [email]
    const exact = union(names.whole(text), phones.find(text))
    if (exact.length > 0) return exact
    const begun = names.begun(text)
    return begun.length > 0 ? begun : (locals.get(fixed(text)) ?? [])
  }

  return {
    byId: (id) => Promise.resolve(ids.get(fixed(id)) ?? formerIds.get(fixed(id))),
    byAadObjectId: (id) => Promise.resolve(aadObjectIds.get(fixed(id))),
    byEmail: (email) => Promise.resolve(emails.get(fixed(email))),
    byChannelId: (channel, sender) => Promise.resolve(senders.get(senderKey(channel, sender))),
    find: (query) => Promise.resolve(find(query)),
    near: (query) => Promise.resolve(query.length > LONGEST ? [] : names.near(query, NEAR)),
    byNumber: (number) => Promise.resolve(phones.find(number)[0]),
  }
}

const fixed = (text: string) => text.trim().toLowerCase()
// What a channel calls its users is taken letter by letter.
const senderKey = (channel: string, sender: string) => `${channel}\n${sender}`
const senderKeys = ({ ids }: Person) => Object.entries(ids).map(([channel, id]) => senderKey(channel, id))

/** Calls in the history name people by the key that they had then; one that several have now tells nobody. */
function formerly(people: readonly Person[]): Map<string, Person> {
  const all = people.flatMap((person) => [...new Set(idsOf(person))].map((id) => ({ id, person })))
  const found = Map.groupBy(all, ({ id }) => id)
  return new Map(
    [...found].flatMap(([id, [one, ...more]]) => (one && more.length === 0 ? [[id, one.person]] : [])),
  )
}

type Key = (person: Person) => string | undefined

function groups(people: readonly Person[], key: Key): Map<string, Person[]> {
  const found = new Map<string, Person[]>()
  for (const person of people) {
    const value = key(person)
    if (value === undefined) continue
    const known = found.get(fixed(value))
    if (known === undefined) found.set(fixed(value), [person])
    else known.push(person)
  }
  return found
}

function index(people: readonly Person[], key: Key): Map<string, Person> {
  return new Map([...groups(people, key)].flatMap(([value, [first]]) => (first ? [[value, first]] : [])))
}

function union(a: readonly Person[], b: readonly Person[]): readonly Person[] {
  return [...new Set([...a, ...b])]
}
