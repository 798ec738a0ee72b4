import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { SipUri } from '../../src/core/ids.ts'
import { Peer } from '../contract/peer.ts'
import { A, CALL, header, headersOf, NUMBER, read, sdp, stage, uriOf } from './stage.ts'

const ANSWER = sdp({ port: 40000 })

describe('a leg that is answered', () => {
  it('rings, is acknowledged, and ends when the far side hangs up', async (t) => {
    const s = await stage(t)
    const { legs, peer } = s
    const invite = await s.dial(A, {
      from: { number: '+34910000099', name: 'Bob "the PBX" Marín\r\nEvil: 1' },
    })
    assert.equal(invite.uri, `sip:${NUMBER}@${peer.hostPort}`)
    const from = header(invite, 'from')
    assert.ok(from.startsWith('"Bob \\"the PBX\\" Marín Evil: 1" <sip:+34910000099@127.0.0.1>'), from)
    assert.equal(header(invite, 'evil'), '')
    assert.equal(header(invite, 'p-asserted-identity'), from.replace(/;tag=.*/, ''))
    const offer = read(invite.body)
    assert.match(offer.audio, /^m=audio \d+ RTP\/AVP 8 0 101$/)
    assert.equal(offer.port % 2, 0)

    peer.answer(invite, 180, { tag: 'a1' })
    assert.deepEqual(await s.report('leg.ringing'), {
      type: 'leg.ringing',
      leg: A,
      status: 180,
      earlyMedia: false,
    })
    peer.answer(invite, 200, { tag: 'a1', body: ANSWER })
    const ack = await peer.request('ACK')
    assert.equal(ack.body, '')
    assert.deepEqual(await s.report('leg.answered'), { type: 'leg.answered', leg: A })

    await s.send({ invite, tag: 'a1' }, 'BYE', 1, { fields: { Reason: 'Q.850;cause=16;text="bye"' } })
    assert.equal((await peer.response('BYE')).status, 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'hungUp', q850: 16 })
    assert.deepEqual(s.events, [])
    assert.deepEqual(
      legs.forget(CALL).map(({ direction, line }) => `${direction} ${line}`),
      [
        `out INVITE sip:${NUMBER}@${peer.hostPort} SIP/2.0`,
        'in SIP/2.0 180 Whatever',
        'in SIP/2.0 200 Whatever',
        `out ${ack.start}`,
        `in BYE ${uriOf(header(invite, 'contact'))} SIP/2.0`,
        'out SIP/2.0 200 OK',
      ],
    )
    assert.deepEqual(legs.forget(CALL), [])
  })

  it('ends with BYE when it is released', async (t) => {
    const s = await stage(t)
    const { side } = await s.answered(A, ANSWER)
    await s.report('leg.ringing')
    s.legs.release(A)
    s.legs.release(A)
    const bye = await s.inDialog(side, 'BYE')
    s.peer.answer(bye, 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.deepEqual(s.events, [])
  })

  it('ends once when both sides hang up at the same moment', async (t) => {
    const s = await stage(t)
    const { side } = await s.answered(A, ANSWER)
    await s.report('leg.ringing')
    s.legs.release(A)
    const ours = await s.inDialog(side, 'BYE')
    await s.send(side, 'BYE', 1)
    assert.equal((await s.peer.response('BYE')).status, 200)
    s.peer.answer(ours, 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.deepEqual(s.events, [])
  })

  it('answers an UPDATE before the answer with what it has, not with the first offer', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    const side = { invite, tag: 'e' }
    s.peer.answer(invite, 183, { tag: 'e', body: ANSWER })
    await s.report('leg.ringing')
    await s.send(side, 'UPDATE', 1, { body: sdp({ port: 40020, codecs: ['0 PCMU/8000'] }) })
    const answer = await s.peer.response('UPDATE', 200)
    assert.match(read(answer.body).audio, / RTP\/AVP 0$/)
    assert.equal(read(answer.body).version, read(invite.body).version + 1)
    s.peer.answer(invite, 200, { tag: 'e' })
    await s.report('leg.answered')
  })

  it('reports early media once, with the first SDP before the answer', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 183, { tag: 'e' })
    assert.deepEqual(await s.report('leg.ringing'), {
      type: 'leg.ringing',
      leg: A,
      status: 183,
      earlyMedia: false,
    })
    s.peer.answer(invite, 183, { tag: 'e', body: ANSWER })
    assert.deepEqual(await s.report('leg.ringing'), {
      type: 'leg.ringing',
      leg: A,
      status: 183,
      earlyMedia: true,
    })
    s.peer.answer(invite, 180, { tag: 'e' })
    s.peer.answer(invite, 200, { tag: 'e' })
    await s.peer.request('ACK')
    await s.report('leg.answered')
    assert.deepEqual(s.events, [])
  })

  it('takes the answer of one fork; the server acknowledges and ends the other', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 200, { tag: 'one', body: ANSWER })
    s.peer.answer(invite, 200, { tag: 'two', body: sdp({ port: 40002 }) })
    const bye = await s.peer.request('BYE')
    assert.match(header(bye, 'to'), /tag=two/)
    s.peer.answer(bye, 200)
    await s.report('leg.answered')
    assert.deepEqual(s.events, [])
  })

  it('is offered late where the trunk wants it so: our answer is in the ACK', async (t) => {
    const s = await stage(t, { trunk: { offer: 'late' } })
    const invite = await s.dial()
    assert.equal(invite.body, '')
    const offer = sdp({ port: 40000, codecs: ['9 G722/8000', '0 PCMU/8000', '97 telephone-event/8000'] })
    s.peer.answer(invite, 200, { tag: 'l', body: offer })
    const ack = await s.peer.request('ACK')
    assert.match(read(ack.body).audio, /^m=audio \d+ RTP\/AVP 0 97$/)
    await s.report('leg.answered')
  })

  it('is ended at once when its SDP cannot be used', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 200, { tag: 'x', body: sdp({ port: 40000, codecs: ['111 opus/48000/2'] }) })
    await s.peer.request('ACK')
    s.peer.answer(await s.peer.request('BYE'), 200)
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 488 && end.reason.startsWith('SDP_NO_COMMON_CODEC'))
    assert.deepEqual(s.events, [])
  })

  it('is lost when the far side knows nothing of it any more', async (t) => {
    const s = await stage(t)
    const a = await s.answered(A, ANSWER)
    s.legs.plan(CALL, { kind: 'direct', legs: [A, A] })
    const reinvite = await s.inDialog(a.side, 'INVITE')
    s.peer.answer(reinvite, 481)
    const { end } = await s.report('leg.ended')
    assert.equal(end.kind, 'lost')
  })
})

