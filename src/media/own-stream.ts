/**
 * What leaves a port: one source (SSRC), one run of sequence numbers, one clock, whether it is sound of the bot's own, of
 * a room, or packets of the peer, which are restamped.
 */
import { randomInt } from 'node:crypto'

import { FRAME } from './codec.ts'
import { BEAT } from './pacer.ts'
import type { Sent } from './rtcp.ts'
import { HEADER, markerOf, packetOf, sequenceOf, sourceOf, stamp, timestampOf } from './rtp.ts'

/** How the peer's present stream is restamped. */
type Splice = { readonly source: number; readonly sequence: number; readonly timestamp: number }

export class OwnStream {
  readonly source = randomInt(2 ** 32)
  #sequence = randomInt(2 ** 16)
  #timestamp = randomInt(2 ** 32)
  #sentAt = performance.now()
  #splice: Splice | undefined
  #packets = 0
  #octets = 0

  /** What went out last was the peer's. */
  get isSpliced(): boolean {
    return this.#splice !== undefined
  }

  /** Packets that have gone out. */
  get packets(): number {
    return this.#packets
  }

  /** The timestamp of this moment, on the grid of 20 ms. */
  now(): number {
    const frames = Math.max(1, Math.round((performance.now() - this.#sentAt) / BEAT))
    return (this.#timestamp + frames * FRAME) >>> 0
  }

  /** The timestamp that follows what went out last without a gap, whatever the clock says. */
  next(): number {
    return (this.#timestamp + FRAME) >>> 0
  }

  /** What the peer sends next begins a stream of its own here. */
  unsplice(): void {
    this.#splice = undefined
  }

  /** A packet of the bot's own. */
  packet(type: number, marker: boolean, timestamp: number, payload: Uint8Array): Buffer {
    const sequence = (this.#sequence + 1) & 0xffff
    // The packets of one key share a timestamp while time goes on: only a new one moves the clock.
    if (timestamp === this.#timestamp) this.#sequence = sequence
    else this.#note(sequence, timestamp)
    return packetOf({ type, marker, sequence, timestamp, source: this.source }, payload)
  }

  /** Makes a packet of the peer one of this stream, in place. */
  splice(packet: Buffer, type: number): void {
    const source = sourceOf(packet)
    const fresh = this.#splice?.source !== source
    const splice = fresh ? this.#spliceOf(packet, source) : this.#splice
    if (!splice) return
    this.#splice = splice
    const sequence = (sequenceOf(packet) + splice.sequence) & 0xffff
    const timestamp = (timestampOf(packet) + splice.timestamp) >>> 0
    stamp(packet, { type, marker: fresh || markerOf(packet), sequence, timestamp, source: this.source })
    // A packet that was overtaken on its way does not set the clock back.
    if (((sequence - this.#sequence) & 0xffff) < 0x8000) this.#note(sequence, timestamp)
  }

  /** Counts a packet that goes out. */
  count(packet: Buffer): void {
    this.#packets++
    this.#octets += packet.length - HEADER
  }

  /** All that has gone out so far, and the timestamp of this moment (RFC 3550 6.4.1). */
  sent(): Sent {
    const since = Math.round((performance.now() - this.#sentAt) * (FRAME / BEAT))
    const timestamp = (this.#timestamp + since) >>> 0
    return { at: Date.now(), timestamp, packets: this.#packets, octets: this.#octets }
  }

  #spliceOf(packet: Buffer, source: number): Splice {
    return {
      source,
      sequence: this.#sequence + 1 - sequenceOf(packet),
      timestamp: this.now() - timestampOf(packet),
    }
  }

  #note(sequence: number, timestamp: number): void {
    this.#sequence = sequence
    this.#timestamp = timestamp
    this.#sentAt = performance.now()
  }
}
