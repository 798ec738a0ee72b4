/** The SIP side of the bot: the port `Legs`, made of drachtio-srf, trunks, and the bot's RTP endpoint. */
import type { Clock, DialLeg, LegReport, Legs, Log, Talking, TrunkState } from '../app/ports.ts'
import type { MediaPlan, Role, Sound } from '../core/call/call.ts'
import type { LadderEntry } from '../core/call/record.ts'
import type { CallId, LegId } from '../core/ids.ts'
import type { KeyPlan } from '../core/meeting/keys.ts'
import type { Target } from '../core/party.ts'
import type { Trunk } from '../core/trunk.ts'
import type { MediaEndpoint } from '../media/endpoint.ts'
import { Bridge } from './bridge.ts'
import { Connection } from './connection.ts'
import { Course } from './course.ts'
import type { IncomingRequest, ServerAddress } from './connection.ts'
import type { Follow } from './diversions.ts'
import { canGoOn, readNote } from './estate.ts'
import type { Estate, EstatePort, LegNote } from './estate.ts'
import { Ladder } from './ladder.ts'
import { Leg } from './leg.ts'
import { Resolver } from './resolve.ts'
import type { Dns } from './resolve.ts'
import { tlsRemedy } from './tls-remedy.ts'
import type { TrunkLine } from './trunk-line.ts'
import { TrunkSet } from './trunk-set.ts'
import { Wire } from './wire.ts'

export type LegsOptions = {
  /** The signalling server: `sipd`, or a drachtio-server. */
  readonly drachtio: ServerAddress
  /** In order of preference; those that are down come last. */
  readonly trunks: readonly Trunk[]
  readonly media: MediaEndpoint
  readonly log: Log
  readonly clock: Clock
  /** ISO 3166 alpha-2, for national number forms. */
  readonly country: string
  /** Whom a leg belongs to, for the ladder; the first leg of a call is the user's when unset. */
  readonly roleOf?: (leg: LegId) => Role
  readonly dns?: Dns
  /** The number gate, for callees' diversions (`redirect`); without it none is followed. */
  readonly follow?: Follow
  /** Seconds after which a phone that is not heard through the bot is told of; never when unset. */
  readonly silence?: number
  /** Where signalling and sound outlive this process: what there is of an earlier one. */
  readonly estate?: Estate
}

export type SipLegs = Legs & {
  /** Takes these trunks from now on (`TRUNKS_FILE` has changed). Running legs keep theirs. */
  setTrunks(trunks: readonly Trunk[]): void
  /** Connected to the signalling server. A trunk that is down does not matter here. */
  ready(): boolean
  /** Ends every leg, unregisters, and disconnects; resolves when they are gone, or after 3 s. */
  stop(): Promise<void>
}

/** What is kept of one call until it is forgotten. */
type Kept = { readonly ladder: Ladder; readonly bridge: Bridge; readonly legs: Set<Leg> }

const LONGEST_STOP = 3_000
// Dialogs of a connection that was lost, to be ended when the server is back.
const MOST_ORPHANS = 10_000

/** Starts to connect, and resolves when the signalling server is there or 5 s have gone by without it. */
export async function createLegs(options: LegsOptions): Promise<SipLegs> {
  const legs = new SipSide(options)
  await legs.start()
  return legs
}

const FIRST_CONNECTION = 5_000
const NOBODY = { failed: () => undefined, response: () => undefined }

class SipSide implements SipLegs {
  readonly #options: LegsOptions
  readonly #connection: Connection
  readonly #trunks: TrunkSet
  readonly #calls = new Map<CallId, Kept>()
  readonly #legs = new Map<LegId, Leg>()
  readonly #dialogs = new Map<string, Leg>()
  #onSpeaks: (call: CallId, leg: LegId, on: boolean) => void = () => undefined
  #orphans: string[] = []
  #listener: (report: LegReport) => void = () => undefined
  #onUp: (() => void) | undefined
  #recovered = false
  #onIdle: (() => void) | undefined

  constructor(options: LegsOptions) {
    this.#options = options
    const { drachtio, trunks, log, clock, country } = options
    const resolver = new Resolver(clock, options.dns)
    const user = {
      up: () => {
        this.#onConnected()
      },
      down: (why: string) => {
        this.#onDisconnected(why)
      },
      request: (request: IncomingRequest) => {
        this.#onRequest(request)
      },
    }
    this.#connection = new Connection(drachtio, user, log, clock)
    this.#trunks = new TrunkSet({ connection: this.#connection, resolver, clock, log, country })
    this.#trunks.set(trunks)
  }

