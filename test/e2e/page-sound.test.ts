/** What somebody at the demo's page hears, measured on the samples that the browser plays; and all that may hinder it. */
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { decodeG711, encodeG711 } from '../../src/sim/g711.ts'
import { startPbx } from '../../src/sim/pbx.ts'
import { loadSpeech } from '../../src/sim/speech.ts'
import { startDemo } from '../demo/world.ts'
import { RunningBot } from '../helpers/bot.ts'
import { likeness, loudness, plays, shareOf, TAP } from '../helpers/listening.ts'
import { atTheEnd, tellWhereFailed } from '../helpers/office.ts'
import { CHROMIUM_ARGS } from '../peers/chromium.ts'
import { missing, program } from '../peers/debian.ts'
import { Far } from '../sim/far.ts'
import { portOf, sdp, shows, Trunk } from '../sim/trunk.ts'

const skip = await missing('chromium')
const loud = (samples: Int16Array) => samples.some((sample) => Math.abs(sample) > 1000)
const clear = (share: number) => share > 0.9
const speech = await loadSpeech(['1001', '1002'])

void describe('the sound of the demo page', { skip }, () => {
  let browser: Browser
  let bot: RunningBot
  before(async () => {
    const { command, env } = await program('chromium')
    browser = await chromium.launch({
      executablePath: command,
      // A microphone that beeps; whether it may be used is asked all the same.
      args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream'],
      env: { ...process.env, ...env },
    })
  })
  before(async () => (bot = await RunningBot.start({ env: { PRESS_ONE: '1' } })))
  after(async () => {
    await browser.close()
    await bot.stop()
  })

  async function open(
    t: TestContext,
    url: string,
    options: BrowserContextOptions & { script?: string } = {},
  ): Promise<Page> {
    const { script = TAP, ...rest } = options
    const context = await browser.newContext({ locale: 'en-GB', ...rest })
    atTheEnd(t, () => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const faults: string[] = []
    page.on('pageerror', (fault) => faults.push(String(fault)))
    atTheEnd(t, () => assert.deepEqual(faults, []))
    await page.addInitScript(script)
    await page.goto(`${url}/`)
    await page.locator('body.ready').waitFor()
    return page
  }

  /** A phone system and its page, with a line to whatever a test plays and records. */
  async function desk(t: TestContext) {
    const pbx = await startPbx({ speech })
    const trunk = await Trunk.to(pbx)
    const far = await Far.open(t)
    const { url, restart } = await startDemo(t, { pbx })
    atTheEnd(t, async () => {
      trunk.close()
      await pbx.stop()
    })
    return { pbx, trunk, far, url, restart }
  }

  const phone = (page: Page, extension: string) => page.getByTestId(`phone-${extension}`)
  const state = (page: Page, extension: string, wanted: string) =>
    phone(page, extension)
      .and(page.locator(`[data-state=${wanted}]`))
      .waitFor()
  const note = (page: Page, extension: string, words: RegExp) =>
    phone(page, extension).getByTestId('sound-note').filter({ hasText: words }).waitFor()

  for (const { locale, call, clip } of [
    { locale: 'en-GB', call: 'call Bob Marín', clip: 'en' },
    { locale: 'es-ES', call: 'llama a Bob Marín', clip: 'es' },
  ] as const)
    void it(`a call is heard from the ring to the voice, in ${locale}; the key "1" reaches the bot`, async (t) => {
      atTheEnd(t, () => tellWhereFailed(t, bot.said))
      const page = await open(t, bot.url, { locale })
      await page.getByTestId('chat-input').fill(call)
      await page.getByTestId('send').click()
      await state(page, '1001', 'ringing')
      await plays(page, 'the ring', loudness, (rms) => rms > 0.005)
      await phone(page, '1001').getByTestId('pick-up').click()
      await state(page, '1001', 'talking')
      await plays(page, 'the prompt to press 1', shareOf(523, 659, 784), clear)
      assert.equal(await phone(page, '1002').getAttribute('data-state'), 'onHook', 'nobody is rung before')

      await phone(page, '1001').locator('[data-key="1"]').click()
      await state(page, '1002', 'ringing')
      await plays(page, 'ringback of Spain, 425 Hz', shareOf(425), clear)
      await phone(page, '1002').getByTestId('pick-up').click()
      const bob = speech.get('1002')![clip]
      await plays(page, 'the voice of Bob', likeness(bob), (like) => like > 0.75)
      assert.match(
        (await phone(page, '1001').getByTestId('phone-spoken').textContent()) ?? '',
        /^Alice Serrano: .*Bob Marín.*, Bob Marín \+34 900 100 200$/,
        'what a screen reader says',
      )
      await page.getByTestId('sound').click()
      await plays(page, 'silence where all sound is off', loudness, (rms) => rms < 0.0005)
      await page.getByTestId('sound').click()
      await plays(page, 'the voice of Bob', likeness(bob), (like) => like > 0.75)
      await phone(page, '1002').getByTestId('put-down').click()
      await state(page, '1001', 'onHook')
      await plays(page, 'silence after the call', loudness, (rms) => rms < 0.0005)
    })

  void it('a page that was not touched yet says "press to hear", and hears when pressed; each page hears', async (t) => {
    const { pbx, trunk, far, url } = await desk(t)
    const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
    far.play(port, 1700)
    const [one, two] = [await open(t, url), await open(t, url, { locale: 'es-ES' })]
    for (const [page, words] of [
      [one, 'press to hear'],
      [two, 'pulsa para oír'],
    ] as const) {
      const hear = phone(page, '1001').getByTestId('press-to-hear')
      assert.equal(await hear.textContent(), words)
      await hear.click()
      await hear.waitFor({ state: 'hidden' })
    }
    for (const page of [one, two]) await plays(page, 'what the phone hears', shareOf(1700), clear)
    await phone(one, '1001').getByTestId('listen').click()
    await plays(one, 'nothing, once it is put away', loudness, (rms) => rms < 0.0005)
    await plays(two, 'what the phone hears', shareOf(1700), clear)
  })

  void it('the sound comes back by itself when the server has started anew', async (t) => {
    const { pbx, trunk, far, url, restart } = await desk(t)
    const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
    far.play(port, 1700)
    const page = await open(t, url)
    await phone(page, '1001').getByTestId('press-to-hear').click()
    await plays(page, 'what the phone hears', shareOf(1700), clear)
    await restart()
    // Another tone: what is heard of it has come after the restart.
    far.play(port, 1100)
    await plays(page, 'what the phone hears now', shareOf(1100), clear)
  })

  void it('one handset at a time: another one to the ear takes the first away', async (t) => {
    const { pbx, trunk, far, url } = await desk(t)
    const other = await Far.open(t)
    const page = await open(t, url)
    far.play(portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port))), 1700)
    other.play(portOf(await trunk.call('1002').connect(pbx.phone('1002')!, sdp(other.port))), 1100)
    await phone(page, '1001').getByTestId('press-to-hear').click()
    await plays(page, 'the own phone', shareOf(1700), clear)
    await phone(page, '1002').getByTestId('listen').click()
    await plays(page, 'the other phone', shareOf(1100), clear)
    await plays(page, 'no longer the own phone', shareOf(1700), (share) => share < 0.01)
    assert.equal(await phone(page, '1001').getByTestId('listen').getAttribute('aria-pressed'), 'false')
  })

  void it('a microphone that is allowed speaks at the phone, for one page; the second is told so', async (t) => {
    const { pbx, trunk, far, url } = await desk(t)
    await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port))
    await shows(pbx, '1001', (view) => view.state === 'talking')
    const page = await open(t, url, { permissions: ['microphone'] })
    const second = await open(t, url, { permissions: ['microphone'] })
    await phone(page, '1001').getByTestId('microphone').click()
    await note(page, '1001', /^Your microphone is on/)
    // Chromium's microphone is silent between its beeps, as no room is and no clip.
    await far.hearsOne((payload) => payload.every((code) => code === payload[0]))
    const lines = Buffer.from(encodeG711('PCMU', speech.get('1001')!.en))
    await far.hearsOne((payload) => loud(decodeG711('PCMU', payload)) && !lines.includes(payload))
    await phone(second, '1001').getByTestId('microphone').click()
    await note(second, '1001', /^Another page has the microphone/)
    await phone(page, '1001').getByTestId('microphone').click()
    await phone(page, '1001').getByTestId('sound-note').waitFor({ state: 'hidden' })
    await phone(second, '1001').getByTestId('microphone').click()
    await note(second, '1001', /^Your microphone is on/)
  })

  void it('a microphone that is refused is told in a sentence, and the call goes on', async (t) => {
    const { pbx, trunk, far, url } = await desk(t)
    const port = portOf(await trunk.call('1001').connect(pbx.phone('1001')!, sdp(far.port)))
    far.play(port, 1700)
    const page = await open(t, url)
    await phone(page, '1001').getByTestId('microphone').click()
    await note(page, '1001', /does not allow the microphone.*recorded voice/)
    await plays(page, 'what the phone hears', shareOf(1700), clear)
    assert.equal(await phone(page, '1001').getByTestId('microphone').getAttribute('aria-pressed'), 'false')
  })

  void it('a browser without audio says so in a sentence, and all else works', async (t) => {
    const { pbx, trunk, far, url } = await desk(t)
    const page = await open(t, url, { script: 'delete globalThis.AudioContext' })
    const leg = trunk.call('1001')
    leg.send('INVITE', { body: sdp(far.port) })
    await leg.gets(180)
    await leg.answered(phone(page, '1001').getByTestId('pick-up'))
    await note(page, '1001', /^This browser plays no sound\. All else works/)
    assert.equal(await phone(page, '1001').getByTestId('press-to-hear').isVisible(), false)
    await phone(page, '1001').locator('[data-key="5"]').click()
    await phone(page, '1001').getByTestId('put-down').click()
    leg.answer(await leg.requested('BYE'))
    await shows(pbx, '1001', (view) => view.state === 'onHook')
  })
})
