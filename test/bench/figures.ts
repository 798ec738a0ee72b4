/** Times and sums as the bench prints them. */

export type Spread = {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly count: number
}

/** Percentiles of what was measured at all. */
export function spread(measured: readonly (number | undefined)[]): Spread {
  const sorted = measured.filter((ms) => ms !== undefined).sort((a, b) => a - b)
  const at = (share: number) =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length }
}

/** The time from one to the other, where both were seen. */
export const between = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? undefined : to - from

export const rounded = (value: number) => Math.round(value * 100) / 100
