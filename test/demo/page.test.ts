import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { missing } from '../peers/debian.ts'
import { portOf, sdp, shows } from '../sim/trunk.ts'
import { focused, openBrowser, reads, Stage } from './stage.ts'
import { alice, bob, card, GROUP, personal, startDemo, type Json } from './world.ts'

const skip = await missing('chromium')

const button = (title: string, verb: string): Json => ({
  type: 'Action.Execute',
  title,
  verb,
  data: { call: '1' },
})

void describe('the demo page in Chromium', { skip }, () => {
  let browser: Browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  const languages = [
    {
      locale: 'en-US',
      command: 'call Bob',
      words: {
        incoming: /Incoming call/,
        ringing: /^Ringing$/,
        hears: /hears Bob Marín/,
        alice: /hears Alice Serrano/,
        onHook: /On hook · other side hung up/,
        pickUp: 'Pick up',
        putDown: 'Put down',
      },
    },
    {
      locale: 'es-ES',
      command: 'llama a Bob',
      words: {
        incoming: /Llamada entrante/,
        ringing: /^Sonando$/,
        hears: /oye a Bob Marín/,
        alice: /oye a Alice Serrano/,
        onHook: /Colgado · la otra parte colgó/,
        pickUp: 'Descolgar',
        putDown: 'Colgar',
      },
    },
  ] as const

  for (const { locale, command, words } of languages)
    void it(`takes a whole call in ${locale}: typed, rung, picked up, talked, put down`, async (t) => {
      const stage = await Stage.set(t, browser, { locale })
      const { bot, page, pbx } = stage
      let cardId = ''
      bot.answer = async (activity) => {
        if (activity['text'] === command)
          cardId = await bot.post(personal(alice), {
            attachments: [card('Calling Bob Marín', [button('Hang up', 'hangUp')])],
          })
        return undefined
      }
      await stage.type(command)
      assert.equal((await bot.told((a) => a['type'] === 'message'))['locale'], locale)
      await reads(page.getByTestId('card'), /Calling Bob Marín/)
      await reads(page.getByTestId('message').first(), new RegExp(command))

      const desk = await stage.rings('+34910000001', '"Bob Marín" <sip:+34900100200@127.0.0.1>')
      const own = stage.phone('1001')
      await reads(own.getByTestId('phone-display'), words.incoming)
      await reads(own.getByTestId('phone-display'), /Bob Marín.*\+34 900 100 200/)
      await reads(own.getByTestId('phone-state'), words.ringing)
      assert.equal(await own.getByTestId('pick-up').textContent(), words.pickUp)
      await own.getByTestId('pick-up').click()
      const deskPort = portOf(await desk.gets(200))
      desk.send('ACK')

      const far = await stage.rings('+34910000002', '"Alice Serrano" <sip:+34910000001@127.0.0.1>')
      await stage.phone('1002').getByTestId('pick-up').click()
      const farPort = portOf(await far.gets(200))
      far.send('ACK')
      desk.send('INVITE', { body: sdp(farPort, { version: 2 }) })
      far.send('INVITE', { body: sdp(deskPort, { version: 2 }) })
      await Promise.all([desk.gets(200), far.gets(200)])
      desk.send('ACK')
      far.send('ACK')
      await bot.update(personal(alice), cardId, {
        attachments: [card('Connected', [button('Hang up', 'hangUp')])],
      })
      await reads(page.getByTestId('card'), /Connected/)
      await reads(own.getByTestId('phone-state'), words.hears)
      await reads(stage.phone('1002').getByTestId('phone-state'), words.alice)
      assert.equal(await page.getByTestId('card').count(), 1)

      await stage.phone('1002').getByTestId('put-down').click()
      far.answer(await far.requested('BYE'))
      desk.send('BYE')
      await desk.gets(200, 'BYE')
      await reads(own.getByTestId('phone-state'), words.onHook)
      const titles = pbx.ladder.map((seen) => seen.title)
      for (const title of ['INVITE', '180 Ringing', '200 OK', 'ACK', 'BYE']) {
        assert.ok(titles.includes(title))
        await reads(page.getByTestId('ladder'), new RegExp(title))
      }
      assert.equal(await page.getByTestId('ladder').getByRole('listitem').count(), titles.length)
    })

  void it('presses a card’s buttons, with what its inputs hold, and shows the answer in its place', async (t) => {
    const { bot, page } = await Stage.set(t, browser)
    const content = {
      ...card('Who?').content,
      body: [{ type: 'Input.Text', id: 'who', label: 'Who?', value: 'Bob' }],
      actions: [button('Call', 'choose')],
    }
    await bot.post(personal(alice), { attachments: [{ ...card(''), content }] })
    bot.answer = (activity) =>
      activity['type'] === 'invoke'
        ? {
            status: 200,
            body: { statusCode: 200, type: card('').contentType, value: card('Calling Bob').content },
          }
        : undefined
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    const invoke = await bot.told((a) => a['type'] === 'invoke')
    assert.deepEqual((invoke['value'] as Json)['action'], {
      type: 'Action.Execute',
      verb: 'choose',
      data: { call: '1', who: 'Bob' },
    })
    await reads(page.getByTestId('card'), /Calling Bob/)
  })

  void it('shows HTML and scripts in names, texts and cards as text', async (t) => {
    const stage = await Stage.set(t, browser)
    const { bot, page } = stage
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    await stage.type(evil)
    await bot.post(personal(alice), {
      text: `${evil} **bold** [x](javascript:alert(1)) [ok](https://a.example/?"onclick=1)`,
    })
    await bot.post(personal(alice), { attachments: [card(`${evil} _it_ [l](https://b.example)`)] })
    await stage.rings('1001', `"${evil.replaceAll('"', '\\"')}" <sip:1@x>`)
    await reads(stage.phone('1001').getByTestId('phone-display'), /<script>/)
    await page.getByTestId('card').waitFor()
    assert.equal(await page.locator('#messages img:not(.avatar), .phone img, #messages script').count(), 0)
    assert.equal(await page.locator('.text strong').count(), 1)
    for (const link of await page.locator('#messages a').all()) {
      assert.match((await link.getAttribute('href')) ?? '', /^https:/)
      assert.equal(await link.getAttribute('onclick'), null)
    }
    assert.equal(await page.title(), 'Dialback')
  })

  void it('shows the truth after a reload and in a second tab', async (t) => {
    const stage = await Stage.set(t, browser)
    const { bot, page } = stage
    await bot.post(personal(alice), { attachments: [card('Standing card')] })
    await stage.rings('1001', '"Bob Marín" <sip:+34900100200@x>')
    await page.reload()
    await reads(page.getByTestId('card'), /Standing card/)
    assert.equal(await stage.phone('1001').getAttribute('data-state'), 'ringing')
    const second = await page.context().newPage()
    await second.goto(bot.url)
    await second.getByTestId('phone-1001').getByTestId('decline').click()
    await reads(stage.phone('1001').getByTestId('phone-state'), /On hook · declined/)
    await reads(page.getByTestId('ladder'), /603 Decline/)
  })

  void it('finds back by itself to a server that has started anew, and shows what is true then', async (t) => {
    const stage = await Stage.set(t, browser)
    const { bot, page } = stage
    await bot.post(personal(alice), { text: 'before' })
    await reads(page.getByTestId('message'), /before/)
    await bot.restart()
    await stage.rings('1002', '"Alice" <sip:1001@x>')
    await page.getByTestId('message').waitFor({ state: 'detached' })
    await page.locator('body.ready:not(.away)').waitFor()
    assert.equal(await page.locator('#offline').isVisible(), false)
    assert.equal(await stage.phone('1002').getAttribute('data-state'), 'ringing')
    await stage.type('help')
    await bot.told((a) => a['text'] === 'help')
  })

  void it('lets one be somebody else, in another language, and remembers it', async (t) => {
    const stage = await Stage.set(t, browser)
    const { bot, page } = stage
    await bot.post(personal(alice), { text: 'for Alice' })
    await reads(page.getByTestId('message'), /for Alice/)
    await page.getByTestId('person').selectOption({ label: bob.name })
    await reads(stage.phone('1002').locator('.badge'), /Your phone/)
    await page.getByTestId('message').waitFor({ state: 'detached' })
    await page.getByTestId('language').selectOption('es')
    await reads(page.getByTestId('send'), /Enviar/)
    assert.equal(await page.locator('html').getAttribute('lang'), 'es')
    await page.reload()
    await reads(page.getByTestId('send'), /Enviar/)
    await stage.type('ayuda')
    const activity = await bot.told((a) => a['text'] === 'ayuda')
    assert.deepEqual([activity['locale'], (activity['from'] as Json)['name']], ['es-ES', bob.name])
  })

  void it('offers commands; a chosen one is written, not sent', async (t) => {
    const { bot, page } = await Stage.set(t, browser)
    const input = page.getByTestId('chat-input')
    await input.fill('call z')
    await page.getByRole('button', { name: 'call Zoë Ørsted', exact: true }).click()
    assert.equal(await input.inputValue(), 'call Zoë Ørsted')
    assert.ok(!bot.activities.some((a) => a['type'] === 'message'))
    await input.press('Enter')
    await bot.told((a) => a['text'] === 'call Zoë Ørsted')
  })

  void it('is usable by keyboard alone: type, pick up, put down', async (t) => {
    const stage = await Stage.set(t, browser)
    const { page, pbx, bot } = stage
    await page.getByTestId('chat-input').focus()
    await page.keyboard.type('help')
    await page.keyboard.press('Enter')
    await bot.told((a) => a['text'] === 'help')
    const leg = await stage.rings('1001', '<sip:+34900100200@x>')
    await stage.phone('1001').getByTestId('pick-up').waitFor()
    for (let i = 0; i < 20; i += 1) {
      await page.keyboard.press('Tab')
      if ((await focused(page)) === 'pick-up') break
    }
    await page.keyboard.press('Enter')
    await leg.gets(200)
    leg.send('ACK')
    await shows(pbx, '1001', (view) => view.state === 'talking')
    await stage.phone('1001').getByTestId('put-down').waitFor()
    assert.equal(await focused(page), 'put-down')
    await page.keyboard.press('Enter')
    leg.answer(await leg.requested('BYE'))
  })

  void it('keys digits on a lifted phone, by mouse and by keyboard', async (t) => {
    const stage = await Stage.set(t, browser)
    const { page, pbx } = stage
    const pressed: string[] = []
    const phone = pbx.phone('1001')!
    t.mock.method(phone, 'press', (digits: string) => pressed.push(digits))
    await stage.phone('1001').locator('.keypad[inert]').waitFor()
    await (
      await stage.rings('1001', '<sip:+34900100200@x>')
    ).answered(stage.phone('1001').getByTestId('pick-up'))
    await shows(pbx, '1001', (view) => view.state === 'talking')
    await stage.phone('1001').locator('[data-key="5"]').click()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await stage.phone('1001').getByTestId('put-down').focus()
    await page.keyboard.press('#')
    await stage.phone('1001').getByTestId('put-down').click()
    await shows(pbx, '1001', (view) => view.state === 'onHook')
    assert.deepEqual(pressed, ['5', '2', '#'])
  })

  void it('shows a mobile while it rings, and the ladder names it', async (t) => {
    const stage = await Stage.set(t, browser)
    const mobile = stage.page.getByTestId('phone-1001-mobile')
    assert.equal(await mobile.isVisible(), false)
    await stage.rings('+34600000001', '"Zoë Ørsted" <sip:+34900100200@x>')
    await mobile.getByTestId('pick-up').waitFor()
    await reads(stage.page.getByTestId('ladder'), /Alice mobile/)
  })

  void it('fits 360 pixels, and leads to a phone that rings', async (t) => {
    const stage = await Stage.set(t, browser, { viewport: { width: 360, height: 740 } })
    await stage.bot.post(personal(alice), {
      attachments: [
        card('A card with a longlonglonglonglonglonglonglonglonglonglong word', [
          button('One', 'a'),
          button('Another button', 'b'),
          button('And a third', 'c'),
        ]),
      ],
    })
    await stage.page.getByTestId('card').waitFor()
    assert.equal(await stage.page.evaluate('document.documentElement.scrollWidth'), 360)
    await stage.rings('1004', '"Bob" <sip:1@x>')
    await stage.page.getByRole('button', { name: /Zoë Ørsted rings/ }).click()
    await stage.phone('1004').getByTestId('pick-up').click()
    await shows(stage.pbx, '1004', (view) => view.state === 'answering')
  })

  void it('tells in the other room that something has come, and shows it there', async (t) => {
    const { bot, page } = await Stage.set(t, browser)
    await bot.post(GROUP, { text: 'Hello, team' })
    await page.getByTestId('room-group').locator('.dot').waitFor()
    await page.getByTestId('room-group').click()
    await reads(page.getByTestId('message'), /Hello, team/)
    assert.equal(await page.getByTestId('room-group').locator('.dot').count(), 0)
  })

  void it('explains each arrow of the ladder, with the message itself', async (t) => {
    const stage = await Stage.set(t, browser)
    await stage.rings('1001', '<sip:+34900100200@x>')
    const row = stage.page.getByTestId('ladder').getByRole('button', { name: /180 Ringing/ })
    await row.click()
    assert.equal(await row.getAttribute('aria-expanded'), 'true')
    await reads(stage.page.locator('.more:visible'), /The phone rings\.[^]*SIP\/2\.0 180 Ringing/)
  })

  void it('shows no phones where the PBX is a real one', async (t) => {
    const bot = await startDemo(t)
    const page = await browser.newPage({ locale: 'en-US' })
    t.after(() => page.close())
    await page.goto(bot.url)
    await page.locator('body.ready').waitFor()
    assert.equal(await page.locator('.phone').count(), 0)
    assert.equal(await page.getByTestId('ladder').isVisible(), false)
    await page.getByRole('heading', { name: 'Your own phone system' }).waitFor()
  })
})
