import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  OWN_CODECS,
  ownAnswer,
  ownAudio,
  passOn,
  remoteOf,
  ROOM_CODECS,
  standing,
  within,
} from '../../src/sip/sdp/choose.ts'
import { parseSdp, SdpFault } from '../../src/sip/sdp/parse.ts'
import { Session, usableLine } from '../../src/sip/sdp/session.ts'
import { read } from './stage.ts'

const OWN = { address: '192.0.2.1', port: 16384 }
const text = (...lines: string[]) =>
  ['v=0', 'o=p 1 1 IN IP4 198.51.100.7', 's=-', 't=0 0', ...lines, ''].join('\r\n')
const C = 'c=IN IP4 198.51.100.7'

describe('an SDP that can be used', () => {
  it('tells address, codecs with and without rtpmap, formats and direction', () => {
    const line = usableLine(
      parseSdp(
        text(
          C,
          'a=sendonly',
          'm=audio 5004 RTP/AVP 9 18 111 101 77',
          'a=rtpmap:111 opus/48000/2',
          'a=fmtp:111 useinbandfec=1',
          'a=rtpmap:101 telephone-event/8000',
          'a=ptime:20',
        ),
      ),
    )
    assert.ok(line)
    assert.deepEqual(
      [line.address, line.port, line.direction, line.timing],
      ['198.51.100.7', 5004, 'sendonly', ['ptime:20']],
    )
    assert.deepEqual(
      line.codecs.map(({ type, name, rate, channels }) => `${type} ${name}/${rate}/${channels}`),
      ['9 G722/8000/1', '18 G729/8000/1', '111 OPUS/48000/2', '101 TELEPHONE-EVENT/8000/1'],
    )
    assert.equal(line.codecs[2]?.fmtp, 'useinbandfec=1')
  })

  it('may have its address and direction below the line, bare line ends, and IPv6', () => {
    const line = usableLine(
      parseSdp(text('m=audio 5004 RTP/AVP 0', 'c=IN IP6 2001:db8::7', 'a=inactive').replaceAll('\r\n', '\n')),
    )
    assert.deepEqual([line?.address, line?.direction], ['2001:db8::7', 'inactive'])
  })
})

describe('a hostile SDP', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => `m=audio ${5000 + 2 * i} RTP/AVP 8`)
  const cases: [what: string, sdp: string, code: string][] = [
    ['that is empty', '', 'SDP_MALFORMED'],
    ['that is something else', '<xml/>', 'SDP_MALFORMED'],
    ['of 20,000 characters', text(C, 'm=audio 5004 RTP/AVP 8', `a=x:${'x'.repeat(20_000)}`), 'SDP_TOO_LARGE'],
    ['with 100 m-lines', text(C, ...hundred), 'SDP_TOO_LARGE'],
    [
      'with 100 formats',
      text(C, `m=audio 5004 RTP/AVP ${Array.from({ length: 100 }, (_, i) => i).join(' ')}`),
      'SDP_TOO_LARGE',
    ],
    ['with a port of 70000', text(C, 'm=audio 70000 RTP/AVP 8'), 'SDP_MALFORMED'],
    ['with an m-line cut short', text(C, 'm=audio 5004'), 'SDP_MALFORMED'],
    [
      'with a name for an address',
      text('c=IN IP4 phone.example.com', 'm=audio 5004 RTP/AVP 8'),
      'SDP_NAME_FOR_ADDRESS',
    ],
    [
      'with a multicast range for an address',
      text('c=IN IP4 224.2.1.1/127/3', 'm=audio 5004 RTP/AVP 8'),
      'SDP_MULTICAST',
    ],
    ['without c=', text('m=audio 5004 RTP/AVP 8'), 'SDP_NO_ADDRESS'],
    ['with port 0', text(C, 'm=audio 0 RTP/AVP 8'), 'SDP_NO_AUDIO'],
    ['with no m-line', text(C), 'SDP_NO_AUDIO'],
    ['with video only', text(C, 'm=video 5004 RTP/AVP 96'), 'SDP_NO_AUDIO'],
    ['with SRTP only', text(C, 'm=audio 5004 RTP/SAVP 8'), 'SDP_NO_AUDIO'],
    ['with fax only', text(C, 'm=image 5004 udptl t38'), 'SDP_NO_AUDIO'],
    ['with another family of addresses', text('c=IN IP6 ::1', 'm=audio 5004 RTP/AVP 8'), 'SDP_OTHER_FAMILY'],
    ['with no codec of ours', text(C, 'm=audio 5004 RTP/AVP 18'), 'SDP_NO_COMMON_CODEC'],
    [
      'with keys but no sound',
      text(C, 'm=audio 5004 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'),
      'SDP_NO_COMMON_CODEC',
    ],
  ]
  for (const [what, sdp, code] of cases)
    it(`${what} is refused: ${code}`, () => {
      assert.throws(
        () => remoteOf(parseSdp(sdp), OWN, ownAudio(OWN)),
        (fault) => fault instanceof SdpFault && fault.code === code,
      )
    })

  it('cannot make one line of ours two lines of another phone', () => {
    const line = usableLine(
      parseSdp(text(C, 'm=audio 5004 RTP/AVP 8', 'a=fmtp:8 x=1\ra=rtcp:9', 'a=ptime:20\rc=IN IP4 192.0.2.9')),
    )
    assert.ok(line)
    assert.deepEqual([line.timing, line.address], [['rtcp:9', 'ptime:20'], '192.0.2.9'])
    assert.equal(line.codecs[0]?.fmtp, 'x=1')
    assert.throws(() => parseSdp(text(C, 'm=audio 5004 RTP/AVP 8', 'a=fmtp:8 \0')), { code: 'SDP_MALFORMED' })
  })

  it('with rubbish in its attributes is read without them', () => {
    const sdp = text(
      C,
      'm=audio 5004 RTP/AVP 8 banana 300',
      'a=rtpmap:8',
      'a=rtpmap:999 X/1',
      'a=fmtp:',
      'a=',
      'zzz',
    )
    assert.deepEqual(remoteOf(parseSdp(sdp), OWN, ownAudio(OWN)).send, [{ codec: 'PCMA', type: 8 }])
  })
})

