/** Telephone events (RFC 4733): keys of a phone as packets beside the sound. */
import { sourceOf, timestampOf } from './rtp.ts'
import type { Payload } from './rtp.ts'

const KEYS = '0123456789*#ABCD'

// 5 s at 8 kHz: longer ago is no packet that was overtaken, but a phone that has begun its clock anew.
const OVERTAKEN = 40_000

/**
 * Finds each key press once: all packets of one press bear the same source and timestamp (RFC 4733 2.5.1.2), and one
 * that was overtaken by the next press is older than that.
 */
export class KeyReader {
  #source: number | undefined
  #timestamp = 0

  /** @returns the key when this packet is the first of its press, else undefined */
  read(packet: Buffer, { start, end }: Payload): string | undefined {
    if (end - start < 4) return undefined
    const [source, timestamp] = [sourceOf(packet), timestampOf(packet)]
    const later = (timestamp - this.#timestamp) >>> 0
    if (source === this.#source && (later === 0 || later > 2 ** 32 - OVERTAKEN)) return undefined
    const key = KEYS[packet[start] ?? KEYS.length]
    if (key !== undefined) [this.#source, this.#timestamp] = [source, timestamp]
    return key
  }
}

const STEP = 160
const STEPS = 5
// RFC 4733 2.5.1.4: the last packet is sent three times, so that the end is not lost.
const ENDINGS = 3
const GAP = 4
/** 0 to 63, -dBm0. */
const VOLUME = 10

/** One packet's worth: `undefined` is a pause of 20 ms. `first` begins a press and takes a new timestamp. */
export type KeyPacket = {
  readonly payload: Buffer
  readonly first: boolean
  readonly digit: string
  /** Which 20 ms of the tone sound meanwhile, for a far side without telephone events; none at its end. */
  readonly frame: number | undefined
}

/** The packets of some keys, one for each 20 ms; other characters are left out. */
export function keyPackets(digits: string): (KeyPacket | undefined)[] {
  const packets: (KeyPacket | undefined)[] = []
  for (const digit of digits.toUpperCase()) {
    const event = KEYS.indexOf(digit)
    if (event < 0) continue
    for (let i = 0; i < STEPS; i++)
      packets.push({ payload: payloadOf(event, false, (i + 1) * STEP), first: i === 0, digit, frame: i })
    for (let i = 0; i < ENDINGS; i++)
      packets.push({ payload: payloadOf(event, true, STEPS * STEP), first: false, digit, frame: undefined })
    for (let i = 0; i < GAP; i++) packets.push(undefined)
  }
  return packets
}

function payloadOf(event: number, end: boolean, duration: number): Buffer {
  const payload = Buffer.from([event, (end ? 0x80 : 0) | VOLUME, 0, 0])
  payload.writeUInt16BE(duration, 2)
  return payload
}
