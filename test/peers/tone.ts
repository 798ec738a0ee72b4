/** Tones made and measured: how a test hears who talks to whom. */
import { readFileSync } from 'node:fs'

export type Sound = { readonly rate: number; readonly samples: Int16Array }

/** A sine as 16-bit samples, half of full scale. */
export function tone(hz: number, seconds: number, rate = 8000): Sound {
  const samples = Int16Array.from(
    { length: seconds * rate },
    (_, i) => 16_384 * Math.sin((2 * Math.PI * hz * i) / rate),
  )
  return { rate, samples }
}

/**
 * How much of a sound is one frequency (Goertzel's algorithm).
 * @returns 0 (nothing of it, or silence) to 1 (nothing else)
 */
export function strength(sound: Sound, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sound.rate)
  let [before, last, energy] = [0, 0, 0]
  for (const sample of sound.samples) {
    ;[before, last] = [last, sample + coefficient * last - before]
    energy += sample * sample
  }
  // Less than -60 dB of full scale is silence, not a tone.
  if (energy <= sound.samples.length * 32 ** 2) return 0
  const power = before * before + last * last - coefficient * before * last
  return Math.min(1, (2 * power) / (energy * sound.samples.length))
}

/** The last `seconds` of a sound. */
export function tail(sound: Sound, seconds: number): Sound {
  return { rate: sound.rate, samples: sound.samples.subarray(-Math.round(seconds * sound.rate)) }
}

/** A WAV file of 16-bit samples, one channel. */
export function toWav(sound: Sound): Buffer {
  const data = Buffer.from(sound.samples.buffer, sound.samples.byteOffset, sound.samples.byteLength)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(sound.rate, 24)
  head.writeUInt32LE(sound.rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

/** Reads a WAV file of 16-bit samples, the first channel; one that is still being written ends where it ends. */
export function readWav(file: string): Sound {
  const bytes = readFileSync(file)
  let [rate, channels] = [8000, 1]
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    if (name === 'fmt ') [channels, rate] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 12)]
    if (name === 'data') return { rate, samples: firstChannel(bytes.subarray(at + 8), channels) }
    at += 8 + size + (size % 2)
  }
  return { rate, samples: new Int16Array() }
}

function firstChannel(data: Buffer, channels: number): Int16Array {
  const frames = Math.floor(data.length / (2 * channels))
  return Int16Array.from({ length: frames }, (_, i) => data.readInt16LE(2 * channels * i))
}

/** A sound as G.711 A-law (ITU-T G.711), 8000 samples a second. */
export function toALaw({ samples }: Sound): Buffer {
  return Buffer.from(Uint8Array.from(samples, aLaw))
}

function aLaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(4095, (sample >= 0 ? sample : -sample - 1) >> 3)
  // Eight segments: the first two are linear, each further one twice as coarse.
  const segment = Math.max(0, 32 - Math.clz32(magnitude >> 4) - 1)
  const step = segment < 1 ? magnitude >> 1 : magnitude >> segment
  return (sign | (segment << 4) | (step & 0x0f)) ^ 0x55
}
