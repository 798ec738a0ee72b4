import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readWav, strength, tail, toALaw, tone, toWav } from './tone.ts'

test('a tone is nothing but itself', () => {
  const sound = tone(440, 0.5)
  assert.ok(strength(sound, 440) > 0.99)
  assert.ok(strength(sound, 700) < 0.01)
})

test('of two tones at once each is half', () => {
  const [a, b] = [tone(440, 0.5), tone(700, 0.5)]
  const both = { rate: 8000, samples: a.samples.map((sample, i) => (sample + (b.samples[i] ?? 0)) / 2) }
  assert.ok(Math.abs(strength(both, 440) - 0.5) < 0.05)
  assert.ok(Math.abs(strength(both, 700) - 0.5) < 0.05)
})

test('silence and nothing at all have no tone', () => {
  assert.equal(strength({ rate: 8000, samples: new Int16Array(4000) }, 440), 0)
  assert.equal(strength({ rate: 8000, samples: new Int16Array() }, 440), 0)
})

test('a WAV file is read as it was written, its last seconds too', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tone-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'a.wav'), toWav(tone(620, 1, 16_000)))
  const sound = readWav(join(folder, 'a.wav'))
  assert.deepEqual([sound.rate, sound.samples.length], [16_000, 16_000])
  assert.ok(strength(tail(sound, 0.5), 620) > 0.99)
})

test('A-law has the code words of G.711, table 1a', () => {
  const words = [...toALaw({ rate: 8000, samples: Int16Array.of(0, 8, 32_767, -1, -32_768, 1024) })]
  assert.deepEqual(words, [0xd5, 0xd5, 0xaa, 0x55, 0x2a, 0xe5])
})
