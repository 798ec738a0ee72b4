/** At most `most` requests in `within` milliseconds. */
export type Rate = { readonly most: number; readonly within: number }

/** Teams' published limits for one bot in one conversation. */
export const TEAMS_RATES: readonly Rate[] = [
  { most: 7, within: 1000 },
  { most: 8, within: 2000 },
  { most: 60, within: 30_000 },
  { most: 1800, within: 3_600_000 },
]
/** Those for one app in all of a tenant: 50 a second, of which some are left to questions about members. */
export const TEAMS_APP_RATES: readonly Rate[] = [{ most: 45, within: 1000 }]

/** When the next request may follow those that were sent, so that no window of any rate has more than it may. */
export class Windows {
  readonly #rates: readonly Rate[]
  readonly #longest: number
  #sent: number[] = []

  constructor(rates: readonly Rate[]) {
    this.#rates = rates
    this.#longest = Math.max(0, ...rates.map(({ most }) => most))
  }

  sent(at: number): void {
    this.#sent.push(at)
    if (this.#sent.length > 2 * this.#longest) this.#sent = this.#sent.slice(-this.#longest)
  }

  /** A time in the past means now. */
  get nextAt(): number {
    const each = this.#rates.map(({ most, within }) => (this.#sent.at(-most) ?? -Infinity) + within)
    return Math.max(-Infinity, ...each)
  }

  get lastAt(): number {
    return this.#sent.at(-1) ?? -Infinity
  }
}