describe('a leg that is released before its answer', () => {
  it('is cancelled, and ends with the 487', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 180, { tag: 'r' })
    await s.report('leg.ringing')
    s.legs.release(A)
    const cancel = await s.peer.request('CANCEL')
    s.peer.answer(cancel, 200)
    s.peer.answer(invite, 487, { tag: 'r' })
    await s.peer.request('ACK')
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.deepEqual(s.events, [])
  })

  it('is cancelled only after the far side has answered anything (RFC 3261 9.1)', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.legs.release(A)
    s.peer.answer(invite, 100)
    const cancel = await s.peer.request('CANCEL')
    assert.deepEqual(s.peer.ladder.slice(-3), [
      `${s.peer.port} ◄── ${invite.start}`,
      `${s.peer.port} ──► SIP/2.0 100 Whatever`,
      `${s.peer.port} ◄── ${cancel.start}`,
    ])
    s.peer.answer(cancel, 200)
    s.peer.answer(invite, 487, { tag: 'r' })
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
  })

  it('never reports a 200 that crosses the CANCEL: it is acknowledged and ended, once', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 180, { tag: 'x' })
    await s.report('leg.ringing')
    s.legs.release(A)
    const cancel = await s.peer.request('CANCEL')
    s.peer.answer(invite, 200, { tag: 'x', body: ANSWER })
    s.peer.answer(cancel, 200)
    await s.peer.request('ACK')
    s.peer.answer(await s.peer.request('BYE'), 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.deepEqual(s.events, [])
    assert.deepEqual(s.peer.unread('BYE'), [])
  })

  it('is not even dialled when it is released at once', async (t) => {
    const s = await stage(t)
    s.legs.dial({
      call: CALL,
      leg: A,
      to: { kind: 'extension', extension: '1002' },
      from: { number: '1001' },
    })
    s.legs.release(A)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.deepEqual(s.peer.unread('INVITE'), [])
  })
})

