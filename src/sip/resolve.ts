/** Where a trunk is: names become addresses here, so that either signalling server is given addresses (RFC 3263). */
import { lookup, resolveSrv } from 'node:dns/promises'
import { isIP } from 'node:net'

import type { Clock } from '../app/ports.ts'
import type { TrunkAddress } from './address.ts'

export type Endpoint = { readonly address: string; readonly port: number }

// Node's resolveSrv tells no TTL.
const KEPT = 30_000

export type Dns = {
  srv(name: string): Promise<readonly { name: string; port: number; priority: number; weight: number }[]>
  /** A and AAAA, or the hosts file. */
  host(name: string): Promise<readonly string[]>
}

const SYSTEM: Dns = {
  srv: (name) => resolveSrv(name),
  host: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
}

type Kept = { readonly until: number; readonly endpoints: Promise<readonly Endpoint[]> }

export class Resolver {
  readonly #clock: Clock
  readonly #dns: Dns
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock, dns = SYSTEM) {
    this.#clock = clock
    this.#dns = dns
  }

  /**
   * The endpoints of a trunk in the order to be tried; an IP literal is its own.
   * @throws the resolver's error when the name is not known
   */
  resolve(trunk: TrunkAddress): Promise<readonly Endpoint[]> {
    const { host, port, transport } = trunk
    if (isIP(host) !== 0) return Promise.resolve([{ address: host, port: port ?? standardPort(trunk) }])
    const key = `${host}:${port ?? ''}/${transport}`
    const kept = this.#kept.get(key)
    if (kept && kept.until > this.#clock.now()) return kept.endpoints
    const endpoints = this.#ask(trunk)
    this.#kept.set(key, { until: this.#clock.now() + KEPT, endpoints })
    // A failure is not kept: the next call asks again.
    endpoints.catch(() => this.#kept.delete(key))
    return endpoints
  }

  async #ask(trunk: TrunkAddress): Promise<readonly Endpoint[]> {
    const { host, port } = trunk
    // RFC 3263 4.2: a port that was given stands; SRV is asked without one.
    const services = port === undefined ? await this.#dns.srv(serviceOf(trunk)).catch(() => []) : []
    const hosts =
      services.length > 0
        ? [...services].sort((a, b) => a.priority - b.priority || weighed(b.weight) - weighed(a.weight))
        : [{ name: host, port: port ?? standardPort(trunk) }]
    const found = await Promise.all(
      hosts.map(async ({ name, port: at }) =>
        (await this.#dns.host(name)).map((address) => ({ address, port: at })),
      ),
    )
    return found.flat()
  }
}

const weighed = (weight: number) => Math.random() * (weight + 0.1)
const standardPort = ({ transport }: TrunkAddress) => (transport === 'tls' ? 5061 : 5060)

function serviceOf({ host, transport }: TrunkAddress): string {
  return transport === 'tls' ? `_sips._tcp.${host}` : `_sip._${transport}.${host}`
}
