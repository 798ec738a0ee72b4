/** What hostile or unlucky TCP peers do, and what it must not do to the trunk and to memory. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Endpoint } from '../../../src/sipd/transport/address.ts'
import { bind, PING, TCP } from './stand.ts'

const WITHIN = { timeout: 20_000 }
/** As sipd has it by default (`LIMITS` of options.ts). */
const CONNECTIONS = 256
const IDLE = 500

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes held, garbage apart. */
function held(): number {
  collect()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

/** A trunk that listens with TCP on an address of its own, and what it has heard. */
async function trunk(t: TestContext, host = '127.0.0.3') {
  const heard: string[] = []
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      heard.push(data.toString())
      server.emit('heard')
    })
  }).listen(0, host)
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const at: Endpoint = { transport: 'tcp', host, port: (server.address() as AddressInfo).port }
  const hears = async (count: number): Promise<void> => {
    while (heard.length < count) await once(server, 'heard')
  }
  return { at, heard, hears, sockets }
}

/** Strangers that connect and say nothing; resolves when all are connected. */
async function strangers(t: TestContext, port: number, count: number) {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  const closed: Socket[] = []
  const closes = new EventEmitter()
  for (const socket of sockets) {
    socket.on('error', () => undefined).resume()
    socket.on('close', () => {
      closed.push(socket)
      closes.emit('close')
    })
  }
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const atLeast = async (number: number): Promise<void> => {
    while (closed.length < number) await once(closes, 'close')
  }
  return { sockets, closed, atLeast }
}

test(
  '500 idle connections: the oldest strangers go, the trunk is spoken to by the connection it had',
  WITHIN,
  async (t) => {
    const pbx = await trunk(t)
    const us = await bind(t, [{ ...TCP, host: '0.0.0.0' }], { limits: { connections: CONNECTIONS } })
    us.send(pbx.at)
    await pbx.hears(1)
    // A trunk that has connected by itself, and has been silent for longer than all of them.
    const own = connect({ port: us.port('tcp'), host: '127.0.0.1', localAddress: pbx.at.host })
    t.after(() => own.destroy())
    own.write(PING)
    await us.until(() => us.received.length === 1)
    const idle = await strangers(t, us.port('tcp'), IDLE)
    await idle.atLeast(IDLE - (CONNECTIONS - 2))
    assert.equal(idle.closed.length, IDLE - (CONNECTIONS - 2))
    const last = idle.sockets.at(-1)
    assert.equal(last?.destroyed, false, 'the newest stays')
    us.send(pbx.at)
    await pbx.hears(2)
    assert.equal(pbx.sockets.length, 1)
    own.write(PING)
    await us.until(() => us.received.length === 2)
    last.write(PING)
    await us.until(() => us.received.length === 3)
  },
)

test('where all connections are the trunk’s own, a stranger is closed at once', WITHIN, async (t) => {
  const pbx = await trunk(t)
  const us = await bind(t, [{ ...TCP, host: '0.0.0.0' }], { limits: { connections: 2 } })
  us.send(pbx.at)
  await pbx.hears(1)
  const own = connect({ port: us.port('tcp'), host: '127.0.0.1', localAddress: pbx.at.host })
  t.after(() => own.destroy())
  own.write(PING)
  await us.until(() => us.received.length === 1)
  const stranger = await strangers(t, us.port('tcp'), 1)
  await stranger.atLeast(1)
  us.send(pbx.at)
  await pbx.hears(2)
  assert.equal(pbx.sockets.length, 1)
  assert.equal(own.destroyed, false)
})

test(
  'memory stays flat over rounds of 500 connections that come, say half a message, and go',
  { timeout: 60_000 },
  async (t) => {
    const us = await bind(t, [TCP], { limits: { connections: CONNECTIONS, patience: 60_000 } })
    const round = async (): Promise<void> => {
      const { sockets, closed, atLeast } = await strangers(t, us.port('tcp'), IDLE)
      for (const socket of sockets) socket.write(PING.slice(0, 20))
      await atLeast(IDLE - CONNECTIONS)
      for (const socket of sockets) socket.destroy()
      await atLeast(IDLE)
      await us.until(() => us.failed.length >= IDLE)
      // What the test itself remembers is not to be counted.
      for (const list of [sockets, closed, us.failed]) list.length = 0
    }
    await round()
    const first = held()
    for (let i = 0; i < 4; i++) await round()
    const grown = held() - first
    assert.ok(grown < 4 * IDLE * 750, `${grown} bytes more after 2,000 connections`)
  },
)

