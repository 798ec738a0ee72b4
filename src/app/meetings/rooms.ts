import type { Call } from '../../core/call/call.ts'
import { meetingId } from '../../core/ids.ts'
import type { LegId, MeetingId } from '../../core/ids.ts'
import type { Meeting } from '../../core/meeting/meeting.ts'
import type { Person, PhoneKind } from '../../core/party.ts'
import type { Screen, SoundAlone } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { CallService } from '../call-service.ts'
import { Lanes } from '../lanes.ts'
import type { Wanted } from '../place-call.ts'
import type { Policy } from '../policy.ts'
import type { Chat, Clock, Facts, Legs } from '../ports.ts'
import type { Visit } from '../visit.ts'
import { isDeserted, isFull } from './door.ts'
import type { Inviting } from './inviting.ts'
import type { KnownMeetings } from './known.ts'
import type { Maker } from './maker.ts'
import { deserted, goneFrom, isBridge, outsideOf } from './outside.ts'
import type { Gone } from './outside.ts'
import { declinedAfter, inviteOf, legOfPerson, roomOf, viewOfRoom } from './room.ts'
import type { Declined, Room } from './room.ts'

export type RoomsDeps = {
  readonly calls: CallService
  readonly legs: Pick<Legs, 'onSpeaks'>
  readonly chat: Pick<Chat, 'showRoom' | 'say'>
  readonly facts: Facts
  readonly clock: Clock
  readonly policy: Policy
  readonly known: Pick<KnownMeetings, 'get' | 'note'>
  readonly newId: () => string
  readonly maker: Maker
  readonly inviting: Inviting
  /** Rings the user's own phone, where every rule about who may call lets it. */
  dial(visit: Visit, wanted: Wanted, from?: PhoneKind): Promise<Screen | undefined>
  /** Shares a meeting that was made elsewhere, and brings its host in. */
  join(visit: Visit, meeting: Meeting, from?: PhoneKind): Promise<Screen | undefined>
}

/** A room as this process knows it, besides what its calls tell. */
type Live = {
  room: Room
  revision: number
  declined: readonly Declined[]
  readonly speaking: Set<LegId>
  /** Who speaks has changed, and will be shown. */
  due: boolean
  /** Somebody has been rung for it: it is over when nobody is left. */
  begun: boolean
  over: boolean
  /** Nobody of the directory is there: it is looked at again, or not any more. */
  deserted: (() => void) | undefined
  /** The bridge of the meeting that it is part of was called, and is not there. */
  gone?: Gone | undefined
}

/** Milliseconds in which changes of who speaks become one update of the card: a channel has few to give. */
const SPEAKERS_EVERY = 4000
/** Milliseconds that numbers outside may be among themselves, so that somebody whose call broke off can come back. */
const DESERTED_FOR = 60_000

/**
 * The bot's own rooms: meetings by telephone alone, mixed by the bot. A room has its members by calls, each of them a
 * leg or two; it begins with the first and ends with the last one, or when its host ends it for all.
 */
export class Rooms {
  readonly #deps: RoomsDeps
  readonly #live = new Map<MeetingId, Live>()
  readonly #lanes = new Lanes()
  /** By room: of two who come at once, one may be the last for whom there is a place. */
  readonly #doors = new Lanes()

  constructor(deps: RoomsDeps) {
    this.#deps = deps
    deps.calls.onChange((call) => {
      const id = roomOf(call)
      if (id !== undefined) void this.#lanes.run(id, () => this.#follow(id, call))
    })
    deps.legs.onSpeaks((id, leg, on) => {
      const call = deps.calls.get(id)
      const room = call && roomOf(call)
      const live = room && this.#live.get(room)
      if (live) this.#heard(live, leg, on)
    })
  }

  /** `meet now`: rings the user's own phone, and the card by which the others come in stands in the conversation. */
  async meetNow(visit: Visit, from?: PhoneKind): Promise<Screen | undefined> {
    const { meeting, soundAlone } = await this.#deps.maker.make(visit.me)
    if (meeting) return this.#deps.join(visit, meeting, from)
    const { room } = await this.#open(visit, soundAlone)
    return this.#deps.dial(visit, { room }, from)
  }

  /**
   * `turn into meeting`: both phones of the running call go on in a room, which nobody notices but by its tone. Whoever of the
   * two says so is its host, whichever of them had called.
   */
  async fromCall(visit: Visit): Promise<Screen | undefined> {
    const moved = await this.#moved(visit)
    return 'sentence' in moved ? say(moved.sentence) : undefined
  }

