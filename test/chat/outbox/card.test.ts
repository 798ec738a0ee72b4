import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { CardOutbox } from '../../../src/chat/outbox/card.ts'
import type { LiveScreen } from '../../../src/chat/outbox/card.ts'
import { Lane } from '../../../src/chat/outbox/lane.ts'
import { PATIENCE } from '../../../src/chat/outbox/post.ts'
import { TEAMS_APP_RATES, TEAMS_RATES } from '../../../src/chat/outbox/rates.ts'
import { Road } from '../../../src/chat/outbox/road.ts'
import { afterPost, afterUpdate } from '../../../src/chat/outbox/verdict.ts'
import type { Outcome } from '../../../src/chat/connector.ts'
import type { CallView } from '../../../src/core/screen.ts'
import { endedWith, HeardLog, view } from '../../helpers/chat.ts'
import { SteadyClock } from '../../helpers/steady-clock.ts'

const done = (id = 'm1'): Outcome => ({ kind: 'done', body: { id } })
const refused = (status: number, retryAfter?: number): Outcome => ({
  kind: 'refused',
  status,
  ...(retryAfter === undefined ? {} : { retryAfter }),
})
const timedOut: Outcome = { kind: 'unknown', cause: new Error('no answer') }
const unsent: Outcome = { kind: 'unsent', cause: new Error('refused') }

type Asked = { readonly what: string; readonly at: number }

/** A card against a channel that answers as it is told; each request takes 50 ms. */
function desk(options: { readonly updates?: 'yes' | 'no' | 'unknown'; readonly activity?: string } = {}) {
  const clock = new SteadyClock()
  const started = clock.now()
  const lane = new Lane(clock, TEAMS_RATES, new Road(clock, TEAMS_APP_RATES))
  const asked: Asked[] = []
  const answers: Outcome[] = []
  const shown: number[] = []
  let inFlight = 0
  let updates = options.updates ?? 'yes'
  const exchange = async (what: string): Promise<Outcome> => {
    assert.equal(inFlight, 0, 'one request in flight')
    inFlight += 1
    asked.push({ what, at: clock.now() - started })
    await new Promise<void>((answered) => clock.after(50, answered))
    inFlight -= 1
    return answers.shift() ?? done()
  }
  const state = ({ view: one }: LiveScreen) =>
    `${'state' in one ? one.state.kind : 'meeting'} ${one.revision}`
  const way = {
    ...{ clock, lane, log: new HeardLog(), patience: PATIENCE },
    random: () => 1,
    updates: () => updates !== 'no',
    post: async (one: LiveScreen) => afterPost(await exchange(`post ${state(one)}`)),
    update: async (id: string, one: LiveScreen) => {
      const verdict = afterUpdate(await exchange(`update ${id} ${state(one)}`), updates)
      if (verdict.kind === 'unsupported') updates = 'no'
      return verdict
    },
    posted: () => undefined,
    shown: (revision: number) => shown.push(revision),
  }
  let card: CardOutbox | undefined
  return {
    ...{ clock, asked, answers, shown, lane },
    card: () => card!,
    show: (state: CallView['state'], revision: number) => {
      const next = { kind: 'call', view: view(state, revision) } as const
      card ??= new CardOutbox(way, next, options.activity)
      void card.show(next)
    },
    what: () => asked.map((one) => one.what),
  }
}

const ringing = { kind: 'callingCallee', ringing: true } as const
const calling = { kind: 'callingCallee', ringing: false } as const
const connected = { kind: 'connected', since: 1 } as const
const started = { kind: 'callingUser' } as const

