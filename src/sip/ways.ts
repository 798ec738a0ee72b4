/**
 * The ways by which one leg may be sent, in the order to be tried: every address of every trunk (RFC 3263 4.3).
 * Nobody is rung twice: whoever takes the next way knows that nothing can have come of the last one.
 */
import type { Log } from '../app/ports.ts'
import type { CallId, LegId } from '../core/ids.ts'
import type { Target } from '../core/party.ts'
import type { LegEnd } from '../core/termination.ts'
import type { Hop, TrunkLine } from './trunk-line.ts'

export type Way = { readonly line: TrunkLine; readonly hop: Hop }

/** Whom the ways are for. */
export type Bound = { readonly call: CallId; readonly leg: LegId; readonly to: Target }

export class Ways {
  readonly #bound: Bound
  readonly #log: Log
  readonly #lines: TrunkLine[]
  #hops: Way[] = []
  #end: LegEnd = { kind: 'unsendable', detail: 'no trunk is configured' }

  /** @param lines in order of preference */
  constructor(bound: Bound, lines: readonly TrunkLine[], log: Log) {
    this.#bound = bound
    this.#log = log
    this.#lines = inOrder(lines, bound.to)
  }

  /** The end of a leg that has no way left: a refusal says more than that something could not be sent. */
  get end(): LegEnd {
    return this.#end
  }

  /** The next way, or undefined when there is none left. Never rejects: a name that is not known is passed over. */
  async next(): Promise<Way | undefined> {
    for (;;) {
      const way = this.#hops.shift()
      if (way) {
        this.#log.debug({ ...this.#fields(way.line, way.hop.at), to: this.#bound.to }, 'A leg is dialled')
        return way
      }
      const line = this.#lines.shift()
      if (!line) return undefined
      try {
        const hops = await line.hops(this.#bound.to)
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

  #closed(line: TrunkLine, at: string, end: LegEnd): void {
    if (end.kind === 'refused' || this.#end.kind !== 'refused') this.#end = end
    const fields = { ...this.#fields(line, at), code: 'SIP_WAY', end }
    this.#log.info(fields, 'A leg finds no way here: the next trunk or address is tried, where there is one')
  }

  #fields(line: TrunkLine, at: string) {
    const { call, leg } = this.#bound
    return { call, leg, trunk: line.trunk.name, at }
  }
}

/** Trunks that are down come last: that may be old news. */
function inOrder(lines: readonly TrunkLine[], to: Target): TrunkLine[] {
  const isDown = ({ state }: TrunkLine) => state.state === 'down'
  const sorted = [...lines.filter((line) => !isDown(line)), ...lines.filter(isDown)]
  // An address is where it is: by another trunk the same host would be asked again.
  return to.kind === 'uri' ? sorted.slice(0, 1) : sorted
}
