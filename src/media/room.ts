/**
 * Rooms: each member hears all others, and not itself (an N-1 mix), every 20 ms.
 *
 *   packets ─► jitter buffer ─► voice? ─┬─ G.711 ─► sum at  8 kHz ◄─┐        ┌─► less one's own ─► limiter ─► each who speaks
 *                                       │                          ⇅ filters ┤
 *                                       └─ G.722 ─► sum at 16 kHz ◄─┘        └─────────────────► limiter ─► all who only listen
 *
 * Those with G.722 hear each other as they speak, and G.711 as it is; those with G.711 hear all up to 3.4 kHz. Two
 * filters do for a room, however many are in it: between the sums, each without the other.
 */
import { FRAME, WIDE_FRAME } from './codec.ts'
import { NarrowEars, WideEars } from './ears.ts'
import { Decimator, Interpolator } from './half-band.ts'
import { Mix } from './mix.ts'
import type { Pacer } from './pacer.ts'
import { Seat } from './seat.ts'
import type { Member } from './seat.ts'
import { roomTone } from './tones.ts'

export class Room {
  readonly name: string
  readonly #seats = new Set<Seat>()
  readonly #narrow = new Mix(FRAME)
  readonly #narrowEars = new NarrowEars()
  /** Where anybody has G.722. */
  #wide: Wide | undefined
  /** What is left of an entry's or an exit's tone. */
  #tone: Int16Array = new Int16Array(0)
  readonly #stop: () => void
  readonly #onEmpty: () => void

  constructor(name: string, pacer: Pacer, onEmpty: () => void) {
    this.name = name
    this.#onEmpty = onEmpty
    this.#stop = pacer.add(() => {
      this.#beat()
    })
  }

  seat(member: Member): Seat {
    const seat = new Seat(member, () => {
      this.#remove(seat)
    })
    this.#seats.add(seat)
    this.#tone = roomTone('entry')
    return seat
  }

  #remove(seat: Seat): void {
    if (!this.#seats.delete(seat)) return
    this.#wide?.ears.letGo(seat)
    this.#tone = roomTone('exit')
    if (this.#seats.size > 0) return
    this.#stop()
    this.#onEmpty()
  }

  #beat(): void {
    const narrow = this.#narrow
    narrow.begin()
    this.#wide?.mix.begin()
    let anyWide = false
    for (const seat of this.#seats) {
      seat.next()
      if (seat.isWide) {
        anyWide = true
        this.#wide ??= new Wide()
      }
      if (seat.own) (seat.isWide && this.#wide ? this.#wide.mix : narrow).add(seat.own)
    }
    const tone = this.#tone.subarray(0, FRAME)
    this.#tone = this.#tone.subarray(FRAME)
    if (tone.length > 0) narrow.add(tone)
    this.#wide?.exchange(narrow)
    this.#narrowEars.tell(this.#seats, narrow)
    this.#wide?.ears.tell(this.#seats, this.#wide.mix)
    if (!anyWide) this.#wide = undefined
  }
}

/** The half of a room with G.722. */
class Wide {
  readonly mix = new Mix(WIDE_FRAME)
  readonly ears = new WideEars()
  readonly #up = new Interpolator()
  readonly #down = new Decimator()
  readonly #fromNarrow = new Int32Array(WIDE_FRAME)
  readonly #fromWide = new Int32Array(FRAME)

  /** Adds to each sum what the other has of its own. */
  exchange(narrow: Mix): void {
    const { mix } = this
    const up = this.#up.take(narrow.sounds > 0 ? narrow.sum : undefined, this.#fromNarrow)
    const down = this.#down.take(mix.sounds > 0 ? mix.sum : undefined, this.#fromWide)
    if (up) mix.add(this.#fromNarrow)
    if (down) narrow.add(this.#fromWide)
  }
}

/** All rooms of an endpoint. */
export class Rooms {
  readonly #pacer: Pacer
  readonly #rooms = new Map<string, Room>()

  constructor(pacer: Pacer) {
    this.#pacer = pacer
  }

  /** The room of this name; a new one where there is none. It goes when its last member leaves. */
  named(name: string): Room {
    const known = this.#rooms.get(name)
    if (known) return known
    const room = new Room(name, this.#pacer, () => this.#rooms.delete(name))
    this.#rooms.set(name, room)
    return room
  }
}
