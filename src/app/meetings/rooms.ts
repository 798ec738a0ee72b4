import type { HostWish } from '../../core/command/row.ts'
import type { CallId, MeetingId } from '../../core/ids.ts'
import type { Meeting } from '../../core/meeting/meeting.ts'
import { isOpen } from '../../core/call/step-parts.ts'
import type { PhoneKind } from '../../core/party.ts'
import type { Screen } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import { Lanes } from '../lanes.ts'
import type { Wanted } from '../place-call.ts'
import type { Policy } from '../policy.ts'
import type { Chat } from '../ports.ts'
import type { Visit } from '../visit.ts'
import { isFull } from './door.ts'
import type { Inviting } from './inviting.ts'
import type { KnownMeetings } from './known.ts'
import { LiveRooms } from './live-rooms.ts'
import type { Live, LiveRoomsDeps } from './live-rooms.ts'
import type { Maker } from './maker.ts'
import { isBridge, outsideOf } from './outside.ts'
import { inviteOf, roomOf } from './room.ts'
import type { Room } from './room.ts'

export type RoomsDeps = LiveRoomsDeps & {
  readonly chat: Pick<Chat, 'say'>
  readonly policy: Policy
  readonly known: Pick<KnownMeetings, 'get' | 'note'>
  readonly maker: Maker
  readonly inviting: Inviting
  /** Rings the user's own phone, where every rule about who may call lets it. */
  dial(visit: Visit, wanted: Wanted, from?: PhoneKind): Promise<Screen | undefined>
  /** Why this user's own phone may not be rung now. */
  refusal(visit: Visit, from?: PhoneKind): Promise<Sentence | undefined>
  /** Shares a meeting that was made elsewhere, and brings its host in. */
  join(visit: Visit, meeting: Meeting, from?: PhoneKind): Promise<Screen | undefined>
}

type Moved = { readonly live: Live } | { readonly sentence: Sentence }

/**
 * The bot's own rooms: meetings by telephone alone, mixed by the bot. A room has its members by calls, each of them a
 * leg or two; it begins with the first and ends with the last one, or when its host ends it for all.
 */
export class Rooms {
  readonly #deps: RoomsDeps
  readonly #rooms: LiveRooms
  /** By room: of two who come at once, one may be the last for whom there is a place. By call, until it is in one. */
  readonly #doors = new Lanes()

  constructor(deps: RoomsDeps) {
    this.#deps = deps
    this.#rooms = new LiveRooms(deps)
  }

  /** `meet now`: rings the user's own phone, and the card by which the others come in stands in the conversation. */
  async meetNow(visit: Visit, from?: PhoneKind): Promise<Screen | undefined> {
    // Whoever may not be rung has nothing made in their name, however often they say so.
    const refused = await this.#deps.refusal(visit, from)
    if (refused) return say(refused)
    const { meeting, soundAlone } = await this.#deps.maker.make(visit.me)
    if (meeting) return this.#deps.join(visit, meeting, from)
    const { room } = await this.#rooms.open(visit, soundAlone)
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

  /** Whether the user is in a call or a meeting, or on the way into one. */
  isInOne({ me }: Visit): boolean {
    const { calls } = this.#deps
    return (this.#rooms.mine(me) ?? calls.talking(me.id) ?? calls.running(me.id)) !== undefined
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
      if (!refused) invite = inviteOf(this.#rooms.view(live))
      return refused
    })
    return { card, ...(invite ? { say: invite } : {}) }
  }

  /** Rings somebody for this room. */
  async inviteTo(visit: Visit, id: string, wanted: Wanted): Promise<Screen> {
    const live = await this.#rooms.find(id)
    return say(!live || live.over ? { code: 'roomOver' } : await this.#invite(visit, live, wanted))
  }

  /** Whether this is a room of the bot's own. */
  async has(id: string): Promise<boolean> {
    return (await this.#rooms.find(id)) !== undefined
  }

  /** As it is kept, where it goes on or is still to begin; or why this user does not come in. */
  async roomFor(visit: Visit, id: MeetingId): Promise<Room | Sentence | undefined> {
    const live = await this.#rooms.find(id)
    return live && !live.over ? (this.#refused(visit, live) ?? live.room) : undefined
  }

  /** [Redial] on the record of a call that was in a room: back into it, while it goes on. */
  async again(visit: Visit, id: MeetingId, from?: PhoneKind): Promise<Screen | undefined> {
    const live = await this.#rooms.find(id)
    const told = !live || live.over ? ({ code: 'roomOver' } as const) : await this.#comeIn(visit, live, from)
    return told && 'code' in told ? say(told) : told
  }

  /** The room of this conversation that goes on, where there is one. */
  here({ at }: Visit): MeetingId | undefined {
    return this.#rooms.lastAt(at)
  }

  /** [Call me]: whoever presses comes in by their own phone. */
  callMe(visit: Visit, id: string, from: PhoneKind | undefined, fresh: boolean): Promise<Screen> {
    return this.#pressed(visit, id, fresh, (live) => this.#comeIn(visit, live, from))
  }

  /** [Mute me], and by words: in their room nobody hears this user, or everybody again. */
  muteMe(visit: Visit, on: boolean): Screen {
    const mine = this.#rooms.mine(visit.me)
    if (!mine) return say({ code: 'inNoRoom' })
    this.#deps.calls.tell(mine.call.id, { type: 'muted', leg: mine.leg, on })
    return say({ code: 'muted', on })
  }

  /** The same by the card's button, which is one for both. */
  toggleMute(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#pressed(visit, id, fresh, (live) => {
      const mine = this.#rooms.legIn(live, visit)
      if (!mine) return { code: 'inNoRoom' }
      const on = mine.call.legs.find((leg) => leg.id === mine.leg)?.muted !== true
      this.#deps.calls.tell(mine.call.id, { type: 'muted', leg: mine.leg, on })
      return undefined
    })
  }

  /** [Mute all]: everybody but the host, who presses; not the bridge, where nobody could unmute themselves. */
  muteAll(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, (live) => {
      this.#muteOthers(visit, live)
    })
  }

  /** [Lock], and [Unlock]. */
  lock(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, async (live) => {
      await this.#rooms.change(live, { locked: !live.room.locked })
    })
  }

