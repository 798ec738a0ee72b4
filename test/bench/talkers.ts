/** A thread that talks into many RTP ports from one socket, 50 packets a second each, and counts what comes back. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'

const EVERY = 20
const FRAME = 160
const PCMA = 8

const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 })
socket.bind(0, '127.0.0.1')
await once(socket, 'listening')

let ports: readonly number[] = []
let counting = false
let sent = 0
let heard = 0
let sequence = 0
const packet = Buffer.alloc(12 + FRAME, 0xd5)
packet.writeUInt16BE(0x8000 | PCMA, 0)
const began = performance.now()

socket.on('message', () => {
  if (counting) heard++
})
parentPort?.on('message', (order: 'count' | { readonly ports: readonly number[] }) => {
  if (order !== 'count') ports = order.ports
  else if (!(counting = !counting)) parentPort?.postMessage({ sent, heard })
})
parentPort?.postMessage({ port: socket.address().port })

/** A tick that comes late sends all that is due, as phones would have. */
setInterval(() => {
  for (const due = Math.floor((performance.now() - began) / EVERY); sequence < due; sequence++) {
    packet.writeUInt16BE(sequence & 0xffff, 2)
    packet.writeUInt32BE((sequence * FRAME) >>> 0, 4)
    ports.forEach((port, n) => {
      packet.writeUInt32BE(n + 1, 8)
      socket.send(Buffer.from(packet), port, '127.0.0.1')
      if (counting) sent++
    })
  }
}, EVERY / 2)
