/**
 * The ways by which one leg may be sent, in the order to be tried: every address of every trunk (RFC 3263 4.3).
 * Nobody is rung twice: whoever takes the next way knows that nothing can have come of the last one.
 */
import type { Clock, Log } from '../app/ports.ts'
import type { CallId, LegId } from '../core/ids.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import type { Hop, TrunkLine } from './trunk-line.ts'

export type Way = { readonly line: TrunkLine; readonly hop: Hop }

/** Whom the ways are for. */
export type Bound = { readonly call: CallId; readonly leg: LegId; readonly to: Target }

export class Ways {
  readonly #bound: Bound
  readonly #clock: Clock
  readonly #log: Log
  readonly #lines: TrunkLine[]
  /** The trunk on which the call has a place for this leg. */
  #taken: TrunkLine | undefined
  #over = false
  #hops: Way[] = []
  #end: LegEnd = { kind: 'unsendable', detail: 'no trunk is configured' }

  /** @param lines in order of preference */
  constructor(bound: Bound, lines: readonly TrunkLine[], { clock, log }: { clock: Clock; log: Log }) {
    this.#bound = bound
    this.#clock = clock
    this.#log = log
    this.#lines = inOrder(lines, bound.to, clock.now())
  }

  /** The end of a leg that has no way left: a refusal says more than a full trunk, and that more than a dead one. */
  get end(): LegEnd {
    return this.#end
  }

  /** The next way, or undefined when there is none left. Never rejects: a name that is not known is passed over. */
  async next(): Promise<Way | undefined> {
    for (;;) {
      if (this.#over) return undefined
      const way = this.#hops.shift()
      if (way) {
        this.#log.debug({ ...this.#fields(way.line, way.hop.at), to: this.#bound.to }, 'A leg is dialled')
        return way
      }
      this.#giveBack()
      const line = this.#lines.shift()
      if (!line) return undefined
      if (!this.#take(line)) {
        this.#closed(line, line.address.host, { kind: 'full' })
        continue
      }
      try {
        const hops = await line.hops(this.#bound.to, this.#clock.now())
        this.#hops = hops.map((hop) => ({ line, hop }))
      } catch (fault) {
        const detail = fault instanceof Error ? fault.message : String(fault)
        this.#closed(line, line.address.host, { kind: 'unsendable', detail })
      }
    }
  }

  /** Notes that nothing came of this way. */
  closed({ line, hop }: Way, end: LegEnd): void {
    this.#closed(line, hop.at, end)
  }

  /** The leg goes this way already, since an earlier process: it has a place there. */
  resume(line: TrunkLine): void {
    this.#take(line)
  }

  /** The leg is over: its place on the trunk is free again. */
  done(): void {
    this.#over = true
    this.#giveBack()
  }

  /** What goes to an address elsewhere is no call of the trunk's. */
  #take(line: TrunkLine): boolean {
    if (!line.serves(this.#bound.to)) return true
    if (!line.places.take(this.#bound.call)) return false
    this.#taken = line
    return true
  }

  #giveBack(): void {
    this.#taken?.places.leave(this.#bound.call)
    this.#taken = undefined
  }

  #closed(line: TrunkLine, at: string, end: LegEnd): void {
    if (weightOf(end) >= weightOf(this.#end)) this.#end = end
    const fields = { ...this.#fields(line, at), code: 'SIP_WAY', end }
    this.#log.info(fields, 'A leg finds no way here: the next trunk or address is tried, where there is one')
  }

  #fields(line: TrunkLine, at: string) {
    const { call, leg } = this.#bound
    return { call, leg, trunk: line.trunk.name, at }
  }
}

const weightOf = ({ kind }: LegEnd) => (kind === 'refused' ? 2 : Number(kind === 'full'))

/** Trunks that do not register, rest or are down come last, and are tried all the same: that may be old news. */
function inOrder(lines: readonly TrunkLine[], to: Target, now: number): TrunkLine[] {
  const sorted = lines.toSorted((a, b) => a.rank(now) - b.rank(now))
  // An address is where it is: by another trunk the same host would be asked again.
  return to.kind === 'uri' && to.via === undefined ? sorted.slice(0, 1) : sorted
}
