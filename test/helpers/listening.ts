/** What a page really plays: the samples that reach its loudspeaker, measured. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

/** Runs in the page before all else: whatever is connected to a loudspeaker is heard by an analyser, too. */
export const TAP = `
  const connect = AudioNode.prototype.connect
  globalThis.contexts = []
  AudioNode.prototype.connect = function (target, ...more) {
    if (target instanceof AudioDestinationNode) {
      const { context } = this
      if (!context.tap) {
        context.tap = new AnalyserNode(context, { fftSize: 32768 })
        contexts.push(context)
      }
      connect.call(this, context.tap)
    }
    return connect.call(this, target, ...more)
  }
`
const READ = `(() => {
  const [context] = contexts
  if (!context) return { rate: 48000, samples: [] }
  const samples = new Float32Array(context.tap.fftSize)
  context.tap.getFloatTimeDomainData(samples)
  return { rate: context.sampleRate, samples: Array.from(samples) }
})()`

type Played = { readonly rate: number; readonly samples: readonly number[] }

/** The last two thirds of a second that this page has played. */
export function played(page: Page): Promise<Played> {
  return page.evaluate<Played>(READ)
}

/** Resolves with what is played when it fits; fails with the figures of the last try. */
export async function plays(
  page: Page,
  what: string,
  measure: (played: Played) => number,
  fits: (figure: number) => boolean,
  ms = 10_000,
): Promise<void> {
  const end = Date.now() + ms
  for (;;) {
    const figure = measure(await played(page))
    if (fits(figure)) return
    if (Date.now() > end) assert.fail(`${what}: ${figure}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Root mean square; full scale is 1. */
export function loudness({ samples }: Played): number {
  return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / Math.max(1, samples.length))
}

/** Samples of one measurement: 85 ms at 48 kHz, long enough to tell 425 Hz from 440, and shorter than any tone. */
const BLOCK = 4096

/** How much of all the power these frequencies have, 0 to 1, in that part of what is played where they have most. */
export function shareOf(...frequencies: readonly number[]) {
  return ({ rate, samples }: Played): number => {
    let best = 0
    for (let from = 0; from + BLOCK <= samples.length; from += BLOCK) {
      const block = { rate, samples: samples.slice(from, from + BLOCK) }
      const all = loudness(block) ** 2
      if (all < 0.01 ** 2) continue
      const power = frequencies.reduce((sum, hz) => sum + powerAt(hz, block), 0)
      best = Math.max(best, power / all)
    }
    return best
  }
}

function powerAt(hz: number, { rate, samples }: Played): number {
  let [re, im] = [0, 0]
  for (const [i, x] of samples.entries()) {
    const phase = (2 * Math.PI * hz * i) / rate
    re += x * Math.cos(phase)
    im += x * Math.sin(phase)
  }
  return (2 * (re * re + im * im)) / samples.length ** 2
}

/**
 * How like a part of this clip it is, 0 to 1: the largest correlation at any place of the clip.
 * @param clip samples at 8 kHz
 */
export function likeness(clip: Int16Array) {
  return (heard: Played): number => {
    if (loudness(heard) < 0.01) return 0
    const piece = at8k(heard).slice(0, 2000)
    const size = Math.hypot(...piece)
    let best = 0
    let energy = clip.slice(0, piece.length).reduce((sum, x) => sum + x * x, 0)
    for (let at = 0; at + piece.length < clip.length; at += 1) {
      let sum = 0
      for (let i = 0; i < piece.length; i += 1) sum += (piece[i] ?? 0) * (clip[at + i] ?? 0)
      if (energy > 0) best = Math.max(best, sum / (size * Math.sqrt(energy)))
      energy += (clip[at + piece.length] ?? 0) ** 2 - (clip[at] ?? 0) ** 2
    }
    return best
  }
}

function at8k({ rate, samples }: Played): Float64Array {
  return Float64Array.from({ length: Math.floor((samples.length * 8000) / rate) - 1 }, (_, n) => {
    const at = (n * rate) / 8000
    const [a = 0, b = 0] = samples.slice(Math.floor(at), Math.floor(at) + 2)
    return a + (at - Math.floor(at)) * (b - a)
  })
}
