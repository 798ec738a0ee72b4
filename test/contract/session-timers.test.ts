import assert from 'node:assert/strict'
import { header, sdp } from './peer.ts'
import { answered, callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import type { Request, Response } from './drachtio.ts'
import { contract, real } from './suite.ts'

/** Seconds of a session. drachtio-server moves its refresh by up to 5 s, and dies where that falls into the past. */
const SHORT = real ? 12 : 3

contract('a session that we have to refresh is refreshed before half of its time is over', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  await answered(scene, { fields: { 'Session-Expires': `${SHORT};refresher=uac`, Require: 'timer' } })
  const invite = await phone.request('INVITE')
  assert.equal(invite.body, sdp(4000))
  assert.match(header(invite, 'session-expires'), new RegExp(`^${SHORT}; ?refresher=uac$`))
  phone.answer(invite, 200, { body: sdp(5000), fields: { 'Session-Expires': `${SHORT};refresher=uac` } })
  await phone.request('ACK')
  phone.answer(await phone.request('INVITE'), 200, { body: sdp(5000) })
  await phone.request('ACK')
})

contract('by UPDATE where the phone takes it', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene, {
    fields: { 'Session-Expires': `${SHORT};refresher=uac`, Allow: 'INVITE, ACK, BYE, UPDATE' },
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
    fields: { 'Session-Expires': `${SHORT};refresher=uas`, Require: 'timer' },
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

contract('a call that is answered 422 fails with it, and tells the least that is taken', async (t) => {
  const { srf, phone } = await stage(t)
  const headers = { Supported: 'timer', 'Session-Expires': '90' }
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000), headers })
  const failure = assert.rejects(call, (fault: Error & { status: number; res: Response }) => {
    assert.equal(fault.status, 422)
    assert.equal(fault.res.get('Min-SE'), '300')
    return true
  })
  const invite = await phone.request('INVITE')
  assert.equal(header(invite, 'session-expires'), '90')
  phone.answer(invite, 422, { tag: 'x', fields: { 'Min-SE': '300' } })
  await phone.request('ACK')
  await failure
})

contract('a call that comes in with too short a session is refused with 422', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  await callsIn(scene, { fields: { Supported: 'timer', 'Session-Expires': '60' } })
  const refused = await scene.phone.response('INVITE')
  assert.equal(refused.status, 422)
  assert.equal(header(refused, 'min-se'), '90')
})

contract('a session that the phone refreshes goes on', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const fields = { 'Session-Expires': `${SHORT};refresher=uas`, Require: 'timer' }
  const { dialog, side } = await answered(scene, { fields })
  const until = performance.now() + 1.5 * SHORT * 1_000
  for (let seq = 50; performance.now() < until; seq++) {
    await sendInside(phone, side, 'UPDATE', seq, {
      fields: { 'Session-Expires': '1800;refresher=uac', Supported: 'timer' },
    })
    assert.equal((await phone.response('UPDATE')).status, 200)
    await new Promise((resolve) => setTimeout(resolve, SHORT * 250))
  }
  assert.equal(phone.unread('BYE').length, 0)
  assert.equal(dialog.connected, true)
})
