import assert from 'node:assert/strict'
import { Peer, sdp, unique, uriOf, header } from './peer.ts'
import type { Address, Message } from './peer.ts'
import { answered, calledSide, callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

/** The same request, answered by another phone than the one that it came to. */
const by = (other: Peer, to: Address, request: Message): Message => ({
  ...request,
  back: (data) => void other.raw(to, data),
})

contract(
  'an answer from another address is an answer, and its Contact is where the call goes on',
  async (t) => {
    const { srf, phone, sip } = await stage(t)
    const other = await Peer.start('udp')
    t.after(() => other.close())
    const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
    const invite = await phone.request('INVITE')
    phone.answer(invite, 100)
    other.answer(by(other, sip.udp, invite), 200, { tag: unique('tag'), body: sdp(5000) })
    const ack = await other.request('ACK')
    assert.equal(ack.uri, other.uri('peer'))
    const dialog = await call
    const ended = dialog.destroy()
    other.answer(await other.request('BYE'), 200)
    await ended
    assert.deepEqual(phone.unread('ACK'), [])
  },
)

contract('a request inside a call may come from another address, and is answered there', async (t) => {
  const scene = await stage(t)
  const { dialog, side } = await answered(scene)
  const other = await Peer.start('udp')
  t.after(() => other.close())
  const destroyed = event(dialog, 'destroy')
  await sendInside(other, side, 'BYE', 3)
  assert.equal((await other.response('BYE')).status, 200)
  await destroyed
})

contract('a phone that moves in mid-call (re-INVITE with a new Contact) is spoken to there', async (t) => {
  const scene = await stage(t)
  const { dialog, side } = await answered(scene)
  const other = await Peer.start('udp')
  t.after(() => other.close())
  dialog.on('modify', (_request: unknown, response: { send: (status: number, options: object) => void }) => {
    response.send(200, { body: sdp(4000) })
  })
  await sendInside(other, side, 'INVITE', 3, { body: sdp(5002) })
  assert.equal((await other.response('INVITE')).status, 200)
  await sendInside(other, side, 'ACK', 3)
  const ended = dialog.destroy()
  const bye = await other.request('BYE')
  assert.equal(bye.uri, other.uri('peer'))
  other.answer(bye, 200)
  await ended
})

contract('a TCP connection that is lost while the phone rings: the answer comes by a new one', async (t) => {
  const { srf, phone, sip } = await stage(t, { transport: 'tcp' })
  const own = unique('tag')
  const { promise: rings, resolve } = Promise.withResolvers<undefined>()
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000) },
    { cbProvisional: () => resolve(undefined) },
  )
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: own })
  await rings
  phone.dropConnections()
  phone.answer(by(phone, sip.tcp, invite), 200, { tag: own, body: sdp(5000) })
  await phone.request('ACK')
  const dialog = await call
  const destroyed = event(dialog, 'destroy')
  await sendInside(phone, calledSide(sip.tcp, invite, own), 'BYE', 3)
  assert.equal((await phone.response('BYE')).status, 200)
  await destroyed
  assert.match(uriOf(header(invite, 'contact')), /;transport=tcp$/)
})

contract('a call whose TCP connection dies before it is answered is answered by a new one', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { transport: 'tcp', prepare: calls.prepare })
  await callsIn(scene)
  const { request, response } = await calls.next()
  scene.phone.dropConnections()
  const made = scene.srf.createUAS(request, response, { localSdp: sdp(4000) })
  // Where it cannot be sent, the phone tells.
  made.catch(() => undefined)
  // RFC 3261 18.2.2: to the address in Via.
  const ok = await scene.phone.response('INVITE', 200)
  await sendInside(scene.phone, callingSide(scene.sip.tcp, ok), 'ACK', 7)
  const ended = (await made).destroy()
  scene.phone.answer(await scene.phone.request('BYE'), 200)
  await ended
})
