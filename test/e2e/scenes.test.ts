/** The menu of the demo's page, scene by scene: what is seen of each in the chat, on the card and at the phones. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { RunningBot } from '../helpers/bot.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')

void describe('the menu of scenes on the demo’s page', { skip }, () => {
  let bot: RunningBot
  let browser: Browser
  let page: Page & { readonly errors: readonly string[] }

  before(async () => {
    bot = await RunningBot.start({})
    browser = await Browser.start('en-GB')
    page = await browser.open(`${bot.url}/`)
    page.setDefaultTimeout(15_000)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.locator('body.ready').waitFor()
  })
  after(async () => {
    assert.deepEqual(page.errors, [])
    await browser.stop()
    await bot.stop()
  })

  const phone = (id: string) => page.getByTestId(`phone-${id}`)
  const state = (id: string, words: RegExp) =>
    phone(id).getByTestId('phone-state').filter({ hasText: words }).waitFor()
  const rings = (id: string) => phone(id).and(page.locator('[data-state=ringing]')).waitFor()
  const pickUp = (id: string) => phone(id).getByTestId('pick-up').click()
  const putDown = (id: string) => phone(id).getByTestId('put-down').click()
  const types = async (text: string) => {
    await page.getByTestId('chat-input').fill(text)
    await page.getByTestId('send').click()
  }
  /** The newest message of the bot has these words. */
  const says = async (words: RegExp): Promise<Locator> => {
    const said = page.getByTestId('message').last().filter({ hasText: words })
    await said.waitFor()
    return said
  }
  const ladder = (words: string) =>
    page.getByTestId('ladder').getByRole('listitem').filter({ hasText: words }).last().waitFor()
  const plays = async (scene: string, hint: RegExp) => {
    await page.getByTestId('scene').selectOption(scene)
    await page.getByTestId('scene-hint').filter({ hasText: hint }).waitFor()
  }

  void it('busy: no ring, the busy tone, and what to do', async () => {
    await plays('busy', /486/)
    await types('call Bob Marín')
    await pickUp('1001')
    await says(/Bob Marín is busy\. Redial in a while\./)
    await state('1002', /was busy/)
    await ladder('486 Busy Here')
    await state('1001', /On hook/)
  })

  void it('declined: it rings, and is declined by itself', async () => {
    await plays('declined', /603/)
    await types('call Bob Marín')
    await pickUp('1001')
    await rings('1002')
    await says(/Bob Marín declined the call\. Write a message, or redial later\./)
    await state('1002', /declined/)
    await ladder('603 Decline')
    await state('1001', /On hook/)
  })

  void it('no answer: the phone system gives up after eight seconds', async () => {
    await plays('noAnswer', /eight seconds.*60 seconds/)
    await types('call Bob Marín')
    await pickUp('1001')
    await rings('1002')
    await says(/There was no answer from Bob Marín\. Redial later, or write a message\./)
    await state('1002', /nobody picked up/)
    await ladder('480 Temporarily Unavailable')
    await state('1001', /On hook/)
  })

  void it('voicemail picks up: a machine appears, and one’s own phone hears it', async () => {
    await plays('voicemail', /machine/)
    await types('call Bob Marín')
    await pickUp('1001')
    await rings('1002')
    await state('1002-voicemail', /In a call · hears Alice Serrano/)
    await state('1001', /hears voicemail/)
    await state('1002', /On hook · voicemail took it/)
    assert.equal(
      await phone('1002-voicemail').getByRole('button').count(),
      0,
      'nobody is there to press anything',
    )
    await says(/Voicemail · since[^]*Bob Marín’s voicemail answered\. Leave a message, or hang up\./)
    await putDown('1001')
    await says(/Voicemail · lasted[^]*Bob Marín’s voicemail answered, and you hung up\./)
    await state('1002-voicemail', /On hook/)
  })

  void it('one’s own phone is busy: nobody else is rung, and the mobile is offered', async () => {
    await plays('ownBusy', /mobile/)
    await types('call Bob Marín')
    const said = await says(/Your own phone is busy, so nobody else was called/)
    await said.getByRole('button', { name: 'Redial from mobile' }).waitFor()
    await state('1001', /was busy/)
    await state('1002', /On hook/)
  })

  void it('one’s own voicemail picks up: the other phone rings for a machine, which is what press 1 is for', async () => {
    await plays('ownVoicemail', /press 1 on/)
    await types('call Bob Marín')
    await rings('1001')
    await state('1001-voicemail', /In a call/)
    await rings('1002')
    await pickUp('1002')
    await state('1002', /hears voicemail/)
    await putDown('1002')
    await says(/Bob Marín hung up\./)
  })

  void it('the phone system is down: phones are dark, and the bot says so before anything rings', async () => {
    await plays('trunkDown', /no phone rings/)
    await page.locator('[data-service=none]').first().waitFor()
    await phone('1001').getByTestId('phone-display').filter({ hasText: 'No service' }).waitFor()
    await types('call Bob Marín')
    await says(/The phone system is unreachable, so nothing could be dialled\. Try again in a minute/)
    await types('status')
    await says(/Phone system[^]*down/)
    await types('call Bob Marín')
    await says(/The phone system is unreachable, so nothing was dialled\. Try again in a minute/)
    assert.equal(await page.locator('.phone[data-state=ringing]').count(), 0)
  })

  void it('everything works again, by the button: the phone system is found back by itself', async () => {
    await page.getByTestId('scene-works').click()
    await page.locator('[data-testid=scene]').and(page.locator(':has(option[value=works]:checked)')).waitFor()
    await page.locator('[data-service=none]').first().waitFor({ state: 'detached' })
    await types('call Bob Marín')
    await rings('1001')
    await phone('1001').getByTestId('decline').click()
    await says(/declined at your own phone/)
  })

  void it('the chat is slow: the phone rings before any card is there, and the card catches up', async () => {
    const cards = page.getByTestId('card')
    const before = await cards.count()
    await plays('slow', /429/)
    await types('call Bob Marín')
    await rings('1001')
    assert.equal(await cards.count(), before, 'no card yet')
    await pickUp('1001')
    await pickUp('1002')
    await state('1001', /hears Bob Marín/)
    await says(/Connected/)
    assert.equal(await cards.count(), before + 1, 'one card')
    await plays('works', /Everything works/)
    await putDown('1001')
    await says(/You hung up\./)
  })

  void it('is chosen by keyboard alone, shown on every page, and speaks Spanish', async () => {
    const second = await browser.open(`${bot.url}/`)
    await second.locator('body.ready').waitFor()
    await page.bringToFront()
    await page.getByRole('combobox', { name: 'Try' }).focus()
    await page.keyboard.press('ArrowDown')
    await second.getByTestId('scene-hint').filter({ hasText: /486/ }).waitFor()
    assert.equal(await second.getByTestId('scene').inputValue(), 'busy')
    await second.getByTestId('language').selectOption('es')
    await second
      .getByTestId('scene-hint')
      .filter({ hasText: /tono de ocupado/ })
      .waitFor()
    await second.getByTestId('scene-works').click()
    await page.locator('#scene.works').waitFor()
    assert.equal(await page.getByTestId('scene').inputValue(), 'works')
    assert.deepEqual(second.errors, [])
    await second.close()
  })
})
