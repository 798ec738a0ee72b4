/** Keys a plan at one leg, each step when its time has come. */
import type { Clock } from '../app/ports.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'

export type KeyingContext = {
  readonly clock: Clock
  key(digit: string): void
  /** Wants `paused` to be called when the far side has finished speaking, or after so many milliseconds. */
  awaitPause(most: number): void
  /** Called once, when nothing more is to be keyed. */
  done(ok: boolean): void
}

/** Milliseconds from one key to the next, its tone included: as a person keys, and as bridges expect. */
const KEY = 260

export class Keying {
  readonly #context: KeyingContext
  #left: KeyPlan
  #waiting = false
  #cancel: (() => void) | undefined

  /** Begins at once. */
  constructor(plan: KeyPlan, context: KeyingContext) {
    this.#left = plan
    this.#context = context
    this.#cancel = context.clock.after(0, () => {
      this.#next()
    })
  }

  /** The far side has finished speaking. */
  paused(): void {
    if (!this.#waiting) return
    this.#waiting = false
    this.#next()
  }

  /** The leg is over: nothing more is keyed, and nothing told. */
  stop(): void {
    this.#cancel?.()
    this.#left = []
    this.#waiting = false
  }

  #next(): void {
    const [step, ...left] = this.#left
    this.#left = left
    if (!step) return this.#context.done(true)
    switch (step.do) {
      case 'prompt':
        this.#waiting = true
        return this.#context.awaitPause(step.most * 1000)
      case 'pause':
        return this.#after(step.seconds * 1000)
      case 'keys':
        return this.#key(step.keys)
    }
  }

  #key(keys: string): void {
    const [digit, ...rest] = keys
    if (digit === undefined) return this.#next()
    this.#context.key(digit)
    this.#cancel = this.#context.clock.after(KEY, () => {
      this.#key(rest.join(''))
    })
  }

  #after(ms: number): void {
    this.#cancel = this.#context.clock.after(ms, () => {
      this.#next()
    })
  }
}
