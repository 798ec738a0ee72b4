import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Clock, Directory, Log } from '../app/ports.ts'
import type { Person } from '../core/party.ts'
import type { FileFault } from './json-text.ts'
import { peopleInSlices } from './people-file.ts'
import type { Group, PeopleFile } from './people-file.ts'
import { directoryInSlices, directoryOf } from './people.ts'
import { keepIds } from './person-ids.ts'
import { atOnce, inSlices } from './slices.ts'
import type { Sliced } from './slices.ts'
import { watchFile } from './watch-file.ts'

/** `PEOPLE_FILE` cannot be used. */
export class PeopleFault extends Error {
  readonly code = 'PEOPLE_FILE'
  readonly remedy = 'Correct the file; it is read again by itself.'
  readonly faults: readonly FileFault[]
  constructor(file: string, faults: readonly FileFault[], cause?: unknown) {
    const told = faults.slice(0, 21).map(({ place, problem }) => `${place}: ${problem}`)
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
  let content = atOnce(contentOf(file, readText(file), country))
  let found = directoryOf(content.people, country)
  let fault: PeopleFault | undefined
  let closed = false
  const reload = oneAtATime(async () => {
    try {
      const text = await readTextLater(file)
      const read = await inSlices(contentOf(file, text, country))
      const people = await inSlices(keepIds(read.people, content.people))
      const made = await inSlices(directoryInSlices(people, country))
      // Old and new change places at one stroke: nobody finds one half of each.
      content = { ...read, people }
      found = made
      fault = undefined
      if (!closed) tell()
    } catch (cause) {
      if (closed) return
      fault = cause instanceof PeopleFault ? cause : faultOf(file, cause)
      log.error(
        { code: fault.code, faults: fault.faults, remedy: fault.remedy },
        `${fault.message}; the last good version stays in force`,
      )
    }
  })
  tell()

  function tell(): void {
    log.info({ code: 'PEOPLE_READ', people: content.people.length }, `${file} is in force`)
    for (const { place, problem } of content.warnings)
      log.warn({ code: 'PEOPLE_FIELD', place }, `${file}, ${place}: ${problem}`)
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
    admins: () => found.admins(),
    people: () => content.people,
    groups: () => content.groups,
    state: () => (fault === undefined ? { state: 'ok' } : { state: 'degraded', detail: fault.message }),
    close() {
      closed = true
      stop()
    },
  }
}

function* contentOf(file: string, text: string, country: string): Sliced<PeopleFile> {
  const parsed = yield* peopleInSlices(text, country)
  if ('faults' in parsed) throw new PeopleFault(file, parsed.faults)
  return parsed
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw faultOf(file, cause)
  }
}

const readTextLater = (file: string) =>
  readFile(file, 'utf8').catch((cause: unknown) => {
    throw faultOf(file, cause)
  })

function faultOf(file: string, cause: unknown): PeopleFault {
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new PeopleFault(file, [{ place: 'the whole file', problem }], cause)
}

/** Asked for while it is done, it is done once more after that. */
function oneAtATime(work: () => Promise<void>): () => void {
  let asked = 0
  let running = false
  const run = async () => {
    running = true
    for (let done = 0; done !== asked;) {
      done = asked
      await work()
    }
    running = false
  }
  return () => {
    asked++
    if (!running) void run()
  }
}
