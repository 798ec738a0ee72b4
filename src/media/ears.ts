/** What the members of a room get, coded: those who take G.711, and those who take G.722. */
import { FRAME, WIDE_FRAME } from './codec.ts'
import { coderOf } from './g711.ts'
import type { Law } from './g711.ts'
import { G722Encoder } from './g722/g722.ts'
import type { Mix } from './mix.ts'
import type { Seat } from './seat.ts'
import { loopOf } from './tones.ts'

/** Whoever is silent hears the same as all others who are, so that this is made once for each law. */
export class NarrowEars {
  readonly #forAll = new Map<Law, Uint8Array>()

  tell(seats: Iterable<Seat>, mix: Mix): void {
    this.#forAll.clear()
    for (const seat of seats) {
      const { member, codec } = seat
      if (codec === undefined || codec === 'G722') continue
      member.hear(seat.isApart ? companded(codec, mix.forOne(seat)) : this.#listened(codec, mix))
    }
  }

  #listened(law: Law, mix: Mix): Uint8Array {
    const known = this.#forAll.get(law)
    if (known) return known
    const made = companded(law, mix.all())
    this.#forAll.set(law, made)
    return made
  }
}

/** @param samples undefined: nothing to hear */
function companded(law: Law, samples: Int16Array | undefined): Uint8Array {
  if (!samples) return loopOf('silence', '', law)
  const coder = coderOf(law)
  const bytes = new Uint8Array(FRAME)
  for (let i = 0; i < FRAME; i++) bytes[i] = coder[(samples[i] ?? 0) & 0xffff] ?? 0
  return bytes
}

const NOTHING = new Int16Array(WIDE_FRAME)
/** -40 dB of the loudest. */
const FAINT = 328
/** Beats that are faint, after which nobody hears that its coder is another one: decoders have forgotten most. */
const FORGOTTEN = 5

/**
 * A coder of G.722 remembers, and costs more than all else that is done for a leg. So there is one for all who only
 * listen, and each has one of its own besides.
 *
 *   sharing ──speaks: its own goes on where the common one was──► with its own
 *      ▲                                                             │
 *      └────── 100 ms of the room are faint, as between sentences ───┘
 */
export class WideEars {
  readonly #common = new G722Encoder()
  /** Beats in a row. */
  #faint = 0

  tell(seats: Iterable<Seat>, mix: Mix): void {
    this.#faint = isFaint(mix.all()) ? this.#faint + 1 : 0
    let share = false
    for (const seat of seats) {
      if (seat.codec !== 'G722') this.letGo(seat)
      else if (this.#isSharing(seat)) share = true
      else seat.member.hear(coded(seat.member.encoder(), seat.isApart ? mix.forOne(seat) : mix.all()))
    }
    if (!share) return
    const payload = coded(this.#common, mix.all())
    for (const seat of seats) if (seat.shares) seat.member.hear(payload)
  }

  /** It does not get what the others get any more; what it gets next follows that all the same. */
  letGo(seat: Seat): void {
    if (!seat.shares) return
    seat.shares = false
    seat.member.encoder().follow(this.#common)
  }

  #isSharing(seat: Seat): boolean {
    if (seat.isApart) this.letGo(seat)
    else if (this.#faint > FORGOTTEN) seat.shares = true
    return seat.shares
  }
}

const isFaint = (samples: Int16Array | undefined) =>
  samples?.every((sample) => sample < FAINT && sample > -FAINT) ?? true

/** @param samples undefined: nothing to hear */
function coded(encoder: G722Encoder, samples: Int16Array | undefined): Uint8Array {
  const bytes = new Uint8Array(FRAME)
  encoder.encode(samples ?? NOTHING, bytes)
  return bytes
}
