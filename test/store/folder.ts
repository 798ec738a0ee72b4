import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Log, LogFields } from '../../src/app/ports.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { realDisk } from '../../src/store/disk.ts'
import type { Disk } from '../../src/store/disk.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/store.ts'

export type Line = { readonly level: keyof Log; readonly fields: LogFields; readonly message: string }

/** A log that can be read back. */
export function heardLog(): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = []
  const at = (level: keyof Log) => (fields: LogFields, message: string) =>
    void lines.push({ level, fields, message })
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

/** A folder of its own for a test, gone after it. */
export function freshFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'dialback-store-'))
  return { path: join(path, 'data'), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Opens a store whose log can be read back. */
export async function openStore(
  folder: string,
  disk: Disk = realDisk,
): Promise<{ store: Store; lines: Line[] }> {
  const { log, lines } = heardLog()
  return { store: await openLowdbStore(folder, { clock: systemClock, log, disk }), lines }
}

/** Waits for something that the store does by itself. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !(await holds()); i++) {
    assert.ok(i < 500, 'it did not come about within five seconds')
    await wait(10)
  }
}
