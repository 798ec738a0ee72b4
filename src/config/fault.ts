/** One setting that the bot cannot start with. */
export type SettingFault = {
  readonly setting: string
  /** What was given; left out for secrets and for what is missing. */
  readonly value?: string
  /** Continues "SIP_TRUNK=… ": what is wrong with it. */
  readonly problem: string
  readonly remedy: string
}

/** The settings do not fit; all faults at once. The process ends with 78 (sysexits.h EX_CONFIG). */
export class ConfigFault extends Error {
  readonly code = 'CONFIG'
  readonly faults: readonly SettingFault[]
  constructor(faults: readonly SettingFault[]) {
    super(worded(faults))
    this.name = 'ConfigFault'
    this.faults = faults
  }
}

function worded(faults: readonly SettingFault[]): string {
  const count = faults.length === 1 ? 'one setting does' : `${faults.length} settings do`
  const lines = faults.map(({ setting, value, problem, remedy }) => {
    const given = value === undefined ? setting : `${setting}=${JSON.stringify(value)}`
    return `  ${given} ${problem}.\n    ${remedy}`
  })
  return `Dialback cannot start: ${count} not fit.\n${lines.join('\n')}`
}
