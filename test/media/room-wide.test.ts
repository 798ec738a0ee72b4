/** Rooms with phones of G.722 among those of G.711: the ones hear each other up to 7 kHz, the others up to 3.4. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { both, Guest, has, lacks, level, LOUD, NOTHING } from './guest.ts'
import { PATIENCE } from './phone.ts'
import { G722, MediaStage, PCMA, remoteFor } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([37000, 37398]))
after(() => stage.close())

let rooms = 0
const newRoom = () => `wide room ${++rooms}`
const wide = (t: TestContext, room: string) => Guest.comes(t, stage, room, 'G722')
const narrow = (t: TestContext, room: string) => Guest.comes(t, stage, room, 'PCMA')

/** Two with G.722, who sing 300 and 5,200 Hz, and a third who listens. */
async function choir(t: TestContext) {
  const room = newRoom()
  const [a, b, listener] = [await wide(t, room), await wide(t, room), await wide(t, room)] as const
  a.sings(300)
  b.sings(5200)
  await listener.hears(has(300, 5200))
  return { room, a, b, listener }
}

describe('a room with G.722 and G.711', () => {
  it('lets each of five phones hear the four others, and not itself', async (t) => {
    const room = newRoom()
    const voices = [
      { guest: await wide(t, room), hz: 300 },
      { guest: await wide(t, room), hz: 1350 },
      { guest: await wide(t, room), hz: 2500 },
      { guest: await narrow(t, room), hz: 700 },
      { guest: await Guest.comes(t, stage, room, 'PCMU'), hz: 1000 },
    ]
    for (const { guest, hz } of voices) guest.sings(hz)
    for (const { guest, hz } of voices) {
      const others = voices.filter((one) => one.guest !== guest).map((one) => one.hz)
      const own = level(await guest.hears(has(...others)), hz)
      assert.ok(own < NOTHING, `${guest.codec} at ${hz} Hz hears itself: ${own}`)
    }
  })

  it('carries what is above 4 kHz from one G.722 phone to another, and to G.711 neither that nor its mirror', async (t) => {
    const { room, a, b } = await choir(t)
    const c = await narrow(t, room)
    c.sings(700)
    const heard = await a.hears(has(5200, 700))
    assert.ok(level(heard, 5200) > 7000, `${level(heard, 5200)} of 8000`)
    // What 700 Hz at 8 kHz would be, played at 16 without a filter.
    assert.ok(level(heard, 7300) < NOTHING)
    await c.hears(both(has(300), lacks(2800, 700)))
    await b.hears(both(has(300, 700), lacks(5200)))
  })

  it('sends G.722 as RFC 3551 has it: 160 bytes and 160 of the clock every 20 ms', async (t) => {
    const { listener } = await choir(t)
    const { phone } = listener
    const before = phone.heard.length
    const heard = (await phone.hears(before + 50)).slice(before)
    assert.deepEqual([...new Set(heard.map(({ type, payload }) => `${type} ${payload.length}`))], ['9 160'])
    heard.slice(1).forEach(({ sequence, timestamp }, i) => {
      assert.equal((sequence - (heard[i]?.sequence ?? 0)) & 0xffff, 1)
      assert.equal((timestamp - (heard[i]?.timestamp ?? 0)) >>> 0, 160)
    })
  })

  it('bridges over lost packets of G.722, and puts in order what was overtaken', async (t) => {
    const { a, b, listener } = await choir(t)
    a.silences()
    b.silences()
    await listener.hears(lacks(300, 5200))
    a.limps(300)
    await listener.hears(has(300))
    const { samples } = await listener.ear(60)
    const frames = Array.from({ length: 60 }, (_, i) =>
      level({ samples: samples.subarray(i * 320, i * 320 + 320), rate: 16_000 }, 300),
    )
    const weak = frames.filter((one) => one < 5_500).length
    assert.ok(weak <= 3, frames.map(Math.round).join(' '))
  })

  it('codes once for all who only listen, from the first silence on, and nobody hears the change', async (t) => {
    const { room, a, b, listener } = await choir(t)
    const other = await wide(t, room)
    await other.hears(has(300, 5200))
    const inCommon = () => {
      const mine = new Set(listener.phone.heard.slice(-10).map(({ payload }) => payload.toString('hex')))
      return other.phone.heard.filter(({ payload }) => mine.has(payload.toString('hex'))).length
    }
    a.silences()
    b.silences()
    // The tones are still there for a moment; then there is silence, in which all come to share.
    await listener.hears(lacks(300, 5200))
    await listener.ear(20)
    a.sings(300)
    await listener.hears(has(300))
    await other.hears(has(300))
    assert.ok(inCommon() >= 8, `${inCommon()} in common`)
    // One who begins to speak hears on without a break, though by a coder of its own.
    const before = listener.phone.heard.length
    listener.sings(5200)
    await other.hears(has(300, 5200))
    const packets = listener.phone.heard.length - before
    const { samples } = listener.last(packets)
    for (let i = 0; i < packets; i++) {
      const frame = samples.subarray(i * 320, i * 320 + 320)
      const tone = level({ samples: frame, rate: 16_000 }, 300) ** 2 / 2
      const all = frame.reduce((sum, one) => sum + one * one, 0) / frame.length
      assert.ok(all - tone < tone / 100, `frame ${i}: ${Math.round(tone)} of ${Math.round(all)}`)
    }
    assert.ok(level(await listener.ear(), 5200) < NOTHING)
  })

  it('hears nobody who is muted, tells who speaks, and reports keys', async (t) => {
    const { a, b, listener } = await choir(t)
    await a.isTold(({ speaks }) => speaks.length === 1)
    a.port.mute(true)
    // By a low note, twice.
    await a.hears((heard) => level(heard, 392) > 800)
    await listener.hears(both(has(5200), lacks(300, 392)))
    await a.isTold(({ speaks }) => speaks.length === 2)
    await a.hears(has(5200))
    a.port.mute(false)
    await listener.hears(has(300, 5200))
    b.phone.key(b.port.port, 7, 101)
    await b.isTold(({ digits }) => digits.includes('7'))
    assert.deepEqual([a.news.digits, b.news.digits, listener.news.digits], [[], ['7'], []])
    listener.port.sendDigits('5')
    const keys = await listener.phone.hears(8, ({ type }) => type === 101)
    assert.equal(new Set(keys.map(({ timestamp }) => timestamp)).size, 1)
    await listener.hears(has(300, 5200))
  })

  it('goes on when a phone changes its codec, or sends one and takes the other', async (t) => {
    const { room, a, b, listener } = await choir(t)
    const c = await narrow(t, room)
    await c.hears(has(300))
    // It takes G.711 from now on, and sends G.722 still.
    a.port.remote(remoteFor(a.phone, { send: [PCMA], receive: [PCMA, G722] }))
    b.silences()
    c.sings(700)
    const heardAt8 = () => a.phone.samples('PCMA', a.phone.heard.slice(-10))
    const late = AbortSignal.timeout(PATIENCE)
    do {
      late.throwIfAborted()
      await a.phone.hears(a.phone.heard.length + 10)
    } while (!has(700)({ samples: heardAt8(), rate: 8000 }))
    assert.ok(lacks(300)({ samples: heardAt8(), rate: 8000 }), 'hears itself')
    await listener.hears(has(300, 700))
    // And now it sends that, too.
    a.silences()
    await listener.hears(both(has(700), lacks(300)))
    const [to, sending] = [a.port.port, { on: true }]
    const began = performance.now()
    let sent = 0
    const singing = setInterval(() => {
      for (; sending.on && sent < (performance.now() - began) / 20; sent++) a.phone.tone(to, 450, 1, 'PCMA')
    }, 10)
    t.after(() => {
      clearInterval(singing)
    })
    await listener.hears(has(450, 700))
    await c.hears(both(has(450), lacks(300)))
  })

  it('lasts when its phones with G.722 go, and when they come again', async (t) => {
    const { room, a, b, listener } = await choir(t)
    const [c, d] = [await narrow(t, room), await narrow(t, room)]
    c.sings(700)
    await d.hears(has(300, 700))
    for (const { port } of [a, b, listener]) port.leave()
    await d.hears(both(has(700), lacks(300)))
    listener.port.join(room)
    await listener.hears(both(has(700), lacks(300)))
    b.port.join(room)
    await listener.hears(has(700, 5200))
  })

  it('is not brought down by bytes that no coder has made', async (t) => {
    const { a, b, listener } = await choir(t)
    a.silences()
    for (let round = 0; round < 50; round++)
      a.phone.send(
        a.port.port,
        9,
        Uint8Array.from({ length: 1 + ((round * 37) % 400) }, () => 256 * Math.random()),
      )
    await listener.hears(has(5200))
    await listener.hears(both(has(5200), (heard) => Math.max(...heard.samples) < 20_000))
    assert.ok(level(await b.ear(), 5200) < LOUD)
  })
})
