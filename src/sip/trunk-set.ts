/** All trunks: those of the file as it stands now, each with its watch and, where it asks for one, its registration. */
import { isDeepStrictEqual } from 'node:util'

import type { Clock, Log, TrunkState } from '../app/ports.ts'
import type { Trunk } from '../core/trunk.ts'
import type { Connection } from './connection.ts'
import { Registration } from './registration.ts'
import type { Resolver } from './resolve.ts'
import { tlsRemedy } from './tls-remedy.ts'
import { TrunkLine } from './trunk-line.ts'
import { TrunkWatch } from './trunk-watch.ts'

export type TrunkSetContext = {
  readonly connection: Connection
  readonly resolver: Resolver
  readonly clock: Clock
  readonly log: Log
  readonly country: string
}

type Entry = {
  readonly line: TrunkLine
  readonly watch: TrunkWatch
  readonly registration: Registration | undefined
}

/** Milliseconds that a user waits at most to be told that no trunk is there. */
const LAST_QUESTION = 2_000

export class TrunkSet {
  readonly #context: TrunkSetContext
  #entries: readonly Entry[] = []
  #running = false

  constructor(context: TrunkSetContext) {
    this.#context = context
  }

  /** In order of preference, as the file has them. */
  get lines(): readonly TrunkLine[] {
    return this.#entries.map(({ line }) => line)
  }

  states(): readonly TrunkState[] {
    return this.lines.map(({ state }) => state)
  }

  /**
   * Takes these trunks in place of those before. What is known of a trunk goes on to hold; legs keep the one they have;
   * new ones are asked and registered at once, those that are gone unregister.
   */
  set(trunks: readonly Trunk[]): void {
    const before = new Map(this.#entries.map((entry) => [entry.line.trunk.name, entry]))
    this.#entries = trunks.map((trunk) => {
      const old = before.get(trunk.name)
      before.delete(trunk.name)
      if (old && isDeepStrictEqual(old.line.trunk, trunk)) return old
      return this.#replace(old, trunk)
    })
    for (const entry of before.values()) this.#drop(entry)
  }

  /** The signalling server is there: all are asked, and registered at, at once. */
  start(): void {
    this.#running = true
    for (const entry of this.#entries) begin(entry)
  }

  /** The signalling server is away. */
  pause(): void {
    this.#running = false
    for (const { watch, registration } of this.#entries) {
      watch.stop()
      registration?.pause()
    }
  }

  /** Unregisters; resolves when that is done, or after 2 s. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(
      this.#entries.map(async ({ watch, registration }) => {
        watch.stop()
        await registration?.stop()
      }),
    )
  }

  /** See the port `Legs`. */
  async room(): Promise<'free' | 'full' | 'down'> {
    const now = this.#roomNow()
    if (now !== 'down') return now
    await this.#askAll()
    return this.#roomNow()
  }

  #roomNow(): 'free' | 'full' | 'down' {
    const there = this.lines.filter((line) => !line.isDown)
    if (there.length === 0) return 'down'
    return there.some(({ places }) => places.free) ? 'free' : 'full'
  }

  /** Resolves as soon as one of them answers. */
  async #askAll(): Promise<void> {
    const { clock } = this.#context
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const stop = clock.after(LAST_QUESTION, () => {
      resolve(undefined)
    })
    const asked = this.#entries.map(async ({ line, watch }) => {
      await watch.ask()
      if (line.isDown) throw new Error('still down')
    })
    await Promise.race([Promise.any(asked).catch(() => undefined), late])
    stop()
  }

  #replace(old: Entry | undefined, trunk: Trunk): Entry {
    const { connection, resolver, clock, log, country } = this.#context
    const line = new TrunkLine(trunk, resolver, country, old?.line)
    const watch = new TrunkWatch(line, connection, clock)
    const goesOn = old?.registration && registersAlike(old.line.trunk, trunk) ? old.registration : undefined
    const registration =
      goesOn ?? (trunk.register ? new Registration(line, { connection, clock, log }) : undefined)
    if (goesOn) goesOn.line = line
    line.registration = () => registration?.state
    line.onChange = () => {
      tell(line, log)
      watch.onChange()
    }
    old?.watch.stop()
    if (old?.registration !== goesOn) void old?.registration?.stop()
    const entry = { line, watch, registration }
    if (!this.#running) return entry
    watch.start()
    if (registration !== goesOn) registration?.start()
    return entry
  }

  #drop({ line, watch, registration }: Entry): void {
    watch.stop()
    void registration?.stop()
    this.#context.log.info({ code: 'SIP_TRUNK', trunk: line.trunk.name }, 'A trunk is used no longer')
  }
}

function begin({ watch, registration }: Entry): void {
  watch.start()
  registration?.start()
}

function registersAlike(a: Trunk, b: Trunk): boolean {
  const what = ({ uri, user, password, register, tls }: Trunk) => [uri, user, password, register, tls]
  return isDeepStrictEqual(what(a), what(b))
}

function tell(line: TrunkLine, log: Log): void {
  const { state, detail } = line.state
  const fields = { code: 'SIP_TRUNK', trunk: line.trunk.name, state, detail, remedy: tlsRemedy(detail) }
  if (state === 'down') log.warn(fields, 'A trunk does not answer')
  else log.info(fields, 'A trunk answers')
}
