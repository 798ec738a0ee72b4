/** Calls over TLS through all of sipd: what is written where, and what becomes of a call whose connection dies. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect as connectInClear } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect, createServer } from 'node:tls'
import type { TestContext } from 'node:test'
import type { SipdOptions } from '../../src/sipd/options.ts'
import { startSipd } from '../../src/sipd/start.ts'
import type { Srf } from '../contract/drachtio.ts'
import { header, Peer, sdp, tag, uriOf } from '../contract/peer.ts'
import type { Address, Message } from '../contract/peer.ts'
import { calledSide, callingSide, event, incoming, sendInside } from '../contract/story.ts'
import { Authority } from '../helpers/certificates.ts'

const SrfClass = createRequire(import.meta.url)('drachtio-srf') as new () => Srf
const WITHIN = { timeout: 20_000 }
const PBX = 'pbx.example.com'

type Scene = {
  readonly authority: Authority
  readonly srf: Srf
  readonly pbx: Peer
  /** Where sipd listens with TLS. */
  readonly sip: Address
  /** Request-URI and next hop of a call to the PBX: its name, and its address. */
  readonly to: readonly [uri: string, proxy: string]
}

async function scene(
  t: TestContext,
  { listens = true, prepare }: { listens?: boolean; prepare?: (srf: Srf) => void } = {},
): Promise<Scene> {
  const authority = Authority.create(t)
  const files = authority.certifies({ names: [PBX] })
  const secure = {
    cert: readFileSync(files.cert),
    key: readFileSync(files.key),
    ca: readFileSync(authority.ca),
  }
  const pbx = await Peer.start('tcp', secure)
  t.after(() => pbx.close())
  const options: SipdOptions = {
    bind: [
      { transport: 'udp', host: '127.0.0.1', port: 0 },
      { transport: 'tls', host: '127.0.0.1', port: 0 },
    ],
    control: { host: '127.0.0.1', port: 0 },
    secret: 'secret',
    t1: 100,
    worker: false,
    tls: {
      peers: [{ host: PBX, ca: authority.ca }],
      ...(listens ? { own: authority.certifies({ names: ['127.0.0.1'] }) } : {}),
    },
  }
  const sipd = await startSipd(options)
  const srf = new SrfClass()
  srf.on('error', () => undefined)
  prepare?.(srf)
  srf.connect({ host: '127.0.0.1', port: sipd.controlPort, secret: 'secret' })
  await once(srf, 'connect')
  t.after(async () => {
    srf.disconnect()
    await sipd.stop()
  })
  const port = sipd.addresses.find(({ transport }) => transport === 'tls')?.port ?? 0
  return {
    authority,
    srf,
    pbx,
    sip: { transport: 'tcp', host: '127.0.0.1', port },
    to: [`sip:1002@${PBX}:${pbx.port};transport=tls`, `sip:127.0.0.1:${pbx.port};transport=tls`],
  }
}

async function answered({ srf, pbx, to: [uri, proxy] }: Scene) {
  const call = srf.createUAC(uri, { localSdp: sdp(4000), proxy })
  const invite = await pbx.request('INVITE')
  pbx.answer(invite, 200, { tag: 'pbx', body: sdp(5000) })
  await pbx.request('ACK')
  return { dialog: await call, invite }
}

test('Via and Contact of a call over TLS; all of it by one connection', WITHIN, async (t) => {
  const all = await scene(t)
  const { dialog, invite } = await answered(all)
  const { port } = all.sip
  assert.match(header(invite, 'via'), new RegExp(`^SIP/2\\.0/TLS 127\\.0\\.0\\.1:${port};`))
  assert.equal(uriOf(header(invite, 'contact')), `sip:127.0.0.1:${port};transport=tls`)
  assert.match(invite.uri, /@pbx\.example\.com:\d+;transport=tls$/)
  const ended = dialog.destroy()
  const bye = await all.pbx.request('BYE')
  assert.equal(bye.uri, all.pbx.uri('peer'))
  all.pbx.answer(bye, 200)
  await ended
  assert.equal(all.pbx.connections, 1)
})

