import assert from 'node:assert/strict'
import type { Request, Response } from './drachtio.ts'
import { header, sdp, tag, uriOf } from './peer.ts'
import { answered, event, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

contract('requests inside a dialog go both ways, with rising CSeq', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side, invite, tag: own } = await answered(scene)
  let last = Number.parseInt(header(invite, 'cseq'))
  for (const method of ['INFO', 'UPDATE', 'OPTIONS', 'MESSAGE', 'REFER', 'NOTIFY'] as const) {
    const body = method === 'INFO' ? 'Signal=5\r\nDuration=160\r\n' : ''
    const response = dialog.request({
      method,
      headers: { ...(body === '' ? {} : { 'Content-Type': 'application/dtmf-relay' }), 'X-It': method },
      body,
    })
    const request = await phone.request(method)
    assert.equal(request.body, body)
    assert.equal(header(request, 'x-it'), method)
    assert.equal(tag(header(request, 'to')), own)
    assert.equal(header(request, 'from'), header(invite, 'from'))
    const seq = Number.parseInt(header(request, 'cseq'))
    assert.ok(seq > last)
    last = seq
    phone.answer(request, 202, { fields: { 'X-Answer': 'yes' } })
    assert.equal((await response).status, 202)
    assert.equal((await response).get('X-Answer'), 'yes')
  }
  for (const [index, method] of ['INFO', 'UPDATE', 'OPTIONS', 'MESSAGE', 'REFER', 'NOTIFY'].entries()) {
    dialog.once(method.toLowerCase(), (request: Request, response: Response) => {
      response.send(200, { headers: { 'X-Got': request.get('X-Sent') } })
    })
    await sendInside(phone, side, method, 10 + index, { fields: { 'X-Sent': method } })
    const response = await phone.response(method)
    assert.equal(response.status, 200)
    assert.equal(header(response, 'x-got'), method)
  }
})

contract('a failure inside a dialog does not end it', async (t) => {
  const scene = await stage(t)
  const { dialog } = await answered(scene)
  for (const status of [415, 488, 491, 500]) {
    const response = dialog.request({ method: 'INVITE', body: sdp(4002) })
    scene.phone.answer(await scene.phone.request('INVITE'), status)
    await scene.phone.request('ACK')
    assert.equal((await response).status, status)
  }
  const again = dialog.request({ method: 'INVITE', body: sdp(4002) })
  scene.phone.answer(await scene.phone.request('INVITE'), 200, { body: sdp(5002) })
  await scene.phone.request('ACK')
  assert.equal((await again).status, 200)
})

contract('the phone changes the session by a re-INVITE', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  dialog.on('modify', (request: Request, response: Response) => {
    assert.equal(request.body, sdp(5002))
    response.send(200, { body: sdp(4002) })
  })
  await sendInside(phone, side, 'INVITE', 11, { body: sdp(5002) })
  await phone.response('INVITE', 100)
  const ok = await phone.response('INVITE', 200)
  assert.equal(ok.body, sdp(4002))
  assert.ok(header(ok, 'contact'))
  const acked = event<Request>(dialog, 'ack')
  await sendInside(phone, side, 'ACK', 11)
  await acked
})

contract('the ACK of a 200 that is sent again is sent again', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { invite, tag: own, dialog } = await answered(scene)
  phone.answer(invite, 200, { tag: own, body: sdp(5000) })
  const ack = await phone.request('ACK')
  assert.equal(ack.uri, phone.uri('peer'))
  const change = dialog.request({ method: 'INVITE', body: sdp(4002) })
  const second = await phone.request('INVITE')
  phone.answer(second, 200, { body: sdp(5002) })
  await phone.request('ACK')
  await change
  phone.answer(second, 200, { body: sdp(5002) })
  assert.equal(
    Number.parseInt(header(await phone.request('ACK'), 'cseq')),
    Number.parseInt(header(second, 'cseq')),
  )
})

contract('requests follow the route set and the newest Contact', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const routes = `<sip:${phone.hostPort};lr;n=2>, <sip:${phone.hostPort};lr;n=1>`
  const { dialog, side, invite } = await answered(scene, {
    fields: { 'Record-Route': routes, Contact: '<sip:bob@192.0.2.9:5099>' },
  })
  assert.ok(invite)
  const info = dialog.request({ method: 'INFO' })
  const first = await phone.request('INFO')
  assert.equal(first.uri, 'sip:bob@192.0.2.9:5099')
  const listed = first.headers.filter(([name]) => name === 'route').map(([, value]) => value)
  assert.equal(listed.join(', '), `<sip:${phone.hostPort};lr;n=1>, <sip:${phone.hostPort};lr;n=2>`)
  phone.answer(first, 200)
  await info
  await sendInside(phone, side, 'UPDATE', 20, { contact: '<sip:moved@192.0.2.10>' })
  assert.equal((await phone.response('UPDATE')).status, 200)
  const ended = dialog.destroy()
  const bye = await phone.request('BYE')
  assert.equal(bye.uri, 'sip:moved@192.0.2.10')
  phone.answer(bye, 200)
  await ended
})

contract('a strict router gets its own URI as Request-URI', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene, {
    fields: { 'Record-Route': `<sip:${phone.hostPort}>`, Contact: '<sip:bob@192.0.2.9>' },
  })
  const ended = dialog.destroy()
  const bye = await phone.request('BYE')
  assert.equal(bye.uri, `sip:${phone.hostPort}`)
  assert.equal(header(bye, 'route'), '<sip:bob@192.0.2.9>')
  phone.answer(bye, 200)
  await ended
})

contract('a request in no dialog gets 481', async (t) => {
  const scene = await stage(t)
  const { phone, sip } = scene
  const nobody = {
    to: sip.udp,
    uri: `sip:x@${sip.udp.host}:${sip.udp.port}`,
    local: '<sip:a@b>;tag=1',
    remote: '<sip:x@b>;tag=2',
    callId: 'no-such-call',
  }
  for (const [index, method] of ['BYE', 'UPDATE', 'INVITE'].entries()) {
    await sendInside(phone, nobody, method, index + 1)
    assert.equal((await phone.response(method)).status, 481)
  }
  assert.ok(uriOf(nobody.local))
})

contract('a request of an ended dialog fails in drachtio-srf with ENODIALOG', async (t) => {
  const scene = await stage(t)
  const { dialog, side } = await answered(scene)
  const destroyed = event(dialog, 'destroy')
  await sendInside(scene.phone, side, 'BYE', 40)
  await destroyed
  await assert.rejects(dialog.request({ method: 'INFO' }), { code: 'ENODIALOG' })
})
