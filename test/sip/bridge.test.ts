import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { RtpPhone, strength } from '../media/phone.ts'
import type { Heard } from '../media/phone.ts'
import { A, B, CALL, fastClock, header, read, sdp, stage } from './stage.ts'
import type { Message, Side, Stage } from './stage.ts'

const DIRECT = { kind: 'direct', legs: [A, B] } as const
const G722 = ['9 G722/8000', '8 PCMA/8000', '101 telephone-event/8000']

/** A packet that is not silence. */
const sounding = ({ payload }: Heard) => new Set(payload).size > 2

type Talk = {
  readonly s: Stage
  readonly a: Side & { readonly port: number }
  readonly b: Side & { readonly port: number }
}

/** Both legs answered with G.711 on these ports; the bot's own ports stand in the INVITEs. */
async function talk(
  t: TestContext,
  options: Parameters<typeof stage>[1] = {},
  ports: readonly [number, number] = [40000, 41000],
): Promise<Talk> {
  const s = await stage(t, options)
  const a = await s.answered(A, sdp({ port: ports[0] }))
  const b = await s.answered(B, sdp({ port: ports[1] }))
  return {
    s,
    a: { ...a.side, port: read(a.invite.body).port },
    b: { ...b.side, port: read(b.invite.body).port },
  }
}

/** Answers A's empty re-INVITE with an offer, and takes the re-INVITE that B gets for it. */
async function askA({ s, a, b }: Talk, offer: string): Promise<{ toA: Message; toB: Message }> {
  s.legs.plan(CALL, DIRECT)
  const toA = await s.inDialog(a, 'INVITE')
  assert.equal(toA.body, '')
  s.peer.answer(toA, 200, { body: offer })
  return { toA, toB: await s.inDialog(b, 'INVITE') }
}

