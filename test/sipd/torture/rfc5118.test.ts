/** RFC 5118: IPv6 addresses in SIP messages. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'

import { ground, lines, torture } from './ground.ts'

const request = (
  start: string,
  { via, name, more = [], body = '' }: { via: string; name: string; more?: readonly string[]; body?: string },
) =>
  lines(
    start,
    'To: <sip:user@example.com>',
    'From: <sip:user@example.com>;tag=81x2',
    `Via: SIP/2.0/UDP ${via};branch=z9hG4bK${name}`,
    `Call-ID: ${name}`,
    'Max-Forwards: 70',
    `CSeq: 98176 ${start.split(' ')[0]}`,
    'Contact: "Caller" <sip:caller@[2001:db8::1]>',
    ...more,
    `Content-Length: ${Buffer.byteLength(body)}`,
  )(body)

const SDP = (...media: readonly string[]) =>
  ['v=0', 'o=assistant 971731711378798081 0 IN IP6 2001:db8::20', 's=-', 't=338 338', ...media, ''].join(
    '\r\n',
  )

const inSdp = SDP('c=IN IP6 2001:db8::20', 'm=audio 6000 RTP/AVP 97', 'a=rtpmap:97 G726-32/8000')
const twoInSdp = SDP(
  'm=audio 22334 RTP/AVP 0',
  'c=IN IP4 192.0.2.1',
  'm=video 6024 RTP/AVP 107',
  'c=IN IP6 2001:db8::1',
  'a=rtpmap:107 H263-1998/90000',
)

torture([
  {
    section: '4.1',
    name: 'ipv6-good',
    why: 'addresses in brackets',
    answer: { sees: { method: 'REGISTER', uri: 'sip:[2001:db8::10]' } },
    message: (via) => request('REGISTER sip:[2001:db8::10] SIP/2.0', { via, name: 'good' }),
  },
  {
    section: '4.2',
    name: 'ipv6-bad',
    why: 'an address without brackets in the Request-URI is host and port of nobody',
    answer: { status: 400 },
    message: (via) => request('REGISTER sip:2001:db8::10 SIP/2.0', { via, name: 'bad' }),
  },
  {
    section: '4.3',
    name: 'port-ambiguous',
    why: 'within the brackets all is address, however like a port it looks',
    answer: { sees: { method: 'REGISTER', uri: 'sip:[2001:db8::10:5070]' } },
    message: (via) => request('REGISTER sip:[2001:db8::10:5070] SIP/2.0', { via, name: 'ambiguous' }),
  },
  {
    section: '4.4',
    name: 'port-unambiguous',
    why: 'a port behind the brackets',
    answer: { sees: { method: 'REGISTER', uri: 'sip:[2001:db8::10]:5070' } },
    message: (via) => request('REGISTER sip:[2001:db8::10]:5070 SIP/2.0', { via, name: 'unambiguous' }),
  },
  {
    section: '4.5',
    name: 'via-received-param-with-delim',
    why: 'received in brackets',
    answer: { sees: { method: 'OPTIONS' } },
    message: (via) =>
      request('OPTIONS sip:user@[2001:db8::9:1] SIP/2.0', {
        via: `${via};received=[2001:db8::9:255]`,
        name: 'delim',
      }),
  },
  {
    section: '4.5',
    name: 'via-received-param-no-delim',
    why: 'received without brackets, as the grammar of RFC 3261 has it',
    answer: { sees: { method: 'OPTIONS' } },
    message: (via) =>
      request('OPTIONS sip:user@[2001:db8::9:1] SIP/2.0', {
        via: `${via};received=2001:db8::9:255`,
        name: 'nodelim',
      }),
  },
  {
    section: '4.6',
    name: 'ipv6-in-sdp',
    why: 'addresses in SDP have no brackets',
    answer: { sees: { method: 'INVITE', body: inSdp } },
    message: (via) =>
      request('INVITE sip:user@[2001:db8::10] SIP/2.0', {
        via,
        name: 'insdp',
        more: ['Content-Type: application/sdp'],
        body: inSdp,
      }),
  },
  {
    section: '4.7',
    name: 'mult-ip-in-header',
    why: 'addresses of both families in one message',
    answer: { sees: { method: 'OPTIONS' } },
    message: (via) =>
      request('OPTIONS sip:user@host.example.com SIP/2.0', {
        via: `${via};branch=z9hG4bKmult, SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3-111, SIP/2.0/UDP 192.0.2.1`,
        name: 'mult',
      }),
  },
  {
    section: '4.8',
    name: 'mult-ip-in-sdp',
    why: 'addresses of both families in one SDP are for the application',
    answer: { sees: { method: 'INVITE', body: twoInSdp } },
    message: (via) =>
      request('INVITE sip:user@[2001:db8::10] SIP/2.0', {
        via,
        name: 'multsdp',
        more: ['Content-Type: application/sdp'],
        body: twoInSdp,
      }),
  },
  {
    section: '4.9',
    name: 'ipv4-mapped-ipv6',
    why: 'an IPv4 address mapped into IPv6',
    answer: {
      sees: { method: 'INVITE', headers: { contact: '"T. desk phone" <sip:ted@[::ffff:192.0.2.2]>' } },
    },
    message: (via) =>
      request('INVITE sip:user@example.com SIP/2.0', {
        via: `${via};branch=z9hG4bKmapped, SIP/2.0/UDP [::ffff:192.0.2.10]:19823`,
        name: 'mapped',
      }).replace(/^Contact: .*$/m, 'Contact: "T. desk phone" <sip:ted@[::ffff:192.0.2.2]>'),
  },
  {
    section: '4.10',
    name: 'ipv6-bug-abnf-3-colons',
    why: 'three colons are an address by the letter of RFC 3261 alone; whoever has to go there will find out',
    answer: { sees: { method: 'OPTIONS', uri: 'sip:user@[2001:db8:::192.0.2.1]' } },
    message: (via) => request('OPTIONS sip:user@[2001:db8:::192.0.2.1] SIP/2.0', { via, name: 'colons' }),
  },
])

test(
  '4.1 between two IPv6 sockets: the answer goes back to the brackets of the Via',
  { timeout: 15_000 },
  async (t) => {
    const { port } = await ground(t, { bind: [{ transport: 'udp', host: '::1', port: 0 }] })
    const socket = createSocket('udp6').bind(0, '::1')
    await once(socket, 'listening')
    t.after(() => socket.close())
    const via = `[0:0:0:0:0:0:0:1]:${socket.address().port}`
    socket.send(request('OPTIONS sip:[::1] SIP/2.0', { via, name: 'six' }), port('udp'), '::1')
    const [answer] = (await once(socket, 'message')) as [Buffer]
    assert.match(answer.toString(), /^SIP\/2\.0 200 /)
    assert.ok(
      answer.includes(`Via: SIP/2.0/UDP ${via};branch=z9hG4bKsix;received=::1\r\n`),
      answer.toString(),
    )
  },
)
