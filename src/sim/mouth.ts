import type { Voice } from './ear.ts'
import { decodeG711, FRAME, SAMPLE_RATE } from './g711.ts'
import { roomTone, type Language, type Lines } from './speech.ts'

const AMPLITUDE = 3000
/** Frames: a breath before the first word, and time to answer before all is said again. */
const BREATH = 20
const PAUSE = 140
/** Frames of a microphone that wait at most; the oldest are dropped, so that a delay never grows. */
const WAITING = 10
/** Frames that a microphone may miss before the clip goes on. */
const PATIENCE = 25

/** 20 ms of what somebody says. */
export type Spoken = {
  readonly samples: Int16Array
  /** They come from a microphone. */
  readonly live: boolean
  /** Who says it, where that is not always the same. */
  readonly name?: string
}

/** What a phone says, 20 ms at a time: a microphone where one is open, else its person's clip, else their tone. */
export class Mouth {
  readonly #voice: Voice
  #lines: Lines | undefined
  #once: boolean
  #next: Lines | undefined
  #silent = false
  #language: Language = 'en'
  #script: Int16Array = new Int16Array()
  #at = 0
  #tone = 0
  #microphone: Uint8Array[] = []
  #missed = PATIENCE

  /**
   * @param lines absent: the person speaks with a tone alone, which a test can measure
   * @param once a machine says it once, and listens; people say it again and again
   */
  constructor(voice: Voice, lines: Lines | undefined, once = false) {
    this.#voice = voice
    this.#lines = lines
    this.#once = once
  }

  /** From the next time on that the clip begins. */
  set language(language: Language) {
    this.#language = language
  }

  /** The handset is lifted: everything from its beginning. */
  begin(): void {
    this.#restart()
    this.#tone = 0
    this.#microphone = []
    this.#missed = PATIENCE
  }

  /** Says something else, from its beginning; a tone where it is given nothing to say. */
  say(lines: Lines | undefined, once: boolean): void {
    this.#lines = lines
    this.#once = once
    this.#next = undefined
    this.#silent = false
    this.#restart()
  }

  /** Says this, again and again, behind what it says once now. */
  then(lines: Lines | undefined): void {
    this.#next = lines
  }

  /** Falls silent until it is to say something else. */
  hush(): void {
    this.#silent = true
  }

  /** Whether what was to be said once has been said. */
  get isSilent(): boolean {
    return this.#silent || this.#lines === undefined || this.#lines === this.#next
  }

  #restart(): void {
    this.#script = new Int16Array()
    this.#at = 0
  }

  /** @param payload 20 ms of PCMU; a microphone is open as long as they come */
  hear(payload: Uint8Array): void {
    this.#missed = 0
    this.#microphone.push(payload)
    if (this.#microphone.length > WAITING) this.#microphone.shift()
  }

  /** The next 20 ms, and whether they come from a microphone. */
  next(): Spoken {
    if (this.#silent) return { samples: roomTone(1), live: false }
    const spoken = this.#microphone.shift()
    if (spoken) return { samples: decodeG711('PCMU', spoken), live: true }
    this.#missed += 1
    if (this.#missed <= PATIENCE) return { samples: roomTone(1), live: true }
    return { samples: this.#lines ? this.#clip(this.#lines) : this.#hum(), live: false }
  }

  #clip(lines: Lines): Int16Array {
    if (this.#at >= this.#script.length) {
      const first = this.#script.length === 0
      if (!first && this.#next) {
        this.#once = false
        lines = this.#lines = this.#next
      }
      const pause = roomTone(first ? BREATH : PAUSE)
      this.#script = first || !this.#once ? join([pause, lines[this.#language]]) : pause
      this.#at = 0
    }
    this.#at += FRAME
    return this.#script.subarray(this.#at - FRAME, this.#at)
  }

  #hum(): Int16Array {
    const turn = (2 * Math.PI * this.#voice.hz) / SAMPLE_RATE
    this.#tone += FRAME
    return Int16Array.from({ length: FRAME }, (_, i) => AMPLITUDE * Math.sin(turn * (this.#tone + i)))
  }
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
