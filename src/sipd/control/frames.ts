/** Thrown on bytes that are no frame: the connection cannot be followed any more. */
export class BadFrame extends Error {
  readonly code = 'SIPD_BAD_FRAME'
}

const EMPTY: Buffer = Buffer.alloc(0)
const DIGITS_AT_MOST = 7

/** Cuts a stream into drachtio's frames, `<bytes>#<message>`. */
export class FrameReader {
  readonly #limit: number
  #held = EMPTY

  /** @param limit bytes of one message at most */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws BadFrame */
  push(chunk: Buffer): Buffer[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const frames: Buffer[] = []
    for (;;) {
      const hash = this.#held.subarray(0, DIGITS_AT_MOST + 1).indexOf(35)
      if (hash < 0) {
        if (this.#held.length > DIGITS_AT_MOST) throw new BadFrame('no length')
        return frames
      }
      const digits = this.#held.toString('latin1', 0, hash)
      const length = Number(digits)
      if (!/^\d+$/.test(digits) || length === 0 || length > this.#limit) throw new BadFrame('bad length')
      if (this.#held.length < hash + 1 + length) return frames
      frames.push(this.#held.subarray(hash + 1, hash + 1 + length))
      this.#held = this.#held.subarray(hash + 1 + length)
    }
  }
}

/** One frame: `text`, then the bytes of a SIP message if there is one. */
export function frame(text: string, message: Buffer = EMPTY): Buffer {
  const head = Buffer.from(text)
  return Buffer.concat([Buffer.from(`${head.length + message.length}#`), head, message])
}
