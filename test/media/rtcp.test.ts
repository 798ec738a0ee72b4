import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { above, FarSide } from '../../src/media/far-side.ts'
import type { Place } from '../../src/media/far-side.ts'
import { Receiver } from '../../src/media/reception.ts'
import { compoundOf, readCompound } from '../../src/media/rtcp.ts'
import { RtcpSession } from '../../src/media/rtcp-session.ts'
import { ownAudio, remoteOf } from '../../src/sip/sdp/choose.ts'
import { parseSdp } from '../../src/sip/sdp/parse.ts'
import type { Heard, RtpPhone } from './phone.ts'
import { MediaStage } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([28000, 28099]))
after(() => stage.close())

/** What a report says, read by hand (RFC 3550 6.4, 6.5). */
function reportIn(raw: Buffer) {
  const sender = raw[1] === 200
  const block = sender ? 28 : 8
  const has = ((raw[0] ?? 0) & 0x1f) > 0
  const types: number[] = []
  let name = ''
  for (let at = 0; at < raw.length; at += 4 * (raw.readUInt16BE(at + 2) + 1)) {
    types.push(raw[at + 1] ?? 0)
    if (raw[at + 1] === 202) name = raw.subarray(at + 10, at + 10 + (raw[at + 9] ?? 0)).toString()
  }
  return {
    types,
    name,
    source: raw.readUInt32BE(4),
    ntp: sender ? raw.readUInt32BE(8) : 0,
    middle: sender ? raw.readUInt32BE(10) : 0,
    packets: sender ? raw.readUInt32BE(20) : 0,
    octets: sender ? raw.readUInt32BE(24) : 0,
    about: has ? raw.readUInt32BE(block) : undefined,
    fraction: has ? raw[block + 4] : undefined,
    lost: has ? raw.readIntBE(block + 5, 3) : undefined,
    highest: has ? raw.readUInt32BE(block + 8) : undefined,
    last: has ? raw.readUInt32BE(block + 16) : undefined,
    delay: has ? raw.readUInt32BE(block + 20) : undefined,
  }
}

const isReport = ({ raw }: Heard) => raw[1] === 200 || raw[1] === 201

async function report(control: RtpPhone, nth = 1) {
  return reportIn((await control.hears(nth, isReport))[nth - 1]!.raw)
}

/** A sender report of the phone's, about its source. */
function phoneReport(source: number): Buffer {
  return compoundOf({
    source,
    sent: { at: Date.UTC(2026, 0, 1), timestamp: 0, packets: 1, octets: 160 },
    reception: undefined,
    last: undefined,
    now: 0,
    name: 'phone',
    bye: false,
  })
}

describe('RTCP of a port', () => {
  it('tells the phone on its RTCP port what came and what was sent, with a CNAME that tells nothing else', async () => {
    const [far, control] = [await stage.phone(4711), await stage.phone()]
    const port = await stage.portTo(far, { rtcp: { address: '127.0.0.1', port: control.port } })
    port.play('silence')
    far.tone(port.port, 400, 10)
    far.skip(5)
    far.tone(port.port, 400, 5)
    await far.hears(1)
    control.raw(port.port + 1, phoneReport(4711))
    const said = await report(control)
    assert.deepEqual(said.types, [200, 202])
    assert.equal(said.source, far.heard[0]!.source)
    assert.ok(Math.abs(said.ntp - 2_208_988_800 - Date.now() / 1000) < 5)
    assert.ok(said.packets >= far.heard.length - 2 && said.octets === said.packets * 160)
    assert.deepEqual([said.about, said.lost, said.fraction], [4711, 5, Math.floor((5 * 256) / 20)])
    assert.equal((said.highest ?? 0) & 0xffff, 1020)
    assert.equal(said.last, phoneReport(4711).readUInt32BE(10))
    assert.ok((said.delay ?? 0) > 0 && (said.delay ?? 0) < 5 * 65_536)
    assert.match(said.name, /^[\w+/]{16}$/)
    port.close()
    const bye = reportIn((await control.hears(2, isReport))[1]!.raw)
    assert.deepEqual(bye.types.slice(1), [202, 203])
  })

  it('is a receiver report while the phone is only listened to, and goes on in a hold', async () => {
    const [far, control] = [await stage.phone(), await stage.phone()]
    const port = await stage.portTo(far, {
      rtcp: { address: '127.0.0.1', port: control.port },
      listens: false,
      speaks: false,
    })
    assert.deepEqual((await report(control)).types, [201, 202])
    port.close()
  })

  it('shares the RTP port where both have agreed to that', async () => {
    const far = await stage.phone(9)
    const port = await stage.portTo(far, { rtcp: 'mux' })
    far.raw(port.port, phoneReport(9))
    assert.deepEqual((await report(far)).types, [201, 202])
    port.close()
  })

  it('of a stranger changes nothing: reports go where the phone is', async () => {
    const [far, control, stranger] = [await stage.phone(1), await stage.phone(), await stage.phone(2)]
    const port = await stage.portTo(far, { rtcp: { address: '127.0.0.1', port: control.port } })
    far.tone(port.port, 400, 1)
    stranger.raw(port.port + 1, phoneReport(2))
    stranger.raw(port.port + 1, Buffer.from([0x80, 200, 0xff, 0xff, 0, 0, 0, 1]))
    const said = await report(control)
    assert.deepEqual([said.about, said.last], [1, 0])
    assert.equal(stranger.heard.length, 0)
    port.close()
  })
})

