import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Response } from './drachtio.ts'
import type { Message } from './peer.ts'
import { header, Peer, sdp, tag } from './peer.ts'
import { event, placed, stage } from './story.ts'
import { contract } from './suite.ts'

for (const status of [302, 403, 404, 480, 486, 488, 503, 600, 603]) {
  contract(`a call that is answered ${status} fails with it, and the server acknowledges`, async (t) => {
    const { srf, phone } = await stage(t)
    const call = assert.rejects(srf.createUAC(phone.uri(), { localSdp: sdp(4000) }), {
      status,
      reason: 'Because',
    })
    const invite = await phone.request('INVITE')
    phone.answer(invite, status, { tag: 'x', reason: 'Because', fields: { 'X-Why': 'so' } })
    const ack = await phone.request('ACK')
    assert.equal(ack.uri, invite.uri)
    assert.equal(header(ack, 'via'), header(invite, 'via'))
    assert.equal(tag(header(ack, 'to')), 'x')
    assert.equal(header(ack, 'cseq'), header(invite, 'cseq').replace('INVITE', 'ACK'))
    await call
  })
}

function digestOf(message: Message, name: string): Record<string, string> {
  const fields = header(message, name).replace(/^Digest /, '')
  return Object.fromEntries(
    [...fields.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, key, value]) => [key, value]),
  ) as Record<string, string>
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

const CHALLENGES = [
  [401, 'WWW-Authenticate', 'authorization'],
  [407, 'Proxy-Authenticate', 'proxy-authorization'],
] as const

for (const [status, asks, gives] of CHALLENGES) {
  contract(`a call that is asked for credentials by ${status} goes on with them`, async (t) => {
    const { srf, phone } = await stage(t)
    const call = srf.createUAC(phone.uri(), {
      localSdp: sdp(4000),
      headers: { From: '<sip:bot@example.com>' },
      auth: { username: 'bot', password: 'secret' },
    })
    const first = await phone.request('INVITE')
    phone.answer(first, status, {
      tag: 'x',
      fields: { [asks]: 'Digest realm="pbx",nonce="n1",algorithm=MD5,qop="auth"' },
    })
    await phone.request('ACK')
    const second = await phone.request('INVITE')
    assert.equal(header(second, 'call-id'), header(first, 'call-id'))
    assert.equal(header(second, 'from'), header(first, 'from'))
    assert.equal(tag(header(second, 'to')), '')
    assert.equal(Number.parseInt(header(second, 'cseq')), Number.parseInt(header(first, 'cseq')) + 1)
    assert.notEqual(header(second, 'via'), header(first, 'via'))
    assert.equal(second.body, sdp(4000))
    const digest = digestOf(second, gives)
    const ha2 = md5(`INVITE:${digest['uri']}`)
    const expected = md5(`${md5('bot:pbx:secret')}:n1:${digest['nc']}:${digest['cnonce']}:auth:${ha2}`)
    assert.equal(digest['response'], expected)
    phone.answer(second, 200, { tag: 'y', body: sdp(5000) })
    await phone.request('ACK')
    assert.equal((await call).sip.remoteTag, 'y')
  })
}

contract('credentials that are refused end the call with 401, once', async (t) => {
  const { srf, phone } = await stage(t)
  const call = assert.rejects(
    srf.createUAC(phone.uri(), { localSdp: sdp(4000), auth: { username: 'bot', password: 'wrong' } }),
    { status: 401 },
  )
  for (const nonce of ['n1', 'n2']) {
    const invite = await phone.request('INVITE')
    phone.answer(invite, 401, {
      tag: nonce,
      fields: { 'WWW-Authenticate': `Digest realm="pbx",nonce="${nonce}"` },
    })
    await phone.request('ACK')
  }
  await call
  assert.equal(phone.unread('INVITE').length, 0)
})

contract('a 200 that crosses our CANCEL is acknowledged, then hung up', async (t) => {
  const { srf, phone } = await stage(t)
  const { call, request, rings } = placed({ srf, phone })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 180, { tag: 'c' })
  await rings
  ;(await request).cancel()
  const cancel = await phone.request('CANCEL')
  phone.answer(invite, 200, { tag: 'c', body: sdp(5000) })
  phone.answer(cancel, 200)
  await phone.request('ACK')
  const bye = await phone.request('BYE')
  assert.equal(tag(header(bye, 'to')), 'c')
  phone.answer(bye, 200)
  const dialog = await call
  if (dialog.connected) await event(dialog, 'destroy')
  assert.equal(srf.findDialogById(dialog.id), undefined)
})

contract('a CANCEL before any response waits for one', async (t) => {
  const { srf, phone } = await stage(t)
  const { call, request } = placed({ srf, phone })
  const failure = assert.rejects(call, { status: 487 })
  const invite = await phone.request('INVITE')
  ;(await request).cancel()
  // A retransmission: by now a CANCEL sent at once would be here.
  await phone.next((message) => message.method === 'INVITE', 'INVITE again')
  assert.equal(phone.unread('CANCEL').length, 0)
  phone.answer(invite, 180, { tag: 'c' })
  phone.answer(await phone.request('CANCEL'), 200)
  phone.answer(invite, 487, { tag: 'c' })
  await phone.request('ACK')
  await failure
})

contract('a call that nobody answers fails with 408', async (t) => {
  const { srf, phone, t1 } = await stage(t, { t1: 20 })
  const begun = performance.now()
  await assert.rejects(srf.createUAC(phone.uri(), { localSdp: sdp(4000) }), { status: 408 })
  const took = performance.now() - begun
  assert.ok(took >= 60 * t1 && took < 90 * t1 + 1000, `64 T1 are ${64 * t1} ms, it took ${took}`)
  // drachtio-server looks at its timers every 500 ms, whatever T1; the machine's own test has each one of sipd's.
  assert.ok(phone.unread('INVITE').length >= 3, `${phone.unread('INVITE').length} INVITEs`)
})

contract('a call to a port that nobody listens on fails at once', async (t) => {
  const { srf } = await stage(t)
  const gone = await Peer.start()
  const uri = gone.uri()
  gone.close()
  const begun = performance.now()
  await assert.rejects(srf.createUAC(uri, { localSdp: sdp(4000) }), { status: 503 })
  assert.ok(performance.now() - begun < 2_000)
})

contract('an answer that the server itself makes says why in a Warning', async (t) => {
  const { srf } = await stage(t)
  const gone = await Peer.start()
  const uri = gone.uri()
  gone.close()
  await assert.rejects(srf.createUAC(uri, { localSdp: sdp(4000) }), (fault: Error & { res: Response }) => {
    const warning = fault.res.get('Warning') as string | undefined
    assert.match(warning ?? 'none', /nobody listens/)
    return true
  })
})

contract('the server does not call itself', async (t) => {
  const { srf, sip } = await stage(t)
  await assert.rejects(
    srf.createUAC(`sip:x@${sip.udp.host}:${sip.udp.port}`, { localSdp: sdp(4000) }),
    /myself/,
  )
})

contract('a transport that the server does not have is refused', async (t) => {
  const { srf, phone } = await stage(t)
  const uri = `sip:x@${phone.hostPort};transport=sctp`
  await assert.rejects(srf.createUAC(uri, { localSdp: sdp(4000) }), /transport not available/)
})
