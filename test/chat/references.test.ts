import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseActivity } from '../../src/chat/activity.ts'
import { References } from '../../src/chat/references.ts'
import { BOT } from '../helpers/channel.ts'
import { HeardLog, MemoryFacts } from '../helpers/chat.ts'

/** Somebody writes from this conversation. */
function contact(conversation: string, name = 'Stranger') {
  const { activity } = parseActivity({
    type: 'message',
    channelId: 'directline',
    serviceUrl: 'https://directline.example/',
    conversation: { id: conversation },
    from: { id: 'x', name },
    recipient: BOT,
  })
  assert.ok(activity)
  return activity
}

const kept = (facts: MemoryFacts, kind: string) =>
  [...facts.kept.keys()].filter((key) => key.startsWith(`${kind} `)).length

suite('references of strangers', () => {
  test('fill neither disk nor memory, over restarts too; what was greeted goes with them', async () => {
    const facts = new MemoryFacts()
    for (let start = 0; start < 3; start += 1) {
      const references = new References(facts, new HeardLog(), 10)
      for (let i = 0; i < 20; i += 1) {
        await facts.put('welcomed', `directline|${start}-${i}`, true)
        references.remember(contact(`${start}-${i}`))
      }
      await references.written()
      assert.equal(kept(facts, 'reference'), 10)
      assert.equal(kept(facts, 'welcomed'), 10)
      assert.ok(await references.find('directline', `${start}-19`))
      assert.equal(await references.find('directline', `${start}-0`), undefined)
    }
    assert.ok(facts.kept.size <= 31)
  })

  test('drive nobody out who keeps in touch', async () => {
    const facts = new MemoryFacts()
    const references = new References(facts, new HeardLog(), 10)
    for (let i = 0; i < 100; i += 1) {
      references.remember(contact('alice'))
      references.remember(contact(`stranger ${i}`))
      await references.written()
      assert.ok(facts.kept.has('reference directline|alice'), `after ${i} strangers`)
    }
  })

  test('cost nothing when they come again unchanged, and no place when they change', async () => {
    const facts = new MemoryFacts()
    const references = new References(facts, new HeardLog(), 3)
    let puts = 0
    const put = facts.put.bind(facts)
    facts.put = (...fact) => {
      puts += 1
      return put(...fact)
    }
    references.remember(contact('a'))
    await references.written()
    const once = puts
    for (let i = 0; i < 5; i += 1) references.remember(contact('a'))
    await references.written()
    assert.equal(puts, once)
    for (let i = 0; i < 5; i += 1) references.remember(contact('a', `Name ${i}`))
    await references.written()
    assert.equal(puts, once + 5)
    assert.equal(kept(facts, 'reference'), 1)
  })
})
