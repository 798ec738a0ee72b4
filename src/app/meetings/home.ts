import type { Address, Facts } from '../ports.ts'
import type { Visit } from '../visit.ts'

/** The chat in which this person is alone with the bot, on the same channel; undefined where none is known yet. */
export async function homeOf({ me, at }: Visit, facts: Facts): Promise<Address | undefined> {
  const home = await facts.get<Omit<Address, 'language'>>('home', me.id)
  return home?.channel === at.channel ? { ...home, language: at.language } : undefined
}
