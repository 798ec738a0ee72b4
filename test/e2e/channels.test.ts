/** Channels of all kinds before a real bot: slow ones, dead ones, those that update nothing, and groups. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { actionsOf, FakeChannel } from '../helpers/channel.ts'
import type { Who } from '../helpers/channel.ts'
import { alice, atTheEnd, bob, Office, PEOPLE, tellWhereFailed } from '../helpers/office.ts'
import { rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'
import type { Ending, SippOptions } from '../peers/sipp.ts'

const skip = await missing('sipp')
const ALICE = '+34910000001'
const BOB = '+34910000002'

async function stage(
  t: TestContext,
  ending: Ending,
  options: SippOptions & { readonly channel?: FakeChannel; readonly people?: readonly object[] } = {},
) {
  const { channel, people = PEOPLE, ...rest } = options
  const sipp = await Sipp.start(ending, rest)
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  const env = { DRAIN_SECONDS: '0' }
  return { sipp, office: await Office.open(t, { trunk, people, env, ...(channel ? { channel } : {}) }) }
}

/** SIPp tells of nothing: its trace is read until these have been rung. */
async function rings(sipp: Sipp, numbers: readonly string[], within = 5000): Promise<void> {
  const end = performance.now() + within
  while (rung(sipp.messages).join() !== numbers.join()) {
    assert.ok(performance.now() < end, `rung: ${rung(sipp.messages).join() || 'nobody'}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}

for (const channelId of ['webchat', 'directline']) {
  test(
    `${channelId}, which updates nothing, gets two messages a call: begun, and record`,
    { skip },
    async (t) => {
      const channel = new FakeChannel({ channelId })
      // Only with enhanced authentication does an id of these channels count.
      const ids = { [channelId]: 'dl_alice' }
      const people = PEOPLE.map((person) => (person.name === 'Alice Serrano' ? { ...person, ids } : person))
      const { office } = await stage(t, 'hangs-up', { channel, people, answers: '910000001', talking: 500 })
      const user: Who = { ...alice, id: 'dl_alice', aadObjectId: '' }
      await office.types(user, 'call Bob Marín')
      await office.shows(/Bob Marín/, /Pick up your desk phone/)
      await office.shows(/Bob Marín hung up/, /lasted/)
      assert.equal(await office.bot.stop(), 0)
      assert.deepEqual(
        channel.ops.map((op) => op.method),
        ['POST', 'POST'],
      )
      assert.deepEqual(channel.refused, [], 'updates are not even tried')
      for (const { activity } of channel.ops)
        for (const action of actionsOf(activity)) assert.equal(action.type, 'Action.Submit')
    },
  )
}

test(
  'a channel that nobody knows and that answers 405 to an update gets two messages a call',
  { skip },
  async (t) => {
    const channel = new FakeChannel({ channelId: 'newchannel' })
    channel.fail = ({ method }) => (method === 'PUT' ? { status: 405, code: 'MethodNotAllowed' } : undefined)
    const people = PEOPLE.map((person) => ({ ...person, ids: { newchannel: `29:${person.aadObjectId}` } }))
    const { office } = await stage(t, 'hangs-up', { channel, people, answers: '910000001', talking: 500 })
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín hung up/, /lasted/)
    assert.equal(await office.bot.stop(), 0)
    assert.deepEqual(
      channel.ops.map((op) => op.method),
      ['POST', 'POST'],
    )
    assert.ok(channel.refused.length <= 1, 'one refusal is enough to know')
  },
)

for (const [what, failure] of [
  ['takes 3 s for everything', { late: 3000 }],
  ['is down (503)', { status: 503 }],
  ['never answers', { silent: true }],
] as const) {
  test(`a channel that ${what} delays no ringing`, { skip }, async (t) => {
    const { office, sipp } = await stage(t, 'rings-on', { answers: '910000001' })
    office.chat.fail = () => failure
    const began = performance.now()
    await office.types(alice, 'call Bob Marín')
    await rings(sipp, [ALICE, BOB], 2500)
    assert.ok(performance.now() - began < 2500)
    office.chat.fail = () => undefined
    await office.types(alice, 'hang up')
    await office.showsWithin(20_000, /cancelled/i)
  })
}

test('the activity is answered within a second, whatever channel and PBX do', { skip }, async (t) => {
  const { office } = await stage(t, 'rings-on')
  office.chat.fail = () => ({ silent: true })
  await office.types(alice, 'help')
  const began = performance.now()
  await office.types(alice, 'call Bob Marín')
  assert.ok(performance.now() - began < 1000, `${Math.round(performance.now() - began)} ms`)
})

test('a common call costs at most five channel operations', { skip }, async (t) => {
  const { office } = await stage(t, 'hangs-up', { answers: '910000001', ringing: 2000, talking: 2000 })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín hung up/, /lasted 0:0[1-3]/)
  assert.equal(await office.bot.stop(), 0)
  assert.ok(office.chat.ops.length <= 5, `${office.chat.ops.length}: ${office.chat.said()}`)
  assert.equal(office.chat.ops.filter((op) => op.method === 'POST').length, 1)
})

test("in a group somebody else's press is refused, and only what they see changes", { skip }, async (t) => {
  const { office, sipp } = await stage(t, 'answers')
  const { chat } = office
  const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const
  const [caller, other] = [
    { ...alice, ...group },
    { ...bob, ...group },
  ]
  await office.types(caller, 'call Roberto')
  await office.shows(/Roberto Bob Díaz/, /connected/i)
  const { id, action } = await chat.until(() => chat.button('hangUp', caller))

  const began = performance.now()
  const refused = await chat.press(other, id, action)
  assert.ok(performance.now() - began < 4000, 'an invoke is answered in time')
  assert.equal(refused.status, 200)
  assert.match(chat.words(id, other), /not yours/)
  assert.match(chat.words(id, caller), /connected/i)
  assert.deepEqual(rung(sipp.messages), [ALICE, '+34910000003'])

  const pressed = await chat.press(caller, id, action)
  assert.equal(pressed.status, 200)
  await chat.until(() => [other, caller].every((who) => chat.words(id, who).includes('You hung up')))
})

test('a button that is pressed on a card of yesterday redraws it, and does nothing', { skip }, async (t) => {
  const { office, sipp } = await stage(t, 'hangs-up', { answers: '910000001', talking: 600 })
  const { chat } = office
  await office.types(alice, 'call Bob Marín')
  const { id, action } = await chat.until(() => chat.button('hangUp', alice))
  await office.shows(/Bob Marín hung up/, /lasted/)
  const late = await chat.press(alice, id, action)
  assert.equal(late.status, 200)
  assert.match(JSON.stringify(late.body), /Bob Marín hung up/)
  assert.deepEqual(rung(sipp.messages), [ALICE, BOB])
})