suite('one card a call', () => {
  test('the first state is posted at once, the final one goes at once after the one in flight', async () => {
    const { show, clock, asked } = desk()
    show(started, 1)
    await clock.pass(10)
    show(endedWith(), 2)
    await clock.pass(100)
    assert.deepEqual(asked, [
      { what: 'post callingUser 1', at: 0 },
      { what: 'update m1 ended 2', at: 50 },
    ])
  })

  test('a common call needs five operations at most', async () => {
    const { show, clock, what } = desk()
    show(started, 1)
    await clock.pass(4000)
    show(calling, 2)
    await clock.pass(150)
    show(ringing, 3)
    await clock.pass(4000)
    show(connected, 4)
    await clock.pass(20)
    show(connected, 5)
    await clock.pass(60_000)
    show(endedWith(), 6)
    await clock.pass(1000)
    assert.deepEqual(what(), [
      'post callingUser 1',
      'update m1 callingCallee 3',
      'update m1 connected 5',
      'update m1 ended 6',
    ])
  })

  test('states that pass within 400 ms become one update, counted from the first of them', async () => {
    const { show, clock, asked } = desk()
    show(started, 1)
    await clock.pass(1000)
    show(calling, 2)
    await clock.pass(300)
    show(ringing, 3)
    await clock.pass(1000)
    assert.deepEqual(asked.slice(1), [{ what: 'update m1 callingCallee 3', at: 1400 }])
  })

  test('what looks the same is not sent, and counts as shown', async () => {
    const { show, clock, what, shown } = desk()
    show(connected, 1)
    await clock.pass(1000)
    show(connected, 2)
    await clock.pass(1000)
    assert.deepEqual(what(), ['post connected 1'])
    assert.deepEqual(shown, [1, 2])
  })

  test('an older state that comes late is of no interest', async () => {
    const { show, clock, what } = desk()
    show(started, 1)
    show(connected, 4)
    show(ringing, 3)
    await clock.pass(5000)
    show(endedWith(), 6)
    show(connected, 7)
    await clock.pass(5000)
    assert.deepEqual(what(), ['post connected 4', 'update m1 ended 6'])
  })

  test('a card that stood before a restart is updated, not posted anew', async () => {
    const { show, clock, what } = desk({ activity: 'old' })
    show(endedWith(), 7)
    await clock.pass(1000)
    assert.deepEqual(what(), ['update old ended 7'])
  })

  test('no update leaves while a button of the card is being answered (botbuilder-js#4430)', async () => {
    const { show, clock, card, asked } = desk()
    show(connected, 1)
    await clock.pass(1000)
    const release = card().hold()
    show(endedWith(), 2)
    await clock.pass(1000)
    assert.equal(asked.length, 1)
    release()
    await clock.pass(10)
    assert.deepEqual(asked[1], { what: 'update m1 ended 2', at: 2000 })
  })
})

suite('a card that waits for its turn', () => {
  /** Takes the conversation's rate: the card's next request has to wait for two seconds. */
  async function busy(bench: ReturnType<typeof desk>) {
    for (let i = 0; i < 7; i += 1) await bench.lane.gate(true).passed
  }

  test('leaves with the state that it has then', async () => {
    const bench = desk()
    bench.show(started, 1)
    await bench.clock.pass(3000)
    await busy(bench)
    bench.show(calling, 2)
    await bench.clock.pass(600)
    bench.show(connected, 3)
    await bench.clock.pass(5000)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'update m1 connected 3'])
  })

  test('and has become final goes before states that pass', async () => {
    const bench = desk()
    bench.show(started, 1)
    await bench.clock.pass(3000)
    await busy(bench)
    let others = 0
    for (let i = 0; i < 5; i += 1) void bench.lane.gate(false).passed.then(() => (others += 1))
    bench.show(connected, 2)
    await bench.clock.pass(600)
    bench.show(endedWith(), 3)
    await bench.clock.pass(900)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'update m1 ended 3'])
    assert.equal(others, 0)
  })

  test('does not leave for a state that it has already', async () => {
    const bench = desk()
    bench.show(calling, 1)
    await bench.clock.pass(3000)
    await busy(bench)
    bench.show(ringing, 2)
    await bench.clock.pass(600)
    bench.show(calling, 3)
    await bench.clock.pass(5000)
    assert.deepEqual(bench.what(), ['post callingCallee 1'])
    assert.equal(bench.shown.at(-1), 3)
  })

  test('does not leave while a button is being answered', async () => {
    const bench = desk()
    bench.show(started, 1)
    await bench.clock.pass(3000)
    await busy(bench)
    bench.show(connected, 2)
    await bench.clock.pass(600)
    const release = bench.card().hold()
    await bench.clock.pass(5000)
    assert.deepEqual(bench.what(), ['post callingUser 1'])
    release()
    await bench.clock.pass(1000)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'update m1 connected 2'])
  })
})

