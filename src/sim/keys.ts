const KEYS = '0123456789*#ABCD'

/** The number of a key as RFC 4733 counts them (3.2, table 3); undefined for what is no key. */
export function eventOf(key: string): number | undefined {
  const at = KEYS.indexOf(key.toUpperCase())
  return at < 0 || key.length !== 1 ? undefined : at
}

/** Tells keys from the packets of telephone events: many packets are one key (RFC 4733 2.5.1). */
export class KeyEar {
  #last: number | undefined

  /** @returns the key of a packet, with the first packet that has it */
  hear(timestamp: number, payload: Uint8Array): string | undefined {
    if (timestamp === this.#last || payload.length < 4) return undefined
    this.#last = timestamp
    return KEYS[payload[0] ?? -1]
  }
}
