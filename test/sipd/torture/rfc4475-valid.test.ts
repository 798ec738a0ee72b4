/** RFC 4475 3.1.1: messages that are well-formed, however odd they look. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { header, Peer } from '../../contract/peer.ts'
import { ground, lines, torture } from './ground.ts'

const SDP = [
  'v=0',
  'o=torture 29739 7272939 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 49217 RTP/AVP 0 12',
  'm=video 3227 RTP/AVP 31',
  'a=rtpmap:31 LPC',
  '',
].join('\r\n')
const LENGTH = String(Buffer.byteLength(SDP))

const many = (text: string, times: number) => text.repeat(times)
const BINARY = Buffer.concat([Buffer.from([0, 1, 2, 13, 10, 0, 0xff, 0xfe]), Buffer.from('\r\n--b--')])

torture([
  {
    section: '3.1.1.1',
    name: 'wsinv',
    why: 'folds, white space, odd case, short names and leading zeros; with a To tag it belongs to no dialog: 481',
    answer: { status: 481 },
    message: (sentBy) => tortuous(sentBy, ';   tag    = 1918181833n'),
  },
  {
    section: '3.1.1.1',
    name: 'wsinv without the To tag',
    why: 'the application sees each header as it was meant',
    answer: {
      sees: {
        method: 'INVITE',
        uri: 'sip:vivekg@chair-dnrc.example.com;unknownparam',
        body: SDP,
        headers: {
          from: '"J Rosenberg \\\\\\""       <sip:jdrosen@example.com> ; tag = 98asjd8',
          cseq: '0009 INVITE',
          'max-forwards': '0068',
          newfangledheader: 'newfangled value continued newfangled value',
          unknownheaderwithunusualvalue: ';;,,;;,;',
          subject: '',
          contact:
            '"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam = newvalue ; secondparam ; q = 0.33',
        },
      },
    },
    message: (sentBy) => tortuous(sentBy, ''),
  },
  {
    section: '3.1.1.2',
    name: 'intmeth',
    why: 'every character that a token may have, a quoted NUL, a method that nobody knows: 501 with Allow',
    answer: { status: 501 },
    message: (sentBy) =>
      lines(
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
        `Via: SIP/2.0/TCP ${sentBy};branch=z9hG4bK-.!%66*_+\`'~`,
        `To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>`,
        `From: token1~\` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+\`*%!-.`,
        `Call-ID: intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{`,
        "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~",
        'Max-Forwards: 255',
        "extensionHeader-!.%*+_`'~: 大停電",
        'Content-Length: 0',
      )(),
  },
  {
    section: '3.1.1.3',
    name: 'esc01',
    why: 'escapes in URIs are left as they are',
    answer: {
      sees: {
        method: 'INVITE',
        uri: 'sip:sips%3Auser%40example.com@example.net',
        body: SDP,
        headers: {
          to: 'sip:%75se%72@example.com',
          contact: '<sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>',
        },
      },
    },
    message: (sentBy) =>
      lines(
        'INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0',
        'To: sip:%75se%72@example.com',
        'From: <sip:I%20have%20spaces@example.net>;tag=938',
        'Max-Forwards: 87',
        'i: esc01',
        'CSeq: 234234 INVITE',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKesc01`,
        'C: application/sdp',
        'Contact:',
        '  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>',
        `Content-Length: ${LENGTH}`,
      )(SDP),
  },
  {
    section: '3.1.1.4',
    name: 'escnull',
    why: 'an escaped NUL does not end a name',
    answer: {
      sees: {
        method: 'REGISTER',
        headers: {
          to: 'sip:null-%00-null@example.com',
          contact: '<sip:%00@host5.example.com>,<sip:%00%00@host5.example.com>',
        },
      },
    },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        'To: sip:null-%00-null@example.com',
        'From: sip:null-%00-null@example.com;tag=839923423',
        'Max-Forwards: 70',
        'Call-ID: escnull',
        'CSeq: 14398234 REGISTER',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKescnull`,
        'Contact: <sip:%00@host5.example.com>',
        'Contact: <sip:%00%00@host5.example.com>',
        'L:0',
      )(),
  },
  {
    section: '3.1.1.5',
    name: 'esc02',
    why: 'a percent sign in a method escapes nothing: 501',
    answer: { status: 501 },
    message: (sentBy) => escapedNames(sentBy, 'RE%47IST%45R'),
  },
  {
    section: '3.1.1.5',
    name: 'esc02 as a REGISTER',
    why: 'a percent sign in the name of a header escapes nothing: there are two Contacts, not three',
    answer: {
      sees: {
        method: 'REGISTER',
        headers: { contact: '<sip:alias1@host1.example.com>,<sip:alias3@host3.example.com>' },
      },
    },
    message: (sentBy) => escapedNames(sentBy, 'REGISTER'),
  },
  {
    section: '3.1.1.6',
    name: 'lwsdisp',
    why: 'no space between display name and bracket',
    answer: { sees: { method: 'OPTIONS', headers: { from: 'caller<sip:caller@example.com>;tag=323' } } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        'To: sip:user@example.com',
        'From: caller<sip:caller@example.com>;tag=323',
        'Max-Forwards: 70',
        'Call-ID: lwsdisp',
        'CSeq: 60 OPTIONS',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKkdjuw`,
        'l: 0',
      )(),
  },
  {
    section: '3.1.1.7',
    name: 'longreq',
    why: 'long names, values, tags, a long Call-ID and 34 Vias are no fault',
    answer: {
      sees: {
        method: 'INVITE',
        body: SDP,
        headers: {
          'call-id': `longreq.one${many('really', 20)}longcallid`,
          [`unknown-${many('Long', 20)}-Name`]: `unknown-${many('long', 20)}-value; unknown-${many('long', 20)}-parameter`,
        },
      },
    },
    message: (sentBy) =>
      lines(
        'INVITE sip:user@example.com SIP/2.0',
        `To: "I have a user name of ${many('extreme', 10)} proportion" <sip:user@example.com:6000;unknownparam1=very${many('long', 20)}value;longparam${many('name', 25)}=shortvalue;very${many('long', 25)}ParameterNameWithNoValue>`,
        `F: sip:${many('amazinglylongcallername', 5)}@example.net;tag=12${many('982', 50)}424;unknownheaderparam${many('name', 20)}=unknowheaderparam${many('value', 15)};unknownValueless${many('paramname', 10)}`,
        `Call-ID: longreq.one${many('really', 20)}longcallid`,
        'CSeq: 3882340 INVITE',
        `Unknown-${many('Long', 20)}-Name: unknown-${many('long', 20)}-value; unknown-${many('long', 20)}-parameter`,
        `Via: SIP/2.0/TCP ${sentBy}`,
        ...Array.from({ length: 32 }, (_, i) => `v: SIP/2.0/TCP sip${i + 1}.example.com`),
        `V: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch=very${many('long', 50)}branchvalue`,
        'Max-Forwards: 70',
        `Contact: <sip:${many('amazinglylongcallername', 5)}@host5.example.net>`,
        'Content-Type: application/sdp',
        `l: ${LENGTH}`,
      )(SDP),
  },
  {
    section: '3.1.1.8',
    name: 'dblreq',
    why: 'what follows a whole message in its datagram is no message',
    over: 'udp',
    answer: { sees: { method: 'REGISTER' } },
    message: (sentBy) =>
      lines(
        'REGISTER sip:example.com SIP/2.0',
        'To: sip:j.user@example.com',
        'From: sip:j.user@example.com;tag=43251j3j324',
        'Max-Forwards: 8',
        'I: dblreq.one',
        'Contact: sip:j.user@host.example.com',
        'CSeq: 8 REGISTER',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKdblreq1`,
        'Content-Length: 0',
      )() +
      lines(
        'INVITE sip:joe@example.com SIP/2.0',
        't: sip:joe@example.com',
        'From: sip:caller@example.net;tag=141334',
        'Max-Forwards: 8',
        'Call-ID: dblreq.two',
        'CSeq: 8 INVITE',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKdblreq2`,
        'Contact: <sip:caller@host5.example.net>',
        'Content-Length: 0',
      )(),
  },
  {
    section: '3.1.1.9',
    name: 'semiuri',
    why: 'a semicolon before the @ belongs to the user',
    answer: { sees: { method: 'OPTIONS', uri: 'sip:user;par=u%40example.net@example.com' } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0',
        'To: sip:j_user@example.com',
        'From: sip:caller@example.org;tag=33242',
        'Max-Forwards: 3',
        'Call-ID: semiuri',
        'CSeq: 8 OPTIONS',
        'Accept: application/sdp, application/pkcs7-mime,',
        '        multipart/mixed, multipart/signed,',
        '        message/sip, message/sipfrag',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKsemiuri`,
        'l: 0',
      )(),
  },
  {
    section: '3.1.1.10',
    name: 'transports',
    why: 'a Via may name a transport that nobody knows',
    answer: { sees: { method: 'OPTIONS' } },
    message: (sentBy) =>
      lines(
        'OPTIONS sip:user@example.com SIP/2.0',
        'To: sip:user@example.com',
        'From: <sip:caller@example.com>;tag=323',
        'Max-Forwards: 70',
        'Call-ID: transports',
        'CSeq: 60 OPTIONS',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bKtransports`,
        'Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf',
        'Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj',
        'Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en',
        'Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee',
        'l: 0',
      )(),
  },
  {
    section: '3.1.1.11',
    name: 'mpart01',
    why: 'the parts of a body may be anything, NULs and line ends too',
    answer: { sees: { method: 'MESSAGE', headers: { 'content-type': 'multipart/mixed;boundary=b' } } },
    message: (sentBy) => {
      const text = Buffer.from(
        '--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: x/y\r\n\r\n',
      )
      const body = Buffer.concat([text, BINARY])
      const head = lines(
        'MESSAGE sip:kumiko@example.org SIP/2.0',
        `Via: SIP/2.0/UDP ${sentBy};branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport`,
        'Max-Forwards: 70',
        'To: <sip:kumiko@example.org>',
        'From: <sip:fluffy@example.com>;tag=2fb0dcc9',
        'Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..',
        'CSeq: 1 MESSAGE',
        'Content-Transfer-Encoding: binary',
        'Content-Type: multipart/mixed;boundary=b',
        `Content-Length: ${body.length}`,
      )()
      return Buffer.concat([Buffer.from(head), body])
    },
  },
])

function tortuous(sentBy: string, toTag: string): string {
  return lines(
    'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
    'TO :',
    ` sip:vivekg@chair-dnrc.example.com ${toTag}`,
    'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
    '  ;',
    '  tag = 98asjd8',
    'MaX-fOrWaRdS: 0068',
    'Call-ID: wsinv.ndaksdj@192.0.2.1',
    `Content-Length   : ${LENGTH}`,
    'cseq: 0009',
    '  INVITE',
    'Via  : SIP  /   2.0',
    ' /UDP',
    `    ${sentBy.replace(':', ' : ')};branch=390skdjuw`,
    's :',
    'NewFangledHeader:   newfangled value',
    ' continued newfangled value',
    'UnknownHeaderWithUnusualValue: ;;,,;;,;',
    'Content-Type: application/sdp',
    'Route:',
    ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
    'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
    '  branch  =   z9hG4bK9ikj8  ,',
    ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
    ' z9hG4bK30239',
    'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
    '      newvalue ;',
    '  secondparam ; q = 0.33',
  )(SDP)
}

function escapedNames(sentBy: string, method: string): string {
  return lines(
    `${method} sip:registrar.example.com SIP/2.0`,
    'To: "%Z%45" <sip:resource@example.com>',
    'From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23',
    'Call-ID: esc02',
    `Via: SIP/2.0/TCP ${sentBy};branch=z9hG4bK209%fzsnel234`,
    `CSeq: 29344 ${method}`,
    'Max-Forwards: 70',
    'Contact: <sip:alias1@host1.example.com>',
    'C%6Fntact: <sip:alias2@host2.example.com>',
    'Contact: <sip:alias3@host3.example.com>',
    'l: 0',
  )()
}

for (const [section, name, why, reason] of [
  [
    '3.1.1.12',
    'unreason',
    'a reason phrase may have any character',
    '= 2**3 * 5**2 но сто девяносто девять - простое',
  ],
  ['3.1.1.13', 'noreason', 'a reason phrase may be empty, behind the space that it keeps', ''],
] as const)
  test(`${section} ${name}: ${why}`, { timeout: 15_000 }, async (t) => {
    const { srf } = await ground(t)
    const peer = await Peer.start()
    t.after(() => peer.close())
    const sent = await srf.request(peer.uri(), { method: 'OPTIONS' })
    const response = new Promise<{ status: number; reason: string }>((resolve) =>
      sent.on('response', resolve),
    )
    const options = await peer.request('OPTIONS')
    options.back(
      lines(
        `SIP/2.0 200 ${reason}`,
        `Via: ${header(options, 'via')}`,
        `From: ${header(options, 'from')}`,
        `To: ${header(options, 'to')};tag=there`,
        `Call-ID: ${header(options, 'call-id')}`,
        `CSeq: ${header(options, 'cseq')}`,
        'Content-Length: 0',
      )(),
    )
    const { status, reason: seen } = await response
    assert.deepEqual([status, seen], [200, reason])
  })
