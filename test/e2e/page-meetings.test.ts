/**
 * A meeting on the demo's page, as a newcomer has it: paste the invitation, press [Call me], pick up, be in. `MEETING=1`
 * renews the picture in docs/ from the English one.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { loadSpeech } from '../../src/sim/speech.ts'
import { RunningBot } from '../helpers/bot.ts'
import { likeness, plays, TAP } from '../helpers/listening.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')
const PICTURE = new URL('../../docs/meeting.png', import.meta.url)

void describe('a meeting on the demo’s page', { skip }, () => {
  let bot: RunningBot
  let browser: Browser
  let page: Page & { readonly errors: readonly string[] }

  before(async () => {
    bot = await RunningBot.start({})
    browser = await Browser.start('en-GB')
    page = await browser.open('about:blank')
    page.setDefaultTimeout(20_000)
    await page.setViewportSize({ width: 1280, height: 800 })
    // What moves would be in the picture half-way.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.addInitScript(TAP)
    await page.goto(`${bot.url}/`)
    await page.locator('body.ready').waitFor()
    await page.getByTestId('tour-skip').click()
  })
  after(async () => {
    assert.deepEqual(page.errors, [])
    await browser.stop()
    await bot.stop()
  })

  const phone = (id: string) => page.getByTestId(`phone-${id}`)
  const state = (id: string, words: RegExp) =>
    phone(id).getByTestId('phone-state').filter({ hasText: words }).waitFor()
  const display = (id: string, words: RegExp) =>
    phone(id).getByTestId('phone-display').filter({ hasText: words }).waitFor()
  const card = (words: RegExp): Locator => page.getByTestId('card').filter({ hasText: words }).last()

  void it('the invitation becomes a card, and [Call me] rings one’s own phone', async () => {
    await page.getByTestId('paste').click()
    assert.match(await page.getByTestId('chat-input').inputValue(), /PIN: 2468$/, 'written, not sent')
    await page.keyboard.press('Enter')
    await card(/Weekly figures.*Conference call/s).waitFor()
    await card(/Weekly figures/)
      .getByRole('button', { name: 'Call me', exact: true })
      .click()
    await display('1001', /Weekly figures/)
    await card(/Alice Serrano.*calling/s).waitFor()
  })

  void it('picked up, the bridge is called, and id and PIN are keyed: the bridge shows the PIN as dots', async () => {
    await phone('1001').getByTestId('pick-up').click()
    await display('bridge-1', /1234/)
    await state('1001', /hears the bridge/)
    await card(/I am keying its number for you/).waitFor()
    await display('bridge-1', /•/)
  })

  void it('in: one hears who is there, and the card says so to everybody', async () => {
    await state('bridge-1', /in the meeting/)
    await state('1001', /hears the meeting/)
    await card(/You are in the meeting/).waitFor()
    await card(/Alice Serrano.*in by phone/s).waitFor()
    const voices = (await loadSpeech(['bridge-room'])).get('bridge-room')
    assert.ok(voices)
    await plays(page, 'the others of the meeting', likeness(voices.en), (share) => share > 0.9)
    const cards = await page.getByTestId('card').allInnerTexts()
    assert.ok(!cards.some((text) => text.includes('2468')), 'no card has the PIN')
    if (process.env['MEETING'] !== '1') return
    await page.setViewportSize({ width: 1280, height: 960 })
    await page.mouse.move(0, 0)
    await card(/Weekly figures.*Conference call/s).scrollIntoViewIfNeeded()
    await state('1001', /hears the meeting/)
    writeFileSync(PICTURE, await page.screenshot({ scale: 'css' }))
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  void it('put down, one is out, and the meeting’s card can be pressed again', async () => {
    await phone('1001').getByTestId('put-down').click()
    await state('1001', /On hook/)
    await state('bridge-1', /On hook/)
    await card(/Weekly figures.*Press “Call me”/s)
      .and(page.locator(':not(:has-text("in by phone"))'))
      .waitFor()
  })

  void it('speaks Spanish, and by the team’s card two hear each other', async () => {
    await page.getByTestId('language').selectOption('es')
    await page.getByTestId('room-group').click()
    await page.getByTestId('paste').click()
    await page.keyboard.press('Enter')
    const shared = card(/Cifras de la semana.*Audioconferencia/s)
    await shared.getByRole('button', { name: 'Llámame', exact: true }).click()
    await phone('1001').getByTestId('pick-up').click()
    await page.getByTestId('person').selectOption({ label: 'Bob Marín' })
    await page.getByTestId('room-group').click()
    await shared.getByRole('button', { name: 'Llámame', exact: true }).click()
    await phone('1002').getByTestId('pick-up').click()
    for (const line of ['bridge-1', 'bridge-2']) await state(line, /en la reunión/)
    await card(/Alice Serrano.*Bob Marín/s).waitFor()
    const alice = (await loadSpeech(['1001'])).get('1001')
    assert.ok(alice)
    await plays(page, 'Alice at the phone of Bob', likeness(alice.es), (share) => share > 0.9)
  })
})
