/** G.722 against the codec that Asterisk brings along: the very same bytes one way, the very same samples the other. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { G722Decoder, G722Encoder } from '../../src/media/g722/g722.ts'
import { dice } from '../helpers/dice.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk')
const MODULES = ['codec_g722', 'format_pcm', 'format_sln', 'res_convert']
const RATE = 16_000

/** What a codec has to stand: speech-like sums, a sweep over the whole band, silence, loud noise, faint noise. */
function hardSound(): Int16Array {
  const roll = dice(722)
  const part = (of: (i: number) => number) => Array.from({ length: RATE }, (_, i) => of(i))
  return Int16Array.from([
    ...part((i) => 9000 * Math.sin(i * 0.07) + 4000 * Math.sin(i * 0.31) + 2000 * Math.sin(i * 2.1)),
    ...part((i) => 12_000 * Math.sin((Math.PI * i * i) / (2 * RATE))),
    ...part(() => 0),
    // As loud as half of the band may be: beyond that the Recommendation limits it, and Asterisk does not.
    ...part(() => 40_000 * (roll() - 0.5)),
    ...part(() => 6 * (roll() - 0.5)),
  ])
}

test('G.722 codes and decodes as Asterisk does, bit for bit', { skip }, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'g722-'))
  const asterisk = await Asterisk.start({
    extensions: [],
    added: { 'modules.conf': MODULES.map((name) => `load = ${name}.so`).join('\n') },
  })
  t.after(async () => {
    await asterisk.stop()
    rmSync(root, { recursive: true, force: true })
  })
  const place = (name: string) => join(root, name)
  const convert = async (from: string, to: string) => {
    await asterisk.manager.act('Command', { Command: `file convert ${place(from)} ${place(to)}` })
    return readFileSync(place(to))
  }
  const sound = hardSound()
  writeFileSync(place('a.sln16'), Buffer.from(sound.buffer))
  const reference = await convert('a.sln16', 'a.g722')
  const coded = new Uint8Array(sound.length / 2)
  new G722Encoder().encode(sound, coded)
  assert.ok(reference.length > 0.99 * coded.length, `${reference.length} of ${coded.length}`)
  assert.ok(Buffer.from(coded.subarray(0, reference.length)).equals(reference), 'coded otherwise')

  // What no coder would send: a decoder gets it all the same, where packets are lost or not meant for it.
  const roll = dice(1)
  const noise = Buffer.concat([reference, Buffer.from(Array.from({ length: 16_000 }, () => 256 * roll()))])
  writeFileSync(place('b.g722'), noise)
  const heard = await convert('b.g722', 'b.sln16')
  const decoded = new Int16Array(2 * noise.length)
  new G722Decoder().decode(noise, 0, noise.length, decoded)
  assert.ok(heard.length > 0.99 * 2 * decoded.length, `${heard.length}`)
  const reading = Int16Array.from({ length: heard.length / 2 }, (_, i) => heard.readInt16LE(2 * i))
  // Beyond 16 bits the Recommendation limits what Asterisk lets run over to the other end.
  const isLimited = (sample: number | undefined) => sample === 32_767 || sample === -32_768
  const others = reading.filter((sample, i) => sample !== decoded[i] && !isLimited(decoded[i]))
  assert.equal(others.length, 0, 'decoded otherwise')
})
