import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { encodeG711, type Codec } from '../../src/sim/g711.ts'

type Playing = { codec?: Codec; on?: number; off?: number }

/** An RTP port of the trunk's: plays a tone, and keeps what comes in. */
export class Far {
  readonly socket: Socket = createSocket('udp4')
  readonly packets: Buffer[] = []
  /** What it has played: payloads of 20 ms. */
  readonly played: Buffer[] = []
  #timer: NodeJS.Timeout | undefined
  #sent = 0

  static async open(t: TestContext): Promise<Far> {
    const far = new Far()
    far.socket.on('message', (packet) => far.packets.push(packet))
    far.socket.bind(0, '127.0.0.1')
    await once(far.socket, 'listening')
    t.after(() => {
      far.quiet()
      far.socket.close()
    })
    return far
  }

  get port(): number {
    return this.socket.address().port
  }

  /** Plays a tone to a port: on and off for so many frames, over and over. */
  play(to: number, hz: number, { codec = 'PCMU', on = 1, off = 0 }: Playing = {}): void {
    this.quiet()
    const begun = performance.now() - 20 * this.#sent
    const frame = () => {
      const n = this.#sent++
      const loud = n % (on + off) < on ? 3000 : 0
      const samples = Int16Array.from(
        { length: 160 },
        (_, i) => loud * Math.sin((2 * Math.PI * hz * (n * 160 + i)) / 8000),
      )
      const payload = Buffer.from(encodeG711(codec, samples))
      this.played.push(payload)
      const head = Buffer.from([0x80, codec === 'PCMU' ? 0 : 8, n >> 8, n & 255, 0, 0, 0, 0, 0, 0, 0, 7])
      head.writeUInt32BE(n * 160, 4)
      this.socket.send(Buffer.concat([head, payload]), to, '127.0.0.1')
    }
    // By the clock: a timer alone falls behind, and then there are gaps to be heard.
    this.#timer = setInterval(() => {
      while (20 * this.#sent < performance.now() - begun) frame()
    }, 10)
  }

  quiet(): void {
    clearInterval(this.#timer)
  }

  async hears(count: number): Promise<Buffer[]> {
    const from = this.packets.length
    while (this.packets.length < from + count)
      await once(this.socket, 'message', { signal: AbortSignal.timeout(3000) })
    return this.packets.slice(from)
  }

  /** The next payload of sound that fits. */
  async hearsOne(fits: (payload: Buffer) => boolean, ms = 4000): Promise<Buffer> {
    const signal = AbortSignal.timeout(ms)
    for (;;) {
      const [packet] = (await once(this.socket, 'message', { signal })) as [Buffer]
      const payload = packet.subarray(12)
      if (payload.length === 160 && fits(payload)) return payload
    }
  }
}
