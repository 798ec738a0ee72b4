/** Nine o'clock: everybody calls at once, before a Teams that counts. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Channels } from '../../../src/chat/channels.ts'
import type { Connector, Outcome } from '../../../src/chat/connector.ts'
import { Outbox } from '../../../src/chat/outbox/outbox.ts'
import { PATIENCE } from '../../../src/chat/outbox/post.ts'
import { TEAMS_APP_RATES, TEAMS_RATES } from '../../../src/chat/outbox/rates.ts'
import type { Rate } from '../../../src/chat/outbox/rates.ts'
import { References } from '../../../src/chat/references.ts'
import { callId, meetingId } from '../../../src/core/ids.ts'
import type { CallView, Screen } from '../../../src/core/screen.ts'
import { endedWith, HeardLog, MemoryFacts, view } from '../../helpers/chat.ts'
import { SteadyClock } from '../../helpers/steady-clock.ts'

/** Microsoft, "Rate limiting for bots": of one conversation, and of an app in a tenant. */
const PUBLISHED: readonly Rate[] = [
  { most: 7, within: 1000 },
  { most: 8, within: 2000 },
  { most: 60, within: 30_000 },
  { most: 1800, within: 3_600_000 },
]
const PUBLISHED_APP: Rate = { most: 50, within: 1000 }

type Sent = {
  readonly at: number
  readonly conversation: string
  readonly method: string
  readonly what: string
}

function textOf(screen: Screen): string {
  if (screen.kind === 'call') return screen.view.state.kind
  return screen.kind === 'meeting' ? `${screen.view.joined.length} joined` : screen.kind
}

/** An outbox before a Teams that answers after 80 ms, and 429 to what is beyond its limits. */
function teams() {
  const clock = new SteadyClock()
  const began = clock.now()
  const log = new HeardLog()
  const sent: Sent[] = []
  let throttled = 0
  const tooMany = (conversation: string) => {
    const over = (of: readonly Sent[], { most, within }: Rate) =>
      of.filter(({ at }) => at > clock.now() - began - within).length >= most
    const own = sent.filter((one) => one.conversation === conversation)
    return over(sent, PUBLISHED_APP) || PUBLISHED.some((rate) => over(own, rate))
  }
  const connector: Connector = {
    async request({ method, path, body }): Promise<Outcome> {
      const conversation = /conversations\/([^/]+)/.exec(path)?.[1] ?? ''
      const refused = tooMany(conversation)
      if (refused) throttled += 1
      else sent.push({ at: clock.now() - began, conversation, method, what: (body as { text: string }).text })
      await new Promise<void>((answered) => clock.after(80, answered))
      if (refused) return { kind: 'refused', status: 429, retryAfter: 1000 }
      return { kind: 'done', body: { id: `m${conversation}` } }
    },
    close: () => undefined,
  }
  const references = new References(new MemoryFacts(), log)
  const outbox = new Outbox({
    ...{ references, connector, log, clock, patience: PATIENCE },
    channels: new Channels(),
    rates: TEAMS_RATES,
    appRates: TEAMS_APP_RATES,
    random: () => 0.5,
    message: (screen: Screen) => ({ text: textOf(screen) }),
  })
  const meet = (conversation: string) =>
    references.remember({
      type: 'message',
      channelId: 'msteams',
      serviceUrl: 'https://teams.example',
      conversation: { id: conversation },
      from: { id: 'u' },
      recipient: { id: 'b' },
    })
  return {
    ...{ clock, log, outbox, sent, meet },
    get throttled() {
      return throttled
    },
  }
}

const HELP: Screen = { kind: 'sentence', sentence: { code: 'noCall' } }
const address = (conversation: string) => ({ channel: 'msteams', conversation, language: 'en' }) as const

