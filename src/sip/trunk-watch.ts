/** Asks one trunk with OPTIONS whether it is there: every 30 s, more often while it is down. */
import type { Clock } from '../app/ports.ts'
import { bracketed } from './address.ts'
import type { Connection } from './connection.ts'
import { retryAfter, unreached } from './trunk-line.ts'
import type { Hop, TrunkLine } from './trunk-line.ts'

const PING_EVERY = 30_000
/** A trunk that is down is asked after 5, 10, 20, 30, 30 … seconds. */
const FIRST_RETRY = 5_000
/** An answer that comes later than this still counts when it comes; until then nobody is there. */
const LONGEST_ANSWER = 8_000

export class TrunkWatch {
  readonly #line: TrunkLine
  readonly #connection: Connection
  readonly #clock: Clock
  #stopTimer: (() => void) | undefined
  #running = false
  #failures = 0
  #asking: Promise<void> | undefined

  constructor(line: TrunkLine, connection: Connection, clock: Clock) {
    this.#line = line
    this.#connection = connection
    this.#clock = clock
  }

  /** Begins anew: it is asked at once. */
  start(): void {
    this.stop()
    this.#running = true
    this.#failures = 0
    void this.ask()
  }

  stop(): void {
    this.#running = false
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  /** It has gone down, or come back, by what a call learnt: the next question comes as soon as that asks for. */
  onChange(): void {
    if (this.#running && !this.#asking) this.#schedule()
  }

  /** Asks now; resolves when every address has answered, or has not. Never rejects. */
  ask(): Promise<void> {
    this.#asking ??= this.#round().finally(() => {
      this.#asking = undefined
      if (this.#running) this.#schedule()
    })
    return this.#asking
  }

  #schedule(): void {
    this.#failures = this.#line.isDown ? this.#failures + 1 : 0
    const wait =
      this.#failures === 0 ? PING_EVERY : Math.min(FIRST_RETRY * 2 ** (this.#failures - 1), PING_EVERY)
    this.#stopTimer?.()
    this.#stopTimer = this.#clock.after(wait, () => {
      void this.ask()
    })
  }

  async #round(): Promise<void> {
    const line = this.#line
    let hops: readonly Hop[]
    try {
      hops = await line.hops()
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      return line.unknown(`${line.address.host} cannot be resolved: ${why}`)
    }
    await Promise.all(hops.map((hop) => this.#askAt(hop)))
  }

  #askAt(hop: Hop): Promise<void> {
    const line = this.#line
    const { scheme, rest, host } = line.address
    const { proxy } = hop
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const heard = (fault: string | undefined) => {
      stop()
      // Without a signalling server nothing is known about the trunk.
      if (!this.#connection.up) return resolve(undefined)
      if (fault === undefined) line.answered(hop)
      else line.failed(fault, hop)
      resolve(undefined)
    }
    const stop = this.#clock.after(LONGEST_ANSWER, () => {
      heard('no answer')
    })
    this.#connection.request(
      {
        method: 'OPTIONS',
        uri: `${scheme}:${rest}`,
        headers: { From: `<sip:dialback@${bracketed(host)}>` },
        ...(proxy === undefined ? {} : { proxy }),
      },
      {
        failed: heard,
        response: (response) => {
          if (response.status < 200) return
          heard(unreached(response))
          const rest = response.status === 503 && !response.local ? retryAfter(response) : undefined
          if (rest !== undefined) line.rests(hop, rest, this.#clock.now())
        },
      },
    )
    return promise
  }
}
