import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser } from './chromium.ts'
import { missing } from './debian.ts'

const skip = await missing('chromium')

test('a browser opens a page, runs its script and tells of its errors', { skip }, async (t) => {
  const browser = await Browser.start('es-ES')
  t.after(() => browser.stop())
  const page = await browser.open(
    'data:text/html,<title>Hola</title><button onclick="title=navigator.language">?</button><script>nowhere()</script>',
  )
  assert.equal(await page.title(), 'Hola')
  await page.getByRole('button').click()
  assert.equal(await page.getByRole('button').getAttribute('title'), 'es-ES')
  assert.match(page.errors.join(), /nowhere is not defined/)
})
