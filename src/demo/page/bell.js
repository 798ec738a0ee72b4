/** A desk phone's ring: two tones in turn, softly. One second and a bit, then a pause (ES 1.5 s and 3 s, US 2 and 4). */
const RING = { on: 1.3, all: 3.9, turns: 22 }
const LOUDNESS = 0.05
/** A phone in another room. */
const FAR = 0.25

/**
 * Rings for phones, each in a pitch of its own.
 * @param {AudioContext} context
 * @param {AudioNode} out
 */
export function createBell(context, out) {
  const sounding = new Map()

  function start(id, pitch) {
    const source = context.createBufferSource()
    source.buffer = ring(context, pitch)
    source.loop = true
    const gain = context.createGain()
    gain.gain.value = 0
    source.connect(gain).connect(out)
    source.start()
    return { source, gain }
  }

  return {
    /** @param {readonly { id: string, pitch: number, near: boolean }[]} phones those that ring now, and no others */
    ring(phones) {
      for (const { id, pitch, near } of phones) {
        if (!sounding.has(id)) sounding.set(id, start(id, pitch))
        sounding.get(id).gain.gain.setTargetAtTime(LOUDNESS * (near ? 1 : FAR), context.currentTime, 0.02)
      }
      for (const [id, { source, gain }] of sounding) {
        if (phones.some((phone) => phone.id === id)) continue
        gain.gain.setTargetAtTime(0, context.currentTime, 0.02)
        source.stop(context.currentTime + 0.15)
        sounding.delete(id)
      }
    },
  }
}

function ring(context, pitch) {
  const rate = context.sampleRate
  const buffer = context.createBuffer(1, Math.round(RING.all * rate), rate)
  const samples = buffer.getChannelData(0)
  const [low, high] = [1050 * pitch, 1320 * pitch]
  let phase = 0
  for (let i = 0; i < RING.on * rate; i += 1) {
    const t = i / rate
    // From one tone to the other without a click: the phase runs on.
    phase += (2 * Math.PI * (Math.floor(t * RING.turns) % 2 ? high : low)) / rate
    const edge = Math.min(1, t / 0.03, (RING.on - t) / 0.12)
    samples[i] = edge * (Math.sin(phase) + 0.3 * Math.sin(2 * phase) + 0.12 * Math.sin(3 * phase))
  }
  return buffer
}
