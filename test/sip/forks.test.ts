/** Answers that come from several phones, or at the wrong moment. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { RtpPhone } from '../media/phone.ts'
import { A, header, read, sdp, stage } from './stage.ts'

const ANSWER = sdp({ port: 40000 })

describe('a leg', () => {
  it('talks with the fork that answers, whatever another fork has sounded and changed before', async (t) => {
    const [early, last] = [await RtpPhone.open(1), await RtpPhone.open(2)]
    t.after(() => {
      early.close()
      last.close()
    })
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 183, { tag: 'one', body: sdp({ port: early.port }) })
    await s.report('leg.ringing')
    await s.send({ invite, tag: 'one' }, 'UPDATE', 1, {
      body: sdp({ port: early.port, codecs: ['0 PCMU/8000'] }),
    })
    await s.peer.response('UPDATE', 200)
    s.peer.answer(invite, 180, { tag: 'two' })
    s.peer.answer(invite, 200, {
      tag: 'three',
      body: sdp({ port: last.port, codecs: ['8 PCMA/8000', '101 telephone-event/8000'] }),
    })
    assert.match(header(await s.peer.request('ACK'), 'to'), /tag=three/)
    await s.report('leg.answered')
    s.legs.play(A, 'ringback')
    await last.hears(10, ({ type }) => type === 8)
    // It answers the INVITE's offer, keys and all: what the first fork has left of that is nothing to it.
    last.key(read(invite.body).port, 5, 101)
    assert.equal((await s.report('leg.digit')).digit, '5')
  })

  it('is no call when the fork that answers has said nothing of its media', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 183, { tag: 'one', body: ANSWER })
    s.peer.answer(invite, 200, { tag: 'two' })
    await s.peer.request('ACK')
    s.peer.answer(await s.peer.request('BYE'), 200)
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 488)
  })

  it('is not ringing because a fork was given up (199)', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 199, { tag: 'one' })
    s.peer.answer(invite, 200, { tag: 'two', body: ANSWER })
    await s.report('leg.answered')
    assert.deepEqual(s.events, [])
  })

  it('refuses a re-INVITE that overtakes the 200 of its INVITE with 491, and no call is lost by it', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    const side = { invite, tag: 'e' }
    s.peer.answer(invite, 180, { tag: 'e' })
    await s.report('leg.ringing')
    await s.send(side, 'INVITE', 1, { body: sdp({ port: 40000, direction: 'sendonly' }) })
    assert.equal((await s.peer.response('INVITE')).status, 491)
    s.peer.answer(invite, 200, { tag: 'e', body: ANSWER })
    await s.report('leg.answered')
  })

  it('refuses with 481 what would change a session that our BYE has ended', async (t) => {
    const s = await stage(t)
    const { side } = await s.answered(A, ANSWER)
    s.legs.release(A)
    const bye = await s.inDialog(side, 'BYE')
    await s.send(side, 'INVITE', 1, { body: sdp({ port: 40000, direction: 'sendonly' }) })
    assert.equal((await s.peer.response('INVITE')).status, 481)
    await s.send(side, 'UPDATE', 2, { body: ANSWER })
    assert.equal((await s.peer.response('UPDATE')).status, 481)
    s.peer.answer(bye, 200)
    await s.report('leg.ended')
  })

  it('says what it can: 100rel only with an offer in the INVITE, since a PRACK has no body', async (t) => {
    const early = await stage(t)
    assert.equal(header(await early.dial(), 'supported'), '100rel, timer, histinfo')
    const late = await stage(t, { trunk: { offer: 'late' } })
    assert.equal(header(await late.dial(), 'supported'), 'timer, histinfo')
  })
})
