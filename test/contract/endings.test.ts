import assert from 'node:assert/strict'
import type { Request, Response, Srf } from './drachtio.ts'
import type { Message, Peer } from './peer.ts'
import { header, sdp, tag } from './peer.ts'
import { answered, callingSide, callsIn, event, incoming, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

const BYE_CHALLENGES = [
  [401, 'WWW-Authenticate', 'authorization'],
  [407, 'Proxy-Authenticate', 'proxy-authorization'],
] as const

for (const [status, asks, gives] of BYE_CHALLENGES) {
  contract(`a BYE that is asked for credentials by ${status} comes again with them`, async (t) => {
    const scene = await stage(t)
    const { phone } = scene
    const { dialog } = await answered(scene, { auth: { username: 'bot', password: 'secret' } })
    void dialog.destroy()
    const first = await phone.request('BYE')
    phone.answer(first, status, { fields: { [asks]: 'Digest realm="pbx",nonce="n1"' } })
    const second = await phone.request('BYE')
    assert.equal(Number.parseInt(header(second, 'cseq')), Number.parseInt(header(first, 'cseq')) + 1)
    assert.match(header(second, gives), /^Digest username="bot"/)
    phone.answer(second, 200)
  })
}

for (const status of [403, 481, 500]) {
  contract(`a BYE that is answered ${status} ends the call all the same`, async (t) => {
    const scene = await stage(t)
    const { phone } = scene
    const { dialog, side } = await answered(scene)
    const ended = dialog.destroy()
    phone.answer(await phone.request('BYE'), status)
    await ended
    await sendInside(phone, side, 'BYE', 40)
    assert.equal((await phone.response('BYE')).status, 481)
  })
}

contract('INFO of a call that is over gets 481', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const ended = dialog.destroy()
  phone.answer(await phone.request('BYE'), 200)
  await ended
  await sendInside(phone, side, 'INFO', 40)
  assert.equal((await phone.response('INFO')).status, 481)
})

contract('a BYE that nobody answers ends the call', async (t) => {
  const scene = await stage(t, { t1: 20 })
  const { dialog } = await answered(scene)
  await dialog.destroy()
  assert.ok(scene.phone.unread('BYE').length >= 8, `${scene.phone.unread('BYE').length} BYEs`)
})

contract('BYE crosses BYE: both are answered', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  void dialog.destroy()
  const bye = await phone.request('BYE')
  await sendInside(phone, side, 'BYE', 30)
  const response = await phone.response('BYE')
  assert.ok(response.status === 200 || response.status === 481)
  phone.answer(bye, 200)
})

contract('a BYE while a re-INVITE is under way cancels it', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog } = await answered(scene)
  dialog.request({ method: 'INVITE', body: sdp(4002) }).catch(() => undefined)
  const invite = await phone.request('INVITE')
  phone.answer(invite, 100)
  void dialog.destroy()
  const [cancel, bye] = await Promise.all([phone.request('CANCEL'), phone.request('BYE')])
  phone.answer(cancel, 200)
  phone.answer(bye, 200)
  phone.answer(invite, 487)
  await phone.request('ACK')
})

contract('a BYE of the phone while our re-INVITE waits for its answer ends the call', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  dialog.request({ method: 'INVITE', body: sdp(4002) }).catch(() => undefined)
  const invite = await phone.request('INVITE')
  phone.answer(invite, 100)
  const destroyed = event(dialog, 'destroy')
  await sendInside(phone, side, 'BYE', 30)
  assert.equal((await phone.response('BYE')).status, 200)
  await destroyed
  phone.answer(invite, 487)
  await phone.request('ACK')
})

contract('a BYE of the phone while its re-INVITE waits for the application ends both', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  await callsIn(scene)
  const { request, response } = await calls.next()
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  const side = callingSide(sip.udp, ok)
  await sendInside(phone, side, 'ACK', 7)
  await event(dialog, 'ack')
  const modified = event<Request>(dialog, 'modify')
  await sendInside(phone, side, 'INVITE', 8, { body: sdp(5002) })
  await modified
  await sendInside(phone, side, 'BYE', 9)
  assert.equal((await phone.response('BYE')).status, 200)
  assert.ok([481, 487, 500].includes((await phone.response('INVITE')).status))
})

contract('our BYE while the phone waits for the answer to its re-INVITE ends both', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const modified = new Promise<Response>((resolve) => {
    dialog.on('modify', (_request: Request, response: Response) => resolve(response))
  })
  await sendInside(phone, side, 'INVITE', 8, { body: sdp(5002) })
  const response = await modified
  const ended = dialog.destroy()
  phone.answer(await phone.request('BYE'), 200)
  await ended
  response.send(487)
  assert.ok([481, 487, 500].includes((await phone.response('INVITE')).status))
})

contract('Reason of a BYE reaches the application', async (t) => {
  const scene = await stage(t)
  const { dialog, side } = await answered(scene)
  const destroyed = event<Request>(dialog, 'destroy')
  const fields = { Reason: 'Q.850;cause=16;text="Normal call clearing"' }
  await sendInside(scene.phone, side, 'BYE', 30, { fields })
  assert.equal((await destroyed).get('Reason'), fields.Reason)
})

