import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import type { Trunk } from '../../src/core/trunk.ts'
import type { Dns } from '../../src/sip/resolve.ts'
import { Peer } from '../contract/peer.ts'
import { Notes } from './notes.ts'
import { A, fastClock, header, NUMBER, sdp, stage, TRUNK } from './stage.ts'
import type { Message, Stage } from './stage.ts'

const REGISTERING = { register: true, user: '+34910000099', password: 's3cret' } as const
const CHALLENGE = 'Digest realm="pbx", nonce="abc", qop="auth"'

/** Grants what was asked for, or so many seconds, as a registrar does: with the Contact that was sent. */
function grant(peer: Peer, register: Message, seconds: number): void {
  const contact = header(register, 'contact').replace(/expires=\d+/, `expires=${seconds}`)
  peer.answer(register, 200, { tag: 'r', fields: { Contact: contact } })
}

type Scene = { readonly s: Stage; readonly notes: Notes }

async function registering(
  t: TestContext,
  options: { trunk?: Partial<Trunk>; transport?: 'udp' | 'tcp'; fast?: boolean; dns?: Dns; t1?: number } = {},
): Promise<Scene> {
  const { fast = false, trunk, ...rest } = options
  const notes = new Notes()
  const s = await stage(t, {
    ...rest,
    trunk: { ...REGISTERING, ...trunk },
    log: notes.log,
    ...(fast ? { clock: fastClock } : {}),
  })
  return { s, notes }
}

const registered = ({ notes }: Scene) => notes.says(({ code }) => code === 'SIP_REGISTERED')
const stateOf = ({ s }: Scene) => s.legs.trunks()[0]?.registration

