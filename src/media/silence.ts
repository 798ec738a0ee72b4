/** Whether anything comes from a far side: told when nothing has for as long as was asked for, and when something does again. */
export class SilenceWatch {
  readonly #tell: (silent: boolean) => void
  #most: number | undefined
  #heardAt = 0
  #silent = false

  constructor(tell: (silent: boolean) => void) {
    this.#tell = tell
  }

  /** Watches from now on, for so many milliseconds of silence; 0 ends that. */
  begin(ms: number): void {
    this.#most = ms === 0 ? undefined : ms
    this.#heardAt = performance.now()
    this.#silent = false
  }

  /** Something has come, sound or not. */
  hear(now: number): void {
    this.#heardAt = now
    if (!this.#silent) return
    this.#silent = false
    this.#tell(false)
  }

  /** To be called now and then. @param isMissed false on hold, where nothing has to come */
  check(now: number, isMissed: boolean): void {
    if (this.#most === undefined) return
    // What was missed before a hold is found again by it, for the other side to be told so.
    if (!isMissed) return this.hear(now)
    if (this.#silent || now - this.#heardAt < this.#most) return
    this.#silent = true
    this.#tell(true)
  }
}
