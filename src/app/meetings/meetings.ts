import type { Call } from '../../core/call/call.ts'
import type { MeetingId } from '../../core/ids.ts'
import type { Meeting } from '../../core/meeting/meeting.ts'
import { asksForPin, dialInOf } from '../../core/meeting/dial-in.ts'
import { bridgeByHand, waysIn } from '../../core/meeting/way-in.ts'
import type { PhoneKind } from '../../core/party.ts'
import type { MeetingView, Screen } from '../../core/screen.ts'
import type { Sentence } from '../../core/sentence.ts'
import type { Asks } from '../asks.ts'
import type { CallService } from '../call-service.ts'
import type { Policy } from '../policy.ts'
import type { Pressed } from '../pressed.ts'
import type { Address, Chat, Clock, Facts } from '../ports.ts'
import type { Wanted } from '../place-call.ts'
import type { Visit } from '../visit.ts'
import type { Agenda } from './agenda.ts'
import { homeOf } from './home.ts'
import type { Known, KnownMeetings } from './known.ts'
import type { Resolver } from './resolver.ts'
import type { Watched } from './watched.ts'

export type MeetingsDeps = {
  readonly known: KnownMeetings
  readonly resolver: Resolver
  readonly agenda: Agenda
  readonly asks: Asks
  /** Rings, where every rule about who may call lets it. */
  dial(visit: Visit, wanted: Wanted, from?: PhoneKind): Promise<Screen | undefined>
  readonly calls: CallService
  readonly watched: Watched
  readonly chat: Pick<Chat, 'showMeeting' | 'say'>
  readonly facts: Facts
  readonly clock: Clock
  readonly policy: Policy
}

/** Milliseconds in which a meeting that was shared may be the one that is meant, though the calendar has another. */
const LATELY = 60 * 60 * 1000

/**
 * Meetings that are shared in chats: one card for everybody there, by which each has their own phone called; and the
 * way in for who asks by words.
 */
export class Meetings {
  readonly #deps: MeetingsDeps
  /** Calls that join a meeting and go on, by the meeting. */
  readonly #joining = new Map<MeetingId, Map<string, Call>>()
  /** Of whichever card was drawn last: a later one of the same meeting has a higher one. */
  #revision = 0

