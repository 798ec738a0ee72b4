/**
 * A thread that is all phones of some rooms: each sends 50 packets a second, in a phase of its own, from a socket for
 * all; a voice for a second of four, silence for the others. It notes how evenly each one gets what it hears.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { encode } from '../../src/media/g711.ts'
import { G722Encoder } from '../../src/media/g722/g722.ts'
import { dice } from '../helpers/dice.ts'
import { spread } from './figures.ts'

const EVERY = 20
const FRAME = 160
const TYPES = { PCMA: 8, G722: 9 } as const
type Codec = keyof typeof TYPES
/** Of four seconds. */
const TURN = 200
const SPEAKS = 50

const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 })
socket.bind(0, '127.0.0.1')
await once(socket, 'listening')

// Noise of changing loudness, as loud as people are: its sums have to be limited now and then.
const roll = dice(7)
const spoken = (rate: number) =>
  Int16Array.from({ length: (rate / 50) * SPEAKS }, (_, i) => {
    const syllable = Math.sin((Math.PI * i) / (rate / 5)) ** 2
    return syllable * (9000 * Math.sin((2 * Math.PI * 180 * i) / rate) + 6000 * (roll() - 0.5))
  })
const coded = (samples: Int16Array) => {
  const bytes = Buffer.alloc(samples.length / 2)
  new G722Encoder().encode(samples, bytes)
  return bytes
}
const SOUNDS = {
  PCMA: { voice: encode('PCMA', spoken(8000)), silence: Buffer.alloc(FRAME, 0xd5) },
  G722: { voice: coded(spoken(16_000)), silence: coded(new Int16Array(2 * FRAME)) },
}

let codec: Codec = 'PCMA'
let ports: readonly number[] = []
let sent: number[] = []
const lastAt = new Map<number, number>()
let gaps: number[] = []
let counting = false
let packets = { sent: 0, heard: 0 }
const began = performance.now()

socket.on('message', (_, from) => {
  const now = performance.now()
  const last = lastAt.get(from.port)
  lastAt.set(from.port, now)
  if (!counting) return
  packets.heard++
  if (last !== undefined) gaps.push(Math.abs(now - last - EVERY))
})

parentPort?.on('message', (order: 'count' | { readonly ports: readonly number[]; readonly codec: Codec }) => {
  if (order !== 'count') {
    ports = order.ports
    codec = order.codec
    packet.writeUInt16BE(0x8000 | TYPES[codec], 0)
    sent = ports.map(() => Math.floor((performance.now() - began) / EVERY))
    return
  }
  counting = !counting
  if (counting) {
    gaps = []
    packets = { sent: 0, heard: 0 }
  } else parentPort?.postMessage({ ...packets, jitterMs: spread(gaps) })
})
parentPort?.postMessage({ port: socket.address().port })

const packet = Buffer.alloc(12 + FRAME)

setInterval(() => {
  const now = performance.now() - began
  const { voice, silence } = SOUNDS[codec]
  ports.forEach((port, n) => {
    const phase = (n * EVERY) / ports.length
    for (let due = Math.floor((now - phase) / EVERY); (sent[n] ?? due) < due;) {
      const sequence = (sent[n] = (sent[n] ?? 0) + 1)
      const turn = (sequence + n * 37) % TURN
      const payload = turn < SPEAKS ? voice.subarray(turn * FRAME, (turn + 1) * FRAME) : silence
      packet.writeUInt16BE(sequence & 0xffff, 2)
      packet.writeUInt32BE((sequence * FRAME) >>> 0, 4)
      packet.writeUInt32BE(n + 1, 8)
      packet.set(payload, 12)
      socket.send(Buffer.from(packet), port, '127.0.0.1')
      if (counting) packets.sent++
    }
  })
}, 1)
