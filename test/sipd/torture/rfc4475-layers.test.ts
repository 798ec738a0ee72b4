/** RFC 4475 3.2, 3.3 and 3.4: well-formed messages that ask something of the layers above the parser. */
import { lines, torture } from './ground.ts'

const SDP =
  'v=0\r\no=t 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0\r\n'
const LENGTH = String(SDP.length)

/** Via, From, To and the like, as any request has them. */
const common = (sentBy: string, name: string, method: string) => [
  `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK${name}`,
  'Max-Forwards: 70',
  'From: <sip:caller@example.org>;tag=33242',
  'To: <sip:user@example.com>',
  `Call-ID: ${name}`,
  `CSeq: 8 ${method}`,
]

torture([
  {
    section: '3.2.1',
    name: 'badbranch',
    why: 'a branch of the magic cookie alone is unique to nobody, and is compared as RFC 2543 did',
    answer: { sees: { method: 'OPTIONS' } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        'To: sip:user@example.com',
        'From: sip:caller@example.org;tag=33242',
        'Max-Forwards: 3',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK`,
        'Accept: application/sdp',
        'Call-ID: badbranch',
        'CSeq: 8 OPTIONS',
        'l: 0',
      )(),
  },
  {
    section: '3.3.1',
    name: 'insuf',
    why: 'no Call-ID, From or To: refused with what there is',
    answer: { status: 400 },
    message: (sentBy) =>
      lines(
        'INVITE sip:user@example.com SIP/2.0',
        'CSeq: 193942 INVITE',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKkdj.insuf`,
        'Content-Type: application/sdp',
        `l: ${LENGTH}`,
      )(SDP),
  },
  {
    section: '3.3.2',
    name: 'unkscm',
    why: 'a Request-URI of a scheme that nobody knows',
    answer: { status: 416 },
    message: (sentBy) =>
      lines(
        'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0',
        ...common(sentBy, 'unkscm', 'OPTIONS'),
        'l: 0',
      )(),
  },
  {
    section: '3.3.3',
    name: 'novelsc',
    why: 'a Request-URI of a scheme that is known, and not for this',
    answer: { status: 416 },
    message: (sentBy) =>
      lines(
        'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0',
        ...common(sentBy, 'novelsc', 'OPTIONS'),
        'l: 0',
      )(),
  },
  {
    section: '3.3.4',
    name: 'unksm2',
    why: 'unknown schemes in To, From and Contact are for whoever keeps registrations',
    answer: {
      sees: { method: 'REGISTER', headers: { to: '<isbn:2983792873>', contact: '<name:John_Smith>' } },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        'To: <isbn:2983792873>',
        'From: <http://www.example.com>;tag=3234233',
        'Call-ID: unksm2',
        'CSeq: 234902 REGISTER',
        'Max-Forwards: 70',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKunksm2`,
        'Contact: <name:John_Smith>',
        'l: 0',
      )(),
  },
  {
    section: '3.3.5',
    name: 'bext01',
    why: 'extensions that nobody has: told by name, and those asked of proxies are no business of ours',
    answer: { status: 420, headers: { Unsupported: /^nothingSupportsThis, nothingSupportsThisEither$/ } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        ...common(sentBy, 'bext01', 'OPTIONS'),
        'Require: nothingSupportsThis, nothingSupportsThisEither',
        'Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis',
        'l: 0',
      )(),
  },
  {
    section: '3.3.6',
    name: 'invut',
    why: 'a body of unknown type is for the application, which answers 415',
    answer: {
      sees: { method: 'INVITE', body: '<audio>', headers: { 'content-type': 'application/unknownformat' } },
    },
    message: (sentBy) =>
      lines(
        'INVITE sip:user@example.com SIP/2.0',
        'Contact: <sip:caller@host5.example.net>',
        ...common(sentBy, 'invut', 'INVITE'),
        'Content-Type: application/unknownformat',
        'Content-Length: 7',
      )('<audio>'),
  },
  {
    section: '3.3.7',
    name: 'regaut01',
    why: 'credentials of an unknown scheme are for the application',
    answer: {
      sees: { method: 'REGISTER', headers: { authorization: 'NoOneKnowsThisScheme opaque-data=here' } },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        ...common(sentBy, 'regaut01', 'REGISTER'),
        'Authorization: NoOneKnowsThisScheme opaque-data=here',
        'Content-Length:0',
      )(),
  },
  {
    section: '3.3.8',
    name: 'multi01',
    why: 'what may stand once stands twice, and says two things',
    answer: { status: 400 },
    message: (sentBy) =>
      lines(
        'INVITE sip:user@company.com SIP/2.0',
        'Contact: <sip:caller@host25.example.net>',
        ...common(sentBy, 'multi01', 'INVITE'),
        'CSeq: 59 INVITE',
        'Call-ID: multi01.another',
        'From: <sip:other@example.net>;tag=1',
        'To: <sip:other@example.com>',
        'Max-Forwards: 5',
        'Content-Length: 0',
      )(),
  },
  {
    section: '3.3.9',
    name: 'mcl01',
    why: 'two lengths that differ: refused, and over TCP there is nothing to be followed any more',
    answer: { status: 400, closes: true },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        ...common(sentBy, 'mcl01', 'OPTIONS'),
        'Content-Length: 13',
        'Content-Length: 5',
        'Content-Type: text/plain',
      )("There's no way"),
  },
  {
    section: '3.3.11',
    name: 'zeromf',
    why: 'Max-Forwards of 0 stops proxies, not whom it was for',
    answer: { sees: { method: 'OPTIONS', headers: { 'max-forwards': '0' } } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        ...common(sentBy, 'zeromf', 'OPTIONS').map((line) => line.replace('Forwards: 70', 'Forwards: 0')),
        'l: 0',
      )(),
  },
  {
    section: '3.3.12',
    name: 'cparam01',
    why: 'an unknown parameter of a Contact',
    answer: {
      sees: { method: 'REGISTER', headers: { contact: 'sip:+19725552222@gw1.example.net;unknownparam' } },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        ...common(sentBy, 'cparam01', 'REGISTER'),
        'Contact: sip:+19725552222@gw1.example.net;unknownparam',
        'l: 0',
      )(),
  },
  {
    section: '3.3.13',
    name: 'cparam02',
    why: 'an unknown parameter of the URI of a Contact',
    answer: {
      sees: { method: 'REGISTER', headers: { contact: '<sip:+19725552222@gw1.example.net;unknownparam>' } },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        ...common(sentBy, 'cparam02', 'REGISTER'),
        'Contact: <sip:+19725552222@gw1.example.net;unknownparam>',
        'l: 0',
      )(),
  },
  {
    section: '3.3.14',
    name: 'regescrt',
    why: 'a Contact with headers of its own, where everybody can see whose they are',
    answer: {
      sees: {
        method: 'REGISTER',
        headers: { contact: '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>' },
      },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        ...common(sentBy, 'regescrt', 'REGISTER'),
        'Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>',
        'L:0',
      )(),
  },
  {
    section: '3.3.15',
    name: 'sdp01',
    why: 'an Accept without SDP is for the application, which answers 406',
    answer: { sees: { method: 'INVITE', body: SDP, headers: { accept: 'text/nobodyKnowsThis' } } },
    message: (sentBy) =>
      lines(
        'INVITE sip:user@example.com SIP/2.0',
        'Contact: <sip:caller@host5.example.net>',
        ...common(sentBy, 'sdp01', 'INVITE'),
        'Accept: text/nobodyKnowsThis',
        'Content-Type: application/sdp',
        `Content-Length: ${LENGTH}`,
      )(SDP),
  },
  {
    section: '3.4.1',
    name: 'inv2543',
    why: 'no branch, no From tag, no Max-Forwards, no Contact, as RFC 2543 had it',
    deviates:
      'refused: drachtio names a dialog by its Call-ID and From tag, so a call without one has no name',
    over: 'udp',
    answer: { status: 400 },
    message: (sentBy) =>
      lines(
        'INVITE sip:UserB@example.com SIP/2.0',
        `Via: SIP/2.0/UDP ${sentBy}`,
        'From: <sip:+13035551111@ift.client.example.net;user=phone>',
        'Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>',
        'To: sip:+16505552222@ss1.example.net;user=phone',
        'Call-ID: inv2543',
        'CSeq: 56 INVITE',
        'Content-Type: application/sdp',
      )(SDP),
  },
  {
    section: '3.4.1',
    name: 'inv2543 as OPTIONS',
    why: 'what asks for no dialog is taken from an RFC 2543 client too',
    over: 'udp',
    answer: { sees: { method: 'OPTIONS' } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:UserB@example.com SIP/2.0',
        `Via: SIP/2.0/UDP ${sentBy}`,
        'From: <sip:+13035551111@ift.client.example.net;user=phone>',
        'To: sip:+16505552222@ss1.example.net;user=phone',
        'Call-ID: inv2543',
        'CSeq: 56 OPTIONS',
      )(),
  },
])
