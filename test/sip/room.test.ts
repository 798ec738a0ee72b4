/** The media plan `room`: whatever two legs were before, they meet others in the mixer, and nobody is hung up. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { callId, legId } from '../../src/core/ids.ts'
import type { LegId } from '../../src/core/ids.ts'
import { PATIENCE, RtpPhone, strength } from '../media/phone.ts'
import { A, B, CALL, fastClock, read, sdp, stage } from './stage.ts'
import type { Side, Stage } from './stage.ts'

const C = legId(CALL, 3)
const room = (...legs: readonly LegId[]) => ({ kind: 'room', room: 'r', legs }) as const
const SETTLED = { type: 'media.settled', plan: 'room' } as const

/** Its phone sends its tone, to where it was told last, until the test ends. */
type Talker = {
  readonly side: Side
  readonly phone: RtpPhone
  readonly hz: number
  to: number
  codec: 'PCMA' | 'G722'
}

const WIDE = ['9 G722/8000', '8 PCMA/8000', '101 telephone-event/8000']

async function talker(t: TestContext, s: Stage, leg: LegId, hz: number): Promise<Talker> {
  const phone = await RtpPhone.open(hz)
  const { side, invite } = await s.answered(leg, sdp({ port: phone.port }))
  const talker: Talker = { side, phone, hz, to: read(invite.body).port, codec: 'PCMA' }
  const singing = setInterval(() => {
    phone.tone(talker.to, hz, 1, talker.codec)
  }, 20)
  t.after(() => {
    clearInterval(singing)
    phone.close()
  })
  return talker
}

/** Resolves when it hears all of these at once, and not the others. */
async function hears(
  { phone, codec }: Talker,
  those: readonly Talker[],
  not: readonly Talker[] = [],
): Promise<void> {
  const late = AbortSignal.timeout(5_000)
  for (;;) {
    const all = await phone.hears(phone.heard.length + 10)
    const wide = codec === 'G722'
    const samples = wide ? phone.lastWide(10) : phone.samples(codec, all.slice(-10))
    const level = ({ hz }: Talker) => strength(samples, hz, wide ? 16_000 : 8000)
    if (those.every((one) => level(one) > 4_000) && not.every((one) => level(one) < 500)) return
    late.throwIfAborted()
  }
}

/** The phone takes the re-INVITE that brings it back to the bot. */
async function comesHome(s: Stage, { side, phone, ...talker }: Talker): Promise<number> {
  const home = await s.inDialog(side, 'INVITE')
  s.peer.answer(home, 200, { body: sdp({ port: phone.port, version: 9 }) })
  await s.inDialog(side, 'ACK')
  return read(home.body).port || talker.to
}

/** Two phones that send to each other. */
async function direct(t: TestContext, s: Stage): Promise<readonly [Talker, Talker]> {
  const [a, b] = [await talker(t, s, A, 400), await talker(t, s, B, 700)]
  s.legs.plan(CALL, { kind: 'direct', legs: [A, B] })
  s.peer.answer(await s.inDialog(a.side, 'INVITE'), 200, { body: sdp({ port: a.phone.port, version: 2 }) })
  s.peer.answer(await s.inDialog(b.side, 'INVITE'), 200, { body: sdp({ port: b.phone.port, version: 2 }) })
  await s.inDialog(b.side, 'ACK')
  await s.inDialog(a.side, 'ACK')
  await s.report('media.settled')
  a.to = b.phone.port
  b.to = a.phone.port
  return [a, b]
}

const nobodyIsHungUp = (s: Stage) => {
  assert.ok(!s.events.some(({ type }) => type === 'leg.ended'))
  assert.ok(!s.peer.ladder.some((line) => line.includes('BYE')), s.peer.ladder.join('\n'))
}

