import assert from 'node:assert/strict'
import { header, sdp, tag } from './peer.ts'
import { answered, stage } from './story.ts'
import { contract } from './suite.ts'

contract('forks ring with tags of their own; one answers and is the call', async (t) => {
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

contract('a second fork that answers is acknowledged and hung up', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { invite, dialog, tag: own } = await answered(scene)
  phone.answer(invite, 200, { tag: 'second', body: sdp(5002) })
  const ack = await phone.request('ACK')
  assert.equal(tag(header(ack, 'to')), 'second')
  const bye = await phone.request('BYE')
  assert.equal(tag(header(bye, 'to')), 'second')
  phone.answer(bye, 200)
  const info = dialog.request({ method: 'INFO' })
  const request = await phone.request('INFO')
  assert.equal(tag(header(request, 'to')), own)
  phone.answer(request, 200)
  assert.equal((await info).status, 200)
})

contract(
  'three forks answer: one is the call, each other one is acknowledged and hung up once',
  async (t) => {
    const scene = await stage(t)
    const { phone } = scene
    const { invite, dialog, tag: own } = await answered(scene)
    for (const fork of ['second', 'third', 'second']) {
      phone.answer(invite, 200, { tag: fork, body: sdp(5002) })
      const ack = await phone.request('ACK')
      assert.equal(tag(header(ack, 'to')), fork)
    }
    const ended = [await phone.request('BYE'), await phone.request('BYE')]
    assert.deepEqual(ended.map((bye) => tag(header(bye, 'to'))).sort(), ['second', 'third'])
    for (const bye of ended) phone.answer(bye, 200)
    const bye = dialog.destroy()
    const last = await phone.request('BYE')
    assert.equal(tag(header(last, 'to')), own)
    phone.answer(last, 200)
    await bye
  },
)

contract('a fork that ends by 199 is told, and another one answers (RFC 6228)', async (t) => {
  const { srf, phone } = await stage(t)
  const heard: string[] = []
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000), headers: { Supported: '199' } },
    { cbProvisional: (response) => heard.push(`${response.status} ${tag(response.get('to'))}`) },
  )
  const invite = await phone.request('INVITE')
  assert.equal(header(invite, 'supported'), '199')
  phone.answer(invite, 180, { tag: 'one' })
  phone.answer(invite, 180, { tag: 'two' })
  phone.answer(invite, 199, { tag: 'one', fields: { Reason: 'SIP;cause=486' } })
  phone.answer(invite, 200, { tag: 'two', body: sdp(5000) })
  await phone.request('ACK')
  assert.equal((await call).sip.remoteTag, 'two')
  assert.deepEqual(heard, ['180 one', '180 two', '199 one'])
})
