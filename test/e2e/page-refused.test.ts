/** A meeting on the demo’s page that lets nobody in: what its bridge says, and what the card says to do. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Desk } from '../helpers/desk.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')

void describe('the conference bridge of the demo’s page', { skip }, () => {
  void it('lets nobody in by a wrong PIN or ID, keyed by the bot or by hand, and hangs up', async (t) => {
    const desk = await Desk.open(t, 'en-GB')
    const { page } = desk
    await page.getByTestId('tour-skip').click()

    await t.test('a PIN is keyed as it stands: the card says what to do, and never the PIN', async () => {
      await page.getByTestId('paste').click()
      const invitation = await page.getByTestId('chat-input').inputValue()
      await desk.types(`join\n${invitation.replace('PIN: 2468', 'PIN: 1357')}`)
      await desk.rings('1001')
      await desk.does('1001', 'pick-up')
      await desk.tells('bridge-1', /wrong, hangs up/)
      await desk.card(/Not let in.*hung up before you were in.*ID or PIN may be wrong.*Redial/s)
      await desk.tells('1001', /On hook/)
      const cards = await page.getByTestId('card').allInnerTexts()
      assert.ok(!cards.some((text) => text.includes('1357')), 'no card has the PIN')
    })

    await t.test('called by its number, it takes keys from the phone itself', async () => {
      await desk.types('call +34 910 000 100')
      await desk.rings('1001')
      await desk.does('1001', 'pick-up')
      await desk.tells('bridge-1', /asks for the ID/)
      for (const key of ['9', '#']) await desk.phone('1001').locator(`[data-key="${key}"]`).click()
      await desk.tells('bridge-1', /wrong, hangs up/)
      await desk.tells('1001', /On hook/)
    })
  })
})
