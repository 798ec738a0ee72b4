import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { Peer } from '../contract/peer.ts'
import { RtpPhone } from '../media/phone.ts'
import { A, B, CALL, header, read, sdp, stage, TRUNK } from './stage.ts'
import type { Side, Stage } from './stage.ts'

const RELAY = { 'Content-Type': 'application/dtmf-relay' }
const DIRECT = { kind: 'direct', legs: [A, B] } as const
const NO_EVENTS = ['8 PCMA/8000']

/** The next INFO of a dialog is this digit's, and is answered. */
async function infoOf(s: Stage, side: Side, digit: string, status = 200): Promise<void> {
  const info = await s.inDialog(side, 'INFO')
  assert.equal(header(info, 'content-type'), 'application/dtmf-relay')
  assert.match(info.body, new RegExp(`^Signal=${digit.replace('*', '\\*')}\\r\\nDuration=\\d+\\r\\n$`))
  s.peer.answer(info, status)
}

/** Both phones send to each other, on one trunk. */
async function directBetween(s: Stage, codecs: string[]): Promise<readonly [Side, Side]> {
  const a = (await s.answered(A, sdp({ port: 40000, codecs }))).side
  const b = (await s.answered(B, sdp({ port: 41000, codecs }))).side
  s.legs.plan(CALL, DIRECT)
  s.peer.answer(await s.inDialog(a, 'INVITE'), 200, { body: sdp({ port: 40000, codecs, version: 2 }) })
  s.peer.answer(await s.inDialog(b, 'INVITE'), 200, { body: sdp({ port: 41000, codecs, version: 2 }) })
  await s.inDialog(a, 'ACK')
  assert.equal((await s.report('media.settled')).plan, 'direct')
  return [a, b]
}

/** The user's phone by a trunk of RFC 4733, the other side by one of INFO; the sound passes the bot. */
async function acrossTrunks(
  t: TestContext,
  s: Stage,
  events: Peer,
  port: number,
): Promise<readonly [Side, Side]> {
  t.after(() => events.close())
  s.legs.dial({ call: CALL, leg: A, to: { kind: 'extension', extension: '1001' }, from: { number: '1001' } })
  const invite = await events.request('INVITE')
  events.answer(invite, 200, { tag: 'ev', body: sdp({ port }) })
  await events.request('ACK')
  await s.report('leg.answered')
  s.legs.dial({ call: CALL, leg: B, to: { kind: 'extension', extension: '1002' }, from: { number: '1001' } })
  events.answer(await events.request('INVITE'), 503, { tag: 'no' })
  const other = await s.peer.request('INVITE')
  assert.match(read(other.body).audio, /^m=audio \d+ RTP\/AVP 8 0$/, 'no telephone events are offered')
  s.peer.answer(other, 200, { tag: 'in', body: sdp({ port: 41000, codecs: NO_EVENTS }) })
  await s.peer.request('ACK')
  await s.report('leg.answered')
  s.legs.plan(CALL, DIRECT)
  assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'relay', why: 'trunks' })
  return [
    { invite, tag: 'ev' },
    { invite: other, tag: 'in' },
  ]
}

