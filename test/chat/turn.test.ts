import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Who } from '../helpers/channel.ts'
import { chatBench, endedWith, view } from '../helpers/chat.ts'

const alice: Who = {
  aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000001',
  name: 'Alice Serrano',
  email: 'alice@contoso.example',
}
const at = { channel: 'msteams', conversation: `a:${alice.aadObjectId}`, language: 'en' } as const

test('a typed text reaches the receiver, and a call shows as one card that is updated in place', async () => {
  await using bench = await chatBench()
  const { channel, receiver, side } = bench
  assert.equal((await channel.say(alice, 'call Bob')).status, 200)
  assert.partialDeepStrictEqual(receiver.heard[0], {
    channel: 'msteams',
    conversation: at.conversation,
    group: false,
    sender: { aadObjectId: alice.aadObjectId, name: alice.name, tenant: 'tenant-1' },
    act: { kind: 'text', text: 'call Bob', mentions: [] },
  })
  const posted: string[] = []
  side.chat.onPosted((_call, id) => posted.push(id))
  side.chat.showCall(at, view({ kind: 'callingUser' }, 1), undefined)
  const [op] = await channel.until(() => channel.ops.length > 0 && channel.ops)
  assert.match(channel.words(op!.id), /Bob Marín[^]*Calling[^]*Pick up your desk phone/)
  side.chat.showCall(at, view({ kind: 'callingCallee', ringing: true }, 2), undefined)
  await channel.until(() => channel.words(op!.id).includes('Ringing'))
  side.chat.showCall(at, view(endedWith(), 3), undefined)
  await side.chat.settle(2000)
  assert.match(channel.words(op!.id), /Ended · lasted 0:42/)
  assert.deepEqual(
    channel.ops.map(({ method }) => method),
    ['POST', 'PUT', 'PUT'],
  )
  assert.deepEqual(posted, [op!.id])
})

test('a sentence is posted as a card', async () => {
  await using bench = await chatBench()
  await bench.channel.say(alice, 'x')
  bench.side.chat.say(
    { ...at, language: 'es' },
    { kind: 'sentence', sentence: { code: 'emergency', number: '112' } },
  )
  await bench.side.chat.settle(2000)
  assert.match(bench.channel.said(), /112 es un número de emergencia\. Márcalo en el propio teléfono/)
})
