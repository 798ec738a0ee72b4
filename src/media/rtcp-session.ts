/**
 * The RTCP of one port (RFC 3550 6): a report about every 5 s, and what the far side's reports are needed for. Each leg
 * is an RTP session of its own between phone and bot: reports end here, they are not passed on in a relay, where
 * sources, sequence numbers and times are the bot's own.
 */
import { randomBytes } from 'node:crypto'

import { above, isNobodys } from './far-side.ts'
import type { FarSide, Place } from './far-side.ts'
import type { Reception, Receiver } from './reception.ts'
import { compoundOf, readCompound } from './rtcp.ts'
import type { LastReport, Sent } from './rtcp.ts'

/** Milliseconds between reports; the first comes after half of it (RFC 3550 6.2). */
const INTERVAL = 5_000

/** What a session needs of its port. */
export type RtcpOptions = {
  /** Our source (SSRC). */
  readonly source: number
  readonly far: FarSide
  readonly receiver: Receiver
  /** What we have sent so far. */
  readonly sent: () => Sent
  readonly send: (packet: Buffer, to: Place | 'mux') => void
}

export class RtcpSession {
  readonly #options: RtcpOptions
  readonly #name = randomBytes(12).toString('base64')
  #told: Place | 'mux' | undefined
  #heard: Place | undefined
  #last: LastReport | undefined
  #sentBefore = 0
  #ofUs: Reception | 'nothing' | undefined
  #timer: NodeJS.Timeout | undefined
  #began = false

  constructor(options: RtcpOptions) {
    this.#options = options
  }

  /** What the far side has said last of the stream that it gets; undefined before its first report. */
  get ofUs(): Reception | 'nothing' | undefined {
    return this.#ofUs
  }

  /** Where the far side wants its reports; undefined: it has said to be nowhere (RFC 3264 8.4). */
  describe(told: Place | 'mux' | undefined): void {
    this.#told = told
    this.#heard = undefined
    if (told !== undefined && !this.#timer) this.#arm(this.#began ? INTERVAL : INTERVAL / 2)
  }

  /** A datagram on the RTCP port, or on the RTP port where both share it. What is no report of the far side is dropped. */
  hear(data: Buffer, from: Place): void {
    const { far, receiver } = this.#options
    const compound = readCompound(data)
    if (!compound || isNobodys(from)) return
    const told = this.#told
    const isTold =
      told !== undefined && told !== 'mux' && told.port === from.port && told.address === from.address
    const isHeard = far.heard?.address === from.address && compound.source === receiver.source
    if (!isTold && !isHeard) return
    this.#heard = { address: from.address, port: from.port }
    this.#ofUs = compound.receptions.find((one) => one.source === this.#options.source) ?? 'nothing'
    if (compound.ntp !== undefined) this.#last = { ntp: compound.ntp, at: performance.now() }
  }

  /** Says goodbye where anything was ever said, and ends. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#began) this.#report(true)
    this.#told = undefined
  }

  #arm(ms: number): void {
    // RFC 3550 6.3.1: between half and one and a half of it, so that the sessions of many calls do not fall in step.
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        if (this.#told === undefined) return
        this.#report(false)
        this.#arm(INTERVAL)
      },
      ms * (0.5 + Math.random()),
    ).unref()
  }

  #report(bye: boolean): void {
    const { source, receiver, send } = this.#options
    const to = this.#to()
    if (to === undefined) return
    this.#began = true
    const sent = this.#options.sent()
    const isSender = sent.packets > this.#sentBefore
    this.#sentBefore = sent.packets
    const packet = compoundOf({
      source,
      sent: isSender ? sent : undefined,
      reception: receiver.report(),
      last: this.#last,
      now: performance.now(),
      name: this.#name,
      bye,
    })
    send(packet, to)
  }

  /** Behind a NAT the port above the one that RTP comes from is the best guess, until a report has come. */
  #to(): Place | 'mux' | undefined {
    const told = this.#told
    if (told === 'mux' || told === undefined) return told
    if (this.#heard) return this.#heard
    const { far } = this.#options
    return (far.heard && !far.isTold ? above(far.heard) : undefined) ?? told
  }
}
