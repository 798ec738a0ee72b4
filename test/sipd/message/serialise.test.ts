import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responseTo } from '../../../src/sipd/message/build.ts'
import { Headers, wireName } from '../../../src/sipd/message/headers.ts'
import type { SipMessage } from '../../../src/sipd/message/message.ts'
import { EMPTY } from '../../../src/sipd/message/message.ts'
import { parseMessage } from '../../../src/sipd/message/parse.ts'
import { serialise } from '../../../src/sipd/message/serialise.ts'
import { parseNameAddr, parseUri, splitList, tagOf, withTag } from '../../../src/sipd/message/uri.ts'

function request(headers: Headers, method = 'INFO', uri = 'sip:a@b'): SipMessage {
  return { kind: 'request', method, uri, headers, body: EMPTY }
}

test('no value can become a second line', () => {
  for (const evil of ['a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\0b']) {
    assert.throws(() => serialise(request(new Headers().add('Subject', evil))), { code: 'SIPD_UNSAFE_VALUE' })
    assert.throws(() => serialise(request(new Headers(), 'INFO', `sip:${evil}@b`.replace('\0', ' '))), {
      code: 'SIPD_UNSAFE_VALUE',
    })
    const response: SipMessage = {
      kind: 'response',
      status: 200,
      reason: evil,
      headers: new Headers(),
      body: EMPTY,
    }
    assert.throws(() => serialise(response), { code: 'SIPD_UNSAFE_VALUE' })
  }
  assert.throws(() => serialise(request(new Headers().add('Bad Name', 'x'))), { code: 'SIPD_UNSAFE_VALUE' })
  assert.throws(() => serialise(request(new Headers().add('X: y\r\nZ', 'x'))), { code: 'SIPD_UNSAFE_VALUE' })
  assert.throws(() => serialise(request(new Headers(), 'IN FO')), { code: 'SIPD_UNSAFE_VALUE' })
})

test('Content-Length is that of the body in bytes, whatever a header says', () => {
  const body = Buffer.from('ñ')
  const message: SipMessage = { ...request(new Headers().add('Content-Length', '99')), body }
  assert.equal(serialise(message).toString(), 'INFO sip:a@b SIP/2.0\r\nContent-Length: 2\r\n\r\nñ')
})

test('a response copies what RFC 3261 8.2.6.2 says, with one tag', () => {
  const parsed = parseMessage(
    Buffer.from(
      'OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=1\r\nVia: SIP/2.0/TCP b, SIP/2.0/TCP c\r\nFrom: <sip:f@g>;tag=1\r\nTo: sip:t@u;x=y\r\nCall-ID: c\r\nCSeq: 4 OPTIONS\r\n\r\n',
    ),
  )
  assert.ok(parsed.kind === 'message' && parsed.message.kind === 'request')
  const response = responseTo(parsed.message, 200, { tag: 'own' })
  assert.deepEqual(
    response.headers.fields.map(({ name, value }) => `${name}: ${value}`),
    [
      'Via: SIP/2.0/UDP a;branch=1',
      'Via: SIP/2.0/TCP b, SIP/2.0/TCP c',
      'From: <sip:f@g>;tag=1',
      'To: <sip:t@u>;x=y;tag=own',
      'Call-ID: c',
      'CSeq: 4 OPTIONS',
    ],
  )
})

test('headers are written as usual', () => {
  for (const [name, written] of [
    ['call-id', 'Call-ID'],
    ['cseq', 'CSeq'],
    ['p-asserted-identity', 'P-Asserted-Identity'],
    ['www-authenticate', 'WWW-Authenticate'],
    ['X-my-Header', 'X-my-Header'],
    ['m', 'Contact'],
  ] as const) {
    assert.equal(wireName(name), written)
  }
})

test('URIs are read', () => {
  const rows: [string, object | undefined][] = [
    [
      'sip:a@b.c:5070;transport=tcp;lr',
      { user: 'a', host: 'b.c', port: 5070, params: { transport: 'tcp', lr: '' } },
    ],
    ['sips:[2001:DB8::1]:5061', { scheme: 'sips', host: '2001:db8::1', port: 5061 }],
    ['sip:+1;ext=2:pw@h?Subject=x', { user: '+1;ext=2:pw', host: 'h' }],
    ['sip:h', { user: '', host: 'h', port: 0 }],
    ['tel:+34', undefined],
    ['sip:', undefined],
    ['sip:a@b:99999', undefined],
    ['sip:a@b:port', undefined],
  ]
  for (const [text, wanted] of rows) {
    const uri = parseUri(text)
    if (wanted === undefined) assert.equal(uri, undefined, text)
    else
      assert.deepEqual(
        { ...uri, params: { ...uri?.params } },
        { ...uri, params: { ...uri?.params }, ...wanted },
        text,
      )
  }
})

test('addresses, tags and lists are read', () => {
  assert.deepEqual(parseNameAddr('"a <b> \\" c" <sip:x@y;p=1>;tag=9'), {
    display: '"a <b> \\" c"',
    uri: 'sip:x@y;p=1',
    params: ';tag=9',
  })
  assert.equal(tagOf('"x;tag=no" <sip:a@b;tag=no>;tag=yes;z'), 'yes')
  assert.equal(tagOf('<sip:a@b;tag=no>'), undefined)
  assert.equal(withTag('sip:a@b;p=1', 't'), '<sip:a@b>;p=1;tag=t')
  assert.deepEqual(splitList('"a,b" <sip:x@y,z>;q=1 , <sip:c>'), ['"a,b" <sip:x@y,z>;q=1', '<sip:c>'])
})