suite('posting is not idempotent (openclaw PR#121116)', () => {
  test('429 is posted again after its Retry-After, then as the newest state', async () => {
    const { show, clock, answers, asked } = desk()
    answers.push(refused(429, 3000))
    show(started, 1)
    await clock.pass(1000)
    show(connected, 2)
    await clock.pass(5000)
    assert.deepEqual(asked, [
      { what: 'post callingUser 1', at: 0 },
      { what: 'post connected 2', at: 3050 },
    ])
  })

  for (const [what, outcome] of [
    ['a time-out', timedOut],
    ['500', refused(500)],
    ['502', refused(502)],
    ['503', refused(503)],
    ['504', refused(504)],
    ['412', refused(412)],
  ] as const) {
    test(`after ${what} nothing is posted again but the record`, async () => {
      const { show, clock, answers, what: requests } = desk()
      answers.push(outcome)
      show(started, 1)
      await clock.pass(1000)
      show(connected, 2)
      await clock.pass(60_000)
      show(endedWith(), 3)
      await clock.pass(60_000)
      assert.deepEqual(requests(), ['post callingUser 1', 'post ended 3'])
    })
  }

  test('401 is posted again: who is not believed has posted nothing', async () => {
    const { show, clock, answers, what } = desk()
    answers.push(refused(401))
    show(started, 1)
    await clock.pass(5000)
    assert.deepEqual(what(), ['post callingUser 1', 'post callingUser 1'])
  })

  test('a record whose post was lost is not posted again', async () => {
    const { show, clock, answers, what } = desk()
    answers.push(timedOut, timedOut)
    show(started, 1)
    await clock.pass(1000)
    show(endedWith(), 2)
    await clock.pass(3_600_000)
    assert.deepEqual(what(), ['post callingUser 1', 'post ended 2'])
  })

  test('what certainly never left is posted again', async () => {
    const { show, clock, answers, what } = desk()
    answers.push(unsent, unsent)
    show(started, 1)
    await clock.pass(10_000)
    assert.deepEqual(what(), ['post callingUser 1', 'post callingUser 1', 'post callingUser 1'])
  })
})

suite('updates are repeated until the newest state stands', () => {
  for (const [what, outcome] of [
    ['412', refused(412)],
    ['429', refused(429, 1000)],
    ['500', refused(500)],
    ['502', refused(502)],
    ['503', refused(503)],
    ['504', refused(504)],
    ['a time-out', timedOut],
    ['a lost connection', unsent],
  ] as const) {
    test(`after ${what}`, async () => {
      const { show, clock, answers, what: requests, shown } = desk()
      answers.push(done(), outcome, outcome, done())
      show(started, 1)
      await clock.pass(1000)
      show(endedWith(), 2)
      await clock.pass(60_000)
      assert.deepEqual(
        requests().slice(1),
        Array.from({ length: 3 }, () => 'update m1 ended 2'),
      )
      assert.deepEqual(shown, [1, 2])
    })
  }

  test('the waits grow, to 15 s, and end after a quarter of an hour with a line in the log', async () => {
    const { show, clock, answers, asked, shown } = desk()
    answers.push(done(), ...Array.from({ length: 200 }, () => refused(503)))
    show(started, 1)
    await clock.pass(1000)
    show(endedWith(), 2)
    await clock.pass(3_600_000)
    const waits = asked.slice(1).map(({ at }, i, all) => (all[i + 1]?.at ?? at) - at)
    assert.deepEqual(waits.slice(0, 7), [550, 1050, 2050, 4050, 8050, 15_050, 15_050])
    assert.ok(asked.at(-1)!.at < 1_000_000 && asked.at(-1)!.at > 880_000)
    assert.deepEqual(shown, [1, 2], 'given up counts as no longer owed')
  })

  for (const status of [429, 503]) {
    test(`a Retry-After of weeks after ${status} is cut to the time that is left`, async () => {
      const { show, clock, answers, asked, shown, lane } = desk()
      answers.push(done(), refused(status, 40 * 86_400_000), refused(status, 40 * 86_400_000))
      show(started, 1)
      await clock.pass(1000)
      show(connected, 2)
      await clock.pass(121_000)
      assert.deepEqual(shown, [1, 2])
      assert.ok(asked.length <= 3)
      await clock.pass(60_000)
      assert.equal(lane.idle, true, 'the conversation is not muted for weeks')
    })
  }

  test('a Retry-After of weeks after a post is cut to the time that is left', async () => {
    const { show, clock, answers, what, lane } = desk()
    answers.push(refused(429, 40 * 86_400_000), refused(429, 40 * 86_400_000))
    show(started, 1)
    await clock.pass(121_000)
    assert.deepEqual(what(), ['post callingUser 1', 'post callingUser 1'])
    await clock.pass(60_000)
    assert.equal(lane.idle, true)
  })

  test('a new state does not wait for the end of a back-off', async () => {
    const { show, clock, answers, asked } = desk()
    answers.push(done(), ...Array.from({ length: 6 }, () => refused(503)), done())
    show(started, 1)
    await clock.pass(1000)
    show(connected, 2)
    await clock.pass(25_000)
    const before = asked.length
    show(endedWith(), 3)
    await clock.pass(100)
    assert.equal(asked[before]?.what, 'update m1 ended 3')
  })

  test('a message that is not there is posted anew, once (msteams-docs#6139)', async () => {
    const { show, clock, answers, what } = desk()
    answers.push(done('m1'), refused(404), done('m2'), refused(404), refused(404))
    show(started, 1)
    await clock.pass(1000)
    show(ringing, 2)
    await clock.pass(1000)
    show(connected, 3)
    await clock.pass(60_000)
    assert.deepEqual(what(), [
      'post callingUser 1',
      'update m1 callingCallee 2',
      'post callingCallee 2',
      'update m2 connected 3',
    ])
    show(endedWith(), 4)
    await clock.pass(60_000)
    assert.equal(what().at(-1), 'post ended 4')
    assert.equal(what().length, 5)
  })
})

