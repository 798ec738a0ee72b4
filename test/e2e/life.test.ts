/** The life of the process: killed, stopped, started twice, started wrongly; and what bad input gets from outside. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { RunningBot } from '../helpers/bot.ts'
import type { BotOptions } from '../helpers/bot.ts'
import { isOnDisk } from '../helpers/on-disk.ts'
import { alice, atTheEnd, bob, Office, PEOPLE, tellWhereFailed } from '../helpers/office.ts'
import { callsIn, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'
import type { Ending, SippOptions } from '../peers/sipp.ts'

const skip = await missing('sipp')
const ALICE = '+34910000001'
const BOB = '+34910000002'
/** For stories that reach no PBX: nothing listens there. */
const NOWHERE = 'sip:127.0.0.1:9;transport=udp'

type Env = Readonly<Record<string, string>>

async function stage(t: TestContext, ending: Ending, options: SippOptions = {}, env: Env = {}) {
  const sipp = await Sipp.start(ending, options)
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  return { sipp, office: await Office.open(t, { trunk: `sip:127.0.0.1:${sipp.port};transport=udp`, env }) }
}

/** Starts a bot that cannot start, and resolves with how it ended and what it said. */
async function failsToStart(t: TestContext, options: BotOptions) {
  const bot = await RunningBot.launch(options)
  const late = setTimeout(() => void bot.kill(), 20_000)
  const code = await bot.end()
  clearTimeout(late)
  if (options.data === undefined) atTheEnd(t, () => bot.stop())
  return { code, said: bot.said }
}

test(
  'killed while the own phone rings: the card turns to interrupted, nobody is rung again',
  { skip },
  async (t) => {
    const { sipp, office } = await stage(t, 'rings-on')
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín/, /calling/i)
    const [card] = office.chat.standing.keys()
    await isOnDisk(office.bot.data, 'card.posted')
    await office.bot.kill()
    await office.reopens()
    await office.shows(/Bob Marín/, /interrupted/i, /Redial/)
    assert.deepEqual([...office.chat.standing.keys()], [card], 'the same card')
    await office.types(alice, 'calls')
    await office.shows(/your calls/i, /Bob Marín/, /interrupted/i)
    assert.deepEqual(rung(sipp.messages), [ALICE])
  },
)

test(
  'killed during a call: the card turns to interrupted, and a repeat after the restart rings nothing',
  { skip },
  async (t) => {
    const { sipp, office } = await stage(t, 'answers')
    const activity = office.chat.activity(alice, { text: 'call Bob Marín' })
    assert.ok((await office.chat.post(activity)).status < 300)
    await office.shows(/Bob Marín/, /connected/i)
    await office.bot.kill()
    await office.reopens()
    await office.shows(/Bob Marín/, /interrupted/i)
    assert.ok((await office.chat.post(activity)).status < 300)
    await office.types(alice, 'status')
    await office.shows(/status of Alice/i, /none/i)
    assert.deepEqual(rung(sipp.messages), [ALICE, BOB])
  },
)

test(
  'SIGTERM: a running call goes on, new ones are refused in a sentence, the end is in the record',
  { skip },
  async (t) => {
    const { sipp, office } = await stage(t, 'answers', {}, { DRAIN_SECONDS: '20' })
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín/, /connected/i)
    office.bot.terminate()
    await office.bot.says(/stopping/)
    await office.types(bob, 'call Roberto')
    await office.shows(/take no new calls/)
    assert.equal((await fetch(`${office.bot.url}/readyz`)).status, 503)
    await office.types(alice, 'hang up')
    await office.shows(/You hung up/, /lasted/)
    assert.equal(await office.bot.end(), 0)
    assert.deepEqual(rung(sipp.messages), [ALICE, BOB])
    for (const { messages } of callsIn(sipp.messages))
      assert.ok(messages.some(({ line, from }) => from === 'bot' && line.startsWith('BYE')))
  },
)

test(
  'SIGTERM with a call that does not end: it ends with its record when the time is up',
  { skip },
  async (t) => {
    const { office } = await stage(t, 'answers', {}, { DRAIN_SECONDS: '1' })
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín/, /connected/i)
    assert.equal(await office.bot.stop({ keep: true }), 0)
    await office.shows(/interrupted/i, /lasted/)
    await office.reopens()
    await office.types(alice, 'calls')
    await office.shows(/your calls/i, /Bob Marín/)
  },
)

test('a second bot on the same data is refused in a sentence', async (t) => {
  const office = await Office.open(t, { trunk: NOWHERE })
  const second = await failsToStart(t, { trunk: NOWHERE, people: PEOPLE, data: office.bot.data })
  assert.equal(second.code, 78)
  assert.match(second.said, /Dialback cannot start: .*DATA_DIR|already|another/i)
  assert.doesNotMatch(second.said, /^\s+at .*\.ts:\d+/m, 'no stack trace for people')
})

test('a port that is taken is told with the setting to change', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  atTheEnd(t, () => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { code, said } = await failsToStart(t, { trunk: NOWHERE, people: PEOPLE, port })
  assert.equal(code, 78)
  assert.match(said, new RegExp(`^Dialback cannot start: .*${port}[\\s\\S]*PORT`, 'm'))
})

test('a SIP port that is taken is told with the setting to change', async (t) => {
  const office = await Office.open(t, { trunk: NOWHERE })
  const { code, said } = await failsToStart(t, { trunk: NOWHERE, people: PEOPLE, sip: office.bot.sip })
  assert.equal(code, 78)
  assert.match(said, /^Dialback cannot start: [\s\S]*SIP_BIND/m)
})

