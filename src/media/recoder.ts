/**
 * Makes the sound of any codec that of another, as it comes: for what one far side gets, whose decoder follows the coder
 * of G.722 that is in here.
 */
import { samplesPerByte } from './codec.ts'
import type { Codec } from './codec.ts'
import { short } from './g722/band.ts'
import { G722Decoder, G722Encoder } from './g722/g722.ts'
import { changeLaw, coderOf, expanderOf } from './g711.ts'
import type { Law } from './g711.ts'
import { Decimator, Interpolator } from './half-band.ts'

export class Recoder {
  readonly encoder = new G722Encoder()
  readonly #decoder = new G722Decoder()
  readonly #up = new Interpolator()
  readonly #down = new Decimator()

  /** Changes the bytes from `start` to `end`, in place: of each codec as many are as long. */
  change(from: Codec, to: Codec, bytes: Uint8Array, start: number, end: number): void {
    if (from === to) return
    if (from === 'G722') this.#narrow(to as Law, bytes, start, end)
    else if (to === 'G722') this.#widen(from, bytes, start, end)
    else changeLaw(from, bytes, start, end)
  }

  #widen(from: Law, bytes: Uint8Array, start: number, end: number): void {
    const expand = expanderOf(from)
    const samples = Int16Array.from(bytes.subarray(start, end), (code) => expand[code] ?? 0)
    const wide = new Int32Array(2 * samples.length)
    this.#up.take(samples, wide)
    this.encoder.encode(wide, bytes.subarray(start, end))
  }

  #narrow(to: Law, bytes: Uint8Array, start: number, end: number): void {
    const wide = new Int16Array((end - start) * samplesPerByte('G722'))
    this.#decoder.decode(bytes, start, end, wide)
    const samples = new Int32Array(end - start)
    this.#down.take(wide, samples)
    const coder = coderOf(to)
    for (let i = 0; i < samples.length; i++) bytes[start + i] = coder[short(samples[i] ?? 0) & 0xffff] ?? 0
  }
}
