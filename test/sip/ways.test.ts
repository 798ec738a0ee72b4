import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import type { SipUri } from '../../src/core/ids.ts'
import type { Dns } from '../../src/sip/resolve.ts'
import { Peer } from '../contract/peer.ts'
import { Notes } from './notes.ts'
import { A, B, CALL, header, NUMBER, sdp, stage, TRUNK } from './stage.ts'
import type { Stage } from './stage.ts'

const TO = { call: CALL, to: { kind: 'number', number: NUMBER }, from: { number: '1001' } } as const
const NOWHERE = 'sip:127.0.0.1:9'

type Scene = { readonly s: Stage; readonly first: Peer; readonly notes: Notes }

/** A stage whose peer is the second trunk; the first one is up, and then does what the test has it do. */
async function twoTrunks(
  t: TestContext,
  options: { transport?: 'udp' | 'tcp'; t1?: number } = {},
): Promise<Scene> {
  const first = await Peer.start(options.transport)
  const notes = new Notes()
  const parameter = options.transport === 'tcp' ? ';transport=tcp' : ''
  const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}${parameter}` }]
  const ping = first.request('OPTIONS')
  const s = await stage(t, { ...options, before, log: notes.log })
  t.after(() => {
    shut(first)
  })
  first.answer(await ping, 200, { tag: 'up' })
  await notes.until('first', 'up')
  await notes.until('pbx', 'up')
  return { s, first, notes }
}

const closed = new WeakSet<Peer>()
function shut(peer: Peer): void {
  if (!closed.has(peer)) peer.close()
  closed.add(peer)
}

/** The second trunk's phone is rung, once, and answers busy. */
async function endsAtTheSecond({ s, notes }: Scene): Promise<void> {
  const invite = await s.peer.request('INVITE')
  assert.equal(invite.uri, `sip:${NUMBER}@${s.peer.hostPort}${tcpOf(s.peer)}`)
  assert.deepEqual(s.events, [])
  s.peer.answer(invite, 180, { tag: 'b' })
  await s.report('leg.ringing')
  s.peer.answer(invite, 486, { tag: 'b' })
  const { end } = await s.report('leg.ended')
  assert.ok(end.kind === 'refused' && end.status === 486)
  assert.deepEqual(s.events, [])
  assert.deepEqual(s.peer.unread('INVITE'), [])
  assert.deepEqual(notes.dialled(), ['first', 'pbx'])
  const lines = s.legs.ladder(CALL).map(({ direction, line }) => `${direction} ${line}`)
  assert.equal(lines.filter((line) => line.startsWith('out INVITE')).length, 2, lines.join('\n'))
}

const tcpOf = ({ transport }: Peer) => (transport === 'tcp' ? ';transport=tcp' : '')

/** A name server that answers when the test says so. */
function slowDns(): { dns: Dns; answer: (addresses: string[]) => void; fail: () => void } {
  const asked = Promise.withResolvers<string[]>()
  asked.promise.catch(() => undefined)
  return {
    dns: { srv: () => Promise.reject(new Error('ENOTFOUND')), host: () => asked.promise },
    answer: asked.resolve,
    fail: () => {
      asked.reject(new Error('ENOTFOUND'))
    },
  }
}

describe('the next trunk is tried where nobody can have been rung', () => {
  for (const transport of ['udp', 'tcp'] as const)
    it(`nobody listens there any more (${transport})`, async (t) => {
      const scene = await twoTrunks(t, { transport })
      shut(scene.first)
      scene.s.legs.dial({ ...TO, leg: A })
      await endsAtTheSecond(scene)
      assert.equal(scene.s.legs.trunks()[0]?.state, 'down')
    })

  it('503 before any 18x; the trunk is up all the same', async (t) => {
    const scene = await twoTrunks(t)
    scene.s.legs.dial({ ...TO, leg: A })
    const invite = await scene.first.request('INVITE')
    scene.first.answer(invite, 100)
    scene.first.answer(invite, 503, { tag: 'no' })
    await endsAtTheSecond(scene)
    assert.equal(scene.s.legs.trunks()[0]?.state, 'up')
  })

  it('its name is not known', async (t) => {
    const { dns, fail } = slowDns()
    const before = [{ ...TRUNK, name: 'first', uri: 'sip:gone.example' }]
    const s = await stage(t, { before, dns })
    s.legs.dial({ ...TO, leg: A })
    fail()
    const invite = await s.peer.request('INVITE')
    s.peer.answer(invite, 486, { tag: 'b' })
    await s.report('leg.ended')
  })

  it('the leg is answered there, and its call spans two trunks', async (t) => {
    const { s, first } = await twoTrunks(t)
    s.legs.dial({ ...TO, leg: A })
    first.answer(await first.request('INVITE'), 200, { tag: 'a', body: sdp({ port: 40000 }) })
    await first.request('ACK')
    await s.report('leg.answered')
    s.legs.dial({ ...TO, leg: B })
    first.answer(await first.request('INVITE'), 503, { tag: 'no' })
    s.peer.answer(await s.peer.request('INVITE'), 200, { tag: 'b', body: sdp({ port: 40002 }) })
    await s.peer.request('ACK')
    await s.report('leg.answered')
    s.legs.plan(CALL, { kind: 'direct', legs: [A, B] })
    const { plan, why } = await s.report('media.settled')
    assert.deepEqual([plan, why], ['relay', 'trunks'])
    s.legs.release(A)
    first.answer(await first.request('BYE'), 200)
  })

  it('every trunk is down: they are tried in order', async (t) => {
    const notes = new Notes()
    const first = await Peer.start()
    t.after(() => {
      shut(first)
    })
    const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}` }]
    const s = await stage(t, { before, trunk: { uri: NOWHERE }, log: notes.log, t1: 20 })
    await notes.until('first', 'down')
    await notes.until('pbx', 'down')
    s.legs.dial({ ...TO, leg: A })
    first.answer(await first.request('INVITE'), 503, { tag: 'no' })
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 503, 'the refusal says more than the closed port')
    assert.deepEqual(notes.dialled(), ['first', 'pbx'])
    assert.deepEqual(s.events, [])
  })
})

