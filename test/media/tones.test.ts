import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { changeLaw, decode, encode } from '../../src/media/g711.ts'
import { FRAME } from '../../src/media/codec.ts'
import { loopOf } from '../../src/media/tones.ts'
import { strength } from './phone.ts'

describe('tones of the countries', () => {
  const cases: [country: string, hz: number[], on: number, cycle: number][] = [
    ['ES', [425], 1500, 4500],
    ['US', [440, 480], 2000, 6000],
    ['GB', [400, 450], 400, 3000],
    ['DE', [425], 1000, 5000],
    ['FR', [440], 1500, 5000],
    ['BR', [425], 1000, 5000],
  ]
  for (const [country, hz, on, cycle] of cases)
    it(`ringback of ${country} is ${hz.join('+')} Hz for ${on} ms of ${cycle} ms`, () => {
      const samples = decode('PCMA', loopOf('ringback', country, 'PCMA'))
      assert.equal(samples.length, cycle * 8)
      const sounding = samples.subarray(0, on * 8)
      for (const f of hz) assert.ok(strength(sounding, f) > 4000, `${f} Hz is missing`)
      assert.ok(samples.subarray(on * 8, on * 8 + 800).every((x) => Math.abs(x) < 16))
    })

  it('an invitation is spoken, in two languages, and leaves time to press 1', () => {
    const [en, es] = (['invited.en', 'invited.es'] as const).map((name) =>
      decode('PCMA', loopOf(name, 'ES', 'PCMA')),
    )
    for (const samples of [en, es]) {
      assert.ok(samples && samples.length > 4 * 8000 && samples.length < 6 * 8000)
      assert.equal(samples.length % FRAME, 0)
      assert.ok(samples.subarray(0, -8000).some((x) => Math.abs(x) > 8000))
      assert.ok(samples.subarray(-8000).every((x) => Math.abs(x) < 16))
    }
    assert.notDeepEqual(en, es)
  })

  it('every loop fills whole packets, so that it can go round without a click', () => {
    for (const country of ['ES', 'US', 'GB', 'DE', 'FR', 'XX'])
      for (const tone of ['ringback', 'busy', 'congestion', 'confirm', 'silence'] as const)
        assert.equal(loopOf(tone, country, 'PCMU').length % FRAME, 0, `${tone} of ${country}`)
  })
})

describe('G.711', () => {
  it('gives samples back within the error of its law, in both laws', () => {
    for (const law of ['PCMA', 'PCMU'] as const)
      for (const sample of [0, 1, -1, 100, -100, 1000, -1000, 12345, -12345, 32767, -32768]) {
        const back = decode(law, encode(law, Int16Array.of(sample)))[0] ?? NaN
        assert.ok(
          Math.abs(back - sample) <= Math.max(16, Math.abs(sample) / 16),
          `${law} ${sample} became ${back}`,
        )
      }
  })

  it('agrees with the tables of the standard at their ends', () => {
    assert.deepEqual([...encode('PCMU', Int16Array.of(0, 32767, -32768))], [0xff, 0x80, 0x00])
    assert.deepEqual([...encode('PCMA', Int16Array.of(0, 32767, -32768))], [0xd5, 0xaa, 0x2a])
  })

  it('changes one law to the other and back without moving a code by more than a step', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    const changed = all.slice()
    changeLaw('PCMA', changed, 0, 256)
    changeLaw('PCMU', changed, 0, 256)
    const [before, then] = [decode('PCMA', all), decode('PCMA', changed)]
    for (const [i, x] of before.entries())
      assert.ok(Math.abs(x - (then[i] ?? 0)) <= Math.max(16, Math.abs(x) / 12))
  })
})
