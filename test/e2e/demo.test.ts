/** What a newcomer does after `npm start`: a whole call on the demo's page, in a real browser, in both languages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { RunningBot } from '../helpers/bot.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')

class Desk {
  readonly page: Page

  private constructor(page: Page) {
    this.page = page
  }

  /** The demo as `npm start` runs it, and its page in a browser of somebody who speaks this language. */
  static async open(t: TestContext, locale: string): Promise<Desk> {
    const bot = await RunningBot.start({})
    atTheEnd(t, async () => {
      tellWhereFailed(t, bot.said)
      await bot.stop()
    })
    assert.match(bot.said.split('\n', 1)[0] ?? '', new RegExp(`http://localhost:${bot.port}/`))
    const browser = await Browser.start(locale)
    atTheEnd(t, () => browser.stop())
    const page = await browser.open(`${bot.url}/`)
    page.setDefaultTimeout(15_000)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.locator('body.ready').waitFor()
    atTheEnd(t, () => assert.deepEqual(page.errors, []))
    return new Desk(page)
  }

  async types(text: string): Promise<void> {
    await this.page.getByTestId('chat-input').fill(text)
    await this.page.getByTestId('send').click()
  }

  phone(extension: string): Locator {
    return this.page.getByTestId(`phone-${extension}`)
  }

  /** Resolves when this phone rings, with what its display shows. */
  async rings(extension: string): Promise<string> {
    await this.phone(extension).and(this.page.locator('[data-state=ringing]')).waitFor()
    return this.phone(extension).getByTestId('phone-display').innerText()
  }

  async does(extension: string, act: 'pick-up' | 'decline' | 'put-down'): Promise<void> {
    await this.phone(extension).getByTestId(act).click()
  }

  /** Resolves when the words under a phone fit. */
  async tells(extension: string, words: RegExp): Promise<void> {
    await this.phone(extension).getByTestId('phone-state').filter({ hasText: words }).waitFor()
  }

  /** Resolves with the newest card that has these words, when there is one. */
  async card(words: RegExp): Promise<Locator> {
    const card = this.page.getByTestId('card').filter({ hasText: words }).last()
    await card.waitFor()
    return card
  }

  /** Nobody's phone rings but these. */
  async ringing(): Promise<readonly (string | null)[]> {
    const phones = await this.page.locator('[data-testid^=phone-][data-state=ringing]').all()
    return Promise.all(phones.map((phone) => phone.getAttribute('data-testid')))
  }
}

const languages = [
  {
    locale: 'en-GB',
    call: 'call Bob Marín',
    calling: /Pick up your desk phone/,
    alicehears: /hears Bob Marín/,
    bobhears: /hears Alice Serrano/,
    ringback: /hears ringback/,
    connected: /connected/i,
    record: /ended · lasted 0:0\d/i,
    onHook: /On hook/,
    ask: { typed: 'call Bob', question: /Which “Bob” do you mean/ },
    buttons: { redial: 'Redial', details: 'Details', ladder: 'SIP ladder', hangUp: 'Hang up' },
    details: /Sound\s*from phone to phone/,
    cancelled: /cancelled/i,
  },
  {
    locale: 'es-ES',
    call: 'llama a Bob Marín',
    calling: /Descuelga tu teléfono de mesa/,
    alicehears: /oye a Bob Marín/,
    bobhears: /oye a Alice Serrano/,
    ringback: /oye/,
    connected: /en curso/i,
    record: /finalizada · duró 0:0\d/i,
    onHook: /Colgado/,
    ask: { typed: 'llama a Bob', question: /¿A qué «Bob» te refieres/ },
    buttons: { redial: 'Rellamar', details: 'Detalles', ladder: 'Traza SIP', hangUp: 'Colgar' },
    details: /Sonido\s*de teléfono a teléfono/,
    cancelled: /cancelada/i,
  },
] as const

for (const words of languages) {
  const button = (card: Locator, name: string) => card.getByRole('button', { name, exact: true })

  test(`a whole call on the page, in ${words.locale}`, { skip }, async (t) => {
    const desk = await Desk.open(t, words.locale)
    await desk.types(words.call)
    await desk.card(words.calling)
    const shown = await desk.rings('1001')
    assert.match(shown, /Bob Marín/)
    assert.match(shown.replace(/\s/g, ''), /\+34900100200/, 'the global caller ID')
    assert.deepEqual(await desk.ringing(), ['phone-1001'], 'the own phone first, and alone')

    await desk.does('1001', 'pick-up')
    assert.match(await desk.rings('1002'), /Alice Serrano/)
    await desk.tells('1001', words.ringback)
    await desk.does('1002', 'pick-up')
    await desk.card(words.connected)
    await desk.tells('1001', words.alicehears)
    await desk.tells('1002', words.bobhears)

    await desk.does('1002', 'put-down')
    await desk.tells('1001', words.onHook)
    const record = await desk.card(words.record)
    const cards = desk.page.getByTestId('card').filter({ hasText: 'Bob Marín' })
    assert.equal(await cards.count(), 1, 'one card for a call')

    await button(record, words.buttons.details).click()
    const details = await desk.card(words.details)
    await button(details, words.buttons.ladder).click()
    await desk.card(/INVITE[\s\S]*200 OK[\s\S]*BYE/)
    const arrows = desk.page.getByTestId('ladder').getByRole('listitem')
    for (const title of ['INVITE', '180 Ringing', '200 OK', 'ACK', 'BYE'])
      await arrows.filter({ hasText: title }).first().waitFor()
  })

  test(`Redial, and a name that fits two people, in ${words.locale}`, { skip }, async (t) => {
    const desk = await Desk.open(t, words.locale)
    await desk.types(words.ask.typed)
    const ask = await desk.card(words.ask.question)
    assert.deepEqual(await desk.ringing(), [], 'nobody is rung before the choice')
    await ask.getByRole('button', { name: /Roberto Bob Díaz/ }).click()
    assert.match(await desk.rings('1001'), /Roberto Bob Díaz/)
    await desk.does('1001', 'pick-up')
    await desk.rings('1003')
    await button(await desk.card(/Roberto Bob Díaz/), words.buttons.hangUp).click()
    await desk.tells('1003', words.onHook)
    const record = await desk.card(words.cancelled)

    await button(record, words.buttons.redial).click()
    assert.match(await desk.rings('1001'), /Roberto Bob Díaz/)
    await desk.does('1001', 'decline')
    await desk.tells('1001', words.onHook)
    assert.deepEqual(await desk.ringing(), [])
  })
}