describe('a room', () => {
  it('is where two phones that sent to each other go on with a third, each brought home by re-INVITE', async (t) => {
    const s = await stage(t)
    const [a, b] = await direct(t, s)
    const c = await talker(t, s, C, 1000)
    s.legs.plan(CALL, room(A, B, C))
    ;[a.to, b.to] = await Promise.all([comesHome(s, a), comesHome(s, b)])
    assert.deepEqual(await s.report('media.settled'), SETTLED)
    await hears(a, [b, c], [a])
    await hears(b, [a, c], [b])
    await hears(c, [a, b], [c])
    nobodyIsHungUp(s)
  })

  it('follows a relay without any re-INVITE, and a relay follows it', async (t) => {
    const s = await stage(t, { trunk: { media: 'relay' } })
    const [a, b] = [await talker(t, s, A, 400), await talker(t, s, B, 700)]
    s.legs.plan(CALL, { kind: 'relay', legs: [A, B] })
    await hears(a, [b])
    await s.report('media.settled')
    const c = await talker(t, s, C, 1000)
    s.legs.plan(CALL, room(A, B, C))
    assert.deepEqual(await s.report('media.settled'), SETTLED)
    await hears(b, [a, c], [b])
    s.legs.plan(CALL, { kind: 'relay', legs: [A, B] })
    await s.report('media.settled')
    await hears(b, [a], [c])
    nobodyIsHungUp(s)
  })

  it('goes on when its legs go one by one', async (t) => {
    const s = await stage(t)
    const [a, b, c] = [
      await talker(t, s, A, 400),
      await talker(t, s, B, 700),
      await talker(t, s, C, 1000),
    ] as const
    s.legs.plan(CALL, room(A, B, C))
    await hears(a, [b, c])
    await s.send(b.side, 'BYE', 1)
    assert.equal((await s.report('leg.ended')).leg, B)
    await hears(a, [c], [b])
    // One that is not named any more is out, and not hung up.
    s.legs.plan(CALL, room(C))
    await hears(c, [], [a])
    assert.ok(!s.events.some(({ type }) => type === 'leg.ended'))
    s.legs.plan(CALL, room(A, C))
    await hears(c, [a])
  })

  it('keeps the G.722 of two phones that have talked in it, and they hear each other above 4 kHz', async (t) => {
    const s = await stage(t)
    const [a, b] = [await talker(t, s, A, 400), await talker(t, s, B, 5200)]
    const from = (phone: RtpPhone, version: number) => sdp({ port: phone.port, codecs: WIDE, version })
    s.legs.plan(CALL, { kind: 'direct', legs: [A, B] })
    s.peer.answer(await s.inDialog(a.side, 'INVITE'), 200, { body: from(a.phone, 2) })
    s.peer.answer(await s.inDialog(b.side, 'INVITE'), 200, { body: from(b.phone, 2) })
    await s.inDialog(b.side, 'ACK')
    await s.inDialog(a.side, 'ACK')
    await s.report('media.settled')
    s.legs.plan(CALL, room(A, B))
    const brought = await Promise.all(
      [a, b].map(async (one) => {
        const home = await s.inDialog(one.side, 'INVITE')
        s.peer.answer(home, 200, { body: from(one.phone, 3) })
        await s.inDialog(one.side, 'ACK')
        one.to = read(home.body).port
        one.codec = 'G722'
        return read(home.body).audio.replace(/audio \d+/, 'audio')
      }),
    )
    assert.deepEqual(brought, ['m=audio RTP/AVP 9 8 0 101', 'm=audio RTP/AVP 9 8 0 101'])
    assert.deepEqual(await s.report('media.settled'), SETTLED)
    await hears(a, [b], [a])
    await hears(b, [a], [b])
    // A phone that holds the room and comes back is answered with it again.
    for (const [seq, direction] of [
      [1, 'sendonly'],
      [2, 'sendrecv'],
    ] as const) {
      await s.send(a.side, 'INVITE', seq, {
        body: sdp({ port: a.phone.port, codecs: WIDE, direction, version: 3 + seq }),
      })
      const answer = read((await s.peer.response('INVITE', 200)).body)
      assert.match(answer.audio, /RTP\/AVP 9 8 101$/)
      await s.send(a.side, 'ACK', seq)
    }
    await hears(a, [b], [a])
    assert.ok(a.phone.heard.slice(-10).every(({ type }) => type === 9))
    nobodyIsHungUp(s)
  })

  it('is offered G.722 by the first INVITE of who is called for it, and by no other', async (t) => {
    const s = await stage(t)
    const audio = (invite: { readonly body: string }) => read(invite.body).audio.replace(/audio \d+/, 'audio')
    assert.equal(audio(await s.dial(A, { forRoom: true })), 'm=audio RTP/AVP 9 8 0 101')
    assert.equal(audio(await s.dial(B)), 'm=audio RTP/AVP 8 0 101')
  })

  it('is shared by calls of different people', async (t) => {
    const s = await stage(t)
    const [call, other] = [callId('c_other'), legId(callId('c_other'), 1)]
    const a = await talker(t, s, A, 400)
    const phone = await RtpPhone.open(700)
    s.legs.dial({ call, leg: other, to: { kind: 'number', number: '+34910000002' as never }, from: {} })
    const invite = await s.peer.request('INVITE')
    s.peer.answer(invite, 200, { tag: 'other', body: sdp({ port: phone.port }) })
    await s.report('leg.answered')
    t.after(() => {
      phone.close()
    })
    s.legs.plan(CALL, room(A))
    s.legs.plan(call, room(other))
    await hears({ ...a, phone }, [a])
  })

  it('tells where a phone could not be brought to it, and keeps the call', async (t) => {
    const s = await stage(t, { clock: fastClock })
    const [a, b] = await direct(t, s)
    s.legs.plan(CALL, room(A, B))
    const [, refused] = await Promise.all([comesHome(s, a), s.inDialog(b.side, 'INVITE')])
    s.peer.answer(refused, 488)
    assert.deepEqual(await s.report('media.settled'), { ...SETTLED, why: 'refused 488' })
    nobodyIsHungUp(s)
    // Wanted again, it may work.
    s.legs.plan(CALL, room(A, B))
    b.to = await comesHome(s, b)
    assert.deepEqual(await s.report('media.settled'), SETTLED)
    nobodyIsHungUp(s)
  })

  it('reports *6 of its members and no other key, who speaks, and hears nobody who is muted', async (t) => {
    const s = await stage(t)
    const speaks = new Map<LegId, boolean>()
    let wake: () => void = () => undefined
    s.legs.onSpeaks((_, leg, on) => {
      speaks.set(leg, on)
      wake()
    })
    const until = async (leg: LegId, on: boolean) => {
      const late = AbortSignal.timeout(PATIENCE)
      while (speaks.get(leg) !== on) {
        late.throwIfAborted()
        await new Promise<void>((resolve) => {
          wake = resolve
          late.onabort = () => resolve()
        })
      }
    }
    const [a, b] = [await talker(t, s, A, 400), await talker(t, s, B, 700)]
    s.legs.plan(CALL, room(A, B))
    await hears(b, [a])
    for (const leg of [A, B]) await until(leg, true)
    for (const key of ['*', 5, 6, '*', 6] as const) b.phone.key(b.to, key === '*' ? 10 : key, 101)
    assert.deepEqual(await s.report('leg.digit'), { type: 'leg.digit', leg: B, digit: '*6' })
    s.legs.mute(A, true)
    await hears(b, [], [a])
    await until(A, false)
    assert.equal(speaks.get(B), true)
    s.legs.mute(A, false)
    await hears(b, [a])
    assert.ok(!s.events.some(({ type }) => type === 'leg.digit'), 'what else is keyed is not told')
  })
})
