import assert from 'node:assert/strict'
import type { Response } from './drachtio.ts'
import { header, headersOf, Peer, sdp, unique, uriOf } from './peer.ts'
import { callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

contract('a call comes in for a tel: number, from one, with one as its identity', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const from = `<tel:+34911000002>;tag=${unique('f')}`
  const to = '<tel:+34910000001;phone-context=example.com>'
  await phone.send(
    sip.udp,
    { method: 'INVITE', uri: 'tel:+34910000001', from, to, callId: unique('c'), cseq: '7 INVITE' },
    { body: sdp(5000), fields: { 'P-Asserted-Identity': '<tel:+34911000002>' } },
  )
  const { request, response } = await calls.next()
  assert.equal(request.uri, 'tel:+34910000001')
  assert.equal(request.get('From'), from)
  assert.equal(request.get('To'), to)
  assert.equal(request.get('P-Asserted-Identity'), '<tel:+34911000002>')
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  assert.equal(header(ok, 'from'), from)
  await sendInside(phone, callingSide(sip.udp, ok), 'ACK', 7)
  const ended = dialog.destroy()
  const bye = await phone.request('BYE')
  assert.equal(bye.uri, phone.uri('peer'))
  assert.equal(uriOf(header(bye, 'to')), 'tel:+34911000002')
  phone.answer(bye, 200)
  await ended
})

contract('a call goes out from a tel: number', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri('1001'), {
    localSdp: sdp(4000),
    headers: {
      From: '<tel:+34910000001>',
      Contact: '<sip:bot@localhost>',
      'P-Asserted-Identity': '<tel:+34910000001>',
    },
  })
  const invite = await phone.request('INVITE')
  assert.match(header(invite, 'from'), /^<tel:\+34910000001>;tag=\S+$/)
  assert.equal(header(invite, 'p-asserted-identity'), '<tel:+34910000001>')
  phone.answer(invite, 486, { tag: 'x' })
  await assert.rejects(call, { status: 486 })
})

contract('a call goes out to a tel: number through a proxy', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC('tel:+34911000002', { localSdp: sdp(4000), proxy: phone.uri('') })
  call.catch(() => undefined)
  const invite = await phone.request('INVITE')
  assert.equal(invite.uri, 'tel:+34911000002')
  assert.equal(uriOf(header(invite, 'to')), 'tel:+34911000002')
  phone.answer(invite, 486, { tag: 'x' })
  await assert.rejects(call, { status: 486 })
})

contract('a diversion tells the application where to, also by tel:', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const failure = assert.rejects(call, (fault: Error & { status: number; res: Response }) => {
    assert.equal(fault.status, 302)
    assert.equal(fault.res.get('Contact'), '<tel:+34911000003>;q=0.9')
    assert.match(fault.res.get('Diversion'), /reason=unconditional/)
    return true
  })
  phone.answer(await phone.request('INVITE'), 302, {
    tag: 'x',
    fields: { Contact: '<tel:+34911000003>;q=0.9', Diversion: '<sip:1001@example.com>;reason=unconditional' },
  })
  await phone.request('ACK')
  await failure
})

/** Long names of header fields written short (RFC 3261 7.3.3). */
function compact(text: string): string {
  const short = { Via: 'v', From: 'f', To: 't', 'Call-ID': 'i', Contact: 'm', Supported: 'k' }
  const rest = { 'Content-Type': 'c', 'Content-Length': 'l' }
  return Object.entries({ ...short, ...rest }).reduce(
    (written, [long, letter]) => written.replaceAll(`\r\n${long}:`, `\r\n${letter}:`),
    text,
  )
}

