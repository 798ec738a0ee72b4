import type { Headers } from '../message/headers.ts'
import type { Clock } from '../transaction/clock.ts'

/** What both sides agreed (RFC 4028): the session ends unless it is refreshed within `seconds`. */
export type SessionTerms = { readonly seconds: number; readonly refresher: 'uac' | 'uas' | undefined }

/** RFC 4028 4: no shorter interval is accepted from others. */
export const MIN_SE = 90

/** What a peer's answer may come to all the same. */
const SHORTEST = 2

/** Reads Session-Expires. */
export function termsOf(headers: Headers): SessionTerms | undefined {
  const [, seconds, params = ''] = /^\s*(\d{1,9})\s*(;.*)?$/.exec(headers.get('session-expires') ?? '') ?? []
  if (seconds === undefined) return undefined
  const [, refresher] = /;\s*refresher\s*=\s*(uac|uas)/i.exec(params) ?? []
  return { seconds: Number(seconds), refresher: refresher?.toLowerCase() as 'uac' | 'uas' | undefined }
}

/**
 * The clock of one session (RFC 4028 10).
 *
 *   renewed, ours ────── half of it ──► refresh ── fails for good ─┐
 *   renewed, theirs ──── all but the last third, 32 s at most ─────┴─► expire
 */
export class Session {
  readonly #clock: Clock
  readonly #refresh: () => void
  readonly #expire: () => void
  #seconds = 0
  #stop: () => void = () => undefined

  constructor(clock: Clock, actions: { readonly refresh: () => void; readonly expire: () => void }) {
    this.#clock = clock
    this.#refresh = actions.refresh
    this.#expire = actions.expire
  }

  get seconds(): number {
    return this.#seconds
  }

  /** @param ours whether this side has to refresh */
  renew(told: number, ours: boolean): void {
    this.stop()
    // An answer of 0 s would be refreshed without end.
    const seconds = Math.max(SHORTEST, told)
    this.#seconds = seconds
    if (ours) this.#stop = this.#clock.after(seconds * 500, this.#refresh)
    else this.#stop = this.#clock.after((seconds - Math.min(32, seconds / 3)) * 1_000, this.#expire)
  }

  /** A refresh that could not be made just now (RFC 3261 14.1) is tried again soon. */
  again(milliseconds: number): void {
    this.stop()
    this.#stop = this.#clock.after(milliseconds, this.#refresh)
  }

  stop(): void {
    this.#stop()
  }
}
