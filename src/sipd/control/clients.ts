import type { Client } from './client.ts'

/** Who is connected, and who wants which requests. */
export class Clients {
  readonly #all = new Set<Client>()
  readonly #routes = new Map<string, Client[]>()

  get size(): number {
    return this.#all.size
  }

  add(client: Client): void {
    this.#all.add(client)
  }

  remove(client: Client): void {
    this.#all.delete(client)
    for (const verb of this.#routes.keys()) this.unroute(client, verb)
  }

  /** From now on `client` takes its turn with new requests of that method. */
  route(client: Client, verb: string): void {
    const clients = this.#routes.get(verb)
    if (!clients) this.#routes.set(verb, [client])
    else if (!clients.includes(client)) clients.push(client)
  }

  unroute(client: Client, verb: string): void {
    const rest = this.#routes.get(verb)?.filter((other) => other !== client)
    if (!rest) return
    if (rest.length === 0) this.#routes.delete(verb)
    else this.#routes.set(verb, rest)
  }

  /** The client whose turn it is. */
  next(verb: string): Client | undefined {
    const clients = this.#routes.get(verb)
    const client = clients?.shift()
    if (client) clients?.push(client)
    return client
  }

  /** Whether any application is there to answer calls. */
  get ready(): boolean {
    for (const client of this.#all) if (client.authenticated) return true
    return false
  }

  /** Another connected client that calls itself so. */
  named(name: string): Client | undefined {
    if (name === '') return undefined
    for (const client of this.#all) if (client.authenticated && client.name === name) return client
    return undefined
  }

  closeAll(): void {
    for (const client of this.#all) client.close()
  }
}
