/** Session descriptions that phones and PBXs should not send: what they are answered, and what becomes of the call. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { A, B, CALL, header, read, sdp, stage } from './stage.ts'
import type { Side, Stage } from './stage.ts'

const C = 'c=IN IP4 127.0.0.1'
const AUDIO = 'm=audio 40000 RTP/AVP 8'
const text = (...lines: readonly string[]) =>
  ['v=0', 'o=p 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', ...lines, ''].join('\r\n')

/** Nothing of it can be used. */
const USELESS: readonly (readonly [what: string, sdp: string, code: string])[] = [
  ['no c= line', text(AUDIO), 'SDP_NO_ADDRESS'],
  ['port 0', text(C, 'm=audio 0 RTP/AVP 8'), 'SDP_NO_AUDIO'],
  ['a port beyond 65535', text(C, 'm=audio 70000 RTP/AVP 8'), 'SDP_MALFORMED'],
  ['a negative port', text(C, 'm=audio -1 RTP/AVP 8'), 'SDP_MALFORMED'],
  ['a port of letters', text(C, 'm=audio 0x1388 RTP/AVP 8'), 'SDP_MALFORMED'],
  ['no formats', text(C, 'm=audio 40000 RTP/AVP'), 'SDP_MALFORMED'],
  ['100 m-lines', text(C, ...Array.from({ length: 100 }, () => AUDIO)), 'SDP_TOO_LARGE'],
  ['64 KB', text(C, AUDIO, `a=x:${'x'.repeat(60_000)}`), 'SDP_TOO_LARGE'],
  ['another family of addresses', text('c=IN IP6 2001:db8::1', AUDIO), 'SDP_OTHER_FAMILY'],
  ['a name for an address', text('c=IN IP4 phone.example.com', AUDIO), 'SDP_NAME_FOR_ADDRESS'],
  ['a multicast address', text('c=IN IP4 224.2.36.42', AUDIO), 'SDP_MULTICAST'],
  ['a multicast address with its range', text('c=IN IP4 224.2.36.42/127/3', AUDIO), 'SDP_MULTICAST'],
  ['the broadcast address', text('c=IN IP4 255.255.255.255', AUDIO), 'SDP_MULTICAST'],
  ['another kind of network', text('c=ATM NSAP 47.0091', AUDIO), 'SDP_MALFORMED'],
  [
    'payload types beyond 127',
    text(C, 'm=audio 40000 RTP/AVP 128 200', 'a=rtpmap:128 PCMA/8000'),
    'SDP_NO_COMMON_CODEC',
  ],
  ['a rate that PCMA does not have', text(C, AUDIO, 'a=rtpmap:8 PCMA/16000'), 'SDP_NO_COMMON_CODEC'],
  [
    'a number of ours that it says is another codec',
    text(C, AUDIO, 'a=rtpmap:8 G729/8000'),
    'SDP_NO_COMMON_CODEC',
  ],
  [
    'keys and no sound',
    text(C, 'm=audio 40000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'),
    'SDP_NO_COMMON_CODEC',
  ],
  ['SRTP alone', text(C, 'm=audio 40000 RTP/SAVP 8'), 'SDP_NO_AUDIO'],
  ['DTLS-SRTP alone', text(C, 'm=audio 40000 UDP/TLS/RTP/SAVPF 8'), 'SDP_NO_AUDIO'],
  ['feedback alone', text(C, 'm=audio 40000 RTP/AVPF 8'), 'SDP_NO_AUDIO'],
  ['video alone', text(C, 'm=video 40000 RTP/AVP 96'), 'SDP_NO_AUDIO'],
  ['fax alone', text(C, 'm=image 40000 udptl t38'), 'SDP_NO_AUDIO'],
  ['a NUL', text(C, AUDIO, 'a=x:\0'), 'SDP_MALFORMED'],
  ['something else', '<?xml version="1.0"?>', 'SDP_MALFORMED'],
]

