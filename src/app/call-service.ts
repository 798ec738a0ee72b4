import { begin, fold, step } from '../core/call/step.ts'
import { keepsUser, legOf } from '../core/call/step-parts.ts'
import type { Step } from '../core/call/step-parts.ts'

import type { Call, CallEvent, CallRequest, Effect, Role, Stamped, TimerName } from '../core/call/call.ts'
import { recordOf } from '../core/call/record.ts'
import type { CallRecord, ClosedCall, LadderEntry } from '../core/call/record.ts'
import { callId } from '../core/ids.ts'
import type { CallId, LegId, PersonId } from '../core/ids.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'
import type { CallStore, Clock, DialLeg, Legs, Log, Talking } from './ports.ts'

/** Milliseconds that a step which rings somebody waits for the journal before the call is given up. */
const JOURNAL_PATIENCE = 2000
/** Milliseconds that a finished call stays in the live journal for its card to be delivered. */
const CARD_PATIENCE = 60_000

export type CallServiceDeps = {
  readonly legs: Legs
  readonly store: CallStore
  readonly clock: Clock
  readonly log: Log
  /** 22 URL-safe characters that nobody guesses. */
  readonly newId: () => string
}

/** One call as this process holds it. Everything but `call` and `events` is about the work, not about the call. */
type Live = {
  call: Call
  readonly events: Stamped[]
  readonly queue: Stamped[]
  readonly timers: Map<TimerName, () => void>
  working: boolean
  shown: number
  ladder: readonly LadderEntry[]
  archived: boolean
  stopWaiting?: () => void
  readonly closing: (() => void)[]
  /** An earlier process was asked for it. */
  readonly inherited: boolean
  /** What is keyed for the user; nothing but this process knows it. */
  keys?: KeyPlan
}

/**
 * Runs the calls: each has a mailbox whose events are folded one by one (core/call/step), saved, and acted upon.
 * An effect that rings a phone runs only when its event is with the operating system; all others run at once, so
 * that a hang-up never waits for a failing disk.
 */
export class CallService {
  readonly #deps: CallServiceDeps
  readonly #live = new Map<CallId, Live>()
  /** Of each person, the calls that they asked for and those that are for them. */
  readonly #byPerson = new Map<PersonId, Set<CallId>>()
  readonly #listeners: ((call: Call, inherited: boolean) => void)[] = []
  readonly #emptied: (() => void)[] = []

  constructor(deps: CallServiceDeps) {
    this.#deps = deps
    deps.legs.onReport(({ call, event }) => this.tell(call, event))
  }

  /** Tells of every change that a user can see, in order. `inherited`: the call is one of an earlier process. */
  onChange(listener: (call: Call, inherited: boolean) => void): void {
    this.#listeners.push(listener)
  }

