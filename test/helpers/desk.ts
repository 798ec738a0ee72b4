/** The demo's page as a newcomer uses it: a bot as `npm start` runs it, and a real browser. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { Browser } from '../peers/chromium.ts'
import { RunningBot } from './bot.ts'
import { atTheEnd, tellWhereFailed } from './office.ts'

export class Desk {
  readonly page: Page
  readonly #now: { bot: RunningBot }

  private constructor(page: Page, now: { bot: RunningBot }) {
    this.page = page
    this.#now = now
  }

  get bot(): RunningBot {
    return this.#now.bot
  }

  /** The demo as `npm start` runs it, and its page in a browser of somebody who speaks this language. */
  static async open(t: TestContext, locale: string): Promise<Desk> {
    const bot = await RunningBot.start({})
    const now = { bot }
    atTheEnd(t, async () => {
      const last = now.bot
      tellWhereFailed(t, last.said)
      await last.stop()
    })
    assert.match(bot.said.split('\n', 1)[0] ?? '', new RegExp(`http://localhost:${bot.port}/`))
    const browser = await Browser.start(locale)
    atTheEnd(t, () => browser.stop())
    const page = await browser.open(`${bot.url}/`)
    page.setDefaultTimeout(15_000)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.locator('body.ready').waitFor()
    atTheEnd(t, () => assert.deepEqual(page.errors, []))
    return new Desk(page, now)
  }

  /** `npm start` again, where an earlier one has ended: the page stays open. */
  async startsAgain(): Promise<void> {
    const { data, port, sip, rtp } = this.bot
    this.#now.bot = await RunningBot.start({ data, port, sip, rtp })
    await this.page.locator('body.ready:not(.away)').waitFor()
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
