/**
 * Asks a trunk questions that ring nobody: OPTIONS, and a REGISTER without Contact, which changes nothing at the PBX
 * (RFC 3261 10.2.3: it asks what is registered). By the same connection, resolver and credentials as calls.
 */
import type { Clock, Log } from '../app/ports.ts'
import type { Trunk } from '../core/trunk.ts'
import { bracketed, userPart } from './address.ts'
import { Connection } from './connection.ts'
import type { Response, SentRequest, ServerAddress } from './connection.ts'
import { Resolver } from './resolve.ts'
import type { Dns } from './resolve.ts'
import { TrunkLine, unreached } from './trunk-line.ts'
import type { Hop } from './trunk-line.ts'
import { Wire } from './wire.ts'

export type { Hop } from './trunk-line.ts'

export type ProbeOptions = {
  readonly drachtio: ServerAddress
  readonly clock: Clock
  readonly log: Log
  readonly country: string
  readonly dns?: Dns
}

/** What came of one question. */
export type ProbeAnswer =
  /** Nobody has answered: why. */
  | { readonly fault: string }
  | {
      readonly fault?: undefined
      readonly status: number
      readonly reason: string
      readonly ms: number
      /**
       * `none`: nobody asked for any; `lacking`: asked for, and there are none to give, or not of the kind that is asked
       * for; `refused`: given, and not taken; `accepted`.
       */
      readonly credentials: 'none' | 'lacking' | 'refused' | 'accepted'
      /** `Date` of the answer. */
      readonly date: string
      /** `Server` or `User-Agent` of the answer. */
      readonly software: string
      /** The address that we have told in Via, and that which the PBX has seen (RFC 3581). */
      readonly told: string
      readonly seen: string
    }

/** Milliseconds; a PBX that is there answers sooner. */
const PATIENCE = 5_000

export class TrunkProbe {
  readonly #connection: Connection
  readonly #resolver: Resolver
  readonly #options: ProbeOptions
  #onUp: (() => void) | undefined

  constructor(options: ProbeOptions) {
    const { drachtio, clock, log, dns } = options
    this.#options = options
    this.#resolver = new Resolver(clock, dns)
    const user = {
      up: () => this.#onUp?.(),
      down: () => undefined,
      request: () => undefined,
    }
    this.#connection = new Connection(drachtio, user, log, clock)
  }

  /** @returns whether the signalling server is there, at the latest after so many milliseconds */
  connect(within: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const stop = this.#options.clock.after(within, () => {
      resolve(false)
    })
    this.#onUp = () => {
      stop()
      resolve(true)
    }
    this.#connection.start()
    return promise
  }

  stop(): void {
    this.#connection.stop()
  }

  /** The addresses of a trunk in the order to be tried. @throws the resolver's error */
  places(trunk: Trunk): Promise<readonly Hop[]> {
    return this.#line(trunk).hops()
  }

  /** Asks at one address. Never rejects. */
  ask(method: 'OPTIONS' | 'REGISTER', trunk: Trunk, hop: Hop): Promise<ProbeAnswer> {
    const { clock } = this.#options
    const { scheme, rest, host } = this.#line(trunk).address
    const { user, password = '' } = trunk
    const own = `<sip:${userPart(user ?? 'dialback')}@${bracketed(host)}>`
    const began = clock.now()
    const { promise, resolve } = Promise.withResolvers<ProbeAnswer>()
    const stop = clock.after(PATIENCE, () => {
      settle({ fault: 'no answer' })
    })
    const settle = (answer: ProbeAnswer) => {
      stop()
      resolve(answer)
    }
    let asked = 0
    let sent: SentRequest | undefined
    const wire = new Wire(this.#connection, user === undefined ? undefined : { user, password }, (way) => {
      if (way === 'out') asked++
    })
    wire.request(
      {
        method,
        uri: `${scheme}:${rest}`,
        headers: { From: own, ...(method === 'REGISTER' ? { To: own } : {}), 'User-Agent': 'Dialback' },
        ...(hop.proxy === undefined ? {} : { proxy: hop.proxy }),
      },
      {
        sent: (it) => {
          sent = it
        },
        failed: (fault) => {
          settle({ fault })
        },
        response: (response) => {
          if (response.status < 200) return
          const fault = unreached(response)
          if (fault !== undefined) return settle({ fault })
          settle(read(response, sent, asked, clock.now() - began))
        },
      },
    )
    return promise
  }

  #line(trunk: Trunk): TrunkLine {
    return new TrunkLine(trunk, this.#resolver, this.#options.country)
  }
}

function read(response: Response, sent: SentRequest | undefined, asked: number, ms: number): ProbeAnswer {
  const { status, reason } = response
  const wants = status === 401 || status === 407
  const given = asked > 1
  const via = sent?.header('via') ?? ''
  const told = /^SIP\/2\.0\/\w+\s+(\[[^\]]+\]|[^:;\s]+)/.exec(via)?.[1] ?? ''
  const seen = /;\s*received=([^;\s,]+)/i.exec(response.header('via'))?.[1] ?? told
  return {
    status,
    reason,
    ms,
    credentials: given ? (wants ? 'refused' : 'accepted') : wants ? 'lacking' : 'none',
    date: response.header('date'),
    software: response.header('server') || response.header('user-agent'),
    told: bare(told),
    seen: bare(seen),
  }
}

const bare = (host: string) => host.replace(/^\[|\]$/g, '')
