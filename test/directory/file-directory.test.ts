import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Clock, Log, LogFields } from '../../src/app/ports.ts'
import { openFileDirectory, PeopleFault } from '../../src/directory/file-directory.ts'
import { systemClock } from '../../src/ops/clock.ts'

const people = (...names: string[]) =>
  JSON.stringify(names.map((name, i) => ({ name, extension: String(1000 + i) })))

/** A people file, the directory over it, and what the log says, each line once. */
function watched(first: string, clock: Clock = systemClock) {
  const folder = mkdtempSync(join(tmpdir(), 'dialback-people-'))
  const file = join(folder, 'people.json')
  writeFileSync(file, first)
  const lines: { level: string; fields: LogFields; message: string }[] = []
  let heard = (): void => undefined
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message })
    heard()
  }
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const directory = openFileDirectory(file, { country: 'ES', clock, log })
  return {
    file,
    folder,
    directory,
    lines,
    /** Resolves with the next line that the log hears after `act`. */
    async told(act: () => void) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      const count = lines.length
      heard = () => resolve(undefined)
      act()
      await promise
      return lines[count]
    },
    [Symbol.dispose]() {
      directory.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('a file that is written in place is read again', async () => {
  using at = watched(people('Alice'))
  await at.told(() => writeFileSync(at.file, people('Alice', 'Bob')))
  assert.equal((await at.directory.find('bob')).fitting.length, 1)
  assert.equal(at.directory.people().length, 2)
})

test('a file that an editor renames over the old one is read again, each time', async () => {
  using at = watched(people('Alice'))
  for (const name of ['Bob', 'Carol']) {
    writeFileSync(`${at.file}~`, people('Alice', name))
    await at.told(() => renameSync(`${at.file}~`, at.file))
    assert.equal((await at.directory.find(name)).fitting.length, 1)
  }
})

test('a person is the same one after an e-mail was added to the row', async () => {
  using at = watched(people('Alice'))
  const [before] = at.directory.people()
  await at.told(() =>
    writeFileSync(at.file, '[{"name": "Alice", "extension": "1000", "email": "alice@contoso.example"}]'),
  )
  const now = await at.directory.byEmail('alice@contoso.example')
  assert.equal(now?.id, before?.id)
  assert.equal(at.directory.people()[0]?.id, before?.id)
})

test('a file behind a link that comes to lead elsewhere is read again', async () => {
  using at = watched(people('Alice'))
  writeFileSync(join(at.folder, 'second.json'), people('Alice', 'Bob'))
  await at.told(() => {
    unlinkSync(at.file)
    symlinkSync(join(at.folder, 'second.json'), at.file)
  })
  assert.equal((await at.directory.find('bob')).fitting.length, 1)
})

test('a fault is told with its place, the last good version stays in force, and the mended file is read', async () => {
  using at = watched(people('Alice'))
  const line = await at.told(() =>
    writeFileSync(at.file, '[\n{"name": "Alice", "phones": {"desk": "112"}}\n]'),
  )
  assert.equal(line?.level, 'error')
  assert.equal(line.fields.code, 'PEOPLE_FILE')
  assert.match(
    line.message,
    /\[0\]\.phones\.desk \(line 2, column 38\).*emergency.*last good version stays in force/,
  )
  assert.equal((await at.directory.find('alice')).fitting.length, 1)
  const { state, detail } = at.directory.state()
  assert.equal(state, 'degraded')
  assert.match(detail ?? '', /line 2/)
  await at.told(() => writeFileSync(at.file, people('Dora')))
  assert.deepEqual(at.directory.state(), { state: 'ok' })
  assert.equal((await at.directory.find('dora')).fitting.length, 1)
  assert.equal((await at.directory.find('alice')).fitting.length, 0)
})

test('a file that is taken away leaves the people in force', async () => {
  using at = watched(people('Alice'))
  const line = await at.told(() => unlinkSync(at.file))
  assert.equal(line?.fields.code, 'PEOPLE_FILE')
  assert.equal((await at.directory.find('alice')).fitting.length, 1)
})

test('where the system tells of no change, the file is looked at every five seconds', async () => {
  let poll: (() => void) | undefined
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      // What the system tells is never acted upon here: only the polling goes on.
      if (ms !== 5_000) return () => undefined
      poll = () => {
        poll = undefined
        run()
      }
      return () => undefined
    },
  }
  using at = watched(people('Alice'), clock)
  for (const name of ['Bob', 'Carol Ann']) {
    const look = poll
    await at.told(() => {
      writeFileSync(at.file, people('Alice', name))
      look?.()
    })
    assert.equal((await at.directory.find(name)).fitting.length, 1)
  }
})

test('a faulty file at the start is a fault with its place', () => {
  assert.throws(
    () => watched('[{"name": }]'),
    (fault) => fault instanceof PeopleFault && fault.message.includes('line 1, column 11'),
  )
})
