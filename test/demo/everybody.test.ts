/** The page for everybody: light and dark, narrow, by keyboard alone, with a screen reader, in any script. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { PEOPLE } from '../../src/sim/people.ts'
import { missing } from '../peers/debian.ts'
import { shows } from '../sim/trunk.ts'
import { violations } from './axe.ts'
import { focused, openBrowser, reads, Stage } from './stage.ts'
import { alice, card, personal, type Json } from './world.ts'

const skip = await missing('chromium')

const button = (title: string, verb: string): Json => ({ type: 'Action.Execute', title, verb, data: {} })
const spoken = (speak: string) => ({ ...card(speak), content: { ...card(speak).content, speak } })

/** Presses Tab until what has this test id has the keyboard; tells when it cannot be reached. */
async function tabTo(page: Page, testId: string): Promise<void> {
  const passed: unknown[] = []
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    passed.push(await focused(page))
    if (passed.at(-1) === testId) return
  }
  assert.fail(`${testId} is not among ${passed.join()}`)
}

/** Whether what has the keyboard can be seen to have it. */
function outlined(page: Page): Promise<boolean> {
  return page.evaluate(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
  })()`)
}

void describe('the demo page for everybody', { skip }, () => {
  let browser: Browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1440, 360])
      void it(`has nothing that axe-core objects to, ${colorScheme}, ${width} pixels wide`, async (t) => {
        const stage = await Stage.set(t, browser, { colorScheme, viewport: { width, height: 800 } })
        const { bot, page } = stage
        if (colorScheme === 'light') assert.deepEqual(await violations(page), [], 'before')
        await stage.type('call Bob')
        await bot.post(personal(alice), {
          text: '**Well** then, see [the page](https://a.example/)',
          attachments: [
            card('Calling Bob Marín', [button('Hang up', 'hangUp'), button('Details', 'details')]),
          ],
        })
        const leg = await stage.rings('1001', '"Bob Marín" <sip:+34900100200@127.0.0.1>')
        await page.getByTestId('card').waitFor()
        if (colorScheme === 'dark') assert.deepEqual(await violations(page), [], 'ringing')
        await leg.answered(stage.phone('1001').getByTestId('pick-up'))
        await stage.phone('1001').getByTestId('put-down').waitFor()
        await page
          .getByTestId('ladder')
          .getByRole('button', { name: /180 Ringing/ })
          .click()
        assert.deepEqual(await violations(page), [], 'talking')
        await stage.phone('1001').getByTestId('put-down').click()
        leg.answer(await leg.requested('BYE'))
        await shows(stage.pbx, '1001', (view) => view.state === 'onHook')
        await page.getByTestId('tour-skip').click()
        assert.deepEqual(await violations(page), [], 'afterwards')
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
      })

  void it('turns dark by its button, keeps it over a reload, and goes with the system again', async (t) => {
    const { page } = await Stage.set(t, browser, { colorScheme: 'light' })
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const light = await ground()
    await page.getByRole('button', { name: 'Dark theme' }).click()
    const dark = await ground()
    assert.notEqual(dark, light)
    await page.reload()
    await page.locator('body.ready').waitFor()
    assert.equal(await ground(), dark)
    assert.equal(await page.getByTestId('theme').getAttribute('aria-pressed'), 'true')
    await page.getByTestId('theme').click()
    assert.equal(await ground(), light)
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.equal(await ground(), dark)
  })

  void it('takes a whole call by keyboard alone, always seen where one is', async (t) => {
    const stage = await Stage.set(t, browser)
    const { bot, page } = stage
    await page.keyboard.press('Tab')
    await page.getByRole('link', { name: 'Chat with Dialback' }).waitFor()
    assert.ok(await outlined(page))
    await page.keyboard.press('Enter')
    await page.keyboard.type('call Bob')
    await page.keyboard.press('Enter')
    await bot.told((activity) => activity['text'] === 'call Bob')
    const leg = await stage.rings('1001', '"Bob Marín" <sip:+34900100200@127.0.0.1>')
    await stage.phone('1001').getByTestId('pick-up').waitFor()
    await tabTo(page, 'pick-up')
    assert.ok(await outlined(page))
    await page.keyboard.press('Enter')
    await leg.gets(200)
    leg.send('ACK')
    await shows(stage.pbx, '1001', (view) => view.state === 'talking')
    await stage.phone('1001').getByTestId('put-down').waitFor()
    assert.equal(await focused(page), 'put-down')
    await page.keyboard.press('Space')
    leg.answer(await leg.requested('BYE'))
    await shows(stage.pbx, '1001', (view) => view.state === 'onHook')
    await reads(page.getByTestId('ladder'), /BYE/)

    // The ladder is one stop of Tab; its arrows are gone through with the arrow keys.
    const rows = page.getByTestId('ladder').locator('button')
    assert.equal(await page.getByTestId('ladder').locator('button[tabindex="0"]').count(), 1)
    await rows.and(page.locator('[tabindex="0"]')).focus()
    await page.keyboard.press('Home')
    await reads(page.getByTestId('ladder-note'), /INVITE[^]*rings your own phone first[^]*RFC 3261, 13/)
    assert.ok(await outlined(page))
    for (let presses = 0; presses < 2; presses += 1) await page.keyboard.press('ArrowDown')
    await reads(page.getByTestId('ladder-note'), /180 Ringing[^]*The phone rings/)
  })

  void it('tells a screen reader what a card says of itself, once for each change', async (t) => {
    const { bot, page } = await Stage.set(t, browser)
    const told = page.locator('#announce')
    assert.equal(await told.getAttribute('aria-live'), 'polite')
    const id = await bot.post(personal(alice), { attachments: [spoken('Calling Bob Marín.')] })
    await reads(told, /Calling Bob Marín\./)
    await bot.update(personal(alice), id, { attachments: [spoken('You are talking to Bob Marín.')] })
    await reads(told, /You are talking to Bob Marín\./)
    await bot.update(personal(alice), id, { attachments: [spoken('You are talking to Bob Marín.')] })
    await bot.post(personal(alice), { text: 'The end.' })
    await reads(told, /The end\./)
    assert.equal(((await told.textContent()) ?? '').match(/You are talking/g)?.length, 1)
    for (const role of ['banner', 'main'] as const) assert.equal(await page.getByRole(role).count(), 1)
    for (const name of ['Chat with Dialback', 'Desk phones', 'SIP ladder'])
      await page.getByRole('region', { name }).first().waitFor()
  })

  void it('explains an arrow where there is no pointer: a tap opens it beneath itself, in Spanish too', async (t) => {
    const stage = await Stage.set(t, browser, {
      locale: 'es-ES',
      hasTouch: true,
      viewport: { width: 360, height: 740 },
    })
    await stage.rings('1001', '"Bob Marín" <sip:+34900100200@x>')
    await stage.page
      .getByTestId('ladder')
      .getByRole('button', { name: /INVITE/ })
      .tap()
    await reads(
      stage.page.locator('.more:visible'),
      /hace sonar primero tu teléfono[^]*RFC 3261, 13[^]*INVITE sip:/,
    )
    assert.equal(await stage.page.getByTestId('ladder-note').isVisible(), false)
  })

  void it('shows names of any script, and HTML in a name, as they are, each in its own direction', async (t) => {
    const names = [
      'שרה כהן',
      'Αλέξανδρος Παπαδόπουλος',
      '王小明',
      '<b onclick="x()">Bob</b>',
      'أحمد "Ali" <i>علي</i>',
      'X'.repeat(120),
    ]
    const company = PEOPLE.map((person, index) => ({ ...person, name: names[index] ?? person.name }))
    const stage = await Stage.set(t, browser, { viewport: { width: 360, height: 740 } }, company)
    const { bot, page } = stage
    for (const [index, name] of names.entries()) {
      const phone = stage.phone(company[index]?.extension ?? '')
      assert.equal(await phone.locator('h3').textContent(), name)
      assert.equal(await page.getByTestId('person').locator('option').nth(index).textContent(), name)
    }
    const leg = await stage.rings('1001', `"${names[4]?.replaceAll('"', '\\"')}" <sip:+34900100200@x>`)
    await reads(stage.phone('1001').getByTestId('phone-display'), /أحمد "Ali" <i>علي<\/i>/)
    await leg.answered(stage.phone('1001').getByTestId('pick-up'))
    await bot.post(personal(alice), { text: 'שלום (Bob)!', attachments: [card('שרה כהן – 王小明 <b>x</b>')] })
    await reads(page.getByTestId('card'), /שרה כהן – 王小明 <b>x<\/b>/)
    assert.equal(
      await page.evaluate("getComputedStyle(document.querySelector('.bot .text')).direction"),
      'rtl',
    )
    assert.equal(await page.locator('.phone b, .phone i, #messages b[onclick], option *').count(), 0)
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
    assert.deepEqual(await violations(page), [])
  })

  void it('takes a text of 3,000 characters, and shows it in a window that the keyboard reaches', async (t) => {
    const stage = await Stage.set(t, browser, { viewport: { width: 360, height: 740 } })
    const text = `call ${'Bartholomew '.repeat(200)}${'x'.repeat(600)}`.slice(0, 3000)
    await stage.type(text)
    const sent = await stage.bot.told((activity) => activity['type'] === 'message')
    assert.equal(sent['text'], text)
    const shown = stage.page.locator('.me .text')
    assert.equal(await shown.textContent(), text)
    const window = "document.querySelector('.me .text')"
    assert.equal(await stage.page.evaluate(`${window}.tabIndex`), 0)
    assert.ok(Number(await stage.page.evaluate(`${window}.clientHeight`)) < 400)
    assert.equal(await stage.page.evaluate('document.documentElement.scrollWidth'), 360)
  })

  void it('says that the chat began anew where the server has, and keeps what is being typed', async (t) => {
    const { bot, page } = await Stage.set(t, browser)
    await bot.post(personal(alice), { text: 'before' })
    await page.getByTestId('chat-input').fill('call Car')
    await reads(page.getByTestId('message'), /before/)
    await bot.restart()
    await page.locator('.notice').filter({ hasText: 'started anew' }).waitFor()
    assert.equal(await page.getByTestId('message').count(), 0)
    assert.equal(await page.getByTestId('chat-input').inputValue(), 'call Car')
    await page.getByTestId('language').selectOption('es')
    await page.locator('.notice').waitFor({ state: 'detached' })
  })
})
