import type { Call } from '../../core/call/call.ts'
import { meetingId } from '../../core/ids.ts'
import type { LegId, MeetingId } from '../../core/ids.ts'
import type { Person } from '../../core/party.ts'
import type { RoomView, SoundAlone } from '../../core/screen.ts'
import type { CallService } from '../call-service.ts'
import { Lanes } from '../lanes.ts'
import type { Address, Chat, Clock, Facts, Legs } from '../ports.ts'
import type { Visit } from '../visit.ts'
import { hasOnlyOutsiders } from './door.ts'
import { goneFrom, idleBridges } from './outside.ts'
import type { Gone } from './outside.ts'
import { declinedAfter, legOfPerson, roomOf, viewOfRoom } from './room.ts'
import type { Declined, Room } from './room.ts'

export type LiveRoomsDeps = {
  readonly calls: CallService
  readonly legs: Pick<Legs, 'onSpeaks'>
  readonly chat: Pick<Chat, 'showRoom'>
  readonly facts: Facts
  readonly clock: Clock
  readonly newId: () => string
}

/** A room as this process knows it, besides what its calls tell. */
export type Live = {
  room: Room
  revision: number
  declined: readonly Declined[]
  readonly speaking: Set<LegId>
  /** Who speaks has changed, and will be shown. */
  due: boolean
  /** Somebody reads why their press came to nothing: until then who speaks can wait. */
  readUntil: number
  /** Somebody has been rung for it: it is over when nobody is left. */
  begun: boolean
  over: boolean
  /** Nobody of the directory is there: it is looked at again, or not any more. */
  alone: (() => void) | undefined
  /** The bridge of the meeting that it is part of was called, and is not there. */
  gone?: Gone | undefined
}

/** Milliseconds in which changes of who speaks become one update of the card: a channel has few to give. */
const SPEAKERS_EVERY = 4000
/** The last ones that are over, of which this process remembers more than is kept. */
const MOST_OVER = 500
/** Milliseconds that a sentence on somebody's own card stands before who speaks may replace it. */
const READING = 8000
/** Milliseconds that numbers outside may be among themselves, so that somebody whose call broke off can come back. */
const ALONE_FOR = 60_000

/** The rooms of this process: each follows its calls, and keeps its card true. */
export class LiveRooms {
  readonly #deps: LiveRoomsDeps
  readonly #live = new Map<MeetingId, Live>()
  readonly #lanes = new Lanes()

  constructor(deps: LiveRoomsDeps) {
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

  /** Opens one, whose host is whoever asks. */
  async open({ me, at }: Visit, soundAlone?: SoundAlone): Promise<Live> {
    const id = meetingId(`m_${this.#deps.newId()}`)
    const live = born({
      ...{ id, host: { id: me.id, name: me.name }, where: at, locked: false },
      ...(soundAlone === undefined ? {} : { soundAlone }),
    })
    this.#forget()
    this.#live.set(id, live)
    await this.keep(live, live.room)
    return live
  }

  /** Rooms that are over are known long enough for whoever presses their cards late; then by what is kept of them. */
  #forget(): void {
    const over = [...this.#live].filter(([, live]) => live.over)
    for (const [id] of over.slice(0, -MOST_OVER)) this.#live.delete(id)
  }

  /** Keeps what has changed of it, over a restart too. */
  async keep(live: Live, room: Room): Promise<void> {
    live.room = room
    await this.#deps.facts.put('room', room.id, room)
  }

  /** One of an earlier process is taken up again, so that its card becomes true. */
  async find(id: string): Promise<Live | undefined> {
    const known = this.#live.get(id as MeetingId)
    if (known) return known
    const room = await this.#deps.facts.get<Room>('room', id)
    if (!room) return undefined
    const live = this.#live.get(room.id) ?? born(room)
    this.#live.set(room.id, live)
    live.begun = true
    // Unless its bridge is among the calls that go on, it has gone with the process.
    live.gone = {}
    live.over = this.callsIn(live).length === 0
    return live
  }

  /** The same, and shows it. */
  async change(live: Live, change: Partial<Room>): Promise<void> {
    await this.keep(live, { ...live.room, ...change })
    this.show(live)
  }

  /** The calls that are in it, or on the way. */
  callsIn({ room }: Live): readonly Call[] {
    return this.#deps.calls.all((call) => call.outcome === undefined && roomOf(call) === room.id)
  }

  /** This user's phone in it. */
  legIn(live: Live, { me }: Visit): { readonly call: Call; readonly leg: LegId } | undefined {
    return legAmong(this.callsIn(live), me)
  }

  /** This person's phone in whatever room it is. */
  mine(me: Person): { readonly call: Call; readonly leg: LegId } | undefined {
    return legAmong(
      this.#deps.calls.all((call) => call.state === 'inRoom'),
      me,
    )
  }

  async #follow(id: MeetingId, call: Call): Promise<void> {
    const live = await this.find(id)
    if (!live) return
    live.begun = true
    for (const { id: leg, state } of call.legs) if (state === 'ended') live.speaking.delete(leg)
    if (!call.request.meeting) live.declined = declinedAfter(live.declined, call)
    live.gone = goneFrom(call) ?? live.gone
    const there = this.callsIn(live)
    live.over = there.length === 0
    this.#watch(live, !live.over && hasOnlyOutsiders(there))
    this.show(live)
    for (const { id: bridge } of idleBridges(there)) this.#deps.calls.tell(bridge, { type: 'room.ended' })
  }

