/** G.711 (ITU-T): 8,000 samples a second, 8 bits each; samples here are from -1 to 1. */
export const RATE = 8000
/** Samples in one packet of 20 ms. */
export const FRAME = 160

const FROM_ULAW = Float32Array.from({ length: 256 }, (_, code) => ulaw(code) / 32768)
const FROM_ALAW = Float32Array.from({ length: 256 }, (_, code) => alaw(code) / 32768)

/**
 * @param {number} type RTP payload type: 0 PCMU, 8 PCMA (RFC 3551)
 * @param {Uint8Array} payload
 */
export function decode(type, payload) {
  const table = type === 8 ? FROM_ALAW : FROM_ULAW
  return Float32Array.from(payload, (code) => table[code])
}

/** PCMU of samples; what is louder than full scale is cut. */
export function encodeUlaw(samples) {
  return Uint8Array.from(samples, (sample) => {
    const linear = Math.round(sample * 32768)
    const sign = linear < 0 ? 0x80 : 0
    const biased = Math.min(Math.abs(linear), 32635) + 0x84
    const exponent = Math.max(0, 24 - Math.clz32(biased))
    return ~(sign | (exponent << 4) | ((biased >> (exponent + 3)) & 15)) & 0xff
  })
}

function ulaw(code) {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84
  return bits & 0x80 ? -magnitude : magnitude
}

function alaw(code) {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 7
  const step = ((bits & 15) << 4) + 8
  const magnitude = exponent === 0 ? step : (step + 0x100) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}
