/** What one setting is made of; the table of them all is settings.ts. */
import { text } from './values.ts'

export type Setting<T = unknown> = {
  /** What it means, in Markdown. */
  readonly help: string
  /** What holds when it is unset, in words. */
  readonly fallback: string
  /** A value for `.env.example`. */
  readonly example: string
  readonly group: Group
  /** Never shown. */
  readonly secret?: true
  /** Nothing reads it in this version: setting it is warned about, and the docs leave it out. */
  readonly planned?: true
  /** @throws Unfit */
  readonly parse: (value: string) => T
}

/** Headings of `.env.example`, in its order. */
export const groups = {
  pbx: 'The PBX',
  numbers: 'Numbers and limits',
  people: 'People',
  bot: 'The bot in Teams and other channels',
  sip: 'SIP and sound: addresses of this machine',
  run: 'Running',
} as const
export type Group = keyof typeof groups

export const setting = <T>(one: Setting<T>): Setting<T> => one
export const planned = (group: Group, secret?: true): Setting<string> => ({
  help: '',
  fallback: '',
  example: '',
  group,
  planned: true,
  ...(secret === undefined ? {} : { secret }),
  parse: text,
})
