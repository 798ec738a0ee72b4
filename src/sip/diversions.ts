/**
 * Where the 3xx of a callee lead (RFC 3261 8.1.3.4), one target after the other: each through the number gate, none twice,
 * and none that another leg of the call has dialled.
 */
import { asTyped } from '../core/dialplan/diversion.ts'
import type { Target } from '../core/party.ts'
import { contactsOf } from './contact.ts'
import type { Response } from './connection.ts'

/** The number gate: what a diversion leads to, or undefined where that may not be dialled. */
export type Follow = (typed: string) => Promise<Target | undefined>

/** More is a loop, or a game. */
const MOST_HOPS = 5
/** RFC 5806 4. */
const REASONS =
  /;\s*reason\s*=\s*"?(unknown|user-busy|no-answer|unavailable|unconditional|time-of-day|do-not-disturb|deflection|follow-me|out-of-service|away)\b/i

type Home = Parameters<typeof asTyped>[1]
type Step = { readonly uri: string; readonly status: number; readonly reason: string }
type Candidate = { readonly typed: string; readonly behind: readonly Step[] }

export class Diversions {
  readonly #follow: Follow
  readonly #tried: Set<string>
  #waiting: Candidate[] = []
  #hops = 0
  /** By which diversions the present target was reached, oldest first. */
  #behind: readonly Step[] = []

  /**
   * @param to what was dialled first
   * @param others what other legs of the call have dialled
   */
  constructor(to: Target, others: readonly Target[], follow: Follow) {
    this.#follow = follow
    this.#tried = new Set([to, ...others].map(keyOf))
  }

  /**
   * Takes what a 3xx leads to. Its Contacts go before those of an earlier one that are left.
   * @param from the URI that was diverted
   * @param home the trunk's place, which its own addresses stand for
   */
  add(response: Response, from: string, home: Home, rang: boolean): void {
    const told = REASONS.exec(response.header('diversion'))?.[1]?.toLowerCase()
    const reason = told ?? (rang ? 'no-answer' : 'unconditional')
    const behind = [...this.#behind, { uri: from, status: response.status, reason }]
    const found = contactsOf(response.header('contact')).flatMap((contact) => asTyped(contact, home) ?? [])
    this.#waiting = [...found.map((typed) => ({ typed, behind })), ...this.#waiting].slice(0, 2 * MOST_HOPS)
  }

  /** The next target that may be dialled, or undefined where there is none left. Never rejects. */
  async next(): Promise<Target | undefined> {
    for (let candidate = this.#waiting.shift(); candidate; candidate = this.#waiting.shift()) {
      if (this.#hops >= MOST_HOPS) return undefined
      const target = await this.#follow(candidate.typed).catch(() => undefined)
      if (!target || this.#tried.has(keyOf(target))) continue
      this.#tried.add(keyOf(target))
      this.#hops++
      this.#behind = candidate.behind
      return target
    }
    return undefined
  }

  /** Whether there is anything left to try. */
  get goOn(): boolean {
    return this.#waiting.length > 0
  }

  /** What tells the PBX that the call was diverted: Diversion (RFC 5806) and History-Info (RFC 7044). */
  headers(uri: string): Record<string, string> {
    const behind = this.#behind
    if (behind.length === 0) return {}
    const diversions = behind.map(({ uri, reason }) => `<${bare(uri)}>;reason=${reason};counter=1`)
    const index = (n: number) => Array.from({ length: n + 1 }, () => '1').join('.')
    const history = behind.map(
      ({ uri, status }, i) =>
        `<${bare(uri)}?Reason=SIP%3Bcause%3D${status}>;index=${index(i)}${i === 0 ? '' : `;mp=${index(i - 1)}`}`,
    )
    const last = `<${bare(uri)}>;index=${index(behind.length)};mp=${index(behind.length - 1)}`
    return { Diversion: diversions.reverse().join(', '), 'History-Info': [...history, last].join(', ') }
  }
}

const bare = (uri: string) => uri.replace(/[;?].*$/, '')

/** One target under one key, however it was written. */
function keyOf(target: Target): string {
  switch (target.kind) {
    case 'number':
      return target.number
    case 'extension':
      return target.extension
    case 'uri':
      return target.uri.toLowerCase()
  }
}
