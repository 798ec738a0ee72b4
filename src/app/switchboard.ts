import type { Call, CallRequest } from '../core/call/call.ts'
import { meetingId } from '../core/ids.ts'
import type { AskId, CallId, MeetingId, PersonId } from '../core/ids.ts'
import type { Meeting } from '../core/meeting/meeting.ts'
import { providerOf } from '../core/meeting/providers.ts'
import type { Person, PhoneKind } from '../core/party.ts'
import type { Screen } from '../core/screen.ts'
import type { Sentence } from '../core/sentence.ts'
import type { Ask, Asks } from './asks.ts'
import type { CallService } from './call-service.ts'
import { Lanes } from './lanes.ts'
import type { KnownMeetings } from './meetings/known.ts'
import { homeOf } from './meetings/home.ts'
import { Agenda } from './meetings/agenda.ts'
import { Inviting } from './meetings/inviting.ts'
import { Maker } from './meetings/maker.ts'
import type { MakerDeps } from './meetings/maker.ts'
import { Meetings } from './meetings/meetings.ts'
import { Rooms } from './meetings/rooms.ts'
import type { Resolver } from './meetings/resolver.ts'
import type { Watched } from './meetings/watched.ts'
import { placeCall, sameTarget } from './place-call.ts'
import type { Placed, Wanted } from './place-call.ts'
import type { Dialplan, Policy } from './policy.ts'
import type { OwnSettings } from './own-settings.ts'
import type { Calendar, CallStore, Chat, Clock, Directory, Facts, Legs } from './ports.ts'
import type { Often } from './often.ts'
import { Screens } from './screens.ts'
import { firstOf } from './shortlist.ts'
import type { Shortlist } from './shortlist.ts'
import { SettingsScreens } from './settings-screens.ts'
import type { Visit } from './visit.ts'
import { behindNumber, named, othersIn } from './whom.ts'

export type SwitchboardDeps = {
  readonly calls: CallService
  readonly store: CallStore
  readonly directory: Directory
  readonly legs: Legs
  readonly chat: Pick<Chat, 'members' | 'showMeeting' | 'showRoom' | 'say'>
  readonly facts: Facts
  readonly asks: Asks
  readonly often: Often
  readonly settings: OwnSettings
  readonly clock: Clock
  readonly policy: Policy
  readonly dialplan: Dialplan
  readonly known: KnownMeetings
  readonly resolver: Resolver
  readonly watched: Watched
  readonly calendar: Calendar
  readonly newId: () => string
  readonly newDigits: MakerDeps['newDigits']
  readonly createMeeting?: NonNullable<MakerDeps['createMeeting']>
}

/** Whose phones are meant, where the usual ones are not: the user's own, and one of the other side. */
export type WhichPhones = { readonly from?: PhoneKind; readonly to?: PhoneKind }

/** What somebody is looked for: to be called; or to be rung for a meeting, this one or the one that the user is in. */
type Sought = WhichPhones & { readonly add?: MeetingId | 'mine' }

const HOUR = 60 * 60 * 1000
/** Milliseconds that the next call waits for the last one's phones to be free. */
const FAREWELL = 2000

/**
 * What a user can have done, whichever way: typed or pressed. Each answers with the screen to show, or with nothing
 * where the call's own card shows it.
 */
export class Switchboard {
  readonly #deps: SwitchboardDeps
  /** What can be looked at, besides. */
  readonly screens: Screens
  /** What users set for themselves. */
  readonly settings: SettingsScreens
  readonly meetings: Meetings
  /** One's own day. */
  readonly agenda: Agenda
  /** Meetings that are the bot's own. */
  readonly rooms: Rooms
  /** By person: several accounts or devices of one user must not both find the phone free. */
  readonly #dialling = new Lanes()
  #draining = false

