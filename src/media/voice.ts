/**
 * Whether what comes from a far side is somebody's voice. What is mixed is decided generously, so that nothing is cut
 * off, but a hundred quiet rooms do not add up to a loud one; who speaks is decided with patience, so that a list of
 * people does not flicker.
 */

/** Level of 16-bit samples (root of the mean square) that is heard at all: -58 dBov. */
const FAINT = 40
/** What a noise that goes on may be taken to be; louder is sound, however long it lasts. */
const MOST_NOISE = 100
const ABOVE_NOISE = 3
/** Of a frame: noise is followed down at once, up by a third in a second. */
const RISE = 1.006
/** Frames for which a voice goes on to be mixed after it was heard. */
const HANG = 25

/** -48 dBov. */
const AUDIBLE = 120
/** Frames: 160 ms of voice, in not much more time (a cough is shorter, also with what is made up behind it), 800 ms without. */
const BEGIN = 8
const END = 40

export class Voice {
  #noise = 20
  #hang = 0
  #run = 0
  #quiet = 0
  #speaks = false

  /** Whether it speaks, for others to be told. */
  get speaks(): boolean {
    return this.#speaks
  }

  /**
   * Another 20 ms.
   * @param samples none where nothing has come, or may be heard
   * @returns whether they are to be mixed
   */
  hears(samples: Int16Array | undefined): boolean {
    const level = samples ? levelOf(samples) : 0
    const isVoice = level > Math.max(FAINT, this.#noise * ABOVE_NOISE)
    if (samples) this.#noise = Math.min(MOST_NOISE, Math.max(1, Math.min(level, this.#noise * RISE)))
    this.#follow(isVoice && level > AUDIBLE)
    if (isVoice) this.#hang = HANG
    else if (this.#hang > 0) this.#hang--
    return samples !== undefined && (isVoice || this.#hang > 0)
  }

  #follow(isVoice: boolean): void {
    this.#run = isVoice ? Math.min(BEGIN, this.#run + 1) : Math.max(0, this.#run - 0.5)
    this.#quiet = isVoice ? 0 : this.#quiet + 1
    if (this.#speaks ? this.#quiet < END : this.#run < BEGIN) return
    this.#speaks = !this.#speaks
    this.#run = 0
  }
}

function levelOf(samples: Int16Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
