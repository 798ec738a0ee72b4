import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Request } from './drachtio.ts'
import { server } from './drachtio.ts'
import { header, sdp, tag } from './peer.ts'
import { answered, event, stage } from './story.ts'

test('forks ring with tags of their own; one answers and is the call', async (t) => {
  const { srf, phone } = await stage(t)
  const heard: string[] = []
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000) },
    { cbProvisional: (response) => heard.push(`${response.status} ${tag(response.get('to'))}`) },
  )
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: 'one' })
  phone.answer(invite, 183, { tag: 'two', body: sdp(5002) })
  phone.answer(invite, 180, { tag: 'three' })
  phone.answer(invite, 200, { tag: 'two', body: sdp(5002) })
  const ack = await phone.request('ACK')
  assert.equal(tag(header(ack, 'to')), 'two')
  assert.equal((await call).sip.remoteTag, 'two')
  assert.deepEqual(heard, ['180 one', '183 two', '180 three'])
})

test('a second fork that answers is acknowledged and hung up', async (t) => {
  const { isSipd } = await server(t)
  const scene = await stage(t)
  const { phone } = scene
  const { invite, dialog, tag: own } = await answered(scene)
  phone.answer(invite, 200, { tag: 'second', body: sdp(5002) })
  const ack = await phone.request('ACK')
  assert.equal(tag(header(ack, 'to')), 'second')
  if (isSipd) {
    const bye = await phone.request('BYE')
    assert.equal(tag(header(bye, 'to')), 'second')
    phone.answer(bye, 200)
  }
  const info = dialog.request({ method: 'INFO' })
  const request = await phone.request('INFO')
  assert.equal(tag(header(request, 'to')), own)
  phone.answer(request, 200)
  assert.equal((await info).status, 200)
})

test('a reliable 183 is acknowledged by PRACK', async (t) => {
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

test('an UPDATE while the phone rings reaches the call', async (t) => {
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
