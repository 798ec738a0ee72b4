import assert from 'node:assert/strict'
import { header, sdp, tag, unique, uriOf } from './peer.ts'
import { callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import type { Request, SendOptions } from './drachtio.ts'
import { contract } from './suite.ts'

contract(
  'a call comes in, is told trying, rings, is answered and acknowledged, and is hung up by the phone',
  async (t) => {
    const calls = incoming()
    const scene = await stage(t, { prepare: calls.prepare })
    const { phone, sip, srf } = scene
    await callsIn(scene, { user: '1002', fields: { 'X-Extra': 'a, b' } })
    await phone.response('INVITE', 100)
    const { request, response } = await calls.next()
    assert.match(request.uri, /^sip:1002@/)
    assert.equal(request.body, sdp(5000))
    assert.equal(request.get('X-Extra'), 'a, b')
    assert.equal(request.source_address, '127.0.0.1')
    assert.equal(request.source_port, phone.port)
    assert.equal(request.receivedOn, `${sip.udp.host}:${sip.udp.port}`)
    response.send(180)
    const ringing = await phone.response('INVITE', 180)
    const uas = srf.createUAS(request, response, { localSdp: sdp(4000) })
    const ok = await phone.response('INVITE', 200)
    assert.equal(tag(header(ok, 'to')), tag(header(ringing, 'to')))
    assert.equal(ok.body, sdp(4000))
    assert.equal(uriOf(header(ok, 'contact')), `sip:${sip.udp.host}:${sip.udp.port}`)
    const dialog = await uas
    assert.equal(dialog.sip.localTag, tag(header(ok, 'to')))
    const acked = event<Request>(dialog, 'ack')
    const side = callingSide(sip.udp, ok)
    await sendInside(phone, side, 'ACK', 7)
    assert.equal((await acked).method, 'ACK')
    const destroyed = event<Request>(dialog, 'destroy')
    await sendInside(phone, side, 'BYE', 8)
    assert.equal((await phone.response('BYE')).status, 200)
    await destroyed
    await sendInside(phone, side, 'BYE', 9)
    assert.equal((await phone.response('BYE')).status, 481)
  },
)

contract('the application hangs up a call that came in', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  await callsIn(scene)
  const { request, response } = await calls.next()
  const dialog = await scene.srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await scene.phone.response('INVITE', 200)
  await sendInside(scene.phone, callingSide(scene.sip.udp, ok), 'ACK', 7)
  const ended = dialog.destroy()
  const bye = await scene.phone.request('BYE')
  assert.equal(bye.uri, scene.phone.uri('peer'))
  assert.equal(header(bye, 'from'), header(ok, 'to'))
  assert.equal(header(bye, 'to'), header(ok, 'from'))
  scene.phone.answer(bye, 200)
  await ended
})

contract('a caller who gives up gets 200 and 487, and the application hears of it', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip } = scene
  const call = await callsIn(scene)
  const { request, response } = await calls.next()
  const cancelled = event(request, 'cancel')
  response.send(180)
  await phone.response('INVITE', 180)
  await phone.send(
    sip.udp,
    {
      method: 'CANCEL',
      uri: call.uri,
      from: call.from,
      to: `<${call.uri}>`,
      callId: call.callId,
      cseq: '7 CANCEL',
    },
    { branch: call.branch, contact: '' },
  )
  assert.equal((await phone.response('CANCEL')).status, 200)
  const terminated = await phone.response('INVITE')
  assert.equal(terminated.status, 487)
  await cancelled
  await phone.send(
    sip.udp,
    {
      method: 'ACK',
      uri: call.uri,
      from: call.from,
      to: header(terminated, 'to'),
      callId: call.callId,
      cseq: '7 ACK',
    },
    { branch: call.branch, contact: '' },
  )
  const late = await new Promise<Error | null>((resolve) =>
    (response.send as unknown as (status: number, done: (fault: Error | null) => void) => void).call(
      response,
      480,
      resolve,
    ),
  )
  assert.ok(late)
})

contract('a CANCEL of no call gets 481', async (t) => {
  const { phone, sip } = await stage(t)
  const request = { method: 'CANCEL', uri: 'sip:x@127.0.0.1', from: '<sip:a@b>;tag=1', to: '<sip:x@b>' }
  await phone.send(sip.udp, { ...request, callId: unique('none'), cseq: '1 CANCEL' }, { contact: '' })
  assert.equal((await phone.response('CANCEL')).status, 481)
})

contract('a call that is refused is told so until it is acknowledged', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip } = scene
  const call = await callsIn(scene)
  const { response } = await calls.next()
  const options: SendOptions = { headers: { Reason: 'Q.850;cause=17' } }
  response.send(486, options)
  const busy = await phone.response('INVITE', 486)
  assert.equal(header(busy, 'reason'), 'Q.850;cause=17')
  const again = await phone.response('INVITE', 486)
  assert.deepEqual(again.headers, busy.headers)
  await phone.send(
    sip.udp,
    {
      method: 'ACK',
      uri: call.uri,
      from: call.from,
      to: header(busy, 'to'),
      callId: call.callId,
      cseq: '7 ACK',
    },
    { branch: call.branch, contact: '' },
  )
})

contract('an INVITE sent again is no second call; the 200 is sent again until the ACK', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const { sent } = await callsIn(scene)
  const { request, response } = await calls.next()
  response.send(180)
  await phone.response('INVITE', 180)
  await phone.raw(sip.udp, sent)
  await phone.response('INVITE', 180)
  const dialog = srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  const again = await phone.response('INVITE', 200)
  assert.deepEqual(again.headers, ok.headers)
  assert.equal(again.body, ok.body)
  await sendInside(phone, callingSide(sip.udp, ok), 'ACK', 7)
  await event(await dialog, 'ack')
})

contract('a call whose 200 is never acknowledged is hung up, and its dialog ends', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare, t1: 20 })
  await callsIn(scene)
  const { request, response } = await calls.next()
  const dialog = await scene.srf.createUAS(request, response, { localSdp: sdp(4000) })
  const destroyed = event(dialog, 'destroy')
  const bye = await scene.phone.next((m) => m.method === 'BYE', 'BYE')
  scene.phone.answer(bye, 200)
  await destroyed
})

contract('a late offer comes in: the answer is in the ACK', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const address = sip.udp
  const uri = `sip:bot@${address.host}:${address.port}`
  const from = `<sip:1@${phone.hostPort}>;tag=${unique('f')}`
  await phone.send(address, {
    method: 'INVITE',
    uri,
    from,
    to: `<${uri}>`,
    callId: unique('c'),
    cseq: '1 INVITE',
  })
  const { request, response } = await calls.next()
  assert.equal(request.body, '')
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const acked = event<Request>(dialog, 'ack')
  const ok = await phone.response('INVITE', 200)
  await sendInside(phone, callingSide(address, ok), 'ACK', 1, { body: sdp(5002) })
  assert.equal((await acked).body, sdp(5002))
})

contract('a call for which nobody asked gets 503', async (t) => {
  const scene = await stage(t)
  await callsIn(scene)
  assert.equal((await scene.phone.response('INVITE')).status, 503)
})
