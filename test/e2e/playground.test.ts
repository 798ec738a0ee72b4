/**
 * Microsoft 365 Agents Playground, driven in a browser: a whole call against the demo's bot, as Teams, the Emulator, Web Chat
 * and Direct Line. Its licence is for evaluation, so it is no dependency of ours, and is left out where nobody has
 * installed it: PLAYGROUND is the folder of `npm install --prefix <folder> @microsoft/m365agentsplayground`.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { RunningBot } from '../helpers/bot.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'
import { Child } from '../peers/child.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const cli = join(process.env['PLAYGROUND'] ?? '', 'node_modules/@microsoft/m365agentsplayground/cli.js')
const skip =
  process.env['PLAYGROUND'] !== undefined && existsSync(cli)
    ? await missing('chromium')
    : 'Microsoft 365 Agents Playground is not installed; docs/channels.md says how, outside of this folder'
/** Who sits at it: the people of the demo. */
const folder = fileURLToPath(new URL('../../contrib/playground', import.meta.url))
/** Pictures are left there, where this is set. */
const pictures = process.env['PLAYGROUND_PICTURES']

let browser: Browser | undefined
after(() => browser?.stop())

/** Playground's page as one channel, and the demo's page with the desk phones. */
class Stage {
  readonly page: Page
  readonly phones: Page
  readonly #channel: string
  readonly bot: RunningBot

  private constructor(page: Page, phones: Page, channel: string, bot: RunningBot) {
    this.page = page
    this.phones = phones
    this.#channel = channel
    this.bot = bot
  }

  static async open(t: TestContext, channel: string): Promise<Stage> {
    const bot = await RunningBot.start({})
    atTheEnd(t, async () => {
      tellWhereFailed(t, bot.said)
      await bot.stop()
    })
    const port = await freePort()
    const args = ['-e', `${bot.url}/api/messages`, '-c', channel, '-p', String(port), '--disable-telemetry']
    const program = { command: process.execPath, args: [cli], env: {}, root: '/' }
    const playground = new Child(program, args, { cwd: folder, env: { BROWSER: 'none' } })
    atTheEnd(t, () => playground.stop(0))
    await playground.says(/Listening on/)
    browser ??= await Browser.start('en-GB')
    const phones = await browser.open(`${bot.url}/`)
    await phones.locator('body.ready').waitFor()
    const page = await browser.open(`http://localhost:${port}/`)
    atTheEnd(t, () => Promise.all([page.close(), phones.close()]))
    const stage = new Stage(page, phones, channel, bot)
    await page.getByText('Hello, I am Dialback').first().waitFor()
    return stage
  }

  async types(text: string): Promise<void> {
    await this.writes(text)
    await this.page.keyboard.press('Enter')
  }

  async writes(text: string): Promise<void> {
    const input = this.page.locator('[data-id=webchat-sendbox-input], [contenteditable=true]').first()
    await input.click()
    await this.page.keyboard.type(text)
  }

  async picksUp(extension: string): Promise<void> {
    await this.phones.getByTestId(`phone-${extension}`).getByTestId('pick-up').click()
  }

  /** The newest card with these words, when it is there. */
  async card(words: RegExp): Promise<Locator> {
    const card = this.cards(words).last()
    await card.waitFor()
    return card
  }

  cards(words: RegExp): Locator {
    return this.page.locator('.ac-adaptiveCard').filter({ hasText: words })
  }

  async picture(what: string): Promise<void> {
    if (pictures) await this.page.screenshot({ path: join(pictures, `${this.#channel}-${what}.png`) })
  }
}

for (const channel of ['msteams', 'emulator']) {
  test(`Playground as ${channel}: one card follows the call, and its buttons work`, { skip }, async (t) => {
    const stage = await Stage.open(t, channel)
    await stage.types('call Bob Marín')
    await stage.card(/Bob Marín[^]*Pick up your desk phone/)
    await stage.picture('calling')
    await stage.picksUp('1001')
    await stage.picksUp('1002')
    const live = await stage.card(/Bob Marín[^]*connected/i)
    await stage.picture('connected')
    await live.getByRole('button', { name: 'Hang up' }).click()
    const record = await stage.card(/You hung up[^]*lasted 0:\d\d|lasted 0:\d\d[^]*You hung up/i)
    assert.equal(await stage.cards(/Bob Marín/).count(), 1, 'one card a call')
    await stage.picture('record')
    await record.getByRole('button', { name: 'Redial' }).click()
    await stage.card(/Bob Marín[^]*Pick up your desk phone/)

    await stage.types('cuelga')
    await stage.card(/cancelad|cancelled/i)
    await stage.types('llama a Bob')
    await stage.card(/¿A qué «Bob» te refieres/)
    await stage.picture('question')
  })
}

for (const channel of ['webchat', 'directline']) {
  test(`Playground as ${channel}: two messages a call, begun and record`, { skip }, async (t) => {
    const stage = await Stage.open(t, channel)
    await stage.types('call Bob Marín')
    await stage.card(/Bob Marín[^]*Pick up your desk phone/)
    await stage.picture('begun')
    await stage.picksUp('1001')
    await stage.picksUp('1002')
    await stage.phones.getByTestId('phone-1001').filter({ hasText: 'hears Bob Marín' }).waitFor()
    await stage.types('hang up')
    await stage.card(/You hung up/)
    assert.equal(await stage.cards(/Bob Marín/).count(), 2)
    await stage.picture('record')
    const redial = (await stage.card(/You hung up/)).getByRole('button', { name: 'Redial' })
    await redial.click()
    await stage.phones.locator('[data-testid=phone-1001][data-state=ringing]').waitFor()
    assert.doesNotMatch(stage.bot.said, /"level":"(warn|error)"/)
  })
}

test(
  'Playground as Teams: in the group chat a mention is obeyed, and the card is there',
  { skip },
  async (t) => {
    const stage = await Stage.open(t, 'msteams')
    await stage.page.getByText('Group chat', { exact: true }).first().click()
    await stage.page.getByRole('textbox').first().waitFor()
    await stage.writes('@Dia')
    await stage.page.getByRole('menuitem', { name: 'Dialback' }).click()
    await stage.page.keyboard.type(' call Bob Marín')
    await stage.page.keyboard.press('Enter')
    await stage.card(/Bob Marín[^]*Pick up your desk phone/)
    await stage.picture('group')
  },
)
