/** G.722 by itself: how much it keeps of a sound, what it makes of nothing, and what of bytes that are lost or wrong. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { G722Decoder, G722Encoder } from '../../src/media/g722/g722.ts'
import { dice } from '../helpers/dice.ts'
import { strength } from './phone.ts'

const RATE = 16_000
/** Samples by which the two filter banks are late together (ITU-T G.722, 1.4). */
const LATE = 22

const sine = (hz: number, amplitude: number, samples = RATE) =>
  Int16Array.from({ length: samples }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / RATE))

function coded(samples: Int16Array, encoder = new G722Encoder()): Uint8Array {
  const bytes = new Uint8Array(samples.length / 2)
  encoder.encode(samples, bytes)
  return bytes
}

function decoded(bytes: Uint8Array, decoder = new G722Decoder()): Int16Array {
  const samples = new Int16Array(2 * bytes.length)
  decoder.decode(bytes, 0, bytes.length, samples)
  return samples
}

const power = (samples: Int16Array) => samples.reduce((sum, one) => sum + one * one, 0) / samples.length

/** Decibels of a sound above what became of it on the way; the first 100 ms, in which it is learnt, do not count. */
function signalToNoise(sound: Int16Array): number {
  const heard = decoded(coded(sound))
  const from = RATE / 10
  const noise = heard.subarray(from + LATE).map((one, i) => one - (sound[from + i] ?? 0))
  return 10 * Math.log10(power(sound.subarray(from)) / power(noise))
}

const difference = (a: Int16Array, b: Int16Array) =>
  a.reduce((most, one, i) => Math.max(most, Math.abs(one - (b[i] ?? NaN))), 0)

describe('G.722', () => {
  it('makes a byte of two samples, and two samples of a byte', () => {
    assert.equal(coded(sine(1000, 8000, 320)).length, 160)
    assert.equal(decoded(new Uint8Array(160)).length, 320)
  })

  for (const [hz, least] of [
    [300, 30],
    [1000, 30],
    [2500, 25],
    [5000, 12],
    [6500, 10],
  ] as const)
    it(`keeps a tone of ${hz} Hz ${least} dB above its own noise`, () => {
      const ratio = signalToNoise(sine(hz, 10_000))
      assert.ok(ratio >= least, ratio.toFixed(1))
    })

  it('is flat within 1 dB from 50 Hz to 7 kHz, at the ends of its halves as well', () => {
    for (const hz of [50, 100, 300, 1000, 3000, 3600, 4000, 4400, 5000, 6000, 7000]) {
      const heard = decoded(coded(sine(hz, 10_000))).subarray(RATE / 5)
      const decibels = 20 * Math.log10(strength(heard, hz, RATE) / 10_000)
      assert.ok(Math.abs(decibels) < 1, `${hz} Hz: ${decibels.toFixed(2)} dB`)
    }
  })

  it('makes nothing of nothing, for as long as it lasts', () => {
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()]
    decoded(coded(sine(700, 20_000), encoder), decoder)
    decoded(coded(new Int16Array(1600), encoder), decoder)
    for (let second = 0; second < 20; second++) {
      const heard = decoded(coded(new Int16Array(RATE), encoder), decoder)
      assert.ok(
        heard.every((one) => Math.abs(one) <= 4),
        `after ${second} s: ${Math.max(...heard)}`,
      )
    }
  })

  it('is the same in one go as in packets of any length', () => {
    const sound = sine(440, 9000, 9600)
    const whole = coded(sound)
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()]
    const parts = [160, 480, 2, 318, 640, 8000].map(
      (
        (at) => (length: number) =>
          coded(sound.subarray(at, (at += length)), encoder)
      )(0),
    )
    assert.deepEqual(Buffer.concat(parts), Buffer.from(whole))
    const heard = parts.flatMap((part) => [...decoded(part, decoder)])
    assert.deepEqual(heard, [...decoded(whole)])
  })

  it('goes on from where another coder is, for a decoder that has followed that one', () => {
    const [first, second, decoder] = [new G722Encoder(), new G722Encoder(), new G722Decoder()]
    const sound = sine(300, 9000, 6400)
    coded(sine(2000, 20_000), second)
    const before = coded(sound.subarray(0, 3200), first)
    second.follow(first)
    const after = coded(sound.subarray(3200), second)
    decoded(before, decoder)
    assert.deepEqual(after, coded(sound.subarray(3200), first))
    assert.deepEqual(decoded(after, decoder), decoded(coded(sound)).subarray(3200))
  })

  it('is heard right to 40 dB 200 ms after somebody has come in the middle of it, or 100 ms are lost', () => {
    const sound = sine(800, 10_000)
    const bytes = coded(sound)
    const whole = decoded(bytes)
    const late = decoded(bytes.subarray(4000))
    assert.ok(difference(late.subarray(3200), whole.subarray(8000 + 3200)) < 100)
    const lossy = decoded(Buffer.concat([bytes.subarray(0, 4000), bytes.subarray(4800)]))
    assert.ok(difference(lossy.subarray(8000 + 3200), whole.subarray(9600 + 3200)) < 100)
  })

  it('gets over bytes that are wrong, whatever they are, and never leaves 16 bits', () => {
    const roll = dice(22)
    const decoder = new G722Decoder()
    for (let round = 0; round < 200; round++) {
      const length = 1 + Math.floor(roll() * 2000)
      const one = Math.floor(roll() * 256)
      const junk = Uint8Array.from({ length }, () => (round % 3 === 0 ? one : Math.floor(roll() * 256)))
      const into = new Float64Array(2 * length)
      decoder.decode(junk, 0, length, into as unknown as Int16Array)
      assert.ok(into.every((sample) => Number.isInteger(sample) && sample >= -32_768 && sample <= 32_767))
    }
    const bytes = coded(sine(800, 10_000))
    const heard = decoded(bytes, decoder)
    const decibels = 20 * Math.log10(strength(heard.subarray(RATE / 5), 800, RATE) / 10_000)
    assert.ok(Math.abs(decibels) < 0.5, `${decibels}`)
  })

  it('codes the loudest that there is, in any shape, and what comes out is no louder', () => {
    const roll = dice(23)
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()]
    for (let round = 0; round < 100; round++) {
      const every = 1 + Math.floor(roll() * 40)
      const square = Int16Array.from({ length: 3200 }, (_, i) => ((i / every) & 1 ? 32_767 : -32_768))
      decoded(coded(square, encoder), decoder)
    }
    const heard = decoded(coded(sine(800, 10_000), encoder), decoder)
    assert.ok(Math.abs(20 * Math.log10(strength(heard.subarray(RATE / 5), 800, RATE) / 10_000)) < 0.5)
  })
})
