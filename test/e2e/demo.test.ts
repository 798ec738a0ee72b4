/** What a newcomer does after `npm start`: a whole call on the demo's page, in a real browser, in both languages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { Desk } from '../helpers/desk.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')

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
