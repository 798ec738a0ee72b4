/** Keys to the far phone of one leg: those that the other side presses, and those that the bot keys for the user. */
import type { Clock } from '../app/ports.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'
import type { OutgoingRequest, RequestUser } from './connection.ts'
import { InfoKeys } from './info-keys.ts'
import { Keying } from './keying.ts'
import type { LegMedia } from './leg-media.ts'

export type LegKeysContext = {
  readonly media: LegMedia
  readonly clock: Clock
  answered(): boolean
  /** Sends a request inside the leg's dialog, where there is one. */
  send(request: Omit<OutgoingRequest, 'dialog'>, user: RequestUser): void
  /** All of a plan has been keyed; or it could not be; or the user does it. */
  keyed(how: 'all' | 'nothing' | 'byHand'): void
}

/** Nobody presses more while some digits are being keyed. */
const MOST_HELD = 64

export class LegKeys {
  readonly #context: LegKeysContext
  readonly #info: InfoKeys
  #keying: Keying | undefined
  /** What was pressed while the bot was in the middle of some digits: none of it falls between them. */
  #held = ''

  constructor(context: LegKeysContext) {
    this.#context = context
    this.#info = new InfoKeys(context.clock, (request, user) => {
      if (context.answered()) context.send(request, user)
    })
  }

  /** Keys a digit as the trunk wants it; where the sound does not pass the bot there is INFO alone. */
  key(digit: string): void {
    const { port, keys } = this.#context.media
    if (keys === 'rfc4733' && port) port.sendDigits(digit)
    else if (this.#context.answered()) this.#info.key(digit)
  }

  /** A key that the other side has pressed. Whoever keys by hand takes over: docs/rules.md, "Keyed by hand". */
  press(digit: string): void {
    if (!this.#keying) return this.key(digit)
    if (this.#held.length < MOST_HELD) this.#held += digit
    this.#keying.giveWay()
  }

  /** Keys a plan, each step when its time has come. A second one while the first goes on is none. */
  keyAll(plan: KeyPlan): void {
    const context = this.#context
    const { clock, media } = context
    if (!context.answered()) return context.keyed('nothing')
    if (this.#keying) return
    media.port?.gather(true)
    this.#keying = new Keying(plan, {
      clock,
      key: (digit) => {
        this.key(digit)
      },
      awaitPause: (most) => {
        if (media.port) media.port.awaitPause(most)
        else this.paused()
      },
      over: (how) => {
        this.#keying = undefined
        for (const digit of this.#held) this.key(digit)
        this.#held = ''
        media.port?.gather(false)
        context.keyed(how === 'all' ? 'all' : 'byHand')
      },
    })
  }

  /** The far side has finished speaking, or has taken too long. */
  paused(): void {
    this.#keying?.paused()
  }

  /** The leg is over: nothing more is keyed. */
  stop(): void {
    this.#keying?.stop()
    this.#keying = undefined
    this.#held = ''
  }
}
