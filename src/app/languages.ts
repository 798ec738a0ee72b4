/** In which language somebody is spoken to (docs/rules.md, "Language"). */
import type { Parsed } from '../core/command/parsed.ts'
import type { Language, Person } from '../core/party.ts'
import { identify } from './identify.ts'
import type { Asker, IdentifyDeps } from './identify.ts'
import type { Inbound } from './inbound.ts'
import type { OwnSettings } from './own-settings.ts'

export type LanguagesDeps = IdentifyDeps & { readonly settings: OwnSettings }

/** What is kept of an act, for a process that comes after this one. `language` where the channel told a locale. */
export type Remembered = Partial<Pick<Asker, 'sender'>> &
  Omit<Asker, 'sender'> & { readonly language?: Language }

export class Languages {
  readonly #deps: LanguagesDeps

  constructor(deps: LanguagesDeps) {
    this.#deps = deps
  }

  /** Of an answer: the command's where it is certain, else the user's setting, else what the channel says. */
  async ofAnswer(inbound: Inbound, me: Person | undefined, parsed?: Parsed): Promise<Language> {
    const said = parsed && 'language' in parsed ? parsed.language : undefined
    if (said !== undefined || !me) return said ?? languageOf(inbound)
    return (await this.#deps.settings.of(me.id)).language ?? languageOf(inbound)
  }

  /** The same when the act has been done: who asks for another language is answered in that one. */
  async afterwards(inbound: Inbound, me: Person, parsed: Parsed | undefined): Promise<Language> {
    const change =
      parsed?.kind === 'command' && parsed.command.name === 'settings' ? parsed.command.change : undefined
    return this.ofAnswer(inbound, me, change?.set === 'language' ? undefined : parsed)
  }

  /** Of what the bot writes first: the setting, else what the channel says now, else what it said last. */
  async ofGreeting(inbound: Inbound, me: Person | undefined): Promise<Language> {
    if (!me) return languageOf(inbound)
    await this.hear(inbound, me)
    return (await this.#deps.settings.languageOf(me.id)) ?? languageOf(inbound)
  }

  /** The same for what an earlier process was told. No channel is asked who that was: the bot does not listen yet. */
  async ofEarlier({ sender, channel, conversation, language }: Remembered): Promise<Language> {
    const { settings, log } = this.#deps
    const nobody = { memberEmail: () => Promise.resolve(undefined) }
    const me =
      sender &&
      (await identify({ sender, channel, conversation }, { ...this.#deps, chat: nobody }).catch(
        (err: unknown) => {
          log.warn({ code: 'SENDER_UNKNOWN', err, channel }, 'whoever wrote before the restart is not known')
          return undefined
        },
      ))
    const set = me && (await settings.of(me.id)).language
    return set ?? language ?? (me && (await settings.languageOf(me.id))) ?? 'en'
  }

  /** Remembers the locale; a channel that tells none changes nothing. */
  async hear(inbound: Inbound, me: Person): Promise<void> {
    if (inbound.locale) await this.#deps.settings.heard(me.id, languageOf(inbound))
  }
}

/** As the channel says; English where it does not. */
export function languageOf({ locale }: Pick<Inbound, 'locale'>): Language {
  return locale?.toLowerCase().startsWith('es') ? 'es' : 'en'
}
