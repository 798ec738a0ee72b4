/** Loudness in the mixer: what is limited, what is mixed at all, and who is said to speak. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Limiter } from '../../src/media/limiter.ts'
import { Voice } from '../../src/media/voice.ts'
import { dice } from '../helpers/dice.ts'
import { strength } from './phone.ts'

const sine = (hz: number, amplitude: number, at = 0) =>
  Float64Array.from(
    { length: 160 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * (at * 160 + i)) / 8000),
  )

/** What becomes of a tone of this amplitude, frame by frame. */
function limited(amplitudes: readonly number[]): Int16Array {
  const limiter = new Limiter()
  const all = new Int16Array(amplitudes.length * 160)
  amplitudes.forEach((amplitude, i) => {
    limiter.limit(Int32Array.from(sine(400, amplitude, i)), all.subarray(i * 160, i * 160 + 160))
  })
  return all
}

describe('a sum of voices', () => {
  it('is left alone where it is not too loud', () => {
    assert.deepEqual(limited([30_000]), Int16Array.from(sine(400, 30_000)))
  })

  it('is turned down where it is too loud: no rasp (a third harmonic) as cut off peaks have', () => {
    const loud = limited(Array.from({ length: 50 }, () => 90_000))
    const steady = loud.subarray(160)
    assert.ok(strength(steady, 400) > 30_000)
    assert.ok(strength(steady, 1200) < 300, String(strength(steady, 1200)))
    // What it would be without: this test can tell.
    const cut = Int16Array.from(sine(400, 90_000), (x) => Math.max(-32_768, Math.min(32_767, x)))
    assert.ok(strength(cut, 1200) > 5_000)
  })

  it('comes back in about a second, without a step', () => {
    const samples = limited([
      ...Array.from({ length: 10 }, () => 60_000),
      ...Array.from({ length: 60 }, () => 10_000),
    ])
    const level = (frame: number) => strength(samples.subarray(frame * 160, frame * 160 + 160), 400)
    assert.ok(level(11) < 7_000)
    assert.ok(level(65) > 9_900)
    for (let frame = 12; frame < 65; frame++) assert.ok(level(frame) - level(frame - 1) < 400)
  })
})

describe('a voice', () => {
  const roll = dice(11)
  const noise = (level: number) =>
    Int16Array.from({ length: 160 }, () => (roll() - 0.5) * level * Math.sqrt(12))
  const tone = (level: number) => Int16Array.from(sine(400, level * Math.SQRT2))
  const share = (voice: Voice, frames: number, frame: () => Int16Array) =>
    Array.from({ length: frames }, () => voice.hears(frame())).filter(Boolean).length / frames

  it('is mixed from its first 20 ms on, however soft, and through its pauses', () => {
    const voice = new Voice()
    share(voice, 100, () => noise(8))
    assert.equal(voice.hears(tone(150)), true)
    assert.equal(
      share(voice, 20, () => noise(8)),
      1,
    )
  })

  it('is what goes on for a minute and is loud; noise of a room is not', () => {
    assert.equal(
      share(new Voice(), 3_000, () => tone(500)),
      1,
    )
    const room = new Voice()
    share(room, 500, () => noise(60))
    assert.equal(
      share(room, 3_000, () => noise(60)),
      0,
    )
    assert.equal(room.speaks, false)
    assert.equal(
      share(room, 10, () => tone(400)),
      1,
    )
    assert.equal(room.speaks, true)
  })

  it('is never that of a line that is dead, or that is not to be heard', () => {
    const voice = new Voice()
    assert.equal(
      share(voice, 100, () => new Int16Array(160).fill(8)),
      0,
    )
    assert.equal(voice.hears(undefined), false)
  })
})
