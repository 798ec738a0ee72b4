import type { Clock, Log } from '../app/ports.ts'
import { remedyFor } from './permission.ts'
import type { Permission } from './permission.ts'

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

type Question = {
  readonly method: 'GET' | 'POST'
  /** Below the service's address, encoded. */
  readonly path: string
  readonly needs: Permission
  readonly body?: unknown
}
type Once = Answered | { readonly kind: 'rest'; readonly wait: number }

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
  get(path: string, needs: Permission, within: number): Promise<Answered> {
    return this.#ask({ method: 'GET', path, needs }, within)
  }

  /** A POST that got no answer may have been carried out: it is not repeated. */
  post(path: string, needs: Permission, body: unknown, within: number): Promise<Answered> {
    return this.#ask({ method: 'POST', path, needs, body }, within)
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

  async #ask(question: Question, within: number): Promise<Answered> {
    const { clock } = this.#deps
    const end = clock.now() + within
    const first = await this.#once(question, within)
    const left = end - clock.now()
    if (first.kind === 'refused' && first.status === 401) return this.#again(question, left)
    if (first.kind !== 'rest') return this.#heard(question, first)
    // A rest that is over in time is waited for, once.
    if (first.wait >= left) return { kind: 'away' }
    await new Promise<void>((rested) => clock.after(first.wait, rested))
    const second = await this.#once(question, left - first.wait)
    return second.kind === 'rest' ? { kind: 'away' } : this.#heard(question, second)
  }

  /** A token that is taken no longer (the secret was changed, say) has been thrown away: once more with a new one. */
  async #again(question: Question, within: number): Promise<Answered> {
    const second = await this.#once(question, within, true)
    if (second.kind === 'rest') return { kind: 'away' }
    return this.#heard(question, second)
  }

  /** What an answer says of how it stands with Graph. */
  #heard({ needs }: Question, answer: Answered): Answered {
    if (answer.kind === 'done') this.#trouble = undefined
    else if (answer.kind === 'refused') {
      if (answer.status === 401 || answer.status === 403) this.#refused(answer.status, needs)
      else this.#trouble = undefined
    }
    return answer
  }

  /** @param renewed the last token was refused: where there is no other, that stands */
  async #once({ method, path, body }: Question, within: number, renewed = false): Promise<Once> {
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
        // A page of some proxy that wants a login, say.
        return outcome.body === undefined ? this.#away('the answer is no JSON') : outcome
      case 'unsent':
        return renewed ? { kind: 'refused', status: 401 } : this.#away(outcome.cause)
      case 'unknown':
        return this.#away(outcome.cause)
      case 'refused': {
        const { status } = outcome
        if (status === 429 || status === 503) return this.#rest(status, outcome.retryAfter)
        // Where it leads elsewhere it is not followed: the token is for Graph alone.
        if (status < 400 || status === 408 || status >= 500) return this.#away(`status ${status}`)
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

  #refused(status: 401 | 403, needs: Permission): void {
    const remedy =
      status === 401
        ? 'Check GRAPH_TENANT_ID, GRAPH_CLIENT_ID and GRAPH_CLIENT_SECRET (it expires).'
        : remedyFor(needs)
    this.#trouble = `Graph answers ${status}${status === 403 ? ` to what needs ${needs}` : ''}`
    this.#tell({ code: 'GRAPH_REFUSED', status, needs, remedy }, 'Microsoft Graph refuses the application')
  }

  /** Not each time: a card in a busy chat asks often. Nothing of the question is told, which may be a secret link. */
  #tell(fields: { readonly code: string; readonly [field: string]: unknown }, message: string): void {
    const { clock, log } = this.#deps
    const key = `${fields.code} ${String(fields['status'])} ${String(fields['needs'])}`
    const now = clock.now()
    if (now - (this.#told.get(key) ?? -Infinity) < TOLD) return
    this.#told.set(key, now)
    log.warn(fields, message)
  }
}
