/** RTCP (RFC 3550 6): what a port tells its far side of the stream between them, and what it hears of it. */
import type { Reception } from './reception.ts'

const SENDER = 200
const RECEIVER = 201
const DESCRIPTION = 202
const BYE = 203
const CNAME = 1
/** Bytes of a report block. */
const BLOCK = 24
// NTP counts from 1900.
const EPOCH = 2_208_988_800

/** What a sender has sent so far. */
export type Sent = {
  /** Milliseconds since 1970, and the RTP timestamp of that moment. */
  readonly at: number
  readonly timestamp: number
  readonly packets: number
  readonly octets: number
}

/** When the far side's last sender report came: its middle 32 bits of NTP time, and ours in milliseconds. */
export type LastReport = { readonly ntp: number; readonly at: number }

export type Compound = {
  readonly source: number
  /** With it a sender report, without it a receiver report. */
  readonly sent: Sent | undefined
  readonly reception: Reception | undefined
  readonly last: LastReport | undefined
  /** The same clock as `last.at`. */
  readonly now: number
  /** RFC 7022: says nothing about this machine. */
  readonly name: string
  readonly bye: boolean
}

/** One compound packet: SR or RR, SDES with CNAME, and BYE where the port closes (RFC 3550 6.1). */
export function compoundOf(compound: Compound): Buffer {
  const { source, sent, bye } = compound
  const parts = [
    sent ? senderReport(compound, sent) : report(RECEIVER, compound, []),
    description(source, compound.name),
  ]
  if (bye) parts.push(packet(BYE, 1, [source]))
  return Buffer.concat(parts)
}

/** A compound packet that came. */
export type Read = {
  readonly source: number
  /** The middle of its NTP time, where it is a sender report. */
  readonly ntp?: number
  /** What it says of the streams that its sender hears. */
  readonly receptions: readonly Reception[]
}

/** Checks a compound packet (RFC 3550 A.2). @returns undefined when it is none */
export function readCompound(data: Buffer): Read | undefined {
  if (data.length < 8 || !isRtcp(data)) return undefined
  const type = data[1]
  // Version 2, no padding in the first packet, which is a report.
  if (((data[0] ?? 0) & 0xe0) !== 0x80 || (type !== SENDER && type !== RECEIVER)) return undefined
  for (let at = 0; at < data.length;) {
    if (at + 4 > data.length || (data[at] ?? 0) >> 6 !== 2) return undefined
    at += 4 * (data.readUInt16BE(at + 2) + 1)
    if (at > data.length) return undefined
  }
  const source = data.readUInt32BE(4)
  const end = 4 * (data.readUInt16BE(2) + 1)
  const receptions = receptionsIn(data.subarray(type === SENDER ? 28 : 8, end), (data[0] ?? 0) & 0x1f)
  return type === SENDER && end >= 28
    ? { source, ntp: data.readUInt32BE(10), receptions }
    : { source, receptions }
}

/** Report blocks, as many as were announced and are there. */
function receptionsIn(data: Buffer, count: number): Reception[] {
  const there = Math.min(count, Math.floor(data.length / BLOCK))
  return Array.from({ length: there }, (_, i) => {
    const at = i * BLOCK
    return {
      source: data.readUInt32BE(at),
      fraction: data[at + 4] ?? 0,
      lost: data.readIntBE(at + 5, 3),
      highest: data.readUInt32BE(at + 8),
      jitter: data.readUInt32BE(at + 12),
    }
  })
}

/** Whether a datagram on a port that both share is RTCP (RFC 5761 4). */
export const isRtcp = (data: Buffer): boolean => {
  const type = data[1] ?? 0
  return type >= 192 && type <= 223
}

function senderReport(compound: Compound, { at, timestamp, packets, octets }: Sent): Buffer {
  const seconds = Math.floor(at / 1000) + EPOCH
  const fraction = Math.floor(((at % 1000) / 1000) * 2 ** 32)
  return report(SENDER, compound, [seconds, fraction, timestamp, packets, octets])
}

function report(type: number, { source, reception, last, now }: Compound, info: readonly number[]): Buffer {
  if (!reception) return packet(type, 0, [source, ...info])
  const { fraction, lost, highest, jitter } = reception
  return packet(type, 1, [
    source,
    ...info,
    reception.source,
    fraction * 2 ** 24 + (lost & 0xffffff),
    highest,
    jitter,
    last?.ntp ?? 0,
    last ? Math.round(((now - last.at) * 65_536) / 1000) : 0,
  ])
}

function description(source: number, name: string): Buffer {
  const text = Buffer.from(name)
  // One item, at least one null, up to a whole word (RFC 3550 6.5).
  const items = Buffer.alloc(4 * Math.ceil((text.length + 3) / 4))
  items[0] = CNAME
  items[1] = text.length
  items.set(text, 2)
  const head = packet(DESCRIPTION, 1, [source])
  head.writeUInt16BE(1 + items.length / 4, 2)
  return Buffer.concat([head, items])
}

function packet(type: number, count: number, words: readonly number[]): Buffer {
  const data = Buffer.alloc(4 + 4 * words.length)
  data[0] = 0x80 | count
  data[1] = type
  data.writeUInt16BE(words.length, 2)
  for (const [i, word] of words.entries()) data.writeUInt32BE(word >>> 0, 4 + 4 * i)
  return data
}
