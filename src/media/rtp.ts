/** The fixed header of RTP (RFC 3550 5.1), read and written in place. */

export const HEADER = 12
const LONGEST = 1500

/** Where the payload of a packet begins and ends. */
export type Payload = { readonly start: number; readonly end: number }

/**
 * Checks a datagram and finds its payload behind contributing sources and extension, before padding.
 * @returns undefined when this is no RTP packet of version 2
 */
export function payloadOf(packet: Buffer): Payload | undefined {
  const { length } = packet
  if (length < HEADER || length > LONGEST) return undefined
  const first = packet[0] ?? 0
  if (first >> 6 !== 2) return undefined
  let start = HEADER + 4 * (first & 0x0f)
  if (first & 0x10) {
    if (start + 4 > length) return undefined
    start += 4 + 4 * packet.readUInt16BE(start + 2)
  }
  const end = first & 0x20 ? length - (packet[length - 1] ?? 0) : length
  return start <= end ? { start, end } : undefined
}

export const typeOf = (packet: Buffer): number => (packet[1] ?? 0) & 0x7f
export const markerOf = (packet: Buffer): boolean => ((packet[1] ?? 0) & 0x80) !== 0
export const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(2)
export const timestampOf = (packet: Buffer): number => packet.readUInt32BE(4)
export const sourceOf = (packet: Buffer): number => packet.readUInt32BE(8)

export type Header = {
  readonly type: number
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly source: number
}

/** Overwrites type, marker, sequence number, timestamp and source; version, padding, extension stay. */
export function stamp(packet: Buffer, header: Header): void {
  packet[1] = header.type | (header.marker ? 0x80 : 0)
  packet.writeUInt16BE(header.sequence & 0xffff, 2)
  packet.writeUInt32BE(header.timestamp >>> 0, 4)
  packet.writeUInt32BE(header.source >>> 0, 8)
}

/** A packet of one's own around a payload. */
export function packetOf(header: Header, payload: Uint8Array): Buffer {
  const packet = Buffer.allocUnsafe(HEADER + payload.length)
  packet[0] = 0x80
  stamp(packet, header)
  packet.set(payload, HEADER)
  return packet
}
