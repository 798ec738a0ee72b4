import type { SettingName, Values } from './settings.ts'

/** What was given, and where faults and warnings go. */
export type Given = {
  readonly values: Values
  /** Was it set at all, fit or unfit? */
  readonly has: (name: SettingName) => boolean
  readonly fault: (setting: SettingName, problem: string, remedy: string) => void
  readonly warn: (sentence: string) => void
  /** @throws what reading a file throws */
  readonly read: (file: string) => string
  readonly cwd: string
}