describe('a leg that is refused', () => {
  const cases: [status: number, fields: Record<string, string>, end: object][] = [
    [486, {}, { kind: 'refused', status: 486, reason: 'Whatever' }],
    [
      480,
      { Reason: 'SIP;cause=480, Q.850;cause=19;text="No answer"' },
      { kind: 'refused', status: 480, reason: 'Whatever', q850: 19, sip: 480 },
    ],
    [603, {}, { kind: 'refused', status: 603, reason: 'Whatever' }],
    [408, {}, { kind: 'refused', status: 408, reason: 'Whatever' }],
    [503, {}, { kind: 'refused', status: 503, reason: 'Whatever' }],
    [
      302,
      { Contact: '"Bob" <sip:+34600000002@pbx.example.com>;q=1' },
      { kind: 'refused', status: 302, reason: 'Whatever', contact: 'sip:+34600000002@pbx.example.com' },
    ],
  ]
  for (const [status, fields, end] of cases)
    it(`tells the ${status} of the far side`, async (t) => {
      const s = await stage(t)
      const invite = await s.dial()
      s.peer.answer(invite, status, { tag: 'no', fields })
      await s.peer.request('ACK')
      assert.deepEqual((await s.report('leg.ended')).end, end)
      assert.deepEqual(s.events, [])
      assert.equal(s.legs.trunks()[0]?.state, 'up')
    })

  it('that is, nobody answers at all: the leg ends silent and the trunk is down', async (t) => {
    const s = await stage(t, { t1: 20 })
    await s.dial()
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'silent' })
    assert.equal(s.legs.trunks()[0]?.state, 'down')
  })

  it('that is, nobody listens there: the leg cannot be sent', async (t) => {
    const s = await stage(t, { trunk: { uri: 'sip:127.0.0.1:9' } })
    s.legs.dial({ call: CALL, leg: A, to: { kind: 'number', number: NUMBER }, from: { number: '1001' } })
    assert.equal((await s.report('leg.ended')).end.kind, 'unsendable')
    assert.equal(s.legs.trunks()[0]?.state, 'down')
    assert.equal(s.legs.ready(), true)
  })
})

describe('credentials', () => {
  for (const [status, ask, give] of [
    [401, 'WWW-Authenticate', 'authorization'],
    [407, 'Proxy-Authenticate', 'proxy-authorization'],
  ] as const)
    it(`answer a ${status} in the same call, one CSeq later, and do not stand in the ladder`, async (t) => {
      const s = await stage(t, { trunk: { user: 'bot', password: 's3cret' } })
      const invite = await s.dial()
      s.peer.answer(invite, status, {
        tag: 'q',
        fields: { [ask]: 'Digest realm="pbx", nonce="abc", qop="auth", algorithm=MD5' },
      })
      await s.peer.request('ACK')
      const again = await s.peer.request('INVITE')
      assert.equal(header(again, 'call-id'), header(invite, 'call-id'))
      assert.equal(header(again, 'from'), header(invite, 'from'))
      assert.equal(Number.parseInt(header(again, 'cseq')), Number.parseInt(header(invite, 'cseq')) + 1)
      assert.equal(again.body, invite.body)
      const credentials = header(again, give)
      assert.match(credentials, /^Digest username="bot", realm="pbx", nonce="abc", uri="sip:\+34910000001@/)
      s.peer.answer(again, 200, { tag: 'q2', body: ANSWER })
      await s.report('leg.answered')
      const ladder = s.legs
        .ladder(CALL)
        .map(({ text }) => text)
        .join()
      assert.ok(!ladder.includes('username="bot"') && ladder.includes('[removed]'))
    })

  it('that are wrong are not tried again and again', async (t) => {
    const s = await stage(t, { trunk: { user: 'bot', password: 'wrong' } })
    const fields = { 'WWW-Authenticate': 'Digest realm="pbx", nonce="abc"' }
    s.peer.answer(await s.dial(), 401, { tag: 'q', fields })
    s.peer.answer(await s.peer.request('INVITE'), 401, { tag: 'q2', fields })
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 401)
    assert.deepEqual(s.peer.unread('INVITE'), [])
  })

  it("are the trunk's alone: another host that asks for them gets none", async (t) => {
    const s = await stage(t, { trunk: { user: 'bot', password: 's3cret' } })
    const stranger = await Peer.start()
    t.after(() => stranger.close())
    s.legs.dial({
      call: CALL,
      leg: A,
      to: { kind: 'uri', uri: `sip:room@${stranger.hostPort}` as SipUri },
      from: { number: '1001' },
    })
    const fields = { 'WWW-Authenticate': 'Digest realm="pbx", nonce="abc"' }
    stranger.answer(await stranger.request('INVITE'), 401, { tag: 'q', fields })
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 401)
    assert.deepEqual(stranger.unread('INVITE'), [])
  })

  it('are given for a BYE as well', async (t) => {
    const s = await stage(t, { trunk: { user: 'bot', password: 's3cret' } })
    const { side } = await s.answered(A, ANSWER)
    s.legs.release(A)
    const fields = { 'Proxy-Authenticate': 'Digest realm="pbx", nonce="abc"' }
    s.peer.answer(await s.inDialog(side, 'BYE'), 407, { fields })
    const again = await s.inDialog(side, 'BYE')
    assert.notEqual(header(again, 'proxy-authorization'), '')
    s.peer.answer(again, 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
  })
})

