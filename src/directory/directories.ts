import type { Directory, Log } from '../app/ports.ts'
import type { Person } from '../core/party.ts'

/**
 * Several sources of people as one, asked in order. A person whom two sources know is the first one's; what fits
 * several people stays ambiguous. A source that fails is told in the log and passed over.
 * @param admins aadObjectIds that are administrators, beside those whom a source calls so
 */
export function directories(
  sources: readonly Directory[],
  { admins, log }: { readonly admins: readonly string[]; readonly log: Log },
): Directory {
  const appointed = new Set(admins.map((id) => id.toLowerCase()))
  const known = (person: Person): Person =>
    person.aadObjectId !== undefined && appointed.has(person.aadObjectId.toLowerCase())
      ? { ...person, admin: true }
      : person

  async function ask<T>(
    source: Directory,
    question: (source: Directory) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await question(source)
    } catch (err) {
      log.error({ code: 'DIRECTORY_SOURCE', err }, 'a source of people does not answer')
      return undefined
    }
  }

  async function first(question: (source: Directory) => Promise<Person | undefined>) {
    for (const source of sources) {
      const person = await ask(source, question)
      if (person) return known(person)
    }
    return undefined
  }

  return {
    byId: (id) => first((source) => source.byId(id)),
    byAadObjectId: (id) => first((source) => source.byAadObjectId(id)),
    byEmail: (email) => first((source) => source.byEmail(email)),
    byChannelId: (channel, sender) => first((source) => source.byChannelId(channel, sender)),
    byNumber: (number) => first((source) => source.byNumber(number)),
    async find(query) {
      const found = await Promise.all(sources.map((source) => ask(source, (one) => one.find(query))))
      return withoutTwins(found.flatMap((people) => people ?? [])).map(known)
    },
    async near(query) {
      const found = await Promise.all(sources.map((source) => ask(source, (one) => one.near(query))))
      return [...new Set(found.flatMap((names) => names ?? []))].slice(0, 3)
    },
  }
}

function withoutTwins(people: readonly Person[]): readonly Person[] {
  const seen = new Set<string>()
  return people.filter(({ id, aadObjectId, email }) => {
    const keys = [id, aadObjectId, email].flatMap((key) => key?.toLowerCase() ?? [])
    if (keys.some((key) => seen.has(key))) return false
    for (const key of keys) seen.add(key)
    return true
  })
}