  /** Those who were brought in from outside are not left to themselves for long. */
  #watch(live: Live, alone: boolean): void {
    if (alone)
      live.alone ??= this.#deps.clock.after(ALONE_FOR, () => {
        live.alone = undefined
        this.endAll(live)
      })
    else {
      live.alone?.()
      live.alone = undefined
    }
  }

  /** Hangs up everybody, whoever rings is not rung any more. */
  endAll(live: Live): void {
    for (const call of this.callsIn(live)) this.#deps.calls.tell(call.id, { type: 'room.ended' })
  }

  #heard(live: Live, leg: LegId, on: boolean): void {
    if (on) live.speaking.add(leg)
    else live.speaking.delete(leg)
    if (live.due) return
    live.due = true
    this.#showSpeakers(live, SPEAKERS_EVERY)
  }

  #showSpeakers(live: Live, after: number): void {
    this.#deps.clock.after(after, () => {
      const left = live.readUntil - this.#deps.clock.now()
      if (left > 0) return this.#showSpeakers(live, left)
      live.due = false
      if (!live.over) this.show(live)
    })
  }

  /** The presser's own card tells them something: an update for everybody would take it away. */
  noted(live: Live): void {
    live.readUntil = this.#deps.clock.now() + READING
  }

  /** Brings its card to the present state. */
  show(live: Live): void {
    live.revision += 1
    this.#deps.chat.showRoom(live.room.where, this.view(live), live.room.card)
  }

  /** What its card shows now. */
  view(live: Live): RoomView {
    return viewOfRoom(live.room, this.callsIn(live), live)
  }

  /** The last one of this conversation that goes on; of those of this host, where one is given. */
  lastAt({ channel, conversation }: Address, by?: Person): MeetingId | undefined {
    return [...this.#live.values()].findLast(
      ({ room: { where, host }, over, begun }) =>
        begun &&
        !over &&
        where.channel === channel &&
        where.conversation === conversation &&
        (by === undefined || host.id === by.id),
    )?.room.id
  }
}

function born(room: Room): Live {
  return {
    room,
    revision: 0,
    declined: [],
    speaking: new Set(),
    due: false,
    readUntil: 0,
    begun: false,
    over: false,
    alone: undefined,
  }
}

function legAmong(calls: readonly Call[], { id }: Person) {
  for (const call of calls) {
    const leg = legOfPerson(call, id)
    if (leg !== undefined) return { call, leg }
  }
  return undefined
}
