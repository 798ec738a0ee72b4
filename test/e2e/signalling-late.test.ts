/** A trunk that wants to offer itself (`offer: late`): the bot's INVITE has no SDP, its answers stand in the ACK. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../helpers/stories.ts'
import type { Scene, Story } from '../helpers/stories.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('sipp')

const linesOf = (text: string) =>
  [...text.matchAll(/^m=(\w+ \d+ \S+ .*?)\r?$/gm)].map(([, line]) => line ?? '')

async function talk(scene: Scene): Promise<void> {
  await scene.calls()
  await scene.talks()
}

const stories: readonly Story[] = [
  {
    name: 'the answer stands in the ACK, and the call goes on',
    ending: 'picks-up',
    happens: async (scene) => {
      await talk(scene)
      const [invite] = scene.sent('callee', /^INVITE/)
      const [ack] = scene.sent('callee', /^ACK/)
      assert.deepEqual([linesOf(invite?.text ?? '').length, linesOf(ack?.text ?? '').length], [0, 1])
      await scene.hangsUp()
    },
  },
  {
    name: 'what a 183 offers is not taken: it could not be answered; the 200 of another fork is',
    ending: 'changes-tag',
    happens: async (scene) => {
      await talk(scene)
      const [ack] = scene.sent('callee', /^ACK/)
      assert.match(linesOf(ack?.text ?? '')[0] ?? '', /^audio [1-9]\d* RTP\/AVP 0 101$/)
      await scene.hangsUp()
    },
  },
  {
    name: 'SRTP, video and fax are declined line by line, in their order, in every description; no payload type changes its meaning',
    ending: 'offers-lines',
    happens: async (scene) => {
      await talk(scene)
      await scene.sees('callee', 'bot', /^ACK [\s\S]*^CSeq: 2 ACK/m)
      await scene.hangsUp()
      const descriptions = scene.told('callee')
      assert.ok(descriptions.length >= 2)
      for (const text of descriptions) {
        const [srtp, audio, video, fax, ...more] = linesOf(text)
        assert.deepEqual(
          [srtp, video, fax, more],
          ['audio 0 RTP/SAVP 8', 'video 0 RTP/AVP 97', 'image 0 udptl t38', []],
        )
        assert.match(audio ?? '', /^audio [1-9]\d* RTP\/AVP /)
        assert.doesNotMatch(text, /^a=rtpmap:96 (?!telephone-event)/m)
      }
      scene.isOneSession('callee')
    },
  },
]

test('a call is offered late:', { skip, concurrency: true }, async (t) => {
  await play(t, stories, { fields: { offer: 'late' } })
})
