import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callId } from '../../src/core/ids.ts'
import type { Failure, Who } from '../helpers/channel.ts'
import { chatBench, endedWith, view } from '../helpers/chat.ts'
import { dice } from '../helpers/dice.ts'

const who: Who = { aadObjectId: 'a1', name: 'Alice' }

/** After these a post is repeated, or was taken. */
const harmless: readonly Failure[] = [{ status: 429, headers: { 'retry-after': '0' } }, { late: 120 }]
const failures: readonly Failure[] = [
  ...harmless,
  { status: 412 },
  { status: 500 },
  { status: 502 },
  { status: 503 },
  { status: 504 },
  { silent: true },
  { broken: true },
  { dropped: true },
]

test('under every failure at once the final state stands in the end, and no post is doubled', async () => {
  await using bench = await chatBench({ patience: { request: 800, passing: 20_000, final: 20_000 } })
  const { channel, side } = bench
  const calls = Array.from({ length: 20 }, (_, i) => ({
    to: { channel: 'msteams', conversation: `a:${i}`, language: 'en' } as const,
    call: callId(`c_${i}`),
    name: `Callee ${i}`,
  }))
  for (const { to } of calls) await channel.say({ ...who, conversation: to.conversation }, 'call')
  const roll = dice(7)
  const begun = new Set<string | undefined>()
  channel.fail = ({ method, conversation }) => {
    if (roll() >= 0.4) return undefined
    // A record whose only post is lost as well cannot be seen through: nobody knows whether it stands.
    const kinds = method === 'POST' && begun.has(conversation) ? harmless : failures
    const failure = kinds[Math.floor(roll() * kinds.length)]
    if (failure && !harmless.includes(failure)) begun.add(conversation)
    return failure
  }
  const states = [
    { kind: 'callingUser' },
    { kind: 'callingCallee', ringing: false },
    { kind: 'callingCallee', ringing: true },
    { kind: 'connected', since: 1 },
    endedWith(),
  ] as const
  for (const [i, state] of states.entries()) {
    for (const { to, call, name } of calls) {
      side.chat.showCall(to, view(state, i + 1, { call, callee: { name, number: '1002' } }), undefined)
    }
    // A call's states are some time apart; how long matters to nobody here.
    await new Promise((later) => setTimeout(later, 100))
  }
  await side.chat.settle(60_000)
  const told = (call: string) => JSON.stringify(bench.log.lines.filter((line) => line.call === call))
  for (const { to, call, name } of calls) {
    const mine = channel.ops.filter((op) => op.conversation === to.conversation)
    const posts = mine.filter((op) => op.method === 'POST')
    const last = mine.at(-1)
    assert.match(channel.words(last!.id), new RegExp(`${name}[^]*Ended`), told(call))
    assert.ok(posts.length <= 2, 'the card, and where that was lost the record')
    const texts = posts.map((op) => channel.words(op.id))
    assert.equal(new Set(texts).size, posts.length, 'never the same twice')
  }
})
