/**
 * The guided tour with the bot itself, as a newcomer takes it after `npm start`, in both languages. `STRIP=1` renews
 * the strip of pictures in docs/ from the English one.
 */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { RunningBot } from '../helpers/bot.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')
const STRIP = process.env['STRIP'] === '1'
const FOLDER = new URL('../../docs/', import.meta.url)

const languages = [
  {
    locale: 'en-GB',
    command: 'call Bob',
    type: 'Type “call Bob”',
    choose: /Dialback never guesses/,
    pickUp: 'Your phone rings: pick up',
    far: 'Bob’s phone rings: pick up, talk',
    record: 'Hang up: the card is the record',
    talking: /You are talking/,
    recorded: /The card now says who/,
    missed: /ended before anybody talked/,
    ended: /Ended/,
    arrow: /rings your own phone first/,
  },
  {
    locale: 'es-ES',
    command: 'llama a Bob',
    type: 'Escribe «llama a Bob»',
    choose: /Dialback nunca adivina/,
    pickUp: 'Suena tu teléfono: descuelga',
    far: 'Suena el de Bob: descuelga y habla',
    record: 'Cuelga: la tarjeta es el registro',
    talking: /Estáis hablando/,
    recorded: /La tarjeta dice ahora quién/,
    missed: /terminó antes de que nadie hablara/,
    ended: /finalizada/i,
    arrow: /hace sonar primero tu teléfono/,
  },
] as const

class Tour {
  readonly page: Page
  readonly strip: Locator
  readonly #locale: string
  #taken = 0

  readonly #another: () => Promise<Page>

  private constructor(page: Page, locale: string, another: () => Promise<Page>) {
    this.#another = another
    this.page = page
    this.#locale = locale
    this.strip = page.getByTestId('tour')
  }

  static async begin(t: TestContext, locale: string): Promise<Tour> {
    const bot = await RunningBot.start({})
    atTheEnd(t, async () => {
      tellWhereFailed(t, bot.said)
      await bot.stop()
    })
    const browser = await Browser.start(locale)
    atTheEnd(t, () => browser.stop())
    const page = await browser.open(`${bot.url}/`)
    page.setDefaultTimeout(20_000)
    await page.setViewportSize({ width: 1280, height: 800 })
    // What moves would be in the pictures half-way.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.locator('body.ready').waitFor()
    atTheEnd(t, () => assert.deepEqual(page.errors, []))
    return new Tour(page, locale, () => browser.open(`${bot.url}/`))
  }

  /** The same page in a second tab of the same browser. */
  async another(): Promise<Tour> {
    const page = await this.#another()
    page.setDefaultTimeout(20_000)
    await page.locator('body.ready').waitFor()
    return new Tour(page, this.#locale, this.#another)
  }

  /** Resolves when this step is the one that is now, with these words below. */
  async at(step: string, now?: RegExp): Promise<void> {
    await this.strip.locator('[aria-current=step]').filter({ hasText: step }).waitFor()
    if (now) await this.strip.locator('.now').filter({ hasText: now }).waitFor()
  }

  phone(extension: string): Locator {
    return this.page.getByTestId(`phone-${extension}`)
  }

  focusedText(): Promise<string> {
    return this.page.evaluate('document.activeElement.textContent')
  }

  /** A picture of the strip, where they are to be renewed. */
  async picture(): Promise<void> {
    if (!STRIP || this.#locale !== 'en-GB') return
    mkdirSync(FOLDER, { recursive: true })
    this.#taken += 1
    writeFileSync(new URL(`strip-${this.#taken}.png`, FOLDER), await this.page.screenshot({ scale: 'css' }))
  }
}

for (const words of languages)
  test(`the tour leads through a first call, in ${words.locale}`, { skip }, async (t) => {
    const tour = await Tour.begin(t, words.locale)
    const { page, strip } = tour
    const go = page.getByTestId('tour-go')

    await tour.at(words.type)
    await go.click()
    assert.equal(await page.getByTestId('chat-input').inputValue(), words.command, 'written, not sent')
    await page.keyboard.press('Enter')
    await tour.at(words.type, words.choose)
    await go.click()
    assert.match(await tour.focusedText(), /Bob Marín/)
    await page.keyboard.press('Enter')

    await tour.at(words.pickUp)
    await go.click()
    await tour.picture()
    await page.keyboard.press('Enter')
    await tour.at(words.far)
    await tour.picture()
    await go.click()
    await page.keyboard.press('Enter')
    await tour.at(words.record, words.talking)
    await tour.picture()
    await tour.phone('1002').getByTestId('put-down').click()
    await tour.at(words.record, words.recorded)
    await page.getByTestId('card').filter({ hasText: words.ended }).first().waitFor()
    await go.click()
    await page.getByTestId('ladder-note').filter({ hasText: words.arrow }).waitFor()
    await tour.picture()

    // Finished, it is gone, also after a reload, and can be taken again.
    await page.getByTestId('tour-skip').click()
    assert.equal(await strip.isVisible(), false)
    await page.reload()
    await page.locator('body.ready').waitFor()
    assert.equal(await strip.isVisible(), false)
    await page.getByTestId('tour-open').click()
    await tour.at(words.type)

    // Skipped with Escape in the middle of a call, it goes on where things stand; a call that came to nothing is told.
    await page.getByTestId('chat-input').fill(`${words.command} Marín`)
    await page.keyboard.press('Enter')
    await tour.at(words.pickUp)
    await page.keyboard.press('Escape')
    assert.equal(await strip.isVisible(), false)
    await tour.phone('1001').getByTestId('pick-up').click()
    await tour.phone('1002').getByTestId('pick-up').waitFor()
    await page.getByTestId('tour-open').click()
    await tour.at(words.far)
    await tour.phone('1002').getByTestId('decline').click()
    await tour.at(words.type, words.missed)
  })

test(
  'two tabs at once take the tour together; who skips it in one has it in the other',
  { skip },
  async (t) => {
    const [words] = languages
    const one = await Tour.begin(t, words.locale)
    const two = await one.another()
    await one.at(words.type)
    await two.at(words.type)
    await one.page.getByTestId('chat-input').fill(`${words.command} Marín`)
    await one.page.keyboard.press('Enter')
    await one.at(words.pickUp)
    await two.at(words.pickUp)
    await two.phone('1001').getByTestId('pick-up').click()
    await one.phone('1002').getByTestId('pick-up').click()
    await one.at(words.record, words.talking)
    await two.at(words.record, words.talking)
    await two.page.getByTestId('tour-skip').click()
    assert.equal(await two.strip.isVisible(), false)
    await two.phone('1002').getByTestId('put-down').click()
    await one.at(words.record, words.recorded)
    await two.page.getByTestId('card').filter({ hasText: words.ended }).first().waitFor()
    assert.equal(await two.strip.isVisible(), false)
  },
)