describe("the bot's own endpoint", () => {
  it('sends as the far side numbers its formats and takes what it told itself', () => {
    const answer = parseSdp(text(C, 'm=audio 5004 RTP/AVP 0 96', 'a=rtpmap:96 telephone-event/8000'))
    assert.deepEqual(remoteOf(answer, OWN, ownAudio(OWN)), {
      address: '198.51.100.7',
      port: 5004,
      send: [
        { codec: 'PCMU', type: 0 },
        { codec: 'telephone-event', type: 96 },
      ],
      receive: [
        { codec: 'PCMA', type: 8 },
        { codec: 'PCMU', type: 0 },
        { codec: 'telephone-event', type: 101 },
      ],
      listens: true,
      speaks: true,
      rtcp: { address: '198.51.100.7', port: 5005 },
    })
  })

  it('is silent towards a phone that is held, by direction or by the old address', () => {
    for (const lines of [
      [C, 'm=audio 5004 RTP/AVP 8', 'a=sendonly'],
      ['c=IN IP4 0.0.0.0', 'm=audio 5004 RTP/AVP 8'],
    ]) {
      const { listens, speaks } = remoteOf(parseSdp(text(...lines)), OWN, ownAudio(OWN))
      assert.deepEqual([listens, speaks], [false, false])
    }
  })

  it('sends RTCP to the port above, or where the far side wants it (RFC 3605)', () => {
    for (const [attribute, place] of [
      ['a=ptime:20', { address: '198.51.100.7', port: 5005 }],
      ['a=rtcp:53020', { address: '198.51.100.7', port: 53020 }],
      ['a=rtcp:53020 IN IP4 198.51.100.9', { address: '198.51.100.9', port: 53020 }],
      ['a=rtcp:0', { address: '198.51.100.7', port: 5005 }],
      ['a=rtcp:5 IN IP4 evil.example', { address: '198.51.100.7', port: 5005 }],
      // Not offered by us, so not agreed to.
      ['a=rtcp-mux', { address: '198.51.100.7', port: 5005 }],
    ] as const) {
      const answer = parseSdp(text(C, 'm=audio 5004 RTP/AVP 8', attribute))
      assert.deepEqual(remoteOf(answer, OWN, ownAudio(OWN)).rtcp, place, attribute)
    }
  })

  it('takes an offer of RTCP on the same port (RFC 5761), and says so in its answer', () => {
    const offer = parseSdp(text(C, 'm=audio 5004 RTP/AVP 8', 'a=rtcp-mux'))
    const answer = ownAnswer(OWN, offer)
    assert.match(new Session('192.0.2.1').answer(offer, answer), /^a=rtcp-mux\r$/m)
    assert.equal(remoteOf(offer, OWN, answer).rtcp, 'mux')
  })

  it('answers an offer with its own codecs of it, under the numbers of the offer', () => {
    const offer = parseSdp(
      text(C, 'm=audio 5004 RTP/AVP 9 97 0', 'a=rtpmap:97 telephone-event/8000', 'a=sendonly'),
    )
    const answer = ownAnswer(OWN, offer)
    assert.deepEqual([answer.codecs.map(({ type }) => type), answer.direction], [[97, 0], 'recvonly'])
  })
})

