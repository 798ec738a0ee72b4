import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PauseListener } from '../../src/media/pause.ts'
import { dice } from '../helpers/dice.ts'

const FRAME = 160

/** Frames of noise of this amplitude, of speech-like bursts over it, or of nothing at all. */
function* noise(ms: number, amplitude: number, random: () => number): Generator<Int16Array> {
  for (let t = 0; t < ms; t += 20)
    yield Int16Array.from({ length: FRAME }, () => (random() * 2 - 1) * amplitude)
}
function* speech(ms: number, amplitude: number, floor: number, random: () => number): Generator<Int16Array> {
  for (let t = 0; t < ms; t += 20) {
    // Syllables of 180 ms, gaps of 80 ms, and 400 ms between sentences every 2 s.
    const voiced = t % 260 < 180 && t % 2000 < 1600
    yield Int16Array.from({ length: FRAME }, (_, i) => {
      const tone = voiced ? amplitude * Math.sin(((t * 8 + i) * 2 * Math.PI * 180) / 8000) : 0
      return tone + (random() * 2 - 1) * floor
    })
  }
}

/** Milliseconds until the pause is heard, undefined where it never is. */
function heardAt(...parts: Iterable<Int16Array | undefined>[]): number | undefined {
  const listener = new PauseListener()
  let ms = 0
  for (const part of parts)
    for (const frame of part) {
      ms += 20
      if (listener.hear(frame)) return ms
    }
  return undefined
}
const nothing = (ms: number) => Array.from({ length: ms / 20 }, () => undefined)

describe('the end of an announcement', () => {
  for (const [what, floor] of [
    ['a clean line', 4],
    ['a noisy line', 400],
    ['a very noisy line', 900],
  ] as const)
    it(`is heard about a second after the last word, on ${what}`, () => {
      const random = dice(7)
      const at = heardAt(
        noise(600, floor, random),
        speech(7000, 6000, floor, random),
        noise(3000, floor, random),
      )
      assert.ok(at !== undefined && at >= 8000 && at <= 9000, String(at))
    })
  it('is heard where nothing is sent any more', () => {
    const random = dice(7)
    const at = heardAt(speech(3000, 6000, 4, random), nothing(2000))
    assert.ok(at !== undefined && at >= 3400 && at <= 4200, String(at))
  })
  it('is heard behind a beep', () => {
    const random = dice(7)
    const beep = Array.from({ length: 25 }, (_, f) =>
      Int16Array.from(
        { length: FRAME },
        (_x, i) => 5000 * Math.sin(((f * FRAME + i) * 2 * Math.PI * 1000) / 8000),
      ),
    )
    assert.notEqual(heardAt(beep, noise(1500, 30, random)), undefined)
  })
  it('is not heard between two sentences, nor soon before anything was said', () => {
    const random = dice(7)
    assert.equal(heardAt(speech(9000, 6000, 100, random)), undefined)
    assert.equal(heardAt(noise(4800, 300, random), speech(9000, 6000, 300, random)), undefined)
    assert.equal(heardAt(nothing(4800), speech(9000, 6000, 4, random)), undefined)
  })
  for (const [what, line] of [
    ['silent', () => nothing(9000)],
    ['noisy', () => noise(9000, 900, dice(7))],
  ] as const)
    it(`is not waited for where the line has been ${what} for five seconds`, () => {
      assert.equal(heardAt(line()), 5000)
    })
})
