/** What somebody has set for themselves. What was never set is not there: then the administrator's word or the usual goes. */
import type { Language, PhoneKind } from './party.ts'

export type Settings = {
  /** The phone of one's own that rings first; the desk phone where nothing is said. */
  readonly rings?: PhoneKind
  /** What the bot speaks, where a command does not tell; as the channel says where nothing is said. */
  readonly language?: Language
  /** Whether "1" is to be pressed before the other side is called. */
  readonly pressOne?: boolean
  /** Whether one is told when a meeting of one's calendar begins. */
  readonly reminders?: boolean
}

/** One wish. */
export type SettingChange =
  | { readonly set: 'rings'; readonly to: PhoneKind }
  | { readonly set: 'language'; readonly to: Language | 'channel' }
  | { readonly set: 'pressOne'; readonly to: boolean }
  | { readonly set: 'reminders'; readonly to: boolean }

/** `PRESS_ONE`: how it is where a user has said nothing, or how it is for everybody. */
export type PressOneRule = 'off' | 'on' | 'never' | 'always'

/** The settings after a wish. The same wish twice is one. */
export function changed(settings: Settings, change: SettingChange): Settings {
  const { language: _before, ...rest } = settings
  switch (change.set) {
    case 'rings':
      return { ...settings, rings: change.to }
    case 'pressOne':
      return { ...settings, pressOne: change.to }
    case 'reminders':
      return { ...settings, reminders: change.to }
    case 'language':
      return change.to === 'channel' ? rest : { ...rest, language: change.to }
  }
}

/** Whether "1" is to be pressed: an administrator's `always` or `never` wins over what the user has set. */
export function pressesOne(rule: PressOneRule, { pressOne }: Settings): boolean {
  return isForced(rule) ? rule === 'always' : (pressOne ?? rule === 'on')
}

/** Whether users have no say in it. */
export function isForced(rule: PressOneRule): boolean {
  return rule === 'always' || rule === 'never'
}

/** Settings as they were kept. What this version does not know, an earlier or later one having written it, is left out. */
export function settingsFrom(kept: unknown): Settings {
  const { rings, language, pressOne, reminders } = (
    typeof kept === 'object' && kept !== null ? kept : {}
  ) as Record<keyof Settings, unknown>
  return {
    ...(rings === 'desk' || rings === 'mobile' ? { rings } : {}),
    ...(language === 'en' || language === 'es' ? { language } : {}),
    ...(typeof pressOne === 'boolean' ? { pressOne } : {}),
    ...(typeof reminders === 'boolean' ? { reminders } : {}),
  }
}
