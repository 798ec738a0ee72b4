/** Frames remembered: about two seconds of ten phones that speak at once. */
const KEPT = 1000

export type Sent = {
  readonly name: string
  /** From a microphone: a voice that is in the room already. */
  readonly live: boolean
}

/**
 * What the phones of one PBX have sent lately, so that a phone which gets a packet can tell whose voice is in it,
 * whatever is spoken. The packet must have come, byte for byte: nothing is told of sound that was lost or changed.
 */
export class Air {
  readonly #sent = new Map<string, Sent>()

  remember(payload: Uint8Array, sent: Sent): void {
    if (isFlat(payload)) return
    const key = keyOf(payload)
    this.#sent.delete(key)
    this.#sent.set(key, sent)
    const oldest = this.#sent.keys().next()
    if (this.#sent.size > KEPT && !oldest.done) this.#sent.delete(oldest.value)
  }

  /** Who has sent this very payload; undefined for a tone, for silence, and for what comes from elsewhere. */
  whose(payload: Uint8Array): Sent | undefined {
    return this.#sent.get(keyOf(payload))
  }
}

/** Silence is nobody's. */
function isFlat(payload: Uint8Array): boolean {
  return payload.every((code) => code === payload[0])
}

function keyOf(payload: Uint8Array): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1')
}
