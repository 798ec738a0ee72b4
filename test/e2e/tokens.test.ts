/** A whole bot with an app id: who may talk to it, and by what it proves itself, before an issuer of tokens on loopback. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Issuer, PASSWORD } from '../helpers/issuer.ts'
import type { Trouble } from '../helpers/issuer.ts'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { rung } from '../helpers/sip-trace.ts'
import { good, refusedTokens } from '../helpers/tokens.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'
import type { Ending, SippOptions } from '../peers/sipp.ts'

const skip = await missing('sipp')
const ALICE = '+34910000001'
const BOB = '+34910000002'

/** A bot that is configured as an administrator would, for a cloud of its own; its channel checks every token. */
async function stage(t: TestContext, ending: Ending, options: SippOptions = {}) {
  const sipp = await Sipp.start(ending, options)
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const issuer = await new Issuer().start()
  atTheEnd(t, () => issuer[Symbol.asyncDispose]())
  const folder = mkdtempSync(join(tmpdir(), 'issuer-'))
  atTheEnd(t, () => rmSync(folder, { recursive: true }))
  const certificate = join(folder, 'issuer.pem')
  writeFileSync(certificate, issuer.certificate)
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  const env = {
    ...issuer.settings,
    ...{ NODE_EXTRA_CA_CERTS: certificate, HOST: '127.0.0.1', DRAIN_SECONDS: '0', LOG_LEVEL: 'trace' },
  }
  const office = await Office.open(t, { trunk, env })
  const unproved: string[] = []
  office.chat.fail = ({ authorization, path }) => {
    try {
      issuer.checkOwn(authorization)
      return undefined
    } catch (err) {
      unproved.push(`${path} ${String(err)}`)
      return { status: 401 }
    }
  }
  office.chat.prove = (activity) => good(issuer, activity)
  return { sipp, issuer, office, unproved }
}

test(
  'a good token rings, and all that the bot sends carries one token of its own tenant',
  { skip },
  async (t) => {
    const { sipp, issuer, office, unproved } = await stage(t, 'hangs-up', { answers: '910000001' })
    await office.bot.says(/Who may talk to the bot is decided by the keys of https:\/\/localhost/)
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín hung up/, /lasted/)
    assert.deepEqual(rung(sipp.messages), [ALICE, BOB])
    assert.deepEqual(unproved, [])
    assert.ok(office.chat.ops.length > 1)
    assert.equal(issuer.grants.length, 1)
    const { grant_type, client_id, scope } = Object.fromEntries(issuer.grants[0]!)
    assert.deepEqual(
      { grant_type, client_id, scope },
      {
        grant_type: 'client_credentials',
        client_id: issuer.settings.MicrosoftAppId,
        scope: 'https://api.botframework.com/.default',
      },
    )
  },
)

test('whoever is not believed rings nothing, and is told why not', { skip }, async (t) => {
  const { sipp, issuer, office } = await stage(t, 'rings-on')
  const { chat } = office
  for (const { what, header, who, extra, status, code } of refusedTokens) {
    await t.test(`${what}: ${status}`, async () => {
      const activity = chat.activity({ ...alice, ...who }, { text: 'call Bob Marín', ...extra })
      chat.prove = () => undefined
      const authorization = header(issuer, activity)
      const answer = await chat.post(activity, authorization === undefined ? {} : { authorization })
      assert.equal(answer.status, status, answer.text)
      assert.partialDeepStrictEqual(answer.body, { error: { code } })
    })
  }
  // What comes behind them is heard: had one of them rung a phone, that would be seen by now.
  chat.prove = (activity) => good(issuer, activity)
  await office.types(alice, 'status')
  await office.shows(/phone/i)
  assert.equal(await office.bot.stop(), 0)
  assert.deepEqual(rung(sipp.messages), [])
  assert.equal(chat.ops.length, 1)
})

