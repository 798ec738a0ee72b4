/** What neither RFC 4475 nor RFC 5118 has, and strangers send all the same. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'

import { call } from './call.ts'
import type { Row } from './ground.ts'
import { faults, ground, lines, thrower, torture } from './ground.ts'

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/** A sound OPTIONS but for what is given; undefined leaves a header out, an array repeats it. */
function odd(
  sentBy: string,
  changes: Fields,
  start = 'OPTIONS sip:bot@example.com SIP/2.0',
  body = '',
): string {
  const fields: Fields = {
    Via: `SIP/2.0/UDP ${sentBy};branch=z9hG4bKodd`,
    'Max-Forwards': '70',
    From: '<sip:caller@example.net>;tag=1',
    To: '<sip:bot@example.com>',
    'Call-ID': 'odd',
    CSeq: `1 ${start.split(' ')[0]}`,
    Contact: '<sip:caller@example.net>',
    'Content-Length': String(Buffer.byteLength(body)),
    ...changes,
  }
  const all = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  )
  return lines(start, ...all)(body)
}

const seen = { sees: { method: 'OPTIONS' } } as const
const refused = { status: 400 } as const

type Short = Partial<Pick<Row, 'over'>> & {
  readonly name: string
  readonly why: string
  readonly answer: Row['answer']
  readonly message: Row['message'] | Fields
}

const ROWS: readonly Short[] = [
  {
    name: 'lower case',
    why: 'methods are not read in any case (RFC 3261 7.1)',
    answer: { status: 501 },
    message: (sentBy) => odd(sentBy, {}, 'options sip:bot@example.com SIP/2.0'),
  },
  {
    name: 'version 1.0',
    why: 'RFC 3261 21.5.7',
    answer: { status: 505 },
    message: (sentBy) => odd(sentBy, {}, 'OPTIONS sip:bot@example.com SIP/1.0'),
  },
  { name: 'CSeq of 2^31', why: 'RFC 3261 8.1.1.5', answer: refused, message: { CSeq: '2147483648 OPTIONS' } },
  {
    name: 'CSeq of 2^31 - 1',
    why: 'the last that there is',
    answer: seen,
    message: { CSeq: '2147483647 OPTIONS' },
  },
  { name: 'negative CSeq', why: 'no number', answer: refused, message: { CSeq: '-1 OPTIONS' } },
  {
    name: 'a line in CSeq',
    why: 'one number and one method',
    answer: refused,
    message: { CSeq: '1 OPTIONS 2' },
  },
  {
    name: 'endless Max-Forwards',
    why: 'RFC 3261 20.22',
    answer: refused,
    message: { 'Max-Forwards': '9'.repeat(400) },
  },
  { name: 'no Max-Forwards', why: 'RFC 2543 had none', answer: seen, message: { 'Max-Forwards': undefined } },
  {
    name: 'no branch',
    why: 'RFC 3261 17.2.3 has a way for it',
    answer: seen,
    message: (sentBy) => odd(sentBy, { Via: `SIP/2.0/UDP ${sentBy}` }),
  },
  { name: 'no Via', why: 'there is nobody to be answered', answer: 'dropped', message: { Via: undefined } },
  {
    name: 'Via port 99999',
    why: 'there is nobody to be answered',
    answer: 'dropped',
    message: { Via: 'SIP/2.0/UDP 127.0.0.1:99999;branch=z9hG4bKodd' },
  },
  {
    name: 'two equal lengths',
    why: 'may stand once',
    answer: refused,
    message: { 'Content-Length': ['0', '0'] },
  },
  {
    name: 'length of 2^64',
    why: 'no buffer is made for it',
    answer: { status: 400, closes: true },
    message: { 'Content-Length': '18446744073709551616' },
  },
  {
    name: 'length 1e3',
    why: 'no number',
    answer: { status: 400, closes: true },
    message: { 'Content-Length': '1e3' },
  },
  { name: 'NUL', why: 'other readers end there', answer: refused, message: { Subject: 'a\0b' } },
  {
    name: 'bare CR',
    why: 'other readers begin a line there',
    answer: refused,
    message: { Subject: 'a\rVia: b' },
  },
  {
    name: 'bare LF',
    why: 'other readers begin a line there',
    answer: refused,
    message: { Subject: 'a\nVia: b' },
  },
  {
    name: '64 KB header',
    why: 'beyond the limit of one',
    over: 'udp',
    answer: refused,
    message: { Subject: 'x'.repeat(60_000) },
  },
  {
    name: 'folded into 64 KB',
    why: 'beyond the limit of one',
    over: 'udp',
    answer: refused,
    message: { Subject: `x${'\r\n y'.repeat(15_000)}` },
  },
  {
    name: 'thousands of headers',
    why: 'beyond the limit',
    answer: refused,
    message: { X: Array.from({ length: 5_000 }, () => 'x') },
  },
  {
    name: 'folded all over',
    why: 'one line each',
    answer: { sees: { method: 'OPTIONS', headers: { subject: 'a b c' } } },
    message: { Subject: 'a\r\n\tb\r\n \r\n   c' },
  },
  {
    name: 'Latin-1',
    why: 'the name of an old PBX is read, and no byte of it breaks the way to the application',
    answer: { sees: { method: 'OPTIONS', headers: { from: '"José" <sip:caller@example.net>;tag=1' } } },
    message: (sentBy) =>
      Buffer.from(odd(sentBy, { From: '"José" <sip:caller@example.net>;tag=1' }), 'latin1'),
  },
  {
    name: 'UTF-8 that is none',
    why: 'likewise',
    answer: seen,
    message: (sentBy) =>
      Buffer.concat([
        Buffer.from(odd(sentBy, { 'Content-Length': undefined }).slice(0, -2)),
        Buffer.from([...Buffer.from('Subject: '), 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 13, 10]),
        Buffer.from('Content-Length: 0\r\n\r\n'),
      ]),
  },
  {
    name: 'smuggled From',
    why: 'drachtio-srf reads F%72om as From, and would take the second one for the caller',
    answer: { sees: { method: 'OPTIONS', headers: { from: '<sip:caller@example.net>;tag=1' } } },
    message: { 'F%72om': '<sip:boss@example.com>;tag=2' },
  },
  {
    name: 'names of JavaScript',
    why: 'a header is called as its sender likes',
    answer: seen,
    message: { __proto: 'x', constructor: 'y', 'X-__proto__': 'z', toString: 'w', hasOwnProperty: 'v' },
  },
]

