import type { Clock, Log } from '../app/ports.ts'

/** How a request leaves: chat/connector.ts is one, with another token. */
export type Wire = {
  request(to: {
    readonly method: 'GET' | 'POST' | 'PUT'
    readonly serviceUrl: string
    readonly path: string
    readonly body?: unknown
    readonly within: number
  }): Promise<
    | { readonly kind: 'done'; readonly body: unknown }
    | {
        readonly kind: 'refused'
        readonly status: number
        readonly code?: string
        readonly retryAfter?: number
      }
    | { readonly kind: 'unsent' | 'unknown'; readonly cause: unknown }
  >
  close(): void
}

/** What came of a question. `away`: none was had in time; another one may be, later. */
export type Answered =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'away' }

export type GraphDeps = {
  readonly wire: Wire
  /** `https://graph.microsoft.com/v1.0`, or that of another cloud. */
  readonly service: string
  readonly clock: Clock
  readonly log: Log
}

/** Rest where Graph asks for one and does not say how long; and the longest that is believed. */
const REST = [10_000, 600_000] as const
/** The same trouble is told again after so long, in milliseconds. */
const TOLD = 600_000

/**
 * Microsoft Graph (learn.microsoft.com/graph), as far as meetings need it. A question never takes longer than it is
 * given, and none is asked while Graph wants rest (429 or 503 with Retry-After): who asks goes another way meanwhile.
 */
export class Graph {
  readonly #deps: GraphDeps
  readonly #told = new Map<string, number>()
  #restUntil = -Infinity
  #trouble: string | undefined

  constructor(deps: GraphDeps) {
    this.#deps = deps
  }

  /** @param path below the service's address, encoded */
  get(path: string, within: number): Promise<Answered> {
    return this.#ask('GET', path, undefined, within)
  }

  /** A POST that got no answer may have been carried out: it is not repeated. */
  post(path: string, body: unknown, within: number): Promise<Answered> {
    return this.#ask('POST', path, body, within)
  }

  /** The path of the next page that an answer names; only where it is a page of this service. */
  nextPage(link: unknown): string | undefined {
    const { service } = this.#deps
    return typeof link === 'string' && link.length < 4000 && link.startsWith(`${service}/`)
      ? link.slice(service.length)
      : undefined
  }

  /** How the last question went. */
  state(): { readonly state: 'ok' | 'down'; readonly detail?: string } {
    return this.#trouble === undefined ? { state: 'ok' } : { state: 'down', detail: this.#trouble }
  }

  async #ask(method: 'GET' | 'POST', path: string, body: unknown, within: number): Promise<Answered> {
    const { clock } = this.#deps
    const end = clock.now() + within
    const first = await this.#once(method, path, body, within)
    if (first.kind !== 'rest') return first
    const left = end - clock.now()
    // A rest that is over in time is waited for, once.
    if (first.wait >= left) return { kind: 'away' }
    await new Promise<void>((rested) => clock.after(first.wait, rested))
    const second = await this.#once(method, path, body, left - first.wait)
    return second.kind === 'rest' ? { kind: 'away' } : second
  }

  async #once(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    within: number,
  ): Promise<Answered | { readonly kind: 'rest'; readonly wait: number }> {
    const { clock, wire, service } = this.#deps
    const rest = this.#restUntil - clock.now()
    if (rest > 0) return { kind: 'rest', wait: rest }
    const to = { method, serviceUrl: service, path, within, ...(body === undefined ? {} : { body }) }
    // The wire's time begins when it has a token.
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const stop = clock.after(within, () => resolve(undefined))
    const outcome = await Promise.race([wire.request(to), late])
    stop()
    if (outcome === undefined) return this.#away(`no answer within ${within} ms`)
    switch (outcome.kind) {
      case 'done':
        this.#trouble = undefined
        return outcome
      case 'unsent':
      case 'unknown':
        return this.#away(outcome.cause)
      case 'refused': {
        const { status, code = '' } = outcome
        if (status === 429 || status === 503) return this.#rest(status, outcome.retryAfter)
        if (status >= 500) return this.#away(`status ${status}`)
        if (status === 401 || status === 403) this.#refused(status, code)
        else this.#trouble = undefined
        return { kind: 'refused', status }
      }
    }
  }

  #rest(status: number, asked: number | undefined) {
    const wait = Math.min(asked ?? REST[0], REST[1])
    this.#restUntil = this.#deps.clock.now() + wait
    this.#trouble = `Graph asks for ${Math.ceil(wait / 1000)} s of rest`
    this.#tell({ code: 'GRAPH_RESTS', status, seconds: wait / 1000 }, 'Microsoft Graph asks for rest')
    return { kind: 'rest', wait } as const
  }

  #away(cause: unknown): Answered {
    this.#trouble = 'Graph does not answer'
    const remedy =
      'Check that this machine reaches the address of GRAPH_URL by HTTPS, or through HTTPS_PROXY.'
    this.#tell({ code: 'GRAPH_AWAY', err: cause, remedy }, 'Microsoft Graph does not answer')
    return { kind: 'away' }
  }

  #refused(status: number, graph: string): void {
    this.#trouble = `Graph answers ${status} ${graph}`.trim()
    const remedy =
      status === 401
        ? 'Check GRAPH_TENANT_ID, GRAPH_CLIENT_ID and GRAPH_CLIENT_SECRET (it expires).'
        : 'Give the application its permissions, with admin consent, and an application access policy for its users (docs/meetings.md, "Microsoft Graph").'
    this.#tell({ code: 'GRAPH_REFUSED', status, graph, remedy }, 'Microsoft Graph refuses the application')
  }

  /** Not each time: a card in a busy chat asks often. Nothing of the question is told, which may be a secret link. */
  #tell(fields: { readonly code: string; readonly [field: string]: unknown }, message: string): void {
    const { clock, log } = this.#deps
    const key = `${fields.code} ${String(fields['status'])}`
    const now = clock.now()
    if (now - (this.#told.get(key) ?? -Infinity) < TOLD) return
    this.#told.set(key, now)
    log.warn(fields, message)
  }
}
