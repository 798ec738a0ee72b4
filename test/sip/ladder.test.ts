import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ladder, redact } from '../../src/sip/ladder.ts'

const message = (...lines: string[]) => lines.join('\r\n')

describe('what the ladder keeps', () => {
  const secrets: [what: string, text: string, secret: string, kept: string][] = [
    [
      'credentials',
      message(
        'INVITE sip:a@b SIP/2.0',
        'Authorization: Digest username="x",',
        ' response="beef"',
        'To: <sip:a@b>',
        '',
        '',
      ),
      'beef',
      'To: <sip:a@b>',
    ],
    [
      'credentials for a proxy',
      message('BYE sip:a@b SIP/2.0', 'proxy-authorization: Digest response="beef"', '', ''),
      'beef',
      'BYE',
    ],
    [
      'a PIN behind commas',
      message('INVITE sip:+34910000001,,4711%23@b SIP/2.0', 'To: <sip:+34910000001,,4711%23@b>', '', ''),
      '4711',
      '+34910000001,',
    ],
    [
      'a PIN in postd',
      message('INVITE tel:+34910000001;postd=pp4711 SIP/2.0', '', ''),
      '4711',
      '+34910000001;postd=',
    ],
    [
      'a PIN by name',
      message('INVITE sip:room@b;pin=4711 SIP/2.0', 'Refer-To: <sip:room@b?pin=4711>', '', ''),
      '4711',
      'room@b',
    ],
    [
      'a media key',
      message(
        'SIP/2.0 200 OK',
        'Content-Type: application/sdp',
        '',
        'v=0',
        'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20',
        'm=audio 1 RTP/AVP 8',
        '',
      ),
      'c2VjcmV0',
      'm=audio',
    ],
    [
      'an old media key',
      message('SIP/2.0 200 OK', '', 'v=0', 'k=base64:c2VjcmV0', 'm=audio 1 RTP/AVP 8', ''),
      'c2VjcmV0',
      'm=audio',
    ],
    [
      'a digit',
      message('INFO sip:a@b SIP/2.0', 'Content-Type: application/dtmf-relay', '', 'Signal=7', 'Duration=160'),
      'Signal=7',
      'INFO',
    ],
    [
      'a digit, in compact form',
      message('INFO sip:a@b SIP/2.0', 'c: application/dtmf', '', '7531'),
      '7531',
      'INFO',
    ],
  ]
  for (const [what, text, secret, kept] of secrets)
    it(`is without ${what}`, () => {
      const clean = redact(text)
      assert.ok(!clean.includes(secret), clean)
      assert.ok(clean.includes(kept), clean)
    })

  it('is a message without secrets as it was', () => {
    const text = message(
      'INVITE sip:a@b SIP/2.0',
      'Allow: INVITE, ACK',
      'From: "A, B" <sip:x@y>;tag=1',
      '',
      'v=0',
      '',
    )
    assert.equal(redact(text), text)
  })

  it('is bounded in number and length', () => {
    const ladder = new Ladder()
    for (let i = 0; i < 300; i++)
      ladder.add(i, 'user', 'in', `SIP/2.0 200 OK\r\nX: ${'x'.repeat(10_000)}\r\n\r\n`)
    const entries = ladder.entries()
    assert.equal(entries.length, 200)
    assert.ok(entries.every(({ text, line }) => text.length < 4200 && line === 'SIP/2.0 200 OK'))
  })
})
