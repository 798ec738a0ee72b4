/** One trunk as signalling sees it: where it is, whether it answers, and what its last calls taught. */
import { isIP } from 'node:net'

import type { Clock, Log, TrunkState } from '../app/ports.ts'
import type { Target } from '../core/party.ts'
import { numberFor } from '../core/dialplan/number-form.ts'
import type { Trunk } from '../core/trunk.ts'
import { bracketed, uriAddress, userPart } from './address.ts'
import type { TrunkAddress } from './address.ts'
import type { Connection, Response } from './connection.ts'
import type { Resolver } from './resolve.ts'

const PING_EVERY = 30_000

/** One address of a trunk, or of a SIP address elsewhere. */
export type Hop = {
  /** `sip:192.0.2.1:5060;transport=udp` */
  readonly at: string
  /** The same for the server; undefined where the Request-URI leads there by itself. */
  readonly proxy: string | undefined
}

export class TrunkLine {
  readonly trunk: Trunk
  readonly address: TrunkAddress
  /** The PBX refuses a re-INVITE without SDP: later bridges of this trunk offer at once. */
  needsOffer = false
  readonly #resolver: Resolver
  readonly #country: string
  #state: TrunkState['state'] = 'unknown'
  #detail: string | undefined
  #places: readonly string[] = []
  /** Those of its places that did not answer last. */
  readonly #dead = new Set<string>()

  constructor(trunk: Trunk, resolver: Resolver, country: string) {
    this.trunk = trunk
    this.address = uriAddress(trunk.uri)
    this.#resolver = resolver
    this.#country = country
  }

  get state(): TrunkState {
    const detail = this.#detail
    return { name: this.trunk.name, state: this.#state, ...(detail === undefined ? {} : { detail }) }
  }

  /** Notes that it answered something, whatever it said. An address elsewhere says nothing about the trunk. */
  answered({ at }: Hop): void {
    if (!this.#places.includes(at)) return
    this.#dead.delete(at)
    this.#state = 'up'
    this.#detail = undefined
  }

  /** Notes that it did not answer there, or could not be reached; it is down when none of its addresses is left. */
  failed(why: string, { at }: Hop): void {
    if (!this.#places.includes(at)) return
    this.#dead.add(at)
    if (this.#places.every((place) => this.#dead.has(place))) this.unknown(why)
  }

  /** Notes that there is no address of it at all. */
  unknown(why: string): void {
    this.#state = 'down'
    this.#detail = why
  }

  /** The Request-URI of a target: the trunk's own form of the number, at the trunk's own domain. */
  uriOf(target: Target): string {
    if (target.kind === 'uri') return target.uri
    return `${this.address.scheme}:${userPart(numberFor(this.trunk, target, this.#country))}@${this.address.rest}`
  }

  /**
   * The next hops in the order to be tried, those that did not answer last behind the others. A SIP address elsewhere
   * has its own: what the gate let through for its host must not reach the PBX, which would dial the user part.
   * @throws when the name is not known
   */
  async hops(target?: Target): Promise<readonly Hop[]> {
    const at = target?.kind === 'uri' ? this.#placeOf(target.uri) : this.address
    const found = await this.#resolver.resolve(at)
    if (found.length === 0) throw new Error(`${at.host} has no address`)
    const places = new Set(
      found.map(({ address, port }) => `sip:${bracketed(address)}:${port};transport=${at.transport}`),
    )
    if (at === this.address) {
      this.#places = [...places]
      for (const place of this.#dead) if (!places.has(place)) this.#dead.delete(place)
    }
    const direct = isIP(at.host) !== 0 && target?.kind !== 'uri'
    return [...places]
      .sort((a, b) => Number(this.#dead.has(a)) - Number(this.#dead.has(b)))
      .map((place) => ({ at: place, proxy: direct ? undefined : place }))
  }

  /** Whether a target is reached through this trunk's PBX, which alone may see the trunk's credentials. */
  serves(target: Target): boolean {
    return target.kind !== 'uri' || this.#placeOf(target.uri) === this.address
  }

  #placeOf(uri: string): TrunkAddress {
    const at = uriAddress(uri)
    const own = at.host.toLowerCase() === this.address.host.toLowerCase()
    return own && (at.port === undefined || at.port === this.address.port) ? this.address : at
  }
}

/** Asks every trunk with OPTIONS whether it is there, now and every 30 s. */
export class TrunkWatch {
  readonly #lines: readonly TrunkLine[]
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #log: Log
  #stop: (() => void) | undefined

  constructor(lines: readonly TrunkLine[], connection: Connection, clock: Clock, log: Log) {
    this.#lines = lines
    this.#connection = connection
    this.#clock = clock
    this.#log = log
  }

  /** Begins anew: all are asked at once. */
  start(): void {
    this.stop()
    for (const line of this.#lines) void this.#ask(line)
    this.#stop = this.#clock.after(PING_EVERY, () => {
      this.start()
    })
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  async #ask(line: TrunkLine): Promise<void> {
    try {
      for (const hop of await line.hops()) this.#askAt(line, hop)
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault)
      this.#note(line, () => {
        line.unknown(`${line.address.host} cannot be resolved: ${why}`)
      })
    }
  }

  #askAt(line: TrunkLine, hop: Hop): void {
    const { scheme, rest, host } = line.address
    const { proxy } = hop
    const heard = (fault: string | undefined) => {
      this.#note(line, () => {
        if (fault === undefined) line.answered(hop)
        else line.failed(fault, hop)
      })
    }
    const from = `<sip:dialback@${bracketed(host)}>`
    this.#connection.request(
      {
        method: 'OPTIONS',
        uri: `${scheme}:${rest}`,
        headers: { From: from },
        ...(proxy === undefined ? {} : { proxy }),
      },
      {
        failed: (why) => {
          // Without a signalling server nothing is known about the trunk.
          if (this.#connection.up) heard(why)
        },
        response: (response) => {
          if (response.status >= 200) heard(unreached(response))
        },
      },
    )
  }

  #note(line: TrunkLine, learn: () => void): void {
    const before = line.state.state
    learn()
    const { state, detail } = line.state
    if (state === before) return
    const fields = { code: 'SIP_TRUNK', trunk: line.trunk.name, state, detail }
    if (state === 'down') this.#log.warn(fields, 'A trunk does not answer')
    else this.#log.info(fields, 'A trunk answers')
  }
}

/** Why a response is none of the far side, or undefined when it is. */
export function unreached(response: Response): string | undefined {
  if (!response.local) return undefined
  return response.status === 408 ? 'no answer' : response.reason
}