contract('Reason of a refusal reaches the application', async (t) => {
  const { srf, phone } = await stage(t)
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const failure = assert.rejects(call, (fault: Error & { status: number; res: Response }) => {
    assert.equal(fault.status, 480)
    assert.equal(fault.res.get('Reason'), 'Q.850;cause=18')
    return true
  })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 480, { tag: 'x', fields: { Reason: 'Q.850;cause=18' } })
  await phone.request('ACK')
  await failure
})

contract('Reason of a CANCEL reaches the application', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const call = await callsIn(scene)
  const { request, response } = await calls.next()
  const cancelled = event<{ get: (name: string) => string }>(request, 'cancel')
  response.send(180)
  await scene.phone.response('INVITE', 180)
  await cancel(scene.phone, scene.sip.udp, call, { Reason: 'SIP;cause=200;text="Call completed elsewhere"' })
  assert.equal((await scene.phone.response('CANCEL')).status, 200)
  assert.match((await cancelled).get('Reason'), /Call completed elsewhere/)
  assert.equal((await scene.phone.response('INVITE')).status, 487)
})

contract('a CANCEL after the 200 is answered, and the call stays', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip, srf } = scene
  const call = await callsIn(scene)
  const { request, response } = await calls.next()
  const dialog = await srf.createUAS(request, response, { localSdp: sdp(4000) })
  const ok = await phone.response('INVITE', 200)
  await cancel(phone, sip.udp, call)
  assert.equal((await phone.response('CANCEL')).status, 200)
  await sendInside(phone, callingSide(sip.udp, ok), 'ACK', 7)
  const info = dialog.request({ method: 'INFO' })
  phone.answer(await phone.request('INFO'), 200)
  assert.equal((await info).status, 200)
  assert.equal(phone.unread('BYE').length, 0)
})

contract('a caller who ends a ringing call by BYE is answered, and the application hears it', async (t) => {
  const calls = incoming()
  const scene = await stage(t, { prepare: calls.prepare })
  const { phone, sip } = scene
  await callsIn(scene)
  const { request, response } = await calls.next()
  const cancelled = event<{ get: (name: string) => string }>(request, 'cancel')
  response.send(180)
  const side = callingSide(sip.udp, await phone.response('INVITE', 180))
  await sendInside(phone, side, 'BYE', 8, { fields: { Reason: 'Q.850;cause=16' } })
  assert.equal((await phone.response('BYE')).status, 200)
  assert.equal((await phone.response('INVITE')).status, 487)
  assert.equal((await cancelled).get('Reason'), 'Q.850;cause=16')
})

/** A call that rings and that the application cancels. */
async function cancelling(
  srf: Srf,
  phone: Peer,
): Promise<{ invite: Message; cancel: Message; call: Promise<unknown> }> {
  const asked: { request?: Request } = {}
  const call = srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000) },
    {
      cbRequest: (_, made) => (asked.request = made),
      cbProvisional: () => asked.request?.cancel(),
    },
  )
  call.catch(() => undefined)
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: 'c' })
  return { invite, cancel: await phone.request('CANCEL'), call }
}

contract('a late 200, after the answer to our CANCEL, is acknowledged and hung up', async (t) => {
  const { srf, phone } = await stage(t)
  const { invite, cancel: sent } = await cancelling(srf, phone)
  phone.answer(sent, 200)
  phone.answer(invite, 180, { tag: 'c' })
  phone.answer(invite, 200, { tag: 'c', body: sdp(5000) })
  await phone.request('ACK')
  const bye = await phone.request('BYE')
  assert.equal(tag(header(bye, 'to')), 'c')
  phone.answer(bye, 200)
})

contract('a CANCEL that the phone answers 481 still ends with what the INVITE is answered', async (t) => {
  const { srf, phone } = await stage(t)
  const { invite, cancel: sent, call } = await cancelling(srf, phone)
  const failure = assert.rejects(call, { status: 486 })
  phone.answer(sent, 481)
  phone.answer(invite, 486, { tag: 'c' })
  await phone.request('ACK')
  await failure
})

contract('a CANCEL that brings no answer to the INVITE ends the call with 487 or 408', async (t) => {
  const { srf, phone } = await stage(t, { t1: 20 })
  const { cancel: sent, call } = await cancelling(srf, phone)
  phone.answer(sent, 200)
  await assert.rejects(call, (fault: Error & { status: number }) => [487, 408].includes(fault.status))
})

async function cancel(
  phone: Peer,
  to: { transport: 'udp' | 'tcp'; host: string; port: number },
  call: { uri: string; from: string; callId: string; branch: string },
  fields: Record<string, string> = {},
): Promise<void> {
  const { uri, from, callId, branch } = call
  const request = { method: 'CANCEL', uri, from, to: `<${uri}>`, callId, cseq: '7 CANCEL' }
  await phone.send(to, request, { branch, contact: '', fields })
}
