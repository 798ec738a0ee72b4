import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { Endpoint } from '../../../src/sipd/transport/address.ts'
import { nextHop } from '../../../src/sipd/transport/address.ts'
import { parseUri } from '../../../src/sipd/message/uri.ts'
import type { Bind } from '../../../src/sipd/transport/transports.ts'
import { bind, LIMITS, PING, TCP, UDP } from './stand.ts'

test(
  'a UDP peer that refuses is reported, and answers still come by the same port',
  { timeout: 10_000 },
  async (t) => {
    const { transports, failed, until, received, port } = await bind(t)
    const peer = createSocket('udp4').bind(0, '127.0.0.1')
    await once(peer, 'listening')
    const there: Endpoint = { transport: 'udp', host: '127.0.0.1', port: peer.address().port }
    const local = transports.localFor(there)
    local?.send(Buffer.from(PING), there, true)
    const [data, from] = (await once(peer, 'message')) as [Buffer, { port: number }]
    assert.equal(data.toString(), PING)
    assert.equal(from.port, port('udp'), 'one and the same port')
    peer.send('pong', from.port, '127.0.0.1')
    await until(() => received.length === 1)
    assert.equal(received[0]?.source.port, there.port)
    const stranger = createSocket('udp4').bind(0, '127.0.0.1')
    await once(stranger, 'listening')
    stranger.send('hello', from.port, '127.0.0.1')
    await until(() => received.length === 2)
    assert.equal(received[1]?.data, 'hello', 'the open socket goes on hearing everybody')
    peer.close()
    await once(peer, 'close')
    local?.send(Buffer.from(PING), there, true)
    await until(() => failed.length > 0)
    assert.deepEqual(failed[0], { ...there, lost: false, why: undefined })
    stranger.close()
  },
)

test('more peers than can be listened to are called all the same', { timeout: 20_000 }, async (t) => {
  const { transports } = await bind(t)
  const peer = createSocket('udp4').bind(0, '127.0.0.1')
  await once(peer, 'listening')
  let heard = 0
  const all = new Promise<void>((resolve) => peer.on('message', () => ++heard >= 100 && resolve()))
  const port = peer.address().port
  for (let i = 1; i <= 100; i++) {
    const host = `127.0.1.${i}`
    transports.localFor({ transport: 'udp', host, port })?.send(Buffer.from(PING), { host, port }, true)
    transports
      .localFor({ transport: 'udp', host, port })
      ?.send(Buffer.from(PING), { host: '127.0.0.1', port }, true)
  }
  await all
  peer.close()
})

test('a taken port is a coded error with a remedy, and the others are let go', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  const { port } = blocker.address() as { port: number }
  const free = await bind(t, [UDP])
  const udpPort = free.port('udp')
  await free.transports.close()
  const binds: Bind[] = [
    { ...UDP, port: udpPort },
    { ...TCP, port },
  ]
  await assert.rejects(bind(t, binds), (fault: Error & Record<string, unknown>) => {
    assert.equal(fault['code'], 'SIPD_BIND')
    assert.equal(fault['transport'], 'tcp')
    assert.equal(fault['port'], port)
    assert.match(String(fault['remedy']), /SIP_BIND/)
    return true
  })
  const again = await bind(t, [{ ...UDP, port: udpPort }])
  assert.equal(again.port('udp'), udpPort)
  blocker.close()
})

test('a UDP port that another sipd has is taken', async (t) => {
  const first = await bind(t, [UDP])
  await assert.rejects(bind(t, [{ ...UDP, port: first.port('udp') }]), {
    code: 'SIPD_BIND',
    transport: 'udp',
  })
})

test('a keep-alive is answered, a broken stream is closed', { timeout: 10_000 }, async (t) => {
  const { port, received, until } = await bind(t)
  const socket = connect(port('tcp'), '127.0.0.1')
  socket.write('\r\n\r\n')
  const [pong] = (await once(socket, 'data')) as [Buffer]
  assert.equal(pong.toString(), '\r\n')
  socket.write(PING)
  await until(() => received.length === 1)
  socket.write(`${PING.slice(0, -4)}\r\nContent-Length: 7\r\n\r\n`)
  await once(socket, 'close')
})

