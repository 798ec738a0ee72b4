import { stat } from 'node:fs/promises'
import { realDisk } from './disk.ts'
import { StoreFault, systemCode } from './fault.ts'
import type { Surroundings } from './journal.ts'
import { lockFolder } from './lock.ts'
import { LowdbActs } from './lowdb-acts.ts'
import { LowdbCalls } from './lowdb-calls.ts'
import { LowdbFacts } from './lowdb-facts.ts'
import type { Store } from './store.ts'

/**
 * The default store: journals and lowdb files in one folder, for one process at a time.
 *
 *   lock.db                       held as long as the process lives
 *   calls.journal                 events of live calls
 *   history/2026-07-000001.json   finished calls, at most 200 or 512 KB a file; index.journal tells which is where
 *   acts.journal                  what was asked for in the last day
 *   facts.json, facts.journal     conversation references and their like
 *   aside/                        what was found damaged
 *
 * @param folder `DATA_DIR`; made where it is missing, for its owner only
 * @throws StoreFault with a remedy: `STORE_LOCKED`, `STORE_UNUSABLE`, `STORE_NEWER`
 */
export async function openLowdbStore(folder: string, around: Surroundings): Promise<Store> {
  await makeFolder(folder, around)
  const unlock = lockFolder(folder)
  const opened: { shut(): Promise<void> }[] = []
  const keep = <T extends { shut(): Promise<void> }>(part: T): T => {
    opened.push(part)
    return part
  }
  try {
    const calls = keep(await LowdbCalls.open(folder, around))
    const acts = keep(await LowdbActs.open(folder, around))
    const facts = keep(await LowdbFacts.open(folder, around))
    let closing: Promise<void> | undefined
    return {
      calls,
      acts,
      facts,
      state() {
        const fault = calls.fault ?? acts.fault ?? facts.fault
        return fault ? { state: 'down', detail: `${fault.message}. ${fault.remedy}` } : { state: 'ok' }
      },
      close: () => (closing ??= shutAll(opened).finally(unlock)),
    }
  } catch (cause) {
    await shutAll(opened).catch(() => undefined)
    unlock()
    throw cause instanceof StoreFault ? cause : unusable(folder, cause)
  }
}

async function shutAll(parts: readonly { shut(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.shut()
}

async function makeFolder(folder: string, { disk = realDisk, log }: Surroundings): Promise<void> {
  try {
    await disk.makeFolder(folder)
    const { mode } = await stat(folder)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      log.warn(
        { code: 'STORE_OPEN_TO_OTHERS', folder },
        `other users of this machine can look into ${folder}; chmod 700 it`,
      )
  } catch (cause) {
    throw unusable(folder, cause)
  }
}

function unusable(folder: string, cause: unknown): StoreFault {
  const why = systemCode(cause) ?? (cause instanceof Error ? cause.message : String(cause))
  return new StoreFault(
    'STORE_UNUSABLE',
    `${folder} cannot be used (${why})`,
    'Check DATA_DIR: its path, who may write there, and the disk.',
    cause,
  )
}
