import { personId } from '../../core/ids.ts'
import type { PersonId } from '../../core/ids.ts'
import { Lanes } from '../lanes.ts'
import type { OwnSettings } from '../own-settings.ts'
import type { Calendar, Chat, Clock, Directory, Facts, Log } from '../ports.ts'
import { joinable } from './agenda.ts'
import type { Agenda, Joinable } from './agenda.ts'
import { lastHome } from './home.ts'

export type RemindersDeps = {
  readonly settings: OwnSettings
  readonly calendar: Calendar
  readonly directory: Directory
  readonly agenda: Agenda
  readonly chat: Pick<Chat, 'say'>
  readonly facts: Facts
  readonly clock: Clock
  readonly log: Log
}

const MINUTE = 60_000
/** How often calendars are looked at, and how far. */
const EVERY = 4 * MINUTE
const AHEAD = EVERY + MINUTE
/** So long after its beginning a meeting is still worth a word: a restart may have lain between. */
const LATE = 2 * MINUTE
const WITHIN = 10_000
const AT_ONCE = 4

/** "Standup starts now", for those who wish it: in their own chat, in their language, once a meeting. */
export class Reminders {
  readonly #deps: RemindersDeps
  readonly #lanes = new Lanes()
  /** What is due to be told, by person; made anew with each look, so that what was moved is told when it is now. */
  readonly #due = new Map<PersonId, readonly (() => void)[]>()
  #stopTimer: (() => void) | undefined

  constructor(deps: RemindersDeps) {
    this.#deps = deps
    deps.settings.onChange((person, { reminders = false }) => void this.#wish(person, reminders))
  }

  /** Looks now, and from then on every few minutes. */
  start(): void {
    void this.#lookAtAll()
    this.#stopTimer = this.#deps.clock.after(EVERY, () => this.start())
  }

  stop(): void {
    this.#stopTimer?.()
    for (const person of [...this.#due.keys()]) this.#forget(person)
  }

  async #wish(person: PersonId, on: boolean): Promise<void> {
    await this.#lanes.run('people', async () => {
      const others = (await this.#people()).filter((one) => one !== person)
      await this.#deps.facts.put('reminders', 'people', on ? [...others, person] : others)
    })
    if (on) await this.#look(person)
    else this.#forget(person)
  }

  async #people(): Promise<readonly PersonId[]> {
    const kept = (await this.#deps.facts.get<readonly string[]>('reminders', 'people')) ?? []
    return kept.map((id) => personId(id))
  }

  async #lookAtAll(): Promise<void> {
    const people = await this.#people()
    for (let i = 0; i < people.length; i += AT_ONCE)
      await Promise.all(people.slice(i, i + AT_ONCE).map((person) => this.#look(person)))
  }

  async #look(person: PersonId): Promise<void> {
    const { calendar, clock, directory, log } = this.#deps
    try {
      const me = await directory.byId(person)
      const now = clock.now()
      const found = me ? await calendar.between(me, now - LATE, now + AHEAD, WITHIN) : 'none'
      // A calendar that is away for a moment takes nothing back that it has told.
      if (typeof found === 'string') return
      this.#forget(person)
      const due = joinable(found).filter(({ startsAt }) => startsAt >= now - LATE)
      this.#due.set(
        person,
        due.map((one) =>
          clock.after(Math.max(0, one.startsAt - clock.now()), () => void this.#remind(person, one)),
        ),
      )
    } catch (err) {
      log.warn({ code: 'REMINDERS', err, person }, 'whose meetings begin could not be seen')
    }
  }

  #forget(person: PersonId): void {
    for (const stop of this.#due.get(person) ?? []) stop()
    this.#due.delete(person)
  }

  /** It is remembered before it is told: rather not at all than twice. */
  async #remind(person: PersonId, one: Joinable): Promise<void> {
    const { agenda, chat, directory, facts, settings, log } = this.#deps
    try {
      const key = JSON.stringify([person, one.uid])
      const me = await directory.byId(person)
      const home = await lastHome(person, facts)
      if (!me || !home || (await facts.get('reminded', key)) !== undefined) return
      await facts.put('reminded', key, true)
      const at = { ...home, language: (await settings.languageOf(person)) ?? 'en' }
      chat.say(at, await agenda.reminder(one, { me, at }))
    } catch (err) {
      log.warn({ code: 'REMINDERS', err, person }, 'a reminder could not be written')
    }
  }
}
