/** RFC 4475 3.1.2: messages that are not well-formed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Message } from '../../contract/peer.ts'
import { header, Peer } from '../../contract/peer.ts'
import type { Row } from './ground.ts'
import { ground, lines, thrower, torture } from './ground.ts'

const SDP =
  'v=0\r\no=t 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0\r\n'

type Fields = Readonly<Record<string, string | undefined>>

/** A request that is sound but for what is given; undefined leaves a header out. */
function request(start: string, sentBy: string, name: string, changes: Fields, body = ''): string {
  const fields: Fields = {
    Via: `SIP/2.0/UDP ${sentBy};branch=z9hG4bK${name}`,
    'Max-Forwards': '70',
    From: '<sip:caller@example.net>;tag=134161461246',
    To: '<sip:user@example.com>',
    'Call-ID': name,
    CSeq: `9 ${start.trim().split(' ')[0]}`,
    Contact: '<sip:caller@host5.example.net>',
    'Content-Length': String(Buffer.byteLength(body)),
    ...changes,
  }
  const all = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  )
  return lines(start, ...all)(body)
}

const INVITE = 'INVITE sip:user@example.com SIP/2.0'
const REGISTER = 'REGISTER sip:example.com SIP/2.0'
const OPTIONS = 'OPTIONS sip:user@example.com SIP/2.0'

type Short = Omit<Row, 'message'> & {
  readonly start?: string
  readonly changes?: (sentBy: string) => Fields
  readonly body?: string
}

function rows(all: readonly Short[]): readonly Row[] {
  return all.map(({ start = INVITE, changes = () => ({}), body = '', ...row }) => ({
    ...row,
    message: (sentBy) => request(start, sentBy, row.name.replaceAll(/\W/g, ''), changes(sentBy), body),
  }))
}

