import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { createMediaEndpoint, NoMediaPort } from '../../src/media/endpoint.ts'
import { strength } from './phone.ts'
import { deaf, event, MediaStage, PCMA, PCMU } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([30000, 31999]))
after(() => stage.close())

describe('a port', () => {
  it('is even, with the odd one above it for RTCP, and never given twice', async () => {
    const opened = await Promise.all(Array.from({ length: 20 }, () => stage.media.open(deaf, 'x')))
    assert.ok(opened.every(({ port }) => port % 2 === 0 && port >= 30000 && port <= 31998))
    assert.equal(new Set(opened.map(({ port }) => port)).size, 20)
    for (const port of opened) port.close()
  })

  it('is refused with a remedy when the range is used up, and had again after a close', async () => {
    const small = await createMediaEndpoint({ bind: '127.0.0.1', ports: [32101, 32104], country: 'ES' })
    try {
      const only = await small.open(deaf, 'x')
      assert.equal(only.port, 32102)
      await assert.rejects(
        small.open(deaf, 'x'),
        (fault) => fault instanceof NoMediaPort && fault.remedy.includes('RTP_PORTS'),
      )
      only.close()
      assert.equal((await small.open(deaf, 'x')).port, 32102)
    } finally {
      await small.stop()
    }
  })
})

describe('a tone', () => {
  it("is Spain's ringback: 425 Hz and nothing else, in packets of 20 ms that do not drift", async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far)
    port.play('ringback')
    const packets = await far.hears(50)
    const samples = far.samples('PCMA', packets.slice(0, 50))
    assert.ok(strength(samples, 425) > 4000, `425 Hz: ${strength(samples, 425)}`)
    for (const other of [350, 400, 450, 500, 850])
      assert.ok(strength(samples, other) < 250, `${other} Hz is heard`)
    const steps = packets
      .slice(1)
      .map((packet, i) => [
        (packet.sequence - packets[i]!.sequence) & 0xffff,
        (packet.timestamp - packets[i]!.timestamp) >>> 0,
      ])
    assert.ok(
      steps.every(([sequence]) => sequence === 1),
      'sequence numbers have gaps',
    )
    assert.ok(
      steps.every(([, time]) => time! >= 160 && time! % 160 === 0),
      'timestamps leave the grid',
    )
    const took = packets[49]!.at - packets[0]!.at
    assert.ok(Math.abs(took - 49 * 20) < 200, `49 packets took ${took} ms`)
    port.close()
  })

  it('has the cadence: the pause after 1.5 s is silence, sent all the same', async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far)
    port.play('ringback')
    const packets = await far.hears(85)
    assert.ok(strength(far.samples('PCMA', packets.slice(60, 74)), 425) > 4000)
    assert.ok(strength(far.samples('PCMA', packets.slice(76, 85)), 425) < 20)
    port.close()
  })

  it("goes out in the law of the leg's codec, under its payload type", async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far, { send: [PCMU, PCMA] })
    port.play('busy')
    const packets = await far.hears(8)
    assert.ok(packets.every(({ type }) => type === 0))
    assert.ok(strength(far.samples('PCMU', packets), 425) > 4000)
    port.close()
  })

  it('is not sent to a phone that does not want to hear', async () => {
    const held = await stage.phone()
    const other = await stage.phone()
    const port = await stage.portTo(held)
    const witness = await stage.portTo(other)
    port.remote({
      address: '127.0.0.1',
      port: held.port,
      send: [PCMA],
      receive: [PCMA],
      listens: false,
      speaks: false,
    })
    port.play('ringback')
    witness.play('ringback')
    await other.hears(5)
    assert.equal(held.heard.length, 0)
    port.close()
    witness.close()
  })
})

describe('keys', () => {
  it('are reported once each, however often their packets are repeated', async () => {
    const far = await stage.phone()
    const digits: string[] = []
    const three = Promise.withResolvers<undefined>()
    const port = await stage.portTo(far, {
      onDigit: (digit) => {
        digits.push(digit)
        if (digits.length === 3) three.resolve(undefined)
      },
    })
    far.key(port.port, 1, 101)
    far.key(port.port, 1, 101)
    far.key(port.port, 11, 101)
    await three.promise
    assert.deepEqual(digits, ['1', '1', '#'])
    port.close()
  })

  it('are sent as RFC 4733 events: one timestamp a key, growing duration, the end thrice', async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far, { send: [PCMA, event(96)] })
    port.play('silence')
    port.sendDigits('5#')
    const packets = await far.hears(16, ({ type }) => type === 96)
    const [first, second] = [packets.slice(0, 8), packets.slice(8)]
    assert.equal(new Set(first.map(({ timestamp }) => timestamp)).size, 1)
    assert.deepEqual(
      first.map(({ payload }) => [payload[0], (payload[1] ?? 0) >> 7, payload.readUInt16BE(2)]),
      [160, 320, 480, 640, 800, 800, 800, 800].map((duration, i) => [5, i > 4 ? 1 : 0, duration]),
    )
    assert.deepEqual(
      first.map(({ marker }) => marker),
      [true, false, false, false, false, false, false, false],
    )
    assert.ok(second.every(({ payload }) => payload[0] === 11))
    assert.ok(second[0]!.timestamp - first[0]!.timestamp >= 800)
    port.close()
  })
})

