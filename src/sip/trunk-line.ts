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

export class TrunkLine {
  readonly trunk: Trunk
  readonly address: TrunkAddress
  /** The PBX refuses a re-INVITE without SDP: later bridges of this trunk offer at once. */
  needsOffer = false
  readonly #resolver: Resolver
  readonly #country: string
  #state: TrunkState['state'] = 'unknown'
  #detail: string | undefined

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

  /** Notes that it answered something, whatever it said. */
  answered(): void {
    this.#state = 'up'
    this.#detail = undefined
  }

  /** Notes that it did not answer, or could not be reached. */
  failed(why: string): void {
    this.#state = 'down'
    this.#detail = why
  }

  /** The Request-URI of a target: the trunk's own form of the number, at the trunk's own domain. */
  uriOf(target: Target): string {
    if (target.kind === 'uri') return target.uri
    return `${this.address.scheme}:${userPart(numberFor(this.trunk, target, this.#country))}@${this.address.rest}`
  }

  /**
   * The next hop, as the server takes it: none for a trunk that is configured by address. A SIP address elsewhere has
   * its own: what the gate let through for its host must not reach the PBX, which would dial the user part.
   * @throws when the name is not known
   */
  async proxy(target?: Target): Promise<string | undefined> {
    const at = target?.kind === 'uri' ? this.#placeOf(target.uri) : this.address
    if (isIP(at.host) !== 0 && target?.kind !== 'uri') return undefined
    const [first] = await this.#resolver.resolve(at)
    if (!first) throw new Error(`${at.host} has no address`)
    return `sip:${bracketed(first.address)}:${first.port};transport=${at.transport}`
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
    const { scheme, rest, host } = line.address
    let proxy: string | undefined
    try {
      proxy = await line.proxy()
    } catch (fault) {
      return this.#note(
        line,
        `${host} cannot be resolved: ${fault instanceof Error ? fault.message : String(fault)}`,
      )
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
          if (this.#connection.up) this.#note(line, why)
        },
        response: (response) => {
          if (response.status >= 200) this.#note(line, unreached(response))
        },
      },
    )
  }

  #note(line: TrunkLine, fault: string | undefined): void {
    const before = line.state.state
    if (fault === undefined) line.answered()
    else line.failed(fault)
    const { state } = line.state
    if (state === before) return
    const fields = { code: 'SIP_TRUNK', trunk: line.trunk.name, state, detail: fault }
    if (state === 'down') this.#log.warn(fields, 'A trunk does not answer')
    else this.#log.info(fields, 'A trunk answers')
  }
}

/** Why a response is none of the far side, or undefined when it is. */
export function unreached(response: Response): string | undefined {
  if (!response.local) return undefined
  return response.status === 408 ? 'no answer' : response.reason
}
