import assert from 'node:assert/strict'
import { header, Peer, sdp, tag, uriOf } from './peer.ts'
import { answered, callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

contract('a call over TCP, both ways on one connection', async (t) => {
  const scene = await stage(t, { transport: 'tcp' })
  const { phone } = scene
  const { dialog, invite, side } = await answered(scene)
  assert.match(header(invite, 'via'), /^SIP\/2\.0\/TCP /)
  assert.match(uriOf(header(invite, 'contact')), /;transport=tcp$/)
  const info = dialog.request({ method: 'INFO' })
  phone.answer(await phone.request('INFO'), 200)
  await info
  assert.equal(phone.connections, 1)
  const destroyed = event(dialog, 'destroy')
  await sendInside(phone, side, 'BYE', 3)
  assert.equal((await phone.response('BYE')).status, 200)
  await destroyed
})

contract('a TCP connection that is lost during a call is made again', async (t) => {
  const scene = await stage(t, { transport: 'tcp' })
  const { phone } = scene
  const { dialog } = await answered(scene)
  phone.dropConnections()
  const ended = dialog.destroy()
  const bye = await phone.request('BYE')
  phone.answer(bye, 200)
  await ended
})

contract('a call comes in over TCP', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { transport: 'tcp', prepare: calls.prepare })
  const { phone, sip, srf } = scene
  await callsIn(scene)
  const { request, response } = await calls.next()
  assert.equal(request.protocol, 'tcp')
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  assert.equal(uriOf(header(ok, 'contact')), `sip:${sip.tcp.host}:${sip.tcp.port};transport=tcp`)
  const side = callingSide(sip.tcp, ok)
  const acked = event(dialog, 'ack')
  await sendInside(phone, side, 'ACK', 7)
  await acked
  const ended = dialog.destroy()
  const bye = await phone.request('BYE')
  assert.equal(tag(header(bye, 'to')), tag(header(ok, 'from')))
  phone.answer(bye, 200)
  await ended
})

contract('a TCP peer that refuses fails a call at once', async (t) => {
  const { srf } = await stage(t)
  const gone = await Peer.start('tcp')
  const uri = gone.uri()
  gone.close()
  const begun = performance.now()
  await assert.rejects(srf.createUAC(uri, { localSdp: sdp(4000) }), { status: 503 })
  assert.ok(performance.now() - begun < 2_000)
})

contract('a body larger than a datagram goes over TCP, in pieces', async (t) => {
  const scene = await stage(t, { transport: 'tcp' })
  const { dialog, side } = await answered(scene)
  const body = 'x'.repeat(40_000)
  const heard = new Promise<string>((resolve) => {
    dialog.on('info', (request: { body: string }, response: { send: (status: number) => void }) => {
      response.send(200)
      resolve(request.body)
    })
  })
  await sendInside(scene.phone, side, 'INFO', 4, { body, fields: { 'Content-Type': 'text/plain' } })
  assert.equal((await heard).length, body.length)
})

contract('a phone that lost its TCP connection ends the call over another', async (t) => {
  const scene = await stage(t, { transport: 'tcp' })
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  phone.dropConnections()
  const destroyed = event(dialog, 'destroy')
  await sendInside(phone, side, 'BYE', 3)
  assert.equal((await phone.response('BYE')).status, 200)
  await destroyed
})
