/** The people, and where they come from. */
import type { Clock } from '../app/ports.ts'
import type { Config } from '../config.ts'
import type { Person } from '../core/party.ts'
import { openFileDirectory } from '../directory/file-directory.ts'
import { parsePeople } from '../directory/people-file.ts'
import { directoryOf } from '../directory/people.ts'
import type { OpsLog } from '../ops/log.ts'
import { PEOPLE } from '../sim/people.ts'

/** The demo's people are its own; everybody else's are in `PEOPLE_FILE`. */
export function openPeople(config: Config, clock: Clock, log: OpsLog) {
  const { peopleFile, country, mode } = config
  if (peopleFile === undefined) {
    const parsed = parsePeople(JSON.stringify(PEOPLE), country)
    if ('faults' in parsed) throw new Error(`the demo's people: ${JSON.stringify(parsed.faults)}`)
    return {
      directory: directoryOf(parsed.people, country),
      list: () => parsed.people,
      state: () => ({ state: 'ok' }) as const,
      close: () => undefined,
    }
  }
  const file = openFileDirectory(peopleFile, { country, clock, log: log.child({ part: 'people' }) })
  // On one's own machine, before Teams: the chat page plays people whose account is not known yet by their row.
  const trial = {
    ...file,
    byAadObjectId: async (id: string) => (await file.byAadObjectId(id)) ?? file.byId(id as Person['id']),
  }
  return {
    directory: mode === 'trial' ? trial : file,
    list: () => file.people(),
    state: () => file.state(),
    close: () => file.close(),
  }
}
