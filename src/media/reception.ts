/** What one far side's stream is like as it comes in (RFC 3550 6.4.1, appendix A.1, A.3 and A.8). */

/** A reception report block, as it stands in SR and RR. */
export type Reception = {
  readonly source: number
  /** Of 256 packets since the last report, those that did not come. */
  readonly fraction: number
  /** Packets lost in all; below zero where more came than were sent (duplicates). */
  readonly lost: number
  /** Highest sequence number, with how often it has begun anew above it. */
  readonly highest: number
  /** In timestamp units. */
  readonly jitter: number
}

// RFC 3550 A.1: a gap of more than a minute, or a packet older than two seconds, may be a stream that starts anew.
const MOST_GAP = 3000
const MOST_LATE = 100
const RATE = 8

export class Receiver {
  #source: number | undefined
  #first = 0
  #last = 0
  #cycles = 0
  #came = 0
  #suspect: number | undefined
  #jitter = 0
  #transit: number | undefined
  #expectedBefore = 0
  #cameBefore = 0

  /** The source heard last. */
  get source(): number | undefined {
    return this.#source
  }

  /**
   * Counts a packet.
   * @param at milliseconds of a clock that goes evenly
   * @param paced false where the timestamp is not that of its sending: the packets of one key share one (RFC 4733 2.5.1.2)
   */
  heard(source: number, sequence: number, timestamp: number, at: number, paced: boolean): void {
    if (source !== this.#source) this.#begin(source, sequence)
    else if (!this.#follows(sequence)) return
    this.#came++
    if (!paced) return
    const transit = (at * RATE - timestamp) | 0
    if (this.#transit !== undefined)
      this.#jitter += (Math.abs((transit - this.#transit) | 0) - this.#jitter) / 16
    this.#transit = transit
  }

  /** Everything so far. Undefined before the first packet. */
  total(): { readonly packets: number; readonly lost: number; readonly jitter: number } | undefined {
    if (this.#source === undefined) return undefined
    const lost = Math.max(0, this.#cycles + this.#last - this.#first + 1 - this.#came)
    return { packets: this.#came, lost, jitter: this.#jitter / RATE }
  }

  /** The report about everything so far; its fraction counts from the last report. Undefined before the first packet. */
  report(): Reception | undefined {
    if (this.#source === undefined) return undefined
    const highest = this.#cycles + this.#last
    const expected = highest - this.#first + 1
    const due = expected - this.#expectedBefore
    const missing = due - (this.#came - this.#cameBefore)
    this.#expectedBefore = expected
    this.#cameBefore = this.#came
    return {
      source: this.#source,
      fraction: due <= 0 || missing <= 0 ? 0 : Math.min(255, Math.floor((missing * 256) / due)),
      lost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#came)),
      highest,
      jitter: Math.floor(this.#jitter),
    }
  }

  #begin(source: number, sequence: number): void {
    this.#source = source
    this.#first = this.#last = sequence
    this.#cycles = this.#came = this.#expectedBefore = this.#cameBefore = 0
    this.#jitter = 0
    this.#transit = this.#suspect = undefined
  }

  /** @returns false for a packet that is not counted: the first after a leap, which may be a stray one */
  #follows(sequence: number): boolean {
    const step = (sequence - this.#last) & 0xffff
    if (step < MOST_GAP) {
      if (sequence < this.#last) this.#cycles += 0x10000
      this.#last = sequence
    } else if (step <= 0x10000 - MOST_LATE) {
      if (sequence !== this.#suspect) {
        this.#suspect = (sequence + 1) & 0xffff
        return false
      }
      this.#begin(this.#source ?? 0, sequence)
    }
    return true
  }
}
