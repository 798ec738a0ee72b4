/** The filters between 8,000 and 16,000 samples a second. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Decimator, Interpolator } from '../../src/media/half-band.ts'
import { strength } from './phone.ts'

const AMPLITUDE = 10_000
const sine = (hz: number, rate: number) =>
  Int16Array.from({ length: rate }, (_, i) => AMPLITUDE * Math.sin((2 * Math.PI * hz * i) / rate))
const decibels = (samples: Int16Array, hz: number, rate: number) =>
  20 * Math.log10(strength(samples.subarray(rate / 10), hz, rate) / AMPLITUDE + 1e-9)

function interpolated(samples: Int16Array): Int16Array {
  const into = new Int16Array(2 * samples.length)
  new Interpolator().take(samples, into)
  return into
}

function decimated(samples: Int16Array): Int16Array {
  const into = new Int16Array(samples.length / 2)
  new Decimator().take(samples, into)
  return into
}

describe('a change of rate', () => {
  for (const hz of [50, 300, 1000, 3000, 3400])
    it(`leaves ${hz} Hz as loud as it was, up and down`, () => {
      assert.ok(Math.abs(decibels(interpolated(sine(hz, 8000)), hz, 16_000)) < 0.1)
      assert.ok(Math.abs(decibels(decimated(sine(hz, 16_000)), hz, 8000)) < 0.1)
    })

  for (const hz of [4600, 5200, 6400, 7500])
    it(`makes neither ${8000 - hz} Hz of ${hz}, nor ${hz} of ${8000 - hz}`, () => {
      assert.ok(decibels(decimated(sine(hz, 16_000)), 8000 - hz, 8000) < -50)
      assert.ok(decibels(interpolated(sine(8000 - hz, 8000)), hz, 16_000) < -50)
    })

  it('is the same in pieces of any length', () => {
    const [up, down] = [new Interpolator(), new Decimator()]
    const sound = sine(700, 8000)
    const [wide, narrow] = [new Int16Array(16_000), new Int16Array(8000)]
    for (let at = 0, length = 1; at < 8000; at += length, length = 1 + ((length * 7) % 400)) {
      const piece = sound.subarray(at, at + length)
      up.take(piece, wide.subarray(2 * at, 2 * (at + piece.length)))
      down.take(wide.subarray(2 * at, 2 * (at + piece.length)), narrow.subarray(at, at + piece.length))
    }
    assert.deepEqual(wide, interpolated(sound))
    assert.deepEqual(narrow, decimated(wide))
  })

  it('ends a sound that stops, and then has nothing to hear', () => {
    for (const [filter, from, into] of [
      [new Interpolator(), sine(700, 8000), new Int16Array(320)],
      [new Decimator(), sine(700, 16_000), new Int16Array(160)],
    ] as const) {
      assert.ok(!filter.take(undefined, into), 'there was nothing yet')
      assert.ok(filter.take(from.subarray(0, from.length / 50), into))
      assert.ok(filter.take(undefined, into), 'it was cut off')
      assert.ok(into.some((sample) => Math.abs(sample) > 100))
      assert.ok(into.subarray(into.length / 2).every((sample) => sample === 0))
      assert.ok(!filter.take(undefined, into))
    }
  })
})