  /**
   * Asks for a call. Resolves when it is on the disk and the user's phone is being rung.
   * @param card the activity that becomes the call's card, where one stands already
   * @param keys what is keyed at the callee's end, where the request says that something is
   * @throws when the journal cannot take it; nothing is rung then
   */
  async request(request: CallRequest, card?: string, keys?: KeyPlan): Promise<Call> {
    const id = callId(`c_${this.#deps.newId()}`)
    const at = this.#deps.clock.now()
    const first = begin(id, request, at)
    const events: Stamped[] = [{ at, event: { type: 'requested', request } }]
    if (card !== undefined) events.push({ at, event: { type: 'card.posted', activity: card } })
    const call = card === undefined ? first.call : { ...first.call, card }
    const live = this.#hold(call, events)
    if (keys) live.keys = keys
    // What comes meanwhile, a hang-up say, waits its turn: the phone must be rung before it can be released.
    live.working = true
    try {
      await within(this.#deps.store.append(id, events, { durable: true }), JOURNAL_PATIENCE, this.#deps.clock)
    } catch (err) {
      this.#drop(live)
      throw err
    }
    this.#deps.log.info({ call: id, by: request.by, to: request.callee.name }, 'call requested')
    this.#run(live, first.effects)
    this.#changed(live)
    void this.#work(live)
    return call
  }

  /** Hands an event to the call's mailbox. Events of calls that are gone are dropped. */
  tell(id: CallId, event: CallEvent): void {
    const live = this.#live.get(id)
    if (!live) return
    live.queue.push({ at: this.#deps.clock.now(), event })
    if (!live.working) void this.#work(live)
  }

  /** The user hangs up: cancels what rings, ends what talks. Twice is once. */
  hangUp(id: CallId, by: PersonId): void {
    this.tell(id, { type: 'hangUp', by })
  }

  /** The card of this revision stands in the chat, so that the call need not be kept for its sake. */
  shown(id: CallId, revision: number): void {
    const live = this.#live.get(id)
    if (!live) return
    live.shown = Math.max(live.shown, revision)
    this.#archiveIfDone(live)
  }

  /** A call that this process holds, running or just ended. */
  get(id: CallId): Call | undefined {
    return this.#live.get(id)?.call
  }

  /** The calls that this process holds and that are so, oldest first. */
  all(are: (call: Call) => boolean): readonly Call[] {
    return [...this.#live.values()].map(({ call }) => call).filter(are)
  }

  /** The call that this person is dialling or talking on. */
  running(by: PersonId): Call | undefined {
    return this.#callsOf(by).find(keepsUser)
  }

  /** The conversation of two that this person is in, whichever of them asked for it. */
  talking(person: PersonId): Call | undefined {
    return this.#partsOf(person).find((call) => call.state === 'talking' && hasAnswered(call, person))
  }

  /**
   * Whether a phone of this person is off the hook in a call of the bot's, their own or another's; what else they do
   * nobody knows here. Never tell with whom.
   */
  isInCall(person: PersonId): boolean {
    return this.#partsOf(person).some((call) => hasAnswered(call, person))
  }

  /** Ends the rest of ended calls (a busy tone, say) so that the person's phone is free now. */
  clear(by: PersonId): void {
    for (const call of this.#callsOf(by)) if (call.state === 'ended') this.hangUp(call.id, by)
  }

  /** The record and ladder of a call, finished or running. */
  async details(id: CallId): Promise<{ call?: Call; record?: CallRecord; ladder: readonly LadderEntry[] }> {
    const live = this.#live.get(id)
    if (live) {
      const ladder = live.call.state === 'closed' ? live.ladder : this.#deps.legs.ladder(id)
      return { call: live.call, ...(live.call.outcome ? { record: recordOf(live.call) } : {}), ladder }
    }
    const closed = await this.#deps.store.get(id)
    return closed ? { record: closed.record, ladder: closed.ladder } : { ladder: [] }
  }

  /** Finished calls of a person, newest first; those whose card is still being delivered included. */
  async history(
    by: PersonId,
    { skip, limit }: { skip: number; limit: number },
  ): Promise<readonly CallRecord[]> {
    const fresh = this.#callsOf(by)
      .filter((call) => call.outcome !== undefined)
      .map(recordOf)
    const known = new Set(fresh.map((record) => record.id))
    const kept = await this.#deps.store.list(by, { skip: 0, limit: skip + limit + fresh.length })
    return [...fresh, ...kept.filter((record) => !known.has(record.id))]
      .sort((a, b) => b.requestedAt - a.requestedAt)
      .slice(skip, skip + limit)
  }

  /** Resolves when nothing of this call goes on any more, its phones are free. */
  whenClosed(id: CallId): Promise<void> {
    const live = this.#live.get(id)
    if (!live || live.call.state === 'closed') return Promise.resolve()
    return new Promise((done) => live.closing.push(done))
  }

  /** How many calls are not over yet. */
  get count(): number {
    return [...this.#live.values()].filter((live) => live.call.state !== 'closed').length
  }

  /**
   * Goes on with what an earlier process left unfinished, where its legs have outlived it; ends all else: each gets its
   * record and a true card. Call once, before anything else.
   */
  async recover(): Promise<number> {
    const { legs, store, log } = this.#deps
    const found = await store.unfinished()
    const held: Call[] = []
    for (const { call: id, events } of found) {
      const call = this.#folded(id, events)
      if (!call) continue
      this.#hold(call, [...events], true)
      held.push(call)
    }
    const goOn = legs.recover(held.flatMap(talkingOf))
    for (const { id } of held) this.tell(id, { type: goOn.has(id) ? 'resumed' : 'restarted' })
    if (found.length > 0) log.info({ found: found.length, goOn: goOn.size }, 'calls of an earlier process')
    return found.length
  }

  /** One call that cannot be read, of a later version say, does not keep the others from being ended. */
  #folded(id: CallId, events: readonly Stamped[]): Call | undefined {
    try {
      const call = fold(id, events)
      if (call) return call
      this.#deps.log.error(
        { call: id, code: 'CALL_UNREADABLE' },
        'a call of the journal does not begin with its request',
      )
    } catch (err) {
      this.#deps.log.error({ call: id, code: 'CALL_UNREADABLE', err }, 'a call of the journal cannot be read')
    }
    return undefined
  }

  /** Lets running calls go on for `ms`, then ends them as interrupted; resolves when none is left. */
  async drain(ms: number): Promise<void> {
    if (await this.#empty(ms)) return
    for (const live of this.#live.values()) this.tell(live.call.id, { type: 'shutdown' })
    await this.#empty(5000)
  }

  /** Moves finished calls to the history without waiting for their cards; for the very end. */
  async flush(): Promise<void> {
    await Promise.all(
      [...this.#live.values()].filter((l) => l.call.state === 'closed').map((l) => this.#archive(l)),
    )
  }

  async #work(live: Live): Promise<void> {
    live.working = true
    for (let next = live.queue.shift(); next; next = live.queue.shift())
      try {
        await this.#take(live, next)
      } catch (err) {
        // One event that cannot be digested must not stop those behind it: a hang-up may be among them.
        this.#deps.log.error(
          { call: live.call.id, code: 'CALL_EVENT', event: next.event.type, err },
          'an event failed',
        )
      }
    live.working = false
  }

  async #take(live: Live, stamped: Stamped): Promise<void> {
    const { log, store, clock } = this.#deps
    const before = live.call
    const next = step(before, stamped)
    const id = before.id
    if (next.ignored !== undefined) {
      log.debug({ call: id, event: stamped.event.type, state: before.state }, `ignored: ${next.ignored}`)
      return
    }
    live.events.push(stamped)
    const rings = next.effects.some((effect) => effect.type === 'dial')
    const saved = store.append(id, [stamped], { patient: isQuiet(before, next, stamped.event) })
    if (rings) {
      try {
        await within(saved, JOURNAL_PATIENCE, clock)
      } catch (err) {
        log.error(
          { call: id, code: 'STORE_WRITE', err },
          'the journal failed: nobody else is rung for this call',
        )
        live.events.pop()
        live.queue.unshift({ at: clock.now(), event: { type: 'fault', code: 'STORE_WRITE' } })
        return
      }
    } else
      saved.catch((err: unknown) =>
        log.error({ call: id, code: 'STORE_WRITE', err }, 'an event was not saved'),
      )
    live.call = next.call
    log.debug({ call: id, event: stamped.event.type, state: next.call.state }, 'call event')
    this.#run(live, next.effects)
    // After a restart the card may be older than the state: it is shown again.
    if (next.call.revision !== before.revision || RECOVERY.has(stamped.event.type)) this.#changed(live)
  }

  #run(live: Live, effects: readonly Effect[]): void {
    const { legs, clock } = this.#deps
    for (const effect of effects)
      switch (effect.type) {
        case 'dial':
          legs.dial(legToDial(live.call, effect.leg))
          break
        case 'release':
          legs.release(effect.leg)
          break
        case 'play':
          legs.play(effect.leg, effect.sound)
          break
        case 'media':
          legs.plan(live.call.id, effect.plan)
          break
        case 'mute':
          legs.mute(effect.leg, effect.on)
          break
        case 'key':
          legs.key(effect.leg, live.keys ?? [])
          break
        case 'timer.start': {
          const { timer } = effect
          live.timers.get(timer)?.()
          live.timers.set(
            timer,
            clock.after(effect.seconds * 1000, () => this.tell(live.call.id, { type: 'timer', timer })),
          )
          break
        }
        case 'timer.stop':
          live.timers.get(effect.timer)?.()
          live.timers.delete(effect.timer)
          break
        case 'close':
          this.#close(live)
          break
      }
  }

  /** Nothing of the call goes on: its ladder is whole. The journal keeps it until its card is true as well. */
  #close(live: Live): void {
    const { legs, clock, log } = this.#deps
    const { id, outcome } = live.call
    live.ladder = legs.forget(id)
    log.info({ call: id, cause: outcome?.cause, side: outcome?.side, status: outcome?.status }, 'call ended')
    live.stopWaiting = clock.after(CARD_PATIENCE, () => void this.#archive(live))
    for (const done of live.closing.splice(0)) done()
    this.#archiveIfDone(live)
    this.#tellEmpty()
  }

  #archiveIfDone(live: Live): void {
    if (live.call.state === 'closed' && live.shown >= live.call.revision) void this.#archive(live)
  }

  async #archive(live: Live): Promise<void> {
    if (live.archived) return
    live.archived = true
    const closed: ClosedCall = { record: recordOf(live.call), events: live.events, ladder: live.ladder }
    try {
      await this.#deps.store.close(closed)
    } catch (err) {
      // The journal still has it: the next start finds it and closes it then.
      this.#deps.log.error(
        { call: live.call.id, code: 'STORE_CLOSE', err },
        'a record was not moved to the history',
      )
    }
    this.#drop(live)
  }

