/** Time as transactions see it; tests move it by hand. */
export type Clock = {
  /** Calls `act` once after so many milliseconds; the result takes it back. */
  readonly after: (milliseconds: number, act: () => void) => () => void
}

// Node takes a longer time for none at all, 1 ms: a session of a month would be refreshed without end.
const LONGEST = 2 ** 31 - 1

export const systemClock: Clock = {
  after: (milliseconds, act) => {
    // Sockets keep the server alive; what a transaction still waits for must not.
    const timer = setTimeout(act, Math.min(milliseconds, LONGEST)).unref()
    return () => clearTimeout(timer)
  },
}

/** Timers of RFC 3261 table 4 and RFC 6026, in milliseconds, all in their proportion to T1. */
export type Timers = {
  readonly t1: number
  readonly t2: number
  readonly t4: number
  /** B, D, F, H, J, L, M: how long a transaction is remembered. */
  readonly life: number
}

/** @param t1 estimated round trip, 500 by RFC 3261 17.1.1.1 */
export function timersFor(t1: number): Timers {
  return { t1, t2: 8 * t1, t4: 10 * t1, life: 64 * t1 }
}
