import type { PersonId } from '../core/ids.ts'
import type { Language } from '../core/party.ts'
import { changed, settingsFrom } from '../core/settings.ts'
import type { SettingChange, Settings } from '../core/settings.ts'
import { Lanes } from './lanes.ts'
import type { Facts } from './ports.ts'

const SETTINGS = 'settings'
const HEARD = 'locale'

/** What each person has set for themselves, and the language that their channels were last seen in; kept over restarts. */
export class OwnSettings {
  readonly #facts: Facts
  readonly #lanes = new Lanes()
  readonly #listeners: ((person: PersonId, settings: Settings) => void)[] = []

  constructor(facts: Facts) {
    this.#facts = facts
  }

  async of(person: PersonId): Promise<Settings> {
    return settingsFrom(await this.#facts.get(SETTINGS, person))
  }

  /** Resolves with the settings after it, when they are kept. Two wishes that come at once are both kept. */
  change(person: PersonId, change: SettingChange): Promise<Settings> {
    return this.#lanes.run(person, async () => {
      const settings = changed(await this.of(person), change)
      await this.#facts.put(SETTINGS, person, settings)
      for (const listener of this.#listeners) listener(person, settings)
      return settings
    })
  }

  /** Tells of each wish, when it is kept. */
  onChange(listener: (person: PersonId, settings: Settings) => void): void {
    this.#listeners.push(listener)
  }

  /** Remembers the language that a channel gave for this person. */
  async heard(person: PersonId, language: Language): Promise<void> {
    if ((await this.#facts.get(HEARD, person)) !== language) await this.#facts.put(HEARD, person, language)
  }

  /** What the bot writes in where nobody has just said anything: the setting, else the last locale seen. */
  async languageOf(person: PersonId): Promise<Language | undefined> {
    const { language } = await this.of(person)
    return language ?? (await this.#facts.get<Language>(HEARD, person))
  }
}
