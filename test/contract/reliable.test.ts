import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Acknowledge, Request, Response, Srf } from './drachtio.ts'
import type { Message } from './peer.ts'
import { header, sdp, tag } from './peer.ts'
import { callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import type { Stage } from './story.ts'
import { contract } from './suite.ts'

const RELIABLE = { Require: '100rel' }

contract('a reliable 183 is acknowledged by PRACK', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000), headers: { Supported: '100rel' } })
  const invite = await phone.request('INVITE')
  const fields = { Require: '100rel', RSeq: '77' }
  phone.answer(invite, 183, { tag: 'r', body: sdp(5000), fields })
  const prack = await phone.request('PRACK')
  assert.equal(header(prack, 'rack'), `77 ${header(invite, 'cseq')}`)
  assert.equal(tag(header(prack, 'to')), 'r')
  phone.answer(prack, 200)
  phone.answer(invite, 200, { tag: 'r' })
  await phone.request('ACK')
  assert.equal((await call).sip.remoteTag, 'r')
})

contract('an UPDATE while the phone rings reaches the call', async (t) => {
  const { srf, phone, sip } = await stage(t)
  let request: Request | undefined
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000) },
    { cbRequest: (_, made) => (request = made) },
  )
  const invite = await phone.request('INVITE')
  phone.answer(invite, 183, { tag: 'u', body: sdp(5000), fields: { Require: '100rel', RSeq: '1' } })
  phone.answer(await phone.request('PRACK'), 200)
  assert.ok(request)
  const heard = event<Request>(request, 'update')
  await phone.send(
    sip.udp,
    {
      method: 'UPDATE',
      uri: `sip:${sip.udp.host}:${sip.udp.port}`,
      from: `${header(invite, 'to')};tag=u`,
      to: header(invite, 'from'),
      callId: header(invite, 'call-id'),
      cseq: '5 UPDATE',
    },
    { body: sdp(5002) },
  )
  assert.equal((await heard).body, sdp(5002))
  assert.equal((await phone.response('UPDATE')).status, 200)
  phone.answer(invite, 200, { tag: 'u' })
  await phone.request('ACK')
  await call
})

contract('a provisional response sent reliably waits for its PRACK', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  await callsIn(scene, { fields: { Supported: '100rel' } })
  const { request, response } = await calls.next()
  response.send(183, { body: sdp(4000), headers: { Require: '100rel' } })
  const progress = await phone.response('INVITE', 183)
  const again = await phone.response('INVITE', 183)
  assert.equal(header(again, 'rseq'), header(progress, 'rseq'))
  const side = callingSide(sip.udp, progress)
  await sendInside(phone, side, 'PRACK', 8, { fields: { RAck: `${header(progress, 'rseq')} 7 INVITE` } })
  assert.equal((await phone.response('PRACK')).status, 200)
  response.send(183, { headers: { Require: '100rel' } })
  const second = await phone.next(
    (m) => m.status === 183 && header(m, 'rseq') !== header(progress, 'rseq'),
    'second reliable response',
  )
  assert.equal(Number(header(second, 'rseq')), Number(header(progress, 'rseq')) + 1)
  await sendInside(phone, side, 'PRACK', 9, { fields: { RAck: `${header(second, 'rseq')} 7 INVITE` } })
  assert.equal((await phone.response('PRACK')).status, 200)
  const dialog = srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  assert.equal(tag(header(ok, 'to')), tag(header(progress, 'to')))
  await sendInside(phone, side, 'ACK', 7)
  await event(await dialog, 'ack')
})

contract('a late offer in a reliable 183 gets its answer in the PRACK', async (t) => {
  const { srf, phone } = await stage(t)
  const heard = invite(srf, phone.uri(), { Supported: '100rel' })
  const sent = await phone.request('INVITE')
  assert.equal(sent.body, '')
  phone.answer(sent, 183, { tag: 'r', body: sdp(5000), fields: { ...RELIABLE, RSeq: '5' } })
  const progress = await heard.next()
  assert.equal(progress.response.body, sdp(5000))
  progress.acknowledge({ body: sdp(4002) })
  const prack = await phone.request('PRACK')
  assert.equal(prack.body, sdp(4002))
  assert.equal(header(prack, 'content-type'), 'application/sdp')
  phone.answer(prack, 200)
  phone.answer(sent, 200, { tag: 'r' })
  const final = await heard.next()
  assert.equal(final.response.status, 200)
  final.acknowledge()
  assert.equal((await phone.request('ACK')).body, '')
})