  constructor(deps: SwitchboardDeps) {
    this.#deps = deps
    this.screens = new Screens(deps)
    this.settings = new SettingsScreens(deps)
    this.agenda = new Agenda(deps)
    this.meetings = new Meetings({
      ...deps,
      agenda: this.agenda,
      dial: (visit, wanted, from) => this.dial(visit, wanted, from),
    })
    this.rooms = new Rooms({
      ...deps,
      maker: new Maker(deps),
      inviting: new Inviting({
        ...deps,
        permit: (visit, wanted) => this.#permit(visit, wanted, undefined),
      }),
      dial: (visit, wanted, from) => this.dial(visit, wanted, from),
      refusal: async (visit, from) => {
        const room = { id: meetingId('m_'), host: visit.me, where: visit.at, locked: false }
        const permitted = await this.#permit(visit, { room }, from)
        return 'sentence' in permitted ? permitted.sentence : undefined
      },
      join: (visit, meeting, from) => this.#shareAndJoin(visit, meeting, from),
    })
  }

  /** From now on nobody is rung any more: the bot is being stopped. */
  drain(): void {
    this.#draining = true
  }

  /** `call <who> [from <phone>]`: finds out who is meant, asks where it is not certain, and rings. */
  async call(visit: Visit, who: string, phones: WhichPhones = {}): Promise<Screen | undefined> {
    return who === '' ? this.#callHere(visit, phones) : this.#seek(visit, who, phones)
  }