suite('300 people call at nine', () => {
  async function rush() {
    const bench = teams()
    const conversations = Array.from({ length: 300 }, (_, i) => `c${i}`)
    for (const conversation of conversations) bench.meet(conversation)
    const show = (state: CallView['state'], revision: number) => {
      for (const conversation of conversations) {
        const one = view(state, revision, { call: callId(`c_${conversation}`) })
        bench.outbox.showCall(address(conversation), one, undefined)
      }
    }
    show({ kind: 'callingUser' }, 1)
    await bench.clock.pass(1000)
    show({ kind: 'callingCallee', ringing: false }, 2)
    await bench.clock.pass(200)
    show({ kind: 'callingCallee', ringing: true }, 3)
    await bench.clock.pass(2000)
    show({ kind: 'connected', since: 1 }, 4)
    await bench.clock.pass(30_000)
    show(endedWith(), 5)
    await bench.clock.pass(30_000)
    const of = (what: string) => bench.sent.filter((one) => one.what === what)
    return { bench, conversations, of }
  }

  test('the outbox keeps within the limits by itself: no 429 at all', async () => {
    const { bench } = await rush()
    assert.equal(bench.throttled, 0)
    assert.deepEqual(
      bench.log.lines.filter(({ level }) => level !== 'debug'),
      [],
    )
  })

  test('each has one card, which says connected soon and its record in the end', async () => {
    const { bench, conversations, of } = await rush()
    for (const conversation of conversations) {
      const mine = bench.sent.filter((one) => one.conversation === conversation)
      assert.equal(mine.filter(({ method }) => method === 'POST').length, 1)
      assert.deepEqual(mine.map(({ what }) => what).slice(-2), ['connected', 'ended'])
    }
    const firstCards = bench.sent.filter(({ method }) => method === 'POST')
    assert.ok(Math.max(...firstCards.map(({ at }) => at)) < 8000, 'a card within 8 s')
    assert.ok(Math.max(...of('connected').map(({ at }) => at)) < 20_000)
    assert.ok(Math.max(...of('ended').map(({ at }) => at)) < 33_200 + 7000)
  })

  test('states that have passed meanwhile are left out', async () => {
    const { bench, of } = await rush()
    assert.ok(bench.sent.length <= 1000, `${bench.sent.length} requests for 1,500 states`)
    assert.ok(of('callingCallee').length < 100)
  })
})

test('who is told much at once is told no more than twenty things, and the record of a call all the same', async () => {
  const bench = teams()
  bench.meet('c')
  for (let i = 0; i < 500; i += 1) bench.outbox.say(address('c'), HELP)
  bench.outbox.showCall(address('c'), view(endedWith(), 9), undefined)
  await bench.clock.pass(60_000)
  assert.equal(bench.sent.length, 21)
  assert.equal(bench.sent.at(-1)?.what, 'ended')
  assert.equal(bench.log.lines.filter(({ code }) => code === 'POST_DROPPED').length, 480)
  assert.equal(bench.throttled, 0)
})

suite('30 people join one meeting within seconds', () => {
  test('its card stays within the limits of the conversation, and ends up with all of them', async () => {
    const bench = teams()
    bench.meet('c0')
    const meeting = meetingId('m_0123456789012345678901')
    let card: string | undefined
    bench.outbox.onPosted((_, activity) => (card = activity))
    for (let joined = 0; joined <= 30; joined += 1) {
      const names = Array.from({ length: joined }, (_, n) => ({ name: `Person ${n}`, state: 'in' as const }))
      const shown = { meeting, revision: joined + 1, provider: 'zoom' as const, joined: names }
      bench.outbox.showMeeting(address('c0'), shown, card)
      await bench.clock.pass(200)
    }
    await bench.clock.pass(10_000)
    assert.equal(bench.throttled, 0)
    assert.equal(bench.sent.filter(({ method }) => method === 'POST').length, 1)
    assert.ok(bench.sent.length < 25, `${bench.sent.length} requests for 31 states`)
    assert.equal(bench.sent.at(-1)?.what, '30 joined')
  })
})
