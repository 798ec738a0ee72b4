import type { CallEvent, MediaPlan, Sound } from '../../src/core/call/call.ts'
import type { Appointment } from '../../src/core/meeting/agenda.ts'
import type { KeyPlan } from '../../src/core/meeting/keys.ts'
import type { CallId, LegId, MeetingId } from '../../src/core/ids.ts'
import { personId } from '../../src/core/ids.ts'
import type { E164 } from '../../src/core/ids.ts'
import type { Person } from '../../src/core/party.ts'
import type { CallView, MeetingView, RoomView, Screen } from '../../src/core/screen.ts'
import { createGate, looksLikeNumber } from '../../src/core/dialplan/gate.ts'
import { displayNumber } from '../../src/core/dialplan/number-form.ts'
import { targetOf } from '../../src/core/dialplan/address.ts'
import { Asks } from '../../src/app/asks.ts'
import { keepCards } from '../../src/app/call-cards.ts'
import { CallService } from '../../src/app/call-service.ts'
import type { Inbound, InboundAct } from '../../src/app/inbound.ts'
import { Often } from '../../src/app/often.ts'
import { OwnSettings } from '../../src/app/own-settings.ts'
import type { Policy } from '../../src/app/policy.ts'
import type {
  Address,
  Calendar,
  Chat,
  Clock,
  DialIns,
  DialInTold,
  DialLeg,
  Directory,
  LegReport,
  Legs,
  Log,
  Talking,
  TrunkState,
} from '../../src/app/ports.ts'
import { ActivityReceiver } from '../../src/app/receiver.ts'
import { KnownMeetings } from '../../src/app/meetings/known.ts'
import { Reminders } from '../../src/app/meetings/reminders.ts'
import { Resolver } from '../../src/app/meetings/resolver.ts'
import { Watched } from '../../src/app/meetings/watched.ts'
import { Switchboard } from '../../src/app/switchboard.ts'
import type { SwitchboardDeps } from '../../src/app/switchboard.ts'
import { openMemoryStore } from '../../src/store/memory.ts'

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 5, 9)
  #due: { at: number; run: () => void }[] = []
  now() {
    return this.#now
  }
  after(ms: number, run: () => void) {
    const entry = { at: this.#now + ms, run }
    this.#due.push(entry)
    return () => {
      this.#due = this.#due.filter((e) => e !== entry)
    }
  }
  pass(seconds: number) {
    this.#now += seconds * 1000
    for (const entry of this.#due.filter((e) => e.at <= this.#now)) {
      this.#due = this.#due.filter((e) => e !== entry)
      entry.run()
    }
  }
}

