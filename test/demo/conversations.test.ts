/** What a demo that is left open for days keeps of its conversations. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Conversations, type Change } from '../../src/demo/conversations.ts'
import { openHistory } from '../../src/demo/history.ts'
import { Page } from './visitor.ts'
import { alice, card, personal, startDemo } from './world.ts'

function world() {
  const changes: Change[] = []
  const conversations = new Conversations((change) => changes.push(change))
  const say = (text: string) =>
    conversations.add(personal(alice), alice, { text, markdown: false, cards: [], suggestions: [] })
  const kept = () => conversations.all(alice).map(({ text }) => text)
  const gone = () => changes.filter(({ type }) => type === 'removed').map(({ id }) => id)
  return { say, kept, gone }
}

void test('the newest 500 messages are kept, and open pages are told which have gone', () => {
  const { say, kept, gone } = world()
  const ids = Array.from({ length: 503 }, (_, n) => say(`message ${n}`))
  assert.equal(kept().length, 500)
  assert.equal(kept()[0], 'message 3')
  assert.deepEqual(gone(), ids.slice(0, 3))
})

void test('pasted books push out the older ones; the newest is kept however long it is', () => {
  const { say, kept, gone } = world()
  const book = 'x'.repeat(1_500_000)
  const ids = [say('hello'), say(`${book}1`), say(`${book}2`), say(`${book}3`)]
  assert.deepEqual(
    kept().map((text) => text.at(-1)),
    ['2', '3'],
  )
  assert.deepEqual(gone(), ids.slice(0, 2))
  say('x'.repeat(5_000_000))
  assert.equal(kept().length, 1)
})

void test('a server that is started anew finds the chat as it was left, and its cards can be redrawn', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dialback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const history = join(folder, 'page.json')
  const bot = await startDemo(t, { history })
  const id = await bot.post(personal(alice), { text: 'before', attachments: [card('Calling Bob')] })
  await bot.restart()
  assert.equal(statSync(history).mode & 0o777, 0o600, 'for its owner alone')
  const page = await Page.open(t, bot.url, alice)
  const { messages } = await page.hears('snapshot')
  assert.deepEqual(
    messages.map(({ id, text }) => [id, text]),
    [[id, 'before']],
  )
  assert.equal(await bot.update(personal(alice), id, { attachments: [card('Interrupted')] }), 200)
  await page.hears('message', ({ message }) => JSON.stringify(message).includes('Interrupted'))
})

void test('a file of the chat that is no such thing counts as none, and is written anew', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dialback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const history = join(folder, 'page.json')
  for (const text of ['', '[{"id":', '{"a":1}', '[null]']) {
    writeFileSync(history, text)
    const kept = openHistory(history, (err) => assert.fail(String(err)))
    assert.deepEqual(kept.messages, [], text)
    await kept.close()
  }
})

void test('what was said more than a day ago is found no more', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dialback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const history = join(folder, 'page.json')
  const said = (id: string, hoursAgo: number) => ({
    ...{ id, conversation: 'c', revision: 1, face: { text: id }, views: [], author: undefined },
    at: Date.now() - hoursAgo * 60 * 60 * 1000,
  })
  writeFileSync(history, JSON.stringify([said('old', 25), said('new', 23)]))
  const kept = openHistory(history, (err) => assert.fail(String(err)))
  assert.deepEqual(
    kept.messages.map(({ id }) => id),
    ['new'],
  )
  await kept.close()
})
