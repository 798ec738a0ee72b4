import assert from 'node:assert/strict'
import type { Request, Response } from './drachtio.ts'
import { header } from './peer.ts'
import { answered, event, sendInside, stage } from './story.ts'
import { contract } from './suite.ts'

contract('the NOTIFY that ends a transfer does not end the call', async (t) => {
  const scene = await stage(t)
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const refer = dialog.request({ method: 'REFER', headers: { 'Refer-To': '<sip:1003@example.com>' } })
  phone.answer(await phone.request('REFER'), 202)
  assert.equal((await refer).status, 202)
  dialog.on('notify', (_request: Request, response: Response) => response.send(200))
  await sendInside(phone, side, 'NOTIFY', 20, {
    fields: {
      Event: 'refer',
      'Subscription-State': 'terminated;reason=noresource',
      'Content-Type': 'message/sipfrag',
    },
    body: 'SIP/2.0 200 OK',
  })
  assert.equal((await phone.response('NOTIFY')).status, 200)
  const info = dialog.request({ method: 'INFO' })
  phone.answer(await phone.request('INFO'), 200)
  assert.equal((await info).status, 200)
})

contract('a NOTIFY of a transfer comes through after the call has ended', async (t) => {
  const heard: string[] = []
  const scene = await stage(t, {
    prepare: (srf) =>
      srf.use('notify', (request, response) => {
        heard.push(request.get('Subscription-State'))
        response.send(200)
      }),
  })
  const { phone } = scene
  const { dialog, side } = await answered(scene)
  const refer = dialog.request({ method: 'REFER', headers: { 'Refer-To': '<sip:1003@example.com>' } })
  phone.answer(await phone.request('REFER'), 202)
  await refer
  const destroyed = event(dialog, 'destroy')
  await sendInside(phone, side, 'BYE', 20)
  assert.equal((await phone.response('BYE')).status, 200)
  await destroyed
  const fields = { Event: 'refer', 'Subscription-State': 'terminated' }
  await sendInside(phone, side, 'NOTIFY', 21, { fields })
  assert.equal((await phone.response('NOTIFY')).status, 200)
  assert.deepEqual(heard, ['terminated'])
  await sendInside(phone, side, 'NOTIFY', 22, { fields })
  assert.equal((await phone.response('NOTIFY')).status, 481)
})

contract('a subscription is a dialog of its own', async (t) => {
  const { srf, phone, sip } = await stage(t)
  const subscribe = srf.createUAC.call(srf, phone.uri(), {
    method: 'SUBSCRIBE',
    headers: { Event: 'message-summary', Expires: '600' },
  })
  const request = await phone.request('SUBSCRIBE')
  assert.equal(header(request, 'event'), 'message-summary')
  phone.answer(request, 200, { tag: 's', fields: { Expires: '600' } })
  const dialog = await subscribe
  const heard = event<Request>(dialog, 'notify')
  dialog.on('notify', (_request: Request, response: Response) => response.send(200))
  const side = {
    to: sip.udp,
    uri: `sip:${sip.udp.host}:${sip.udp.port}`,
    local: `${header(request, 'to')};tag=s`,
    remote: header(request, 'from'),
    callId: header(request, 'call-id'),
  }
  await sendInside(phone, side, 'NOTIFY', 1, {
    fields: { Event: 'message-summary', 'Subscription-State': 'active;expires=600' },
  })
  assert.equal((await phone.response('NOTIFY')).status, 200)
  assert.equal((await heard).get('Event'), 'message-summary')
})