describe('the trunk', () => {
  it('writes numbers in its own form, extensions as they are; addresses go untouched to their own host', async (t) => {
    const s = await stage(t, {
      trunk: { numbers: { out: '00', prefix: '9', in: 'e164', digits: 4 }, identity: 'rpid' },
    })
    const host = s.peer.hostPort
    const first = await s.dial(A, { from: { number: '1001', name: 'Ann' } })
    assert.equal(first.uri, `sip:90034910000001@${host}`)
    assert.equal(
      header(first, 'remote-party-id'),
      '"Ann" <sip:1001@127.0.0.1>;party=calling;privacy=off;screen=yes',
    )
    assert.deepEqual(headersOf(first, 'p-asserted-identity'), [])
    const call = (n: string) => `c_${n}` as typeof CALL
    const leg = (n: string) => `c_${n}.1` as typeof A
    s.legs.dial({
      call: call('x'),
      leg: leg('x'),
      to: { kind: 'extension', extension: '*72#' },
      from: { number: '1001' },
    })
    assert.equal((await s.peer.request('INVITE')).uri, `sip:*72%23@${host}`)
    const bridge = await Peer.start()
    t.after(() => {
      bridge.close()
    })
    const uri = `sip:room@${bridge.hostPort}` as SipUri
    s.legs.dial({ call: call('y'), leg: leg('y'), to: { kind: 'uri', uri }, from: { number: '1001' } })
    const elsewhere = await bridge.request('INVITE')
    assert.equal(elsewhere.uri, uri)
    bridge.answer(elsewhere, 486, { tag: 'b' })
    await s.report('leg.ended')
  })

  it('may be TCP', async (t) => {
    const s = await stage(t, { transport: 'tcp' })
    const { invite, side } = await s.answered(A, ANSWER)
    assert.match(header(invite, 'via'), /^SIP\/2\.0\/TCP/)
    s.legs.release(A)
    s.peer.answer(await s.inDialog(side, 'BYE'), 200)
    await s.report('leg.ended')
  })
})

describe('the far side, inside the dialog', () => {
  it('keys a digit by INFO, is refused a transfer, and asks whether we are there', async (t) => {
    const s = await stage(t)
    const { side } = await s.answered(A, ANSWER)
    await s.send(side, 'INFO', 1, {
      body: 'Signal=5\r\nDuration=160\r\n',
      fields: { 'Content-Type': 'application/dtmf-relay' },
    })
    assert.equal((await s.peer.response('INFO')).status, 200)
    assert.deepEqual(await s.report('leg.digit'), { type: 'leg.digit', leg: A, digit: '5' })
    await s.send(side, 'REFER', 2, { fields: { 'Refer-To': '<sip:1009@127.0.0.1>' } })
    assert.equal((await s.peer.response('REFER')).status, 603)
    await s.send(side, 'OPTIONS', 3)
    assert.equal((await s.peer.response('OPTIONS')).status, 200)
    await s.send(side, 'UPDATE', 4)
    assert.equal((await s.peer.response('UPDATE')).status, 200)
    await s.send(side, 'MESSAGE', 5)
    assert.equal((await s.peer.response('MESSAGE')).status, 405)
    assert.ok(
      !s.legs.ladder(CALL).some(({ text }) => text.includes('Signal=5')),
      'a digit stands in the ladder',
    )
  })

  it('holds and resumes: our session goes on with the next version', async (t) => {
    const s = await stage(t)
    const { invite, side } = await s.answered(A, ANSWER)
    const first = read(invite.body)
    await s.send(side, 'INVITE', 1, { body: sdp({ port: 40000, direction: 'sendonly', version: 2 }) })
    const held = read((await s.peer.response('INVITE', 200)).body)
    assert.equal(held.direction, 'recvonly')
    assert.deepEqual([held.origin, held.version, held.port], [first.origin, first.version + 1, first.port])
    await s.send(side, 'ACK', 1)
    await s.send(side, 'INVITE', 2, { body: sdp({ port: 40000, version: 3 }) })
    assert.equal(read((await s.peer.response('INVITE', 200)).body).direction, 'sendrecv')
    await s.send(side, 'ACK', 2)
  })

  it('asks for our offer, and is answered 488 for one that cannot be taken', async (t) => {
    const s = await stage(t)
    const { invite, side } = await s.answered(A, ANSWER)
    await s.send(side, 'INVITE', 1)
    const offer = read((await s.peer.response('INVITE', 200)).body)
    assert.equal(offer.port, read(invite.body).port)
    await s.send(side, 'ACK', 1, { body: sdp({ port: 40010 }) })
    await s.send(side, 'INVITE', 2, { body: sdp({ port: 40000, codecs: ['111 opus/48000/2'] }) })
    assert.equal((await s.peer.response('INVITE')).status, 488)
  })
})
