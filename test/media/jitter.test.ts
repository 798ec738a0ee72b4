/** The buffer that evens out what comes, in a time of its own: an hour of a call passes in a moment. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Codec } from '../../src/media/codec.ts'
import { encode } from '../../src/media/g711.ts'
import { G722Encoder } from '../../src/media/g722/g722.ts'
import { JitterBuffer } from '../../src/media/jitter.ts'
import { dice } from '../helpers/dice.ts'
import { strength } from './phone.ts'

const HZ = 400
const AMPLITUDE = 8_000

type Network = {
  readonly seconds: number
  readonly codec?: Codec
  /** Samples of a packet; 160 unless said. */
  readonly packet?: number
  /** How many seconds the phone's clock takes for one of ours. */
  readonly clock?: number
  /** Milliseconds on the way, of the n-th packet; undefined: it is lost. */
  readonly delay?: (n: number) => number | undefined
  /** Whether the phone sends at all; silence suppression leaves packets out while time goes on. */
  readonly sends?: (n: number) => boolean
  readonly timestamp?: (n: number) => number
  readonly source?: (n: number) => number
}

/** What is heard of a tone behind this network: every 20 ms, or undefined where there was nothing. */
function heard(network: Network): readonly (Int16Array | undefined)[] {
  const { seconds, packet = 160, clock = 1, delay = () => 5, sends = () => true } = network
  const { timestamp = (n: number) => n * packet, source = () => 1, codec = 'PCMA' } = network
  const said = codec === 'G722' ? wideTone(seconds) : undefined
  const arrivals: { at: number; n: number }[] = []
  const every = (packet / 8) * clock
  for (let n = 0; n * every < seconds * 1000; n++) {
    const ms = delay(n)
    if (ms !== undefined && sends(n)) arrivals.push({ at: n * every + ms, n })
  }
  arrivals.sort((a, b) => a.at - b.at)
  const buffer = new JitterBuffer()
  const frames: (Int16Array | undefined)[] = []
  let next = 0
  for (let beat = 1; beat * 20 < seconds * 1000; beat++) {
    for (let come = arrivals[next]; come && come.at <= beat * 20; come = arrivals[++next])
      buffer.put(
        codec,
        said ? partOf(said, come.n, packet) : tone(come.n, packet),
        source(come.n),
        timestamp(come.n) >>> 0,
      )
    frames.push(buffer.take()?.slice())
  }
  return frames
}

function wideTone(seconds: number): Buffer {
  const samples = Int16Array.from(
    { length: 16_000 * seconds },
    (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * HZ * i) / 16_000),
  )
  const bytes = Buffer.alloc(samples.length / 2)
  new G722Encoder().encode(samples, bytes)
  return bytes
}

function partOf(bytes: Buffer, n: number, packet: number) {
  return { bytes, start: n * packet, end: Math.min(bytes.length, (n + 1) * packet) }
}

const tones = new Map<string, Buffer>()
function tone(n: number, packet: number) {
  // Any multiple of 50 Hz goes on from one 20 ms to the next without a break.
  const key = `${(n * packet) % 160}/${packet}`
  const known = tones.get(key)
  const bytes =
    known ??
    encode(
      'PCMA',
      Int16Array.from(
        { length: packet },
        (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * HZ * (n * packet + i)) / 8000),
      ),
    )
  tones.set(key, bytes)
  return { bytes, start: 0, end: bytes.length }
}

/** How many frames have the whole tone, of those after the first 100 ms. */
function whole(frames: readonly (Int16Array | undefined)[]): number {
  const later = frames.slice(5)
  const isWhole = (frame: Int16Array) => strength(frame, HZ, frame.length * 50) > 0.9 * AMPLITUDE
  return later.filter((frame) => frame && isWhole(frame)).length / later.length
}

/** Which of the frames is the first with sound, in ms from the sending of the first packet. */
const firstAt = (frames: readonly (Int16Array | undefined)[]) => 20 * (frames.findIndex((frame) => frame) + 1)

