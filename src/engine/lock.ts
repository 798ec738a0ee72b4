import { closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/**
 * Takes a lock that the kernel drops with the process, however that ends; a process id in a file would be that of
 * somebody else one day. The answer lets go; undefined: another process has it.
 */
export function takeLock(file: string): (() => void) | undefined {
  // Never opened once it is there: closing it would drop a lock of this process.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return () => database.close()
  } catch (fault) {
    database.close()
    if (fault instanceof Error && 'errcode' in fault && fault.errcode === SQLITE_BUSY) return undefined
    throw fault
  }
}

const SQLITE_BUSY = 5