torture(
  ROWS.map(({ name, why, message, answer, over }) => ({
    section: 'odd:',
    name,
    why,
    answer,
    ...(over ? { over } : {}),
    message: typeof message === 'function' ? message : (sentBy: string) => odd(sentBy, message),
  })),
)

test(
  'requests that differ in nothing but a branch of the bare cookie are two requests',
  { timeout: 15_000 },
  async (t) => {
    const { seen: reached, port } = await ground(t)
    const one = await thrower(t, 'udp', port('udp'))
    const via = `SIP/2.0/UDP ${one.sentBy};branch=z9hG4bK`
    one.send(odd(one.sentBy, { Via: via, 'Call-ID': 'first' }))
    one.send(odd(one.sentBy, { Via: via, 'Call-ID': 'second' }))
    await one.settled()
    assert.deepEqual(reached.map((request) => request.get('call-id')).slice(0, 2), ['first', 'second'])
  },
)

test(
  'the same request by two ways is one, and the second is told so (RFC 3261 8.2.2.2)',
  { timeout: 15_000 },
  async (t) => {
    const { port } = await ground(t)
    const one = await thrower(t, 'udp', port('udp'))
    one.send(odd(one.sentBy, { Via: `SIP/2.0/UDP ${one.sentBy};branch=z9hG4bKone` }))
    one.send(odd(one.sentBy, { Via: `SIP/2.0/UDP ${one.sentBy};branch=z9hG4bKtwo` }))
    const heard = await one.settled()
    assert.match(heard, /^SIP\/2\.0 482 .*\r\nVia: [^\r]*branch=z9hG4bKtwo/m)
  },
)

test('500 idle connections close the oldest of themselves, and no call', { timeout: 60_000 }, async (t) => {
  const caught = faults(t)
  const g = await ground(t)
  const talk = await call(t, g, 'tcp')
  const ofTheCall = talk.phone.connections
  const idle: Socket[] = []
  t.after(() => idle.forEach((socket) => socket.destroy()))
  let closed = 0
  for (let i = 0; i < 500; i++) {
    const socket = connect(g.port('tcp'), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.once('close', () => closed++)
    socket.resume()
    await once(socket, 'connect')
    idle.push(socket)
  }
  while (closed < 244) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(
    idle.slice(-200).every((socket) => !socket.destroyed),
    'the newest are gone',
  )
  assert.equal(talk.phone.connections, ofTheCall)
  await talk.goesOn()
  await talk.ends()
  assert.deepEqual(caught, [])
})
