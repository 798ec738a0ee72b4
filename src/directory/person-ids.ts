/** What makes a person the same person, over edits of `PEOPLE_FILE`. */
import { personId } from '../core/ids.ts'
import type { PersonId } from '../core/ids.ts'
import type { Person } from '../core/party.ts'
import { each, mapped } from './slices.ts'
import type { Sliced } from './slices.ts'

/** What of a row tells who it is. */
type Keys = {
  readonly name: string
  readonly aadObjectId?: string | undefined
  readonly email?: string | undefined
  readonly extension?: string | undefined
  readonly phones: { readonly desk?: string | undefined; readonly mobile?: string | undefined }
}

const byPhone = (phone: string | undefined, { name }: Keys) =>
  phone === undefined ? undefined : `tel:${phone.replaceAll(/[^\w+*#]/g, '')}:${name}`

/** Likeliest to stay as it is first. */
const KEYS: readonly ((row: Keys) => string | undefined)[] = [
  ({ aadObjectId }) => aadObjectId,
  ({ email }) => email,
  ({ extension }) => (extension === undefined ? undefined : `ext:${extension}`),
  (row) => byPhone(row.phones.desk, row),
  (row) => byPhone(row.phones.mobile, row),
]

/** Every id that a row could go by; the first is its own where no version of the file before it gives one. */
export function idsOf(row: Keys): readonly PersonId[] {
  return KEYS.flatMap((key) => key(row)?.toLowerCase() ?? []).map(personId)
}

/**
 * Gives each person the id that they had in the version before, where any key is shared, so that an edit of the file
 * takes nobody's running call away. Where two could be meant, the stronger key decides, else neither.
 */
export function* keepIds(people: readonly Person[], before: readonly Person[]): Sliced<readonly Person[]> {
  const kept = new Map<Person, PersonId>()
  const left = new Set(before)
  for (const key of KEYS) {
    const former = yield* singly(left, key)
    const asking = people.filter((person) => !kept.has(person))
    yield* each(yield* singly(asking, key), ([value, person]) => {
      const same = former.get(value)
      if (same === undefined || isSomebodyElse(person, same)) return
      kept.set(person, same.id)
      left.delete(same)
    })
  }
  const taken = new Set(kept.values())
  return yield* mapped(people, (person) => {
    const id = kept.get(person) ?? free(person.id, taken)
    taken.add(id)
    return { ...person, id }
  })
}

/** Extensions, desks and addresses are handed on to those who come after: their calls are not. */
function isSomebodyElse(a: Person, b: Person): boolean {
  const differ = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && one.toLowerCase() !== other.toLowerCase()
  return differ(a.aadObjectId, b.aadObjectId) || (differ(a.email, b.email) && differ(a.name, b.name))
}

/** By key, without those that several share. */
function* singly(
  people: Iterable<Person>,
  key: (person: Person) => string | undefined,
): Sliced<ReadonlyMap<string, Person>> {
  const found = new Map<string, Person | undefined>()
  yield* each(people, (person) => {
    const value = key(person)?.toLowerCase()
    if (value !== undefined) found.set(value, found.has(value) ? undefined : person)
  })
  const single = new Map<string, Person>()
  yield* each(found, ([value, person]) => {
    if (person) single.set(value, person)
  })
  return single
}

/** An id that a person gave up by an edit may be wanted by another while they still go by it. */
function free(id: PersonId, taken: ReadonlySet<PersonId>): PersonId {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? id : personId(`${id}~${n}`)
    if (!taken.has(candidate)) return candidate
  }
}