describe('reports go only where a port is', () => {
  const FAR = '192.0.2.7'
  /** Where two reports go, with a phone that was heard at `heard` and reports from `from`. */
  const reportsTo = (
    t: TestContext,
    { told, heard, from }: { told?: Place; heard?: Place; from?: Place },
  ): unknown[] => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const [far, receiver, sent] = [new FarSide(), new Receiver(), [] as unknown[]]
    far.describe({ address: FAR, port: 65_534 }, 0)
    if (heard) far.admits(heard, 1, 0)
    receiver.heard(1, 1, 160, 0, true)
    const session = new RtcpSession({
      source: 2,
      far,
      receiver,
      sent: () => ({ at: 0, timestamp: 0, packets: 1, octets: 160 }),
      send: (_packet, to) => sent.push(to),
    })
    session.describe(told)
    if (from) session.hear(phoneReport(1), from)
    t.mock.timers.tick(8_000)
    t.mock.timers.tick(8_000)
    session.stop()
    return [...new Set(sent)]
  }
  const told = { address: FAR, port: 65_535 }

  it('none above the highest one, where a phone behind a NAT may be heard', (t) => {
    assert.deepEqual(reportsTo(t, { told, heard: { address: '198.51.100.1', port: 65_535 } }), [told])
  })

  it('none to port 0, wherever a report says that it comes from', (t) => {
    const heard = { address: FAR, port: 65_534 }
    assert.deepEqual(reportsTo(t, { told, heard, from: { address: FAR, port: 0 } }), [told])
  })

  it('and a phone whose RTP is at the highest port is talked with, without reports', () => {
    assert.equal(above({ address: FAR, port: 65_535 }), undefined)
    const sdp = `v=0\r\nc=IN IP4 ${FAR}\r\nm=audio 65535 RTP/AVP 8\r\n`
    const remote = remoteOf(parseSdp(sdp), { address: '127.0.0.1', port: 4000 }, ownAudio(told))
    assert.deepEqual([remote.port, remote.rtcp], [65_535, undefined])
  })
})

describe('what was received', () => {
  const stream = (receiver: Receiver, sequences: readonly number[], jitter = 0) => {
    for (const [i, n] of sequences.entries())
      receiver.heard(1, n & 0xffff, n * 160, i * 20 + (i % 2) * jitter, true)
  }

  it('is counted over the end of the sequence numbers', () => {
    const receiver = new Receiver()
    stream(receiver, [65_534, 65_535, 65_536, 65_537])
    const { highest, lost } = receiver.report()!
    assert.deepEqual([highest, lost], [65_537, 0])
  })

  it('has a fraction of each interval alone, and a sum of all', () => {
    const receiver = new Receiver()
    stream(receiver, [1, 2, 4])
    assert.deepEqual([receiver.report()!.fraction, receiver.report()!.lost], [64, 1])
    stream(receiver, [5, 6, 7])
    assert.deepEqual([receiver.report()!.fraction, receiver.report()!.lost], [0, 1])
  })

  it('has the jitter of RFC 3550 A.8: even arrival none, uneven a sixteenth at each step', () => {
    const even = new Receiver()
    stream(even, [1, 2, 3, 4])
    assert.equal(even.report()!.jitter, 0)
    const uneven = new Receiver()
    stream(uneven, [1, 2], 10)
    assert.equal(uneven.report()!.jitter, 80 / 16)
  })

  it('begins anew with a leap that a second packet confirms, and is not disturbed by one stray packet', () => {
    const receiver = new Receiver()
    stream(receiver, [1, 2, 40_000, 3])
    assert.deepEqual([receiver.report()!.highest, receiver.report()!.lost], [3, 0])
    stream(receiver, [40_000, 40_001, 40_002])
    assert.deepEqual([receiver.report()!.highest, receiver.report()!.lost], [40_002, 0])
  })

  it('counts duplicates against the lost, and late ones not at all', () => {
    const receiver = new Receiver()
    stream(receiver, [1, 3, 2, 2])
    assert.equal(receiver.report()!.lost, -1)
  })
})

describe('a compound packet', () => {
  it('is taken only where it is whole (RFC 3550 A.2)', () => {
    const good = phoneReport(5)
    assert.equal(readCompound(good)?.source, 5)
    for (const [what, bytes] of [
      ['cut off', good.subarray(0, good.length - 4)],
      ['of another version', Buffer.concat([Buffer.from([0x40]), good.subarray(1)])],
      ['that begins with SDES', good.subarray(28)],
      ['padded in front', Buffer.concat([Buffer.from([0xa0]), good.subarray(1)])],
      ['too short for anything', Buffer.from([0x80, 201, 0, 0])],
    ] as const)
      assert.equal(readCompound(bytes), undefined, what)
  })
})
