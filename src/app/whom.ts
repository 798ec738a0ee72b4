/** Who is meant: by digits, by a name, by a mention, or by the conversation itself. */
import { departmentOf, isOfDepartment } from '../core/command/department.ts'
import type { Person } from '../core/party.ts'
import type { Mention } from './inbound.ts'
import type { Wanted } from './place-call.ts'
import type { Address, Directory, Found, Member } from './ports.ts'

/** Where and by whom somebody was named. */
export type Naming = {
  readonly me: Person
  readonly at: Address
  readonly mentions?: readonly Mention[]
}

/** An extension finds its person, whose own phone is dialled; a number is dialled itself. */
export async function behindNumber(directory: Directory, number: string): Promise<Wanted> {
  const person = await directory.byNumber(number)
  if (person?.extension !== undefined && person.extension === number.replace(/[\s.-]/g, '')) return { person }
  return { number, ...(person ? { person } : {}) }
}

/**
 * Those whom a name fits: whom the channel says was mentioned, else whom the directory knows by it, else whom it knows
 * by it in a department ("Bob from sales").
 */
export async function named(
  directory: Directory,
  { at, mentions = [] }: Naming,
  who: string,
): Promise<Found> {
  const mention = mentions.find(({ name }) => name === who)
  const mentioned = mention && (await memberIn(directory, at, mention))
  if (mentioned) return { fitting: [mentioned], guessed: [] }
  const found = await directory.find(who)
  const split = found.fitting.length + found.guessed.length === 0 ? departmentOf(who) : undefined
  if (!split) return found
  const { fitting, guessed } = await directory.find(split.who)
  const isThere = ({ department }: Person) =>
    department !== undefined && isOfDepartment(split.department, department)
  return { fitting: fitting.filter(isThere), guessed: guessed.filter(isThere) }
}

/** The other people of a chat whom the directory knows. */
export async function othersIn(
  directory: Directory,
  { me, at }: Naming,
  members: readonly Member[],
): Promise<readonly Person[]> {
  const known = await Promise.all(members.map((member) => memberIn(directory, at, member)))
  const others = known.filter((person) => person !== undefined && person.id !== me.id) as readonly Person[]
  return [...new Map(others.map((person) => [person.id, person])).values()]
}

async function memberIn(
  directory: Directory,
  { channel }: Address,
  { id, aadObjectId = id }: Member,
): Promise<Person | undefined> {
  return (await directory.byAadObjectId(aadObjectId)) ?? directory.byChannelId(channel, id)
}
