import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { StoreFault } from '../../src/store/fault.ts'
import { freshFolder, openStore, until } from './folder.ts'
import { alice, closedCall, eventsOf, newCall } from './samples.ts'
import { toldDisk } from './told-disk.ts'

const JOURNAL = /calls\.journal$/
const isFull = (fault: unknown) =>
  fault instanceof StoreFault && fault.code === 'STORE_WRITE' && fault.remedy.startsWith('Make room')

test('a full disk rejects an append, is told once, and leaves no trace of it when there is room again', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store, lines } = await openStore(folder.path, told.disk)
  const call = newCall()
  const [first, second, third] = eventsOf(call, alice, 1)
  await store.calls.append(call, [first!])
  told.fail('write', 'ENOSPC', JOURNAL)
  await assert.rejects(store.calls.append(call, [second!]), isFull)
  await assert.rejects(store.calls.append(call, [second!], { durable: true }), isFull)
  const { state, detail } = store.state()
  assert.equal(state, 'down')
  assert.match(detail ?? '', /ENOSPC.*Make room/)
  told.mend()
  await store.calls.append(call, [third!])
  assert.equal(store.state().state, 'ok')
  assert.deepEqual(
    lines.map(({ fields }) => fields.code),
    ['STORE_WRITE', 'STORE_RECOVERED'],
  )
  await store.close()

  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.unfinished(), [{ call, events: [first, third] }])
  assert.deepEqual(again.lines, [])
  await again.store.close()
})

test('half of a failed write is taken away before the next, however long that takes', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const call = newCall()
  const [first, second, third] = eventsOf(call, alice, 1)
  await store.calls.append(call, [first!])
  told.fail('write', 'EIO', JOURNAL)
  await assert.rejects(store.calls.append(call, [second!, second!]))
  told.mend()
  told.fail('truncate', 'EIO', JOURNAL)
  await assert.rejects(store.calls.append(call, [third!]))
  told.mend()
  await store.calls.append(call, [third!])
  await store.close()
  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.unfinished(), [{ call, events: [first, third] }])
  assert.deepEqual(again.lines, [])
  await again.store.close()
})

test('a failed fsync rejects who waits for it, and the journal is written anew before it is trusted', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const calls = [newCall(), newCall()]
  const [events, other] = calls.map((call) => eventsOf(call, alice, 1))
  await store.calls.append(calls[0]!, events!.slice(0, 2))
  told.fail('sync', 'EIO', JOURNAL)
  await assert.rejects(store.calls.append(calls[1]!, other!.slice(0, 1), { durable: true }), StoreFault)
  told.mend()
  const before = told.count('rename', JOURNAL)
  await store.calls.append(calls[0]!, events!.slice(2, 3), { durable: true })
  assert.equal(told.count('rename', JOURNAL), before + 1)
  await store.close()
  const again = await openStore(folder.path)
  const kept = (await again.store.calls.unfinished()).find(({ call }) => call === calls[0])
  assert.deepEqual(kept?.events, events!.slice(0, 3))
  await again.store.close()
})

test('a closed call whose file cannot be written is listed, survives a restart, and is moved later', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store, lines } = await openStore(folder.path, told.disk)
  const closed = closedCall(alice, 1)
  const { id } = closed.record
  await store.calls.append(id, closed.events)
  told.fail('rename', 'ENOSPC', /history/)
  await store.calls.close(closed)
  await until(() => store.state().state === 'down')
  assert.deepEqual(await store.calls.get(id), closed)
  assert.equal((await store.calls.list(alice, { skip: 0, limit: 9 })).length, 1)
  assert.equal(await store.calls.countSince(alice, 0), 1)
  assert.equal(lines.filter(({ level }) => level === 'error').length, 1)
  await store.close()

  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.unfinished(), [])
  assert.deepEqual(await again.store.calls.get(id), closed)
  assert.equal(await again.store.calls.countSince(alice, 0), 1)
  await again.store.close()
})

test('a file that could not be written is written when it can be, with each call once', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const calls = [closedCall(alice, 1), closedCall(alice, 2)]
  told.fail('rename', 'ENOSPC', /history/)
  await store.calls.close(calls[0]!)
  await until(() => store.state().state === 'down')
  await store.calls.close(calls[1]!)
  told.mend()
  await until(() => store.state().state === 'ok')
  await store.close()
  const [file = ''] = readdirSync(join(folder.path, 'history')).filter((name) => name.endsWith('.json'))
  const { rows } = JSON.parse(readFileSync(join(folder.path, 'history', file), 'utf8')) as { rows: unknown[] }
  assert.deepEqual(rows, calls)
})

