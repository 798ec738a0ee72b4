/** One trunk as signalling sees it: where it is, whether it answers, and what its last calls taught. */
import { isIP } from 'node:net'

import type { RegistrationState, TrunkState } from '../app/ports.ts'
import type { Target } from '../core/party.ts'
import { numberFor } from '../core/dialplan/number-form.ts'
import type { Trunk } from '../core/trunk.ts'
import { bracketed, uriAddress, userPart } from './address.ts'
import type { TrunkAddress } from './address.ts'
import type { Response } from './connection.ts'
import { Places } from './places.ts'
import type { Resolver } from './resolve.ts'

/** RFC 3261 20.33 sets no limit to Retry-After; a slip of a PBX must not keep calls away for a day. */
const LONGEST_REST = 5 * 60_000

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
  /** The calls that go over it now. */
  readonly places: Places
  /** The PBX refuses a re-INVITE without SDP: later bridges of this trunk offer at once. */
  needsOffer = false
  /** How it stands with the registration, where the trunk asks for one. */
  registration: () => RegistrationState | undefined = () => undefined
  /** Hears of each change of `state.state`, or of its cause. */
  onChange: (() => void) | undefined
  readonly #resolver: Resolver
  readonly #country: string
  #state: TrunkState['state'] = 'unknown'
  #detail: string | undefined
  #places: readonly string[] = []
  /** Those of its places that did not answer last. */
  readonly #dead = new Set<string>()
  /** Those that asked for a rest (503 with Retry-After), and until when. */
  readonly #resting = new Map<string, number>()

  /** @param before the same trunk as it stood in the file before: what it has taught goes on to hold */
  constructor(trunk: Trunk, resolver: Resolver, country: string, before?: TrunkLine) {
    this.trunk = trunk
    this.address = uriAddress(trunk.uri)
    this.#resolver = resolver
    this.#country = country
    this.places = before?.places ?? new Places()
    this.places.most = trunk.maxCalls ?? Infinity
    if (before?.trunk.uri !== trunk.uri) return
    this.needsOffer = before.needsOffer
    this.#state = before.#state
    this.#detail = before.#detail
    this.#places = before.#places
    for (const place of before.#dead) this.#dead.add(place)
    for (const [place, until] of before.#resting) this.#resting.set(place, until)
  }

  get state(): TrunkState {
    const detail = this.#detail
    const registration = this.registration()
    return {
      name: this.trunk.name,
      state: this.#state,
      ...(detail === undefined ? {} : { detail }),
      ...(registration === undefined ? {} : { registration }),
    }
  }

  get isDown(): boolean {
    return this.#state === 'down'
  }

  /** How gladly it is used (docs/rules.md, "Which trunk"): those of the lowest figure first. */
  rank(now: number): number {
    const resting = this.#places.length > 0 && this.#places.every((place) => this.#rests(place, now))
    if (this.isDown || resting) return 2
    const registration = this.registration()
    return registration === undefined || registration.state === 'registered' ? 0 : 1
  }

  /** Notes that it answered something, whatever it said. An address elsewhere says nothing about the trunk. */
  answered({ at }: Hop): void {
    if (!this.#places.includes(at)) return
    this.#dead.delete(at)
    this.#turn('up')
  }

  /** Notes that it did not answer there, or could not be reached; it is down when none of its addresses is left. */
  failed(why: string, { at }: Hop): void {
    if (!this.#places.includes(at)) return
    this.#dead.add(at)
    if (this.#places.every((place) => this.#dead.has(place))) this.unknown(why)
  }

  /** Notes that there is no address of it at all. */
  unknown(why: string): void {
    this.#turn('down', why)
  }

  /** Notes that it asks for a rest there, in seconds: other addresses and trunks go before it (RFC 3261 21.5.4). */
  rests({ at }: Hop, seconds: number, now: number): void {
    if (this.#places.includes(at)) this.#resting.set(at, now + Math.min(seconds * 1000, LONGEST_REST))
  }

  #rests(place: string, now: number): boolean {
    return (this.#resting.get(place) ?? 0) > now
  }

  #turn(state: TrunkState['state'], detail?: string): void {
    const news = state !== this.#state || detail !== this.#detail
    this.#state = state
    this.#detail = detail
    if (news) this.onChange?.()
  }

  /** The Request-URI of a target: the trunk's own form of the number, at the trunk's own domain. */
  uriOf(target: Target): string {
    if (target.kind === 'uri') return target.uri
    return `${this.address.scheme}:${userPart(numberFor(this.trunk, target, this.#country))}@${this.address.rest}`
  }

  /**
   * The next hops in the order to be tried, those that asked for a rest or did not answer last behind the others. A SIP
   * address elsewhere has its own, unless the trunk routes it: what the gate let through for its host must not reach the
   * PBX, which would dial the user part.
   * @throws when the name is not known
   */
  async hops(target?: Target, now = 0): Promise<readonly Hop[]> {
    const at = target ? this.#placeOf(target) : this.address
    const found = await this.#resolver.resolve(at)
    if (found.length === 0) throw new Error(`${at.host} has no address`)
    const places = new Set(
      found.map(({ address, port }) => `sip:${bracketed(address)}:${port};transport=${at.transport}`),
    )
    if (at === this.address) {
      this.#places = [...places]
      for (const kept of [this.#dead, this.#resting])
        for (const place of kept.keys()) if (!places.has(place)) kept.delete(place)
    }
    const direct = isIP(at.host) !== 0 && target?.kind !== 'uri'
    return [...places]
      .sort((a, b) => this.#lastness(a, now) - this.#lastness(b, now))
      .map((place) => ({ at: place, proxy: direct ? undefined : place }))
  }

  #lastness(place: string, now: number): number {
    return this.#dead.has(place) ? 2 : Number(this.#rests(place, now))
  }

  /** Whether a host is the trunk's own, by its name or by an address that it was found at. */
  isHome(host: string): boolean {
    const own = host.toLowerCase()
    return (
      own === this.address.host.toLowerCase() ||
      this.#places.some((place) => uriAddress(place).host.toLowerCase() === own)
    )
  }

  /** Whether a target is reached through this trunk's PBX, which alone may see the trunk's credentials. */
  serves(target: Target): boolean {
    return this.#placeOf(target) === this.address
  }

  #placeOf(target: Target): TrunkAddress {
    if (target.kind !== 'uri' || target.via === 'trunk') return this.address
    const at = uriAddress(target.uri)
    const own = at.host.toLowerCase() === this.address.host.toLowerCase()
    return own && (at.port === undefined || at.port === this.address.port) ? this.address : at
  }
}

/** Why a response is none of the far side, or undefined when it is. */
export function unreached(response: Response): string | undefined {
  if (!response.local) return undefined
  // RFC 3261 20.43: `399 sipd "the cause in words"`.
  const [, words] = /^\s*\d{3} \S+ "([^"]*)"/.exec(response.header('warning')) ?? []
  return words ?? (response.status === 408 ? 'no answer' : response.reason)
}

/** The seconds of Retry-After (RFC 3261 20.33), where a response has one. */
export function retryAfter(response: Response): number | undefined {
  const seconds = /^\s*(\d{1,9})/.exec(response.header('retry-after'))?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}