test('a sips URI is answered for by a sips Contact (RFC 3261 8.1.1.8)', WITHIN, async (t) => {
  const { srf, pbx, sip } = await scene(t)
  const call = srf.createUAC(`sips:1002@${PBX}`, {
    localSdp: sdp(4000),
    proxy: `sip:127.0.0.1:${pbx.port};transport=tls`,
  })
  const invite = await pbx.request('INVITE')
  assert.equal(uriOf(header(invite, 'contact')), `sips:127.0.0.1:${sip.port}`)
  pbx.answer(invite, 486, { tag: 'pbx' })
  await assert.rejects(call, { status: 486 })
})

test(
  'a TLS connection that is lost during a call is made again, and must prove the same name',
  WITHIN,
  async (t) => {
    const all = await scene(t)
    const { dialog } = await answered(all)
    all.pbx.dropConnections()
    const ended = dialog.destroy()
    // Its Contact is an address, which its certificate is not for: the name that was called counts.
    all.pbx.answer(await all.pbx.request('BYE'), 200)
    await ended
  },
)

test(
  'a Contact elsewhere must prove the name that was called, and nobody else is sent anything',
  WITHIN,
  async (t) => {
    const all = await scene(t)
    const elsewhere = async (names: string[]) => {
      const { cert, key } = all.authority.certifies({ names })
      const heard = new EventEmitter()
      const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
        socket.on('error', () => undefined).on('data', (data: Buffer) => heard.emit('data', data.toString()))
        t.after(() => socket.destroy())
      }).listen(0, '127.0.0.6')
      t.after(() => server.close())
      server.on('tlsClientError', () => undefined)
      await once(server, 'listening')
      return {
        heard,
        contact: `<sip:peer@127.0.0.6:${(server.address() as AddressInfo).port};transport=tls>`,
      }
    }
    const call = (contact: string) => {
      const made = all.srf.createUAC(all.to[0], { localSdp: sdp(4000), proxy: all.to[1] })
      made.catch(() => undefined)
      return all.pbx.request('INVITE').then((invite) => {
        all.pbx.answer(invite, 200, { tag: 'pbx', body: sdp(5000), fields: { Contact: contact } })
        return made
      })
    }
    const own = await elsewhere([PBX])
    const ack = once(own.heard, 'data')
    await call(own.contact)
    assert.match(String(await ack), /^ACK sip:peer@127\.0\.0\.6/)
    const stranger = await elsewhere(['127.0.0.6'])
    stranger.heard.on('data', () => assert.fail('a stranger was spoken to'))
    const dialog = await call(stranger.contact)
    const info = await dialog.request({ method: 'INFO' })
    assert.equal(info.status, 503)
    assert.match(info.get('Warning'), /SIPD_TLS_NAME/)
  },
)

test('the PBX, too, can make a new connection in mid-call', WITHIN, async (t) => {
  const all = await scene(t)
  const { dialog, invite } = await answered(all)
  all.pbx.dropConnections()
  const destroyed = event(dialog, 'destroy')
  await sendInside(all.pbx, calledSide(all.sip, invite, 'pbx'), 'BYE', 3)
  assert.equal((await all.pbx.response('BYE')).status, 200)
  await destroyed
})

test(
  'without a certificate of our own the PBX is told the port of the connection that stands',
  WITHIN,
  async (t) => {
    const all = await scene(t, { listens: false })
    // An address alone is nobody: its certificate is for a name.
    await assert.rejects(all.srf.createUAC(all.to[1], { localSdp: sdp(4000) }), { status: 503 })
    const first = await answered(all)
    const again = await answered(all)
    assert.equal(all.pbx.connections, 1)
    const port = Number(/:(\d+);/.exec(uriOf(header(again.invite, 'contact')))?.[1])
    assert.ok(port > 0 && port !== all.pbx.port)
    for (const { dialog } of [first, again]) {
      const ended = dialog.destroy()
      all.pbx.answer(await all.pbx.request('BYE'), 200)
      await ended
    }
  },
)