test('a crash between the history and the journal leaves each call once', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const closed = closedCall(alice, 1)
  await store.calls.close(closed)
  // The journal does not hear that the call has been moved.
  told.fail('write', 'EIO', JOURNAL)
  await store.close()
  const again = await openStore(folder.path)
  assert.equal(await again.store.calls.countSince(alice, 0), 1)
  assert.equal((await again.store.calls.list(alice, { skip: 0, limit: 9 })).length, 1)
  await again.store.close()
})

test('a record that the journal cannot take is moved to the history as soon as there is room', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const closed = closedCall(alice, 1)
  const { id } = closed.record
  await store.calls.append(id, closed.events)
  told.fail('write', 'ENOSPC')
  await assert.rejects(store.calls.close(closed), isFull)
  assert.deepEqual(await store.calls.get(id), closed)
  told.mend()
  await until(() => told.count('rename', /history.*\.json$/) === 1)
  await store.close()
  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.unfinished(), [])
  assert.equal(await again.store.calls.countSince(alice, 0), 1)
  assert.deepEqual(await again.store.calls.get(id), closed)
  await again.store.close()
})

test('a call that the history took while the journal could take nothing counts once after a crash', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const closed = closedCall(alice, 5)
  await store.calls.append(closed.record.id, closed.events)
  told.fail('write', 'EIO', JOURNAL)
  await assert.rejects(store.calls.close(closed))
  await store.close()

  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.get(closed.record.id), closed)
  assert.equal(await again.store.calls.countSince(alice, 0), 1)
  assert.deepEqual(await again.store.calls.unfinished(), [])
  await again.store.close()
})

test('an attempt whose fsync failed counts once, also after a restart; one that was never written does not', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const attempt = async () => {
    const call = newCall()
    await assert.rejects(store.calls.append(call, eventsOf(call, alice, 5).slice(0, 1), { durable: true }))
  }
  told.fail('sync', 'EIO', JOURNAL)
  await attempt()
  told.mend()
  assert.equal(await store.calls.countSince(alice, 0), 1)
  told.fail('write', 'ENOSPC', JOURNAL)
  await attempt()
  told.mend()
  assert.equal(await store.calls.countSince(alice, 0), 1)
  await store.close()

  const again = await openStore(folder.path)
  assert.equal(await again.store.calls.countSince(alice, 0), 1)
  await again.store.close()
})

test('of two copies of an act the second is accepted when the first could not be written', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const act = { keys: ['activity:1'], at: Date.now(), payload: 0 }
  const release = told.hold('write')
  told.fail('write', 'EIO')
  const first = store.acts.accept(act)
  await until(() => told.count('write', /acts/) > 0)
  const second = store.acts.accept(act)
  release()
  await assert.rejects(first)
  await assert.rejects(second)
  told.mend()
  assert.equal(await store.acts.accept(act), true)
  assert.equal(await store.acts.accept(act), false)
  await store.close()
})

test('facts stay in the journal when their file cannot be written', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store, lines } = await openStore(folder.path, told.disk)
  await store.facts.put('k', 'a', 1)
  told.fail('rename', 'ENOSPC', /facts\.json/)
  await store.close()
  assert.equal(lines.at(-1)?.fields.code, 'STORE_WRITE')
  const again = await openStore(folder.path)
  assert.equal(await again.store.facts.get('k', 'a'), 1)
  await again.store.close()
})

test('a journal that was written anew and could not be opened is written anew again', async () => {
  using folder = freshFolder()
  const told = toldDisk()
  const { store } = await openStore(folder.path, told.disk)
  const value = 'x'.repeat(300_000)
  told.fail('open', 'EMFILE', /facts\.journal$/)
  await store.facts.put('k', 'much', value)
  await until(() => store.state().state === 'down')
  await assert.rejects(store.facts.put('k', 'a', 1), StoreFault)
  told.mend()
  await store.facts.put('k', 'b', 2)
  assert.equal(store.state().state, 'ok')
  await store.close()
  const again = await openStore(folder.path)
  assert.equal(await again.store.facts.get('k', 'much'), value)
  assert.equal(await again.store.facts.get('k', 'a'), undefined)
  assert.equal(await again.store.facts.get('k', 'b'), 2)
  await again.store.close()
})

test('after the end nothing is stored, and that is told', async () => {
  using folder = freshFolder()
  const { store } = await openStore(folder.path)
  await store.close()
  const call = newCall()
  await assert.rejects(
    store.calls.append(call, eventsOf(call, alice, 1)),
    (fault) => fault instanceof StoreFault && fault.code === 'STORE_CLOSED',
  )
})
