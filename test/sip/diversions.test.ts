import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { createGate } from '../../src/core/dialplan/gate.ts'
import type { Trunk } from '../../src/core/trunk.ts'
import type { Dns } from '../../src/sip/resolve.ts'
import { Peer } from '../contract/peer.ts'
import { RtpPhone } from '../media/phone.ts'
import { Notes } from './notes.ts'
import { A, B, CALL, header, NUMBER, sdp, stage, TRUNK } from './stage.ts'
import type { Message, Stage } from './stage.ts'

const MOBILE = '+34600000002'
const OTHER = '+34600000003'

/** A stage whose trunk follows diversions through a gate as the bot's. */
async function following(
  t: TestContext,
  trunk: Partial<Trunk> = {},
  { allowed = [], ...more }: { before?: readonly Trunk[]; dns?: Dns; allowed?: readonly string[] } = {},
): Promise<Stage & { notes: Notes }> {
  const notes = new Notes()
  const judged: { gate?: ReturnType<typeof createGate> } = {}
  const s = await stage(t, {
    ...more,
    trunk: { redirect: true, ...trunk },
    log: notes.log,
    follow: async (typed) => {
      const verdict = await judged.gate?.judge(typed)
      return verdict?.ok === true ? verdict.target : undefined
    },
  })
  judged.gate = createGate({
    country: 'ES',
    allowNumbers: [],
    allowSipDomains: allowed,
    trunkDomains: [s.peer.hostPort],
    outsidePrefixes: [],
    listed: (number) => number === '1002',
  })
  return Object.assign(s, { notes })
}

function divert(
  s: Stage,
  invite: Message,
  contact: string,
  more: { status?: number; fields?: Record<string, string> } = {},
): void {
  s.peer.answer(invite, more.status ?? 302, { tag: 'd', fields: { Contact: contact, ...more.fields } })
}

const at = (s: Stage, number: string) => `<sip:${number}@${s.peer.hostPort}>`

/** The leg ends as if nobody had followed. */
async function endsDiverted(s: Stage, status = 302): Promise<void> {
  const { end } = await s.report('leg.ended')
  assert.ok(end.kind === 'refused' && end.status === status, JSON.stringify(end))
  assert.deepEqual(s.peer.unread('INVITE'), [])
}

