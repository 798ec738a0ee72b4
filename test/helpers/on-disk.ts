import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Resolves when a bot's data have this word: what a killed one knew by heart only is lost. */
export async function isOnDisk(data: string, word: string): Promise<void> {
  const folder = join(data, 'db')
  const has = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (one) => one.isFile() && readFileSync(join(one.parentPath, one.name), 'utf8').includes(word),
    )
  for (let attempt = 0; !has(); attempt++) {
    assert.ok(attempt < 250, `${word} is not in ${folder}`)
    await pause(20)
  }
}