  /** `add <who>`: rings them for the meeting that the user is in; a call of two becomes one. */
  async add(visit: Visit, wanted: Wanted): Promise<Screen | undefined> {
    const moved = await this.#moved(visit, true)
    return say('sentence' in moved ? moved.sentence : await this.#invite(visit, moved.live, wanted))
  }

  /** [Invite …]: the card that asks whom is a message of its own, so that the room's can change while somebody types. */
  async askWhom(
    visit: Visit,
    id: string,
    fresh: boolean,
  ): Promise<{ readonly card: Screen; readonly say?: Screen }> {
    let invite: Screen | undefined
    const card = await this.#pressed(visit, id, fresh, (live) => {
      const refused = this.#mayBring(visit, live)
      if (!refused) invite = inviteOf(this.#view(live))
      return refused
    })
    return { card, ...(invite ? { say: invite } : {}) }
  }

  /** Rings somebody for this room. */
  async inviteTo(visit: Visit, id: string, wanted: Wanted): Promise<Screen> {
    const live = await this.#find(id)
    return say(!live || live.over ? { code: 'roomOver' } : await this.#invite(visit, live, wanted))
  }

  /** Whether this is a room of the bot's own. */
  async has(id: string): Promise<boolean> {
    return (await this.#find(id)) !== undefined
  }

  /** As it is kept, where it goes on or is still to begin; or why this user does not come in. */
  async roomFor(visit: Visit, id: MeetingId): Promise<Room | Sentence | undefined> {
    const live = await this.#find(id)
    return live && !live.over ? (this.#refused(visit, live) ?? live.room) : undefined
  }

  /** [Redial] on the record of a call that was in a room: back into it, while it goes on. */
  async again(visit: Visit, id: MeetingId, from?: PhoneKind): Promise<Screen | undefined> {
    const live = await this.#find(id)
    const told = !live || live.over ? ({ code: 'roomOver' } as const) : await this.#comeIn(visit, live, from)
    return told && 'code' in told ? say(told) : told
  }

  /** The room of this conversation that goes on, where there is one. */
  here({ at }: Visit): MeetingId | undefined {
    return [...this.#live.values()].findLast(
      ({ room: { where }, over, begun }) =>
        begun && !over && where.channel === at.channel && where.conversation === at.conversation,
    )?.room.id
  }

  /** [Call me]: whoever presses comes in by their own phone. */
  callMe(visit: Visit, id: string, from: PhoneKind | undefined, fresh: boolean): Promise<Screen> {
    return this.#pressed(visit, id, fresh, (live) => this.#comeIn(visit, live, from))
  }

  /** [Mute me], and by words: in their room nobody hears this user, or everybody again. */
  muteMe(visit: Visit, on: boolean): Screen {
    const mine = this.#mine(visit.me)
    if (!mine) return say({ code: 'inNoRoom' })
    this.#deps.calls.tell(mine.call.id, { type: 'muted', leg: mine.leg, on })
    return say({ code: 'muted', on })
  }

  /** The same by the card's button, which is one for both. */
  toggleMute(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#pressed(visit, id, fresh, (live) => {
      const mine = this.#legIn(live, visit)
      if (!mine) return { code: 'inNoRoom' }
      const on = mine.call.legs.find((leg) => leg.id === mine.leg)?.muted !== true
      this.#deps.calls.tell(mine.call.id, { type: 'muted', leg: mine.leg, on })
      return undefined
    })
  }

  /** [Mute all]: everybody but the host, who presses; not the bridge, where nobody could unmute themselves. */
  muteAll(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, (live) => {
      const own = this.#legIn(live, visit)?.leg
      for (const call of this.#callsIn(live))
        for (const leg of call.legs)
          if (leg.id !== own && !isBridge(call, leg))
            this.#deps.calls.tell(call.id, { type: 'muted', leg: leg.id, on: true })
    })
  }

  /** [Lock], and [Unlock]. */
  lock(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, async (live) => {
      await this.#change(live, { locked: !live.room.locked })
    })
  }

