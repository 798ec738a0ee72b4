/** Environment → frozen, validated Config. All faults are reported at once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { assemble, trunksAgain } from './config/assemble.ts'
import type { Given } from './config/given.ts'
import { ConfigFault } from './config/fault.ts'
import type { SettingFault } from './config/fault.ts'
import { settings } from './config/settings.ts'
import type { SettingName, Values } from './config/settings.ts'
import type { Setting } from './config/setting.ts'
import type { Config } from './config/types.ts'
import { typos } from './config/typo.ts'
import { Unfit } from './config/values.ts'

export { ConfigFault } from './config/fault.ts'
export type { Config } from './config/types.ts'

export type Loaded = {
  readonly config: Config
  /** Sentences for the log: what was set and has no effect. */
  readonly warnings: readonly string[]
  /** Reads `TRUNKS_FILE` again, for a bot that runs with this configuration. */
  readonly rereadTrunks: () => RereadTrunks
}

export type RereadTrunks =
  | (Pick<Config, 'trunks' | 'signalling'> & { readonly warnings: readonly string[] })
  /** For the administrator. */
  | { readonly fault: ConfigFault }

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from the environment and from `.env` in the working directory; the environment wins, and an
 * empty variable counts as unset. Reads `TRUNKS_FILE` and `PEOPLE_FILE` too, so that their faults are told with the
 * others.
 * @throws ConfigFault with all faults; its message is for the person who starts the bot
 */
export function loadConfig(
  env: Env = process.env,
  options: { readonly cwd?: string; readonly read?: (file: string) => string } = {},
): Loaded {
  const { cwd = process.cwd(), read = (file: string) => readFileSync(file, 'utf8') } = options
  const all = { ...dotEnv(join(cwd, '.env'), read), ...env }
  const faults: SettingFault[] = []
  const warnings = typos(
    Object.keys(all).filter((name) => isSet(all[name])),
    names,
  )
  const values = parseAll(all, faults, warnings)
  const givenTo = (faults: SettingFault[], warnings: string[]): Given => ({
    values,
    has: (name) => isSet(all[name]),
    fault: (setting, problem, remedy) =>
      faults.push({ setting, ...shown(setting, all[setting]), problem, remedy }),
    warn: (sentence) => warnings.push(sentence),
    read,
    cwd,
  })
  const config = assemble(givenTo(faults, warnings))
  if (faults.length > 0) throw new ConfigFault(faults)
  deepFreeze(config)
  return {
    config,
    warnings,
    rereadTrunks() {
      const [faults, warnings]: [SettingFault[], string[]] = [[], []]
      const read = trunksAgain(givenTo(faults, warnings), config)
      return faults.length > 0 ? { fault: new ConfigFault(faults) } : deepFreeze({ ...read, warnings })
    },
  }
}

/**
 * A few settings alone, for tools: nothing else needs to be set, or fit.
 * @throws ConfigFault with the faults of these
 */
export function someSettings<Name extends SettingName>(
  wanted: readonly Name[],
  env: Env = process.env,
  cwd = process.cwd(),
): Partial<Pick<Values, Name>> {
  const all = { ...dotEnv(join(cwd, '.env'), (file) => readFileSync(file, 'utf8')), ...env }
  const faults: SettingFault[] = []
  const values = parseAll(Object.fromEntries(wanted.map((name) => [name, all[name]])), faults, [])
  if (faults.length > 0) throw new ConfigFault(faults)
  return values
}

const names = Object.keys(settings) as SettingName[]
const isSet = (value: string | undefined) => value !== undefined && value.trim() !== ''

function dotEnv(file: string, read: (file: string) => string): Env {
  try {
    return parseEnv(read(file))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {}
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigFault([
      { setting: '.env', problem: `cannot be read: ${why}`, remedy: 'Correct it or remove it.' },
    ])
  }
}

function parseAll(env: Env, faults: SettingFault[], warnings: string[]): Values {
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const name of names) {
    const value = env[name]?.trim()
    if (value === undefined || value === '') continue
    const setting: Setting = settings[name]
    if (setting.planned) warnings.push(`${name} has no effect in this version.`)
    try {
      // A line break would reach SIP and HTTP headers.
      if (/[\u0000-\u001f\u007f]/.test(value))
        throw new Unfit('has a control character', 'Write it on one line.')
      values[name] = setting.parse(value)
    } catch (unfit) {
      if (!(unfit instanceof Unfit)) throw unfit
      faults.push({ setting: name, ...shown(name, value), problem: unfit.message, remedy: unfit.remedy })
    }
  }
  return values as Values
}

/** What may be shown of a value: nothing of a secret, and no password that stands in a URI. */
function shown(name: SettingName, value: string | undefined): { value?: string } {
  if (value === undefined || !isSet(value) || (settings[name] as Setting).secret) return {}
  return { value: value.replace(/:[^@]*(?=@)/, ':…') }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