  /** `call Bob or Alice`: asks which of them, whoever else each name may mean besides. */
  async callEither(visit: Visit, names: readonly string[], phones: WhichPhones): Promise<Screen | undefined> {
    const each = await Promise.all(names.map((who) => this.screens.sought(visit, who)))
    const none = each.find((listed) => 'sentence' in listed)
    if (none) return say(none.sentence)
    const people = each.flatMap((listed) => ('people' in listed ? listed.people : []))
    return this.#askWhom(
      visit,
      '',
      { people: firstOf([...new Set(people)], () => undefined).people, left: 0 },
      phones,
    )
  }

  /** `add <who>`: the same for somebody who is to come into the meeting that the user is in, or into this one. */
  async add(visit: Visit, who: string, { to, add = 'mine' }: Sought = {}): Promise<Screen | undefined> {
    // Nobody is asked which Bob is meant, to hear then that there is nothing to add him to.
    if (add === 'mine' && !this.rooms.isInOne(visit)) return say({ code: 'addToWhat' })
    if (who === '') return say({ code: 'addWhom' })
    return this.#seek(visit, who, { add, ...(to === undefined ? {} : { to }) })
  }

  async #seek(visit: Visit, who: string, phones: Sought): Promise<Screen | undefined> {
    const { directory, dialplan } = this.#deps
    if (dialplan.looksLikeNumber(who)) return this.#reach(visit, await behindNumber(directory, who), phones)
    const found = await named(directory, visit, who)
    const [only, ...others] = found.fitting
    // Whoever is only guessed is asked about, even alone.
    if (only && others.length === 0 && found.guessed.length === 0)
      return this.#reach(visit, personAt(only, phones.to), phones)
    const listed = await this.screens.listed(visit.me, who, found)
    return 'sentence' in listed ? say(listed.sentence) : this.#askWhom(visit, who, listed, phones)
  }

  /** Rings whoever was sought. */
  #reach(visit: Visit, wanted: Wanted, { from, add }: Sought): Promise<Screen | undefined> {
    if (add === undefined) return this.dial(visit, wanted, from)
    return add === 'mine' ? this.rooms.add(visit, wanted) : this.rooms.inviteTo(visit, add, wanted)
  }

  /** From where what is the presser's own goes: their chat with the bot, where one is known. */
  async atHome(visit: Visit): Promise<Visit> {
    const home = visit.group === true ? await homeOf(visit, this.#deps.facts) : undefined
    return { me: visit.me, at: home ?? visit.at }
  }

  async #shareAndJoin(visit: Visit, meeting: Meeting, from?: PhoneKind): Promise<Screen | undefined> {
    await this.meetings.share(visit, [meeting])
    return this.meetings.join(visit, [meeting], from)
  }

  /** `call` and nobody named: the other one of a chat of two; in a larger chat it is asked whom. */
  async #callHere(visit: Visit, phones: WhichPhones): Promise<Screen | undefined> {
    if (!visit.group) return say({ code: 'callWhom' })
    const { directory, chat, often } = this.#deps
    const { channel, conversation } = visit.at
    const others = await othersIn(directory, visit, await chat.members(channel, conversation))
    const [only] = others
    if (!only) return say({ code: 'callWhom' })
    if (others.length === 1) return this.dial(visit, personAt(only, phones.to), phones.from)
    return this.#askWhom(visit, '', firstOf(others, await often.scores(visit.me.id)), phones)
  }

  async #askWhom(
    { me, at }: Visit,
    who: string,
    { people, left }: Shortlist,
    phones: Sought,
  ): Promise<Screen> {
    const { dialplan, asks, clock } = this.#deps
    const ask = await asks.open({
      kind: 'whom',
      by: me.id,
      where: at,
      at: clock.now(),
      people: people.map((person) => person.id),
      ...phonesOf(phones),
      ...(phones.add === undefined ? {} : { add: phones.add }),
    })
    const choices = people.map((person, pick) => {
      const target = dialplan.targetOf(person) ?? dialplan.targetOf(person, 'mobile')
      return {
        pick,
        name: person.name,
        number: target ? dialplan.shown(target) : '',
        ...(person.department === undefined ? {} : { department: person.department }),
        presence: this.screens.presence(person),
      }
    })
    return { kind: 'ask', ask, who, choices, left }
  }

  /** Rings: every rule about who may call whom, and when, is asked here. One call of a person at a time. */
  dial(visit: Visit, wanted: Wanted, from?: PhoneKind): Promise<Screen | undefined> {
    return this.#dialling.run(visit.me.id, async () => {
      const { calls } = this.#deps
      const permitted = await this.#permit(visit, wanted, from)
      if ('sentence' in permitted) return say(permitted.sentence)
      const running = calls.running(visit.me.id)
      if (running && running.state !== 'talking' && running.state !== 'inRoom')
        return say({ code: 'alreadyCalling', who: running.request.callee.name })
      if (running) return this.#askBusy(visit, running, wanted, from)
      return this.#ring(visit, permitted)
    })
  }

  /** One of the people that a question offered. */
  async choose(visit: Visit, ask: string, pick: number): Promise<Screen> {
    const { asks, clock, directory } = this.#deps
    const asked = await asks.get(ask, clock.now())
    if (asked?.kind !== 'whom') return this.screens.standing(visit)
    if (asked.by !== visit.me.id) return say({ code: 'notYours' })
    const id = asked.people[pick]
    const person = id === undefined ? undefined : await directory.byId(id)
    if (!person) return say({ code: 'askExpired' })
    const screen = await this.#reach(visit, personAt(person, asked.to), asked)
    const rung = screen?.kind === 'sentence' && screen.sentence.code === 'inviting'
    if (screen === undefined || screen.kind === 'call' || rung) await asks.close(ask)
    return screen ?? this.screens.standing(visit)
  }

  /** "Hang up and call": the answer to the question of a second call. Nothing is hung up for a call that may not be. */
  hangUpAndCall(visit: Visit, ask: string): Promise<Screen> {
    return this.#dialling.run(visit.me.id, async () => {
      const { asks, calls, clock, directory } = this.#deps
      const { me } = visit
      const asked = await asks.get(ask, clock.now())
      if (asked?.kind !== 'busy') return this.screens.standing(visit)
      if (asked.by !== me.id) return say({ code: 'notYours' })
      const person = asked.person === undefined ? undefined : await directory.byId(asked.person)
      const known = asked.meeting === undefined ? undefined : await this.#deps.known.get(asked.meeting)
      const room = asked.meeting === undefined ? undefined : await this.rooms.roomFor(visit, asked.meeting)
      if (room && 'code' in room) return say(room)
      const wanted = known ? { known } : room ? { room } : wantedOf(asked.number, person, asked.to)
      if (!wanted) return say({ code: 'askExpired' })
      const running = calls.running(me.id)
      // The question was about a call that is over: another one is not hung up for its sake.
      if (running && running.id !== asked.call) return this.screens.standing(visit)
      const permitted = await this.#permit(visit, wanted, asked.from)
      if ('sentence' in permitted) return say(permitted.sentence)
      await asks.close(ask)
      if (running) await this.#over(running.id, me)
      return (await this.#ring(visit, permitted)) ?? this.screens.standing(visit)
    })
  }

  /** "Leave it": the running call goes on, and the question becomes its card's like. */
  async leave(visit: Visit, ask: string): Promise<Screen> {
    const { asks, calls, clock } = this.#deps
    const asked = await asks.get(ask, clock.now())
    if (asked && asked.by !== visit.me.id) return say({ code: 'notYours' })
    if (asked) await asks.close(ask)
    if (asked && asked.kind !== 'busy') return say({ code: 'leftAlone' })
    const running = calls.running(visit.me.id)
    return running ? { kind: 'call', view: this.screens.view(running) } : say({ code: 'noCall' })
  }

  /** "cal Bob": offers the command that was perhaps meant. */
  async askMeant({ me, at }: Visit, text: string, meant: string): Promise<Screen> {
    const { asks, clock } = this.#deps
    const ask = await asks.open({ kind: 'meant', by: me.id, where: at, at: clock.now(), text: meant })
    return { kind: 'askMeant', ask, text, meant }
  }

  /** The command that was offered, to be obeyed once; or the screen that says why there is none. */
  async takeMeant(visit: Visit, id: string): Promise<string | Screen> {
    const { asks, clock } = this.#deps
    const asked = await asks.get(id, clock.now())
    if (asked?.kind !== 'meant') return this.screens.standing(visit)
    if (asked.by !== visit.me.id) return say({ code: 'notYours' })
    await asks.close(id)
    return asked.text
  }

  /** The question that words of this user answer here, where there is one. */
  lastQuestion({ me, at }: Visit): Promise<{ readonly id: AskId; readonly ask: Ask } | undefined> {
    return this.#deps.asks.last(me.id, at, this.#deps.clock.now())
  }

  /** The user has gone on to something else: words answer no earlier question any more. */
  goOn({ me, at }: Visit): Promise<void> {
    return this.#deps.asks.goOn(me.id, at)
  }

  /** Hangs up the running call of this user; the card shows what comes of it. */
  hangUp(visit: Visit): Screen | undefined {
    const { calls } = this.#deps
    // Whoever was brought into a meeting leaves it so, though the call is somebody else's.
    const running = calls.running(visit.me.id)?.id ?? this.rooms.callOf(visit)
    if (running === undefined) return say({ code: 'noCall' })
    calls.hangUp(running, visit.me.id)
    return undefined
  }

  /** [Hang up] on a card: of that call, where it still runs; an old card is redrawn. */
  async hangUpCall({ me }: Visit, id: CallId): Promise<Screen> {
    const call = this.#deps.calls.get(id)
    if (call && call.request.by !== me.id) return say({ code: 'notYours' })
    if (call?.outcome === undefined && call) this.#deps.calls.hangUp(id, me.id)
    return this.screens.card(me, id)
  }

  /** Calls again whom one called last. */
  async redial(visit: Visit, from?: PhoneKind): Promise<Screen | undefined> {
    const [last] = await this.#deps.calls.history(visit.me.id, { skip: 0, limit: 1 })
    if (!last) return say({ code: 'nothingToRedial' })
    return this.#again(visit, last.request, from)
  }

  /** [Redial] on a card: the callee of that call, from the phone asked for. The record keeps its card. */
  async redialCall({ me, at }: Visit, id: CallId, from?: PhoneKind): Promise<Screen | undefined> {
    const { call, record } = await this.#deps.calls.details(id)
    const request = call?.request ?? record?.request
    if (!request) return say({ code: 'buttonUnknown' })
    if (request.by !== me.id) return say({ code: 'notYours' })
    return this.#again({ me, at }, request, from)
  }

  /** What was dialled is dialled again, a mobile number too; through the gate, as anything else. */
  async #again(
    visit: Visit,
    { callee: { person: id, target }, meeting, room }: CallRequest,
    from: PhoneKind | undefined,
  ): Promise<Screen | undefined> {
    if (room && !room.invited) return this.rooms.again(visit, room.id, from)
    const { directory, dialplan } = this.#deps
    if (meeting) return this.meetings.again(visit, meeting.id, from)
    const person = id === undefined ? undefined : await directory.byId(id)
    if (person && sameTarget(dialplan.targetOf(person), target)) return this.dial(visit, { person }, from)
    const number =
      target.kind === 'number' ? target.number : target.kind === 'uri' ? target.uri : target.extension
    return this.dial(visit, { number, ...(person ? { person } : {}) }, from)
  }

  async #permit({ me, at }: Visit, wanted: Wanted, from: PhoneKind | undefined) {
    const { store, policy, clock, dialplan } = this.#deps
    const settings = await this.#deps.settings.of(me.id)
    const placed = await placeCall(me, wanted, from, at, { policy, dialplan, settings })
    if ('sentence' in placed) return placed
    if (this.#draining) return { sentence: { code: 'draining' } as const }
    if ((await store.countSince(me.id, clock.now() - HOUR)) >= policy.callsPerHour)
      return { sentence: { code: 'tooManyCalls', limit: policy.callsPerHour } as const }
    // The calls themselves remember whether there has been one: after a crash as before it.
    const first = (await store.countSince(me.id, 0)) === 0
    return first ? { ...placed, request: { ...placed.request, firstCall: true as const } } : placed
  }

  async #ring({ me, card }: Visit, { request, keys }: Placed): Promise<Screen | undefined> {
    const { calls, legs, often } = this.#deps
    calls.clear(me.id)
    // Better a sentence now than a phone that rings for a call that cannot be.
    const lines = await legs.lines()
    if (lines !== 'free') return say({ code: lines === 'full' ? 'noLine' : 'trunkDown' })
    const call = await calls.request(request, card, keys)
    often.count(me.id, request.callee.person, call.requestedAt)
    return card === undefined ? undefined : { kind: 'call', view: this.screens.view(call) }
  }

  async #askBusy(
    { me, at }: Visit,
    running: Call,
    wanted: Wanted,
    from: PhoneKind | undefined,
  ): Promise<Screen> {
    const { asks, clock } = this.#deps
    const ask = await asks.open({
      kind: 'busy',
      call: running.id,
      by: me.id,
      where: at,
      at: clock.now(),
      ...(personIn(wanted) ?? {}),
      ...('known' in wanted ? { meeting: wanted.known.id } : {}),
      ...('room' in wanted ? { meeting: wanted.room.id } : {}),
      ...('number' in wanted ? { number: wanted.number } : {}),
      ...phonesOf({
        ...(from === undefined ? {} : { from }),
        ...('phone' in wanted ? { to: wanted.phone } : {}),
      }),
    })
    const { name: talkingTo } = running.request.callee
    return { kind: 'askBusy', ask, talkingTo, wanted: nameOf(wanted), wants: wantsOf(wanted, me) }
  }

  /** Hangs up and waits until the phone is free again; not for ever, where the PBX does not answer the BYE. */
  async #over(id: CallId, me: Person): Promise<void> {
    const { calls, clock } = this.#deps
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const stop = clock.after(FAREWELL, () => resolve(undefined))
    calls.hangUp(id, me.id)
    await Promise.race([calls.whenClosed(id), late])
    stop()
  }
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })

function wantedOf(
  number: string | undefined,
  person: Person | undefined,
  phone: PhoneKind | undefined,
): Wanted | undefined {
  if (number !== undefined) return { number, ...(person ? { person } : {}) }
  return person && personAt(person, phone)
}

function personIn(wanted: Wanted): { readonly person: PersonId } | undefined {
  return 'known' in wanted || 'room' in wanted || !wanted.person ? undefined : { person: wanted.person.id }
}

function nameOf(wanted: Wanted): string {
  if ('known' in wanted) return wanted.known.meeting.title ?? providerOf(wanted.known.meeting.provider).label
  if ('room' in wanted) return wanted.room.host.name
  return wanted.person?.name ?? ('number' in wanted ? wanted.number : '')
}

function wantsOf(wanted: Wanted, me: Person): Extract<Screen, { kind: 'askBusy' }>['wants'] {
  if ('known' in wanted) return 'meeting'
  if (!('room' in wanted)) return 'call'
  return wanted.room.host.id === me.id ? 'newRoom' : 'room'
}

const personAt = (person: Person, phone: PhoneKind | undefined): Wanted =>
  phone === undefined ? { person } : { person, phone }

const phonesOf = ({ from, to }: WhichPhones): WhichPhones => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
})
