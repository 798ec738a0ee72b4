import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Who } from '../helpers/channel.ts'
import { chatBench } from '../helpers/chat.ts'

const alice: Who = {
  aadObjectId: 'a1',
  name: 'Alice',
  conversation: '19:chat',
  conversationType: 'groupChat',
}
const bob: Who = { ...alice, aadObjectId: 'b2', name: 'Bob' }

test('the people of a chat are told by the channel', async () => {
  await using bench = await chatBench()
  await bench.channel.say(alice, 'call')
  await bench.channel.say(bob, 'hello')
  const members = await bench.side.chat.members('msteams', '19:chat')
  assert.deepEqual(
    members.map(({ aadObjectId }) => aadObjectId),
    ['a1', 'b2'],
  )
})

test('nobody is told of a conversation that is not known, nor where the channel does not answer', async () => {
  await using bench = await chatBench()
  assert.deepEqual(await bench.side.chat.members('msteams', '19:other'), [])
  await bench.channel.say(alice, 'call')
  bench.channel.fail = () => ({ status: 500 })
  assert.deepEqual(await bench.side.chat.members('msteams', '19:chat'), [])
})