describe('our session with a leg', () => {
  it('answers with G.722 where its sound goes into a room, and sends it nowhere else', () => {
    const offer = parseSdp(text(C, 'm=audio 40000 RTP/AVP 9 8', 'a=rtpmap:9 G722/8000'))
    const inRoom = ownAnswer(OWN, offer, ROOM_CODECS)
    assert.deepEqual(remoteOf(offer, OWN, inRoom).send, [
      { codec: 'G722', type: 9 },
      { codec: 'PCMA', type: 8 },
    ])
    const elsewhere = ownAnswer(OWN, offer)
    assert.deepEqual(remoteOf(offer, OWN, elsewhere).send, [{ codec: 'PCMA', type: 8 }])
  })

  it('keeps its id, counts its version, and declines what it does not use, in the order of the lines', () => {
    const session = new Session('192.0.2.1')
    const first = read(session.offer(ownAudio(OWN)))
    const offer = parseSdp(
      text(C, 'm=video 6000 RTP/AVP 96', 'm=audio 5004 RTP/AVP 8', 'm=application 7000 TCP/BFCP *'),
    )
    const answer = session.answer(offer, ownAnswer(OWN, offer))
    assert.deepEqual(answer.match(/^m=.*$/gm), [
      'm=video 0 RTP/AVP 96',
      'm=audio 16384 RTP/AVP 8',
      'm=application 0 TCP/BFCP *',
    ])
    const again = session.offer(ownAudio(OWN))
    assert.equal(again.match(/^m=.*$/gm)?.length, 3)
    assert.deepEqual(
      [answer, again].map((sdp) => [read(sdp).origin, read(sdp).version]),
      [
        [first.origin, first.version + 1],
        [first.origin, first.version + 2],
      ],
    )
  })

  it('moves a codec of ours to a free number when the far side has used it for another', () => {
    const session = new Session('192.0.2.1')
    session.heard(
      parseSdp(
        text(C, 'm=audio 5004 RTP/AVP 101 96 8', 'a=rtpmap:101 opus/48000/2', 'a=rtpmap:96 speex/8000'),
      ),
    )
    assert.deepEqual(
      session.numbered(OWN_CODECS).map(({ type }) => type),
      [8, 0, 97],
    )
    assert.deepEqual(
      session.free(OWN_CODECS).map(({ type }) => type),
      [8, 0],
    )
  })
})

describe('between two phones', () => {
  const offer = parseSdp(
    text(
      C,
      'm=audio 5004 RTP/AVP 111 9 8 101',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:101 telephone-event/8000',
      'a=rtcp:5010',
    ),
  )

  it('one is shown to the other with all its codecs and its RTCP port', () => {
    const audio = passOn(offer)
    assert.deepEqual([audio.port, audio.codecs.length, audio.timing], [5004, 4, ['rtcp:5010']])
  })

  it('an answer keeps only what was offered, and something that sounds', () => {
    const answer = passOn(
      parseSdp(text(C, 'm=audio 6004 RTP/AVP 0 9 101', 'a=rtpmap:101 telephone-event/8000')),
    )
    assert.deepEqual(
      within(answer, passOn(offer).codecs).codecs.map(({ name }) => name),
      ['G722', 'TELEPHONE-EVENT'],
    )
    const none = passOn(parseSdp(text(C, 'm=audio 6004 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000')))
    assert.throws(
      () => within(none, passOn(offer).codecs),
      (fault) => fault instanceof SdpFault && fault.code === 'SDP_NO_COMMON_CODEC',
    )
  })

  for (const [told, offered, direction] of [
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendrecv', 'sendonly', 'recvonly'],
    ['sendrecv', 'inactive', 'inactive'],
    ['recvonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'recvonly', 'inactive'],
    ['sendonly', 'recvonly', 'sendonly'],
  ] as const)
    it(`what stands as ${told} answers ${offered} with ${direction}`, () => {
      const line = parseSdp(text(C, `a=${offered}`, 'm=audio 5004 RTP/AVP 8'))
      assert.equal(standing({ ...ownAudio(OWN), direction: told }, line).direction, direction)
    })
})
