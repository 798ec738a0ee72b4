import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreFault } from './fault.ts'

/**
 * Takes the folder for this process alone. The lock is SQLite's on a file of its own: the kernel drops it with the
 * process, however that ends. The answer lets go.
 * @throws StoreFault `STORE_LOCKED` when another process has it
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.db')
  let database: DatabaseSync | undefined
  try {
    // Made here, for its owner only. Never opened once it is there: closing it would drop a lock of this process.
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    const held = database
    return () => held.close()
  } catch (cause) {
    database?.close()
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY)
      throw new StoreFault(
        'STORE_LOCKED',
        `another bot is using ${folder}`,
        'Stop it first, or give this one a DATA_DIR of its own.',
        cause,
      )
    throw new StoreFault(
      'STORE_UNUSABLE',
      `${folder} cannot be locked`,
      'DATA_DIR has to be on a local disk that this user may write to.',
      cause,
    )
  }
}

const SQLITE_BUSY = 5