/** Odd, and good enough: with what each of its lines is answered. */
const USABLE: readonly (readonly [what: string, sdp: string, lines: readonly RegExp[]])[] = [
  ['bare line ends', text(C, AUDIO).replaceAll('\r\n', '\n'), [/^m=audio [1-9]\d* RTP\/AVP 8$/]],
  [
    'mixed line ends',
    text(C, AUDIO).replace('\r\n', '\n').replace('s=-\r\n', 's=-\r'),
    [/^m=audio [1-9]\d* RTP\/AVP 8$/],
  ],
  ['no o=, s= and t=', `v=0\r\n${C}\r\n${AUDIO}\r\n`, [/^m=audio [1-9]\d* RTP\/AVP 8$/]],
  [
    'the same payload type thrice',
    text(C, 'm=audio 40000 RTP/AVP 8 8 8 0 8'),
    [/^m=audio [1-9]\d* RTP\/AVP 8 0$/],
  ],
  [
    'payload types beyond 127 beside sound ones',
    text(C, 'm=audio 40000 RTP/AVP 300 8 -1 x'),
    [/^m=audio [1-9]\d* RTP\/AVP 8$/],
  ],
  [
    'an address of its own below the line',
    text('c=IN IP4 192.0.2.1', AUDIO, C),
    [/^m=audio [1-9]\d* RTP\/AVP 8$/],
  ],
  [
    'a name where nobody needs an address',
    text(AUDIO, C, 'm=video 5 RTP/AVP 96', 'c=IN IP4 x.example.com'),
    [/^m=audio [1-9]/, /^m=video 0 RTP\/AVP 96$/],
  ],
  [
    'sound in the second of bundled lines',
    text(C, 'a=group:BUNDLE 0 1', 'm=video 40000 RTP/AVP 96', 'a=mid:0', AUDIO, 'a=mid:1'),
    [/^m=video 0 RTP\/AVP 96$/, /^m=audio [1-9]\d* RTP\/AVP 8$/],
  ],
  [
    'SRTP before plain sound, then fax, chat and video',
    text(
      C,
      'm=audio 40002 RTP/SAVP 8',
      'm=audio 40004 UDP/TLS/RTP/SAVPF 8',
      AUDIO,
      'm=image 40006 udptl t38',
      'm=message 9 TCP/MSRP *',
      'm=video 40008 RTP/AVPF 96',
    ),
    [
      /^m=audio 0 RTP\/SAVP 8$/,
      /^m=audio 0 UDP\/TLS\/RTP\/SAVPF 8$/,
      /^m=audio [1-9]\d* RTP\/AVP 8$/,
      /^m=image 0 udptl t38$/,
      /^m=message 0 TCP\/MSRP \*$/,
      /^m=video 0 RTP\/AVPF 96$/,
    ],
  ],
  [
    'two lines of sound',
    text(C, AUDIO, 'm=audio 40010 RTP/AVP 8'),
    [/^m=audio [1-9]\d* RTP\/AVP 8$/, /^m=audio 0 RTP\/AVP 8$/],
  ],
  [
    'a declined line without formats',
    text(C, AUDIO, 'm=video 0 RTP/AVP'),
    [/^m=audio [1-9]/, /^m=video 0 RTP\/AVP 0$/],
  ],
  ['a hold by address', text('c=IN IP4 0.0.0.0', AUDIO), [/^m=audio [1-9]\d* RTP\/AVP 8$/]],
]

describe('the answer of a phone', () => {
  for (const [what, body, code] of USELESS)
    it(`with ${what} is acknowledged, hung up, and told as a refusal`, async (t) => {
      const s = await stage(t)
      const invite = await s.dial(A)
      s.peer.answer(invite, 200, { tag: 'a', body })
      await s.peer.request('ACK')
      s.peer.answer(await s.inDialog({ invite, tag: 'a' }, 'BYE'), 200)
      const { end } = await s.report('leg.ended')
      assert.ok(end.kind === 'refused' && end.status === 488, JSON.stringify(end))
      assert.ok(end.reason.startsWith(code), end.reason)
      assert.ok(!s.events.some(({ type }) => type === 'leg.answered'))
    })

  it('of the callee, where it is useless, ends the callee’s leg alone', async (t) => {
    const s = await stage(t)
    const a = await s.answered(A, sdp({ port: 40000 }))
    const invite = await s.dial(B)
    s.peer.answer(invite, 200, { tag: 'b', body: text(AUDIO) })
    s.peer.answer(await s.inDialog({ invite, tag: 'b' }, 'BYE'), 200)
    const ended = await s.report('leg.ended')
    assert.equal(ended.leg, B)
    await s.send(a.side, 'OPTIONS', 1)
    assert.equal((await s.peer.response('OPTIONS')).status, 200)
    s.legs.release(A)
    s.peer.answer(await s.inDialog(a.side, 'BYE'), 200)
    assert.equal((await s.report('leg.ended')).leg, A)
  })

  for (const [what, body] of USABLE)
    it(`with ${what} will do`, async (t) => {
      const s = await stage(t)
      await s.answered(A, body)
    })
})

describe('the offer of a phone that is asked for one', () => {
  for (const [what, body, lines] of USABLE)
    it(`with ${what} is answered line by line`, async (t) => {
      const s = await stage(t, { trunk: { offer: 'late' } })
      const { ack } = await s.answered(A, body)
      told(ack.body, lines)
    })

  for (const [what, body, code] of USELESS)
    it(`with ${what} is declined, and the phone hung up`, async (t) => {
      const s = await stage(t, { trunk: { offer: 'late' } })
      const invite = await s.dial(A)
      s.peer.answer(invite, 200, { tag: 'a', body })
      const ack = await s.peer.request('ACK')
      // What cannot be read cannot be answered; what can has each of its lines declined.
      for (const line of linesOf(ack.body)) assert.match(line, /^m=\S+ 0 /)
      s.peer.answer(await s.inDialog({ invite, tag: 'a' }, 'BYE'), 200)
      const { end } = await s.report('leg.ended')
      assert.ok(end.kind === 'refused' && end.reason.startsWith(code), JSON.stringify(end))
    })
})