contract('a reliable 18x that comes again, or out of order, is not told again (RFC 3262 4)', async (t) => {
  const { srf, phone } = await stage(t)
  const heard: string[] = []
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000), headers: { Supported: '100rel' } },
    { cbProvisional: (response) => heard.push(`${response.status} ${response.get('rseq')}`) },
  )
  const sent = await phone.request('INVITE')
  const progress = (status: number, rseq: number) =>
    phone.answer(sent, status, { tag: 'r', fields: { ...RELIABLE, RSeq: String(rseq) } })
  progress(183, 7)
  phone.answer(await phone.request('PRACK'), 200)
  progress(183, 7)
  progress(180, 9)
  progress(180, 8)
  const second = await phone.request('PRACK')
  assert.equal(header(second, 'rack'), `8 ${header(sent, 'cseq')}`)
  phone.answer(second, 200)
  phone.answer(sent, 200, { tag: 'r', body: sdp(5000) })
  await phone.request('ACK')
  await call
  assert.deepEqual(heard, ['183 7', '180 8'])
  assert.equal(phone.unread('PRACK').length, 0)
})

contract('each fork counts its reliable responses for itself', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000), headers: { Supported: '100rel' } })
  const sent = await phone.request('INVITE')
  for (const [fork, rseq] of [
    ['one', '40'],
    ['two', '9'],
  ] as const) {
    phone.answer(sent, 180, { tag: fork, fields: { ...RELIABLE, RSeq: rseq } })
    const prack = await phone.request('PRACK')
    assert.equal(tag(header(prack, 'to')), fork)
    assert.equal(header(prack, 'rack'), `${rseq} ${header(sent, 'cseq')}`)
    phone.answer(prack, 200)
  }
  phone.answer(sent, 200, { tag: 'two', body: sdp(5000) })
  await phone.request('ACK')
  assert.equal((await call).sip.remoteTag, 'two')
})

contract('the PRACK of a late offer that came in has the answer', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  await callsIn(scene, { body: '', fields: { Supported: '100rel' } })
  const { request, response } = await calls.next()
  const { progress, prack } = await reliably(scene, response, sdp(4000))
  const side = callingSide(sip.udp, progress)
  const fields = { RAck: `${header(progress, 'rseq')} 7 INVITE` }
  await sendInside(phone, side, 'PRACK', 8, { body: sdp(5002), fields })
  assert.equal((await phone.response('PRACK')).status, 200)
  assert.equal((await prack).body, sdp(5002))
  const dialog = srf.createUAS(request, response, { localSdp: '' })
  const ok = await phone.response('INVITE', 200)
  assert.equal(ok.body, '')
  await sendInside(phone, side, 'ACK', 7)
  await event(await dialog, 'ack')
})

contract('a PRACK of nothing gets 481', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip } = scene
  await callsIn(scene, { fields: { Supported: '100rel' } })
  const { response } = await calls.next()
  const { progress } = await reliably(scene, response, sdp(4000))
  const side = callingSide(sip.udp, progress)
  const rseq = Number(header(progress, 'rseq'))
  await sendInside(phone, side, 'PRACK', 8, { fields: { RAck: `${rseq + 3} 7 INVITE` } })
  assert.equal((await phone.response('PRACK')).status, 481)
  await sendInside(phone, side, 'PRACK', 9, { fields: { RAck: `${rseq} 7 INVITE` } })
  assert.equal((await phone.response('PRACK')).status, 200)
  response.send(486)
  assert.equal((await phone.response('INVITE')).status, 486)
})

contract('a caller whose PRACK never comes is refused with a 5xx (RFC 3262 3)', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare, t1: 20 })
  await callsIn(scene, { fields: { Supported: '100rel' } })
  const { response } = await calls.next()
  response.send(183, { body: sdp(4000), headers: RELIABLE })
  const final = await scene.phone.response('INVITE')
  assert.ok(final.status >= 500 && final.status < 600, `${final.status}`)
})

contract('a caller who does not know 100rel gets no reliable response', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  await callsIn(scene)
  const { response } = await calls.next()
  const fault = await new Promise((resolve) => response.send(183, { headers: RELIABLE }, resolve))
  assert.ok(fault)
  response.send(486)
  const final = await scene.phone.next((message) => message.status > 100, 'answer')
  assert.equal(final.status, 486)
})

/** Sends a reliable 183. @returns it as the phone sees it, and the PRACK as the application will */
async function reliably(
  { phone }: Stage,
  response: Response,
  body: string,
): Promise<{ progress: Message; prack: Promise<Request> }> {
  let heard: (prack: Request) => void = () => undefined
  const prack = new Promise<Request>((resolve) => (heard = resolve))
  response.send(183, { body, headers: RELIABLE }, undefined, heard)
  return { progress: await phone.response('INVITE', 183), prack }
}

/** An INVITE without SDP whose responses the application handles by itself. */
function invite(
  srf: Srf,
  uri: string,
  headers: Record<string, string>,
): { next: () => Promise<{ response: Response; acknowledge: Acknowledge }> } {
  const heard: { response: Response; acknowledge: Acknowledge }[] = []
  const made = srf.request(uri, { method: 'INVITE', headers }).then((request) => {
    request.on('response', (response: Response, acknowledge: Acknowledge) => {
      heard.push({ response, acknowledge })
      request.emit('heard')
    })
    return request
  })
  return {
    next: async () => {
      const request = await made
      if (heard.length === 0) await once(request, 'heard')
      return heard.shift()!
    },
  }
}
