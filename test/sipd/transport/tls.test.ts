import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions as ServerOptions, TLSSocket } from 'node:tls'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'
import type { Endpoint } from '../../../src/sipd/transport/address.ts'
import { Security } from '../../../src/sipd/transport/tls.ts'
import { Authority } from '../../helpers/certificates.ts'
import type { CertificateFiles } from '../../helpers/certificates.ts'
import { bind, PING, TLS } from './stand.ts'

const PBX = 'pbx.example.com'

/** A peer that listens with TLS, and what it hears. */
async function peer(t: TestContext, files: CertificateFiles, options: ServerOptions = {}, port = 0) {
  const heard: { text: string; socket: TLSSocket }[] = []
  const sockets: TLSSocket[] = []
  const server = createTlsServer({ cert: readFileSync(files.cert), key: readFileSync(files.key), ...options })
  server.on('secureConnection', (socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      heard.push({ text: data.toString(), socket })
      server.emit('heard')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  t.after(close)
  const at: Endpoint = {
    transport: 'tls',
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    name: PBX,
  }
  const hears = async (count: number): Promise<void> => {
    while (heard.length < count) await once(server, 'heard')
  }
  /** Resolves when nobody is connected any more: what they have sent by then is in `heard`. */
  const gone = async (): Promise<void> => {
    await Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')))
  }
  return { at, heard, hears, sockets, gone }
}

const WITHIN = { timeout: 10_000 }

test(
  'a peer whose certificate holds is spoken to, by one connection and with its name in SNI',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const pbx = await peer(t, authority.certifies({ names: [PBX] }))
    const us = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
    us.send(pbx.at)
    us.send(pbx.at)
    await pbx.hears(1)
    pbx.sockets[0]?.write(PING)
    await us.until(() => us.received.length === 1)
    const { source } = us.received[0]!
    assert.equal(source.transport, 'tls')
    assert.equal(source.name, PBX, 'what comes by it comes from whom it was certified for')
    assert.equal(pbx.sockets.length, 1)
    const [socket] = pbx.sockets
    assert.equal(socket?.servername, PBX)
    assert.match(socket.getProtocol() ?? '', /^TLSv1\.[23]$/)
    // No certificate to show: nobody can connect, and the peer is told the port that it sees already.
    assert.equal(us.port('tls'), 0)
    assert.equal(us.transports.localFor(pbx.at)?.told('127.0.0.1').port, socket.remotePort)
  },
)

test(
  'a certificate that does not hold: nothing is sent, and it is told at once in words',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const stranger = Authority.create(t, 'Stranger')
    const rows: [string, CertificateFiles, RegExp][] = [
      [
        'for another name',
        authority.certifies({ names: ['other.example'] }),
        /^SIPD_TLS_NAME: .*for other\.example, not for pbx\.example\.com$/,
      ],
      ['a wildcard', authority.certifies({ names: ['*.example.com'] }), /^SIPD_TLS_NAME: .*wildcard/],
      [
        'its common name only counts alone',
        authority.certifies({ common: PBX, names: ['x.example'] }),
        /^SIPD_TLS_NAME: /,
      ],
      ['expired', authority.certifies({ names: [PBX], from: -30, to: -1 }), /^SIPD_TLS_EXPIRED: .*expired/],
      ['not valid yet', authority.certifies({ names: [PBX], from: 1 }), /^SIPD_TLS_EXPIRED: .*not valid yet/],
      ['of another authority', stranger.certifies({ names: [PBX] }), /^SIPD_TLS_CA: .*not trusted/],
    ]
    for (const [what, files, words] of rows) {
      const pbx = await peer(t, files)
      const us = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
      const began = performance.now()
      us.send(pbx.at)
      await us.until(() => us.failed.length > 0)
      assert.match(us.failed[0]?.why ?? '', words, what)
      assert.equal(us.failed[0]?.lost, false, `${what}: looking again does not help`)
      assert.equal(us.failed[0].name, PBX)
      assert.ok(performance.now() - began < 2_000, what)
      assert.equal(pbx.heard.length, 0, what)
    }
  },
)

test('a URI identity, a common name alone and an address are each enough', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const rows: [CertificateFiles, string][] = [
    [authority.certifies({ common: 'x', names: [`sip:${PBX}`, 'host.example'] }), PBX],
    [authority.certifies({ common: PBX }), PBX],
    [authority.certifies({ names: ['127.0.0.1'] }), '127.0.0.1'],
  ]
  for (const [files, name] of rows) {
    const pbx = await peer(t, files)
    const us = await bind(t, [TLS], { tls: { peers: [{ host: name, ca: authority.ca }] } })
    us.send({ ...pbx.at, name })
    await pbx.hears(1)
  }
})