describe('keys of phones that use INFO', () => {
  it('pass the bot though the sound does not, one after the other, and stand in no ladder', async (t) => {
    const s = await stage(t, { trunk: { dtmf: 'info' } })
    const [a, b] = await directBetween(s, NO_EVENTS)
    for (const [seq, digit] of ['4', '*', '7'].entries())
      await s.send(a, 'INFO', seq + 1, { body: `Signal=${digit}\r\nDuration=250\r\n`, fields: RELAY })
    await infoOf(s, b, '4')
    assert.deepEqual(s.peer.unread('INFO'), [], 'a second one would overtake the first')
    await infoOf(s, b, '*', 415)
    await infoOf(s, b, '7')
    const ladder = s.legs.ladder(CALL).map(({ text }) => text)
    assert.ok(ladder.some((text) => text.startsWith('INFO')))
    assert.ok(!ladder.some((text) => /Signal ?= ?[47*]/.test(text)), 'a digit stands in the ladder')
  })

  it('do so on a trunk of RFC 4733 too, where the bot has no other way', async (t) => {
    const s = await stage(t)
    const [a, b] = await directBetween(s, ['8 PCMA/8000', '101 telephone-event/8000'])
    await s.send(b, 'INFO', 1, { body: '5\r\n', fields: { 'Content-Type': 'application/dtmf' } })
    await infoOf(s, a, '5')
  })

  it('become telephone events for a phone that uses those, and those become INFO', async (t) => {
    const [phone, events] = [await RtpPhone.open(1), await Peer.start()]
    t.after(() => phone.close())
    const before = [{ ...TRUNK, name: 'events', uri: `sip:${events.hostPort}` }]
    const s = await stage(t, { before, trunk: { dtmf: 'info' } })
    const [a, b] = await acrossTrunks(t, s, events, phone.port)
    phone.key(read(a.invite.body).port, 9, 101)
    await infoOf(s, b, '9')
    await s.send(b, 'INFO', 1, { body: 'Signal=3\r\nDuration=160\r\n', fields: RELAY })
    const [first] = await phone.hears(1, ({ type }) => type === 101)
    assert.equal(first?.payload[0], 3)
    s.legs.release(A)
    events.answer(await events.request('BYE'), 200)
  })

  it('are heard by the bot itself before the other side is called ("press 1")', async (t) => {
    const s = await stage(t, { trunk: { dtmf: 'info', offer: 'late' } })
    const invite = await s.dial()
    const codecs = ['8 PCMA/8000', '101 telephone-event/8000']
    s.peer.answer(invite, 200, { tag: 'l', body: sdp({ port: 40000, codecs }) })
    const ack = await s.peer.request('ACK')
    assert.match(read(ack.body).audio, /RTP\/AVP 8$/, 'offered telephone events are not taken')
    await s.report('leg.answered')
    await s.send({ invite, tag: 'l' }, 'INFO', 1, { body: 'Signal=1\r\nDuration=160\r\n', fields: RELAY })
    assert.deepEqual(await s.report('leg.digit'), { type: 'leg.digit', leg: A, digit: '1' })
  })
})

/** Keys at B as B's phone gets them: as telephone events, each press once. */
function keysHeard({ heard }: RtpPhone): string {
  const presses = new Map(
    heard.filter(({ type }) => type === 101).map(({ timestamp, payload }) => [timestamp, payload[0] ?? 0]),
  )
  return [...presses.values()].map((event) => '0123456789*#'[event]).join('')
}

/** Both phones' sound passes the bot, which keys something at B's. */
async function relayed(t: TestContext) {
  const [a, b] = await Promise.all([RtpPhone.open(1), RtpPhone.open(2)])
  t.after(() => {
    a.close()
    b.close()
  })
  const s = await stage(t)
  const { invite } = await s.answered(A, sdp({ port: a.port }))
  const { side } = await s.answered(B, sdp({ port: b.port }))
  s.legs.plan(CALL, { kind: 'relay', legs: [A, B] })
  await s.report('media.settled')
  const at = read(invite.body).port
  const presses = (digits: string) => {
    for (const digit of digits) {
      a.tone(at, 400, 2)
      a.key(at, '0123456789*#'.indexOf(digit), 101)
    }
  }
  const heardAll = (digits: string) => b.hears(1, () => keysHeard(b).length >= digits.length)
  return { s, b, side, presses, heardAll }
}

const PLAN = [
  { do: 'prompt', most: 15 },
  { do: 'keys', keys: '4711#' },
  { do: 'prompt', most: 15 },
  { do: 'keys', keys: '99#' },
] as const

