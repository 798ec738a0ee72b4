/** The menu of what can go otherwise than well: how it is chosen, who is told, and what the channel makes of it. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { SCENE_IDS } from '../../src/demo/scenes.ts'
import { startPbx } from '../../src/sim/pbx.ts'
import { alice, bob, card, personal, startDemo, type FakeBot } from './world.ts'
import { Page } from './visitor.ts'

async function world(t: TestContext) {
  const pbx = await startPbx()
  t.after(() => pbx.stop())
  const bot = await startDemo(t, { pbx })
  return { pbx, bot, page: await Page.open(t, bot.url, alice) }
}

async function sceneOf(page: Page) {
  return (await page.hears('snapshot')).scene
}

/** Milliseconds that the channel takes for a message of the bot, and what it answers. */
async function posts(bot: FakeBot) {
  const began = performance.now()
  const response = await fetch(
    `${bot.url}/demo/channel/v3/conversations/${encodeURIComponent(personal(alice))}/activities`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'message', attachments: [card('Calling Bob')] }),
    },
  )
  const ms = performance.now() - began
  return { ms, status: response.status, rest: response.headers.get('retry-after') }
}

void test('what is chosen on one page is told to all, and to those that are opened later', async (t) => {
  const { bot, page } = await world(t)
  const other = await Page.open(t, bot.url, bob)
  assert.equal(await sceneOf(page), 'works')
  page.ask({ type: 'scene', scene: 'busy' })
  await other.hears('scene', ({ scene }) => scene === 'busy')
  await page.hears('scene', ({ scene }) => scene === 'busy')
  assert.equal(await sceneOf(await Page.open(t, bot.url, bob)), 'busy')
})

void test('a server that starts anew knows of no scene, and its phone system runs', async (t) => {
  const { bot, page, pbx } = await world(t)
  page.ask({ type: 'scene', scene: 'trunkDown' })
  await page.hears('phone', ({ phone }) => !phone.service)
  await bot.restart()
  assert.equal(await sceneOf(await Page.open(t, bot.url, alice)), 'works')
  assert.ok(pbx.phones.every(({ view }) => view.service))
})

void test('a scene that is not in the menu closes the page’s line', async (t) => {
  const { page, pbx } = await world(t)
  page.send(JSON.stringify({ type: 'scene', scene: 'fire' }))
  assert.equal(await page.closed(), 1008)
  assert.equal(pbx.isOn, true)
})

void test('where the phones are real ones nothing can be chosen', async (t) => {
  const bot = await startDemo(t)
  const page = await Page.open(t, bot.url, alice)
  assert.equal(await sceneOf(page), undefined)
  page.ask({ type: 'scene', scene: 'slow' })
  page.ask({ type: 'say', conversation: personal(alice), text: 'help' })
  await bot.told((a) => a['text'] === 'help')
  assert.ok((await posts(bot)).ms < 1000)
  assert.ok(!page.told.some(({ type }) => type === 'scene'))
})

void test('a slow chat takes each message late, and turns each second one away with Retry-After', async (t) => {
  const { bot, page } = await world(t)
  page.ask({ type: 'scene', scene: 'slow' })
  await page.hears('scene')
  const slow = await posts(bot)
  assert.equal(slow.status, 201)
  assert.ok(slow.ms > 2000, `${slow.ms} ms`)
  const away = await posts(bot)
  assert.deepEqual([away.status, away.rest], [429, '3'])
  assert.ok(away.ms < 1000, `${away.ms} ms`)
  assert.equal(page.told.filter(({ type }) => type === 'message').length, 1)
})

void test('whoever waits in a slow chat is served as soon as everything works again', async (t) => {
  const { bot, page } = await world(t)
  page.ask({ type: 'scene', scene: 'slow' })
  await page.hears('scene')
  const waits = posts(bot)
  page.ask({ type: 'scene', scene: 'works' })
  const { status, ms } = await waits
  assert.equal(status, 201)
  assert.ok(ms < 2000, `${ms} ms`)
  assert.ok((await posts(bot)).ms < 1000)
})

void test('every scene has a name and a sentence of what to try, in both languages', async () => {
  const words = '../../src/demo/page/words.js'
  const { say, chooseLanguage } = (await import(words)) as {
    say: (key: string) => unknown
    chooseLanguage: (language: string) => void
  }
  const seen = new Set<unknown>()
  for (const language of ['en', 'es']) {
    chooseLanguage(language)
    assert.deepEqual(Object.keys(say('scenes.all') as object), SCENE_IDS, language)
    for (const id of SCENE_IDS)
      for (const part of ['name', 'hint']) {
        const text = say(`scenes.all.${id}.${part}`)
        assert.match(String(text), /\p{L}{3}/u, `${language} ${id} ${part}`)
        assert.ok(!seen.has(text), `${language} ${id} ${part} is another's`)
        seen.add(text)
      }
  }
})
