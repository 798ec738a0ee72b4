import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runFile, type FileResult } from './file.ts'

async function result(t: TestContext, code: string, within = 20_000): Promise<FileResult> {
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'some.test.ts')
  writeFileSync(
    file,
    `import { test, describe } from 'node:test'\nimport { spawn } from 'node:child_process'\n${code}`,
  )
  return await runFile(file, { home: folder, temporary: folder, within })
}

test('tests that pass, fail and are skipped are told by name', async (t) => {
  const { passed, failed, skipped } = await result(
    t,
    `describe('a house', () => {
       test('stands', () => {})
       test('burns', () => { throw new Error('fire') })
       test('waits', { skip: 'for a door: apt-get install door' }, () => {})
     })`,
  )
  assert.deepEqual(passed, ['a house › stands'])
  assert.equal(failed[0]?.name, 'a house › burns')
  assert.match(failed[0].why, /Error: fire\n\s+at /)
  assert.deepEqual(skipped, [{ name: 'a house › waits', why: 'for a door: apt-get install door' }])
})

const ownFaults = {
  'that does not load': `import './nowhere.ts'`,
  'that crashes after its tests': `test('passes', () => {}); setTimeout(() => { throw new Error('late') }, 300)`,
  'that ends before its tests do': `test('never', async () => { await new Promise((done) => setTimeout(done, 5000)) }); setTimeout(() => process.exit(0), 100)`,
  'that kills itself': `test('passes', () => {}); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300)`,
  'without tests': `console.log('nothing')`,
}

for (const [what, code] of Object.entries(ownFaults)) {
  test(`a file ${what} counts as failed`, async (t) => {
    const { failed } = await result(t, code)
    assert.equal(failed.length, 1, JSON.stringify(failed))
  })
}

test('a file that is not done in time fails, and is ended', async (t) => {
  const began = performance.now()
  const { failed } = await result(t, `test('passes', () => {}); setInterval(() => {}, 1000)`, 1500)
  assert.match(failed[0]?.why ?? '', /was not done after 1.5 s/)
  assert.ok(performance.now() - began < 10_000)
})

test('what a file leaves running is ended and told, in its own process group too', async (t) => {
  const { passed, leftovers, output } = await result(
    t,
    `test('starts one', async () => {
       const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
       child.unref()
       console.log('pid', child.pid)
     })`,
  )
  assert.equal(passed.length, 1)
  const pid = /pid (\d+)/.exec(output)?.[1]
  assert.deepEqual(leftovers, [`sleep (${pid})`])
  // Where nobody reaps it at once it stays as a zombie for a while.
  const state = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'gone'
  assert.match(state, /gone|State:\sZ/)
})
