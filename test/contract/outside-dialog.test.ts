import assert from 'node:assert/strict'
import type { Request, Response } from './drachtio.ts'
import type { Address, Peer } from './peer.ts'
import { header, tag, unique } from './peer.ts'
import { stage } from './story.ts'
import { contract } from './suite.ts'

function ask(phone: Peer, to: Address, method: string, callId = unique('c')): Promise<string> {
  const uri = `sip:${to.host}:${to.port}`
  const from = `<sip:1@${phone.hostPort}>;tag=${unique('f')}`
  return phone.send(to, { method, uri, from, to: `<${uri}>`, callId, cseq: `1 ${method}` })
}

contract('OPTIONS goes out and its answer comes back', async (t) => {
  const { srf, phone } = await stage(t)
  for (const status of [200, 404, 503]) {
    const request = await srf.request(phone.uri(''), {
      method: 'OPTIONS',
      headers: { 'User-Agent': 'dialback' },
    })
    const response = new Promise<Response>((resolve) => request.once('response', resolve))
    const options = await phone.request('OPTIONS')
    assert.equal(header(options, 'user-agent'), 'dialback')
    phone.answer(options, status, { tag: 'o' })
    assert.equal((await response).status, status)
    assert.equal((await response).source_address, '127.0.0.1')
  }
})

contract('REGISTER goes out, and again with credentials', async (t) => {
  const { srf, phone } = await stage(t)
  const request = await srf.request(phone.uri(''), {
    method: 'REGISTER',
    headers: {
      To: '<sip:bot@example.com>',
      From: '<sip:bot@example.com>',
      Contact: '<sip:bot@localhost>',
      Expires: '60',
    },
    auth: { username: 'bot', password: 'secret' },
  })
  const response = new Promise<Response>((resolve) => request.once('response', resolve))
  const first = await phone.request('REGISTER')
  assert.doesNotMatch(header(first, 'contact'), /localhost/)
  assert.match(header(first, 'contact'), /^<sip:bot@127\.0\.0\.1:\d+>/)
  phone.answer(first, 401, { tag: 'g', fields: { 'WWW-Authenticate': 'Digest realm="pbx",nonce="n"' } })
  const second = await phone.request('REGISTER')
  assert.match(header(second, 'authorization'), /username="bot"/)
  assert.equal(header(second, 'call-id'), header(first, 'call-id'))
  phone.answer(second, 200, { tag: 'g', fields: { Expires: '60' } })
  assert.equal((await response).status, 200)
})

contract('OPTIONS that nobody answers is sent again, then fails with 408', async (t) => {
  const { srf, phone, t1 } = await stage(t, { t1: 20 })
  const request = await srf.request(phone.uri(''), { method: 'OPTIONS' })
  const response = await new Promise<Response>((resolve) => request.once('response', resolve))
  assert.equal(response.status, 408)
  assert.ok(phone.unread('OPTIONS').length >= 8, `T1 ${t1}: ${phone.unread('OPTIONS').length} OPTIONS`)
})

contract('OPTIONS from outside reaches an application that asked for it', async (t) => {
  const { phone, sip } = await stage(t, {
    prepare: (srf) =>
      srf.options((_request, response) => response.send(200, { headers: { 'X-App': 'yes' } })),
  })
  await ask(phone, sip.udp, 'OPTIONS')
  const response = await phone.response('OPTIONS')
  assert.equal(response.status, 200)
  assert.equal(header(response, 'x-app'), 'yes')
  assert.notEqual(tag(header(response, 'to')), '')
})

contract('a request sent again is answered again, and the application hears it once', async (t) => {
  const heard: Request[] = []
  const { phone, sip } = await stage(t, {
    prepare: (srf) =>
      srf.message((request, response) => {
        heard.push(request)
        response.send(202)
      }),
  })
  const sent = await ask(phone, sip.udp, 'MESSAGE')
  const first = await phone.response('MESSAGE', 202)
  await phone.raw(sip.udp, sent)
  assert.deepEqual((await phone.response('MESSAGE', 202)).headers, first.headers)
  assert.equal(heard.length, 1)
})

contract('what no application asked for is refused; OPTIONS only while there is none at all', async (t) => {
  const { phone, sip } = await stage(t)
  await ask(phone, sip.udp, 'MESSAGE')
  assert.equal((await phone.response('MESSAGE')).status, 503)
  await ask(phone, sip.udp, 'OPTIONS')
  const options = await phone.response('OPTIONS')
  assert.equal(options.status, 200)
  assert.match(header(options, 'allow'), /INVITE.*BYE/)
  await ask(phone, sip.udp, 'REFER')
  assert.equal((await phone.response('REFER')).status, 405)
  await ask(phone, sip.udp, 'FROBNICATE')
  assert.equal((await phone.response('FROBNICATE')).status, 501)
})
