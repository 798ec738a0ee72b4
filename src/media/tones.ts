/**
 * The tones of the telephone networks (ITU-T E.180, supplement 2 for the countries), as one loop of samples
 * whose length is a whole number of 20 ms packets.
 */
import { readFileSync } from 'node:fs'

import type { Sound } from '../core/call/call.ts'
import { FRAME } from './codec.ts'
import { decode, encode, SILENCE } from './g711.ts'
import type { Law } from './g711.ts'

/** What a port can play. */
export type Tone = Sound

/** Frequencies in Hz sounding together, then how long they sound and how long there is silence, in ms, in turn. */
type Cadence = { readonly hz: readonly number[]; readonly ms: readonly number[] }
type Country = { readonly ringback: Cadence; readonly busy: Cadence; readonly congestion: Cadence }

const ITU: Country = {
  ringback: { hz: [425], ms: [1000, 4000] },
  busy: { hz: [425], ms: [500, 500] },
  congestion: { hz: [425], ms: [200, 200] },
}
const COUNTRIES: Readonly<Record<string, Country>> = {
  DE: { ...ITU, busy: { hz: [425], ms: [480, 480] }, congestion: { hz: [425], ms: [240, 240] } },
  ES: {
    ringback: { hz: [425], ms: [1500, 3000] },
    busy: { hz: [425], ms: [200, 200] },
    congestion: { hz: [425], ms: [200, 200, 200, 200, 200, 600] },
  },
  FR: {
    ringback: { hz: [440], ms: [1500, 3500] },
    busy: { hz: [440], ms: [500, 500] },
    congestion: { hz: [440], ms: [250, 250] },
  },
  GB: {
    ringback: { hz: [400, 450], ms: [400, 200, 400, 2000] },
    busy: { hz: [400], ms: [375, 375] },
    congestion: { hz: [400], ms: [400, 350, 225, 525] },
  },
  US: {
    ringback: { hz: [440, 480], ms: [2000, 4000] },
    busy: { hz: [480, 620], ms: [500, 500] },
    congestion: { hz: [480, 620], ms: [250, 250] },
  },
}

const RATE = 8000
// About -13 dBm0 for each frequency, the level of a Spanish ringback; a short ramp keeps the ends from clicking.
const LEVEL = 5000
const RAMP = 40

// Three rising notes, then a pause: nobody takes it for a network's tone.
const PROMPT: readonly Cadence[] = [
  { hz: [523], ms: [160, 40] },
  { hz: [659], ms: [160, 40] },
  { hz: [784], ms: [240, 2360] },
]

// ITU-T Q.23: each key of the pad is the sum of its row's and its column's frequency.
const ROWS = [697, 770, 852, 941]
const COLUMNS = [1209, 1336, 1477, 1633]
const PAD = '123A456B789C*0#D'
const KEY_MS = 100

// Quiet enough to be talked over: -27 dBm0.
const ROOM_LEVEL = 1000
const ROOM_TONES = {
  entry: join([sine([660], 80, ROOM_LEVEL), sine([880], 120, ROOM_LEVEL)]),
  exit: join([sine([660], 80, ROOM_LEVEL), sine([495], 120, ROOM_LEVEL)]),
  muted: twice(392),
  heard: twice(784),
}

const loops = new Map<string, Buffer>()

/** 20 ms of a key's tone, of the 100 that it sounds; silence after them. */
export function keyFrame(digit: string, frame: number | undefined, law: Law): Buffer {
  const at = PAD.indexOf(digit)
  if (frame === undefined || at < 0) return loopOf('silence', '', law)
  const key = `key ${digit}/${law}`
  const known = loops.get(key)
  const made = known ?? encode(law, sine([ROWS[at >> 2] ?? 0, COLUMNS[at & 3] ?? 0], KEY_MS))
  if (!known) loops.set(key, made)
  return made.subarray(frame * FRAME, (frame + 1) * FRAME)
}

/**
 * One loop of a sound, companded; its length is a multiple of `FRAME`.
 * @param country ISO 3166 alpha-2; unknown ones get ITU-T's recommendation
 */
export function loopOf(tone: Tone, country: string, law: Law): Buffer {
  const key = `${tone}/${country}/${law}`
  const known = loops.get(key)
  if (known) return known
  const made =
    tone === 'silence' ? Buffer.alloc(FRAME, SILENCE[law]) : encode(law, whole(samplesOf(tone, country)))
  loops.set(key, made)
  return made
}

function samplesOf(tone: Exclude<Tone, 'silence'>, country: string): Int16Array {
  if (tone === 'confirm') return join(PROMPT.map(cycle))
  if (tone === 'invited.en' || tone === 'invited.es') return spoken(tone)
  return cycle((COUNTRIES[country] ?? ITU)[tone])
}

/** A clip of ours, and time to do what it says. */
function spoken(name: string): Int16Array {
  const clip = decode('PCMA', readFileSync(new URL(`./clips/${name}.alaw`, import.meta.url)))
  return join([clip, new Int16Array(1.5 * RATE)])
}

function cycle({ hz, ms }: Cadence): Int16Array {
  return join(
    ms.map((length, i) => (i % 2 === 0 ? sine(hz, length) : new Int16Array((length * RATE) / 1000))),
  )
}

/**
 * What members of a room hear when somebody comes, two notes up, or goes, two notes down; and what one of them hears who is
 * muted, a low note twice, or heard again, a high one: 16-bit samples, played once.
 */
export const roomTone = (of: keyof typeof ROOM_TONES): Int16Array => ROOM_TONES[of]

function twice(hz: number): Int16Array {
  const note = sine([hz], 80, 2 * ROOM_LEVEL)
  return join([note, new Int16Array((60 * RATE) / 1000), note])
}

function sine(hz: readonly number[], ms: number, level = LEVEL): Int16Array {
  const length = (ms * RATE) / 1000
  return Int16Array.from({ length }, (_, i) => {
    const ramp = Math.min(1, (i + 1) / RAMP, (length - i) / RAMP)
    return ramp * level * hz.reduce((sum, f) => sum + Math.sin((2 * Math.PI * f * i) / RATE), 0)
  })
}

function join(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Repeats a cycle until it fills whole packets (Britain's busy tone is 37.5 of them). */
function whole(samples: Int16Array): Int16Array {
  let times = 1
  while ((samples.length * times) % FRAME !== 0) times++
  return join(Array.from({ length: times }, () => samples))
}
