import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lane } from '../../../src/chat/outbox/lane.ts'
import { TEAMS_APP_RATES, TEAMS_RATES } from '../../../src/chat/outbox/rates.ts'
import { Road } from '../../../src/chat/outbox/road.ts'
import { SteadyClock } from '../../helpers/steady-clock.ts'

const laneOf = (clock: SteadyClock, road = new Road(clock, TEAMS_APP_RATES)) =>
  new Lane(clock, TEAMS_RATES, road)

test('a conversation gets at most 7 requests in 1 s, 8 in 2 s and 60 in 30 s', async () => {
  const clock = new SteadyClock()
  const lane = laneOf(clock)
  const sent: number[] = []
  for (let i = 0; i < 200; i += 1) void lane.gate(true).passed.then(() => sent.push(clock.now()))
  await clock.pass(120_000)
  assert.equal(sent.length, 200)
  for (const { most, within } of TEAMS_RATES) {
    for (const [i, at] of sent.entries()) {
      const later = sent[i + most]
      assert.ok(later === undefined || later - at >= within, `${most} in ${within} ms`)
    }
  }
})

test('who waits at the gate goes in order, and all wait while the channel wants nothing', async () => {
  const clock = new SteadyClock()
  const lane = laneOf(clock)
  const passed: string[] = []
  lane.pause(5000)
  for (const who of ['a', 'b', 'c']) void lane.gate(true).passed.then(() => passed.push(who))
  await clock.pass(4999)
  assert.deepEqual(passed, [])
  await clock.pass(1)
  assert.deepEqual(passed, ['a', 'b', 'c'])
})

test('jobs run one after another, also after one that failed', async () => {
  const clock = new SteadyClock()
  const lane = laneOf(clock)
  const ran: string[] = []
  const job = (name: string, ms: number) => async () => {
    await new Promise<void>((over) => clock.after(ms, over))
    ran.push(name)
    if (name === 'b') throw new Error('b fails')
  }
  const failing = [lane.inOrder(job('a', 300)), lane.inOrder(job('b', 10)), lane.inOrder(job('c', 1))]
  const results = Promise.allSettled(failing)
  assert.equal(lane.idle, false)
  await clock.pass(1000)
  assert.deepEqual(ran, ['a', 'b', 'c'])
  assert.deepEqual(
    (await results).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  await clock.pass(60_000)
  assert.equal(lane.idle, true)
})