test('where no authority is named, the system must trust it', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const pbx = await peer(t, authority.certifies({ names: [PBX] }))
  const us = await bind(t, [TLS])
  us.send(pbx.at)
  await us.until(() => us.failed.length > 0)
  assert.match(us.failed[0]?.why ?? '', /^SIPD_TLS_CA: /)
})

test('a peer that wants a certificate gets ours; without one the cause is told', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const own = authority.certifies({ names: ['bot.example.com'] })
  const wants = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(authority.ca) }
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const pbx = await peer(t, authority.certifies({ names: [PBX] }), { ...wants, maxVersion })
    const known = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca, ...own }] } })
    known.send(pbx.at)
    await pbx.hears(1)
    assert.equal(pbx.sockets[0]?.getPeerCertificate().subject.CN, 'bot.example.com')
    const bare = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
    bare.send(pbx.at)
    await bare.until(() => bare.failed.length > 0)
    const [failed] = bare.failed
    assert.match(failed?.why ?? '', /^SIPD_TLS_CLIENT: /, maxVersion)
    assert.equal(failed?.lost, false)
    pbx.sockets[0].destroy()
    await pbx.gone()
    assert.equal(pbx.heard.length, 1, 'nothing was heard of who is not known')
  }
})

test('nothing older than TLS 1.2, and no clear text, is spoken', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const clear = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'))
  }).listen(0, '127.0.0.1')
  t.after(() => clear.close())
  await once(clear, 'listening')
  const us = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
  us.send({ transport: 'tls', host: '127.0.0.1', port: (clear.address() as AddressInfo).port, name: PBX })
  await us.until(() => us.failed.length > 0)
  assert.match(us.failed[0]?.why ?? '', /^SIPD_TLS_PROTOCOL: /)
  const old = await peer(t, authority.certifies({ names: [PBX] }), {
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  us.send(old.at)
  await us.until(() => us.failed.length > 1)
  assert.match(us.failed[1]?.why ?? '', /^SIPD_TLS_PROTOCOL: /)
})

test('one host with two names has two connections: each has proved its own', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const pbx = await peer(t, authority.certifies({ names: [PBX, 'two.example'] }))
  const peers = [
    { host: PBX, ca: authority.ca },
    { host: 'two.example', ca: authority.ca },
  ]
  const us = await bind(t, [TLS], { tls: { peers } })
  us.send(pbx.at)
  us.send({ ...pbx.at, name: 'two.example' })
  await pbx.hears(2)
  assert.deepEqual(pbx.sockets.map(({ servername }) => servername).sort(), [PBX, 'two.example'])
  us.send({ ...pbx.at, name: 'three.example' })
  await us.until(() => us.failed.length > 0)
  assert.equal(us.failed[0]?.name, 'three.example')
})

test(
  'whoever connects to us sees our certificate, is heard, and is answered by the same connection',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const own = authority.certifies({ names: ['bot.example.com'] })
    const us = await bind(t, [TLS], { tls: { own } })
    const socket = connectTls({
      port: us.port('tls'),
      host: '127.0.0.1',
      servername: 'bot.example.com',
      ca: readFileSync(authority.ca),
    })
    t.after(() => socket.destroy())
    socket.write(PING)
    await us.until(() => us.received.length === 1)
    const { source } = us.received[0]!
    assert.equal(source.name, undefined, 'who connects has proved nothing')
    source.connection?.write(Buffer.from('SIP/2.0 200 OK\r\n\r\n'))
    assert.match(String((await once(socket, 'data'))[0]), /200 OK/)
    // A request of ours inside a dialog with them, whose Contact has that port, goes by it too.
    us.transports.resolve({ transport: 'tls', host: '127.0.0.1', port: source.port }, (found) => {
      assert.equal(found?.name, undefined)
      us.send(found!)
    })
    assert.equal(String((await once(socket, 'data'))[0]), PING)
    assert.deepEqual(us.transports.addresses, [{ transport: 'tls', host: '127.0.0.1', port: us.port('tls') }])
  },
)

test(
  'an address that has proved a name must prove it again, one that is not known its address',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const pbx = await peer(t, authority.certifies({ names: [PBX] }))
    const us = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
    const nameOf = (host: string): string | undefined => {
      let found: Endpoint | undefined
      us.transports.resolve({ transport: 'tls', host, port: 9 }, (endpoint) => (found = endpoint))
      return found?.name
    }
    assert.equal(nameOf('127.0.0.1'), '127.0.0.1')
    us.send(pbx.at)
    await pbx.hears(1)
    assert.equal(nameOf('127.0.0.1'), PBX)
    assert.equal(nameOf('127.0.0.9'), '127.0.0.9')
  },
)