describe('no other trunk is tried', () => {
  for (const status of [408, 480, 486, 500, 603])
    it(`after ${status}`, async (t) => {
      const { s, first, notes } = await twoTrunks(t)
      s.legs.dial({ ...TO, leg: A })
      first.answer(await first.request('INVITE'), status, { tag: 'no' })
      const { end } = await s.report('leg.ended')
      assert.ok(end.kind === 'refused' && end.status === status)
      assert.deepEqual(notes.dialled(), ['first'])
    })

  for (const progress of [180, 181, 183])
    it(`after 503 that follows a ${progress}`, async (t) => {
      const { s, first, notes } = await twoTrunks(t)
      s.legs.dial({ ...TO, leg: A })
      const invite = await first.request('INVITE')
      first.answer(invite, progress, { tag: 'r' })
      first.answer(invite, 503, { tag: 'r' })
      const { end } = await s.report('leg.ended')
      assert.ok(end.kind === 'refused' && end.status === 503)
      assert.deepEqual(notes.dialled(), ['first'])
    })

  it('after an INVITE that nobody answered; the next call begins with the second', async (t) => {
    const { s, first, notes } = await twoTrunks(t, { t1: 20 })
    s.legs.dial({ ...TO, leg: A })
    await first.request('INVITE')
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'silent' })
    assert.deepEqual(notes.dialled(), ['first'])
    assert.equal(s.legs.trunks()[0]?.state, 'down')
    const invite = await s.dial(B)
    assert.deepEqual(notes.dialled(), ['first', 'pbx'])
    assert.deepEqual(s.peer.unread('INVITE'), [])
    s.peer.answer(invite, 486, { tag: 'b' })
    await s.report('leg.ended')
  })

  it('after the release, though its name becomes known', async (t) => {
    const { dns, answer } = slowDns()
    const notes = new Notes()
    const first = await Peer.start()
    const ping = first.request('OPTIONS')
    const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}` }]
    const s = await stage(t, { before, dns, log: notes.log, trunk: { uri: 'sip:pbx.example:5060' } })
    t.after(() => {
      shut(first)
    })
    first.answer(await ping, 200, { tag: 'up' })
    await notes.until('first', 'up')
    s.legs.dial({ ...TO, leg: A })
    first.answer(await first.request('INVITE'), 503, { tag: 'no' })
    // The ACK leaves before the bot hears of the 503; a call of its own tells when it has.
    await first.request('ACK')
    s.legs.dial({ ...TO, leg: B })
    const other = await first.request('INVITE')
    first.answer(other, 180, { tag: 'o' })
    await s.report('leg.ringing')
    s.legs.release(A)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    answer(['127.0.0.1'])
    first.answer(other, 486, { tag: 'o' })
    assert.equal((await s.report('leg.ended')).leg, B)
    assert.deepEqual(
      s.legs.ladder(CALL).filter(({ line }) => line.includes('@pbx.example')),
      [],
    )
    assert.deepEqual(s.events, [])
  })

  it('for a SIP address elsewhere, which says nothing about the trunk either', async (t) => {
    const { s, notes } = await twoTrunks(t)
    s.legs.dial({ ...TO, leg: A, to: { kind: 'uri', uri: 'sip:bob@127.0.0.1:9' as SipUri } })
    assert.equal((await s.report('leg.ended')).end.kind, 'unsendable')
    assert.deepEqual(notes.dialled(), ['first'])
    assert.equal(s.legs.trunks()[0]?.state, 'up')
  })
})

describe('the next address of a trunk', () => {
  it('is tried where nobody listens at the first; the trunk stays up', async (t) => {
    const { dns, answer } = slowDns()
    const peer = await Peer.start()
    t.after(() => {
      peer.close()
    })
    const notes = new Notes()
    const uri = `sip:pbx.example:${peer.port}`
    const s = await stage(t, { dns, log: notes.log, trunk: { uri } })
    s.legs.dial({ ...TO, leg: A })
    answer(['127.0.0.2', '127.0.0.1'])
    const invite = await peer.request('INVITE')
    assert.equal(header(invite, 'to'), `<sip:${NUMBER}@pbx.example:${peer.port}>`)
    peer.answer(invite, 486, { tag: 'b' })
    await s.report('leg.ended')
    assert.deepEqual(notes.dialled(), ['pbx', 'pbx'])
    assert.equal(s.legs.trunks()[0]?.state, 'up')
    assert.deepEqual(peer.unread('INVITE'), [])
  })

  it('is the first of the next call where the one before said nothing', async (t) => {
    const peer = await Peer.start()
    const mute = createSocket('udp4').bind(peer.port, '127.0.0.2')
    await once(mute, 'listening')
    t.after(() => {
      peer.close()
      mute.close()
    })
    const { dns, answer } = slowDns()
    const s = await stage(t, { dns, t1: 20, trunk: { uri: `sip:pbx.example:${peer.port}` } })
    s.legs.dial({ ...TO, leg: A })
    answer(['127.0.0.2', '127.0.0.1'])
    peer.answer(await peer.request('OPTIONS'), 200, { tag: 'up' })
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'silent' })
    assert.deepEqual(peer.unread('INVITE'), [])
    assert.equal(s.legs.trunks()[0]?.state, 'up')
    s.legs.dial({ ...TO, leg: B })
    peer.answer(await peer.request('INVITE'), 486, { tag: 'b' })
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 486)
  })
})