describe('a diversion of the callee (redirect)', () => {
  it('is followed: one leg, one answer, and the PBX is told whom it was for first', async (t) => {
    const s = await following(t)
    const first = await s.dial()
    divert(s, first, at(s, MOBILE))
    await s.peer.request('ACK')
    const second = await s.peer.request('INVITE')
    assert.equal(second.uri, `sip:${MOBILE}@${s.peer.hostPort}`)
    assert.notEqual(header(second, 'call-id'), header(first, 'call-id'))
    const from = `sip:${NUMBER}@${s.peer.hostPort}`
    assert.equal(header(second, 'diversion'), `<${from}>;reason=unconditional;counter=1`)
    assert.equal(
      header(second, 'history-info'),
      `<${from}?Reason=SIP%3Bcause%3D302>;index=1, <sip:${MOBILE}@${s.peer.hostPort}>;index=1.1;mp=1`,
    )
    s.peer.answer(second, 180, { tag: 'm' })
    await s.report('leg.ringing')
    s.peer.answer(second, 200, { tag: 'm', body: sdp({ port: 40000 }) })
    await s.peer.request('ACK')
    assert.equal((await s.report('leg.answered')).forwarded, true)
    assert.deepEqual(s.events, [])
  })

  it('after it rang has the reason that the phone tells, else that nobody answered', async (t) => {
    const s = await following(t)
    const first = await s.dial()
    s.peer.answer(first, 180, { tag: 'd' })
    divert(s, first, at(s, MOBILE))
    const second = await s.peer.request('INVITE')
    assert.match(header(second, 'diversion'), /reason=no-answer/)
    divert(s, second, at(s, OTHER), { fields: { Diversion: `<sip:x@y>;reason="user-busy"` } })
    const third = await s.peer.request('INVITE')
    assert.match(
      header(third, 'diversion'),
      /^<sip:\+34600000002@[^>]+>;reason=user-busy;counter=1, <sip:\+34910000001@/,
    )
    assert.match(header(third, 'history-info'), /;index=1, .*;index=1\.1;mp=1, .*;index=1\.1\.1;mp=1\.1$/)
    s.peer.answer(third, 486, { tag: 'b' })
    await endsDiverted(s, 486)
    assert.equal(s.notes.told.filter(({ text }) => text === 'A diversion is followed').length, 2)
  })

  for (const [what, contact, uri] of [
    ['tel:', 'tel:+34-600-000-002', `sip:${MOBILE}@`],
    ['a national number', '<tel:600000002;phone-context=+34>', `sip:${MOBILE}@`],
    ["a colleague's extension", '"Bob" <sip:1002@127.0.0.1;user=phone>', 'sip:1002@'],
  ] as const)
    it(`may be ${what}`, async (t) => {
      const s = await following(t)
      divert(s, await s.dial(), contact)
      const second = await s.peer.request('INVITE')
      assert.ok(second.uri.startsWith(uri), second.uri)
      s.peer.answer(second, 486, { tag: 'b' })
      await s.report('leg.ended')
    })

  it("lets the new phone's sound be heard before it answers, though the one before was heard already", async (t) => {
    const s = await following(t)
    const [one, two] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      one.close()
      two.close()
    })
    const first = await s.dial()
    s.peer.answer(first, 183, { tag: 'd', body: sdp({ port: one.port }) })
    await s.report('leg.ringing')
    divert(s, first, at(s, MOBILE))
    const second = await s.peer.request('INVITE')
    s.peer.answer(second, 183, { tag: 'm', body: sdp({ port: two.port }) })
    await s.report('leg.ringing')
    s.legs.play(A, 'ringback')
    await two.hears(3)
    s.peer.answer(second, 486, { tag: 'm' })
    await endsDiverted(s, 486)
  })

  it('with several Contacts is tried by their q, until somebody can be reached', async (t) => {
    const s = await following(t)
    divert(s, await s.dial(), `${at(s, OTHER)};q=0.1, ${at(s, MOBILE)};q=0.9, ${at(s, '1002')};q=0.5`, {
      status: 300,
    })
    for (const [user, status] of [
      [MOBILE, 480],
      ['1002', 486],
      [OTHER, 404],
    ] as const) {
      const invite = await s.peer.request('INVITE')
      assert.equal(invite.uri, `sip:${user}@${s.peer.hostPort}`)
      s.peer.answer(invite, status, { tag: user })
    }
    await endsDiverted(s, 404)
  })

  it('is over with the first 6xx, which speaks for all', async (t) => {
    const s = await following(t)
    divert(s, await s.dial(), `${at(s, MOBILE)}, ${at(s, OTHER)}`)
    s.peer.answer(await s.peer.request('INVITE'), 603, { tag: 'x' })
    await endsDiverted(s, 603)
  })

  for (const [what, contact] of [
    ['abroad', 'tel:+442079460958'],
    ['premium', 'tel:+34806123456'],
    ['112', 'tel:112'],
    ['an emergency number at the trunk', 'sip:112@127.0.0.1'],
    ['a domain that is not allowed', 'sip:bob@elsewhere.example'],
    ['no address at all', 'mailto:bob@example.com'],
  ] as const)
    it(`to ${what} is told, and not followed`, async (t) => {
      const s = await following(t)
      divert(s, await s.dial(), `<${contact}>`)
      const { end } = await s.report('leg.ended')
      assert.deepEqual(end, { kind: 'refused', status: 302, reason: 'Whatever', contact })
      assert.deepEqual(s.peer.unread('INVITE'), [])
    })

  it('to itself, or in a circle, is a loop', async (t) => {
    const s = await following(t)
    divert(s, await s.dial(), at(s, NUMBER))
    await endsDiverted(s)
    divert(s, await s.dial(), at(s, MOBILE))
    divert(s, await s.peer.request('INVITE'), `${at(s, NUMBER)}, ${at(s, MOBILE)}`)
    await endsDiverted(s)
  })

  it('that goes on and on is left after five', async (t) => {
    const s = await following(t)
    divert(s, await s.dial(), at(s, '+34600000010'))
    for (let i = 11; i < 16; i++) divert(s, await s.peer.request('INVITE'), at(s, `+346000000${i}`))
    await endsDiverted(s)
  })

  it("to the phone that the user holds already is not followed: that phone's own call would ring it", async (t) => {
    const s = await following(t)
    const own = await s.dial(A, { own: 'desk', to: { kind: 'extension', extension: '1002' } })
    s.peer.answer(own, 200, { tag: 'own', body: sdp({ port: 40000 }) })
    await s.report('leg.answered')
    divert(s, await s.dial(B), at(s, '1002'))
    await endsDiverted(s)
  })

  it("of the user's own phone is never followed", async (t) => {
    const s = await following(t)
    divert(s, await s.dial(A, { own: 'desk' }), at(s, MOBILE))
    await endsDiverted(s)
  })

  for (const status of [305, 380])
    it(`is no ${status}`, async (t) => {
      const s = await following(t)
      divert(s, await s.dial(), at(s, MOBILE), { status })
      await endsDiverted(s, status)
    })

  it('is not followed where the trunk does not say so', async (t) => {
    const s = await following(t, { redirect: false })
    divert(s, await s.dial(), at(s, MOBILE))
    await endsDiverted(s)
  })

  it('elsewhere gets neither the credentials nor the numbers of the company', async (t) => {
    const stranger = await Peer.start()
    t.after(() => stranger.close())
    const dns: Dns = {
      srv: () => Promise.reject(new Error('ENOTFOUND')),
      host: () => Promise.resolve(['127.0.0.1']),
    }
    const place = `partner.example:${stranger.port}`
    const s = await following(t, { user: 'bot', password: 's3cret' }, { dns, allowed: [place] })
    divert(s, await s.dial(), `<sip:room@${place}>`)
    const invite = await stranger.request('INVITE')
    assert.equal(invite.uri, `sip:room@${place}`)
    assert.deepEqual([header(invite, 'diversion'), header(invite, 'history-info')], ['', ''])
    const fields = { 'WWW-Authenticate': 'Digest realm="pbx", nonce="abc"' }
    stranger.answer(invite, 401, { tag: 'q', fields })
    await endsDiverted(s, 401)
    assert.deepEqual(stranger.unread('INVITE'), [])
  })

  it('tries the next trunk for the new target as for any', async (t) => {
    const first = await Peer.start()
    t.after(() => first.close())
    const before = [{ ...TRUNK, name: 'first', uri: `sip:${first.hostPort}`, redirect: true }]
    const s = await following(t, {}, { before })
    s.legs.dial({ call: CALL, leg: A, to: { kind: 'number', number: NUMBER }, from: { number: '1001' } })
    first.answer(await first.request('INVITE'), 302, { tag: 'd', fields: { Contact: `tel:${MOBILE}` } })
    first.answer(await first.request('INVITE'), 503, { tag: 'no' })
    const moved = await s.peer.request('INVITE')
    assert.ok(moved.uri.startsWith(`sip:${MOBILE}@`))
    s.peer.answer(moved, 486, { tag: 'b' })
    await endsDiverted(s, 486)
  })

  it('is given up with the leg', async (t) => {
    const gate = Promise.withResolvers<undefined>()
    const asked = Promise.withResolvers<undefined>()
    const s = await stage(t, {
      trunk: { redirect: true, maxCalls: 1 },
      follow: async () => {
        asked.resolve(undefined)
        await gate.promise
        return { kind: 'extension', extension: '1002' }
      },
    })
    divert(s, await s.dial(), at(s, '1002'))
    await asked.promise
    s.legs.release(A)
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    gate.resolve(undefined)
    await new Promise(setImmediate)
    assert.equal(await s.legs.lines(), 'free')
    assert.deepEqual(s.peer.unread('INVITE'), [])
  })
})