  #hold(call: Call, events: Stamped[], inherited = false): Live {
    const live: Live = {
      call,
      events,
      queue: [],
      timers: new Map(),
      working: false,
      shown: 0,
      ladder: [],
      archived: false,
      inherited,
      closing: [],
    }
    this.#live.set(call.id, live)
    for (const person of partiesOf(call)) {
      const calls = this.#byPerson.get(person) ?? new Set()
      this.#byPerson.set(person, calls.add(call.id))
    }
    return live
  }

  #drop(live: Live): void {
    const { id } = live.call
    for (const stop of live.timers.values()) stop()
    live.stopWaiting?.()
    this.#live.delete(id)
    for (const person of partiesOf(live.call)) {
      const calls = this.#byPerson.get(person)
      calls?.delete(id)
      if (calls?.size === 0) this.#byPerson.delete(person)
    }
    this.#tellEmpty()
  }

  #callsOf(by: PersonId): Call[] {
    return this.#partsOf(by).filter((call) => call.request.by === by)
  }

  #partsOf(person: PersonId): Call[] {
    return [...(this.#byPerson.get(person) ?? [])].flatMap((id) => this.#live.get(id)?.call ?? [])
  }

  #changed(live: Live): void {
    for (const listener of this.#listeners) listener(live.call, live.inherited)
  }

  #empty(ms: number): Promise<boolean> {
    if (this.count === 0) return Promise.resolve(true)
    return new Promise((done) => {
      const stop = this.#deps.clock.after(ms, () => done(false))
      this.#emptied.push(() => {
        stop()
        done(true)
      })
    })
  }

  #tellEmpty(): void {
    // Counting walks through all of them: not for nobody.
    if (this.#emptied.length > 0 && this.count === 0) for (const done of this.#emptied.splice(0)) done()
  }
}

