/**
 * Where the far side of a port really is (symmetric RTP, RFC 4961; latching, RFC 7362).
 *
 *   told       address and port of its description
 *   beside     that address, another port
 *   elsewhere  another address: a phone behind a NAT, or a stranger
 *
 * The better of these takes the place of the worse as soon as it is heard, and never the other way round. Between
 * equals the first one stays, so that a stranger who comes later gets nothing and is not heard. Only two things move it:
 * a description with another address (all begins anew, and the old place has to wait, lest what is still under way from
 * there be taken for the new one); and the very same source (SSRC) from another port or address, after its old place
 * has been silent: a NAT has given it a new number. Nobody guesses 32 bits of chance within a call.
 */
export type Place = { readonly address: string; readonly port: number }

type Rank = 'elsewhere' | 'beside' | 'told'
const BETTER: Readonly<Record<Rank, number>> = { elsewhere: 0, beside: 1, told: 2 }

const SILENT = 1_000
const MOVED = 500

export class FarSide {
  #told: Place | undefined
  #at: (Place & { readonly rank: Rank }) | undefined
  #source = 0
  #heardAt = 0
  #left: (Place & { readonly until: number }) | undefined

  /** Where to send. */
  get place(): Place | undefined {
    return this.#at ?? this.#told
  }

  /** Where it was heard; undefined before. */
  get heard(): Place | undefined {
    return this.#at
  }

  get isTold(): boolean {
    return this.#at?.rank === 'told'
  }

  /** What its newest description says; the same as before changes nothing. */
  describe(told: Place, at: number): void {
    const before = this.#told
    if (before && isAt(before, told)) return
    this.#told = { address: told.address, port: told.port }
    if (this.#at) this.#left = { address: this.#at.address, port: this.#at.port, until: at + MOVED }
    this.#at = undefined
  }

  /** @returns whether a packet that comes from there is its: `moved` where it is heard there for the first time */
  admits(from: Place, source: number, at: number): 'known' | 'moved' | 'stranger' {
    if (isNobodys(from)) return 'stranger'
    const now = this.#at
    if (now && isAt(now, from)) {
      this.#heardAt = at
      this.#source = source
      return 'known'
    }
    const rank = this.#rankOf(from)
    if (rank !== 'told' && this.#left && isAt(this.#left, from) && at < this.#left.until) return 'stranger'
    const better = !now || BETTER[rank] > BETTER[now.rank]
    const renumbered = source === this.#source && at - this.#heardAt > SILENT
    if (!better && !renumbered) return 'stranger'
    this.#at = { address: from.address, port: from.port, rank }
    this.#heardAt = at
    this.#source = source
    return 'moved'
  }

  /** Whether a packet comes from where it was heard last, without any other consequence. */
  isHeardAt(from: Place): boolean {
    return this.#at !== undefined && isAt(this.#at, from)
  }

  #rankOf(from: Place): Rank {
    if (from.address !== this.#told?.address) return 'elsewhere'
    return from.port === this.#told.port ? 'told' : 'beside'
  }
}

/** Where RTCP goes, beside RTP (RFC 3550 11); undefined above the highest port, which nothing can be sent to. */
export function above({ address, port }: Place): Place | undefined {
  return port < 65_535 ? { address, port: port + 1 } : undefined
}

/** UDP's port 0 is nobody's (RFC 768): what comes from there cannot be answered, and to send there throws. */
export const isNobodys = ({ port }: Place): boolean => port === 0

const isAt = (a: Place, b: Place) => a.port === b.port && a.address === b.address
