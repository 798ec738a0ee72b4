/** Where a trunk is: names become addresses here, so that either signalling server is given addresses (RFC 3263). */
import { lookup, resolveSrv } from 'node:dns/promises'
import { isIP } from 'node:net'

import type { Clock } from '../app/ports.ts'
import type { TrunkAddress } from './address.ts'

export type Endpoint = { readonly address: string; readonly port: number }

// Node's resolveSrv tells no TTL.
const KEPT = 30_000

/** One SRV record (RFC 2782). */
export type Service = {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

export type Dns = {
  srv(name: string): Promise<readonly Service[]>
  /** A and AAAA, or the hosts file. */
  host(name: string): Promise<readonly string[]>
}

const SYSTEM: Dns = {
  srv: (name) => resolveSrv(name),
  host: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
}

/** A host of a trunk with its addresses; one that has none is left out. */
type Server = Service & { readonly addresses: readonly string[] }
type Kept = { readonly until: number; readonly servers: Promise<readonly Server[]> }

export class Resolver {
  readonly #clock: Clock
  readonly #dns: Dns
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock, dns = SYSTEM) {
    this.#clock = clock
    this.#dns = dns
  }

  /**
   * The endpoints of a trunk in the order to be tried; an IP literal is its own. Names are asked once in 30 s, but each
   * answer spreads anew over servers of one priority.
   * @throws the resolver's error when the name is not known
   */
  async resolve(trunk: TrunkAddress): Promise<readonly Endpoint[]> {
    const { host, port } = trunk
    if (isIP(host) !== 0) return [{ address: host, port: port ?? standardPort(trunk) }]
    const servers = await this.#servers(trunk)
    return inOrder(servers).flatMap(({ addresses, port: at }) =>
      addresses.map((address) => ({ address, port: at })),
    )
  }

  #servers(trunk: TrunkAddress): Promise<readonly Server[]> {
    const { host, port, transport } = trunk
    const key = `${host}:${port ?? ''}/${transport}`
    const kept = this.#kept.get(key)
    if (kept && kept.until > this.#clock.now()) return kept.servers
    const servers = this.#ask(trunk)
    this.#kept.set(key, { until: this.#clock.now() + KEPT, servers })
    // A failure is not kept: the next call asks again.
    servers.catch(() => this.#kept.delete(key))
    return servers
  }

  async #ask(trunk: TrunkAddress): Promise<readonly Server[]> {
    const { host, port } = trunk
    // RFC 3263 4.2: a port that was given stands; SRV is asked without one.
    const found = port === undefined ? await this.#dns.srv(serviceOf(trunk)).catch(() => []) : []
    // RFC 2782: a lone "." says that there is decidedly no such service here.
    if (found.length === 1 && (found[0]?.name === '' || found[0]?.name === '.'))
      throw new Error(`${host} offers no SIP over ${trunk.transport} (its SRV record says so)`)
    const plain = { name: host, port: port ?? standardPort(trunk), priority: 0, weight: 0 }
    const services = found.length > 0 ? found : [plain]
    const asked = await Promise.allSettled(services.map(({ name }) => this.#dns.host(name)))
    const servers = services.flatMap((service, i) => {
      const answer = asked[i]
      return answer?.status === 'fulfilled' ? [{ ...service, addresses: answer.value }] : []
    })
    const failed = asked.find((answer) => answer.status === 'rejected')
    // One server of several that has lost its name must not take the others with it.
    if (servers.length === 0 && failed) throw failed.reason
    return servers
  }
}

/**
 * RFC 2782: lower priorities first; among equals each is the next one with a chance in proportion to its weight,
 * those of weight 0 with nearly none.
 */
export function inOrder<T extends Pick<Service, 'priority' | 'weight'>>(
  services: readonly T[],
  random: () => number = Math.random,
): readonly T[] {
  // Weight 0 comes first in the running sum, as the RFC has it, so that it is hit by a draw of 0 alone.
  const left = services.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight)
  const order: T[] = []
  for (let first = left[0]; first; first = left[0]) {
    const { priority } = first
    const equals = left.filter((service) => service.priority === priority)
    const draw = Math.floor(random() * (equals.reduce((sum, { weight }) => sum + weight, 0) + 1))
    let sum = 0
    const drawn = equals.find(({ weight }) => (sum += weight) >= draw) ?? first
    order.push(drawn)
    left.splice(left.indexOf(drawn), 1)
  }
  return order
}

const standardPort = ({ transport }: TrunkAddress) => (transport === 'tls' ? 5061 : 5060)

function serviceOf({ host, transport }: TrunkAddress): string {
  return transport === 'tls' ? `_sips._tcp.${host}` : `_sip._${transport}.${host}`
}