  /** [End for all]: everybody is hung up, whoever rings is not rung any more. */
  endForAll(visit: Visit, id: string, fresh: boolean): Promise<Screen> {
    return this.#asHost(visit, id, fresh, (live) => {
      this.#rooms.endAll(live)
    })
  }

  /** What only a host may, by words: in the meeting that they are in, else in theirs that is on in this conversation. */
  async hostSays(visit: Visit, wish: HostWish): Promise<Screen> {
    const live = await this.#meant(visit)
    if (!live) return say(this.#noneToHost(visit))
    const { host } = live.room
    if (host.id === visit.me.id) return say(await this.#doAsHost(visit, live, wish))
    const canLeave = wish === 'endMeeting' && this.#rooms.legIn(live, visit) !== undefined
    return say({ code: canLeave ? 'hostEnds' : 'hostOnly', host: host.name })
  }

  /** The call by which this user is in a room, whoever had asked for it. */
  callOf({ me }: Visit): CallId | undefined {
    return this.#rooms.mine(me)?.call.id
  }

  /** The card's activity, by which it is found again; false where this is no room. */
  async posted(id: MeetingId, card: string): Promise<boolean> {
    const live = await this.#rooms.find(id)
    if (live) await this.#rooms.keep(live, { ...live.room, card })
    return live !== undefined
  }

  /** The room that the user is in; a conversation of two goes on in one that is opened for it. Both may say so at once. */
  #moved(visit: Visit, orIn = false): Promise<Moved> {
    const move = () => this.#moveOnce(visit, orIn)
    const talking = this.#deps.calls.talking(visit.me.id)
    return talking ? this.#doors.run(talking.id, move) : move()
  }

  async #moveOnce(visit: Visit, orIn: boolean): Promise<Moved> {
    const there = await this.#in(visit)
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
    const live = await this.#rooms.open(visit)
    const known = meeting && (await this.#deps.known.get(meeting.id))
    if (known) {
      live.gone = {}
      await this.#rooms.keep(live, { ...live.room, outside: outsideOf(known, this.#deps.policy) })
    }
    // They may have hung up meanwhile: nobody is rung for a room with nobody in it.
    if (calls.talking(visit.me.id)?.id !== talking.id)
      return { sentence: { code: orIn ? 'addToWhat' : 'noCall' } }
    calls.tell(talking.id, { type: 'roomed', room: live.room.id })
    // Nobody waits for it: they talk on meanwhile.
    if (!meeting)
      void this.#makeMeetingOf(visit, live).catch(() => {
        this.#without(live)
      })
    return { live }
  }

  /** The room becomes part of a meeting, where one can be made: by its link and number others come in. */
  async #makeMeetingOf(visit: Visit, live: Live): Promise<void> {
    const { maker, inviting, known, policy, clock } = this.#deps
    const { meeting, soundAlone } = await maker.make(visit.me)
    if (live.over) return
    if (!meeting) return soundAlone === undefined ? undefined : this.#rooms.change(live, { soundAlone })
    const one = await known.note(meeting, visit.at, clock.now())
    await this.#rooms.change(live, { outside: outsideOf(one, policy) })
    if (!(await inviting.callBridge(visit, live.room, one))) this.#without(live)
  }

  /** Its meeting is not to be had: it goes on, and its card says so. */
  #without(live: Live): void {
    live.gone = { cause: 'unreachable' }
    this.#rooms.show(live)
  }

  #invite(visit: Visit, live: Live, wanted: Wanted): Promise<Sentence> {
    return this.#doors.run(live.room.id, async () => {
      const refused = this.#mayBring(visit, live)
      return refused ?? this.#deps.inviting.ring(visit, live.room, this.#rooms.callsIn(live), wanted)
    })
  }

  /** Those who are in bring others; where it is locked, the host alone. */
  #mayBring(visit: Visit, live: Live): Sentence | undefined {
    const { host, locked } = live.room
    if (host.id === visit.me.id) return undefined
    if (locked) return { code: 'roomLocked', host: host.name }
    return this.#rooms.legIn(live, visit) ? undefined : { code: 'inNoRoom' }
  }

  async #in({ me }: Visit): Promise<Live | undefined> {
    const mine = this.#rooms.mine(me)
    return mine && this.#rooms.find(roomOf(mine.call) ?? '')
  }

  /** Which one somebody speaks of who names none: of those that are on here, what they host comes before what others do. */
  async #meant(visit: Visit): Promise<Live | undefined> {
    const here = this.#rooms.lastAt(visit.at, visit.me) ?? this.#rooms.lastAt(visit.at)
    return (await this.#in(visit)) ?? (here === undefined ? undefined : this.#rooms.find(here))
  }

  #noneToHost({ me }: Visit): Sentence {
    const { calls } = this.#deps
    const call = calls.talking(me.id) ?? calls.running(me.id)
    const provider = call?.request.meeting?.provider
    return provider === undefined
      ? { code: 'hostOfNone', call: call !== undefined }
      : { code: 'notMyMeeting', provider }
  }

  async #doAsHost(visit: Visit, live: Live, wish: HostWish): Promise<Sentence> {
    const bridge = this.#rooms.view(live).outside
    const bridged = bridge !== undefined && bridge.state !== 'gone'
    switch (wish) {
      case 'muteAll':
        return { code: 'mutedAll', count: this.#muteOthers(visit, live), bridged }
      case 'lockMeeting':
      case 'unlockMeeting': {
        const on = wish === 'lockMeeting'
        if (live.room.locked !== on) await this.#rooms.change(live, { locked: on })
        return { code: 'locked', on, bridged }
      }
      case 'endMeeting':
        this.#rooms.endAll(live)
        return { code: 'endedForAll' }
    }
  }

  /** @returns how many they are */
  #muteOthers(visit: Visit, live: Live): number {
    const own = this.#rooms.legIn(live, visit)?.leg
    const others = this.#rooms
      .callsIn(live)
      .filter(({ state }) => state === 'inRoom')
      .flatMap((call) =>
        call.legs.filter((leg) => isOpen(leg) && !isBridge(call, leg)).map(({ id }) => ({ call, leg: id })),
      )
      .filter(({ leg }) => leg !== own)
    for (const { call, leg } of others) this.#deps.calls.tell(call.id, { type: 'muted', leg, on: true })
    return others.length
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
    if (this.#rooms.legIn(live, visit)) return { code: 'alreadyIn', who: visit.me.name }
    if (locked && host.id !== visit.me.id) return { code: 'roomLocked', host: host.name }
    return isFull(this.#rooms.callsIn(live), this.#deps.policy)
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
    const live = await this.#rooms.find(id)
    if (!live) return say({ code: 'roomOver' })
    const done = !fresh ? undefined : live.over ? ({ code: 'roomOver' } as const) : await act(live)
    // What the press did to the calls stands in their mailboxes: the card is drawn when they have taken it.
    await Promise.resolve()
    const note = done && ('code' in done ? done : done.kind === 'sentence' ? done.sentence : undefined)
    if (done && !note && !('code' in done)) this.#deps.chat.say(visit.at, done)
    if (note) this.#rooms.noted(live)
    return { kind: 'room', view: { ...this.#rooms.view(live), ...(note ? { note } : {}) } }
  }
}

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })
