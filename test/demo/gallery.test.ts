/** The gallery of cards. Pictures of it are kept in gallery/; `RENEW=1` makes them anew, and so does another Chromium. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { suite, test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { Renderer } from '../../src/chat/render/render.ts'
import { drawSamples, loadSamples } from '../../src/chat/render/samples.ts'
import { loadTemplates } from '../../src/chat/render/templates.ts'
import { Browser } from '../peers/chromium.ts'
import { missing } from '../peers/debian.ts'
import { startDemo } from './world.ts'

const skip = await missing('chromium')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const themes = ['light', 'dark', 'contrast'] as const
const folder = new URL('./gallery/', import.meta.url)
const samples = loadSamples().length

/** One browser and one server for all; each step looks at another choice of the same page. */
async function open(t: TestContext) {
  const renderer = new Renderer(loadTemplates())
  const { url } = await startDemo(t, { gallery: (language) => drawSamples(renderer, language) })
  const browser = await Browser.start()
  t.after(() => browser.stop())
  const page = await browser.open('about:blank')
  // Times are the reader's own: here everywhere the same.
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTimezoneOverride', { timezoneId: 'UTC' })
  const show = async (theme: string, width: string, language: string) => {
    await page.goto(`${url}/demo/cards?theme=${theme}&width=${width}&language=${language}`)
    await page.locator('main[aria-busy=false]').waitFor()
  }
  return { page, show, version: page.context().browser()?.version() ?? (await versionOf(page)) }
}

const versionOf = (page: Page) => page.evaluate<string>('navigator.userAgent.match(/Chrome.(\\d+)/)[1]')

suite('the gallery of cards', { skip }, () => {
  test('shows every card, whole and in its place', async (t) => {
    const { page, show, version } = await open(t)

    await t.test('in all themes and widths, each drawn, none with more than four buttons', async () => {
      await show('all', 'all', 'en')
      const seen = await page.evaluate<{ cards: number; faults: string[] }>(LOOK)
      assert.deepEqual(seen, { cards: samples * themes.length * 2, faults: [] })
    })

    await t.test('in the language that is chosen, which stands in the address', async () => {
      await page.locator('select[name=language]').selectOption('es')
      await page.getByRole('heading', { name: 'Tarjetas' }).waitFor()
      await page.getByText('Descuelga tu teléfono de mesa.').first().waitFor()
      assert.match(page.url(), /language=es/)
    })

    await t.test('and a card’s own JSON, which has words to speak and a fallback', async () => {
      await show('light', 'wide', 'en')
      await page.locator('summary').first().click()
      const card = JSON.parse(await page.locator('pre').first().innerText()) as Record<string, unknown>
      assert.ok(card['speak'] && card['fallbackText'])
    })

    for (const theme of themes)
      await t.test(`axe finds nothing against it: ${theme}`, async () => {
        await show(theme, 'wide', 'en')
        await page.evaluate(axe)
        const found = await page.evaluate<
          { id: string; nodes: { html: string; failureSummary: string }[] }[]
        >('axe.run().then((result) => result.violations)')
        const told = found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
        assert.deepEqual(told, [])
      })

    // The pictures are only like each other where browser and fallback fonts are.
    await page.evaluate('document.fonts.ready')
    const made = `Chromium ${version}, ${await page.evaluate<string>(FONTS)}\n`
    const before = new URL('made-by.txt', folder)
    const kept = existsSync(before) ? readFileSync(before, 'utf8') : ''
    const renew = process.env['RENEW'] === '1' || kept !== made
    mkdirSync(folder, { recursive: true })
    for (const theme of themes) {
      for (const [width, language] of [
        ['wide', 'en'],
        ['narrow', 'es'],
      ] as const)
        await t.test(`looks as it was kept: ${theme}, ${width}`, async (one) => {
          await page.setViewportSize({ width: 740, height: 800 })
          await show(theme, width, language)
          await page.addStyleTag({ content: sheet(width) })
          const shot = await page.screenshot({ type: 'jpeg', quality: 60, fullPage: true })
          const file = new URL(`${theme}-${width}.jpg`, folder)
          const old = existsSync(file) ? readFileSync(file) : undefined
          const far = old && (await page.evaluate<number>(compare(shot, old)))
          if (renew || far === undefined) {
            writeFileSync(file, shot)
            const how = far === undefined ? 'new' : `${(far * 100).toFixed(2)} % of it differ`
            // Told with the results of the run: it was not compared.
            one.skip(
              `${theme}-${width}.jpg was renewed (${how}), made by ${made.trim()}; before: ${kept.trim() || 'none'}`,
            )
            return
          }
          assert.ok(far < 0.01, `${(far * 100).toFixed(2)} % differ: look at the page, then RENEW=1`)
        })
    }
    if (renew) writeFileSync(before, made)
  })

  test('is for this machine alone, as the demo is', async (t) => {
    const { url } = await startDemo(t, { gallery: () => [] })
    for (const path of ['/demo/cards', '/demo/cards.json']) {
      assert.equal((await fetch(`${url}${path}`)).status, 200)
      const foreign = await fetch(`${url}${path}`, { headers: { origin: 'http://evil.example' } })
      assert.equal(foreign.status, 403)
    }
  })
})

/** In the browser: what is wrong with a card as it is drawn. */
const LOOK = `(() => {
  const cards = [...document.querySelectorAll('[data-testid=card]')]
  const faults = cards.flatMap((card) => {
    const where = card.closest('article').querySelector('h3').textContent
    const wrong = [
      card.querySelector('.ac-adaptiveCard') ? '' : 'not drawn',
      card.querySelectorAll('.ac-pushButton').length > 4 ? 'more than four buttons' : '',
      [...card.querySelectorAll('img')].every((image) => image.alt) ? '' : 'an image without words',
      card.scrollWidth > card.clientWidth ? 'wider than its place' : '',
    ]
    return wrong.filter(Boolean).map((fault) => where + ': ' + fault)
  })
  return { cards: cards.length, faults }
})()`

/** In the browser: how wide the signs are that Inter does not have, so by which fonts they are drawn. */
const FONTS = `(() => {
  const context = document.createElement('canvas').getContext('2d')
  return ['Inter', 'monospace'].map((font) => {
    context.font = '40px ' + font
    return [...'●○→m'].map((sign) => Math.round(context.measureText(sign).width)).join(' ')
  }).join(', ')
})()`

/** All states side by side at half their size, without what is around them. */
const sheet = (width: 'wide' | 'narrow') => `
  main { zoom: 0.5; display: block; columns: ${width === 'wide' ? 3 : 4}; column-gap: 8px; padding: 8px; }
  section { display: contents; }
  article { break-inside: avoid; }
  .top, h2, details { display: none; }
  .theme { padding: 8px; }`

/** In the browser: which part of the pixels two pictures differ in; all where their sizes do. */
const compare = (one: Buffer, other: Buffer) => `(async () => {
  const read = async (data) => {
    const image = new Image()
    image.src = 'data:image/jpeg;base64,' + data
    await image.decode()
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    return context.getImageData(0, 0, image.width, image.height)
  }
  const [a, b] = [await read('${one.toString('base64')}'), await read('${other.toString('base64')}')]
  if (a.width !== b.width || a.height !== b.height) return 1
  let far = 0
  for (let i = 0; i < a.data.length; i += 4)
    if ([0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > 24)) far += 1
  return far / (a.width * a.height)
})()`
