import type { PersonId } from '../../core/ids.ts'
import type { Address, Facts } from '../ports.ts'
import type { Visit } from '../visit.ts'

type Home = Omit<Address, 'language'>

const HOME = 'home'

/** Remembers where this person is alone with the bot: what is theirs alone goes there. */
export async function rememberHome(person: PersonId, at: Home, facts: Facts): Promise<void> {
  await facts.put(HOME, person, at)
}

/** Where this person was alone with the bot last, on whatever channel. */
export function lastHome(person: PersonId, facts: Facts): Promise<Home | undefined> {
  return facts.get<Home>(HOME, person)
}

/** The chat in which this person is alone with the bot, on the same channel; undefined where none is known yet. */
export async function homeOf({ me, at }: Visit, facts: Facts): Promise<Address | undefined> {
  const home = await lastHome(me.id, facts)
  return home?.channel === at.channel ? { ...home, language: at.language } : undefined
}