  constructor(deps: MeetingsDeps) {
    this.#deps = deps
    deps.calls.onChange((call, inherited) => void this.#follow(call, inherited))
  }

  /** A text with a meeting in it: its card, for everybody in the conversation; once for the same one. */
  async share(visit: Visit, [meeting]: readonly Meeting[]): Promise<Screen | undefined> {
    if (!meeting) return undefined
    const { known, clock } = this.#deps
    const one = await this.#resolved(await known.remember(meeting, visit.at, clock.now()), visit)
    // It has its card, which is redrawn by what this text may have told beyond the first.
    this.#show(one.shared ? one : { ...one, ...(await known.share(one)) })
    // Who is alone with the bot waits for an answer; in a group the card has been seen.
    return one.shared && visit.group !== true ? say({ code: 'meetingShownBefore' }) : undefined
  }

  /** `join <invitation>`: the user's own phone rings, and is brought in. */
  async join(visit: Visit, [meeting]: readonly Meeting[], from?: PhoneKind): Promise<Screen | undefined> {
    const { known, clock } = this.#deps
    if (meeting) return this.#dial(visit, await known.remember(meeting, visit.at, clock.now()), from)
    const last = await known.last(visit.at, clock.now())
    if (visit.group === true && last) return this.#dial(visit, last, from)
    return this.#joinCurrent(visit, last, from)
  }

  /** Nothing was named: the one that is on, as the calendar or this talk tells; where several are, it is asked which. */
  async #joinCurrent(visit: Visit, last: Known | undefined, from?: PhoneKind): Promise<Screen | undefined> {
    const { agenda, asks, chat, clock } = this.#deps
    // What one's calendar has is not for a group.
    const home = visit.group === true ? await homeOf(visit, this.#deps.facts) : visit.at
    const own = home && { ...visit, at: home, group: false }
    const on = own ? await agenda.on(own) : []
    const lately = last && (on.length === 0 || clock.now() - last.at <= LATELY) ? [last] : []
    const [one, ...others] = [...on, ...lately.filter(({ id }) => on.every((known) => known.id !== id))]
    if (!own || !one) return say({ code: 'joinWhat' })
    if (others.length === 0) return this.#dial(own, one, from)
    const meetings = [one, ...others]
    await asks.open({
      ...{ kind: 'which', by: visit.me.id, where: own.at, at: clock.now() },
      meetings: meetings.map(({ id }) => id),
      ...(from === undefined ? {} : { from }),
    })
    const lines = meetings.map((known) => ({ ...agenda.lineOf(known), state: 'on' as const, callable: true }))
    const { offset } = visit
    const which: Screen = {
      ...{ kind: 'agenda', about: 'which', lines, left: 0 },
      ...(offset === undefined ? {} : { offset }),
    }
    if (visit.group !== true) return which
    chat.say(own.at, which)
    return say({ code: 'agendaSent' })
  }

  /**
   * `call the bridge`: whoever calls it keys there which meeting they want; a PIN that they give is keyed for them.
   * @returns `none` where no bridge is set, or several and none is the company's
   */
  async callBridge(visit: Visit, pin?: string, from?: PhoneKind): Promise<Screen | undefined | 'none'> {
    const { known, clock, policy } = this.#deps
    const bridge = bridgeByHand(policy.bridges, pin)
    return bridge ? this.#dial(visit, await known.note(bridge, visit.at, clock.now()), from) : 'none'
  }

  /** One that was listed here. */
  async joinKnown(visit: Visit, id: string, from?: PhoneKind): Promise<Screen | undefined> {
    const one = await this.#deps.known.get(id)
    if (!one || !isSamePlace(one.where, visit.at)) return say({ code: 'meetingUnknown' })
    return this.#dial(visit, one, from)
  }

  /** [Call me]: whoever presses is brought in on their own phone. The card stays everybody's. */
  async callMe(visit: Visit, id: string, from: PhoneKind | undefined, fresh: boolean): Promise<Screen> {
    const one = await this.#deps.known.get(id)
    // A card of another conversation was copied here, or made up: its PIN is not for whoever has its id.
    if (!one || !isSamePlace(one.where, visit.at)) return say({ code: 'meetingUnknown' })
    const home = visit.group === true ? await this.#home(visit) : visit.at
    const { me } = visit
    const said = fresh ? await this.#dial({ me, at: home }, one, from) : undefined
    // Why one is not called is for oneself: the answer to a press is what the presser alone sees.
    const note = said?.kind === 'sentence' ? { note: said.sentence } : {}
    if (said && said.kind !== 'sentence') this.#deps.chat.say(home, said)
    return { kind: 'meeting', view: { ...this.#view(one), ...note } }
  }

  /**
   * [Invitation]: what people outside come in by, with its PIN, for whoever presses alone. A shared card stays everybody's;
   * one that asked whom to invite has been answered.
   */
  async invitation(visit: Visit, id: string, fresh: boolean, shared: boolean): Promise<Pressed> {
    const one = await this.#deps.known.get(id)
    const text = one && isSamePlace(one.where, visit.at) ? this.#invitationTo(one) : undefined
    if (!one || !text) return { card: say({ code: 'meetingUnknown' }) }
    const card = (note?: Sentence): Screen =>
      shared
        ? { kind: 'meeting', view: { ...this.#view(one), ...(note ? { note } : {}) } }
        : say(note ?? { code: 'invitationSent' })
    if (!fresh) return { card: card() }
    if (visit.group !== true) return shared ? { card: card(), say: say(text) } : { card: say(text) }
    const home = await homeOf(visit, this.#deps.facts)
    if (!home) return { card: card({ code: 'invitationAlone' }) }
    this.#deps.chat.say(home, say(text))
    return { card: card({ code: 'invitationSent' }) }
  }

  /** The text to pass on, of a meeting that the bot has made. */
  #invitationTo({ meeting }: Known): Sentence | undefined {
    const { country, bridges } = this.#deps.policy
    const dialIn = dialInOf(meeting, country, bridges)
    const { title = '', pin, link } = meeting
    return (
      dialIn && {
        ...{ code: 'invitation', title, ...dialIn },
        ...(pin !== undefined && asksForPin(meeting, bridges) ? { pin } : {}),
        ...(link === undefined ? {} : { link }),
      }
    )
  }

  /** A meeting that somebody joined is joined again: its digits are keyed again, as long as they are known. */
  async again(visit: Visit, id: MeetingId, from: PhoneKind | undefined): Promise<Screen | undefined> {
    const one = await this.#deps.known.get(id)
    return one ? this.#dial(visit, one, from) : say({ code: 'meetingUnknown' })
  }

  /** From now on whoever shares a meeting in this group gets its card without mentioning the bot; or no longer. */
  async watch(visit: Visit, on: boolean): Promise<Screen> {
    if (visit.group !== true) return say({ code: 'watchingAlone' })
    await this.#deps.watched.set(visit.at, on)
    return say({ code: 'watching', on })
  }

  /** A message that somebody chose for the bot: its meeting's card, or the sentence that there is none. */
  async pick(visit: Visit, meetings: readonly Meeting[]): Promise<Screen> {
    if (meetings.length === 0) return say({ code: 'noMeetingInIt' })
    await this.share(visit, meetings)
    return say({ code: 'meetingShown' })
  }

  /** The card's activity, by which it is found again. */
  posted(id: MeetingId, card: string): Promise<void> {
    return this.#deps.known.posted(id, card)
  }

  async #dial(visit: Visit, one: Known, from: PhoneKind | undefined): Promise<Screen | undefined> {
    return this.#deps.dial(visit, { known: await this.#resolved(one, visit) }, from)
  }

  /** With what its provider's service tells of the way in, where that is needed and can be had soon. */
  async #resolved(one: Known, { me }: Visit): Promise<Known> {
    const told = await this.#deps.resolver.dialIn(one.meeting, me)
    if (told === 'refused' || told === 'away') return { ...one, untold: told }
    if (told === undefined || told === 'none' || JSON.stringify(told) === JSON.stringify(one.told)) return one
    return this.#deps.known.learn(one, told)
  }

  /** Where the presser's own card goes: their chat with the bot, where one is known. */
  async #home(visit: Visit): Promise<Address> {
    return (await homeOf(visit, this.#deps.facts)) ?? visit.at
  }

  async #follow(call: Call, inherited: boolean): Promise<void> {
    const id = call.request.meeting?.id
    if (id === undefined) return
    const calls = this.#joining.get(id) ?? new Map<string, Call>()
    const before = stateOf(calls.get(call.id))
    if (call.outcome) calls.delete(call.id)
    else calls.set(call.id, call)
    if (calls.size > 0) this.#joining.set(id, calls)
    else this.#joining.delete(id)
    // What an earlier process has shown is not known: its card may still name whom the restart has hung up.
    if (!inherited && stateOf(calls.get(call.id)) === before) return
    const one = await this.#deps.known.get(id)
    if (one?.shared) this.#show(one)
  }

  #show(one: Known): void {
    this.#revision += 1
    this.#deps.chat.showMeeting(one.where, this.#view(one), one.card)
  }

  #view({ id, meeting, told, untold }: Known): MeetingView {
    const { policy } = this.#deps
    const ways = waysIn(meeting, policy.country, policy.bridges, told)
    const { provider, title, link } = meeting
    const dialIn = dialInOf(meeting, policy.country, policy.bridges)
    return {
      meeting: id,
      revision: this.#revision,
      provider,
      ...(title === undefined ? {} : { title }),
      ...(link === undefined ? {} : { link }),
      ...(typeof ways === 'string' ? { missing: untold ?? ways } : {}),
      ...(dialIn ? { dialIn } : {}),
      joined: [...(this.#joining.get(id)?.values() ?? [])].map((call) => ({
        name: call.request.user.name,
        state: stateOf(call) ?? 'calling',
      })),
    }
  }
}

/** In as soon as the bridge has been told which meeting is meant. */
function stateOf(call: Call | undefined): 'calling' | 'in' | undefined {
  if (!call || call.outcome) return undefined
  const isThere = call.state === 'talking' || call.state === 'inRoom'
  return isThere && call.keying !== 'waiting' ? 'in' : 'calling'
}

const isSamePlace = (a: Address, b: Address) => a.channel === b.channel && a.conversation === b.conversation

const say = (sentence: Sentence): Screen => ({ kind: 'sentence', sentence })