describe('a direct bridge', () => {
  it('shows each phone the other one, on the best codec that both have, in its own session', async (t) => {
    const call = await talk(t)
    const { s, a, b } = call
    const { toB } = await askA(call, sdp({ port: 40000, codecs: G722, version: 2 }))
    const offered = read(toB.body)
    const firstB = read(b.invite.body)
    assert.equal(offered.audio, 'm=audio 40000 RTP/AVP 9 8 101')
    assert.deepEqual([offered.origin, offered.version], [firstB.origin, firstB.version + 1])

    s.peer.answer(toB, 200, {
      body: sdp({ port: 41000, codecs: ['9 G722/8000', '101 telephone-event/8000'], version: 2 }),
    })
    assert.equal((await s.inDialog(b, 'ACK')).body, '')
    const ack = read((await s.inDialog(a, 'ACK')).body)
    const firstA = read(a.invite.body)
    assert.equal(ack.audio, 'm=audio 41000 RTP/AVP 9 101')
    assert.deepEqual([ack.origin, ack.version], [firstA.origin, firstA.version + 1])
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'direct' })
  })

  it('declines the lines of a phone that are not plain sound, each in its place', async (t) => {
    const call = await talk(t)
    const { s, a } = call
    const secure = 'm=audio 40020 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n'
    const plain = 'm=audio 40000 RTP/AVP 8\r\n'
    const video = 'm=video 40002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'
    const offer = `v=0\r\no=p 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n${secure}${plain}${video}`
    const { toB } = await askA(call, offer)
    assert.deepEqual(toB.body.match(/^m=.*$/gm), ['m=audio 40000 RTP/AVP 8'])
    s.peer.answer(toB, 200, { body: sdp({ port: 41000, codecs: ['8 PCMA/8000'] }) })
    const ack = await s.inDialog(a, 'ACK')
    assert.deepEqual(ack.body.match(/^m=.*$/gm), [
      'm=audio 0 RTP/SAVP 8',
      'm=audio 41000 RTP/AVP 8',
      'm=video 0 RTP/AVP 96',
    ])
    assert.ok(
      !s.legs.ladder(CALL).some(({ text }) => text.includes('c2VjcmV0')),
      'a key stands in the ladder',
    )
  })

  it('gives no payload type a second meaning', async (t) => {
    const call = await talk(t)
    const { toB } = await askA(
      call,
      sdp({ port: 40000, codecs: ['101 opus/48000/2', '8 PCMA/8000', '96 telephone-event/8000'] }),
    )
    assert.equal(read(toB.body).audio, 'm=audio 40000 RTP/AVP 8 96')
  })

  it('offers with SDP where the PBX refuses a re-INVITE without, and remembers that', async (t) => {
    const { s, a, b } = await talk(t)
    s.legs.plan(CALL, DIRECT)
    s.peer.answer(await s.inDialog(a, 'INVITE'), 400)
    await s.inDialog(a, 'ACK')
    const toA = await s.inDialog(a, 'INVITE')
    assert.equal(read(toA.body).audio, 'm=audio 41000 RTP/AVP 8 101')
    s.peer.answer(toA, 200, { body: sdp({ port: 40000, version: 2 }) })
    await s.inDialog(a, 'ACK')
    const toB = await s.inDialog(b, 'INVITE')
    assert.equal(read(toB.body).audio, 'm=audio 40000 RTP/AVP 8 101')
    s.peer.answer(toB, 200, { body: sdp({ port: 41000, version: 2 }) })
    await s.inDialog(b, 'ACK')
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'direct' })

    const [a2, b2] = ['c_two.1', 'c_two.2'] as [typeof A, typeof B]
    const second = await s.answered(a2, sdp({ port: 40000 }))
    await s.answered(b2, sdp({ port: 41000 }))
    s.legs.plan(CALL, { kind: 'direct', legs: [a2, b2] })
    assert.notEqual((await s.inDialog(second.side, 'INVITE')).body, '')
  })

  it('carries a hold and its end on to the other phone', async (t) => {
    const call = await talk(t)
    const { s, a, b } = call
    const { toB } = await askA(call, sdp({ port: 40000 }))
    s.peer.answer(toB, 200, { body: sdp({ port: 41000 }) })
    await s.inDialog(a, 'ACK')
    await s.report('media.settled')
    for (const [direction, mirrored, seq] of [
      ['sendonly', 'recvonly', 1],
      ['sendrecv', 'sendrecv', 2],
    ] as const) {
      await s.send(a, 'INVITE', seq, { body: sdp({ port: 40000, direction, version: seq + 1 }) })
      const answer = read((await s.peer.response('INVITE', 200)).body)
      assert.deepEqual([answer.port, answer.direction], [41000, mirrored])
      await s.send(a, 'ACK', seq)
      const told = await s.inDialog(b, 'INVITE')
      assert.deepEqual([read(told.body).port, read(told.body).direction], [40000, direction])
      s.peer.answer(told, 200, { body: sdp({ port: 41000, direction: mirrored, version: seq + 1 }) })
      await s.inDialog(b, 'ACK')
    }
  })

  it('comes back to the bot when the plan is its own endpoint again', async (t) => {
    const call = await talk(t)
    const { s, a, b } = call
    const { toB } = await askA(call, sdp({ port: 40000 }))
    s.peer.answer(toB, 200, { body: sdp({ port: 41000 }) })
    await s.report('media.settled')
    s.legs.plan(CALL, { kind: 'endpoint' })
    for (const [side, port] of [
      [a, 40000],
      [b, 41000],
    ] as const) {
      const home = await s.inDialog(side, 'INVITE')
      const { port: own } = read(home.body)
      assert.ok(own >= 33000 && own < 37000, `port ${own} is not the bot's`)
      s.peer.answer(home, 200, { body: sdp({ port, version: 9 }) })
    }
  })
})

