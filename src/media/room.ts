/**
 * Rooms: each member hears all others, and not itself (an N-1 mix), every 20 ms.
 *
 *   packets ─► jitter buffer ─► voice? ─► sum of all ─┬─ less one's own ─► limiter ─► law ─► each who speaks
 *                                                     └─────────────────► limiter ─► law ─► all who only listen
 *
 * Whoever is silent hears the same as all others who are, so that this is made once for each law.
 */
import { coderOf } from './g711.ts'
import type { Law } from './g711.ts'
import { JitterBuffer } from './jitter.ts'
import { Limiter } from './limiter.ts'
import type { Pacer } from './pacer.ts'
import { sourceOf, timestampOf } from './rtp.ts'
import type { Payload } from './rtp.ts'
import { FRAME, loopOf, roomTone } from './tones.ts'
import { Voice } from './voice.ts'

/** A port, as its room sees it. */
export type Member = {
  /** What its far side takes; undefined: it takes nothing. */
  law(): Law | undefined
  /** Not muted, and its far side does not hold us: the music of a hold is not for the room. */
  isHeard(): boolean
  /** The next 20 ms, companded. They are another's as well: not to be written to. */
  hear(payload: Uint8Array): void
  speaks(on: boolean): void
}

/** What a member has of its room. */
export class Seat {
  readonly room: Room
  readonly member: Member
  readonly frame = new Int16Array(FRAME)
  readonly limiter = new Limiter()
  /** The frame is part of the mix. */
  sounds = false
  readonly #buffer = new JitterBuffer()
  readonly #voice = new Voice()
  #spoke = false
  /** What is left of a tone for this member alone. */
  #cue: Int16Array = new Int16Array(0)

  constructor(room: Room, member: Member) {
    this.room = room
    this.member = member
  }

  /** A packet of its far side. */
  hear(law: Law, packet: Buffer, { start, end }: Payload): void {
    this.#buffer.put(law, { bytes: packet, start, end }, sourceOf(packet), timestampOf(packet))
  }

  /** Finds out what it adds to the next 20 ms. */
  next(): void {
    const came = this.#buffer.take(this.frame)
    this.sounds = this.#voice.hears(came && this.member.isHeard() ? this.frame : undefined)
    this.#tell(this.#voice.speaks)
  }

  /** Tells this member, and nobody else. */
  cue(of: 'muted' | 'heard'): void {
    this.#cue = roomTone(of)
  }

  /** The next 20 ms of that, or less; nothing where there is none. */
  nextCue(): Int16Array {
    const next = this.#cue.subarray(0, FRAME)
    this.#cue = this.#cue.subarray(FRAME)
    return next
  }

  leave(): void {
    this.#tell(false)
    this.room.remove(this)
  }

  #tell(speaks: boolean): void {
    if (speaks === this.#spoke) return
    this.#spoke = speaks
    this.member.speaks(speaks)
  }
}

export class Room {
  readonly name: string
  readonly #seats = new Set<Seat>()
  readonly #limiter = new Limiter()
  readonly #sum = new Int32Array(FRAME)
  readonly #less = new Int32Array(FRAME)
  readonly #mixed = new Int16Array(FRAME)
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
    const seat = new Seat(this, member)
    this.#seats.add(seat)
    this.#tone = roomTone('entry')
    return seat
  }

  remove(seat: Seat): void {
    if (!this.#seats.delete(seat)) return
    this.#tone = roomTone('exit')
    if (this.#seats.size > 0) return
    this.#stop()
    this.#onEmpty()
  }

  #beat(): void {
    let voices = 0
    const sum = this.#sum.fill(0)
    for (const seat of this.#seats) {
      seat.next()
      if (!seat.sounds) continue
      voices++
      add(sum, seat.frame)
    }
    const tone = this.#tone.subarray(0, FRAME)
    this.#tone = this.#tone.subarray(FRAME)
    add(sum, tone)
    if (tone.length > 0) voices++
    const listeners = new Listeners(voices > 0 ? this.#limiter : undefined, sum)
    for (const seat of this.#seats) {
      const { member, sounds, frame, limiter } = seat
      const law = member.law()
      const cue = seat.nextCue()
      if (!law) continue
      if (!sounds && cue.length === 0) member.hear(listeners.payload(law))
      else if (voices === 1 && cue.length === 0) member.hear(quiet(law))
      else {
        this.#less.set(sum)
        if (sounds) subtract(this.#less, frame)
        add(this.#less, cue)
        limiter.limit(this.#less, this.#mixed)
        member.hear(companded(law, this.#mixed))
      }
    }
  }
}

/** What all hear who only listen, made where somebody does. */
class Listeners {
  readonly #limiter: Limiter | undefined
  readonly #sum: Int32Array
  readonly #payloads = new Map<Law, Uint8Array>()
  #mixed: Int16Array | undefined

  /** @param limiter none where there is nothing to hear */
  constructor(limiter: Limiter | undefined, sum: Int32Array) {
    this.#limiter = limiter
    this.#sum = sum
  }

  payload(law: Law): Uint8Array {
    const known = this.#payloads.get(law)
    if (known) return known
    const made = this.#limiter ? companded(law, this.#limited(this.#limiter)) : quiet(law)
    this.#payloads.set(law, made)
    return made
  }

  #limited(limiter: Limiter): Int16Array {
    if (this.#mixed) return this.#mixed
    this.#mixed = new Int16Array(FRAME)
    limiter.limit(this.#sum, this.#mixed)
    return this.#mixed
  }
}

const quiet = (law: Law) => loopOf('silence', '', law)

function companded(law: Law, samples: Int16Array): Uint8Array {
  const coder = coderOf(law)
  const bytes = new Uint8Array(FRAME)
  for (let i = 0; i < FRAME; i++) bytes[i] = coder[(samples[i] ?? 0) & 0xffff] ?? 0
  return bytes
}

function add(sum: Int32Array, samples: Int16Array): void {
  for (let i = 0; i < samples.length; i++) sum[i] = (sum[i] ?? 0) + (samples[i] ?? 0)
}

function subtract(sum: Int32Array, samples: Int16Array): void {
  for (let i = 0; i < samples.length; i++) sum[i] = (sum[i] ?? 0) - (samples[i] ?? 0)
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