test(
  'a message that is not finished in time closes its connection; a silent one stays',
  { timeout: 10_000 },
  async (t) => {
    const { port } = await bind(t)
    const silent = connect(port('tcp'), '127.0.0.1')
    await once(silent, 'connect')
    const slow = connect(port('tcp'), '127.0.0.1')
    slow.on('error', () => undefined)
    slow.write('OPTIONS sip:x')
    await once(slow, 'close')
    assert.equal(silent.destroyed, false)
    silent.destroy()
  },
)

test('at the limit of connections the one longest silent is closed', { timeout: 10_000 }, async (t) => {
  const { port, received, until } = await bind(t)
  const sockets: Socket[] = []
  for (let i = 0; i < LIMITS.connections; i++) {
    const socket = connect(port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(PING)
    sockets.push(socket)
    await until(() => received.length === i + 1)
  }
  sockets[0]?.write(PING)
  await until(() => received.length === LIMITS.connections + 1)
  const [first, second] = sockets
  assert.ok(first && second)
  const closed = once(second, 'close')
  const next = connect(port('tcp'), '127.0.0.1')
  sockets.push(next)
  await closed
  assert.equal(first.destroyed, false)
  for (const socket of sockets) socket.destroy()
})

test('an advertised host is told in place of the bound one', async (t) => {
  const { transports, port } = await bind(t, [UDP], { advertise: 'sip.example.com' })
  const told = transports.localFor({ transport: 'udp', host: '127.0.0.1', port: 1 })?.told('127.0.0.1')
  assert.deepEqual(told, { host: 'sip.example.com', port: port('udp') })
})

test('an address bound to all interfaces tells each peer one that it can reach', async (t) => {
  const { transports } = await bind(t, [{ ...UDP, host: '0.0.0.0' }])
  const local = transports.localFor({ transport: 'udp', host: '127.0.0.1', port: 1 })
  assert.equal(local?.told('127.0.0.1').host, '127.0.0.1')
  assert.notEqual(local.told('192.0.2.7').host, '0.0.0.0')
})

test('its own addresses are known', async (t) => {
  const { transports, port } = await bind(t, [UDP])
  const own: Endpoint = { transport: 'udp', host: '127.0.0.1', port: port('udp') }
  assert.equal(transports.isOwn(own), true)
  assert.equal(transports.isOwn({ ...own, host: 'localhost' }), true)
  assert.equal(transports.isOwn({ ...own, port: own.port + 1 }), false)
  assert.equal(transports.isOwn({ ...own, transport: 'tcp' }), false)
})

test('names are resolved, and kept', { timeout: 10_000 }, async (t) => {
  const { transports } = await bind(t, [UDP])
  const resolve = (host: string): Promise<string | undefined> =>
    new Promise((done) =>
      transports.resolve({ transport: 'udp', host, port: 1 }, (found) => done(found?.host)),
    )
  assert.ok(['127.0.0.1', '::1'].includes((await resolve('localhost')) ?? ''))
  let atOnce = false
  transports.resolve({ transport: 'udp', host: 'localhost', port: 1 }, () => (atOnce = true))
  assert.equal(atOnce, true)
  assert.equal(await resolve('no-such-host.invalid'), undefined)
})

test('the next hop of a URI', () => {
  const rows: [string, Endpoint | undefined][] = [
    ['sip:a@192.0.2.1', { transport: 'udp', host: '192.0.2.1', port: 5060 }],
    ['sip:a@[2001:db8::1]:5070;transport=TCP', { transport: 'tcp', host: '2001:db8::1', port: 5070 }],
    ['sip:a@192.0.2.1;transport=tls', { transport: 'tls', host: '192.0.2.1', port: 5061 }],
    ['sip:a@B.example;transport=TLS', { transport: 'tls', host: 'b.example', port: 5061, name: 'b.example' }],
    ['sips:a@192.0.2.1:5071', { transport: 'tls', host: '192.0.2.1', port: 5071 }],
    ['sips:a@192.0.2.1;transport=tcp', { transport: 'tls', host: '192.0.2.1', port: 5061 }],
    ['sips:a@192.0.2.1;transport=udp', undefined],
    ['sip:a@192.0.2.1;transport=sctp', undefined],
  ]
  for (const [text, hop] of rows) {
    const uri = parseUri(text)
    assert.ok(uri)
    assert.deepEqual(nextHop(uri), hop, text)
  }
})
