import type { Appointment } from '../../core/meeting/agenda.ts'
import { dayOf, isOn, isOver } from '../../core/meeting/day.ts'
import { waysIn } from '../../core/meeting/way-in.ts'
import type { AgendaLine, Screen } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { Policy } from '../policy.ts'
import type { Calendar, Chat, Clock, Facts } from '../ports.ts'
import type { Visit } from '../visit.ts'
import { homeOf } from './home.ts'
import type { Known, KnownMeetings } from './known.ts'

export type AgendaDeps = {
  readonly calendar: Calendar
  readonly known: KnownMeetings
  readonly chat: Pick<Chat, 'say'>
  readonly facts: Facts
  readonly clock: Clock
  readonly policy: Policy
}

/** Milliseconds that somebody waits for their calendar. */
const WITHIN = 5000
/** More lines than that are no card that anybody reads; Teams takes 28 KB. */
const MOST_LINES = 10

type Which = 'today' | 'tomorrow' | 'next'
/** What is said where there is none. */
const NONE = { today: 'noMeetingsToday', tomorrow: 'noMeetingsTomorrow', next: 'noMeetingAhead' } as const

export type Joinable = Appointment & Required<Pick<Appointment, 'meeting'>>

/** The meetings of one's day. They are for their owner alone: in a group nothing of them is shown. */
export class Agenda {
  readonly #deps: AgendaDeps

  constructor(deps: AgendaDeps) {
    this.#deps = deps
  }

  /** `meetings today`, `meetings tomorrow`, `next meeting`. */
  async show(visit: Visit, which: Which): Promise<Screen> {
    if (visit.group !== true) return this.#screen(visit, which)
    const home = await homeOf(visit, this.#deps.facts)
    if (!home) return say({ code: 'agendaAlone' })
    this.#deps.chat.say(home, await this.#screen({ ...visit, at: home }, which))
    return say({ code: 'agendaSent' })
  }

  /** Meetings that one would join now; none where no calendar tells. */
  async on(visit: Visit): Promise<readonly Known[]> {
    const found = await this.#dayOf(visit)
    if (typeof found === 'string') return []
    const now = this.#deps.clock.now()
    return Promise.all(found.filter((one) => isOn(one, now)).map((one) => this.#note(one, visit)))
  }

  /** "Standup starts now", for its owner's own chat. */
  async reminder(one: Joinable, visit: Visit): Promise<Screen> {
    return { kind: 'agenda', about: 'reminder', lines: [await this.#line(one, visit)], left: 0 }
  }

  /** A meeting as a line of a list. */
  lineOf({ id, meeting, told }: Known, times?: Pick<Appointment, 'startsAt' | 'endsAt'>): AgendaLine {
    const { policy, clock } = this.#deps
    const { provider, title, link } = meeting
    const ways = waysIn(meeting, policy.country, policy.bridges, told)
    const startsAt = times?.startsAt ?? meeting.startsAt
    const over = times !== undefined && isOver(times, clock.now())
    return {
      meeting: id,
      provider,
      ...(title === undefined ? {} : { title }),
      ...(link === undefined ? {} : { link }),
      ...(startsAt === undefined ? {} : { startsAt }),
      state: over ? 'over' : times && isOn(times, clock.now()) ? 'on' : 'later',
      // What the text does not tell, Teams itself perhaps does, when somebody wants in.
      callable: !over && (typeof ways !== 'string' || provider === 'teams'),
    }
  }

  async #screen(visit: Visit, which: Which): Promise<Screen> {
    const found = await this.#dayOf(visit, which === 'tomorrow' ? 1 : 0)
    if (found === 'none') return say({ code: 'noCalendar' })
    if (found === 'away') return say({ code: 'calendarAway' })
    const now = this.#deps.clock.now()
    const ahead = found.filter((one) => !isOver(one, now))
    // What is on and to come is wanted most; what is over stands before it as long as there is room.
    const shown =
      which === 'next'
        ? ahead.slice(0, 1)
        : found.slice(Math.max(0, Math.min(found.length - ahead.length, found.length - MOST_LINES)))
    if (shown.length === 0) return say({ code: NONE[which] })
    const lines = await Promise.all(shown.slice(0, MOST_LINES).map((one) => this.#line(one, visit)))
    const left = which === 'next' ? 0 : Math.max(0, shown.length - MOST_LINES)
    const { offset } = visit
    return { kind: 'agenda', about: which, lines, left, ...(offset === undefined ? {} : { offset }) }
  }

  async #line(one: Joinable, visit: Visit): Promise<AgendaLine> {
    return this.lineOf(await this.#note(one, visit), one)
  }

  #note({ meeting }: Joinable, { at }: Visit): Promise<Known> {
    return this.#deps.known.note(meeting, at, this.#deps.clock.now())
  }

  /** @param ahead days behind today */
  async #dayOf({ me, offset }: Visit, ahead = 0): Promise<readonly Joinable[] | 'none' | 'away'> {
    const { calendar, clock } = this.#deps
    const now = clock.now()
    // A channel that does not tell: as the clock of this house is.
    const { from, until } = dayOf(now, offset ?? -new Date(now).getTimezoneOffset(), ahead)
    const found = await calendar.between(me, from, until, WITHIN)
    return typeof found === 'string' ? found : joinable(found)
  }
}

/** Those that somebody joins by phone. */
export function joinable(found: readonly Appointment[]): readonly Joinable[] {
  return found.filter((one): one is Joinable => one.meeting !== undefined)
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })
