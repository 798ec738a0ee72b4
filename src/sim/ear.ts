import { SAMPLE_RATE } from './g711.ts'

/**
 * What a phone hears, told from the sound itself, frame by frame of 20 ms: a person is known by what their phone has
 * sent, or by a tone of their own; 425 Hz (ITU-T E.180) is ringback when it lasts, a busy tone when it is short.
 */
export type Heard =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ringback' }
  | { readonly kind: 'busyTone' }
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'voicemail' | 'bridge' | 'meeting' }
  | { readonly kind: 'sound' }

/** Who speaks where a voicemail box does. */
export const VOICEMAIL = 'voicemail'
/** And where a conference bridge does, before and after it has let its caller in. */
export const BRIDGE = 'bridge'
export const MEETING = 'meeting'

export type Voice = { readonly name: string; readonly hz: number }

const RINGBACK_HZ = 425
/** Frames: shorter than this is no ringback, in any country that uses 425 Hz. */
const RINGBACK_ON = 30
const BUSY_ON = 5
const SURE = 5
/** A ringback pauses up to 4 s between its tones, a busy tone far less. */
const PAUSE = {
  ringback: 210,
  busyTone: 60,
  person: 20,
  voicemail: 20,
  bridge: 20,
  meeting: 20,
  sound: 20,
  nothing: 0,
} as const

export class Ear {
  readonly #voices: readonly Voice[]
  #now: Heard = { kind: 'nothing' }
  #same = 0
  #last = ''
  #quiet = 0
  #bursts = 0

  constructor(voices: readonly Voice[]) {
    this.#voices = voices
  }

  /**
   * Takes the next 20 ms of linear samples; silence too must be told. Answers what is heard by now.
   * @param speaker whose phone is known to have sent them
   */
  listen(samples: Int16Array, speaker?: string): Heard {
    const found = speaker ?? this.#classify(samples)
    if (found === this.#last) this.#same += 1
    else this.#change(found)
    if (found === '') this.#silence()
    else {
      this.#quiet = 0
      this.#judge(found)
    }
    return this.#now
  }

  #change(found: string): void {
    const burst = this.#last === 'tone' && this.#same >= BUSY_ON && this.#same < RINGBACK_ON
    if (burst) this.#bursts += 1
    if (this.#last === 'tone' && !burst) this.#bursts = 0
    this.#last = found
    this.#same = 1
  }

  #judge(found: string): void {
    if (found === 'tone') {
      if (this.#same >= RINGBACK_ON) this.#now = { kind: 'ringback' }
      else if (this.#bursts >= 2) this.#now = { kind: 'busyTone' }
    } else if (this.#same >= SURE) {
      this.#bursts = 0
      this.#now = isNobody(found) ? { kind: found } : { kind: 'person', name: found }
    }
  }

  #silence(): void {
    this.#quiet += 1
    if (this.#quiet > PAUSE[this.#now.kind]) {
      this.#now = { kind: 'nothing' }
      this.#bursts = 0
    }
  }

  /** '' for silence, 'tone' for 425 Hz, 'sound' for what is none of ours, else a person's name. */
  #classify(samples: Int16Array): string {
    const energy = samples.reduce((sum, x) => sum + x * x, 0) / samples.length
    if (energy < 50 * 50) return ''
    const owns = (hz: number) => tonePower(samples, hz) > 0.6 * energy
    if (owns(RINGBACK_HZ)) return 'tone'
    return this.#voices.find((voice) => owns(voice.hz))?.name ?? 'sound'
  }
}

function isNobody(found: string): found is 'sound' | 'voicemail' | 'bridge' | 'meeting' {
  return ['sound', VOICEMAIL, BRIDGE, MEETING].includes(found)
}

/** Mean power of one frequency in samples (Goertzel): a pure tone of that frequency has all of the signal's. */
export function tonePower(samples: Int16Array, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE)
  let before = 0
  let last = 0
  for (const sample of samples) {
    const next = sample + turn * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - turn * last * before
  return (2 * power) / (samples.length * samples.length)
}