describe('a bridge that cannot be direct', () => {
  it('stays with the relay where the second phone refuses; both are heard all the time', async (t) => {
    const [phoneA, phoneB] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      phoneA.close()
      phoneB.close()
    })
    const call = await talk(t, {}, [phoneA.port, phoneB.port])
    const { s, a, b } = call
    const { toA, toB } = await askA(call, sdp({ port: phoneA.port, codecs: G722 }))
    phoneA.tone(a.port, 400, 20)
    const during = await phoneB.hears(10, sounding)
    assert.ok(strength(phoneB.samples('PCMA', during), 400) > 6000)
    s.peer.answer(toB, 488)
    const ack = await s.inDialog(a, 'ACK')
    assert.equal(read(ack.body).port, a.port)
    assert.match(read(ack.body).audio, / RTP\/AVP 8 101$/)
    assert.ok(header(toA, 'cseq').startsWith(header(ack, 'cseq').split(' ')[0] ?? '-'))
    assert.deepEqual(await s.report('media.settled'), {
      type: 'media.settled',
      plan: 'relay',
      why: 'refused 488',
    })
    const before = phoneA.heard.length
    phoneB.tone(b.port, 1000, 20)
    const after = await phoneA.hears(before + 15)
    assert.ok(strength(phoneA.samples('PCMA', after.slice(-10)), 1000) > 6000)
  })

  it('relays between PCMA and PCMU', async (t) => {
    const [phoneA, phoneB] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      phoneA.close()
      phoneB.close()
    })
    const s = await stage(t, { trunk: { media: 'relay' } })
    const a = await s.answered(A, sdp({ port: phoneA.port }))
    const b = await s.answered(B, sdp({ port: phoneB.port, codecs: ['0 PCMU/8000'] }))
    s.legs.plan(CALL, DIRECT)
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'relay', why: 'trunk' })
    phoneA.tone(read(a.invite.body).port, 400, 20, 'PCMA')
    phoneB.tone(read(b.invite.body).port, 1000, 20, 'PCMU')
    const atB = await phoneB.hears(20, sounding)
    const atA = await phoneA.hears(20, sounding)
    assert.ok(strength(phoneB.samples('PCMU', atB), 400) > 6000)
    assert.ok(strength(phoneA.samples('PCMA', atA), 1000) > 6000)
  })

  it('tells which phone is not heard, and when it is heard again; a hold is no silence', async (t) => {
    const [phoneA, phoneB] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    const s = await stage(t, { trunk: { media: 'relay' }, silence: 0.6 })
    const a = await s.answered(A, sdp({ port: phoneA.port }))
    const b = await s.answered(B, sdp({ port: phoneB.port }))
    const speaks = setInterval(() => {
      phoneA.tone(read(a.invite.body).port, 400, 1)
    }, 20)
    t.after(() => {
      clearInterval(speaks)
      phoneA.close()
      phoneB.close()
    })
    s.legs.plan(CALL, DIRECT)
    await s.report('media.settled')
    assert.deepEqual(await s.report('media.silent'), { type: 'media.silent', leg: B })
    await s.send(b.side, 'INVITE', 1, { body: sdp({ port: phoneB.port, direction: 'inactive', version: 2 }) })
    assert.deepEqual(await s.report('media.heard'), { type: 'media.heard', leg: B })
    await s.peer.response('INVITE', 200)
    await s.send(b.side, 'ACK', 1)
    await s.send(b.side, 'INVITE', 2, { body: sdp({ port: phoneB.port, version: 3 }) })
    assert.deepEqual(await s.report('media.silent'), { type: 'media.silent', leg: B })
    phoneB.tone(read(b.invite.body).port, 400, 1)
    assert.deepEqual(await s.report('media.heard'), { type: 'media.heard', leg: B })
  })

  const refusals: [what: string, act: (call: Talk) => Promise<void>, why: string][] = [
    [
      'the first phone refuses every re-INVITE',
      async ({ s, a }) => {
        s.peer.answer(await s.inDialog(a, 'INVITE'), 488)
        s.peer.answer(await s.inDialog(a, 'INVITE'), 488)
      },
      'refused 488',
    ],
    [
      'the first phone declines for good',
      async ({ s, a }) => {
        s.peer.answer(await s.inDialog(a, 'INVITE'), 603)
      },
      'refused 603',
    ],
    [
      'both begin at once, again and again',
      async ({ s, a }) => {
        for (let i = 0; i < 4; i++) s.peer.answer(await s.inDialog(a, 'INVITE'), 491)
      },
      'glare',
    ],
    [
      'the first phone does not answer',
      async ({ s, a }) => {
        const invite = await s.inDialog(a, 'INVITE')
        s.peer.answer(invite, 100)
        // Its 200 comes when we have given up: it is acknowledged with the bot's own port.
        await s.report('media.settled').then((settled) => s.events.push(settled))
        s.peer.answer(invite, 200, { body: sdp({ port: 40000 }) })
        assert.equal(read((await s.inDialog(a, 'ACK')).body).port, a.port)
      },
      'timeout',
    ],
    [
      'the second phone does not answer',
      async ({ s, a, b }) => {
        s.peer.answer(await s.inDialog(a, 'INVITE'), 200, { body: sdp({ port: 40000 }) })
        s.peer.answer(await s.inDialog(b, 'INVITE'), 100)
        assert.equal(read((await s.inDialog(a, 'ACK')).body).port, a.port)
      },
      'timeout',
    ],
    [
      'the first phone offers no plain sound',
      async ({ s, a }) => {
        s.peer.answer(await s.inDialog(a, 'INVITE'), 200, { body: sdp({ port: 0 }) })
        assert.match(read((await s.inDialog(a, 'ACK')).body).audio, /^m=audio 0 /)
      },
      'codec',
    ],
    [
      'the two phones share no codec',
      async ({ s, a, b }) => {
        s.peer.answer(await s.inDialog(a, 'INVITE'), 200, {
          body: sdp({ port: 40000, codecs: ['9 G722/8000', '8 PCMA/8000'] }),
        })
        s.peer.answer(await s.inDialog(b, 'INVITE'), 200, {
          body: sdp({ port: 41000, codecs: ['0 PCMU/8000'] }),
        })
        assert.equal(read((await s.inDialog(a, 'ACK')).body).port, a.port)
        const home = await s.inDialog(b, 'INVITE')
        assert.equal(read(home.body).port, b.port)
        s.peer.answer(home, 200, { body: sdp({ port: 41000 }) })
      },
      'codec',
    ],
  ]
  for (const [what, act, why] of refusals)
    it(`is relayed, and says why, when ${what}`, async (t) => {
      const call = await talk(t, { clock: fastClock })
      call.s.legs.plan(CALL, DIRECT)
      await act(call)
      const settled = await call.s.report('media.settled')
      assert.deepEqual(settled, { type: 'media.settled', plan: 'relay', why })
    })

  it('tries a glare again after the wait of RFC 3261 14.1, and succeeds', async (t) => {
    const call = await talk(t, { clock: fastClock })
    const { s, a, b } = call
    s.legs.plan(CALL, DIRECT)
    s.peer.answer(await s.inDialog(a, 'INVITE'), 491)
    await s.inDialog(a, 'ACK')
    s.peer.answer(await s.inDialog(a, 'INVITE'), 200, { body: sdp({ port: 40000 }) })
    s.peer.answer(await s.inDialog(b, 'INVITE'), 491)
    s.peer.answer(await s.inDialog(b, 'INVITE'), 200, { body: sdp({ port: 41000 }) })
    assert.equal(read((await s.inDialog(a, 'ACK')).body).port, 41000)
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'direct' })
  })

  it('answers 491 to a re-INVITE that meets ours', async (t) => {
    const { s, a } = await talk(t)
    s.legs.plan(CALL, DIRECT)
    await s.inDialog(a, 'INVITE')
    await s.send(a, 'INVITE', 1, { body: sdp({ port: 40000, direction: 'sendonly' }) })
    assert.equal((await s.peer.response('INVITE')).status, 491)
  })

  it('takes an UPDATE without SDP while a re-INVITE is under way: it only keeps the session alive', async (t) => {
    const call = await talk(t)
    call.s.legs.plan(CALL, DIRECT)
    await call.s.inDialog(call.a, 'INVITE')
    await call.s.send(call.a, 'UPDATE', 1)
    assert.equal((await call.s.peer.response('UPDATE')).status, 200)
    await call.s.send(call.a, 'UPDATE', 2, { body: sdp({ port: 40002, version: 2 }) })
    assert.equal((await call.s.peer.response('UPDATE')).status, 491)
  })

  it('answers 491 to a change of the phone whose offer still waits for our ACK', async (t) => {
    const call = await talk(t)
    const { toB } = await askA(call, sdp({ port: 40000, version: 2 }))
    await call.s.send(call.a, 'INVITE', 1, { body: sdp({ port: 40002, version: 3 }) })
    assert.equal((await call.s.peer.response('INVITE')).status, 491)
    await call.s.send(call.a, 'UPDATE', 2, { body: sdp({ port: 40002, version: 3 }) })
    assert.equal((await call.s.peer.response('UPDATE')).status, 491)
    call.s.peer.answer(toB, 200, { body: sdp({ port: 41000, version: 2 }) })
    assert.equal((await call.s.report('media.settled')).plan, 'direct')
  })

  it('keeps the relay for a phone behind a NAT', async (t) => {
    const [told, real] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      told.close()
      real.close()
    })
    const { s, a } = await talk(t, {}, [told.port, 41000])
    s.legs.play(A, 'ringback')
    real.tone(a.port, 400, 3)
    await real.hears(2)
    s.legs.plan(CALL, DIRECT)
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'relay', why: 'nat' })
  })
})

