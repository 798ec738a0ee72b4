/** RTP that is none, or not what it says, and floods of it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { HEADER, packetOf } from '../../src/media/rtp.ts'
import type { RtpPhone } from './phone.ts'
import { event, MediaStage, PCMA } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([29000, 29398]))
after(() => stage.close())

const SOUND = Buffer.alloc(160, 0x55)
const head = (first: number, more: readonly number[] = []): Buffer => {
  const packet = packetOf(
    { type: 8, marker: false, sequence: 9, timestamp: 160, source: 1 },
    Buffer.from(more),
  )
  packet[0] = first
  return packet
}

const NO_RTP: readonly (readonly [what: string, packet: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from([0x80])],
  ['a header cut short', head(0x80).subarray(0, HEADER - 1)],
  ['version 0', Buffer.concat([head(0x00), SOUND])],
  ['version 1', Buffer.concat([head(0x40), SOUND])],
  ['version 3', Buffer.concat([head(0xc0), SOUND])],
  ['more sources than there are bytes', head(0x8f, [1, 2, 3, 4])],
  ['an extension cut short', head(0x90, [0xbe, 0xde])],
  ['an extension longer than the packet', head(0x90, [0xbe, 0xde, 0xff, 0xff, 1, 2, 3, 4])],
  ['padding longer than the packet', head(0xa0, [1, 2, 3, 200])],
  [
    'a type that nobody agreed to',
    packetOf({ type: 111, marker: false, sequence: 9, timestamp: 160, source: 1 }, SOUND),
  ],
  ['a type of nothing', packetOf({ type: 127, marker: true, sequence: 9, timestamp: 160, source: 1 }, SOUND)],
  ['RTCP on the RTP port', Buffer.concat([Buffer.from([0x81, 200, 0, 12]), Buffer.alloc(48)])],
  ['a STUN request', Buffer.from('000100002112a442000000000000000000000000', 'hex')],
  ['2,000 bytes', Buffer.concat([head(0x80), Buffer.alloc(2_000)])],
  ['noise', Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 251))],
]

/** Two phones that hear each other through the bot. */
async function relay(): Promise<{ a: RtpPhone; b: RtpPhone; toA: number; toB: number; close: () => void }> {
  const [a, b] = [await stage.phone(1), await stage.phone(2)]
  const [portA, portB] = [await stage.portTo(a), await stage.portTo(b)]
  portA.relay(portB)
  const close = () => {
    portA.close()
    portB.close()
  }
  return { a, b, toA: portA.port, toB: portB.port, close }
}

describe('a relay', () => {
  it('passes on nothing that is no sound of the call, and goes on', async () => {
    const { a, b, toA, close } = await relay()
    a.tone(toA, 400, 1)
    await b.hears(1)
    for (const [what, packet] of NO_RTP) {
      const before = b.heard.length
      a.raw(toA, packet)
      a.tone(toA, 400, 1)
      await b.hears(before + 1)
      assert.deepEqual(
        b.heard.slice(before).map(({ type }) => type),
        [8],
        what,
      )
    }
    close()
  })

  it('passes on what only looks odd: sources, extension and padding within the packet, no payload', async () => {
    const { a, b, toA, close } = await relay()
    const odd = [
      Buffer.concat([head(0x82), Buffer.alloc(8), SOUND]),
      Buffer.concat([head(0x90), Buffer.from([0xbe, 0xde, 0, 1, 1, 2, 3, 4]), SOUND]),
      Buffer.concat([head(0xa0), SOUND, Buffer.from([0, 0, 0, 4])]),
      head(0x80),
    ]
    for (const packet of odd) a.raw(toA, packet)
    const heard = await b.hears(odd.length)
    assert.deepEqual(
      heard.map(({ raw }) => raw.length),
      odd.map(({ length }) => length),
    )
    close()
  })

  it('follows a phone that changes its source in mid-call, in one stream of ours', async () => {
    const { a, b, toA, close } = await relay()
    for (const source of [1, 77, 0xffffffff])
      for (let sequence = 65_534; sequence < 65_540; sequence++)
        a.raw(
          toA,
          packetOf(
            { type: 8, marker: false, sequence: sequence & 0xffff, timestamp: sequence * 160, source },
            SOUND,
          ),
        )
    const heard = await b.hears(18)
    assert.equal(new Set(heard.map(({ source }) => source)).size, 1)
    assert.deepEqual(
      heard.slice(1).map(({ sequence }, i) => (sequence - (heard[i]?.sequence ?? 0)) & 0xffff),
      Array.from({ length: 17 }, () => 1),
    )
    close()
  })

  it('is deaf to a stranger who floods it', async () => {
    const { a, b, toA, close } = await relay()
    const stranger = await stage.phone(666)
    a.tone(toA, 400, 1)
    await b.hears(1)
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 40; i++) stranger.send(toA, 8, SOUND)
      const before = b.heard.length
      a.tone(toA, 400, 1)
      await b.hears(before + 1)
    }
    assert.equal(b.heard.length, 51)
    assert.equal(stranger.heard.length, 0)
    close()
  })

  it('is not confused by RTP on the RTCP port', async () => {
    const { a, b, toA, close } = await relay()
    for (let i = 0; i < 20; i++) a.send(toA + 1, 8, SOUND)
    a.raw(toA + 1, Buffer.from([0x81, 200, 0xff, 0xff, 0, 0, 0, 1]))
    a.raw(toA + 1, Buffer.alloc(0))
    a.tone(toA, 400, 3)
    await b.hears(3)
    assert.equal(b.heard.length, 3)
    close()
  })
})

describe('keys', () => {
  it('of a wrong length, of no meaning, doubled or overtaken are no presses', async () => {
    const far = await stage.phone()
    const digits: string[] = []
    const last = Promise.withResolvers<undefined>()
    const port = await stage.portTo(far, {
      send: [PCMA, event(101)],
      onDigit: (digit) => {
        digits.push(digit)
        if (digit === '#') last.resolve(undefined)
      },
    })
    let sequence = 0
    const key = (timestamp: number, payload: readonly number[]) =>
      far.raw(
        port.port,
        packetOf(
          { type: 101, marker: false, sequence: ++sequence, timestamp, source: 7 },
          Buffer.from(payload),
        ),
      )
    key(100, [])
    key(200, [5])
    key(300, [5, 0x8a, 0])
    key(400, [200, 0x8a, 3, 0x20])
    key(500, [16, 0x8a, 3, 0x20])
    key(1_000, [1, 10, 0, 160])
    key(1_000, [1, 0x8a, 3, 0x20])
    key(9_000, [2, 10, 0, 160])
    // The last of the first press comes after the second has begun.
    key(1_000, [1, 0x8a, 3, 0x20])
    key(9_000, [2, 0x8a, 3, 0x20])
    key(20_000, [3, 0x8a, 3, 0x20, 0, 0, 0, 0])
    // A phone that has begun its clock anew.
    key(2 ** 32 - 5_000_000, [4, 0x8a, 3, 0x20])
    key(2 ** 32 - 100, [11, 0x8a, 3, 0x20])
    await last.promise
    assert.deepEqual(digits, ['1', '2', '3', '4', '#'])
    port.close()
  })
})
