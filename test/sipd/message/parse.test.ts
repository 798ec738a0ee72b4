import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SipMessage } from '../../../src/sipd/message/message.ts'
import type { Parsed } from '../../../src/sipd/message/parse.ts'
import { parseMessage } from '../../../src/sipd/message/parse.ts'

const GOOD: Readonly<Record<string, string>> = {
  start: 'INVITE sip:bob@example.com SIP/2.0',
  Via: 'SIP/2.0/UDP pc.example.com:5070;branch=z9hG4bKa;rport',
  'Max-Forwards': '70',
  From: '"A. Lice" <sip:alice@example.com>;tag=1',
  To: 'Bob <sip:bob@example.com>',
  'Call-ID': 'a@b',
  CSeq: '1 INVITE',
  Contact: '<sip:alice@192.0.2.1>',
  body: '',
}

/** The good INVITE with changes: undefined takes a line away, an array repeats it. */
function text(changes: Readonly<Record<string, string | readonly string[] | undefined>> = {}): string {
  const all = { ...GOOD, ...changes }
  const lines = Object.entries(all).flatMap(([name, value]) => {
    if (name === 'start' || name === 'body' || value === undefined) return []
    return (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`)
  })
  return [all['start'], ...lines, '', all['body']].join('\r\n')
}

function parse(input: string | Buffer): Parsed {
  return parseMessage(Buffer.from(input))
}

function good(input: string): SipMessage {
  const parsed = parse(input)
  assert.equal(parsed.kind, 'message', JSON.stringify(parsed))
  return parsed.message
}

test('a request is read', () => {
  const message = good(text({ body: 'v=0\r\n', 'Content-Length': '5' }))
  assert.ok(message.kind === 'request')
  assert.equal(message.method, 'INVITE')
  assert.equal(message.uri, 'sip:bob@example.com')
  assert.equal(message.headers.get('from'), '"A. Lice" <sip:alice@example.com>;tag=1')
  assert.equal(message.body.toString(), 'v=0\r\n')
  assert.ok(message.raw)
})

test('a response is read, also without a reason phrase', () => {
  for (const [line, reason] of [
    ['SIP/2.0 486 Busy Here', 'Busy Here'],
    ['SIP/2.0 180 ', ''],
    ['SIP/2.0 200', ''],
    ['SIP/2.0 183 Señal', 'Señal'],
  ] as const) {
    const message = good(text({ start: line, Contact: undefined }))
    assert.ok(message.kind === 'response')
    assert.equal(message.reason, reason)
  }
})

test('short names, folded lines, odd case and spaces are what they mean', () => {
  const message = good(
    [
      'INVITE sip:bob@example.com SIP/2.0',
      'v: SIP/2.0/UDP pc;branch=z9hG4bKa',
      'FROM :  <sip:alice@example.com>',
      ' ;tag=1',
      't:<sip:bob@example.com>',
      'i: a@b',
      'cSeQ:\t1 INVITE',
      'm: <sip:a@b>',
      'Subject: one',
      '\ttwo',
      'l: 0',
      '',
      'not of it',
    ].join('\r\n'),
  )
  assert.equal(message.headers.get('from'), '<sip:alice@example.com> ;tag=1')
  assert.equal(message.headers.get('subject'), 'one two')
  assert.equal(message.headers.get('contact'), '<sip:a@b>')
  assert.equal(message.body.length, 0)
  assert.equal(message.raw, undefined, 'its bytes are not fit to be handed on')
})

test('leading zeros of Max-Forwards are none of its value', () => {
  assert.equal(good(text({ 'Max-Forwards': '0068' })).headers.get('max-forwards'), '0068')
})

test('the version is read in any case, and handed on in capitals', () => {
  for (const start of ['INVITE sip:bob@example.com sip/2.0', 'Sip/2.0 200 OK'])
    assert.equal(good(text({ start })).raw, undefined)
})

test('a Latin-1 name is read as such, and its bytes are not handed on', () => {
  const bytes = Buffer.from(text({ From: '"José" <sip:a@b>;tag=1' }), 'latin1')
  const parsed = parse(bytes)
  assert.ok(parsed.kind === 'message')
  assert.equal(parsed.message.headers.get('from'), '"José" <sip:a@b>;tag=1')
  assert.equal(parsed.message.raw, undefined)
})

test('a header whose name is escaped is nobody else, and is left out', () => {
  const message = good(text({ 'C%6Fntact': '<sip:evil@example.com>', 'F%72om': '<sip:x@y>;tag=2' }))
  assert.equal(message.headers.fields.length, 7)
  assert.equal(message.raw, undefined)
})

test('UTF-8 in a display name stays', () => {
  assert.equal(
    good(text({ From: '"Álex 🎧" <sip:a@b>;tag=1' })).headers.get('from'),
    '"Álex 🎧" <sip:a@b>;tag=1',
  )
})

const REFUSED: readonly (readonly [what: string, input: string, status: number])[] = [
  ['another version', text({ start: 'INVITE sip:bob@example.com SIP/7.0' }), 505],
  ['an unknown scheme', text({ start: 'INVITE mailto:bob@example.com SIP/2.0' }), 416],
  ['spaces in the Request-URI', text({ start: 'INVITE sip:bob@example.com; lr SIP/2.0' }), 400],
  ['two spaces in the Request-Line', text({ start: 'INVITE  sip:bob@example.com SIP/2.0' }), 400],
  ['angle brackets around the Request-URI', text({ start: 'INVITE <sip:bob@example.com> SIP/2.0' }), 400],
  ['headers in the Request-URI', text({ start: 'INVITE sip:bob@example.com?Subject=x SIP/2.0' }), 400],
  ['a port of 70000', text({ start: 'INVITE sip:bob@example.com:70000 SIP/2.0' }), 400],
  ['no From', text({ From: undefined }), 400],
  ['no To', text({ To: undefined }), 400],
  ['no Call-ID', text({ 'Call-ID': undefined }), 400],
  ['no CSeq', text({ CSeq: undefined }), 400],
  ['a CSeq whose method only ends alike', text({ CSeq: '1 XINVITE' }), 400],
  ['Max-Forwards of 256', text({ 'Max-Forwards': '256' }), 400],
  ['a CSeq of another method', text({ CSeq: '1 BYE' }), 400],
  ['a CSeq too large', text({ CSeq: '36893488147419103232 INVITE' }), 400],
  ['a CSeq of 2 to the 31', text({ CSeq: '2147483648 INVITE' }), 400],
  ['two From', text({ From: [GOOD['From']!, '<sip:x@y>;tag=2'] }), 400],
  ['two To', text({ To: ['<sip:x@y>', '<sip:z@y>'] }), 400],
  ['two Call-ID', text({ 'Call-ID': ['a', 'b'] }), 400],
  ['two CSeq', text({ CSeq: ['1 INVITE', '2 INVITE'] }), 400],
  ['a From without tag', text({ From: '<sip:a@b>' }), 400],
  ['a quote that does not close', text({ To: '"Bob <sip:bob@example.com>' }), 400],
  ['a bracket that does not close', text({ To: '<sip:bob@example.com' }), 400],
  ['a To that is no URI', text({ To: 'bob' }), 400],
  ['an INVITE without Contact', text({ Contact: undefined }), 400],
  ['a Contact of *', text({ Contact: '*' }), 400],
  ['Max-Forwards of words', text({ 'Max-Forwards': 'many' }), 400],
  ['a negative Content-Length', text({ 'Content-Length': '-999' }), 400],
  ['a Content-Length of words', text({ 'Content-Length': 'five' }), 400],
  ['a Content-Length beyond the datagram', text({ 'Content-Length': '9999' }), 400],
  ['two unequal Content-Lengths', text({ 'Content-Length': ['0', '1'] }), 400],
  ['a line without colon', text({ 'X-Ok': 'a\r\nno header here' }), 400],
  ['a name with a space', text({ 'Bad Name': 'x' }), 400],
  ['a bare CR in a value', text({ Subject: 'a\rb' }), 400],
  ['a bare LF in a value', text({ Subject: 'a\nX-Evil: 1' }), 400],
  ['a NUL in a value', text({ Subject: 'a\0b' }), 400],
  ['a header of 64 KB', text({ Subject: 'x'.repeat(60_000) }), 400],
  ['a header folded into 64 KB', text({ Subject: 'x' + `\r\n ${'y'.repeat(500)}`.repeat(100) }), 400],
  ['too many headers', text({ 'X-Many': Array.from({ length: 300 }, () => 'x') }), 400],
]

for (const [what, input, status] of REFUSED) {
  test(`refused with ${status}: ${what}`, () => {
    const parsed = parse(input)
    assert.equal(parsed.kind, 'refused', JSON.stringify(parsed))
    assert.equal(parsed.status, status)
  })
}

const GARBAGE: readonly (readonly [what: string, input: string | Buffer])[] = [
  ['nothing', ''],
  ['line ends', '\r\n\r\n\r\n\r\n'],
  ['a STUN request', Buffer.from('000100002112a442000000000000000000000000', 'hex')],
  ['an HTTP request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no empty line', 'INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n'],
  ['no Via', text({ Via: undefined })],
  ['a Via of nonsense', text({ Via: 'here' })],
  ['a Via whose port is none', text({ Via: 'SIP/2.0/UDP pc.example.com:70000;branch=z9hG4bKa' })],
  ['a bad ACK: nobody answers one', text({ start: 'ACK sip:bob@example.com SIP/9.0', CSeq: '1 ACK' })],
  ['a response with two CSeq', text({ start: 'SIP/2.0 200 OK', CSeq: ['1 INVITE', '2 INVITE'] })],
  ['a response of status 700', text({ start: 'SIP/2.0 700 What' })],
  ['a response cut short', text({ start: 'SIP/2.0 200 OK', 'Content-Length': '100' })],
  ['more than 64 KB', text({ body: 'x'.repeat(70_000) })],
]

for (const [what, input] of GARBAGE) {
  test(`dropped: ${what}`, () => assert.equal(parse(input).kind, 'garbage'))
}

test('every prefix of a message, and every message with one byte changed, is survived', () => {
  const bytes = Buffer.from(text({ body: 'v=0\r\n', 'Content-Length': '5' }))
  for (let length = 0; length < bytes.length; length++) parseMessage(bytes.subarray(0, length))
  for (let i = 0; i < bytes.length; i++) {
    for (const value of [0, 9, 10, 13, 32, 34, 44, 58, 59, 60, 62, 255]) {
      const broken = Buffer.from(bytes)
      broken[i] = value
      parseMessage(broken)
    }
  }
})

test('a message of the largest size is read in time that grows with its length only', () => {
  const quotes = text({ To: `<sip:b@c>;x="${'\\"'.repeat(4_000)}"` })
  const spaces = text({ Via: Array.from({ length: 7 }, () => `SIP/2.0/UDP a${' '.repeat(8_000)}x`) })
  const commas = text({
    Via: Array.from({ length: 7 }, () => Array(150).fill('SIP/2.0/UDP a;branch=b').join(',')),
  })
  const begun = performance.now()
  for (let i = 0; i < 20; i++) for (const input of [quotes, commas, spaces]) parse(input)
  const took = performance.now() - begun
  assert.ok(took < 2_000, `${Math.round(took)} ms`)
})
