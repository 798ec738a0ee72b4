/** How a PBX rings, answers and refuses: every way that RFC 3261 and its relatives allow, before the whole bot. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field } from '../helpers/sip-trace.ts'
import { play } from '../helpers/stories.ts'
import type { Scene, Story } from '../helpers/stories.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('sipp')
const ELSEWHERE = '+34600000009'
const TO_ELSEWHERE = /unreachable: diverted to \+34 600 00 00 09/

/** They talk, and the user hangs up in chat. */
async function talkAndHangUp(scene: Scene): Promise<string> {
  await scene.calls()
  await scene.talks()
  return scene.hangsUp()
}

const answered: readonly Story[] = [
  {
    name: '100rel: each reliable response gets its PRACK, once and in order (RFC 3262)',
    ending: 'reliable',
    happens: async (scene) => {
      await talkAndHangUp(scene)
      const offered = scene.sent('callee', /^INVITE/)[0]
      assert.match(field(offered?.text ?? '', 'Supported') ?? '', /100rel/)
      const racks = scene.sent('callee', /^PRACK/).map(({ text }) => field(text, 'RAck'))
      assert.deepEqual(racks, ['41 1 INVITE', '42 1 INVITE'])
    },
  },
  {
    name: 'an UPDATE before the answer is answered with what the bot has; the 200 without SDP changes nothing',
    ending: 'updates-early',
    happens: async (scene) => {
      await talkAndHangUp(scene)
      const answer = await scene.sees('callee', 'bot', /^SIP\/2\.0 200[\s\S]*CSeq: 1 UPDATE/)
      assert.match(answer.text, /m=audio \d+ RTP\/AVP 0 101/)
    },
  },
  {
    name: 'two forks answer: one stays, the other is acknowledged and ended',
    ending: 'forks',
    by: 'user',
    happens: async (scene) => {
      await scene.calls()
      await scene.talks()
      const other = await scene.sees('user', 'bot', /^BYE/)
      assert.match(field(other.text, 'To') ?? '', /-b$/)
      await scene.hangsUp()
      const own = await scene.sees('user', 'bot', /^BYE/, 2)
      assert.match(field(own.text, 'To') ?? '', /-a$/)
    },
  },
  {
    name: 'the To tag changes from fork to fork: the call is that of the 200, with its media',
    ending: 'changes-tag',
    happens: async (scene) => {
      await talkAndHangUp(scene)
      assert.match(field(scene.sent('callee', /^ACK/)[0]?.text ?? '', 'To') ?? '', /-c$/)
    },
  },
  {
    name: '199 is not taken for ringing',
    ending: 'gives-up-fork',
    ringing: 1000,
    happens: async (scene) => {
      await talkAndHangUp(scene)
      assert.equal(scene.drawn.filter((words) => /ringing/i.test(words)).length, 0)
    },
  },
  {
    name: 'the 200 has no SDP because the 183 had it',
    ending: 'answers-without-sdp',
    happens: async (scene) => {
      await talkAndHangUp(scene)
    },
  },
  {
    name: 'a late 200 after the CANCEL was taken: ACK, then BYE, along the route set',
    ending: 'answers-after-cancel',
    more: ['Record-Route: <sip:first@127.0.0.1:[local_port];lr>'],
    happens: async (scene) => {
      await scene.calls()
      await scene.shows(/ringing/i)
      await scene.types('hang up')
      await scene.shows(/cancelled/i)
      const bye = await scene.sees('callee', 'bot', /^BYE/)
      assert.match(field(bye.text, 'Route') ?? '', /^<sip:first@/)
    },
  },
  {
    name: 'cancelled before the PBX has said anything: CANCEL waits for its first word (RFC 3261 9.1)',
    ending: 'slow-to-answer',
    ringing: 2500,
    happens: async (scene) => {
      await scene.calls()
      await scene.sees('callee', 'bot', /^INVITE/)
      await scene.types('hang up')
      await scene.shows(/cancelled/i)
      await scene.sees('callee', 'bot', /^CANCEL/)
      const lines = scene.seen('callee').map(({ line }) => line)
      const [trying, cancel] = ['SIP/2.0 100', 'CANCEL'].map((wanted) =>
        lines.findIndex((line) => line.startsWith(wanted)),
      )
      assert.ok(trying !== undefined && cancel !== undefined && trying < cancel, lines.join('\n'))
    },
  },
  {
    name: 'compact header forms in every message of the PBX (RFC 3261 7.3.3)',
    ending: 'compact',
    talking: 700,
    happens: async (scene) => {
      await scene.calls()
      await scene.talks()
      await scene.shows(/hung up/, /lasted/)
    },
  },
  {
    name: 'Record-Route, loose: every request of the dialog has the route, the Request-URI is the Contact',
    ending: 'picks-up',
    more: ['Record-Route: <sip:first@127.0.0.1:[local_port];lr>'],
    happens: async (scene) => {
      await talkAndHangUp(scene)
      const requests = scene.sent('callee', /^(ACK|INVITE|BYE)/).slice(1)
      assert.deepEqual(
        new Set(requests.map(({ line }) => line.split(' ')[0])),
        new Set(['ACK', 'INVITE', 'BYE']),
      )
      for (const { line, text } of requests) {
        assert.doesNotMatch(line, /first@/)
        assert.match(field(text, 'Route') ?? '', /^<sip:first@127\.0\.0\.1:\d+;lr>$/)
      }
    },
  },
  {
    name: 'Record-Route, strict: the Request-URI is the route, the Contact is the last Route (RFC 3261 12.2.1.1)',
    ending: 'picks-up',
    more: ['Record-Route: <sip:first@127.0.0.1:[local_port]>'],
    happens: async (scene) => {
      await talkAndHangUp(scene)
      for (const { line, text } of scene.sent('callee', /^(ACK|INVITE|BYE)/).slice(1)) {
        assert.match(line, /^\w+ sip:first@127\.0\.0\.1:\d+ /)
        assert.match(field(text, 'Route') ?? '', /^<sip:127\.0\.0\.1:\d+;transport=UDP>$/)
      }
    },
  },
]

test('a call is answered, and goes on to its record:', { skip, concurrency: true }, async (t) => {
  await play(t, answered)
})

const refusals: readonly (readonly [status: string, more: readonly string[], words: RegExp])[] = [
  ['302 Moved Temporarily', [`Contact: <sip:${ELSEWHERE}@127.0.0.1>`], TO_ELSEWHERE],
  ['301 Moved Permanently', ['Contact: <tel:+34-600-000-009>;q=0.5'], TO_ELSEWHERE],
  ['300 Multiple Choices', [], /unreachable: diverted to another number/],
  ['500 Server Internal Error', ['Reason: SIP;cause=486, Q.850;cause=17'], /is busy/],
  ['480 Temporarily Unavailable', ['Reason: Q.850;cause=18;text="No user responding"'], /no answer/],
  ['480 Temporarily Unavailable', ['Reason: Q.850;cause=21'], /declined/],
  ['404 Not Found', ['Reason: Q.850;cause=1;text="Unallocated"'], /unreachable/],
  ['408 Request Timeout', [], /no answer/],
  ['488 Not Acceptable Here', [], /unreachable/],
]
const refused = refusals.map(([status, more, words]): Story => ({
  name: [status, ...more].join(' with '),
  ending: 'refuses',
  status,
  more,
  happens: async (scene) => {
    await scene.calls()
    await scene.shows(words, /Redial/)
  },
}))

test('a call is refused, and the card says why in plain words:', { skip, concurrency: true }, async (t) => {
  await play(t, refused)
})
