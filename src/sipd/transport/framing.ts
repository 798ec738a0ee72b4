/** What a stream holds next. `broken` means that message ends can no longer be found. */
export type Frame =
  | { readonly kind: 'message'; readonly data: Buffer }
  | { readonly kind: 'ping' }
  | { readonly kind: 'broken'; readonly reason: string }

const HEADER_END = '\r\n\r\n'
const CONTENT_LENGTH = /^(?:content-length|l)[ \t]*:(.*)$/gim
const FOLD = /\r\n[ \t]+/g
const EMPTY: Buffer = Buffer.alloc(0)

/**
 * Cuts a byte stream into SIP messages by Content-Length (RFC 3261 18.3) and CRLFCRLF keep-alives
 * (RFC 5626 3.5.1). Holds at most `limit` bytes of an unfinished message.
 */
export class StreamFramer {
  readonly #limit: number
  #held: Buffer = EMPTY
  /** Bytes already searched for the end of headers: an endless header must not cost its square. */
  #searched = 0
  /** Length of the message that has begun, once its headers are there. */
  #total = 0
  /** Why nothing can be followed any more behind this message. */
  #last: string | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether a message has begun and not ended. */
  get partial(): boolean {
    return this.#held.length > 0
  }

  push(chunk: Buffer): Frame[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const frames: Frame[] = []
    for (;;) {
      const frame = this.#next()
      if (!frame) return frames
      frames.push(frame)
      if (frame.kind === 'broken') {
        this.#held = EMPTY
        return frames
      }
    }
  }

  #next(): Frame | undefined {
    if (this.#last !== undefined) return { kind: 'broken', reason: this.#last }
    let ends = 0
    while (ends < 4 && (this.#held[ends] === 13 || this.#held[ends] === 10)) ends++
    if (ends === 4) {
      this.#drop(4)
      return { kind: 'ping' }
    }
    // Fewer line ends are a pong or padding; at the end of the buffer they may be half of a ping.
    if (ends === this.#held.length) return undefined
    if (ends > 0) this.#drop(ends)
    if (this.#total === 0) {
      const broken = this.#measure()
      if (broken !== undefined) return { kind: 'broken', reason: broken }
    }
    if (this.#total === 0 || this.#held.length < this.#total) return undefined
    const data = this.#held.subarray(0, this.#total)
    this.#drop(this.#total)
    return { kind: 'message', data }
  }

  /** Finds out how long the message is, if its headers are complete. @returns why it cannot be followed */
  #measure(): string | undefined {
    const headers = this.#held.indexOf(HEADER_END, Math.max(0, this.#searched - 3), 'latin1')
    if (headers < 0) {
      this.#searched = this.#held.length
      return this.#held.length > this.#limit ? 'headers longer than the limit' : undefined
    }
    const text = this.#held.toString('latin1', 0, headers).replace(FOLD, ' ')
    const lengths = [...text.matchAll(CONTENT_LENGTH)].map((match) => match[1]?.trim() ?? '')
    // RFC 4475 3.1.2.3: its sender is told by the parser, and then there is no next message to be found.
    if (!lengths.every((length) => /^\d{1,9}$/.test(length))) this.#last = 'Content-Length is no number'
    else if (lengths.some((length) => length !== lengths[0])) this.#last = 'two Content-Lengths'
    const body = this.#last === undefined ? Number(lengths[0] ?? 0) : 0
    const total = headers + HEADER_END.length + body
    if (total > this.#limit) return 'message longer than the limit'
    this.#total = total
    return undefined
  }

  #drop(bytes: number): void {
    this.#held = bytes === this.#held.length ? EMPTY : this.#held.subarray(bytes)
    this.#searched = 0
    this.#total = 0
  }
}
