import assert from 'node:assert/strict'
import { header, sdp } from './peer.ts'
import { answered, callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import type { Request } from './drachtio.ts'
import { contract } from './suite.ts'

contract('a session that we have to refresh is refreshed before half of its time is over', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  await answered(scene, { fields: { 'Session-Expires': '4;refresher=uac', Require: 'timer' } })
  const invite = await phone.request('INVITE')
  assert.equal(invite.body, sdp(4000))
  assert.match(header(invite, 'session-expires'), /^4; ?refresher=uac$/)
  phone.answer(invite, 200, { body: sdp(5000), fields: { 'Session-Expires': '4;refresher=uac' } })
  await phone.request('ACK')
  phone.answer(await phone.request('INVITE'), 200, { body: sdp(5000) })
  await phone.request('ACK')
})

contract('by UPDATE where the phone takes it', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene, {
    fields: { 'Session-Expires': '3;refresher=uac', Allow: 'INVITE, ACK, BYE, UPDATE' },
  })
  const refresh = await phone.next((m) => m.method === 'UPDATE' || m.method === 'INVITE', 'refresh')
  phone.answer(refresh, 481)
  if (refresh.method === 'INVITE') await phone.request('ACK')
  phone.answer(await phone.request('BYE'), 200)
  if (dialog.connected) await event(dialog, 'destroy')
})

contract('a session that the phone does not refresh is ended', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene, {
    fields: { 'Session-Expires': '3;refresher=uas', Require: 'timer' },
  })
  const destroyed = event<Request>(dialog, 'destroy')
  const bye = await phone.request('BYE')
  assert.match(header(bye, 'reason'), /Session timer expired/)
  phone.answer(bye, 200)
  await destroyed
})

contract(
  'a caller who asks for a session timer gets one; one too short is refused inside the dialog',
  async (t) => {
    const calls = incoming()
    const scene = await stage(t, { prepare: calls.prepare })
    const { phone, sip, srf } = scene
    await callsIn(scene, { fields: { Supported: 'timer', 'Session-Expires': '1800;refresher=uac' } })
    const { request, response } = await calls.next()
    const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
    const ok = await phone.response('INVITE', 200)
    assert.match(header(ok, 'session-expires'), /^1800; ?refresher=uac$/)
    const side = callingSide(sip.udp, ok)
    await sendInside(phone, side, 'ACK', 7)
    await event(dialog, 'ack')
    await sendInside(phone, side, 'UPDATE', 8, { fields: { 'Session-Expires': '60' } })
    const refused = await phone.response('UPDATE')
    assert.equal(refused.status, 422)
    assert.equal(header(refused, 'min-se'), '90')
  },
)
