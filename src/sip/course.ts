/**
 * Whom a leg dials and by which way: what was asked for, by every address of every trunk; then, where its trunk follows
 * them, what the diversions of the callee lead to, by every way again.
 */
import type { Clock, DialLeg, Log } from '../app/ports.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import { bracketed } from './address.ts'
import type { Response } from './connection.ts'
import { Diversions } from './diversions.ts'
import type { Follow } from './diversions.ts'
import type { TrunkLine } from './trunk-line.ts'
import { Ways } from './ways.ts'
import type { Way } from './ways.ts'

export type CourseContext = {
  /** The trunks as they are now, in order of preference. */
  readonly lines: () => readonly TrunkLine[]
  /** What other legs of the call have dialled. */
  readonly others: () => readonly Target[]
  /** The number gate, for diversions; without it none is followed. */
  readonly follow: Follow | undefined
  readonly clock: Clock
  readonly log: Log
}

/** 305 names a proxy, and 380 another service: neither is whom to call instead. */
const FOLLOWED: readonly number[] = [300, 301, 302]

export class Course {
  readonly #dial: DialLeg
  readonly #context: CourseContext
  #to: Target
  #ways: Ways
  #diversions: Diversions | undefined
  #over = false

  constructor(dial: DialLeg, context: CourseContext) {
    this.#dial = dial
    this.#context = context
    this.#to = dial.to
    this.#ways = this.#waysTo(dial.to)
  }

  /** Who is dialled now. */
  get to(): Target {
    return this.#to
  }

  /** The end of a leg that has no way left to whom it dials now. */
  get end(): LegEnd {
    return this.#ways.end
  }

  /** The next way to whom is dialled now, or undefined when there is none left. Never rejects. */
  next(): Promise<Way | undefined> {
    return this.#ways.next()
  }

  /** Notes that nothing came of this way. */
  closed(way: Way, end: LegEnd): void {
    this.#ways.closed(way, end)
  }

  /** The leg goes this way already, since an earlier process: it has a place there. */
  resume(line: TrunkLine): void {
    this.#ways.resume(line)
  }

  /** The leg is over: its place on the trunk is free again. */
  done(): void {
    this.#over = true
    this.#ways.done()
  }

  /** Notes where a final answer leads. One's own phones are never left for where they lead. */
  refused(response: Response, { line }: Way, rang: boolean): void {
    const { follow, others } = this.#context
    const { status } = response
    if (!follow || this.#dial.own !== undefined || !line.trunk.redirect || !FOLLOWED.includes(status)) return
    this.#diversions ??= new Diversions(this.#dial.to, others(), follow)
    const home = { isHome: (host: string) => line.isHome(host), home: bracketed(line.address.host) }
    this.#diversions.add(response, line.uriOf(this.#to), home, rang)
  }

  /** Whether somebody else may be dialled after this end. 6xx speaks for all (RFC 3261 21.6). */
  canTurn(end: LegEnd): boolean {
    return this.#diversions?.goOn === true && !(end.kind === 'refused' && end.status >= 600)
  }

  /** Goes on to whom a diversion leads. @returns the first way there, or undefined where nobody is left */
  async turn(): Promise<Way | undefined> {
    for (let to = await this.#diversions?.next(); to; to = await this.#diversions?.next()) {
      this.#ways.done()
      if (this.#over) return undefined
      const { call, leg } = this.#dial
      this.#context.log.info({ call, leg, to }, 'A diversion is followed')
      this.#to = to
      this.#ways = this.#waysTo(to)
      const way = await this.#ways.next()
      if (way) return way
    }
    return undefined
  }

  /** What the PBX is told of the diversions; nobody else hears of the company's numbers. */
  headers({ line }: Way): Record<string, string> {
    return line.serves(this.#to) ? (this.#diversions?.headers(line.uriOf(this.#to)) ?? {}) : {}
  }

  #waysTo(to: Target): Ways {
    const { lines, clock, log } = this.#context
    const { call, leg } = this.#dial
    return new Ways({ call, leg, to }, lines(), { clock, log })
  }
}
