/** What PRESS_ONE is for: one's own voicemail picks up, and nobody else is rung for a machine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Page } from '../demo/visitor.ts'
import { alice, personal } from '../demo/world.ts'
import { RunningBot } from '../helpers/bot.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'

test('with PRESS_ONE=1 one’s own voicemail is asked to press 1, and the other phone never rings', async (t) => {
  const bot = await RunningBot.start({ env: { PRESS_ONE: '1' } })
  atTheEnd(t, async () => {
    tellWhereFailed(t, bot.said)
    await bot.stop()
  })
  const page = await Page.open(t, bot.url, alice, 'en-GB')
  page.ask({ type: 'scene', scene: 'ownVoicemail' })
  page.ask({ type: 'say', conversation: personal(alice), text: 'call Bob Marín' })
  await page.hears('phone', ({ phone }) => phone.id === '1001-voicemail' && phone.state === 'talking', 15_000)
  await page.hears(
    'message',
    ({ message }) => JSON.stringify(message).includes('Press 1 on your phone'),
    15_000,
  )
  await page.hears(
    'message',
    ({ message }) =>
      JSON.stringify(message).includes('Nobody pressed 1 on your phone, so Bob Marín was not called'),
    40_000,
  )
  const bobs = page.told.filter((told) => told.type === 'phone' && told.phone.id === '1002')
  assert.ok(!bobs.some((told) => told.type === 'phone' && told.phone.state !== 'onHook'))
})