describe('strangers', () => {
  it('are dropped once the phone has spoken', async () => {
    const [far, stranger] = [await stage.phone(1), await stage.phone(2)]
    const digits: string[] = []
    const done = Promise.withResolvers<undefined>()
    const port = await stage.portTo(far, {
      onDigit: (digit) => {
        digits.push(digit)
        if (digit === '9') done.resolve(undefined)
      },
    })
    far.key(port.port, 1, 101)
    stranger.key(port.port, 5, 101)
    far.key(port.port, 9, 101)
    await done.promise
    assert.deepEqual(digits, ['1', '9'])
    port.close()
  })

  it('give way to the address of the SDP when they were first', async () => {
    const [far, stranger] = [await stage.phone(1), await stage.phone(2)]
    const port = await stage.portTo(far)
    port.play('silence')
    stranger.tone(port.port, 400, 3)
    await stranger.hears(1)
    far.tone(port.port, 400, 1)
    const before = far.heard.length
    await far.hears(before + 3)
    const settled = stranger.heard.length
    stranger.tone(port.port, 400, 3)
    await far.hears(before + 10)
    assert.ok(stranger.heard.length <= settled + 1, 'the stranger is still sent to')
    port.close()
  })

  it('are how a phone behind a NAT looks: it is answered where it sends from, and that is told', async () => {
    const [told, real] = [await stage.phone(1), await stage.phone(2)]
    const port = await stage.portTo(told)
    port.play('silence')
    real.tone(port.port, 400, 1)
    await real.hears(3)
    assert.equal(port.elsewhere, true)
    port.close()
  })

  it('cannot crash the worker with what is no RTP', async () => {
    const far = await stage.phone()
    const port = await stage.portTo(far)
    for (const bytes of [
      [],
      [0],
      [0x00, 8, ...Array<number>(170).fill(0)],
      [0x9f, 8, 1],
      [0xa0, 8, ...Array<number>(11).fill(255)],
    ])
      far.raw(port.port, Buffer.from(bytes))
    far.raw(port.port, Buffer.concat([Buffer.from([0x90, 8]), Buffer.alloc(12, 0xff)]))
    port.play('silence')
    await far.hears(3)
    port.close()
  })
})

describe('a relay', () => {
  it('passes sound both ways, each side in its own law, number and source', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const portA = await stage.portTo(a, { send: [PCMA] })
    const portB = await stage.portTo(b, { send: [PCMU] })
    portA.relay(portB)
    a.tone(portA.port, 400, 20, 'PCMA')
    b.tone(portB.port, 1000, 20, 'PCMU')
    const [atA, atB] = [await a.hears(20), await b.hears(20)]
    assert.ok(strength(a.samples('PCMA', atA), 1000) > 7000)
    assert.ok(strength(b.samples('PCMU', atB), 400) > 7000)
    assert.ok(atA.every(({ type }) => type === 8) && atB.every(({ type }) => type === 0))
    assert.equal(new Set(atB.map(({ source }) => source)).size, 1)
    assert.ok(!atB.some(({ source }) => source === 1))
    assert.deepEqual(
      atB.map(({ sequence }) => (sequence - atB[0]!.sequence) & 0xffff),
      atB.map((_, i) => i),
    )
    portA.close()
    portB.close()
  })

  it('maps the number of telephone events and reports no digit of theirs', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const digits: string[] = []
    const portA = await stage.portTo(a, { onDigit: (digit) => digits.push(digit) })
    const portB = await stage.portTo(b, { send: [PCMA, event(96)], receive: [PCMA, event(97)] })
    portA.relay(portB)
    a.key(portA.port, 3, 101)
    const events = await b.hears(6, ({ type }) => type === 96)
    assert.ok(events.every(({ payload }) => payload[0] === 3))
    assert.equal(new Set(events.map(({ timestamp }) => timestamp)).size, 1)
    assert.deepEqual(digits, [])
    portA.close()
    portB.close()
  })

  it('lets ringback sound on until the other leg is heard, in one unbroken stream', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const portA = await stage.portTo(a)
    const portB = await stage.portTo(b)
    portA.play('ringback')
    portA.relay(portB)
    await a.hears(6)
    assert.ok(strength(a.samples('PCMA'), 425) > 4000)
    const before = a.heard.length
    b.tone(portB.port, 1000, 30)
    const all = await a.hears(before + 30)
    const later = all.slice(-25)
    assert.ok(strength(a.samples('PCMA', later), 1000) > 7000)
    assert.ok(strength(a.samples('PCMA', later), 425) < 300, 'ringback goes on')
    assert.equal(new Set(all.map(({ source }) => source)).size, 1)
    assert.ok(all.slice(1).every(({ sequence }, i) => ((sequence - all[i]!.sequence) & 0xffff) === 1))
    portA.close()
    portB.close()
  })

  it('drops packets of a type that nobody agreed to', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const portA = await stage.portTo(a)
    const portB = await stage.portTo(b)
    portA.relay(portB)
    a.send(portA.port, 111, Buffer.alloc(160))
    a.tone(portA.port, 400, 1)
    const heard = await b.hears(1)
    assert.deepEqual(
      heard.map(({ type }) => type),
      [8],
    )
    portA.close()
    portB.close()
  })

  it('ends with part: keys are heard by the bot again', async () => {
    const [a, b] = [await stage.phone(1), await stage.phone(2)]
    const digit = Promise.withResolvers<string>()
    const portA = await stage.portTo(a, { onDigit: digit.resolve })
    const portB = await stage.portTo(b)
    portA.relay(portB)
    a.tone(portA.port, 400, 1)
    await b.hears(1)
    portA.part()
    // The worker hears of it by a message, the key comes by a packet: either may be first, so the key is pressed on.
    const pressing = setInterval(() => a.key(portA.port, 7, 101), 20)
    assert.equal(await digit.promise.finally(() => clearInterval(pressing)), '7')
    portA.close()
    portB.close()
  })
})
