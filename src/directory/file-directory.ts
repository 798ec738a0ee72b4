import { readFileSync } from 'node:fs'
import type { Clock, Directory, Log } from '../app/ports.ts'
import type { Person } from '../core/party.ts'
import type { FileFault } from './json-text.ts'
import { parsePeople } from './people-file.ts'
import type { Group, PeopleFile } from './people-file.ts'
import { directoryOf } from './people.ts'
import { keepIds } from './person-ids.ts'
import { watchFile } from './watch-file.ts'

/** `PEOPLE_FILE` cannot be used. */
export class PeopleFault extends Error {
  readonly code = 'PEOPLE_FILE'
  readonly remedy = 'Correct the file; it is read again by itself.'
  readonly faults: readonly FileFault[]
  constructor(file: string, faults: readonly FileFault[], cause?: unknown) {
    const told = faults.slice(0, 20).map(({ place, problem }) => `${place}: ${problem}`)
    super(`${file} is faulty at ${told.join('; ')}`, { cause })
    this.name = 'PeopleFault'
    this.faults = faults
  }
}

export interface FileDirectory extends Directory {
  people(): readonly Person[]
  groups(): readonly Group[]
  /** `degraded` while the file is faulty and the last good version is in force. */
  state(): { readonly state: 'ok' | 'degraded'; readonly detail?: string }
  /** Stops looking at the file. */
  close(): void
}

/**
 * The people of `PEOPLE_FILE`. The file is read again when it changes; while it is faulty, its last good version
 * stays in force, and log and `state()` tell place and field.
 * @throws PeopleFault when it is faulty at the start
 */
export function openFileDirectory(
  file: string,
  { country, clock, log }: { readonly country: string; readonly clock: Clock; readonly log: Log },
): FileDirectory {
  let content = readPeople(file, country)
  let found = directoryOf(content.people, country)
  let fault: PeopleFault | undefined
  tell()

  function tell(): void {
    log.info({ code: 'PEOPLE_READ', people: content.people.length }, `${file} is in force`)
    for (const { place, problem } of content.warnings.slice(0, 20))
      log.warn({ code: 'PEOPLE_FIELD', place }, `${file}, ${place}: ${problem}`)
  }

  function reload(): void {
    try {
      const read = readPeople(file, country)
      content = { ...read, people: keepIds(read.people, content.people) }
      found = directoryOf(content.people, country)
      fault = undefined
      tell()
    } catch (cause) {
      if (!(cause instanceof PeopleFault)) throw cause
      fault = cause
      log.error(
        { code: fault.code, faults: fault.faults, remedy: fault.remedy },
        `${fault.message}; the last good version stays in force`,
      )
    }
  }

  const stop = watchFile(file, clock, reload)
  return {
    byId: (id) => found.byId(id),
    byAadObjectId: (id) => found.byAadObjectId(id),
    byEmail: (email) => found.byEmail(email),
    byChannelId: (channel, sender) => found.byChannelId(channel, sender),
    find: (query) => found.find(query),
    near: (query) => found.near(query),
    byNumber: (number) => found.byNumber(number),
    people: () => content.people,
    groups: () => content.groups,
    state: () => (fault === undefined ? { state: 'ok' } : { state: 'degraded', detail: fault.message }),
    close: stop,
  }
}

function readPeople(file: string, country: string): PeopleFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new PeopleFault(file, [{ place: 'the whole file', problem }], cause)
  }
  const parsed = parsePeople(text, country)
  if ('faults' in parsed) throw new PeopleFault(file, parsed.faults)
  return parsed
}