test(
  'a call comes in over TLS, is answered by its own connection, and after that is lost by a new one',
  WITHIN,
  async (t) => {
    const calls = incoming()
    const all = await scene(t, { prepare: calls.prepare })
    const { pbx, sip, srf } = all
    // sipd has learnt by a call of its own who that address is.
    const known = await answered(all)
    const uri = `sip:bot@127.0.0.1:${sip.port};transport=tls`
    await pbx.send(
      sip,
      { method: 'INVITE', uri, from: '<sip:1001@x>;tag=f', to: `<${uri}>`, callId: 'in', cseq: '7 INVITE' },
      { body: sdp(5000) },
    )
    const { request, response } = await calls.next()
    assert.equal(request.protocol, 'tls')
    const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
    const ok: Message = await pbx.response('INVITE', 200)
    assert.equal(uriOf(header(ok, 'contact')), `sip:127.0.0.1:${sip.port};transport=tls`)
    const acked = event(dialog, 'ack')
    await sendInside(pbx, callingSide(sip, ok), 'ACK', 7)
    await acked
    pbx.dropConnections()
    const ended = dialog.destroy()
    const bye = await pbx.request('BYE')
    assert.equal(tag(header(bye, 'to')), 'f')
    pbx.answer(bye, 200)
    await ended
    assert.deepEqual(pbx.unread('BYE'), [], 'it was sent once')
    const last = known.dialog.destroy()
    pbx.answer(await pbx.request('BYE'), 200)
    await last
  },
)

test(
  'a running worker takes renewed certificates, and keeps those it has where the new ones will not do',
  WITHIN,
  async (t) => {
    const authority = Authority.create(t)
    const ca = readFileSync(authority.ca)
    const sipd = await startSipd({
      bind: [{ transport: 'tls', host: '127.0.0.1', port: 0 }],
      control: { host: '127.0.0.1', port: 0 },
      secret: 'secret',
      tls: { own: authority.certifies({ names: ['127.0.0.1'], common: 'old' }) },
    })
    t.after(() => sipd.stop())
    const shown = async (): Promise<unknown> => {
      const socket = connect({ host: '127.0.0.1', port: sipd.addresses[0]?.port ?? 0, ca })
      await once(socket, 'secureConnect')
      const { CN } = socket.getPeerCertificate().subject
      socket.destroy()
      return CN
    }
    assert.equal(await shown(), 'old')
    await sipd.useTls({ own: authority.certifies({ names: ['127.0.0.1'], common: 'new' }) })
    assert.equal(await shown(), 'new')
    await assert.rejects(
      sipd.useTls({ own: { cert: '/nowhere', key: '/nowhere' } }),
      /cannot be used: ENOENT/,
    )
    assert.equal(await shown(), 'new')
  },
)

test('a certificate that cannot be read ends the start, with its cause', async () => {
  const options: SipdOptions = {
    bind: [{ transport: 'tls', host: '127.0.0.1', port: 0 }],
    control: { host: '127.0.0.1', port: 0 },
    secret: 'secret',
    tls: { own: { cert: '/nowhere', key: '/nowhere' } },
  }
  await assert.rejects(startSipd(options), /cannot be used: ENOENT/)
})

test('who does not get through the handshake is told of once a minute, with the cause', WITHIN, async (t) => {
  const authority = Authority.create(t)
  const told: string[] = []
  const { promise: first, resolve } = Promise.withResolvers<undefined>()
  const options: SipdOptions = {
    bind: [{ transport: 'tls', host: '127.0.0.1', port: 0 }],
    control: { host: '127.0.0.1', port: 0 },
    secret: 'secret',
    tls: { own: authority.certifies({ names: ['127.0.0.1'] }) },
  }
  const sipd = await startSipd(options, {
    refused: (host, why) => {
      told.push(`${host} ${why}`)
      resolve(undefined)
    },
  })
  const port = sipd.addresses[0]?.port ?? 0
  for (let i = 0; i < 3; i++) {
    const socket = connectInClear(port, '127.0.0.1', () => socket.write('OPTIONS sip:x SIP/2.0\r\n\r\n'))
    socket.on('error', () => undefined).resume()
    await once(socket, 'close')
  }
  await first
  await sipd.stop()
  assert.equal(told.length, 1)
  assert.match(told[0] ?? '', /^127\.0\.0\.1 SIPD_TLS_PROTOCOL: /)
})
