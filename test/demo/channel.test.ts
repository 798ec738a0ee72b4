import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { alice, bob, card, GROUP, people, personal, startDemo, type Json } from './world.ts'
import { Page } from './visitor.ts'

const conversation = encodeURIComponent(personal(alice))
const execute = (message: string, verb: string) =>
  ({
    type: 'press',
    conversation: personal(alice),
    message,
    action: { kind: 'execute', verb, data: { call: '1' } },
  }) as const
const cardAnswer = (text: string) => ({
  status: 200,
  body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card(text).content },
})
const textOf = (content: unknown) =>
  ((content as { body: { text: string }[] }).body[0] as { text: string }).text

async function world(t: TestContext) {
  const bot = await startDemo(t)
  return { bot, page: await Page.open(t, bot.url, alice) }
}

void test('what is typed reaches the bot as an activity of a Teams personal chat, and shows as text', async (t) => {
  const { bot, page } = await world(t)
  page.ask({ type: 'say', conversation: personal(alice), text: 'call <b>Bob</b>' })
  const activity = await bot.told((a) => a['type'] === 'message')
  assert.equal(activity['text'], 'call <b>Bob</b>')
  assert.equal(activity['channelId'], 'msteams')
  assert.equal(activity['serviceUrl'], `${bot.url}/demo/channel`)
  assert.equal(activity['locale'], 'en-US')
  assert.deepEqual(activity['from'], {
    id: `29:${alice.aadObjectId}`,
    name: alice.name,
    aadObjectId: alice.aadObjectId,
  })
  assert.deepEqual(activity['conversation'], {
    id: personal(alice),
    conversationType: 'personal',
    tenantId: 'demo',
  })
  assert.match(String(activity['localTimestamp']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  assert.ok(Math.abs(Date.parse(String(activity['localTimestamp'])) - Date.now()) < 60_000)
  const { message } = await page.hears('message')
  assert.deepEqual(
    [message.author.kind, message.text, message.markdown, message.id],
    ['me', 'call <b>Bob</b>', false, activity['id']],
  )
})

void test('the locale is that of the page', async (t) => {
  const bot = await startDemo(t)
  const page = await Page.open(t, bot.url, alice, 'es-ES')
  page.ask({ type: 'say', conversation: personal(alice), text: 'llama a Bob' })
  assert.equal((await bot.told((a) => a['type'] === 'message'))['locale'], 'es-ES')
})

void test('the bot is told once that it is in a conversation, again and again until it is ready', async (t) => {
  const bot = await startDemo(t)
  bot.answer = () => (bot.activities.length === 1 ? { status: 503 } : undefined)
  await Page.open(t, bot.url, alice)
  const other = await Page.open(t, bot.url, alice)
  await bot.told(() => bot.activities.length === 2)
  other.ask({ type: 'say', conversation: personal(alice), text: 'help' })
  await bot.told((a) => a['type'] === 'message')
  assert.deepEqual(
    bot.activities.map((a) => a['type']),
    ['conversationUpdate', 'conversationUpdate', 'message'],
  )
})

void test('a card is posted, updated in place and deleted, as the Bot Connector API has it', async (t) => {
  const { bot, page } = await world(t)
  const posted = await bot.connector('POST', `conversations/${conversation}/activities/some-reply-to`, {
    type: 'message',
    attachments: [card('Calling Bob')],
  })
  assert.equal(posted.status, 201)
  const id = String(posted.body['id'])
  const { message } = await page.hears('message')
  assert.deepEqual([message.id, message.author.kind, textOf(message.cards[0])], [id, 'bot', 'Calling Bob'])
  assert.equal(await bot.update(personal(alice), id, { attachments: [card('Connected')] }), 200)
  await page.hears('message', (told) => textOf(told.message.cards[0]) === 'Connected')
  const gone = await bot.connector('DELETE', `conversations/${conversation}/activities/${id}`)
  assert.equal(gone.status, 200)
  await page.hears('removed', (told) => told.message === id)
})

void test('an unknown activity is told as Teams tells it: 404 ActivityNotFoundInConversation', async (t) => {
  const { bot } = await world(t)
  const elsewhere = await bot.post(personal(bob), { text: 'hi' })
  for (const [method, body] of [
    ['PUT', { type: 'message' }],
    ['DELETE', undefined],
  ] as const)
    for (const id of ['unknown', elsewhere]) {
      const answer = await bot.connector(method, `conversations/${conversation}/activities/${id}`, body)
      assert.equal(answer.status, 404)
      assert.equal((answer.body['error'] as Json)['code'], 'ActivityNotFoundInConversation')
    }
  const nowhere = await bot.connector('POST', 'conversations/nowhere/activities', {
    type: 'message',
    text: 'x',
  })
  assert.equal((nowhere.body['error'] as Json)['code'], 'ConversationNotFound')
})

void test('members are told with e-mail and aadObjectId, one, all and paged', async (t) => {
  const { bot } = await world(t)
  const one = await bot.connector('GET', `conversations/${conversation}/members/29%3A${alice.aadObjectId}`)
  assert.equal(one.body['email'], alice.email)
  assert.equal(one.body['userPrincipalName'], alice.email)
  assert.equal(one.body['aadObjectId'], alice.aadObjectId)
  const stranger = await bot.connector('GET', `conversations/${conversation}/members/29%3A${bob.aadObjectId}`)
  assert.equal(stranger.status, 404)
  const all = await bot.connector('GET', `conversations/${GROUP}/members`)
  assert.equal((all.body as unknown as Json[]).length, people.length)
  const paged = await bot.connector('GET', `conversations/${GROUP}/pagedmembers?pageSize=500`)
  assert.equal((paged.body['members'] as Json[]).length, people.length)
})

void test('the bot may write first: a new conversation is the one that the person has', async (t) => {
  const { bot, page } = await world(t)
  const begun = await bot.connector('POST', 'conversations', {
    members: [{ id: `29:${alice.aadObjectId}` }],
    activity: { type: 'message', text: 'You have a call' },
  })
  assert.equal(begun.status, 201)
  assert.equal(begun.body['id'], personal(alice))
  const { message } = await page.hears('message')
  assert.equal(message.id, begun.body['activityId'])
})

void test('bad requests to the channel get a 4xx in words', async (t) => {
  const { bot } = await world(t)
  const url = `${bot.url}/demo/channel/v3/conversations/${conversation}/activities`
  const status = async (init: RequestInit) => (await fetch(url, { method: 'POST', ...init })).status
  const json = { 'content-type': 'application/json' }
  assert.equal(await status({ headers: json, body: '{"broken' }), 400)
  assert.equal(await status({ headers: json, body: '[]' }), 400)
  assert.equal(await status({ headers: json, body: '{"type":"event"}' }), 400)
  assert.equal(await status({ headers: { 'content-type': 'text/plain' }, body: '{"type":"message"}' }), 415)
  assert.equal(
    await status({ headers: json, body: JSON.stringify({ type: 'message', text: 'x'.repeat(110_000) }) }),
    413,
  )
  assert.equal((await bot.connector('GET', `conversations/${conversation}/activities`)).status, 405)
  assert.equal((await bot.connector('GET', 'somewhere')).status, 404)
  assert.equal((await fetch(`${bot.url}/demo/channel/v3/conversations/%E0%A4%A/members`)).status, 404)
})

void test('the answer to Action.Execute redraws the card for the presser alone, an update for all', async (t) => {
  const { bot, page } = await world(t)
  const other = await Page.open(t, bot.url, bob)
  const id = await bot.post(GROUP, { attachments: [card('Meeting')] })
  await other.hears('message')
  bot.answer = (activity) => (activity['type'] === 'invoke' ? cardAnswer('You are called') : undefined)
  page.ask({ ...execute(id, 'callMe'), conversation: GROUP })
  const invoke = await bot.told((a) => a['type'] === 'invoke')
  assert.deepEqual(
    [invoke['name'], invoke['replyToId'], invoke['value']],
    [
      'adaptiveCard/action',
      id,
      { action: { type: 'Action.Execute', verb: 'callMe', data: { call: '1' } }, trigger: 'manual' },
    ],
  )
  await page.hears('message', ({ message }) => textOf(message.cards[0]) === 'You are called')
  const seen = (who: Page) =>
    who.told.flatMap((t) => (t.type === 'message' ? textOf(t.message.cards[0]) : [])).at(-1)
  assert.equal(seen(other), 'Meeting')
  const reloaded = await Page.open(t, bot.url, alice)
  assert.equal(textOf((await reloaded.hears('snapshot')).messages.at(-1)?.cards[0]), 'You are called')
  await bot.update(GROUP, id, { attachments: [card('Over')] })
  await page.hears('message', ({ message }) => textOf(message.cards[0]) === 'Over')
  await other.hears('message', ({ message }) => textOf(message.cards[0]) === 'Over')
})

void test('an answer to Action.Execute that is older than an update does not undo it', async (t) => {
  const { bot, page } = await world(t)
  const id = await bot.post(personal(alice), { attachments: [card('Ringing')] })
  bot.answer = async (activity) => {
    if (activity['type'] !== 'invoke') return undefined
    await bot.update(personal(alice), id, { attachments: [card('Ended')] })
    return cardAnswer('Hanging up')
  }
  page.ask(execute(id, 'hangUp'))
  await page.hears('message', ({ message }) => textOf(message.cards[0]) === 'Ended')
  bot.answer = () => undefined
  page.ask({ type: 'say', conversation: personal(alice), text: 'calls' })
  await page.hears('message', ({ message }) => message.text === 'calls')
  const again = await Page.open(t, bot.url, alice)
  const standing = (await again.hears('snapshot')).messages.find((message) => message.id === id)
  assert.equal(textOf(standing?.cards[0]), 'Ended')
})

void test('a button that the bot refuses, or that fails, is explained', async (t) => {
  const { bot, page } = await world(t)
  const id = await bot.post(personal(alice), { attachments: [card('x')] })
  bot.answer = () => ({
    status: 200,
    body: {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'This is Bob’s call.',
    },
  })
  page.ask(execute(id, 'hangUp'))
  await page.hears(
    'notice',
    (told) => told.notice === 'pressNotTaken' && told.detail === 'This is Bob’s call.',
  )
  bot.answer = () => ({ status: 500 })
  page.ask(execute(id, 'hangUp'))
  await page.hears('notice', (told) => told.notice === 'pressFailed' && told.message === id)
})

void test('Action.Submit is a message without text whose value is the button’s data', async (t) => {
  const { bot, page } = await world(t)
  const id = await bot.post(personal(alice), { attachments: [card('x')] })
  page.ask({
    type: 'press',
    conversation: personal(alice),
    message: id,
    action: { kind: 'submit', data: { verb: 'redial' } },
  })
  const activity = await bot.told((a) => a['type'] === 'message')
  assert.deepEqual(
    [activity['value'], activity['replyToId'], activity['text']],
    [{ verb: 'redial' }, id, undefined],
  )
})

void test('in the group only what mentions the bot is delivered, with its mentions as entities', async (t) => {
  const { bot, page } = await world(t)
  const other = await Page.open(t, bot.url, bob)
  page.ask({ type: 'say', conversation: GROUP, text: 'hello all' })
  await page.hears('notice', (told) => told.notice === 'onlyMentions')
  await other.hears(
    'message',
    ({ message }) => message.text === 'hello all' && message.author.name === alice.name,
  )
  page.ask({ type: 'say', conversation: GROUP, text: '@dialback call @nobody or @Bob Marín now' })
  const activity = await bot.told((a) => a['type'] === 'message')
  assert.equal(activity['text'], '<at>Dialback</at> call @nobody or <at>Bob Marín</at> now')
  assert.equal((activity['conversation'] as Json)['conversationType'], 'groupChat')
  const mentions = (activity['entities'] as Json[]).filter((entity) => entity['type'] === 'mention')
  assert.deepEqual(
    mentions.map((entity) => (entity['mentioned'] as Json)['id']),
    ['28:dialback-demo', `29:${bob.aadObjectId}`],
  )
})

void test('nobody sees or acts in another person’s chat', async (t) => {
  const { bot, page } = await world(t)
  const id = await bot.post(personal(bob), { attachments: [card('private')] })
  page.ask({ type: 'say', conversation: personal(bob), text: 'call 1003' })
  page.ask({ ...execute(id, 'hangUp'), conversation: personal(bob) })
  page.ask(execute(id, 'hangUp'))
  page.ask({ type: 'say', conversation: personal(alice), text: 'last' })
  await bot.told((a) => a['text'] === 'last')
  const other = await Page.open(t, bot.url, bob)
  assert.deepEqual(
    (await other.hears('snapshot')).messages.map((message) => message.id),
    [id],
  )
  assert.ok(!page.told.some((told) => told.type === 'message' && told.message.id === id))
  assert.ok(!bot.activities.some((a) => a['text'] === 'call 1003'))
})

void test('a bot that is away, not ready or unwilling is told in words', async (t) => {
  const { bot, page } = await world(t)
  for (const [status, notice] of [
    [503, 'botNotReady'],
    [400, 'botRefused'],
  ] as const) {
    bot.answer = () => ({ status })
    page.ask({ type: 'say', conversation: personal(alice), text: 'help' })
    await page.hears('notice', (told) => told.notice === notice)
  }
  const away = await startDemo(t, { botUrl: 'http://127.0.0.1:9' })
  const lonely = await Page.open(t, away.url, alice)
  lonely.ask({ type: 'say', conversation: personal(alice), text: 'help' })
  await lonely.hears('notice', (told) => told.notice === 'botUnreachable')
})

void test('people may come from a directory that changes, and the page needs no simulated phones', async (t) => {
  let list = [alice]
  const bot = await startDemo(t, { people: () => Promise.resolve(list) })
  const page = await Page.open(t, bot.url)
  const first = await page.hears('snapshot')
  assert.equal(first.me, alice.aadObjectId)
  assert.equal(first.phones, undefined)
  list = [alice, bob]
  const later = await Page.open(t, bot.url, bob)
  assert.deepEqual(
    (await later.hears('snapshot')).people.map((person) => person.name),
    [alice.name, bob.name],
  )
})

void test('foreign origins and hosts are shut out, of pages, channel and WebSocket', async (t) => {
  const { bot } = await world(t)
  const get = async (headers: Record<string, string>, path = '/') => {
    const { request } = await import('node:http')
    return new Promise<number>((resolve) => {
      request(`${bot.url}${path}`, { headers }, (res) => resolve(res.resume().statusCode ?? 0)).end()
    })
  }
  assert.equal(await get({}), 200)
  assert.equal(await get({ origin: bot.url }), 200)
  assert.equal(await get({ origin: 'https://evil.example' }), 403)
  assert.equal(await get({ origin: 'http://127.0.0.1:1' }), 403)
  assert.equal(await get({ origin: 'null' }), 403)
  assert.equal(await get({ host: 'evil.example' }), 403)
  assert.equal(await get({ host: 'localhost.evil.example' }), 403)
  assert.equal(
    await get({ origin: 'https://evil.example' }, `/demo/channel/v3/conversations/${GROUP}/members`),
    403,
  )
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  assert.equal(await get({ ...upgrade, origin: 'https://evil.example' }, '/demo/socket'), 403)
  assert.equal(await get(upgrade, '/demo/socket'), 403)
  assert.equal(await get({ ...upgrade, origin: bot.url }, '/demo/elsewhere'), 404)
})

void test('the page is served with a policy that lets nothing else in, and nothing beside it', async (t) => {
  const { bot } = await world(t)
  const page = await fetch(bot.url)
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self';/)
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  const html = await page.text()
  assert.ok(!/https?:\/\/(?!www\.w3\.org)/.test(html), 'nothing from elsewhere')
  for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g))
    assert.equal((await fetch(bot.url + path)).status, 200, path)
  for (const path of [
    '/demo/page/../demo.ts',
    '/demo/page/%2e%2e%2fdemo.ts',
    '/demo/page/none.js',
    '/demo',
    '/demo/page/',
  ])
    assert.equal((await fetch(bot.url + path)).status, 404, path)
  assert.equal((await fetch(bot.url, { method: 'POST', body: 'x' })).status, 405)
})

void test('what no page of ours says ends the connection, and harms nobody', async (t) => {
  const { bot, page } = await world(t)
  const other = await Page.open(t, bot.url, bob)
  const code = page.closed()
  page.send('{"type":"rm"}')
  assert.equal(await code, 1008)
  const broken = await Page.open(t, bot.url, alice)
  const second = broken.closed()
  broken.send('not json')
  assert.equal(await second, 1008)
  other.ask({ type: 'say', conversation: personal(bob), text: 'still here' })
  await bot.told((a) => a['text'] === 'still here')
})

void test('a text of 1 MB goes to the bot as it is', async (t) => {
  const { bot, page } = await world(t)
  const text = 'x'.repeat(1_000_000)
  page.ask({ type: 'say', conversation: personal(alice), text })
  assert.equal((await bot.told((a) => a['type'] === 'message'))['text'], text)
})