  start(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(FIRST_CONNECTION, resolve)
      this.#onUp = () => {
        cancel()
        resolve()
      }
      this.#connection.start()
    })
  }

  ready(): boolean {
    return this.#connection.up
  }

  async stop(): Promise<void> {
    for (const leg of this.#legs.values()) leg.release()
    await Promise.all([this.#trunks.stop(), this.#idle()])
    for (const leg of [...this.#legs.values()]) leg.lose('the bot stops')
    this.#connection.stop()
  }

  #idle(): Promise<void> {
    if (this.#legs.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(LONGEST_STOP, resolve)
      this.#onIdle = () => {
        cancel()
        resolve()
      }
    })
  }

  onReport(listener: (report: LegReport) => void): void {
    this.#listener = listener
  }

  trunks(): readonly TrunkState[] {
    return this.#trunks.states()
  }

  setTrunks(trunks: readonly Trunk[]): void {
    this.#trunks.set(trunks)
  }

  lines(): Promise<'free' | 'full' | 'down'> {
    return this.#trunks.room()
  }

  dial(dial: DialLeg): void {
    const { call, leg: id } = dial
    const [first] = this.#trunks.lines
    const kept = this.#keep(call)
    if (!first || this.#legs.has(id)) {
      const end = {
        kind: 'unsendable',
        detail: first ? 'the leg is dialled already' : 'no trunk is configured',
      } as const
      return queueMicrotask(() => {
        this.#report(call, { type: 'leg.ended', leg: id, end })
      })
    }
    const leg = this.#make(dial, first, kept)
    this.#legs.set(id, leg)
    kept.legs.add(leg)
    void leg.start()
  }

  release(id: LegId): void {
    this.#legs.get(id)?.release()
  }

  mute(id: LegId, on: boolean): void {
    this.#legs.get(id)?.mute(on)
  }

  onSpeaks(listener: (call: CallId, leg: LegId, on: boolean) => void): void {
    this.#onSpeaks = listener
  }

  play(id: LegId, sound: Sound): void {
    this.#legs.get(id)?.play(sound)
  }

  key(id: LegId, plan: KeyPlan): void {
    this.#legs.get(id)?.keys.keyAll(plan)
  }

  plan(call: CallId, plan: MediaPlan): void {
    this.#keep(call).bridge.set(plan)
  }

  ladder(call: CallId): readonly LadderEntry[] {
    return this.#calls.get(call)?.ladder.entries() ?? []
  }

  forget(call: CallId): readonly LadderEntry[] {
    const kept = this.#calls.get(call)
    if (!kept) return []
    this.#calls.delete(call)
    for (const leg of kept.legs) leg.release()
    return kept.ladder.entries()
  }

  recover(calls: readonly Talking[]): ReadonlySet<CallId> {
    this.#recovered = true
    const { estate } = this.#options
    if (!estate) return new Set()
    const notes = new Map([...estate.notes].map(([leg, text]) => [leg, readNote(text)]))
    const ports = new Map(estate.ports)
    const goOn = new Set<CallId>()
    for (const { call, legs, media } of calls) {
      const left = legs.map((leg) => notes.get(leg)).filter((note) => note !== undefined)
      // What cannot go on is ended below, as all else that was left: it must not keep the others from going on.
      if (left.length < legs.length || this.#trunks.lines.length === 0 || !left.every(canGoOn)) continue
      goOn.add(call)
      const back = left.map((note) => this.#resume(note, ports))
      for (const leg of legs) notes.delete(leg)
      if (media !== 'endpoint') this.#keep(call).bridge.resume(media, back)
    }
    for (const [leg, note] of notes) {
      estate.note(leg, undefined)
      if (note) this.#hangUp(note.dialog)
    }
    for (const left of ports.values()) for (const { port } of left) port.close()
    return goOn
  }

  /** Ends a dialog that no leg of this process holds: now, or when the signalling server is there. */
  #hangUp(dialog: string): void {
    if (this.#connection.up) this.#connection.request({ method: 'BYE', dialog }, NOBODY)
    else if (this.#orphans.length < MOST_ORPHANS) this.#orphans.push(dialog)
  }

  /** Takes its port out of `ports`: that which the phone was told last, not one that lingers. */
  #resume(note: LegNote, ports: Map<string, readonly EstatePort[]>): Leg {
    const { dial, trunk } = note
    const own = ports.get(dial.leg) ?? []
    const { told, session } = note.media
    const adopted = own.find(({ port }) => port.port === told?.port && told.address === session.host)
    const kept = this.#keep(dial.call)
    const { lines } = this.#trunks
    const line = lines.find((one) => one.trunk.name === trunk) ?? lines[0]
    if (!line) throw new Error('a call cannot go on without any trunk')
    const leg = this.#make(dial, line, kept)
    this.#legs.set(dial.leg, leg)
    kept.legs.add(leg)
    adopted?.listen(leg.ears)
    ports.set(
      dial.leg,
      own.filter((one) => one !== adopted),
    )
    leg.resume(note, adopted?.port)
    return leg
  }

  #make(dial: DialLeg, first: TrunkLine, kept: Kept): Leg {
    const { clock, media, log, follow, estate } = this.#options
    const { call, leg: id } = dial
    const role = this.#roleOf(id)
    const wire = (line: TrunkLine, to: Target) => {
      const { user, password } = line.trunk
      const known = user !== undefined && line.serves(to)
      const credentials = known ? { user, password: password ?? '' } : undefined
      return new Wire(this.#connection, credentials, (direction, raw) => {
        kept.ladder.add(clock.now(), role, direction, raw)
      })
    }
    const leg: Leg = new Leg(dial, first, {
      course: new Course(dial, {
        lines: () => this.#trunks.lines,
        others: () => [...kept.legs].map(({ to }) => to),
        follow,
        clock,
        log,
      }),
      wire,
      media,
      clock,
      report: (event) => {
        this.#report(call, event)
      },
      dialog: (id) => {
        this.#dialogs.set(id, leg)
      },
      digit: (digit) => {
        const partner = kept.bridge.partner(leg)
        if (partner) partner.keys.press(digit)
        else this.#report(call, { type: 'leg.digit', leg: id, digit })
      },
      speaks: (on) => {
        this.#onSpeaks(call, id, on)
      },
      changed: () => {
        kept.bridge.changed(leg)
      },
      note:
        estate &&
        ((note) => {
          estate.note(id, { text: JSON.stringify(note), call, dialog: note.dialog })
        }),
      ended: () => {
        estate?.note(id, undefined)
        this.#onEnded(leg, kept)
      },
    })
    leg.negotiation.onLate = () => {
      kept.bridge.late(leg)
    }
    return leg
  }

  #keep(call: CallId): Kept {
    const known = this.#calls.get(call)
    if (known) return known
    const { media, log, silence = 0 } = this.#options
    const bridge = new Bridge({
      call,
      media,
      log,
      silence: silence * 1000,
      leg: (id) => this.#legs.get(id as LegId),
      report: (event) => {
        this.#report(call, event)
      },
    })
    const kept: Kept = { ladder: new Ladder(), bridge, legs: new Set() }
    this.#calls.set(call, kept)
    return kept
  }

  #roleOf(id: LegId): Role {
    return this.#options.roleOf?.(id) ?? (id.endsWith('.1') ? 'user' : 'callee')
  }

  #report(call: CallId, event: LegReport['event']): void {
    this.#tell(call, event)
    this.#listener({ call, event })
  }

  /** One line for each step of a leg, under the call's id. Digits are nobody's business. */
  #tell(call: CallId, event: LegReport['event']): void {
    const { log } = this.#options
    if (event.type === 'leg.digit') return
    const fields = { ...event, call, event: event.type, type: undefined }
    const end = event.type === 'leg.ended' ? event.end : undefined
    if (end?.kind === 'unable' || end?.kind === 'unsendable')
      log.warn({ ...fields, code: 'SIP_LEG', remedy: tlsRemedy(end.detail) }, 'A leg could not be made')
    else log.debug(fields, 'A leg goes on')
  }

  #onEnded(leg: Leg, kept: Kept): void {
    this.#legs.delete(leg.id)
    kept.legs.delete(leg)
    for (const id of leg.dialogs) this.#dialogs.delete(id)
    if (this.#legs.size === 0) this.#onIdle?.()
  }

  #onRequest(request: IncomingRequest): void {
    const leg = this.#dialogs.get(request.dialog)
    if (leg) return leg.handle(request)
    if (request.method === 'ACK' || request.local) return
    // A dialog of an earlier process of this bot: its call has been closed, the phone may hang up.
    if (request.method === 'BYE') return request.answer(200)
    // Or it is about to be taken up.
    const later = this.#options.estate && !this.#recovered
    if (later) request.answer(500, { headers: { 'Retry-After': '2' } })
    else request.answer(481)
  }

  #onConnected(): void {
    const { log, drachtio } = this.#options
    log.info(
      { code: 'SIP_CONNECTED', host: drachtio.host, port: drachtio.port },
      'Connected to the signalling server',
    )
    this.#onUp?.()
    this.#trunks.start()
    const orphans = this.#orphans
    this.#orphans = []
    for (const dialog of orphans) this.#hangUp(dialog)
  }

  #onDisconnected(why: string): void {
    this.#options.log.warn({ code: 'SIP_DISCONNECTED', detail: why }, 'The signalling server is away')
    this.#trunks.pause()
    for (const leg of [...this.#legs.values()]) {
      if (leg.dialog !== undefined && this.#orphans.length < MOST_ORPHANS) this.#orphans.push(leg.dialog)
      leg.lose(why)
    }
  }
}
