/** What phones and PBXes do in the middle of a call: glare, holds, hang-ups at the worst moment; before the whole bot. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field } from '../helpers/sip-trace.ts'
import { play } from '../helpers/stories.ts'
import type { Scene, Side, Story } from '../helpers/stories.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('sipp')

const REINVITE = /^INVITE [\s\S]*^To: .*;tag=/m
/** `{{sdp-moved}}`: another port, and PCMU in the place of PCMA. */
const MOVED = /^INVITE [\s\S]*^To: .*;tag=[\s\S]*^m=audio \d+ RTP\/AVP 0 101/m
const HELD = /^INVITE [\s\S]*^To: .*;tag=[\s\S]*^a=sendonly/m

async function talk(scene: Scene): Promise<void> {
  await scene.calls()
  await scene.talks()
}

/** How the media went, as the details of the record tell it. */
async function details(scene: Scene, words: RegExp): Promise<void> {
  await scene.presses('details')
  await scene.shows(/details/i, words)
}

const other = (side: Side): Side => (side === 'user' ? 'callee' : 'user')

/** Hold, resume with another codec at another port: by either phone, by re-INVITE or UPDATE, to the other phone. */
const carried: readonly Story[] = (['user', 'callee'] as const).flatMap((side) =>
  (['holds', 'holds-by-update'] as const).map((ending): Story => {
    const how = ending === 'holds' ? 're-INVITE' : 'UPDATE'
    return {
      name: `the ${side} holds and resumes by ${how}, with another codec and port: the other phone is told each time`,
      ending,
      by: side,
      talking: 800,
      happens: async (scene) => {
        await talk(scene)
        await scene.sees(other(side), 'bot', HELD)
        const resumed = await scene.sees(other(side), 'bot', MOVED)
        assert.doesNotMatch(resumed.text, /^a=(sendonly|inactive|recvonly)/m)
        await scene.sees(side, 'bot', /^SIP\/2\.0 200[\s\S]*^CSeq: 2/m)
        await scene.hangsUp()
        scene.isOneSession(other(side))
      },
    }
  }),
)

const stories: readonly Story[] = [
  {
    name: 'glare once: tried again after the wait of RFC 3261 14.1, and bridged',
    ending: 'glare',
    happens: async (scene) => {
      await talk(scene)
      const [first, second] = [
        await scene.sees('callee', 'bot', REINVITE, 1),
        await scene.sees('callee', 'bot', REINVITE, 2),
      ]
      assert.notEqual(field(first.text, 'CSeq'), field(second.text, 'CSeq'))
      await scene.sees('user', 'bot', /^ACK[\s\S]*^m=audio/m)
      await scene.hangsUp()
      await details(scene, /from phone to phone/)
    },
  },
  {
    name: 'glare without end: tried four times, each a little later, then the relay stays',
    ending: 'glare-for-ever',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', REINVITE, 4)
      await scene.sees('user', 'bot', /^ACK[\s\S]*^m=audio/m)
      await scene.hangsUp()
      await details(scene, /through the bot/)
      assert.equal(scene.sent('callee', /^INVITE/).length, 5)
    },
  },
  {
    name: "the phone's re-INVITE meets ours: 491 to it, and it is taken when it comes again",
    ending: 'meets-ours',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', /^SIP\/2\.0 491/)
      await scene.sees('user', 'bot', MOVED)
      await scene.hangsUp()
    },
  },
  {
    name: 'a re-INVITE without SDP gets our offer, and its answer in the ACK is told to the other phone',
    ending: 'asks-for-offer',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', /^SIP\/2\.0 200[\s\S]*^CSeq: 1 INVITE[\s\S]*^m=audio \d+/m)
      await scene.sees('user', 'bot', MOVED)
      await scene.hangsUp()
    },
  },
  {
    name: "a re-INVITE rings (180) and is slow to be taken: the other phone's 200 is repeated, acknowledged once, with the answer",
    ending: 'slow-to-agree',
    talking: 1800,
    happens: async (scene) => {
      await talk(scene)
      const ack = await scene.sees('user', 'bot', /^ACK[\s\S]*^m=audio/m)
      const again = scene
        .seen('user')
        .filter(
          ({ from, text }) =>
            from === 'pbx' && field(text, 'CSeq') === field(ack.text, 'CSeq')?.replace('ACK', 'INVITE'),
        )
      assert.ok(again.length > 1, 'its 200 was sent once only')
      await scene.hangsUp()
      assert.equal(new Set(scene.sent('user', /^ACK/).map(({ text }) => text)).size, 2)
      await details(scene, /from phone to phone/)
    },
  },
  {
    name: 'the callee hangs up while our re-INVITE waits: both legs end, nothing is left of it',
    ending: 'hangs-up-amid-change',
    happens: async (scene) => {
      await scene.calls()
      await scene.shows(/hung up/, /lasted/)
    },
  },
  {
    name: 'the user hangs up while a re-INVITE waits for its answer: it is cancelled, and BYE goes out',
    ending: 'hung-up-amid-change',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', REINVITE)
      await scene.hangsUp()
      await scene.sees('callee', 'bot', /^CANCEL/)
    },
  },
  {
    name: 'a re-INVITE that nobody answers is cancelled, and the relay stays',
    ending: 'ignores-change',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', /^CANCEL/)
      await scene.sees('callee', 'bot', /^ACK[\s\S]*^CSeq: 2 ACK/m)
      await scene.shows(/connected/i)
      await scene.hangsUp()
      await details(scene, /through the bot/)
    },
  },
  {
    name: 'BYE crosses BYE: each is answered, the record says who was first here',
    ending: 'crosses-bye',
    happens: async (scene) => {
      await talk(scene)
      await scene.hangsUp()
      await scene.sees('callee', 'bot', /^SIP\/2\.0 200[\s\S]*^CSeq: 1 BYE/m)
    },
  },
  ...(['401 Unauthorized', '407 Proxy Authentication Required'] as const).map((status): Story => ({
    name: `a BYE that is answered ${status} comes again with the answer to it`,
    ending: 'asks-at-bye',
    status,
    more: [
      `${status.startsWith('401') ? 'WWW' : 'Proxy'}-Authenticate: Digest realm="pbx", nonce="n1", qop="auth"`,
    ],
    happens: async (scene) => {
      await talk(scene)
      await scene.hangsUp()
      const again = await scene.sees('callee', 'bot', /^BYE/, 2)
      assert.match(again.text, /^(Proxy-)?Authorization: Digest username="dialback"/m)
    },
  })),
  {
    name: 'session timer, ours to refresh (RFC 4028): it is refreshed before half of it is over',
    ending: 'picks-up',
    more: ['Require: timer', 'Session-Expires: 4;refresher=uac'],
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', /^(INVITE|UPDATE) [\s\S]*^Session-Expires: 4; ?refresher=uac/m)
      await scene.hangsUp()
    },
  },
  {
    name: 'session timer, theirs to refresh, and they do not: the call is ended and told as lost',
    ending: 'picks-up',
    more: ['Require: timer', 'Session-Expires: 6;refresher=uas'],
    happens: async (scene) => {
      await talk(scene)
      await scene.shows(/connection was lost/i)
      await scene.sees('callee', 'bot', /^BYE/)
      await scene.sees('user', 'bot', /^BYE/)
    },
  },
  ...carried,
]

test('in the middle of a call:', { skip, concurrency: true }, async (t) => {
  await play(t, stories, { env: { SIP_TRUNK_USER: 'dialback', SIP_TRUNK_PASSWORD: 'right' } })
})