describe('a call that ends in the middle of its bridge', () => {
  it('because the first phone hangs up while the second is asked', async (t) => {
    const call = await talk(t)
    const { s, a, b } = call
    const { toB } = await askA(call, sdp({ port: 40000 }))
    await s.send(a, 'BYE', 1)
    assert.deepEqual((await s.report('leg.ended')).leg, A)
    s.peer.answer(toB, 200, { body: sdp({ port: 41000 }) })
    await s.inDialog(b, 'ACK')
    s.legs.release(B)
    s.peer.answer(await s.inDialog(b, 'BYE'), 200)
    assert.deepEqual((await s.report('leg.ended')).leg, B)
    assert.ok(!s.events.some(({ type }) => type === 'media.settled'))
  })

  it('because it is released: the 2xx that waits is acknowledged before the BYE', async (t) => {
    const call = await talk(t)
    const { s, a, b } = call
    await askA(call, sdp({ port: 40000 }))
    s.legs.release(A)
    s.legs.release(B)
    assert.equal(read((await s.inDialog(a, 'ACK')).body).port, a.port)
    s.peer.answer(await s.inDialog(a, 'BYE'), 200)
    s.peer.answer(await s.inDialog(b, 'BYE'), 200)
    await s.report('leg.ended')
    await s.report('leg.ended')
    const sent = s.legs.ladder(CALL).filter(({ role, direction }) => role === 'user' && direction === 'out')
    assert.deepEqual(
      sent.slice(-2).map(({ line }) => line.split(' ')[0]),
      ['ACK', 'BYE'],
    )
    assert.ok(!s.events.some(({ type }) => type === 'media.settled'))
  })

  it('because the connection to the signalling server is lost: both legs are told once', async (t) => {
    const { s } = await talk(t)
    s.legs.plan(CALL, DIRECT)
    await s.breakConnection()
    assert.equal((await s.report('leg.ended')).end.kind, 'lost')
    assert.equal((await s.report('leg.ended')).end.kind, 'lost')
    assert.equal(s.legs.ready(), false)
  })
})

