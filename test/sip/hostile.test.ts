/** A far side that means harm, or writes what harms: what comes of it for the call, the ladder and everybody else. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { describe, it } from 'node:test'

import { redact } from '../../src/sip/ladder.ts'
import { A, CALL, header, headersOf, sdp, stage } from './stage.ts'

const ANSWER = sdp({ port: 40000 })
const CHALLENGE = 'Digest realm="pbx", nonce="abc"'
/** Milliseconds that nothing of this kind takes: unbounded it was some thousands. */
const SOON = 1_500

describe("the trunk's credentials", () => {
  it('are not given to a phone whose Contact leads past the PBX', async (t) => {
    const s = await stage(t, { trunk: { user: 'bot', password: 's3cret' } })
    const phone = createSocket('udp4').bind(0, '127.0.0.2')
    await once(phone, 'listening')
    t.after(() => phone.close())
    const invite = await s.dial()
    const contact = `<sip:evil@127.0.0.2:${phone.address().port}>`
    s.peer.answer(invite, 200, { tag: 'e', body: ANSWER, fields: { Contact: contact } })
    await s.report('leg.answered')
    s.legs.release(A)
    const heard: string[] = []
    phone.on('message', (data: Buffer, from) => {
      const text = data.toString()
      if (!text.startsWith('BYE ')) return
      heard.push(text)
      const copied = text.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/.test(line))
      const answer = ['SIP/2.0 401 Unauthorized', ...copied, `WWW-Authenticate: ${CHALLENGE}`, '', '']
      phone.send(answer.join('\r\n'), from.port, from.address)
    })
    assert.deepEqual((await s.report('leg.ended')).end, { kind: 'released' })
    assert.ok(heard.length > 0 && !heard.some((text) => /authorization/i.test(text)), heard.join('\n'))
  })
})

describe('what takes a reader long', () => {
  const brackets = Array.from({ length: 7 }, () => '<'.repeat(8_000)).join('\r\nContact: ')
  it('in a Contact of a diversion holds up nobody', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    const began = performance.now()
    s.peer.answer(invite, 302, { tag: 'd', fields: { Contact: brackets } })
    const { end } = await s.report('leg.ended')
    assert.ok(end.kind === 'refused' && end.status === 302)
    assert.ok(performance.now() - began < SOON)
  })

  it('in a body of INFO holds up nobody, and presses no key', async (t) => {
    const s = await stage(t, { transport: 'tcp' })
    const { side } = await s.answered(A, ANSWER)
    const began = performance.now()
    const fields = { 'Content-Type': 'application/dtmf-relay' }
    await s.send(side, 'INFO', 1, { fields, body: `${'\n'.repeat(60_000)}Signal=5` })
    assert.equal((await s.peer.response('INFO')).status, 200)
    assert.ok(performance.now() - began < SOON)
    await s.send(side, 'INFO', 2, { fields, body: 'Signal=7\r\nDuration=160\r\n' })
    await s.peer.response('INFO')
    assert.equal((await s.report('leg.digit')).digit, '7')
    assert.ok(!s.events.some(({ type }) => type === 'leg.digit'))
  })
})

describe('words of a far side', () => {
  it('are kept as short as anybody would read them', async (t) => {
    const s = await stage(t)
    s.peer.answer(await s.dial(), 486, { tag: 'w', reason: 'x'.repeat(7_000) })
    const { end } = await s.report('leg.ended')
    assert.equal(end.kind === 'refused' && end.reason.length, 200)
  })

  it('have no lines, colours or directions of their own in the ladder', async (t) => {
    const s = await stage(t)
    const reason = 'Busy \x1b[31mred\x1b[0m \u202eesrever \x07'
    const fields = { Warning: '399 pbx "a\x1b]0;title\x07b"', 'X-Name': 'left\u2066right' }
    s.peer.answer(await s.dial(), 486, { tag: 'w', reason, fields })
    await s.report('leg.ended')
    const [, answer] = s.legs.ladder(CALL)
    assert.equal(answer?.line, 'SIP/2.0 486 Busy \ufffd[31mred\ufffd[0m \ufffdesrever \ufffd')
    assert.doesNotMatch(answer.text, /[^\P{C}\r\n\t]/u)
    assert.equal(redact(answer.text), answer.text)
  })

  it('with a line end in them are not taken at all', async (t) => {
    const s = await stage(t)
    const invite = await s.dial()
    s.peer.answer(invite, 486, { tag: 'w', reason: 'Busy\rX-Evil: 1' })
    s.peer.answer(invite, 480, { tag: 'w', fields: { Warning: '399 pbx "a\rb"' } })
    s.peer.answer(invite, 603, { tag: 'w' })
    const { end } = await s.report('leg.ended')
    assert.equal(end.kind === 'refused' && end.status, 603)
    const ack = await s.peer.request('ACK')
    assert.deepEqual(headersOf(ack, 'x-evil'), [])
    assert.match(header(ack, 'to'), /tag=w$/)
  })
})
