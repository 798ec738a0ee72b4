import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { CallId } from '../../src/core/ids.ts'
import { StoreFault } from '../../src/store/fault.ts'
import { alice, closedCall, eventsOf, newCall } from './samples.ts'
import { freshFolder, openStore } from './folder.ts'

/** Runs the appender until it has acknowledged so many things, kills it, and tells what it had acknowledged. */
async function killedAfter(acknowledged: number, folder: string): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./appender.ts')), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.split('\n').length > acknowledged) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // The last line may be cut off: it was acknowledged, but nobody has read so.
  return said.split('\n').slice(0, -1)
}

test('whatever was acknowledged is there after kill -9, again and again', async () => {
  using folder = freshFolder()
  const events = new Map<string, number>()
  const closed = new Set<string>()
  const facts = new Map<string, number>()
  for (const acknowledged of [300, 1_500, 4_000]) {
    const acts: string[] = []
    for (const line of await killedAfter(acknowledged, folder.path)) {
      const [what, key = '', value] = line.split(' ')
      if (what === 'event') events.set(key, Number(value) + 1)
      if (what === 'closed') closed.add(key)
      if (what === 'fact') facts.set(key, Number(value))
      if (what === 'act') acts.push(key)
    }
    const { store, lines } = await openStore(folder.path)
    const unfinished = new Map<string, number>()
    for (const { call, events: kept } of await store.calls.unfinished()) unfinished.set(call, kept.length)
    for (const [call, count] of events) {
      const kept = unfinished.get(call) ?? (await store.calls.get(call as CallId))?.events.length ?? 0
      assert.ok(kept >= count, `${kept} of ${count} events of ${call}`)
    }
    for (const call of closed) {
      assert.ok(await store.calls.get(call as CallId), `the record of ${call}`)
      assert.ok(!unfinished.has(call), `${call} is closed`)
    }
    for (const key of acts)
      assert.equal(await store.acts.accept({ keys: [key], at: Date.now(), payload: 0 }), false, key)
    for (const [key, i] of facts) {
      const fact = await store.facts.get<{ i: number }>('k', key)
      assert.ok(fact && fact.i >= i, `${key} is ${fact?.i}, was ${i}`)
    }
    assert.deepEqual(
      lines.filter(({ level }) => level === 'error'),
      [],
    )
    // The next process numbers its facts anew.
    facts.clear()
    await store.close()
  }
  assert.ok(events.size > 300 && closed.size > 50, `${events.size} calls, ${closed.size} closed`)
})

test('a line that a crash cut off is moved aside and told; all before it is there', async () => {
  using folder = freshFolder()
  const call = newCall()
  const events = eventsOf(call, alice, 1)
  const journal = join(folder.path, 'calls.journal')
  const { store } = await openStore(folder.path)
  for (const event of events) await store.calls.append(call, [event])
  await store.close()
  truncateSync(journal, statSync(journal).size - 7)

  const again = await openStore(folder.path)
  assert.deepEqual(await again.store.calls.unfinished(), [{ call, events: events.slice(0, -1) }])
  const [line] = again.lines.filter(({ fields }) => fields.code === 'STORE_TORN')
  assert.equal(line?.level, 'warn')
  assert.match(readFileSync(String(line.fields['kept']), 'utf8'), /leg\.ended/)
  await again.store.calls.append(call, events.slice(-1))
  await again.store.close()

  const third = await openStore(folder.path)
  assert.deepEqual(await third.store.calls.unfinished(), [{ call, events }])
  assert.deepEqual(third.lines, [])
  await third.store.close()
})

test('a damaged line in the middle is moved aside and told loudly; all others are there', async () => {
  using folder = freshFolder()
  const calls = [newCall(), newCall(), newCall()]
  const journal = join(folder.path, 'calls.journal')
  const { store } = await openStore(folder.path)
  for (const [i, call] of calls.entries()) await store.calls.append(call, eventsOf(call, alice, i))
  await store.close()
  writeFileSync(
    journal,
    readFileSync(journal, 'utf8').replace(`"call":"${calls[1]}"`, `"call":"${newCall()}"`),
  )

  const again = await openStore(folder.path)
  assert.deepEqual(
    (await again.store.calls.unfinished()).map(({ call }) => call),
    [calls[0], calls[2]],
  )
  const [line] = again.lines.filter(({ level }) => level === 'error')
  assert.equal(line?.fields.code, 'STORE_DAMAGED')
  assert.match(readFileSync(String(line.fields['kept']), 'utf8'), /requested/)
  await again.store.close()
})

