/** What a member has of its room: its jitter buffer, whether it speaks, and what it adds to the mix. */
import { FRAME, WIDE_FRAME } from './codec.ts'
import type { Codec } from './codec.ts'
import type { G722Encoder } from './g722/g722.ts'
import { Decimator, Interpolator } from './half-band.ts'
import { JitterBuffer } from './jitter.ts'
import { Limiter } from './limiter.ts'
import type { Samples } from './mix.ts'
import { sourceOf, timestampOf } from './rtp.ts'
import type { Payload } from './rtp.ts'
import { roomTone } from './tones.ts'
import { Voice } from './voice.ts'

/** A port, as its room sees it. */
export type Member = {
  /** What its far side takes; undefined: it takes nothing. */
  codec(): Codec | undefined
  /** What its far side's decoder of G.722 follows. */
  encoder(): G722Encoder
  /** Not muted, and its far side does not hold us: the music of a hold is not for the room. */
  isHeard(): boolean
  /** The next 20 ms, coded. They are another's as well: not to be written to. */
  hear(payload: Uint8Array): void
  speaks(on: boolean): void
}

export class Seat {
  readonly member: Member
  readonly limiter = new Limiter()
  /** What it takes of the next 20 ms. */
  codec: Codec | undefined
  /** The rate at which it hears is that of G.722. */
  isWide = false
  /** What it adds to the mix, at the rate at which it hears: it has to be taken out of what it hears. */
  own: Samples | undefined
  /** A tone for it alone. */
  note: Samples | undefined
  /** It hears what the other listeners do, from one coder; see `WideEars`. */
  shares = false
  readonly #buffer = new JitterBuffer()
  readonly #voice = new Voice()
  readonly #leave: (seat: Seat) => void
  #change: Change | undefined
  #spoke = false
  /** What is left of a tone for it alone, at 8 kHz. */
  #noteLeft: Int16Array = new Int16Array(0)
  #noteUp: Interpolator | undefined

  constructor(member: Member, leave: (seat: Seat) => void) {
    this.member = member
    this.#leave = leave
  }

  /** A packet of its far side. */
  hear(codec: Codec, packet: Buffer, { start, end }: Payload): void {
    this.#buffer.put(codec, { bytes: packet, start, end }, sourceOf(packet), timestampOf(packet))
  }

  /** Finds out what it adds to the next 20 ms. */
  next(): void {
    const came = this.#buffer.take()
    this.codec = this.member.codec()
    this.isWide = this.codec === 'G722'
    const sounds = this.#voice.hears(came && this.member.isHeard() ? came : undefined)
    this.own = came && sounds ? this.#atItsRate(came) : undefined
    this.note = this.#nextNote()
    this.#tell(this.#voice.speaks)
  }

  /** It hears something that the others do not. */
  get isApart(): boolean {
    return this.own !== undefined || this.note !== undefined
  }

  /** Tells this member, and nobody else. */
  cue(of: 'muted' | 'heard'): void {
    this.#noteLeft = roomTone(of)
  }

  #nextNote(): Samples | undefined {
    if (this.#noteLeft.length === 0) return undefined
    const next = this.#noteLeft.subarray(0, FRAME)
    this.#noteLeft = this.#noteLeft.subarray(FRAME)
    if (!this.isWide) return next
    const wide = new Int32Array(2 * next.length)
    this.#noteUp ??= new Interpolator()
    this.#noteUp.take(next, wide)
    return wide
  }

  leave(): void {
    this.#tell(false)
    this.#leave(this)
  }

  /** Almost everybody sends what they take. */
  #atItsRate(came: Int16Array): Samples {
    const length = this.isWide ? WIDE_FRAME : FRAME
    if (came.length === length) return came
    if (this.#change?.into.length !== length)
      this.#change = {
        filter: this.isWide ? new Interpolator() : new Decimator(),
        into: new Int32Array(length),
      }
    const { filter, into } = this.#change
    filter.take(came, into)
    return into
  }

  #tell(speaks: boolean): void {
    if (speaks === this.#spoke) return
    this.#spoke = speaks
    this.member.speaks(speaks)
  }
}

type Change = { readonly filter: Interpolator | Decimator; readonly into: Int32Array }
