/** G.711 (ITU-T): 8,000 samples a second, 8 bits each; linear samples are 16-bit. */
export type Codec = 'PCMU' | 'PCMA'

export const SAMPLE_RATE = 8000
/** Samples in one packet of 20 ms. */
export const FRAME = 160

const fromUlaw = Int16Array.from({ length: 256 }, (_, code) => ulawToLinear(code))
const fromAlaw = Int16Array.from({ length: 256 }, (_, code) => alawToLinear(code))

/** Linear samples of a payload. */
export function decodeG711(codec: Codec, payload: Uint8Array): Int16Array {
  const table = codec === 'PCMU' ? fromUlaw : fromAlaw
  return Int16Array.from(payload, (code) => table[code] ?? 0)
}

/** Payload of linear samples. */
export function encodeG711(codec: Codec, samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, codec === 'PCMU' ? linearToUlaw : linearToAlaw)
}

function ulawToLinear(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84
  return bits & 0x80 ? -magnitude : magnitude
}

function linearToUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const biased = Math.min(Math.abs(sample), 32635) + 0x84
  const exponent = Math.max(0, 24 - Math.clz32(biased))
  const mantissa = (biased >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

function alawToLinear(code: number): number {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = bits & 0x0f
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

function linearToAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32767) >> 4
  const exponent = Math.max(0, 28 - Math.clz32(magnitude | 1))
  const mantissa = exponent === 0 ? magnitude & 0x0f : (magnitude >> (exponent - 1)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}