const history = (folder: string) =>
  readdirSync(join(folder, 'history'))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => join(folder, 'history', file))

async function withHistory(folder: string, count: number) {
  const { store } = await openStore(folder)
  const calls = Array.from({ length: count }, (_, i) => closedCall(alice, i))
  for (const call of calls.slice(0, -1)) await store.calls.close(call)
  await store.close()
  // Another write, so that there is a version before.
  const again = await openStore(folder)
  for (const call of calls.slice(-1)) await again.store.calls.close(call)
  await again.store.close()
  return calls
}

test('a half-written file of finished calls is recovered from its whole lines and the version before', async () => {
  using folder = freshFolder()
  const calls = await withHistory(folder.path, 20)
  const [file = ''] = history(folder.path)
  truncateSync(file, Math.floor(statSync(file).size / 2))

  const { store, lines } = await openStore(folder.path)
  const listed = await store.calls.list(alice, { skip: 0, limit: 100 })
  // Only the last call stood in the damaged half alone.
  assert.deepEqual(
    listed.map(({ requestedAt }) => requestedAt),
    Array.from({ length: 19 }, (_, i) => 18 - i),
  )
  assert.deepEqual(await store.calls.get(calls[3]!.record.id), calls[3])
  const [line] = lines.filter(({ level }) => level === 'error')
  assert.equal(line?.fields.code, 'STORE_DAMAGED')
  assert.ok(statSync(String(line.fields['kept'])).size > 0)
  await store.close()
})

test('a file of finished calls with one changed letter is noticed', async () => {
  using folder = freshFolder()
  await withHistory(folder.path, 3)
  const [file = ''] = history(folder.path)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"lasted":58', '"lasted":59'))
  const { store, lines } = await openStore(folder.path)
  assert.equal(lines.find(({ level }) => level === 'error')?.fields.code, 'STORE_DAMAGED')
  assert.equal((await store.calls.list(alice, { skip: 0, limit: 9 })).length, 3)
  await store.close()
})

test('facts outlive the loss of half their file', async () => {
  using folder = freshFolder()
  for (const round of [1, 2]) {
    const { store } = await openStore(folder.path)
    for (let i = 0; i < 50; i++) await store.facts.put('k', `${i}`, { round: i === 49 ? round : 0 })
    await store.close()
  }
  const file = join(folder.path, 'facts.json')
  truncateSync(file, statSync(file).size / 2)
  const { store, lines } = await openStore(folder.path)
  for (let i = 0; i < 49; i++) assert.deepEqual(await store.facts.get('k', `${i}`), { round: 0 })
  assert.equal(lines.find(({ level }) => level === 'error')?.fields.code, 'STORE_DAMAGED')
  await store.close()
})

test('files of a newer version are refused with a remedy, and left as they are', async () => {
  using folder = freshFolder()
  await withHistory(folder.path, 2)
  const [file = ''] = history(folder.path)
  const text = readFileSync(file, 'utf8').replace('"version":1', '"version":2')
  writeFileSync(file, text)
  await assert.rejects(
    openStore(folder.path),
    (fault) =>
      fault instanceof StoreFault &&
      fault.code === 'STORE_NEWER' &&
      fault.remedy.includes('version of the bot'),
  )
  assert.equal(readFileSync(file, 'utf8'), text)
})

test('what stands in the folder besides is left alone', async () => {
  using folder = freshFolder()
  await withHistory(folder.path, 2)
  appendFileSync(join(folder.path, 'history', 'notes.txt'), 'mine')
  const { store, lines } = await openStore(folder.path)
  assert.deepEqual(lines, [])
  await store.close()
})
