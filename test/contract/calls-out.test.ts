import assert from 'node:assert/strict'
import { once } from 'node:events'
import { server } from './drachtio.ts'
import type { Dialog, Request, Response } from './drachtio.ts'
import { header, Peer, sdp, tag, uriOf } from './peer.ts'
import { placed } from './story.ts'
import { contract } from './suite.ts'

contract('a call out rings, is answered, acknowledged and ended', async (t) => {
  const { srf } = await (await server(t)).client()
  const phone = await Peer.start()
  t.after(() => phone.close())
  const heard: number[] = []
  const call = srf.createUAC(
    phone.uri('1001'),
    {
      localSdp: sdp(4000),
      headers: {
        From: '"Álex Marín" <sip:+34911000001@example.com>',
        'P-Asserted-Identity': '<sip:1002@example.com>',
        'X-Trace': 'abc',
      },
    },
    { cbProvisional: (response) => heard.push(response.status) },
  )
  const invite = await phone.request('INVITE')
  assert.equal(invite.uri, phone.uri('1001'))
  assert.match(header(invite, 'from'), /^"Álex Marín" <sip:\+34911000001@example\.com>;tag=\S+$/)
  assert.equal(header(invite, 'p-asserted-identity'), '<sip:1002@example.com>')
  assert.equal(header(invite, 'x-trace'), 'abc')
  assert.equal(header(invite, 'content-type'), 'application/sdp')
  assert.equal(header(invite, 'max-forwards'), '70')
  assert.match(header(invite, 'via'), /;rport;?/)
  assert.match(uriOf(header(invite, 'contact')), /^sip:127\.0\.0\.1:\d+/)
  assert.equal(invite.body, sdp(4000))
  phone.answer(invite, 100)
  phone.answer(invite, 180, { tag: 'a' })
  phone.answer(invite, 183, { tag: 'a', body: sdp(5000) })
  phone.answer(invite, 200, { tag: 'a', body: sdp(5001) })
  const ack = await phone.request('ACK')
  assert.equal(ack.uri, phone.uri('peer'))
  assert.equal(header(ack, 'cseq'), `${header(invite, 'cseq').split(' ')[0]} ACK`)
  assert.equal(tag(header(ack, 'to')), 'a')
  const dialog = await call
  assert.equal(dialog.sip.remoteTag, 'a')
  assert.equal(dialog.remote.sdp, sdp(5001))
  assert.deepEqual(
    heard.filter((status) => status > 100),
    [180, 183],
  )
  const ended = dialog.destroy({ headers: { Reason: 'SIP;cause=200' } })
  const bye = await phone.request('BYE')
  assert.equal(bye.uri, phone.uri('peer'))
  assert.equal(header(bye, 'reason'), 'SIP;cause=200')
  assert.ok(Number(header(bye, 'cseq').split(' ')[0]) > Number(header(invite, 'cseq').split(' ')[0]))
  phone.answer(bye, 200)
  await ended
})

contract('the far side hangs up', async (t) => {
  const { srf, sip } = await (await server(t)).client()
  const phone = await Peer.start()
  t.after(() => phone.close())
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 200, { tag: 'b', body: sdp(5000) })
  await phone.request('ACK')
  const dialog: Dialog = await call
  const destroyed = once(dialog, 'destroy') as Promise<[Request]>
  await phone.send(sip.udp, {
    method: 'BYE',
    uri: uriOf(header(invite, 'contact')),
    from: `${header(invite, 'to')};tag=b`,
    to: header(invite, 'from'),
    callId: header(invite, 'call-id'),
    cseq: '1 BYE',
  })
  assert.equal((await phone.response('BYE')).status, 200)
  const [bye] = await destroyed
  assert.equal(bye.method, 'BYE')
})

contract('a call that is cancelled while it rings ends with 487', async (t) => {
  const { srf } = await (await server(t)).client()
  const phone = await Peer.start()
  t.after(() => phone.close())
  const { call, request } = placed({ srf, phone })
  const failure = assert.rejects(call, { status: 487 })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: 'c' })
  const made = await request
  await new Promise<void>((resolve) => {
    made.cancel({ headers: { Reason: 'SIP;cause=487;text="gone"' } }, () => resolve())
  })
  const cancel = await phone.request('CANCEL')
  assert.equal(header(cancel, 'via').split(';branch=')[1], header(invite, 'via').split(';branch=')[1])
  assert.equal(header(cancel, 'cseq'), `${header(invite, 'cseq').split(' ')[0]} CANCEL`)
  assert.equal(header(cancel, 'reason'), 'SIP;cause=487;text="gone"')
  phone.answer(cancel, 200)
  phone.answer(invite, 487, { tag: 'c' })
  await phone.request('ACK')
  await failure
})

contract('a late offer: the answer goes out in the ACK', async (t) => {
  const { srf } = await (await server(t)).client()
  const phone = await Peer.start()
  t.after(() => phone.close())
  const call = srf.createUAC(phone.uri(), { noAck: true })
  const invite = await phone.request('INVITE')
  assert.equal(invite.body, '')
  phone.answer(invite, 200, { tag: 'd', body: sdp(5000) })
  const late = await call
  assert.equal(late.sdp, sdp(5000))
  const [dialog, ack] = await Promise.all([late.ack(sdp(4002)), phone.request('ACK')])
  assert.equal(ack.body, sdp(4002))
  assert.equal(header(ack, 'content-type'), 'application/sdp')
  assert.equal(dialog.connected, true)
})

contract('a re-INVITE with an offer, one without, and modify', async (t) => {
  const { srf } = await (await server(t)).client()
  const phone = await Peer.start()
  t.after(() => phone.close())
  const call = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 200, { tag: 'e', body: sdp(5000) })
  await phone.request('ACK')
  const dialog = await call

  const offered = dialog.request({ method: 'INVITE', body: sdp(4004) })
  const second = await phone.request('INVITE')
  assert.equal(tag(header(second, 'to')), 'e')
  assert.equal(second.body, sdp(4004))
  assert.equal(uriOf(header(second, 'contact')), uriOf(header(invite, 'contact')))
  phone.answer(second, 200, { body: sdp(5004) })
  assert.equal(header(await phone.request('ACK'), 'cseq'), `${header(second, 'cseq').split(' ')[0]} ACK`)
  assert.equal((await offered).body, sdp(5004))

  const responses = new Promise<[Response, (options?: { body: string }) => void]>((resolve) => {
    const request = dialog.request as unknown as (
      options: object,
      done: (fault: Error | null, response: Response, ack: (options?: { body: string }) => void) => void,
    ) => void
    request.call(dialog, { method: 'INVITE', noAck: true }, (_, response, ack) => resolve([response, ack]))
  })
  const third = await phone.request('INVITE')
  assert.equal(third.body, '')
  phone.answer(third, 200, { body: sdp(5006) })
  const [response, acknowledge] = await responses
  assert.equal(response.body, sdp(5006))
  acknowledge({ body: sdp(4006) })
  assert.equal((await phone.request('ACK')).body, sdp(4006))

  const modified = dialog.modify(sdp(4008))
  const fourth = await phone.request('INVITE')
  phone.answer(fourth, 200, { body: sdp(5008) })
  await phone.request('ACK')
  assert.equal(await modified, sdp(5008))
})
