import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { StoreFault } from '../../src/store/fault.ts'
import { freshFolder, openStore } from './folder.ts'

const isLocked = (fault: unknown) =>
  fault instanceof StoreFault && fault.code === 'STORE_LOCKED' && fault.remedy.includes('DATA_DIR')

test('a folder is for one store at a time', async () => {
  using folder = freshFolder()
  const { store } = await openStore(folder.path)
  await assert.rejects(openStore(folder.path), isLocked)
  await store.close()
  await (await openStore(folder.path)).store.close()
})

test('the lock of another process holds while it lives, and not a moment longer', async () => {
  using folder = freshFolder()
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./appender.ts')), folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  await once(child.stdout, 'data')
  await assert.rejects(openStore(folder.path), isLocked)
  child.stdout.resume()
  child.kill('SIGKILL')
  await closed
  await (await openStore(folder.path)).store.close()
})

test('the folder and its files are for their owner only', async () => {
  using folder = freshFolder()
  const { store } = await openStore(folder.path)
  assert.equal(statSync(folder.path).mode & 0o777, 0o700)
  for (const file of ['calls.journal', 'acts.journal', 'facts.journal', 'lock.db'])
    assert.equal(statSync(join(folder.path, file)).mode & 0o077, 0, file)
  await store.close()
})

test('a folder that cannot be is a fault with a remedy', async () => {
  await assert.rejects(
    openStore('/dev/null/data'),
    (fault) =>
      fault instanceof StoreFault && fault.code === 'STORE_UNUSABLE' && fault.remedy.includes('DATA_DIR'),
  )
})
