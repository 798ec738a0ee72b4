import type { Target } from './party.ts'
import type { Trunk } from './trunk.ts'

/**
 * Whom somebody who is called sees. Which number that is depends on where the call goes and over which trunk, so it is
 * found when the INVITE is written.
 */
export type Caller = {
  readonly name?: string
  /** A number of the caller's own, shown to everybody: the DID, else a desk number in international form. */
  readonly number?: string
  /** Shown inside the company where there is no number of one's own. */
  readonly extension?: string
  /** Shown outside in its place: `CALLER_ID`, or that of the trunk. */
  readonly general?: string
}

/** The number that a callee sees (docs/rules.md, "Callee's view"). @returns undefined where there is none to show */
export function numberShown(caller: Caller, to: Target, trunk: Pick<Trunk, 'callerId'>): string | undefined {
  const { number, extension, general } = caller
  if (number !== undefined) return number
  if (to.kind === 'extension' && extension !== undefined) return extension
  return trunk.callerId ?? general ?? extension
}
