/** What runs in the audio thread: playing the sound of a phone, and taking that of a microphone. */
import { FRAME, RATE } from './g711.js'

/** Frames that wait before the first is played, so that an uneven arrival is not heard; and at most. */
const EASE = 3
const MOST = 10
/** Half the width of the interpolation, in samples of 8 kHz. */
const REACH = 8
const CUT = 3600

/** Interpolates at 8,000 samples a second; what would be heard as a hiss above 4 kHz is filtered away. */
class Player extends AudioWorkletProcessor {
  #frames = []
  #playing = false
  /** The last frames, joined, and where in them we are. */
  #tape = new Float32Array(2 * REACH)
  #at = REACH
  #between = lowPass(1, REACH)

  constructor() {
    super()
    this.port.onmessage = ({ data }) => {
      if (data === 'flush') this.#frames.length = 0
      else this.#frames.push(data)
      // Late is worse than lost: nobody can talk with half a second of delay.
      if (this.#frames.length > MOST) this.#frames.splice(0, this.#frames.length - EASE)
    }
  }

  process(_, [[out]]) {
    const step = RATE / sampleRate
    for (let i = 0; i < out.length; i += 1) {
      while (this.#at + REACH >= this.#tape.length) this.#wind()
      out[i] = this.#between(this.#tape, this.#at)
      this.#at += step
    }
    return true
  }

  /** Another frame on the tape: the next one, or silence where none is there. */
  #wind() {
    if (!this.#playing) this.#playing = this.#frames.length >= EASE
    const next = this.#playing ? this.#frames.shift() : undefined
    if (!next) this.#playing = false
    const keep = this.#tape.subarray(Math.floor(this.#at) - REACH)
    const tape = new Float32Array(keep.length + FRAME)
    tape.set(keep)
    if (next) tape.set(next.subarray(0, FRAME), keep.length)
    this.#at -= Math.floor(this.#at) - REACH
    this.#tape = tape
  }
}

/** A microphone's sound at 8,000 samples a second, 20 ms a message. */
class Recorder extends AudioWorkletProcessor {
  #tape = new Float32Array(0)
  #at = 0
  #frame = new Float32Array(FRAME)
  #filled = 0
  #half = Math.ceil((REACH * sampleRate) / RATE)
  /** Nothing above what a telephone passes: it would fold down. */
  #filtered = lowPass((2 * CUT) / sampleRate, this.#half)

  process([[heard]]) {
    if (!heard) return true
    const tape = new Float32Array(this.#tape.length + heard.length)
    tape.set(this.#tape)
    tape.set(heard, this.#tape.length)
    const step = sampleRate / RATE
    if (this.#at === 0) this.#at = this.#half
    for (; this.#at + this.#half < tape.length; this.#at += step) this.#take(this.#filtered(tape, this.#at))
    const done = Math.floor(this.#at) - this.#half
    this.#tape = tape.slice(done)
    this.#at -= done
    return true
  }

  #take(sample) {
    this.#frame[this.#filled++] = sample
    if (this.#filled < FRAME) return
    this.port.postMessage(this.#frame)
    this.#frame = new Float32Array(FRAME)
    this.#filled = 0
  }
}

/**
 * A low-pass filter that answers between samples: windowed sincs, ready for each of 64 places between two.
 * @param {number} cut as a share of half the sampling rate
 */
function lowPass(cut, half) {
  const places = 64
  const kernels = Array.from({ length: places }, (_, place) =>
    Float32Array.from({ length: 2 * half }, (_, k) => {
      const x = k - half + 1 - place / places
      const sinc = x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x)
      return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / half))
    }),
  )
  return (tape, at) => {
    const whole = Math.floor(at)
    const kernel = kernels[Math.floor((at - whole) * places)]
    const first = whole - half + 1
    let sum = 0
    for (let k = 0; k < kernel.length; k += 1) sum += tape[first + k] * kernel[k]
    return sum
  }
}

registerProcessor('player', Player)
registerProcessor('recorder', Recorder)
