/**
 * Keys a plan at one leg, each step when its time has come, until somebody keys by hand.
 *
 *   waiting for an announcement's end, or for a time ──► keying some digits ──► waiting … ──► over: all
 *         └── giveWay ──► over: left            └── giveWay: those are keyed to their end ──► over: left (or all)
 */
import type { Clock } from '../app/ports.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'

export type KeyingContext = {
  readonly clock: Clock
  key(digit: string): void
  /** Wants `paused` to be called when the far side has finished speaking, or after so many milliseconds. */
  awaitPause(most: number): void
  /** Called once, when nothing more is to be keyed: `left` where the rest of the plan was left to somebody else. */
  over(how: 'all' | 'left'): void
}

/** Milliseconds from one key to the next, its tone included: as a person keys, and as bridges expect. */
const KEY = 260

export class Keying {
  readonly #context: KeyingContext
  #left: KeyPlan
  #waiting: 'prompt' | 'time' | undefined
  #cancel: (() => void) | undefined
  #givesWay = false
  /** The announcement is over, but its shortest time is not; or that is, and the announcement goes on. */
  #half = false

  /** Begins at once. */
  constructor(plan: KeyPlan, context: KeyingContext) {
    this.#context = context
    this.#left = plan
    this.#after(0)
  }

  /** The far side has finished speaking. */
  paused(): void {
    if (this.#waiting === 'prompt') this.#onePart()
  }

  #onePart(): void {
    if (this.#half) return this.#next()
    this.#half = true
  }

  /** Somebody else keys from now on. Digits that are being keyed are keyed to their end: half of them would say nothing. */
  giveWay(): void {
    this.#givesWay = true
    if (this.#waiting === undefined) return
    this.stop()
    this.#context.over('left')
  }

  /** The leg is over: nothing more is keyed, and nothing told. */
  stop(): void {
    this.#cancel?.()
    this.#left = []
    this.#waiting = undefined
  }

  #next(): void {
    this.#waiting = undefined
    const [step, ...left] = this.#left
    this.#left = left
    if (!step) return this.#context.over('all')
    if (this.#givesWay) return this.#context.over('left')
    switch (step.do) {
      case 'prompt':
        this.#waiting = 'prompt'
        this.#half = step.least === undefined
        if (step.least !== undefined)
          this.#cancel = this.#context.clock.after(step.least * 1000, () => {
            this.#onePart()
          })
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
    this.#waiting = 'time'
    this.#cancel = this.#context.clock.after(ms, () => {
      this.#next()
    })
  }
}