describe('what comes unevenly', () => {
  it('is heard 40 to 80 ms later, whole, where the network is even', () => {
    const frames = heard({ seconds: 10 })
    assert.equal(whole(frames), 1)
    assert.ok(firstAt(frames) >= 40 && firstAt(frames) <= 80, `${firstAt(frames)} ms`)
  })

  for (const packet of [80, 240, 320, 480])
    it(`is heard whole in packets of ${packet / 8} ms`, () => {
      assert.ok(whole(heard({ seconds: 10, packet })) > 0.99)
    })

  it('may overtake, and come twice', () => {
    const frames = heard({ seconds: 10, delay: (n) => (n % 3 === 0 ? 28 : 4) })
    assert.equal(whole(frames), 1)
  })

  it('may be up to 60 ms late now and then: the delay grows until it is heard', () => {
    const roll = dice(3)
    const frames = heard({ seconds: 60, delay: () => (roll() < 0.05 ? 70 : 10 * roll()) })
    assert.ok(whole(frames.slice(1500)) > 0.99, String(whole(frames.slice(1500))))
  })

  it('bridges over packets that are lost', () => {
    const roll = dice(5)
    const share = whole(heard({ seconds: 60, delay: () => (roll() < 0.05 ? undefined : 8 * roll()) }))
    assert.ok(share > 0.99, String(share))
  })

  for (const clock of [0.9995, 1.0005])
    it(`stays whole for an hour where the phone's clock is ${clock < 1 ? 'fast' : 'slow'} by 500 ppm`, () => {
      const all = heard({ seconds: 3_600, clock, delay: (n) => (n * 7) % 9, sends: (n) => n < 175_000 })
      const sounding = all.findLastIndex((frame) => frame) + 1
      const frames = all.slice(0, sounding)
      assert.ok(
        frames.slice(5).every((frame) => frame),
        'time stood still',
      )
      assert.equal(whole(frames.slice(0, -5)), 1)
      // What was in store behind the last packet; its last sound fades for 60 ms.
      const delay = 20 * (sounding - 3) - 175_000 * 20 * clock
      assert.ok(delay > 0 && delay < 60, `${delay} ms`)
    })

  it('begins with its delay anew after each silence of a phone that sends none', () => {
    const frames = heard({ seconds: 20, sends: (n) => n % 100 < 50, delay: (n) => (n * 5) % 13 })
    const sounding = frames.filter((frame) => frame).length
    // The last sound of each is let fade for 60 ms.
    assert.ok(Math.abs(sounding / frames.length - 0.53) < 0.01, String(sounding / frames.length))
    const begins = frames.flatMap((frame, i) => (frame && !frames[i - 1] ? [i % 100] : []))
    assert.equal(begins.length, 10)
    assert.ok(
      begins.every((at) => at >= 1 && at <= 4),
      String(begins),
    )
  })

  it('goes on behind what is there where its source changes, or its clock leaps', () => {
    const source = heard({
      seconds: 4,
      source: (n) => (n < 100 ? 1 : 2),
      timestamp: (n) => (n < 100 ? n * 160 : n * 160 - 1_600),
    })
    assert.equal(whole(source), 1)
    const leap = heard({ seconds: 4, timestamp: (n) => (n < 100 ? n * 160 : 123_456 + n * 160) })
    assert.ok(whole(leap) > 0.97, String(whole(leap)))
    const round = heard({ seconds: 4, timestamp: (n) => 2 ** 32 - 16_000 + n * 160 })
    assert.equal(whole(round), 1)
  })

  it('is 320 samples of G.722 at a time, whole though packets overtake each other, come twice as long, or by a fast clock', () => {
    for (const more of [
      { delay: (n: number) => (n % 3 === 0 ? 28 : 4) },
      { packet: 320 },
      { clock: 0.9995, seconds: 120 },
    ]) {
      const frames = heard({ seconds: 10, codec: 'G722', ...more })
      assert.ok(
        frames.every((frame) => !frame || frame.length === 320),
        'another length',
      )
      assert.equal(whole(frames.slice(5)), 1)
    }
  })

  it('is bridged over where packets of G.722 are lost', () => {
    const roll = dice(5)
    const delay = () => (roll() < 0.05 ? undefined : 8 * roll())
    const share = whole(heard({ seconds: 60, codec: 'G722', delay }))
    assert.ok(share > 0.97, String(share))
  })

  it('begins anew where its codec changes, as the new one has it', () => {
    const buffer = new JitterBuffer()
    const said = wideTone(1)
    for (let n = 0; n < 4; n++) buffer.put('G722', partOf(said, n, 160), 1, n * 160)
    for (let i = 0; i < 3; i++) buffer.take()
    for (let n = 4; n < 8; n++) buffer.put('PCMA', tone(n, 160), 1, n * 160)
    const frames = Array.from({ length: 6 }, () => buffer.take()?.slice())
    assert.deepEqual(
      frames.map((frame) => frame?.length),
      [undefined, undefined, 160, 160, 160, 160],
    )
    assert.ok(strength(frames[3] ?? new Int16Array(), HZ) > 0.9 * AMPLITUDE)
  })

  it('is not drowned by a flood of packets from all times', () => {
    const roll = dice(9)
    const buffer = new JitterBuffer()
    for (let n = 0; n < 20_000; n++) buffer.put('PCMU', tone(n, 160), n % 7, Math.floor(roll() * 2 ** 32))
    let frames = 0
    while (frames < 1_000 && buffer.take()) frames++
    assert.ok(frames <= 30, `${frames} frames were kept`)
    // And it goes on.
    for (let i = 0; i < 10; i++) buffer.take()
    for (let n = 0; n < 5; n++) buffer.put('PCMA', tone(n, 160), 77, n * 160)
    const after = Array.from({ length: 6 }, () => buffer.take() !== undefined)
    assert.deepEqual(after, [false, false, true, true, true, true])
  })
})
