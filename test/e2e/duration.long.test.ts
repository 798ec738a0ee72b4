/** The longest call that MAX_CALL_MINUTES can allow: one minute, in real time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../helpers/stories.ts'
import type { Story } from '../helpers/stories.ts'
import { missing } from '../peers/debian.ts'

test('a call that goes on and on', { skip: await missing('sipp') }, async (t) => {
  const story = {
    name: 'is ended when MAX_CALL_MINUTES are over: both phones are hung up, and the record says why',
    ending: 'picks-up',
    happens: async (scene) => {
      await scene.calls()
      await scene.talks()
      const words = await scene.office.showsWithin(70_000, /longest time for a call/, /MAX_CALL_MINUTES/)
      assert.match(words, /lasted 1:0\d/)
      await scene.sees('user', 'bot', /^BYE/)
      await scene.sees('callee', 'bot', /^BYE/)
    },
  } as const satisfies Story
  await play(t, [story], { env: { MAX_CALL_MINUTES: '1' } })
})