  /** [End for all]: everybody is hung up, whoever rings is not rung any more. */
  endForAll(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, (live) => {
      this.#endAll(live)
    })
  }

  /** The card's activity, by which it is found again; false where this is no room. */
  async posted(id: MeetingId, card: string): Promise<boolean> {
    const live = await this.#find(id)
    if (live) await this.#keep(live, { ...live.room, card })
    return live !== undefined
  }

  async #open({ me, at }: Visit, soundAlone?: SoundAlone): Promise<Live> {
    const id = meetingId(`m_${this.#deps.newId()}`)
    const live = born({
      ...{ id, host: { id: me.id, name: me.name }, where: at, locked: false },
      ...(soundAlone === undefined ? {} : { soundAlone }),
    })
    this.#live.set(id, live)
    await this.#keep(live, live.room)
    return live
  }

  async #keep(live: Live, room: Room): Promise<void> {
    live.room = room
    await this.#deps.facts.put('room', room.id, room)
  }

  /** One of an earlier process is taken up again, so that its card becomes true. */
  async #find(id: string): Promise<Live | undefined> {
    const known = this.#live.get(id as MeetingId)
    if (known) return known
    const room = await this.#deps.facts.get<Room>('room', id)
    if (!room) return undefined
    const live = this.#live.get(room.id) ?? born(room)
    this.#live.set(room.id, live)
    live.begun = true
    // Unless its bridge is among the calls that go on, it has gone with the process.
    live.gone = {}
    live.over = this.#callsIn(live).length === 0
    return live
  }

  /** The room that the user is in; a conversation of two goes on in one that is opened for it. */
  async #moved(visit: Visit, orIn = false): Promise<{ live: Live } | { sentence: Sentence }> {
    const mine = this.#mine(visit.me)
    const there = mine && (await this.#find(roomOf(mine.call) ?? ''))
    if (there) return orIn ? { live: there } : { sentence: { code: 'alreadyMeeting' } }
    const { calls } = this.#deps
    const talking = calls.talking(visit.me.id)
    if (!talking) {
      const running = calls.running(visit.me.id)
      if (!running) return { sentence: { code: orIn ? 'addToWhat' : 'noCall' } }
      return { sentence: { code: 'notYetTalking', who: running.request.callee.name } }
    }
    const { meeting, callee } = talking.request
    if (meeting && !orIn) return { sentence: { code: 'alreadyMeeting' } }
    if (talking.keying === 'waiting') return { sentence: { code: 'notYetTalking', who: callee.name } }
    const live = await this.#open(visit)
    const known = meeting && (await this.#deps.known.get(meeting.id))
    if (known) {
      live.gone = {}
      await this.#keep(live, { ...live.room, outside: outsideOf(known, this.#deps.policy) })
    }
    calls.tell(talking.id, { type: 'roomed', room: live.room.id })
    // Nobody waits for it: they talk on meanwhile.
    if (!meeting) void this.#makeMeetingOf(visit, live)
    return { live }
  }

  /** The room becomes part of a meeting, where one can be made: by its link and number others come in. */
  async #makeMeetingOf(visit: Visit, live: Live): Promise<void> {
    const { maker, inviting, known, policy, clock } = this.#deps
    const { meeting, soundAlone } = await maker.make(visit.me)
    if (live.over) return
    if (!meeting) return soundAlone === undefined ? undefined : this.#change(live, { soundAlone })
    const one = await known.note(meeting, visit.at, clock.now())
    await this.#change(live, { outside: outsideOf(one, policy) })
    const called = await inviting.callBridge(visit, live.room, one).catch(() => false)
    if (called) return
    live.gone = { cause: 'unreachable' }
    this.#show(live)
  }

  async #change(live: Live, change: Partial<Room>): Promise<void> {
    await this.#keep(live, { ...live.room, ...change })
    this.#show(live)
  }

  #invite(visit: Visit, live: Live, wanted: Wanted): Promise<Sentence> {
    return this.#doors.run(live.room.id, async () => {
      const refused = this.#mayBring(visit, live)
      return refused ?? this.#deps.inviting.ring(visit, live.room, this.#callsIn(live), wanted)
    })
  }

  /** Those who are in bring others; where it is locked, the host alone. */
  #mayBring(visit: Visit, live: Live): Sentence | undefined {
    const { host, locked } = live.room
    if (host.id === visit.me.id) return undefined
    if (locked) return { code: 'roomLocked', host: host.name }
    return this.#legIn(live, visit) ? undefined : { code: 'inNoRoom' }
  }

  #callsIn({ room }: Live): readonly Call[] {
    return this.#deps.calls.all((call) => call.outcome === undefined && roomOf(call) === room.id)
  }

  #legIn(live: Live, { me }: Visit): { readonly call: Call; readonly leg: LegId } | undefined {
    return legAmong(this.#callsIn(live), me)
  }

  #mine(me: Person): { readonly call: Call; readonly leg: LegId } | undefined {
    return legAmong(
      this.#deps.calls.all((call) => call.state === 'inRoom'),
      me,
    )
  }

  async #asHost(
    visit: Visit,
    id: string,
    fresh: boolean,
    act: (live: Live) => void | Promise<void>,
  ): Promise<Screen> {
    return this.#pressed(visit, id, fresh, async (live) => {
      if (live.room.host.id !== visit.me.id) return { code: 'hostOnly', host: live.room.host.name }
      await act(live)
      return undefined
    })
  }

  #comeIn(visit: Visit, live: Live, from?: PhoneKind): Promise<Sentence | Screen | undefined> {
    return this.#doors.run(live.room.id, async () => {
      return this.#refused(visit, live) ?? this.#deps.dial(visit, { room: live.room }, from)
    })
  }

  #refused(visit: Visit, live: Live): Sentence | undefined {
    const { host, locked } = live.room
    if (this.#legIn(live, visit)) return { code: 'alreadyIn', who: visit.me.name }
    if (locked && host.id !== visit.me.id) return { code: 'roomLocked', host: host.name }
    return isFull(this.#callsIn(live), this.#deps.policy)
  }

  /**
   * The card stays everybody's. Why nothing came of a press is for the presser alone: it stands on the card that answers
   * them, which nobody else sees, and a question of theirs in their own chat.
   */
  async #pressed(
    visit: Visit,
    id: string,
    fresh: boolean,
    act: (live: Live) => Sentence | Screen | undefined | Promise<Sentence | Screen | undefined>,
  ): Promise<Screen> {
    const live = await this.#find(id)
    if (!live) return say({ code: 'roomOver' })
    const done = !fresh ? undefined : live.over ? ({ code: 'roomOver' } as const) : await act(live)
    // What the press did to the calls stands in their mailboxes: the card is drawn when they have taken it.
    await Promise.resolve()
    const note = done && ('code' in done ? done : done.kind === 'sentence' ? done.sentence : undefined)
    if (done && !note && !('code' in done)) this.#deps.chat.say(visit.at, done)
    return { kind: 'room', view: { ...this.#view(live), ...(note ? { note } : {}) } }
  }

  async #follow(id: MeetingId, call: Call): Promise<void> {
    const live = await this.#find(id)
    if (!live) return
    live.begun = true
    for (const { id: leg, state } of call.legs) if (state === 'ended') live.speaking.delete(leg)
    if (!call.request.meeting) live.declined = declinedAfter(live.declined, call)
    live.gone = goneFrom(call) ?? live.gone
    const there = this.#callsIn(live)
    live.over = there.length === 0
    this.#watch(live, !live.over && isDeserted(there))
    this.#show(live)
    for (const { id: bridge } of deserted(there)) this.#deps.calls.tell(bridge, { type: 'room.ended' })
  }

  /** Those who were brought in from outside are not left to themselves for long. */
  #watch(live: Live, deserted: boolean): void {
    if (deserted)
      live.deserted ??= this.#deps.clock.after(DESERTED_FOR, () => {
        live.deserted = undefined
        this.#endAll(live)
      })
    else {
      live.deserted?.()
      live.deserted = undefined
    }
  }

  #endAll(live: Live): void {
    for (const call of this.#callsIn(live)) this.#deps.calls.tell(call.id, { type: 'room.ended' })
  }

  #heard(live: Live, leg: LegId, on: boolean): void {
    if (on) live.speaking.add(leg)
    else live.speaking.delete(leg)
    if (live.due) return
    live.due = true
    this.#deps.clock.after(SPEAKERS_EVERY, () => {
      live.due = false
      if (!live.over) this.#show(live)
    })
  }

  #show(live: Live): void {
    live.revision += 1
    this.#deps.chat.showRoom(live.room.where, this.#view(live), live.room.card)
  }

  #view(live: Live) {
    return viewOfRoom(live.room, this.#callsIn(live), live)
  }
}

function born(room: Room): Live {
  return {
    room,
    revision: 0,
    declined: [],
    speaking: new Set(),
    due: false,
    begun: false,
    over: false,
    deserted: undefined,
  }
}

function legAmong(calls: readonly Call[], { id }: Person) {
  for (const call of calls) {
    const leg = legOfPerson(call, id)
    if (leg !== undefined) return { call, leg }
  }
  return undefined
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })
