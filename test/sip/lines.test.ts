import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it } from 'node:test'

import { callId, legId } from '../../src/core/ids.ts'
import type { SipUri } from '../../src/core/ids.ts'
import { Places } from '../../src/sip/places.ts'
import { Resolver } from '../../src/sip/resolve.ts'
import { TrunkLine } from '../../src/sip/trunk-line.ts'
import { Peer } from '../contract/peer.ts'
import { Notes } from './notes.ts'
import { A, B, CALL, NUMBER, realClock, sdp, stage, TRUNK } from './stage.ts'
import type { Stage } from './stage.ts'

const TO = { to: { kind: 'number', number: NUMBER }, from: { number: '1001' } } as const
const OTHER = callId('c_other')
const OTHER_LEG = legId(OTHER, 1)

/** A call of somebody else's. */
const dialOther = (s: Stage, more: object = {}) => {
  s.legs.dial({ ...TO, call: OTHER, leg: OTHER_LEG, ...more })
}

/** The leg is refused, and its place is free when that is reported. */
async function isRefused(s: Stage, invite: Awaited<ReturnType<Stage['dial']>>, status = 486): Promise<void> {
  s.peer.answer(invite, status, { tag: 'no' })
  const { end } = await s.report('leg.ended')
  assert.ok(end.kind === 'refused' && end.status === status)
}

describe('a trunk that takes so many calls (maxCalls)', () => {
  it('takes both legs of a call for one', async (t) => {
    const s = await stage(t, { trunk: { maxCalls: 1 } })
    const a = await s.answered(A, sdp({ port: 40000 }))
    assert.equal(await s.legs.lines(), 'full')
    const b = await s.answered(B, sdp({ port: 40002 }))
    dialOther(s)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'full' })
    for (const [leg, { side }] of [
      [A, a],
      [B, b],
    ] as const) {
      assert.equal(await s.legs.lines(), 'full')
      s.legs.release(leg)
      s.peer.answer(await s.inDialog(side, 'BYE'), 200)
      await s.report('leg.ended')
    }
    assert.equal(await s.legs.lines(), 'free')
  })

  it('has room again after whatever end a leg comes to', async (t) => {
    const s = await stage(t, { trunk: { maxCalls: 1 }, t1: 20 })
    const ends: (() => Promise<void>)[] = [
      async () => isRefused(s, await s.dial()),
      async () => isRefused(s, await s.dial(), 503),
      async () => {
        s.legs.dial({ ...TO, call: CALL, leg: A })
        s.legs.release(A)
        await s.report('leg.ended')
      },
      async () => {
        const invite = await s.dial()
        s.peer.answer(invite, 180, { tag: 'r' })
        await s.report('leg.ringing')
        s.legs.release(A)
        assert.equal(await s.legs.lines(), 'full', 'as long as the phone may ring')
        s.peer.answer(await s.peer.request('CANCEL'), 200)
        s.peer.answer(invite, 487, { tag: 'r' })
        await s.report('leg.ended')
      },
      async () => {
        const { side } = await s.answered(A, sdp({ port: 40000 }))
        await s.send(side, 'BYE', 1)
        await s.report('leg.ended')
      },
      async () => {
        const invite = await s.dial()
        s.peer.answer(invite, 200, { tag: 'x', body: sdp({ port: 40000, codecs: ['111 opus/48000/2'] }) })
        s.peer.answer(await s.peer.request('BYE'), 200)
        await s.report('leg.ended')
      },
    ]
    for (const end of ends) {
      await end()
      assert.equal(await s.legs.lines(), 'free')
    }
  })

  it('is passed over for the next one, and its place is given back by those that leave it', async (t) => {
    const first = await Peer.start()
    t.after(() => first.close())
    const notes = new Notes()
    const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}`, maxCalls: 1 }]
    const s = await stage(t, { before, log: notes.log, trunk: { maxCalls: 2 } })
    dialOther(s)
    const taken = await first.request('INVITE')
    first.answer(taken, 180, { tag: 'r' })
    await s.report('leg.ringing')
    const invite = await s.dial()
    assert.deepEqual(notes.dialled(), ['pbx'])
    first.answer(taken, 486, { tag: 'r' })
    await s.report('leg.ended')
    await isRefused(s, invite)
    // A 503 lets go of the first one's only place before the second one is tried.
    s.legs.dial({ ...TO, call: CALL, leg: A })
    first.answer(await first.request('INVITE'), 503, { tag: 'no' })
    const moved = await s.peer.request('INVITE')
    dialOther(s)
    first.answer(await first.request('INVITE'), 486, { tag: 'no' })
    await s.report('leg.ended')
    await isRefused(s, moved)
  })

  it('counts no call to an address elsewhere', async (t) => {
    const s = await stage(t, { trunk: { maxCalls: 1 } })
    const elsewhere = await Peer.start()
    t.after(() => elsewhere.close())
    dialOther(s, { to: { kind: 'uri', uri: `sip:room@${elsewhere.hostPort}` as SipUri } })
    const invite = await elsewhere.request('INVITE')
    assert.equal(await s.legs.lines(), 'free')
    elsewhere.answer(invite, 486, { tag: 'e' })
    await s.report('leg.ended')
  })

  it('keeps count over a change of the file', async (t) => {
    const s = await stage(t, { trunk: { maxCalls: 2 } })
    const { side } = await s.answered(A, sdp({ port: 40000 }))
    const trunk = { ...TRUNK, uri: `sip:${s.peer.hostPort}` }
    s.legs.setTrunks([{ ...trunk, maxCalls: 1 }])
    assert.equal(await s.legs.lines(), 'full')
    await s.send(side, 'BYE', 1)
    await s.report('leg.ended')
    assert.equal(await s.legs.lines(), 'free')
  })

  it('gives places back once for each that was taken', () => {
    const places = new Places()
    places.most = 2
    assert.deepEqual([places.take(CALL), places.take(CALL), places.take(OTHER)], [true, true, true])
    assert.equal(places.take(callId('c_third')), false)
    places.leave(CALL)
    assert.equal(places.free, false)
    places.leave(CALL)
    places.leave(CALL)
    assert.deepEqual([places.taken, places.free], [1, true])
  })
})

/** A PBX that answers every request with 200, on a port of the test's choice. */
async function pbxAt(port: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.on('message', (data, from) => {
    const fields = data.toString().split('\r\n').slice(1)
    const kept = fields.filter((line) => /^(?:via|from|to|call-id|cseq):/i.test(line))
    socket.send(
      ['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'),
      from.port,
      from.address,
    )
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

describe('whether a call can go out at all', () => {
  it('is asked of a trunk that is known to be down: one that has just come back refuses nobody', async (t) => {
    const gone = await pbxAt(0)
    const { port } = gone.address()
    gone.close()
    const notes = new Notes()
    const s = await stage(t, { trunk: { uri: `sip:127.0.0.1:${port}` }, log: notes.log })
    await notes.until('pbx', 'down')
    assert.equal(await s.legs.lines(), 'down')
    const back = await pbxAt(port)
    t.after(() => back.close())
    assert.equal(await s.legs.lines(), 'free')
    assert.equal(s.legs.trunks()[0]?.state, 'up')
  })

  it('takes no longer than 2 s to find out, of a PBX that swallows everything', async (t) => {
    const mute = createSocket('udp4').bind(0, '127.0.0.1')
    await once(mute, 'listening')
    t.after(() => mute.close())
    const notes = new Notes()
    const uri = `sip:127.0.0.1:${mute.address().port}`
    const s = await stage(t, { trunk: { uri }, log: notes.log, t1: 20 })
    await notes.until('pbx', 'down')
    const began = Date.now()
    assert.equal(await s.legs.lines(), 'down')
    const ms = Date.now() - began
    assert.ok(ms < 3000, `it took ${ms} ms`)
  })

  it('is yes where one of two trunks is there, without asking', async (t) => {
    const before = [{ ...TRUNK, name: 'first', uri: 'sip:127.0.0.1:9' }]
    const notes = new Notes()
    const s = await stage(t, { before, log: notes.log })
    await notes.until('first', 'down')
    await notes.until('pbx', 'up')
    assert.equal(await s.legs.lines(), 'free')
  })
})

describe('a trunk that asks for a rest (503 with Retry-After, RFC 3261 21.5.4)', () => {
  it('is tried after the others until then, and is no trunk that is down', async (t) => {
    const first = await Peer.start()
    t.after(() => first.close())
    const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}` }]
    const ping = first.request('OPTIONS')
    const notes = new Notes()
    const s = await stage(t, { before, log: notes.log })
    first.answer(await ping, 200, { tag: 'up' })
    await notes.until('first', 'up')
    s.legs.dial({ ...TO, call: CALL, leg: A })
    first.answer(await first.request('INVITE'), 503, { tag: 'no', fields: { 'Retry-After': '60' } })
    await isRefused(s, await s.peer.request('INVITE'))
    await isRefused(s, await s.dial())
    assert.deepEqual(notes.dialled(), ['first', 'pbx', 'pbx'])
    assert.equal(s.legs.trunks()[0]?.state, 'up')
  })

  it('is used again when it has rested', async () => {
    const line = new TrunkLine(TRUNK, new Resolver(realClock), 'ES')
    const [hop] = await line.hops()
    line.rests(hop!, 60, 1000)
    assert.deepEqual([line.rank(60_999), line.rank(61_000)], [2, 0])
    line.rests(hop!, 86_400, 0)
    assert.equal(line.rank(5 * 60_000), 0, 'a day is a slip')
  })
})