test('all faults of the settings are told at once, with exit code 78', async (t) => {
  const env = {
    PORT: 'eighty',
    RING_SECONDS_DESK: '0',
    COUNTRY: 'Atlantis',
    CALLER_ID: '12',
    SIP_TRUNK: 'http://pbx',
  }
  const { code, said } = await failsToStart(t, { people: [{ name: 'Alice', phones: { dsk: '1' } }], env })
  assert.equal(code, 78)
  for (const name of Object.keys(env)) assert.match(said, new RegExp(name))
  assert.doesNotMatch(said, /^\s+at /m)
})

test('settings are read from .env in the folder it is started in', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'dialback-'))
  atTheEnd(t, () => rmSync(data, { recursive: true, force: true }))
  writeFileSync(join(data, '.env'), 'RING_SECONDS_CALLEE=never\n')
  const { code, said } = await failsToStart(t, { data })
  assert.equal(code, 78)
  assert.match(said, /RING_SECONDS_CALLEE/)
})

test('what comes in wrongly by HTTP gets a plain refusal, and nothing is rung', { skip }, async (t) => {
  const { office, sipp } = await stage(t, 'answers')
  const { chat } = office
  const { url } = office.bot
  const json = { 'content-type': 'application/json' }
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${url}/api/messages`, { method: 'POST', body, headers }).then((answer) => answer.status)

  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  const wish = JSON.stringify(chat.activity(alice, { text: 'call Bob Marín' }))
  assert.equal(await post('text=call+Bob', { 'content-type': 'application/x-www-form-urlencoded' }), 415)
  assert.equal(await post(wish, { 'content-type': 'text/plain' }), 415)
  assert.equal(await post(wish, { ...json, origin: 'https://evil.example' }), 403)
  assert.equal(await foreignHost(office.bot.port, wish), 403)
  assert.equal(await post('{"broken', json), 400)
  const foreign = JSON.stringify({
    ...chat.activity(alice, { text: 'call Bob Marín' }),
    serviceUrl: 'https://evil.example/',
  })
  assert.ok((await post(foreign, json)) < 500)
  for (const type of [
    'typing',
    'conversationUpdate',
    'installationUpdate',
    'endOfConversation',
    'somethingNew',
  ])
    assert.ok((await chat.post(chat.activity(alice, { type }))).status <= 202, type)

  await office.types(alice, 'x'.repeat(1_000_000))
  await office.shows(/too long/)
  for (const text of [
    'call',
    'call Nobody Atall',
    'call +1\r\nINVITE sip:x',
    'call sip:evil@192.0.2.9',
    '🙂'.repeat(2000),
  ])
    assert.ok((await chat.say(alice, text)).status < 300, text)
  await office.types({ aadObjectId: 'eve', name: 'Eve' }, 'call Bob Marín')
  await office.shows(/not in this company/)
  const forged = { verb: 'redial', call: 'c_AAAAAAAAAAAAAAAAAAAAAA', revision: 1, nonce: 'n' }
  await chat.post(chat.activity(alice, { value: forged, text: undefined }))
  await office.shows(/do not know this button/)
  assert.deepEqual(rung(sipp.messages), [])
})

/** `fetch` allows no Host header of one's own. */
function foreignHost(port: number, body: string): Promise<number | undefined> {
  const headers = { host: 'bot.evil.example', 'content-type': 'application/json' }
  return new Promise((done, failed) => {
    const asked = request({ port, path: '/api/messages', method: 'POST', headers }, (answer) => {
      answer.resume()
      done(answer.statusCode)
    })
    asked.on('error', failed).end(body)
  })
}

test('PEOPLE_FILE is read again when it changes; a faulty one leaves the last good one in force', async (t) => {
  const office = await Office.open(t, { trunk: NOWHERE })
  const file = join(office.bot.data, 'people.json')
  await office.types(alice, 'find Zoe')
  await office.shows(/found nobody called/)
  writeFileSync(file, JSON.stringify([...PEOPLE, { name: 'Zoë Núñez', phones: { desk: '+34910000004' } }]))
  await office.bot.says(/"people":4,/)
  await office.types(alice, 'find Zoe Nunez')
  await office.shows(/Zoë Núñez/, /910 00 00 04/)
  writeFileSync(file, JSON.stringify([...PEOPLE, { name: 'Bad Number', phones: { desk: '112' } }]))
  await office.bot.says(/the last good version stays in force/)
  await office.types(alice, 'find Zoë')
  await office.shows(/Zoë Núñez/, /910 00 00 04/)
  const ready = (await (await fetch(`${office.bot.url}/readyz`)).json()) as object
  assert.match(JSON.stringify(ready), /"people":\{"state":"degraded"/)
})

test('no secret is written to the log or to the data', { skip }, async (t) => {
  const password = 'correct-horse-battery'
  const { office, sipp } = await stage(
    t,
    'asks-401',
    { user: 'dialback', password },
    { SIP_TRUNK_USER: 'dialback', SIP_TRUNK_PASSWORD: password, LOG_LEVEL: 'trace' },
  )
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /connected/i)
  await office.types(alice, 'hang up')
  await office.shows(/You hung up/)
  await office.presses(alice, 'details')
  await office.presses(alice, 'ladder')
  const ladder = await office.shows(/SIP ladder/i, /INVITE/)
  assert.doesNotMatch(ladder, /Digest|response=/)
  assert.match(sipp.messages, /Authorization: Digest/)
  assert.doesNotMatch(office.bot.said, new RegExp(password))
  assert.doesNotMatch(office.bot.said, /response="?[0-9a-f]{32}/)
})