suite('a channel that changes no message gets two: begun, and record (BotFramework-WebChat#4649)', () => {
  const wholeCall = async ({ show, clock }: ReturnType<typeof desk>) => {
    show(started, 1)
    await clock.pass(1000)
    show(ringing, 2)
    await clock.pass(1000)
    show(connected, 3)
    await clock.pass(60_000)
    show(endedWith(), 4)
    await clock.pass(60_000)
  }

  test('where it is known beforehand, no update is tried', async () => {
    const bench = desk({ updates: 'no' })
    await wholeCall(bench)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'post ended 4'])
  })

  for (const status of [405, 501, 400]) {
    test(`where it says ${status} to the first update, that is tried once`, async () => {
      const bench = desk({ updates: 'unknown' })
      bench.answers.push(done(), refused(status))
      await wholeCall(bench)
      assert.deepEqual(bench.what(), ['post callingUser 1', 'update m1 callingCallee 2', 'post ended 4'])
    })
  }

  for (const updates of ['no', 'unknown'] as const) {
    test(`a question that cannot become the call’s card (updates: ${updates}) is followed by both`, async () => {
      const bench = desk({ updates, activity: 'question' })
      if (updates === 'unknown') bench.answers.push(refused(405))
      await wholeCall(bench)
      const tried = updates === 'unknown' ? ['update question callingUser 1'] : []
      assert.deepEqual(bench.what(), [...tried, 'post callingUser 1', 'post ended 4'])
    })
  }

  test('a record that a restart owes is one message', async () => {
    const bench = desk({ updates: 'no', activity: 'old' })
    bench.show(endedWith(), 7)
    await bench.clock.pass(1000)
    assert.deepEqual(bench.what(), ['post ended 7'])
  })

  test('where it gave no id, there is nothing to update', async () => {
    const bench = desk()
    bench.answers.push({ kind: 'done', body: {} })
    await wholeCall(bench)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'post ended 4'])
  })

  test('a Teams that says 405 to every update gets two messages a call as well', async () => {
    const bench = desk({ updates: 'yes' })
    bench.answers.push(done(), refused(405))
    await wholeCall(bench)
    assert.deepEqual(bench.what(), ['post callingUser 1', 'update m1 callingCallee 2', 'post ended 4'])
  })

  test('one bad answer of Teams does not mean that Teams cannot update', async () => {
    const bench = desk({ updates: 'yes' })
    bench.answers.push(done(), refused(400))
    await wholeCall(bench)
    assert.equal(bench.what().at(-1), 'update m1 ended 4')
  })
})