/** The SIP side as a test plays it: what was asked of it, and what it reports. */
export class PlayedLegs implements Legs {
  readonly dialled: DialLeg[] = []
  readonly did: string[] = []
  state: TrunkState['state'] = 'up'
  room: 'free' | 'full' | 'down' = 'free'
  /** The far side answers no BYE and no CANCEL. */
  deaf = false
  #listener: (report: LegReport) => void = () => undefined
  dial(leg: DialLeg) {
    this.dialled.push(leg)
    this.did.push(`dial ${short(leg.leg)}`)
  }
  release(leg: LegId) {
    this.did.push(`release ${short(leg)}`)
    if (this.deaf) return
    // As the port promises: each leg reports its end exactly once.
    this.report(leg, { type: 'leg.ended', leg, end: { kind: 'released' } })
  }
  play(leg: LegId, sound: Sound) {
    this.did.push(`play ${sound} ${short(leg)}`)
  }
  key(leg: LegId, plan: KeyPlan) {
    const keys = plan.map((step) => (step.do === 'keys' ? step.keys : step.do))
    this.did.push(`key ${short(leg)} ${keys.join(' ')}`)
  }
  plan(_: CallId, plan: MediaPlan) {
    this.did.push(`media ${plan.kind}`)
  }
  mute(leg: LegId, on: boolean) {
    this.did.push(`${on ? 'mute' : 'unmute'} ${short(leg)}`)
  }
  #onSpeaks: (call: CallId, leg: LegId, on: boolean) => void = () => undefined
  onSpeaks(listener: (call: CallId, leg: LegId, on: boolean) => void) {
    this.#onSpeaks = listener
  }
  speaks(leg: LegId, on: boolean) {
    this.#onSpeaks(leg.replace(/\.\d+$/, '') as CallId, leg, on)
  }
  forget() {
    return []
  }
  ladder() {
    return []
  }
  /** Calls whose legs have outlived the process before. */
  outlived: readonly CallId[] = []
  recover(calls: readonly Talking[]) {
    return new Set(calls.map(({ call }) => call).filter((call) => this.outlived.includes(call)))
  }
  onReport(listener: (report: LegReport) => void) {
    this.#listener = listener
  }
  trunks() {
    return [{ name: 'pbx', state: this.state }]
  }
  lines() {
    return Promise.resolve(this.room)
  }
  report(leg: LegId, event: LegReport['event']) {
    this.#listener({ call: leg.replace(/\.\d+$/, '') as CallId, event })
  }
  /** The newest leg of this number (1: the user's) rings, answers, ends … */
  last(n: number): LegId {
    const leg = this.dialled.findLast((d) => d.leg.endsWith(`.${n}`))
    if (!leg) throw new Error(`leg ${n} was never dialled`)
    return leg.leg
  }
  answers(n: number) {
    this.report(this.last(n), { type: 'leg.answered', leg: this.last(n) })
  }
  /** It rings, and somebody picks up. */
  picksUp(n: number) {
    this.report(this.last(n), { type: 'leg.ringing', leg: this.last(n), status: 180, earlyMedia: false })
    this.answers(n)
  }
  ends(n: number, end: Extract<CallEvent, { type: 'leg.ended' }>['end']) {
    this.report(this.last(n), { type: 'leg.ended', leg: this.last(n), end })
  }
}

const short = (leg: LegId) => leg.slice(leg.lastIndexOf('.') + 1)