/**
 * Whether nobody would miss the event after a kill: it does nothing that lasts, and no outcome is shown by it. What has
 * been done, or has been seen and counts, is with the operating system first.
 */
function isQuiet(before: Call, { call, effects }: Step, event: CallEvent): boolean {
  if (event.type === 'card.posted') return false
  // The record tells how long it rang, to the second.
  const shows = call.revision !== before.revision && event.type !== 'leg.ringing'
  return !shows && effects.every(({ type }) => type === 'timer.stop' || type === 'close')
}

const RECOVERY: ReadonlySet<CallEvent['type']> = new Set(['restarted', 'resumed'])

const partiesOf = ({ request: { by, callee } }: Call): readonly PersonId[] =>
  callee.person === undefined || callee.person === by ? [by] : [by, callee.person]

/** A phone that rings is in no call yet; one that has put down is in none any more, though the call may go on. */
function hasAnswered(call: Call, person: PersonId): boolean {
  const role: Role = call.request.by === person ? 'user' : 'callee'
  return call.outcome === undefined && call.legs.some((leg) => leg.role === role && leg.state === 'answered')
}

/** The legs of a call that was connected when its process ended; in a room, those who have not left. */
function talkingOf(call: Call): Talking[] {
  const legs = call.legs.filter(({ state }) => state === 'answered').map(({ id }) => id)
  const goesOn = call.state === 'inRoom' ? legs.length > 0 : call.state === 'talking' && legs.length === 2
  return goesOn ? [{ call: call.id, legs, media: call.media }] : []
}

/** Who is called and who is shown. The two legs' caller IDs are never mixed. */
function legToDial(call: Call, leg: LegId): DialLeg {
  const { request } = call
  const forRoom = request.room ? { forRoom: true as const } : {}
  if (legOf(call, 'user')?.id === leg) {
    const { target, phone = 'desk' } = request.user
    // Whatever the trunk shows to others: by this number people know their own calls.
    const from = { number: request.globalCallerId ?? 'dialback', name: request.callee.name }
    return { call: call.id, leg, to: target, from, own: phone, ...forRoom }
  }
  return { call: call.id, leg, to: request.callee.target, from: request.callerId, ...forRoom }
}

async function within<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const stop = clock.after(ms, () => reject(new Error(`no answer within ${ms} ms`)))
  return Promise.race([work, late]).finally(stop)
}
