/** A wait for somebody to finish speaking, with an end: by the clock, since nothing has to come of a line that is silent. */
import type { Codec } from './codec.ts'
import { decode } from './g711.ts'
import { G722Decoder } from './g722/g722.ts'
import { BEAT } from './pacer.ts'
import { PauseListener } from './pause.ts'

/** Milliseconds that a packet may be late before its time counts as silence. */
const LATE = 100

export class PauseWait {
  readonly #listener = new PauseListener()
  readonly #decoder = new G722Decoder()
  readonly #until: number
  #heardTo: number

  /** @param most milliseconds after which it is over in any case */
  constructor(now: number, most: number) {
    this.#until = now + most
    this.#heardTo = now
  }

  /**
   * Takes a packet of the far side, as 20 ms, or the time in which nothing came, up to now.
   * @returns whether the wait is over
   */
  isOver(now: number, packet?: { readonly codec: Codec; readonly bytes: Uint8Array }): boolean {
    let over = now >= this.#until
    // A packet may be late; where nothing comes for longer, nothing is said.
    for (; this.#heardTo < now - LATE && !over; this.#heardTo += BEAT) over = this.#listener.hear(undefined)
    if (!packet || over) return over
    this.#heardTo = Math.max(this.#heardTo + BEAT, now)
    return this.#listener.hear(this.#samplesOf(packet.codec, packet.bytes))
  }

  #samplesOf(codec: Codec, bytes: Uint8Array): Int16Array {
    if (codec !== 'G722') return decode(codec, bytes)
    const samples = new Int16Array(2 * bytes.length)
    this.#decoder.decode(bytes, 0, bytes.length, samples)
    return samples
  }
}