/** The chat as a test sees it: every screen said, every state of every card. */
export class SeenChat implements Chat {
  readonly said: Screen[] = []
  readonly saidTo: Address[] = []
  readonly cards: { to: Address; view: CallView; card: string | undefined }[] = []
  email: string | undefined
  #posted: (shown: CallId | MeetingId, activity: string) => void = () => undefined
  #shown: (call: CallId, revision: number) => void = () => undefined
  /** False: the channel is away, nothing is ever delivered. */
  delivers = true
  say(to: Address, screen: Screen) {
    this.saidTo.push(to)
    this.said.push(screen)
  }
  showCall(to: Address, view: CallView, card: string | undefined) {
    this.cards.push({ to, view, card })
    if (!this.delivers) return
    queueMicrotask(() => {
      if (card === undefined && view.revision === 1) this.#posted(view.call, `activity-${view.call}`)
      this.#shown(view.call, view.revision)
    })
  }
  readonly meetings: { to: Address; view: MeetingView; card: string | undefined }[] = []
  showMeeting(to: Address, view: MeetingView, card: string | undefined) {
    this.meetings.push({ to, view, card })
    if (card === undefined) queueMicrotask(() => this.#posted(view.meeting, `activity-${view.meeting}`))
  }
  readonly rooms: { to: Address; view: RoomView; card: string | undefined }[] = []
  showRoom(to: Address, view: RoomView, card: string | undefined) {
    this.rooms.push({ to, view, card })
    if (card === undefined) queueMicrotask(() => this.#posted(view.meeting, `activity-${view.meeting}`))
  }
  onPosted(listener: (shown: CallId | MeetingId, activity: string) => void) {
    this.#posted = listener
  }
  onShown(listener: (call: CallId, revision: number) => void) {
    this.#shown = listener
  }
  memberEmail() {
    return Promise.resolve(this.email)
  }
  /** Who is in the chat, by aadObjectId. */
  present: readonly string[] = []
  members() {
    return Promise.resolve(this.present.map((id) => ({ id: `29:${id}`, aadObjectId: id })))
  }
  settle() {
    return Promise.resolve()
  }
  get last(): Screen | undefined {
    return this.said.at(-1)
  }
  /** The code of the last sentence said. */
  get sentence(): string | undefined {
    const last = this.last
    return last?.kind === 'sentence' ? last.sentence.code : undefined
  }
}

/** A provider's own service, which tells what a test says. */
export class AskedService implements DialIns {
  readonly asked: (string | undefined)[] = []
  told: DialInTold = 'none'
  /** What it tells of somebody's meetings, otherwise than of others'. */
  readonly toldOf = new Map<string, DialInTold>()
  organiser: string | undefined
  whose(_: string, asker: string | undefined) {
    return [this.organiser, asker].filter((one) => one !== undefined)
  }
  dialIn(_: string, user: string) {
    this.asked.push(user)
    return Promise.resolve(this.toldOf.get(user) ?? this.told)
  }
}

/** Everybody's day, as a test says. */
export class KeptCalendar implements Calendar {
  day: readonly Appointment[] | 'none' | 'away' = 'none'
  has() {
    return this.day !== 'none'
  }
  between(_: Person, from: number, until: number) {
    const { day } = this
    const isIn = ({ startsAt, endsAt }: Appointment) => startsAt < until && endsAt > from
    return Promise.resolve(typeof day === 'string' ? day : day.filter(isIn))
  }
}

const person = (id: string, name: string, extension: string, more: Partial<Person> = {}): Person => ({
  id: personId(id),
  name,
  aadObjectId: id,
  ids: {},
  extension,
  phones: { desk: `+3491000${extension}` },
  aliases: [],
  admin: false,
  ...more,
})

export const alice = person('alice', 'Alice Serrano', '1001', {
  phones: { desk: '+34910001001', mobile: '+34600001001' },
  email: 'alice@contoso.example',
  admin: true,
})
export const bob = person('bob', 'Bob Marín', '1002', {
  phones: { desk: '+34910001002', mobile: '+34600001002' },
  department: 'Sales',
})
export const roberto = person('roberto', 'Roberto Bob Díaz', '1003', { department: 'Sistemas y redes' })
export const silent = person('silent', 'Nora Nophone', '1099', { phones: {} })
const { extension: _, ...phoneless } = silent
/** A department that is more than a card has room for. */
export const crowd = Array.from({ length: 12 }, (_, i) =>
  person(`crowd${i}`, `Crowd Member ${i}`, String(1100 + i)),
)
const everybody: readonly Person[] = [alice, bob, roberto, phoneless, ...crowd]

const everybodys: Directory = {
  byId: (id) => Promise.resolve(everybody.find((p) => p.id === id)),
  byAadObjectId: (id) => Promise.resolve(everybody.find((p) => p.aadObjectId === id)),
  byEmail: (email) => Promise.resolve(everybody.find((p) => p.email === email)),
  byChannelId: () => Promise.resolve(undefined),
  find: (query) => {
    const whole = everybody.filter((p) => p.name === query)
    const fitting = whole.length > 0 ? whole : everybody.filter((p) => p.name.includes(query))
    return Promise.resolve({ fitting, guessed: [] })
  },
  near: () => Promise.resolve([]),
  admins: () => Promise.resolve(everybody.filter(({ admin }) => admin)),
  byNumber: (n) => Promise.resolve(everybody.find((p) => p.phones.desk === n || p.extension === n)),
}

const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
function nothing() {
  return undefined
}

const policy: Policy = {
  globalCallerId: '+34900100200' as E164,
  limits: { ringUser: 30, ringCallee: 60, talk: 3600, confirm: 15 },
  pressOne: 'off',
  callsPerHour: 60,
  roomMembers: 50,
  allowedTenants: ['contoso'],
  admins: [],
  country: 'ES',
  bridges: {},
  watchMeetings: false,
}

/**
 * The use cases over a played SIP side, a seen chat and a store in memory.
 * @param guesses who may be meant by a text, though it is not their name
 * @param createMeeting a service that makes meetings with video
 */
export function house(
  over: Partial<Policy> = {},
  store = openMemoryStore(),
  guesses: Readonly<Record<string, readonly Person[]>> = {},
  createMeeting?: SwitchboardDeps['createMeeting'],
) {
  const directory: Directory = {
    ...everybodys,
    find: async (query) => ({ ...(await everybodys.find(query)), guessed: guesses[query] ?? [] }),
  }
  const service = new AskedService()
  const calendar = new KeptCalendar()
  const clock = new ManualClock()
  const legs = new PlayedLegs()
  const chat = new SeenChat()
  let ids = 0
  const newId = () => String(++ids).padStart(22, '0')
  const rules = { ...policy, ...over }
  const gate = createGate({
    country: 'ES',
    allowNumbers: [],
    allowSipDomains: [],
    trunkDomains: [],
    outsidePrefixes: [],
    listed: (n) => everybody.some((p) => p.phones.desk === n || p.extension === n),
  })
  const dialplan = {
    judge: (typed: string) => gate.judge(typed),
    judgeConfigured: (dial: string, asItStands: boolean) => gate.judgeConfigured(dial, asItStands),
    judgeGateway: (uri: string, via: 'trunk' | 'direct') => gate.judgeGateway(uri, via),
    looksLikeNumber,
    targetOf: (who: Person, phone?: 'desk' | 'mobile') => targetOf(who, phone, 'ES'),
    shown: displayNumber,
  }
  const calls = new CallService({ legs, store: store.calls, clock, log: quiet, newId })
  const often = new Often({ facts: store.facts, store: store.calls, directory, log: quiet })
  const settings = new OwnSettings(store.facts)
  const known = new KnownMeetings(store.facts, newId)
  const watched = new Watched(store.facts, rules.watchMeetings)
  const switchboard = new Switchboard({
    settings,
    calls,
    often,
    store: store.calls,
    directory,
    legs,
    chat,
    asks: new Asks(store.facts, newId),
    clock,
    policy: rules,
    dialplan,
    known,
    newId,
    newDigits: (count) => '0123456789'.slice(0, count),
    ...(createMeeting ? { createMeeting } : {}),
    resolver: new Resolver({ dialIns: service, clock, policy: rules }),
    calendar,
    facts: store.facts,
    watched,
  })
  keepCards(calls, chat, switchboard, settings)
  const reminders = new Reminders({
    ...{ settings, calendar, clock, directory, chat, log: quiet, facts: store.facts },
    agenda: switchboard.agenda,
  })
  const receiver = new ActivityReceiver({
    settings,
    directory,
    chat,
    facts: store.facts,
    policy: rules,
    log: quiet,
    switchboard,
    acts: store.acts,
    watched,
    clock,
    newId,
  })
  const send = (act: InboundAct, more: Partial<Inbound> = {}) =>
    receiver.receive({
      id: newId(),
      channel: 'msteams',
      conversation: 'personal',
      group: false,
      sender: { id: '29:alice', aadObjectId: 'alice' },
      locale: 'en-US',
      receivedAt: clock.now(),
      act,
      ...more,
    })
  return {
    clock,
    legs,
    chat,
    service,
    calendar,
    reminders,
    calls,
    store,
    switchboard,
    receiver,
    send,
    /** Types a line and waits until it has been seen through. */
    types: async (text: string, more: Partial<Inbound> = {}) => {
      await send({ kind: 'text', text, mentions: [] }, more)
      await receiver.idle()
    },
    /** Presses a button; resolves with the screen that takes the card's place. */
    presses: async (
      verb: string,
      data: Record<string, unknown>,
      more: Partial<Inbound> = {},
      invoke = true,
    ) => {
      const answer = await send(
        { kind: 'press', verb, data: { nonce: newId(), ...data }, card: 'pressed', invoke },
        more,
      )
      await receiver.idle()
      return answer.screen
    },
  }
}

/** Lets everything run that is due now; no time passes. */
export function settled() {
  return new Promise((done) => setImmediate(done))
}