torture(
  rows([
    {
      section: '3.1.2.1',
      name: 'badinv01',
      why: 'separators with nothing between them',
      answer: { status: 400 },
      changes: (sentBy) => ({
        Via: `SIP/2.0/UDP ${sentBy};branch=z9hG4bKbadinv;;,;,,`,
        To: '<sip:j.user@example.com>',
        Contact: '"Joe" <sip:joe@example.org>;;;;',
      }),
    },
    {
      section: '3.1.2.2',
      name: 'clerr',
      why: 'the body is shorter than it says',
      over: 'udp',
      answer: { status: 400 },
      changes: () => ({ 'Content-Length': '9999', 'Content-Type': 'application/sdp' }),
      body: SDP,
    },
    {
      section: '3.1.2.3',
      name: 'ncl',
      why: 'a negative length: refused, and over TCP there is nothing to be followed any more',
      answer: { status: 400, closes: true },
      changes: () => ({ 'Content-Length': '-999', 'Content-Type': 'application/sdp' }),
      body: SDP,
    },
    {
      section: '3.1.2.3',
      name: 'ncl in words',
      why: 'a length that is no number: likewise',
      answer: { status: 400, closes: true },
      changes: () => ({ 'Content-Length': 'five' }),
      body: SDP,
    },
    {
      section: '3.1.2.4',
      name: 'scalar02',
      why: 'numbers out of their range',
      answer: { status: 400 },
      start: REGISTER,
      changes: () => ({
        CSeq: '36893488147419103232 REGISTER',
        'Max-Forwards': '300',
        Expires: '10000000000000000000000',
        Contact: '<sip:user@host129.example.com>;expires=280297596632815',
      }),
    },
    {
      section: '3.1.2.4',
      name: 'scalar02, Max-Forwards alone',
      why: 'beyond 255',
      answer: { status: 400 },
      start: REGISTER,
      changes: () => ({ 'Max-Forwards': '300' }),
    },
    {
      section: '3.1.2.6',
      name: 'quotbal',
      why: 'a quote that does not close',
      answer: { status: 400 },
      changes: () => ({ To: '"Mr. J. User <sip:j.user@example.com>' }),
    },
    {
      section: '3.1.2.7',
      name: 'ltgtruri',
      why: 'angle brackets around the Request-URI',
      answer: { status: 400 },
      start: 'INVITE <sip:user@example.com> SIP/2.0',
    },
    {
      section: '3.1.2.8',
      name: 'lwsruri',
      why: 'a space in the Request-URI',
      answer: { status: 400 },
      start: 'INVITE sip:user@example.com; lr SIP/2.0',
    },
    {
      section: '3.1.2.9',
      name: 'lwsstart',
      why: 'several spaces in the start line',
      answer: { status: 400 },
      start: 'INVITE  sip:user@example.com  SIP/2.0',
    },
    {
      section: '3.1.2.10',
      name: 'trws',
      why: 'spaces at the end of the start line',
      answer: { status: 400 },
      start: 'OPTIONS sip:remote-target@example.com SIP/2.0  ',
    },
    {
      section: '3.1.2.11',
      name: 'escruri',
      why: 'headers in the Request-URI',
      answer: { status: 400 },
      start: 'INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0',
    },
    {
      section: '3.1.2.12',
      name: 'baddate',
      why: 'a Date that is no GMT is of no interest to anybody here',
      answer: { sees: { method: 'INVITE', headers: { date: 'Fri, 01 Jan 2010 16:00:00 EST' } } },
      changes: () => ({ Date: 'Fri, 01 Jan 2010 16:00:00 EST' }),
    },
    {
      section: '3.1.2.13',
      name: 'regbadct',
      why: 'a Contact with headers of its own, and no angle brackets',
      answer: { status: 400 },
      start: REGISTER,
      changes: () => ({ Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E' }),
    },
    {
      section: '3.1.2.14',
      name: 'badaspec',
      why: 'spaces within the brackets are read over, as the RFC lets a lenient element do',
      answer: {
        sees: { method: 'OPTIONS', headers: { to: '"Watson, Thomas" < sip:t.watson@example.org >' } },
      },
      start: OPTIONS,
      changes: () => ({ To: '"Watson, Thomas" < sip:t.watson@example.org >' }),
    },
    {
      section: '3.1.2.15',
      name: 'baddn',
      why: 'a name with a comma and no quotes is read over, as the RFC lets a lenient element do',
      answer: {
        sees: { method: 'OPTIONS', headers: { from: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43' } },
      },
      start: OPTIONS,
      changes: () => ({ From: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43' }),
    },
    {
      section: '3.1.2.16',
      name: 'badvers',
      why: 'a version that nobody speaks',
      answer: { status: 505 },
      start: 'OPTIONS sip:t.watson@example.org SIP/7.0',
    },
    {
      section: '3.1.2.17',
      name: 'mismatch01',
      why: 'CSeq names another method',
      answer: { status: 400 },
      start: OPTIONS,
      changes: () => ({ CSeq: '8 INVITE' }),
    },
    {
      section: '3.1.2.18',
      name: 'mismatch02',
      why: 'CSeq names another method, and the method is unknown: of 400 and 501 the first is the worse fault',
      answer: { status: 400 },
      start: 'NEWMETHOD sip:user@example.com SIP/2.0',
      changes: () => ({ CSeq: '8 INVITE' }),
    },
  ]),
)

/** Responses that must be dropped: the one that is right is the first that the application hears of. */
const RESPONSES: readonly (readonly [
  section: string,
  name: string,
  why: string,
  start: string,
  changes: (options: Message) => Fields,
])[] = [
  [
    '3.1.2.5',
    'scalarlg',
    'a CSeq that is too large matches nothing',
    'SIP/2.0 503 Service Unavailable',
    () => ({
      CSeq: '9292394834772304023312 OPTIONS',
      'Retry-After': '949302838503028349304023988',
      Warning: '1812 overture "In Progress"',
    }),
  ],
  [
    '3.1.2.19',
    'bigcode',
    'a status of ten digits',
    'SIP/2.0 4294967301 better not break the receiver',
    () => ({}),
  ],
  [
    '3.3.10',
    'bcast',
    'a response to a request of somebody else is forwarded nowhere, whatever its second Via says',
    'SIP/2.0 200 OK',
    () => ({
      Via: 'SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923, SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23',
    }),
  ],
]
for (const [section, name, why, start, changes] of RESPONSES)
  test(`${section} ${name}: ${why}`, { timeout: 15_000 }, async (t) => {
    const { srf } = await ground(t)
    const peer = await Peer.start()
    t.after(() => peer.close())
    const sent = await srf.request(peer.uri(), { method: 'OPTIONS' })
    const heard: number[] = []
    const right = new Promise<void>((resolve) => {
      sent.on('response', ({ status }: { status: number }) => {
        heard.push(status)
        if (status === 299) resolve()
      })
    })
    const options = await peer.request('OPTIONS')
    const fields: Fields = {
      Via: header(options, 'via'),
      From: header(options, 'from'),
      To: `${header(options, 'to')};tag=there`,
      'Call-ID': header(options, 'call-id'),
      CSeq: header(options, 'cseq'),
      'Content-Length': '0',
    }
    const say = (line: string, more: Fields): void =>
      options.back(
        lines(line, ...Object.entries({ ...fields, ...more }).map(([key, value]) => `${key}: ${value}`))(),
      )
    say(start, changes(options))
    say('SIP/2.0 299 Right', {})
    await right
    assert.deepEqual(heard, [299])
  })

test(
  '3.1.2.2 clerr over TCP: the rest is waited for, and then the connection is closed',
  { timeout: 15_000 },
  async (t) => {
    const { seen, port, sipd } = await ground(t, { limits: { patience: 100 } })
    const one = await thrower(t, 'tcp', port('tcp'))
    one.send(request(INVITE, one.sentBy, 'clerr', { 'Content-Length': '9999' }, SDP))
    await one.ended
    assert.deepEqual([seen.length, sipd.counts().transactions.servers], [0, 0])
  },
)