describe('keyed by hand, while the bot has something to key', () => {
  it('during the announcement: the bot keys nothing of its own', async (t) => {
    const { s, b, presses, heardAll } = await relayed(t)
    s.legs.key(B, PLAN)
    presses('815#')
    assert.deepEqual(await s.report('leg.keyed'), { type: 'leg.keyed', leg: B, ok: true, byHand: true })
    await heardAll('815#')
    presses('3*3')
    await heardAll('815#3*3')
    assert.equal(keysHeard(b), '815#3*3')
  })

  it('amid the bot’s digits: those come to their end first, and the user’s behind them; the rest is left', async (t) => {
    const { s, b, presses, heardAll } = await relayed(t)
    s.legs.key(B, PLAN.slice(1))
    await b.hears(1, ({ type }) => type === 101)
    presses('815#')
    const { byHand } = await s.report('leg.keyed')
    assert.equal(byHand, true)
    await heardAll('4711#815#')
    presses('6')
    await heardAll('4711#815#6')
    assert.equal(keysHeard(b), '4711#815#6')
  })

  it('amid the last of them: all of the bot’s has been keyed', async (t) => {
    const { s, b, presses, heardAll } = await relayed(t)
    s.legs.key(B, PLAN.slice(3))
    await b.hears(1, ({ type }) => type === 101)
    presses('815#')
    assert.deepEqual(await s.report('leg.keyed'), { type: 'leg.keyed', leg: B, ok: true })
    await heardAll('99#815#')
    assert.equal(keysHeard(b), '99#815#')
  })

  it('where the sound goes from phone to phone, by INFO: just so', async (t) => {
    const s = await stage(t, { trunk: { dtmf: 'info' } })
    const [a, b] = await directBetween(s, NO_EVENTS)
    s.legs.key(B, PLAN.slice(1))
    await infoOf(s, b, '4')
    for (const [seq, digit] of ['8', '5'].entries())
      await s.send(a, 'INFO', seq + 1, { body: `Signal=${digit}\r\nDuration=250\r\n`, fields: RELAY })
    for (const digit of '711#85') await infoOf(s, b, digit)
    const { byHand } = await s.report('leg.keyed')
    assert.equal(byHand, true)
  })

  it('before the first of them is due', async (t) => {
    const { s, b, presses, heardAll } = await relayed(t)
    s.legs.key(B, [{ do: 'pause', seconds: 2 }, ...PLAN.slice(1)])
    presses('1')
    const { byHand } = await s.report('leg.keyed')
    assert.equal(byHand, true)
    await heardAll('1')
    assert.equal(keysHeard(b), '1')
  })
})

describe('a bridge’s digits', () => {
  it('come when the announcement is over, and its pauses at least: one that is silent at first is not cut', async (t) => {
    const { s, b, heardAll } = await relayed(t)
    const began = performance.now()
    s.legs.key(B, [
      { do: 'prompt', most: 0.1, least: 1 },
      { do: 'keys', keys: '7' },
    ])
    await heardAll('7')
    const [first] = await b.hears(1, ({ type }) => type === 101)
    assert.ok((first?.at ?? 0) - began >= 990)
    await s.report('leg.keyed')
    s.legs.key(B, [
      { do: 'prompt', most: 0.6, least: 0.1 },
      { do: 'keys', keys: '8' },
    ])
    const again = performance.now()
    await s.report('leg.keyed')
    assert.ok(performance.now() - again >= 550)
  })

  it('last 100 ms each and are 160 ms apart, as interactive menus want them', async (t) => {
    const { s, b, heardAll } = await relayed(t)
    s.legs.key(B, [{ do: 'keys', keys: '12#' }])
    await heardAll('12#')
    await s.report('leg.keyed')
    const events = b.heard.filter(({ type }) => type === 101)
    const starts = events.filter(({ marker }) => marker)
    const ends = events.filter(({ payload }) => ((payload[1] ?? 0) & 0x80) !== 0)
    assert.ok(
      ends.every(({ payload }) => payload.readUInt16BE(2) === 800),
      '800 units are 100 ms',
    )
    const steps = starts.slice(1).map(({ timestamp }, i) => (timestamp - starts[i]!.timestamp) / 8)
    assert.ok(
      steps.every((ms) => ms >= 240 && ms < 600),
      `${steps.join(', ')} ms from key to key`,
    )
  })
})