describe('early media', () => {
  it('of the second leg are heard by the first in the place of ringback', async (t) => {
    const [phoneA, phoneB] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      phoneA.close()
      phoneB.close()
    })
    const s = await stage(t)
    await s.answered(A, sdp({ port: phoneA.port }))
    s.legs.play(A, 'ringback')
    await phoneA.hears(10)
    assert.ok(strength(phoneA.samples('PCMA'), 425) > 4000)
    const invite = await s.dial(B)
    s.peer.answer(invite, 183, { tag: 'b', body: sdp({ port: phoneB.port }) })
    await s.report('leg.ringing')
    s.legs.plan(CALL, { kind: 'relay', legs: [A, B] })
    assert.deepEqual(await s.report('media.settled'), { type: 'media.settled', plan: 'relay' })
    const speaks = setInterval(() => {
      phoneB.tone(read(invite.body).port, 1000, 1)
    }, 20)
    const isVoice = (packet: Heard) => strength(phoneA.samples('PCMA', [packet]), 1000) > 6000
    await phoneA.hears(10, isVoice).finally(() => {
      clearInterval(speaks)
    })
    const after = phoneA.heard.slice(phoneA.heard.findIndex(isVoice))
    assert.ok(after.every(isVoice), 'ringback sounds on over the voice')
  })
})
