/** What the store asks of the disk: few writes, few fsyncs, and no more of either as history grows. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Clock } from '../../src/app/ports.ts'
import type { ClosedCall } from '../../src/core/call/record.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import type { Store } from '../../src/store/store.ts'
import { freshFolder, heardLog, openStore, until } from './folder.ts'
import { alice, bob, closedCall, eventsOf, newCall } from './samples.ts'
import { toldDisk } from './told-disk.ts'

const JOURNAL = /calls\.journal$/
const HISTORY = /history.\d.*\.json\.new$/

test('what is appended at the same moment is one write', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const before = told.count('write', JOURNAL)
  const calls = Array.from({ length: 50 }, newCall)
  await Promise.all(calls.map((call) => store.calls.append(call, eventsOf(call, alice, 1))))
  assert.equal(told.count('write', JOURNAL) - before, 1)
  await store.close()
})

test('patient events go into the write of the next that is not, in their order, or by themselves soon after', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const writes = () => told.count('write', JOURNAL)
  const before = writes()
  const call = newCall()
  const [first, second, third, fourth] = eventsOf(call, alice, 1)
  const patient = [first, second].map((event) => store.calls.append(call, [event!], { patient: true }))
  // More turns of the loop than a write takes to begin.
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
  assert.equal(writes(), before)
  await Promise.all([...patient, store.calls.append(call, [third!])])
  assert.equal(writes(), before + 1)
  await store.calls.append(call, [fourth!], { patient: true })
  assert.equal(writes(), before + 2)
  const [kept] = await store.calls.unfinished()
  assert.deepEqual(kept?.events, [first, second, third, fourth])
  await store.close()
})

test('an append does not wait for fsync, a durable one does', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const release = told.hold('sync')
  const call = newCall()
  const [first, second] = eventsOf(call, alice, 1)
  let durable = false
  const waiting = store.calls.append(call, [first!], { durable: true }).then(() => (durable = true))
  await store.calls.append(call, [second!])
  assert.equal(durable, false)
  release()
  await waiting
  assert.equal(durable, true)
  await store.close()
})

test('one fsync serves all that was written, twenty milliseconds after the first at the latest', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const due: { ms: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      due.push({ ms, run })
      return () => undefined
    },
  }
  const store = await openLowdbStore(folder.path, { clock, log: heardLog().log, disk: told.disk })
  due.length = 0
  const before = told.count('sync', JOURNAL)
  const call = newCall()
  for (const event of eventsOf(call, alice, 1)) await store.calls.append(call, [event])
  assert.deepEqual(
    due.map(({ ms }) => ms),
    [20],
  )
  assert.equal(told.count('sync', JOURNAL), before)
  due[0]?.run()
  assert.equal(told.count('sync', JOURNAL), before + 1)
  await store.close()
})

async function closeAll(store: Store, calls: readonly ClosedCall[]): Promise<void> {
  await Promise.all(calls.map((call) => store.calls.close(call)))
}

test('finished calls lie in files of bounded size, and what a write costs does not grow with their number', async () => {
  using folder = freshFolder()
  const calls = Array.from({ length: 1_500 }, (_, i) =>
    closedCall(i % 2 === 0 ? alice : bob, i, newCall(), i % 3 === 0 ? 12_000 : 500),
  )
  const perStart: number[] = []
  for (let from = 0; from < calls.length; from += 300) {
    const told = toldDisk()
    const { store } = await openStore(folder.path, told.disk)
    await closeAll(store, calls.slice(from, from + 300))
    await store.close()
    perStart.push(told.bytes('write', HISTORY))
  }
  // Each round may fill up the file that the round before left open.
  assert.ok(Math.max(...perStart) < Math.min(...perStart) * 1.5, perStart.join())
  const files = readdirSync(join(folder.path, 'history')).filter((file) => file.endsWith('.json'))
  for (const file of files) {
    const path = join(folder.path, 'history', file)
    const { rows } = JSON.parse(readFileSync(path, 'utf8')) as { rows: unknown[] }
    assert.ok(rows.length <= 200 && statSync(path).size <= 520 * 1024, `${file}: ${rows.length}`)
  }
  assert.ok(files.length > 7, files.join())

  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  assert.equal(told.count('text', /history.\d.*json$/), 1, 'only the last file is read at the start')
  const page = await store.calls.list(alice, { skip: 500, limit: 10 })
  assert.deepEqual(
    page.map(({ requestedAt }) => requestedAt),
    Array.from({ length: 10 }, (_, i) => 498 - 2 * i),
  )
  assert.equal(told.count('read', /history/), 10)
  assert.ok(told.bytes('read', /history/) < 10 * 14_000)
  assert.equal(await store.calls.countSince(bob, 1_000), 250)
  assert.deepEqual(await store.calls.get(calls[7]!.record.id), calls[7])
  await store.close()
})

test('an index that is lost is made again from the files', async () => {
  using folder = freshFolder()
  const calls = Array.from({ length: 450 }, (_, i) => closedCall(alice, i))
  const first = await openStore(folder.path)
  await closeAll(first.store, calls)
  await first.store.close()
  const files = readdirSync(join(folder.path, 'history')).filter((file) => file.endsWith('.json'))
  assert.equal(files.length, 3, 'at most 200 calls stand in a file')
  const told = toldDisk()
  await told.disk.remove(join(folder.path, 'history', 'index.journal'))
  const { store } = await openStore(folder.path)
  assert.deepEqual(await store.calls.get(calls[3]!.record.id), calls[3])
  assert.equal(await store.calls.countSince(alice, 0), 450)
  await store.close()
})

test('the journal forgets what is in the history, and does not grow without end', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const running = newCall()
  await store.calls.append(running, eventsOf(running, alice, 1))
  for (let round = 1; round <= 10; round++) {
    await closeAll(
      store,
      Array.from({ length: 100 }, (_, i) => closedCall(alice, i, newCall(), 20_000)),
    )
    await until(() => told.bytes('write', HISTORY) >= round * 100 * 20_000)
  }
  const { size } = statSync(join(folder.path, 'calls.journal'))
  assert.ok(size < 10_000_000, `${size} bytes, of 20 MB written`)
  await store.close()
  const again = await openStore(folder.path)
  assert.ok(statSync(join(folder.path, 'calls.journal')).size < 10_000)
  assert.deepEqual(
    (await again.store.calls.unfinished()).map(({ call }) => call),
    [running],
  )
  await again.store.close()
})

test('a fact that is put again unchanged writes nothing', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  await store.facts.put('conversation', 'alice', { serviceUrl: 'https://x' })
  const before = told.asked.length
  await store.facts.put('conversation', 'alice', { serviceUrl: 'https://x' })
  assert.equal(told.asked.length, before)
  await store.close()
})

test('many changes of few facts keep the journal of facts small', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const value = 'x'.repeat(2_000)
  for (let round = 1; round <= 5; round++) {
    for (let i = 0; i < 150; i++) await store.facts.put('k', `${i % 20}`, { round, i, value })
    await until(() => told.count('rename', /facts\.journal$/) >= round + 1)
  }
  assert.ok(statSync(join(folder.path, 'facts.journal')).size < 600_000)
  await store.close()
  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.facts.get('k', '19'), { round: 5, i: 139, value })
  await again.store.close()
})