test('slow-loris: a message is timed from its first byte, and not from its last', WITHIN, async (t) => {
  const us = await bind(t, [TCP], { limits: { patience: 400 } })
  const slow = connect(us.port('tcp'), '127.0.0.1')
  slow.on('error', () => undefined).resume()
  const closed = once(slow, 'close')
  const text = PING.repeat(50)
  let sent = 0
  // One byte each 20 ms is never silent.
  const drip = setInterval(() => slow.write(text[sent++] ?? ''), 20)
  t.after(() => clearInterval(drip))
  const began = performance.now()
  await closed
  assert.ok(performance.now() - began > 300, 'not before its time')
  assert.equal(us.received.length, 0)
})

test('whoever finishes each message in time is not hurried', WITHIN, async (t) => {
  const us = await bind(t, [TCP], { limits: { patience: 300 } })
  const steady = connect(us.port('tcp'), '127.0.0.1')
  t.after(() => steady.destroy())
  const half = PING.length / 2
  for (let i = 1; i <= 10; i++) {
    steady.write(PING.slice(0, half))
    await new Promise((resolve) => setTimeout(resolve, 60))
    steady.write(PING.slice(half))
    await us.until(() => us.received.length === i)
  }
  assert.equal(steady.destroyed, false)
})

test('an endless message is cut off at the limit, with headers or with a body', WITHIN, async (t) => {
  const us = await bind(t, [TCP], { limits: { patience: 60_000 } })
  const endless = ['OPTIONS sip:x SIP/2.0\r\n', 'OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999\r\n\r\n']
  for (const start of endless) {
    const socket = connect(us.port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined).resume()
    const closed = once(socket, 'close')
    let written = 0
    const pour = (): void => {
      while (!socket.destroyed && written < 50 << 20) {
        written += 1_024
        if (!socket.write(`X: ${'y'.repeat(1_019)}\r\n`)) {
          socket.once('drain', pour)
          return
        }
      }
    }
    socket.write(start)
    pour()
    await closed
    assert.ok(written < 50 << 20, 'closed by the other side')
  }
  assert.equal(us.received.length, 0)
})

test('a peer that asks and never reads is closed, before it costs much', WITHIN, async (t) => {
  const us = await bind(t, [TCP])
  const deaf = connect(us.port('tcp'), '127.0.0.1')
  t.after(() => deaf.destroy())
  deaf.on('error', () => undefined)
  deaf.pause()
  deaf.write(PING)
  await us.until(() => us.received.length === 1)
  const connection = us.received[0]?.source.connection
  const answer = Buffer.alloc(32 << 10, 'x')
  let most = 0
  // The system's own buffers take some megabytes first.
  for (let sent = 0; connection?.open && sent < 2_000; sent++) {
    connection.write(answer)
    most = sent
    if (sent % 16 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(connection?.open, false)
  assert.ok(most < 1_999)
  await us.until(() => us.failed.length === 1)
  assert.match(us.failed[0]?.why ?? '', /does not read/)
})

test('a connection by which a request found no answer is not used again', WITHIN, async (t) => {
  const pbx = await trunk(t, '127.0.0.1')
  const us = await bind(t, [TCP])
  us.send(pbx.at)
  await pbx.hears(1)
  const began = performance.now()
  us.send(pbx.at)
  await pbx.hears(2)
  const local = us.transports.localFor(pbx.at)
  pbx.sockets[0]?.write(PING)
  await us.until(() => us.received.length === 1)
  local?.silent(pbx.at, began)
  us.send(pbx.at)
  await pbx.hears(3)
  assert.equal(pbx.sockets.length, 1, 'something has come by it since: it lives')
  local?.silent(pbx.at, performance.now())
  us.send(pbx.at)
  await pbx.hears(4)
  assert.equal(pbx.sockets.length, 2)
})

test(
  'a connection of ours that is silent is kept alive (RFC 5626 3.5.1), one of a stranger is not',
  WITHIN,
  async (t) => {
    const pbx = await trunk(t, '127.0.0.1')
    const us = await bind(t, [TCP], { limits: { keepAlive: 60 } })
    const stranger = connect(us.port('tcp'), '127.0.0.1')
    t.after(() => stranger.destroy())
    let said = 0
    stranger.on('data', () => said++)
    us.send(pbx.at)
    await pbx.hears(3)
    assert.deepEqual(pbx.heard, [PING, '\r\n\r\n', '\r\n\r\n'])
    pbx.sockets[0]?.write('\r\n')
    pbx.sockets[0]?.write(PING)
    await us.until(() => us.received.length === 1)
    assert.equal(said, 0)
  },
)

test('nobody takes the connection: the cause is told in time', WITHIN, async (t) => {
  const us = await bind(t, [{ ...TCP, host: '0.0.0.0' }], { limits: { patience: 200 } })
  // RFC 5737: no such host; a network that says so at once serves as well.
  us.send({ transport: 'tcp', host: '192.0.2.1', port: 5060 })
  await us.until(() => us.failed.length === 1)
  assert.match(us.failed[0]?.why ?? '', /no connection within 0\.2 s|no way to that address|nobody listens/)
  assert.equal(us.failed[0]?.lost, false)
})