describe('a re-INVITE', () => {
  it('that is useless is answered 488 with the reason, and what stood goes on standing', async (t) => {
    const s = await stage(t)
    const { side, invite } = await s.answered(A, sdp({ port: 40000 }))
    let seq = 0
    for (const [what, body, code] of USELESS) {
      for (const method of ['INVITE', 'UPDATE']) {
        await s.send(side, method, ++seq, { body })
        const answer = await s.peer.response(method)
        assert.equal(answer.status, 488, what)
        assert.equal(header(answer, 'warning'), `399 dialback "${code}"`, what)
        if (method === 'INVITE') await s.send(side, 'ACK', seq)
      }
    }
    const good = await again(s, side, seq + 1, sdp({ port: 40020, version: 9 }))
    assert.equal(read(good).port, read(invite.body).port)
    s.legs.release(A)
    s.peer.answer(await s.inDialog(side, 'BYE'), 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
  })

  it('that is odd is answered line by line', async (t) => {
    const s = await stage(t)
    let seq = 0
    for (const [what, body, lines] of USABLE) {
      const leg = `c_odd${++seq}.1` as typeof A
      const { side } = await s.answered(leg, sdp({ port: 40000 }))
      told(await again(s, side, 1, body), lines, what)
    }
  })

  it('while the phones send to each other, without an address, is refused; the other phone is told nothing', async (t) => {
    const { s, a, b } = await direct(t)
    await s.send(a, 'INVITE', 5, { body: text(AUDIO) })
    assert.equal((await s.peer.response('INVITE', 488)).status, 488)
    await s.send(a, 'ACK', 5)
    const answer = read(await again(s, a, 6, sdp({ port: 40000, direction: 'sendonly', version: 3 })))
    assert.deepEqual([answer.port, answer.direction], [41000, 'recvonly'])
    // The first that the other phone hears of is the one that was taken.
    assert.equal(read((await s.inDialog(b, 'INVITE')).body).direction, 'sendonly')
  })

  it('while the phones send to each other, that holds by address, is carried on as a hold', async (t) => {
    const { s, a, b } = await direct(t)
    const answer = read(await again(s, a, 5, sdp({ port: 40000, address: '0.0.0.0', version: 3 })))
    assert.equal(answer.port, 41000)
    const held = await s.inDialog(b, 'INVITE')
    assert.deepEqual([read(held.body).address, read(held.body).direction], ['0.0.0.0', 'inactive'])
    s.peer.answer(held, 200, { body: sdp({ port: 41000, direction: 'inactive', version: 3 }) })
    await s.inDialog(b, 'ACK')
    await again(s, a, 6, sdp({ port: 40000, version: 4 }))
    const resumed = read((await s.inDialog(b, 'INVITE')).body)
    assert.deepEqual([resumed.address, resumed.port, resumed.direction], ['127.0.0.1', 40000, 'sendrecv'])
  })
})

/** Two phones that send to each other: A at 40000, B at 41000. */
async function direct(t: Parameters<typeof stage>[0]): Promise<{ s: Stage; a: Side; b: Side }> {
  const s = await stage(t)
  const { side: a } = await s.answered(A, sdp({ port: 40000 }))
  const { side: b } = await s.answered(B, sdp({ port: 41000 }))
  s.legs.plan(CALL, { kind: 'direct', legs: [A, B] })
  s.peer.answer(await s.inDialog(a, 'INVITE'), 200, { body: sdp({ port: 40000, version: 2 }) })
  s.peer.answer(await s.inDialog(b, 'INVITE'), 200, { body: sdp({ port: 41000, version: 2 }) })
  await s.inDialog(a, 'ACK')
  await s.inDialog(b, 'ACK')
  assert.equal((await s.report('media.settled')).plan, 'direct')
  return { s, a, b }
}

/** A re-INVITE of the phone that is taken. @returns the answer */
async function again(s: Stage, side: Side, seq: number, body: string): Promise<string> {
  await s.send(side, 'INVITE', seq, { body })
  const answer = await s.peer.response('INVITE')
  assert.equal(answer.status, 200, header(answer, 'warning'))
  await s.send(side, 'ACK', seq)
  return answer.body
}

function told(body: string, lines: readonly RegExp[], what = ''): void {
  const said = linesOf(body)
  assert.equal(said.length, lines.length, `${what}\n${body}`)
  for (const [i, line] of lines.entries()) assert.match(said[i] ?? '', line, what)
}

const linesOf = (body: string): readonly string[] =>
  body.split('\r\n').filter((line) => line.startsWith('m='))
