/** A case that a drachtio-server answers otherwise. docs/contract.md shows them. */
export type Difference = {
  /** The name of the case. */
  readonly case: string
  /** What the server does. */
  readonly server: string
  /** Why sipd does not follow it. */
  readonly why: string
  /** How the case then fails. */
  readonly fails: RegExp
}

export const DIFFERENCES: readonly Difference[] = []
