import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Lane } from '../../../src/chat/outbox/lane.ts'
import { TEAMS_APP_RATES, TEAMS_RATES } from '../../../src/chat/outbox/rates.ts'
import { Road } from '../../../src/chat/outbox/road.ts'
import { SteadyClock } from '../../helpers/steady-clock.ts'

type Passed = { readonly who: string; readonly at: number }

/** Many conversations on one road. */
function desk() {
  const clock = new SteadyClock()
  const began = clock.now()
  const road = new Road(clock, TEAMS_APP_RATES)
  const lanes = new Map<string, Lane>()
  const passed: Passed[] = []
  const laneOf = (who: string) => {
    const lane = lanes.get(who) ?? new Lane(clock, TEAMS_RATES, road)
    lanes.set(who, lane)
    return lane
  }
  return {
    ...{ clock, passed, laneOf },
    ask: (who: string, urgent: boolean, what = who) => {
      const ticket = laneOf(who).gate(urgent)
      void ticket.passed.then(() => passed.push({ who: what, at: clock.now() - began }))
      return ticket
    },
    names: () => passed.map(({ who }) => who),
  }
}

suite('all conversations of an app', () => {
  test('together stay within 45 requests of any second, and lose none of it', async () => {
    const { ask, clock, passed } = desk()
    for (let i = 0; i < 300; i += 1) ask(`c${i}`, true)
    await clock.pass(7000)
    assert.equal(passed.length, 300)
    for (const [i, { at }] of passed.entries()) {
      const later = passed[i + 45]?.at
      assert.ok(later === undefined || later - at >= 1000)
    }
    assert.equal(passed.at(-1)?.at, 6000)
  })

  test('send final states and first cards before states that pass, each in its order', async () => {
    const { ask, clock, names } = desk()
    for (let i = 0; i < 45; i += 1) ask(`before${i}`, true)
    for (let i = 0; i < 4; i += 1) ask(`passing${i}`, false)
    for (let i = 0; i < 4; i += 1) ask(`urgent${i}`, true)
    await clock.pass(2000)
    const order = names().slice(45)
    assert.deepEqual(
      order.filter((name) => name.startsWith('urgent')),
      ['urgent0', 'urgent1', 'urgent2', 'urgent3'],
    )
    // One of five is for who waits longest, so that nothing waits for ever.
    assert.ok(order.indexOf('urgent3') < order.indexOf('passing1'), order.join())
  })

  test('let what passes have a fifth when urgent ones never end', async () => {
    const { ask, clock, names } = desk()
    for (let i = 0; i < 45; i += 1) ask(`before${i}`, true)
    for (let i = 0; i < 20; i += 1) ask(`passing${i}`, false)
    for (let i = 0; i < 2000; i += 1) ask(`urgent${i}`, true)
    await clock.pass(5000)
    assert.equal(names().filter((name) => name.startsWith('passing')).length, 20)
  })

  test('a state that has become final goes before others', async () => {
    const { ask, clock, names } = desk()
    for (let i = 0; i < 45; i += 1) ask(`before${i}`, true)
    const tickets = Array.from({ length: 10 }, (_, i) => ask(`card${i}`, false))
    tickets[9]?.hurry()
    await clock.pass(2000)
    assert.ok(names().indexOf('card9') <= 46)
  })

  test('are not held up by one that has much to say, nor by one that was told 429', async () => {
    const { ask, laneOf, clock, passed } = desk()
    laneOf('muted').pause(60_000)
    for (let i = 0; i < 50; i += 1) ask('muted', true)
    for (let i = 0; i < 500; i += 1) ask('busy', true)
    for (let i = 0; i < 30; i += 1) ask(`c${i}`, true)
    await clock.pass(500)
    const others = passed.filter(({ who }) => who.startsWith('c'))
    assert.equal(others.length, 30)
    assert.equal(others.at(-1)?.at, 0)
    assert.equal(passed.filter(({ who }) => who === 'busy').length, 7)
  })

  test('one that is told 429 while it waits for its turn gives the turn away', async () => {
    const { ask, laneOf, clock, names } = desk()
    for (let i = 0; i < 45; i += 1) ask(`before${i}`, true)
    ask('a', true)
    ask('b', true)
    laneOf('a').pause(5000)
    await clock.pass(1500)
    assert.deepEqual(names().slice(45), ['b'])
    await clock.pass(4000)
    assert.deepEqual(names().slice(45), ['b', 'a'])
  })
})

test('a conversation gets at most 1,800 requests in an hour', async () => {
  const { ask, clock, passed } = desk()
  for (let i = 0; i < 2000; i += 1) ask('c', true)
  await clock.pass(3_599_000)
  assert.equal(passed.length, 1800)
  await clock.pass(3_600_000)
  assert.equal(passed.length, 2000)
})
