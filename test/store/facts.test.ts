import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Clock } from '../../src/app/ports.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/store.ts'
import { freshFolder, heardLog, until } from './folder.ts'

const HOUR = 60 * 60 * 1000

/** A store whose days pass when the test says so. */
function timed(folder: string) {
  let now = Date.UTC(2026, 6, 14, 12)
  const daily = new Set<() => void>()
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1)).unref()
      if (ms === 24 * HOUR) daily.add(run)
      return () => {
        clearTimeout(timer)
        daily.delete(run)
      }
    },
  }
  return {
    open: () => openLowdbStore(folder, { clock, log: heardLog().log }),
    pass: (hours: number) => void (now += hours * HOUR),
    aDayBegins() {
      const due = [...daily]
      daily.clear()
      for (const run of due) run()
    },
  }
}
const asked = (store: Store, key: string) => store.facts.get('ask', key)
const onDisk = (folder: string) =>
  ['facts.json', 'facts.journal']
    .map((file) => {
      try {
        return readFileSync(join(folder, file), 'utf8')
      } catch {
        return ''
      }
    })
    .join('')

test('a question that was put again lives a day from then', async () => {
  using folder = freshFolder()
  const at = timed(folder.path)
  const store = await at.open()
  await store.facts.put('ask', 'a', { who: 'bob' })
  at.pass(23)
  await store.facts.put('ask', 'a', { who: 'bob' })
  at.pass(23)
  assert.deepEqual(await asked(store, 'a'), { who: 'bob' })
  at.pass(1)
  assert.equal(await asked(store, 'a'), undefined)
  await store.close()
})

test('old questions leave the disk every day; other facts stay', async () => {
  using folder = freshFolder()
  const at = timed(folder.path)
  const store = await at.open()
  await store.facts.put('ask', 'old-question', { who: 'bob' })
  await store.facts.put('reference', 'conversation-of-bob', { url: 'x' })
  at.pass(20)
  await store.facts.put('ask', 'young-question', { who: 'eve' })
  for (const hours of [4, 1]) {
    at.pass(hours)
    at.aDayBegins()
  }
  await until(() => !onDisk(folder.path).includes('old-question'))
  assert.deepEqual(await asked(store, 'young-question'), { who: 'eve' })
  assert.deepEqual(await store.facts.get('reference', 'conversation-of-bob'), { url: 'x' })
  at.pass(24)
  at.aDayBegins()
  await until(() => !onDisk(folder.path).includes('young-question'))
  assert.match(onDisk(folder.path), /conversation-of-bob/)
  await store.close()
})

test('questions that grew old while the bot was off are gone when it opens', async () => {
  using folder = freshFolder()
  const at = timed(folder.path)
  const first = await at.open()
  await first.facts.put('ask', 'old-question', { who: 'bob' })
  await first.facts.put('sender', 'kept', 'bob@contoso.example')
  await first.close()
  at.pass(48)
  const second = await at.open()
  assert.equal(await asked(second, 'old-question'), undefined)
  await until(() => !readFileSync(join(folder.path, 'facts.json'), 'utf8').includes('old-question'))
  await second.close()
  const third = await at.open()
  assert.equal(await third.facts.get('sender', 'kept'), 'bob@contoso.example')
  await third.close()
  assert.doesNotMatch(onDisk(folder.path), /old-question/)
})