test('a connection that ended is made again by the next request', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const pbx = await peer(t, authority.certifies({ names: [PBX] }))
  const us = await bind(t, [TLS], { tls: { peers: [{ host: PBX, ca: authority.ca }] } })
  us.send(pbx.at)
  await pbx.hears(1)
  pbx.sockets[0]?.write(PING)
  await us.until(() => us.received.length === 1)
  pbx.sockets[0]?.destroy()
  await us.until(() => us.failed.length === 1)
  assert.equal(us.failed[0]?.lost, true)
  us.send(pbx.at)
  await pbx.hears(2)
  assert.equal(pbx.sockets.length, 2)
})

test(
  'who connects without a server name (SNI), as Asterisk does, sees our certificate too',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const us = await bind(t, [TLS], { tls: { own: authority.certifies({ names: ['127.0.0.1'] }) } })
    const socket = connectTls({ port: us.port('tls'), host: '127.0.0.1', ca: readFileSync(authority.ca) })
    await once(socket, 'secureConnect')
    assert.equal(socket.getPeerCertificate().subject.CN, '127.0.0.1')
    socket.destroy()
  },
)

test('renewed certificates and other peers are used from the next connection on', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const next = Authority.create(t, 'Next')
  const pbx = await peer(t, next.certifies({ names: [PBX] }))
  const own = authority.certifies({ names: ['bot.example.com'] })
  const us = await bind(t, [TLS], { tls: { own, peers: [{ host: PBX, ca: authority.ca }] } })
  us.send(pbx.at)
  await us.until(() => us.failed.length === 1)
  us.security.use({
    own: next.certifies({ names: ['renewed.example.com'] }),
    peers: [{ host: PBX, ca: next.ca }],
  })
  us.send(pbx.at)
  await pbx.hears(1)
  const seen = connectTls({
    port: us.port('tls'),
    host: '127.0.0.1',
    servername: 'renewed.example.com',
    ca: readFileSync(next.ca),
  })
  await once(seen, 'secureConnect')
  assert.equal(seen.getPeerCertificate().subject.CN, 'renewed.example.com')
  seen.destroy()
  assert.throws(() => us.security.use({ peers: [{ host: PBX, ca: '/nowhere' }] }), { code: 'SIPD_TLS_FILES' })
  us.send({ ...pbx.at, port: pbx.at.port })
  await pbx.hears(2)
})

test('files that are no certificate are a coded fault', (t) => {
  const authority = Authority.create(t)
  const one = authority.certifies({ names: ['a.example'] })
  const other = authority.certifies({ names: ['b.example'] })
  const junk = `${one.cert}.junk`
  writeFileSync(junk, 'no certificate')
  for (const own of [
    { cert: one.cert, key: other.key },
    { cert: junk, key: one.key },
  ])
    assert.throws(() => new Security({ own }), { code: 'SIPD_TLS_FILES' })
})

test(
  'many who begin to shake hands and stop are closed in time, and keep nobody else out',
  { timeout: 20_000 },
  async (t) => {
    const authority = Authority.create(t)
    const own = authority.certifies({ names: ['bot.example.com'] })
    const us = await bind(t, [TLS], { tls: { own }, limits: { patience: 1_500, connections: 16 } })
    const idle: Socket[] = []
    t.after(() => {
      for (const socket of idle) socket.destroy()
    })
    let closed = 0
    const allClosed = new Promise<void>((resolve) => {
      for (let i = 0; i < 200; i++) {
        const socket = connect(us.port('tls'), '127.0.0.1', () => socket.write(Buffer.from([22, 3, 1])))
        socket.on('error', () => undefined)
        socket.resume()
        socket.on('close', () => ++closed === 200 && resolve())
        idle.push(socket)
      }
    })
    const friend = connectTls({
      port: us.port('tls'),
      host: '127.0.0.1',
      servername: 'bot.example.com',
      ca: readFileSync(authority.ca),
    })
    await once(friend, 'secureConnect')
    await allClosed
    friend.write(PING)
    await us.until(() => us.received.length === 1)
    assert.equal(us.received[0]?.source.port, friend.localPort)
    friend.destroy()
  },
)

test('who is refused by our handshake is told of, with the cause', WITHIN, async (t) => {
  const us = await bind(t, [TLS], {
    tls: { own: Authority.create(t).certifies({ names: ['bot.example.com'] }) },
  })
  const socket = connect(us.port('tls'), '127.0.0.1', () => socket.write('OPTIONS sip:x SIP/2.0\r\n\r\n'))
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'close')
  await us.until(() => us.refused.length > 0)
  assert.match(us.refused[0] ?? '', /^127\.0\.0\.1 SIPD_TLS_PROTOCOL: /)
})
