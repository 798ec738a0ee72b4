import { personId } from '../../src/core/ids.ts'
import type { Person } from '../../src/core/party.ts'

/** A person of whom only what matters is said. */
export function person(name: string, over: Partial<Person> = {}): Person {
  return { id: personId(name.toLowerCase()), name, ids: {}, phones: {}, aliases: [], admin: false, ...over }
}
export const names = (people: readonly Person[]) => people.map(({ name }) => name)
