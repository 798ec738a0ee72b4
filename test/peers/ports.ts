/** Free loopback ports for programs that cannot be told "any": below the range that the kernel hands out itself. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const LOWEST = 20_000
const HIGHEST = 32_000

/** A port free for UDP and TCP. Two test files that ask at once differ by chance, not by luck of the kernel's order. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  return await freeRange(1, address)
}

/** The first of `count` free ports in a row; even, as RTP likes it (RFC 3550 11). */
export async function freeRange(count: number, address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = LOWEST + 2 * Math.floor((Math.random() * (HIGHEST - LOWEST - count)) / 2)
    const ports = Array.from({ length: count }, (_, i) => first + i)
    const free = await Promise.all(ports.map((port) => isFree(port, address)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`no ${count} free ports in a row between ${LOWEST} and ${HIGHEST}`)
}

async function isFree(port: number, address: string): Promise<boolean> {
  return (await udp(port, address)) && (await tcp(port, address))
}

function udp(port: number, address: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket('udp4')
    socket.on('error', () => done(false))
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => done(true)))
  })
}

function tcp(port: number, address: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.on('error', () => done(false))
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => done(true)))
  })
}