test('a token of the bot that ends soon is renewed before it does', { skip }, async (t) => {
  const { issuer, office, unproved } = await stage(t, 'answers')
  issuer.lasts = 10
  const began = Date.now()
  for (let said = 1; issuer.grants.length < 2 || said < 10; said += 1) {
    assert.ok(Date.now() - began < 20_000, 'it is renewed')
    await office.types(alice, 'status')
    await office.chat.until(() => office.chat.ops.length >= said)
  }
  assert.deepEqual(unproved, [], 'no channel has seen one that was over')
  await office.types(alice, 'help')
  await office.shows(/hang up/)
  const seen = new Set(office.chat.ops.map((op) => op.authorization))
  assert.ok(seen.size >= 2 && seen.size <= issuer.grants.length)
  assert.ok(seen.size < office.chat.ops.length, 'not one for each message')
})

for (const [what, trouble] of [
  ['answers 500', { status: 500 }],
  ['refuses the secret', { status: 401 }],
  ['is slow for ever', { slow: 600_000 }],
  ['closes every connection', 'refused'],
] as const satisfies readonly (readonly [string, Trouble])[]) {
  test(
    `the issuer ${what}: the phones ring all the same, and the card comes when tokens are back`,
    { skip },
    async (t) => {
      const { sipp, issuer, office, unproved } = await stage(t, 'rings-on', { answers: '910000001' })
      issuer.trouble = trouble
      await office.types(alice, 'call Bob Marín')
      // Bob's phone rings behind Alice's answer: by then a call that waited for its card would hang.
      await sipp.until(() => rung(sipp.messages).length === 2)
      assert.deepEqual(rung(sipp.messages), [ALICE, BOB])
      assert.equal(office.chat.ops.length, 0)
      issuer.trouble = undefined
      await office.showsWithin(30_000, /Bob Marín/, /ringing/i)
      await office.types(alice, 'hang up')
      await office.shows(/cancelled/i)
      assert.deepEqual(unproved, [])
      assert.equal(office.chat.ops.filter((op) => op.method === 'POST').length, 1)
      await office.bot.says(/TOKEN_NOT_HAD/)
      await office.bot.says(/Check MicrosoftAppPassword/)
    },
  )
}

test('a channel that takes a token no longer gets a new one', { skip }, async (t) => {
  const { issuer, office } = await stage(t, 'answers')
  await office.types(alice, 'status')
  await office.shows(/phone/i)
  const [first] = office.chat.ops.map((op) => op.authorization)
  office.chat.fail = ({ authorization }) => (authorization === first ? { status: 401 } : undefined)
  await office.types(alice, 'help')
  await office.shows(/hang up/)
  assert.equal(issuer.grants.length, 2)
})

test("the bot's secret and its tokens stand in no log and no file", { skip }, async (t) => {
  const { issuer, office } = await stage(t, 'hangs-up', { answers: '910000001' })
  issuer.trouble = { status: 500 }
  await office.types(alice, 'call Bob Marín')
  await office.bot.says(/TOKEN_NOT_HAD/)
  issuer.trouble = undefined
  await office.showsWithin(30_000, /Bob Marín hung up/, /lasted/)
  const activity = office.chat.activity(alice, { text: 'x' })
  await office.chat.post(activity, { authorization: issuer.forged(activity['serviceUrl']) })
  await office.bot.says(/UNAUTHORIZED/)
  assert.equal(await office.bot.stop({ keep: true }), 0)
  const own = office.chat.ops[0]?.authorization?.replace('Bearer ', '') ?? ''
  const texts = [office.bot.said, ...filesOf(office.bot.data)]
  for (const text of texts) {
    assert.ok(!text.includes(PASSWORD))
    assert.ok(!text.includes(own))
    assert.ok(!/eyJ[\w-]{20,}\.[\w-]{20,}/.test(text), 'nor any other token')
  }
  rmSync(office.bot.data, { recursive: true })
})

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'))
}