describe('a trunk that registers', () => {
  it('tells the PBX where we are, as RFC 3261 10.2 has it', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    assert.deepEqual(stateOf(scene), { state: 'trying' })
    const register = await peer.request('REGISTER')
    assert.equal(register.uri, `sip:${peer.hostPort}`, 'a domain, without user part')
    assert.match(header(register, 'to'), /^<sip:\+34910000099@127\.0\.0\.1>$/)
    assert.match(header(register, 'from'), /^<sip:\+34910000099@127\.0\.0\.1>;tag=/)
    assert.match(header(register, 'contact'), /^<sip:34910000099@127\.0\.0\.1:\d+>;expires=600$/)
    const before = Date.now()
    grant(peer, register, 300)
    await registered(scene)
    const state = stateOf(scene)
    assert.ok(state?.state === 'registered' && state.until >= before + 300_000)
  })

  it('says by TCP that it is reached by TCP', async (t) => {
    const scene = await registering(t, { transport: 'tcp' })
    const register = await scene.s.peer.request('REGISTER')
    assert.match(
      header(register, 'contact'),
      /^<sip:34910000099@127\.0\.0\.1:\d+;transport=tcp>;expires=600$/,
    )
    grant(scene.s.peer, register, 300)
    await registered(scene)
  })

  it('does so again well before that ends, in the same call, counting on', async (t) => {
    const scene = await registering(t, { fast: true })
    const { peer } = scene.s
    const first = await peer.request('REGISTER')
    grant(peer, first, 80)
    const granted = Date.now()
    await registered(scene)
    const second = await peer.request('REGISTER')
    // Waits of the bot pass twenty times as fast here: 80 s are 4.
    assert.ok(Date.now() - granted < 4000, `after ${Date.now() - granted} ms, twentyfold`)
    assert.equal(header(second, 'call-id'), header(first, 'call-id'))
    assert.equal(header(second, 'from'), header(first, 'from'))
    assert.equal(header(second, 'contact'), header(first, 'contact'))
    assert.ok(Number.parseInt(header(second, 'cseq')) > Number.parseInt(header(first, 'cseq')))
    grant(peer, second, 600)
  })

  it('answers 401, and a nonce too old once more', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    const fields = { 'WWW-Authenticate': CHALLENGE }
    peer.answer(await peer.request('REGISTER'), 401, { tag: 'q', fields })
    const second = await peer.request('REGISTER')
    assert.match(header(second, 'authorization'), /nonce="abc"/)
    const stale = { 'WWW-Authenticate': 'Digest realm="pbx", nonce="def", qop="auth", stale=TRUE' }
    peer.answer(second, 401, { tag: 'q', fields: stale })
    const third = await peer.request('REGISTER')
    assert.match(header(third, 'authorization'), /nonce="def"/)
    grant(peer, third, 300)
    await registered(scene)
  })

  it('answers by SHA-256 where the PBX offers both (RFC 8760)', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    const fields = {
      'WWW-Authenticate': `${CHALLENGE}, algorithm=MD5, Digest realm="pbx", nonce="sha", algorithm=SHA-256, qop="auth"`,
    }
    peer.answer(await peer.request('REGISTER'), 401, { tag: 'q', fields })
    const second = await peer.request('REGISTER')
    assert.match(header(second, 'authorization'), /nonce="sha".*algorithm=SHA-256/)
    grant(peer, second, 300)
    await registered(scene)
  })

  it('takes a wrong password for an answer, says what to do, and does not try again and again', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    const fields = { 'WWW-Authenticate': CHALLENGE }
    peer.answer(await peer.request('REGISTER'), 401, { tag: 'q', fields })
    peer.answer(await peer.request('REGISTER'), 401, { tag: 'q', fields })
    const told = await scene.notes.says(({ code }) => code === 'SIP_REGISTER_REFUSED')
    assert.equal(told['status'], 401)
    assert.match(String(told['remedy']), /password/)
    assert.ok(Number(told['again']) > 200, `it comes again after ${String(told['again'])} s`)
    assert.ok(!JSON.stringify(scene.notes.told).includes('s3cret'))
    assert.deepEqual(stateOf(scene), { state: 'refused', status: 401, reason: 'Whatever' })
    assert.deepEqual(peer.unread('REGISTER'), [])
    assert.equal(scene.s.legs.trunks()[0]?.state, 'up', 'it answers, after all')
  })

  it('asks for as long as the PBX wants at least (423)', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    peer.answer(await peer.request('REGISTER'), 423, { tag: 'q', fields: { 'Min-Expires': '1800' } })
    const second = await peer.request('REGISTER')
    assert.match(header(second, 'contact'), /expires=1800$/)
    assert.equal(header(second, 'expires'), '1800')
    grant(peer, second, 1800)
    await registered(scene)
  })

  it('does not ask for ever of a PBX that finds everything too brief', async (t) => {
    const scene = await registering(t)
    const { peer } = scene.s
    peer.answer(await peer.request('REGISTER'), 423, { tag: 'q', fields: { 'Min-Expires': '1800' } })
    peer.answer(await peer.request('REGISTER'), 423, { tag: 'q', fields: { 'Min-Expires': '3600' } })
    await scene.notes.says(({ code }) => code === 'SIP_REGISTER_REFUSED')
    assert.deepEqual(peer.unread('REGISTER'), [])
  })

  it('comes again, later and later, to a PBX that has a fault', async (t) => {
    const scene = await registering(t, { fast: true })
    const { peer } = scene.s
    const times: number[] = []
    for (let i = 0; i < 4; i++) {
      const register = await peer.request('REGISTER')
      times.push(Date.now())
      if (i < 3) peer.answer(register, 500, { tag: 'q' })
      else grant(peer, register, 600)
    }
    await registered(scene)
    const waits = times.slice(1).map((time, i) => time - times[i]!)
    assert.ok(
      waits.every((wait, i) => wait >= 75 * 2 ** i - 5),
      `waits of ${waits.join(', ')} ms, twentyfold`,
    )
  })

  it('waits for as long as a PBX asks for (Retry-After)', async (t) => {
    const scene = await registering(t)
    scene.s.peer.answer(await scene.s.peer.request('REGISTER'), 500, {
      tag: 'q',
      fields: { 'Retry-After': '90 (soon)' },
    })
    const told = await scene.notes.says(({ code }) => code === 'SIP_REGISTER_REFUSED')
    assert.ok(Number(told['again']) >= 67 && Number(told['again']) <= 90)
  })

  it('goes to the next address of the PBX where nobody is at the first', async (t) => {
    const peer = await Peer.start()
    t.after(() => peer.close())
    const dns: Dns = {
      srv: () => Promise.reject(new Error('ENOTFOUND')),
      host: () => Promise.resolve(['127.0.0.2', '127.0.0.1']),
    }
    const scene = await registering(t, { dns, trunk: { uri: `sip:pbx.example:${peer.port}` } })
    const register = await peer.request('REGISTER')
    assert.equal(register.uri, `sip:pbx.example:${peer.port}`)
    grant(peer, register, 300)
    const { at } = await registered(scene)
    assert.equal(at, `sip:127.0.0.1:${peer.port};transport=udp`)
    const stopped = scene.s.legs.stop()
    const last = await peer.request('REGISTER')
    assert.match(header(last, 'contact'), /expires=0$/)
    peer.answer(last, 200, { tag: 'r' })
    await stopped
  })

  it('says that nobody is there, when nobody is', async (t) => {
    const scene = await registering(t, { trunk: { uri: 'sip:127.0.0.1:9' } })
    const told = await scene.notes.says(({ code }) => code === 'SIP_REGISTER_AWAY')
    assert.match(String(told['remedy']), /uri/)
    assert.equal(stateOf(scene)?.state, 'unreachable')
  })

  it('unregisters at the end, and waits no longer than 2 s for the answer', async (t) => {
    const scene = await registering(t)
    const { peer, legs } = scene.s
    const first = await peer.request('REGISTER')
    grant(peer, first, 300)
    await registered(scene)
    const began = Date.now()
    const stopped = legs.stop()
    const last = await peer.request('REGISTER')
    assert.equal(header(last, 'contact'), header(first, 'contact').replace('600', '0'))
    assert.equal(header(last, 'call-id'), header(first, 'call-id'))
    assert.equal(header(last, 'expires'), '0')
    await stopped
    const ms = Date.now() - began
    assert.ok(ms >= 1900 && ms < 3000, `it took ${ms} ms`)
  })
})