contract('a call comes in with compact header fields', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const callId = unique('c')
  const body = sdp(5000)
  const short = compact(
    [
      `INVITE sip:bot@${sip.udp.host}:${sip.udp.port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${phone.hostPort};rport;branch=${unique('z9hG4bK')}`,
      'Max-Forwards: 70',
      `From: <sip:1001@${phone.hostPort}>;tag=f1`,
      `To: <sip:bot@${sip.udp.host}>`,
      `Call-ID: ${callId}`,
      'CSeq: 7 INVITE',
      `Contact: ${phone.contact}`,
      'Supported: timer',
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  )
  assert.match(short, /\r\nv: SIP/)
  await phone.raw(sip.udp, short)
  const { request, response } = await calls.next()
  assert.equal(request.get('Call-ID'), callId)
  assert.equal(request.get('Contact'), phone.contact)
  assert.equal(request.get('Content-Type'), 'application/sdp')
  assert.equal(request.body, body)
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  const acked = event(dialog, 'ack')
  await sendInside(phone, callingSide(sip.udp, ok), 'ACK', 7)
  await acked
})

contract('a call out is answered with compact header fields', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const invite = await phone.request('INVITE')
  phone.answer({ ...invite, back: (data) => invite.back(compact(data)) }, 200, { tag: 'k', body: sdp(5000) })
  assert.equal((await phone.request('ACK')).uri, phone.uri('peer'))
  const dialog = await call
  assert.equal(dialog.remote.sdp, sdp(5000))
  assert.equal(dialog.sip.remoteTag, 'k')
})

const RECORDED = [
  ['loose routers', ';lr'],
  ['a strict router before a loose one', ''],
] as const

for (const [kind, loose] of RECORDED) {
  contract(`a call that came in through ${kind} is ended through them`, async (t) => {
    const calls = incoming()
    const scene = await stage(t, { prepare: calls.prepare })
    const { phone, sip, srf } = scene
    const [last, first] = [`<sip:${phone.hostPort}${loose};n=2>`, `<sip:${phone.hostPort};lr;n=1>`]
    await callsIn(scene, { fields: { 'Record-Route': `${last}, ${first}` } })
    const { request, response } = await calls.next()
    const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
    const ok = await phone.response('INVITE', 200)
    assert.equal(headersOf(ok, 'record-route').join(', '), `${last}, ${first}`)
    await sendInside(phone, callingSide(sip.udp, ok), 'ACK', 7)
    const ended = dialog.destroy()
    const bye = await phone.request('BYE')
    const routes = headersOf(bye, 'route').join(', ')
    if (loose !== '') {
      assert.equal(bye.uri, phone.uri('peer'))
      assert.equal(routes, `${last}, ${first}`)
    } else {
      assert.equal(`<${bye.uri}>`, last)
      assert.equal(routes, `${first}, <${phone.uri('peer')}>`)
    }
    phone.answer(bye, 200)
    await ended
  })
}

contract('a Contact other than where the call came from is followed', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const desk = await Peer.start()
  t.after(() => desk.close())
  const uri = `sip:bot@${sip.udp.host}:${sip.udp.port}`
  const from = `<sip:1001@${phone.hostPort}>;tag=${unique('f')}`
  const call = { method: 'INVITE', uri, from, to: `<${uri}>`, callId: unique('c'), cseq: '7 INVITE' }
  await phone.send(sip.udp, call, { body: sdp(5000), contact: desk.contact })
  const { request, response } = await calls.next()
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  await sendInside(phone, callingSide(sip.udp, await phone.response('INVITE', 200)), 'ACK', 7)
  const ended = dialog.destroy()
  desk.answer(await desk.request('BYE'), 200)
  await ended
})

contract('a request without rport is answered at the port of its Via', async (t) => {
  const { phone, sip } = await stage(t)
  const behind = await Peer.start()
  t.after(() => behind.close())
  const via = `Via: SIP/2.0/UDP ${behind.hostPort};branch=${unique('z9hG4bK')}`
  const uri = `sip:${sip.udp.host}:${sip.udp.port}`
  const from = `<sip:1@${phone.hostPort}>;tag=${unique('f')}`
  const request = { method: 'MESSAGE', uri, from, to: `<${uri}>`, callId: unique('c'), cseq: '1 MESSAGE' }
  await phone.send(sip.udp, request, { via })
  assert.equal((await behind.response('MESSAGE')).status, 503)
})

contract('a request that requires what nobody knows gets 420', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  await callsIn(scene, { fields: { Require: 'telepathy' } })
  const refused = await scene.phone.response('INVITE')
  assert.equal(refused.status, 420)
  assert.equal(header(refused, 'unsupported'), 'telepathy')
})
