/** The demo page in Chromium, with a simulated PBX beneath and a scripted bot beside it. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { chromium, type Browser, type Page } from 'playwright-core'
import { PEOPLE } from '../../src/sim/people.ts'
import { startPbx, type Pbx } from '../../src/sim/pbx.ts'
import { program } from '../peers/debian.ts'
import { sdp, Trunk, type Leg } from '../sim/trunk.ts'
import { membersOf, startDemo, type Company, type FakeBot } from './world.ts'

const ARGS = [
  // Root, as in a container, cannot have its sandbox; it opens pages of ours only.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
export async function openBrowser(): Promise<Browser> {
  const { command, env } = await program('chromium')
  return chromium.launch({ executablePath: command, args: ARGS, env: { ...process.env, ...env } })
}

/** The page, a PBX, and a bot that does what a script says: dials Alice, then Bob, and joins them. */
export class Stage {
  readonly bot: FakeBot
  readonly pbx: Pbx
  readonly trunk: Trunk
  readonly page: Page

  private constructor(bot: FakeBot, pbx: Pbx, trunk: Trunk, page: Page) {
    this.bot = bot
    this.pbx = pbx
    this.trunk = trunk
    this.page = page
  }

  static async set(
    t: TestContext,
    browser: Browser,
    options: Parameters<Browser['newPage']>[0] = {},
    company: Company = PEOPLE,
  ): Promise<Stage> {
    const wanted = { locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options }
    const context = await browser.newContext(wanted)
    // Before the demo: a page that outlives its server tries to reach it, and complains.
    t.after(() => context.close())
    const pbx = await startPbx({ people: company })
    const trunk = await Trunk.to(pbx)
    const bot = await startDemo(t, { pbx, people: membersOf(company) })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const faults: string[] = []
    page.on('pageerror', (fault) => faults.push(String(fault)))
    page.on('console', (line) => line.type() === 'error' && faults.push(line.text()))
    await page.goto(bot.url)
    await page.locator('body.ready').waitFor()
    t.after(async () => {
      trunk.close()
      await pbx.stop()
      assert.deepEqual(faults, [])
    })
    return new Stage(bot, pbx, trunk, page)
  }

  phone(extension: string) {
    return this.page.getByTestId(`phone-${extension}`)
  }

  async type(text: string): Promise<void> {
    await this.page.getByTestId('chat-input').fill(text)
    await this.page.getByTestId('send').click()
  }

  async rings(number: string, from: string): Promise<Leg> {
    const leg = this.trunk.call(number, { from })
    leg.send('INVITE', { body: sdp(9) })
    await leg.gets(180)
    return leg
  }
}

/** Waits until what the page shows fits. */
export async function reads(
  locator: { textContent(): Promise<string | null>; first(): unknown },
  wanted: RegExp,
): Promise<void> {
  const end = Date.now() + 5000
  for (;;) {
    const text = (await locator.textContent()) ?? ''
    if (wanted.test(text)) return
    if (Date.now() > end) assert.match(text, wanted)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** The test id of what has the keyboard. */
export async function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.dataset.testid')
}