describe('a trunk that is not registered', () => {
  it('is tried after those that are, and all the same where there is no other', async (t) => {
    const first = await Peer.start()
    t.after(() => first.close())
    const before = [{ ...TRUNK, ...REGISTERING, name: 'first', uri: `sip:${first.hostPort}` }]
    const notes = new Notes()
    const s = await stage(t, { before, log: notes.log })
    first.answer(await first.request('REGISTER'), 403, { tag: 'q' })
    await notes.says(({ code }) => code === 'SIP_REGISTER_REFUSED')
    const invite = await s.dial()
    s.peer.answer(invite, 503, { tag: 'no' })
    first.answer(await first.request('INVITE'), 486, { tag: 'b' })
    assert.deepEqual(notes.dialled(), ['pbx', 'first'])
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 486)
  })
})

describe('trunks of a file that has changed', () => {
  it('that are new are asked and registered at once; those that are gone unregister; the others go on', async (t) => {
    const scene = await registering(t)
    const { s, notes } = scene
    grant(s.peer, await s.peer.request('REGISTER'), 300)
    await registered(scene)
    const own = { ...TRUNK, ...REGISTERING, uri: `sip:${s.peer.hostPort}` }
    const other = await Peer.start()
    t.after(() => other.close())
    const added = { ...own, name: 'added', uri: `sip:${other.hostPort}`, user: 'bot' }
    s.legs.setTrunks([own, added])
    other.answer(await other.request('OPTIONS'), 200, { tag: 'up' })
    grant(other, await other.request('REGISTER'), 300)
    await notes.until('added', 'up')
    assert.deepEqual(s.peer.unread('REGISTER'), [], 'what has not changed is not asked again')

    s.legs.setTrunks([{ ...added, callerId: NUMBER }])
    const last = await s.peer.request('REGISTER')
    assert.match(header(last, 'contact'), /expires=0$/)
    s.peer.answer(last, 200, { tag: 'r' })
    assert.deepEqual(other.unread('REGISTER'), [], 'another caller ID is no reason to register again')
    assert.deepEqual(
      s.legs.trunks().map(({ name, state, registration }) => [name, state, registration?.state]),
      [['added', 'up', 'registered']],
    )
    void other.request('REGISTER').then((register) => {
      other.answer(register, 200, { tag: 'r' })
    })
    await s.legs.stop()
  })

  it('leave running calls alone', async (t) => {
    const s = await stage(t)
    const { side } = await s.answered(A, sdp({ port: 40000 }))
    s.legs.setTrunks([{ ...TRUNK, name: 'other', uri: 'sip:127.0.0.1:9' }])
    s.legs.release(A)
    s.peer.answer(await s.inDialog(side, 'BYE'), 200)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
  })
})
