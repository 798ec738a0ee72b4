import { FRAME } from './g711.ts'

/** Frames of one member that wait for another at most: who sends faster than the other takes is cut, not delayed. */
const WAITING = 5

export type RoomFrame = {
  readonly samples: Int16Array
  /** A microphone of the demo's page is in it. */
  readonly live: boolean
}

/** Where those who are in a conference hear each other: to each the sum of all others, 20 ms at a time. */
export class Room<Member extends object> {
  /** What each member is still to hear, by who has said it. */
  readonly #members = new Map<Member, Map<Member, RoomFrame[]>>()

  enter(member: Member): void {
    this.#members.set(member, new Map())
  }

  leave(member: Member): void {
    this.#members.delete(member)
    for (const ears of this.#members.values()) ears.delete(member)
  }

  /** Whether nobody else is there to be heard. */
  isAlone(member: Member): boolean {
    return this.#members.size < 2 && this.#members.has(member)
  }

  /** A member has said this; who is not in the room is not heard. */
  hear(member: Member, frame: RoomFrame): void {
    if (!this.#members.has(member)) return
    for (const [other, ears] of this.#members) {
      if (other === member) continue
      const waiting = ears.get(member) ?? []
      waiting.push(frame)
      if (waiting.length > WAITING) waiting.shift()
      ears.set(member, waiting)
    }
  }

  /** The next 20 ms of all others. */
  next(member: Member): RoomFrame {
    const frames = [...(this.#members.get(member)?.values() ?? [])].flatMap(
      (waiting) => waiting.shift() ?? [],
    )
    const samples = new Int16Array(FRAME)
    for (let i = 0; i < FRAME; i += 1) {
      const sum = frames.reduce((all, frame) => all + (frame.samples[i] ?? 0), 0)
      samples[i] = Math.max(-32768, Math.min(32767, sum))
    }
    return { samples, live: frames.some(({ live }) => live) }
  }
}
