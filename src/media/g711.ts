/** G.711 (ITU-T G.711): 16-bit samples to and from the two companding laws, and from one law to the other. */

export type Law = 'PCMU' | 'PCMA'

const BIAS = 0x84
const CLIP = 32635

function ulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS
  const exponent = 31 - Math.clz32(magnitude) - 7
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}

function unUlaw(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS
  return bits & 0x80 ? -magnitude : magnitude
}

function alaw(sample: number): number {
  // A-law gives negative samples the code of their one's complement.
  const sign = sample >= 0 ? 0x80 : 0
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32767) >> 3
  const exponent = Math.max(0, 31 - Math.clz32(magnitude | 1) - 4)
  const mantissa = (magnitude >> Math.max(1, exponent)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

function unAlaw(code: number): number {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = bits & 0x0f
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

const codes = Array.from({ length: 256 }, (_, code) => code)
const LINEAR = {
  PCMU: Int16Array.from(codes, unUlaw),
  PCMA: Int16Array.from(codes, unAlaw),
} as const
const U_TO_A = Uint8Array.from(LINEAR.PCMU, alaw)
const A_TO_U = Uint8Array.from(LINEAR.PCMA, ulaw)

/** The code that both laws use for nothing to hear. */
export const SILENCE: Readonly<Record<Law, number>> = { PCMU: 0xff, PCMA: 0xd5 }

/** Compands 16-bit samples, one byte each. */
export function encode(law: Law, samples: Int16Array): Buffer {
  const one = law === 'PCMU' ? ulaw : alaw
  return Buffer.from(Uint8Array.from(samples, one))
}

/** Expands companded bytes to 16-bit samples. */
export function decode(law: Law, bytes: Uint8Array): Int16Array {
  const table = LINEAR[law]
  return Int16Array.from(bytes, (code) => table[code] ?? 0)
}

/** The code of every 16-bit sample, by its two's complement. Made when something is mixed for the first time. */
const coders = new Map<Law, Uint8Array>()

/** The table that compands 16-bit samples: `coderOf(law)[sample & 0xffff]`. */
export function coderOf(law: Law): Uint8Array {
  const known = coders.get(law)
  if (known) return known
  const one = law === 'PCMU' ? ulaw : alaw
  const made = Uint8Array.from({ length: 65_536 }, (_, i) => one((i << 16) >> 16))
  coders.set(law, made)
  return made
}

/** The table that expands companded bytes. */
export const expanderOf = (law: Law): Int16Array => LINEAR[law]

/** Changes the law of the bytes from `start` to `end`, in place. */
export function changeLaw(from: Law, bytes: Uint8Array, start: number, end: number): void {
  const table = from === 'PCMU' ? U_TO_A : A_TO_U
  for (let i = start; i < end; i++) bytes[i] = table[bytes[i] ?? 0] ?? 0
}
