/**
 * README's second step, before anything of Teams: `npm start` with the settings of docs/pbx/asterisk.md, the same chat page in a
 * browser, and real phones behind a real Asterisk.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asteriskOfPage, BOT, TONES } from '../helpers/asterisk-page.ts'
import { RunningBot } from '../helpers/bot.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip', 'chromium')
/** A picture of the page is left there, where this is set. */
const picture = process.env['OWN_PBX_PICTURE']

test(
  'the chat page with one’s own PBX: who one is, a call with real phones, nothing of the demo',
  { skip },
  async (t) => {
    const pbx = await asteriskOfPage(t)
    const people = [...pbx.people, { name: 'Carla Sin Mesa', phones: { mobile: '+34600000003' } }]
    const bot = await RunningBot.start({ people, sip: pbx.sip, address: BOT, env: pbx.env })
    atTheEnd(t, async () => {
      tellWhereFailed(t, bot.said)
      await bot.stop()
    })
    const browser = await Browser.start('en-GB')
    atTheEnd(t, () => browser.stop())
    const page = await browser.open(`${bot.url}/`)
    page.setDefaultTimeout(15_000)
    await page.locator('body.ready').waitFor()

    const panel = page.locator('#own-pbx')
    const reads = (words: RegExp) => panel.filter({ hasText: words }).waitFor()
    await reads(/You are Alice Serrano\. Your desk phone is 1001: it rings first\./)
    await reads(/npm run dialback -- doctor --call 1001/)
    assert.equal(await page.getByTestId('chat-input').getAttribute('placeholder'), 'Type “call Bob”')
    assert.equal(await page.locator('.phone').count(), 0, 'no drawn phones')
    assert.equal(await page.getByTestId('ladder').isVisible(), false)
    assert.doesNotMatch(await page.locator('body').innerText(), /demo|simulat/i)

    const types = async (text: string) => {
      await page.getByTestId('chat-input').fill(text)
      await page.getByTestId('send').click()
    }
    const card = async (words: RegExp) => {
      const found = page.getByTestId('card').filter({ hasText: words }).last()
      await found.waitFor()
      return found
    }
    await types('call Bob')
    const own = await pbx.a.rings()
    assert.match(own.peeruri ?? '', /\+34900100200@/)
    await card(/When your phone shows \+34 900 100 200, it is your own call/)
    if (picture) await page.screenshot({ path: picture })
    await pbx.a.picksUp()
    await pbx.b.rings()
    await pbx.b.picksUp()
    await Promise.all([pbx.a.hears(TONES.bob), pbx.b.hears(TONES.alice)])
    await pbx.b.hangsUp()
    const record = await card(/Bob Marín hung up/)
    await record.getByRole('button', { name: 'Details' }).click()
    const details = await card(/Details of the call to Bob Marín/)
    // Whoever tries the PBX out is its administrator: the row of the page says so.
    await details.getByRole('button', { name: 'SIP ladder' }).click()
    await card(/INVITE[^]*180[^]*200/)

    await page.getByTestId('person').selectOption({ label: 'Bob Marín' })
    await reads(/You are Bob Marín\. Your desk phone is 1002/)
    assert.equal(await page.getByTestId('chat-input').getAttribute('placeholder'), 'Type “call Alice”')
    await page.getByTestId('person').selectOption({ label: 'Carla Sin Mesa' })
    await reads(/You are Carla Sin Mesa, who has no desk phone in PEOPLE_FILE/)
    await page.getByTestId('language').selectOption('es')
    await reads(/Eres Carla Sin Mesa, sin teléfono de mesa/)
    assert.deepEqual(page.errors, [])
  },
)
