/** `npm start` is killed, or stopped, and started again, while its page is open. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Desk } from '../helpers/desk.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('chromium')

test(
  'the page comes back by itself, with what was said and no dead button: killed, and stopped',
  { skip },
  async (t) => {
    const desk = await Desk.open(t, 'en-GB')
    const { page } = desk
    const away = page.locator('#offline').filter({ hasText: 'comes back by itself' })
    const told = page.locator('.notice').filter({ hasText: 'Dialback was started anew' }).last()
    const cards = page.getByTestId('card').filter({ hasText: 'Bob Marín' })
    await desk.types('call Bob Marín')
    await desk.rings('1001')
    await desk.does('1001', 'pick-up')
    await desk.rings('1002')
    await desk.does('1002', 'pick-up')
    await desk.card(/You are talking to Bob Marín/)
    await page.getByRole('heading', { name: 'Hello, I am Dialback' }).waitFor()
    // The file of the chat is at most some hundred milliseconds behind.
    await until(() =>
      readFileSync(join(desk.bot.data, 'db', 'page.json'), 'utf8').includes('You are talking to'),
    )

    await desk.bot.kill()
    await away.waitFor()
    await desk.startsAgain()
    await told.waitFor()
    const record = await desk.card(/interrupted by a restart/)
    assert.equal(await cards.count(), 1, 'the card of the call has become its record')
    await page.getByRole('heading', { name: 'Hello, I am Dialback' }).waitFor()
    await record.getByRole('button', { name: 'Redial' }).click()
    await desk.rings('1001')
    await desk.does('1001', 'decline')
    await desk.card(/declined at your own phone/)

    await desk.bot.stop({ keep: true })
    await away.waitFor()
    await desk.startsAgain()
    await told.waitFor()
    assert.equal(await cards.count(), 2)
    const last = await desk.card(/declined at your own phone/)
    await last.getByRole('button', { name: 'Details' }).click()
    await desk.card(/Details of the call to Bob Marín/)
  },
)

async function until(holds: () => boolean): Promise<void> {
  const late = Date.now() + 5000
  while (!holds()) {
    assert.ok(Date.now() < late, 'it did not come true')
    await setTimeout(20)
  }
}
