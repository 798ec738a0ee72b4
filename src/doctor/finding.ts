/** What the doctor tells: one finding a line, with a remedy where there is something to mend. */

export type State = 'ok' | 'warning' | 'failed' | 'skipped'

export type Finding = {
  /** Which check it is of; stable, for those who read `--json`. */
  readonly check: string
  /** Which trunk, where there are such. */
  readonly trunk?: string
  readonly state: State
  /** What was found; where it was skipped, because of what. */
  readonly says: string
  readonly remedy?: string
  /** Figures of it. */
  readonly figures?: Readonly<Record<string, number>>
}

/** Takes what one check finds. */
export type Tell = {
  ok(says: string, more?: More): void
  warn(says: string, remedy: string, more?: More): void
  fail(says: string, remedy: string, more?: More): void
  skip(because: string, more?: More): void
}
type More = Pick<Finding, 'trunk' | 'figures'>

/** @param take hears of each finding at once */
export function tellOf(check: string, take: (finding: Finding) => void): Tell {
  return {
    ok: (says, more) => {
      take({ check, state: 'ok', says, ...more })
    },
    warn: (says, remedy, more) => {
      take({ check, state: 'warning', says, remedy, ...more })
    },
    fail: (says, remedy, more) => {
      take({ check, state: 'failed', says, remedy, ...more })
    },
    skip: (because, more) => {
      take({ check, state: 'skipped', says: because, ...more })
    },
  }
}

const MARKS: Readonly<Record<State, string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  skipped: 'skipped',
}

/** A finding for people: its line, and its remedy below it. */
export function worded({ check, trunk, state, says, remedy }: Finding): string {
  const what = trunk === undefined ? check : `${check} (${trunk})`
  const because = state === 'skipped' ? 'because ' : ''
  const line = `${MARKS[state]}  ${what}: ${because}${says}`
  return remedy === undefined ? line : `${line}\n         → ${remedy}`
}

/** The last line. */
export function summed(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((one) => one.state === state).length
  const [failed, warnings, skipped] = [count('failed'), count('warning'), count('skipped')]
  const parts = [
    `${count('ok')} ok`,
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  return `${failed > 0 ? 'Something has to be mended' : 'Nothing has failed'}: ${parts.join(', ')}.`
}

export const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault))
