/** What a demo that is left open for days keeps of its conversations. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Conversations, type Change } from '../../src/demo/conversations.ts'
import { alice, personal } from './world.ts'

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
