/** What the checks know of each other: the settings, whether the bot runs, and the SIP side that the trial goes over. */
import { addressTowards, openGround } from '../compose/legs.ts'
import type { Ground } from '../compose/legs.ts'
import type { Config, Loaded } from '../config.ts'
import type { Trunk } from '../core/trunk.ts'
import { systemClock } from '../ops/clock.ts'
import { createLog } from '../ops/log.ts'
import type { Hop, ProbeAnswer } from '../sip/trunk-probe.ts'
import { TrunkProbe } from '../sip/trunk-probe.ts'

export type Asked = {
  /** A number to be called, for a trial of sound. */
  readonly call: string | undefined
  /** Another connector than that of Microsoft's cloud. */
  readonly serviceUrl: string | undefined
}

/** What is known of one trunk so far. */
export type Examined = {
  readonly trunk: Trunk
  places: readonly Hop[]
  /** To OPTIONS, by the place asked. */
  answers: readonly { readonly at: string; readonly answer: ProbeAnswer }[]
}

/** Milliseconds for the signalling server to be there. */
const FIRST_CONNECTION = 5_000
/** A drachtio-server knows its applications by name: the bot's requests are not to come here. */
const APPLICATION = 'dialback-doctor'

export class Ward {
  readonly asked: Asked
  readonly log = createLog({ level: 'silent' })
  readonly clock = systemClock
  loaded: Loaded | undefined
  /** What a bot that runs with these settings says of itself (`/readyz`). */
  running: Readonly<Record<string, unknown>> | undefined
  /** Ports of `SIP_BIND` that somebody else holds: the trial takes free ones. */
  readonly taken = new Set<number>()
  examined: readonly Examined[] = []
  #sip: Promise<{ readonly ground: Ground; readonly probe: TrunkProbe; readonly own: string }> | undefined
  readonly #stops: (() => Promise<void> | void)[] = []

  constructor(asked: Asked) {
    this.asked = asked
  }

  /** The settings. @throws where they do not fit: checks that need them are skipped then */
  get config(): Config {
    if (!this.loaded) throw new Error('the settings do not fit')
    return this.loaded.config
  }

  /**
   * The bot's own SIP side, opened once: the embedded server on its ports, or on free ones while the bot has them.
   * Nothing is registered by it, and a process that outlives the bot is left alone.
   * @throws what opening it throws
   */
  sip() {
    return (this.#sip ??= this.#open())
  }

  onStop(stop: () => Promise<void> | void): void {
    this.#stops.unshift(stop)
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) await Promise.resolve(stop()).catch(() => undefined)
  }

  async #open() {
    const { config } = this
    const { signalling, trunks } = config
    const own = await addressTowards(trunks)
    const free =
      signalling.kind === 'drachtio'
        ? signalling
        : {
            ...signalling,
            ownProcess: false,
            bind: signalling.bind.map((one) => (this.taken.has(one.port) ? { ...one, port: 0 } : one)),
          }
    const opened = await openGround({ ...config, signalling: free }, own, {
      log: this.log,
      onStop: (stop) => {
        this.onStop(stop)
      },
      onDeath: () => undefined,
    })
    const ground = { ...opened, drachtio: { ...opened.drachtio, application: APPLICATION } }
    const { log, clock } = this
    const probe = new TrunkProbe({ drachtio: ground.drachtio, clock, log, country: config.country })
    this.onStop(() => {
      probe.stop()
    })
    if (!(await probe.connect(FIRST_CONNECTION))) {
      const { host, port } = ground.drachtio
      throw new Error(`the signalling server at ${host}:${port} is not there, or refuses the secret`)
    }
    return { ground, probe, own }
  }
}
