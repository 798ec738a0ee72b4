import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import type { ChatOptions } from '../../src/chat/chat.ts'
import type { Who } from '../helpers/channel.ts'
import { chatBench } from '../helpers/chat.ts'
import { Issuer } from '../helpers/issuer.ts'
import { good, refusedTokens } from '../helpers/tokens.ts'

const alice: Who = { aadObjectId: 'a1', name: 'Alice', email: 'alice@contoso.example' }
const at = { channel: 'msteams', conversation: 'a:a1', language: 'en' } as const

async function registered(t: TestContext, extra: Partial<ChatOptions> = {}) {
  const issuer = await new Issuer().start()
  issuer.isTrustedHere()
  const bench = await chatBench({ bot: issuer.registration, ...extra })
  t.after(async () => {
    await bench[Symbol.asyncDispose]()
    await issuer[Symbol.asyncDispose]()
  })
  const post = (who: Partial<Who> = {}, more = {}) => {
    const activity = bench.channel.activity({ ...alice, ...who }, { text: 'call Bob', ...more })
    return bench.channel.post(activity, { authorization: good(issuer, activity)! })
  }
  return { issuer, bench, post }
}

suite('with an app id', () => {
  test('a good token is heard', async (t) => {
    const { bench, post } = await registered(t)
    const answer = await post()
    assert.equal(answer.status, 200, answer.text)
    assert.equal(bench.receiver.heard.length, 1)
  })

  for (const { what, header, who, extra, status, code } of refusedTokens) {
    test(`${what}: ${status} ${code}, and nothing is heard`, async (t) => {
      const { issuer, bench } = await registered(t)
      const activity = bench.channel.activity({ ...alice, ...who }, { text: 'call Bob', ...extra })
      const authorization = header(issuer, activity)
      const answer = await bench.channel.post(activity, authorization === undefined ? {} : { authorization })
      assert.equal(answer.status, status, answer.text)
      assert.partialDeepStrictEqual(answer.body, { error: { code } })
      assert.equal(bench.receiver.heard.length, 0)
      assert.equal(bench.facts.kept.size, 0, 'nothing of a stranger is kept')
    })
  }

  test('a clock that is four minutes off is let pass', async (t) => {
    const { issuer, bench } = await registered(t)
    const now = Math.floor(Date.now() / 1000)
    for (const claims of [{ exp: now - 240 }, { nbf: now + 240 }]) {
      const activity = bench.channel.activity(alice, { text: 'x' })
      const authorization = issuer.token(activity['serviceUrl'], { claims })
      assert.equal((await bench.channel.post(activity, { authorization })).status, 200)
    }
  })

  test('a key that says nothing of endorsements speaks for every channel', async (t) => {
    const { issuer, bench } = await registered(t)
    const activity = bench.channel.activity(alice, { text: 'x' })
    const authorization = issuer.token(activity['serviceUrl'], { by: 'any' })
    assert.equal((await bench.channel.post(activity, { authorization })).status, 200)
  })

  test('a tenant that is named twice, differently, is not let in', async (t) => {
    const { post } = await registered(t)
    assert.equal((await post({}, { channelData: { tenant: { id: 'tenant-2' } } })).status, 403)
  })

  test('ALLOWED_TENANTS names others, in capitals or small', async (t) => {
    const { post } = await registered(t, { allowedTenants: ['tenant-9', 'Tenant-2'] })
    assert.equal((await post({ tenant: 'TENANT-2' })).status, 200)
    assert.equal((await post({ tenant: 'tenant-1' })).status, 403)
  })

  test('what the bot sends carries its own token, and members are asked with it', async (t) => {
    const { issuer, bench, post } = await registered(t)
    await post()
    bench.side.chat.say(at, { kind: 'sentence', sentence: { code: 'noCall' } })
    await bench.side.chat.settle(5000)
    issuer.checkOwn(bench.channel.ops[0]?.authorization)
    assert.equal(await bench.side.chat.memberEmail('msteams', at.conversation, '29:a1'), alice.email)
    assert.equal(issuer.grants.length, 1)
  })

  test('the Host may be a public name', async (t) => {
    const { issuer, bench } = await registered(t)
    const activity = bench.channel.activity(alice, { text: 'x' })
    const headers = { authorization: good(issuer, activity)!, origin: 'https://bot.contoso.example' }
    assert.equal((await bench.channel.post(activity, headers)).status, 200)
  })

  test('while the keys cannot be had a good token gets 503, not 401, and is let in when they are back', async (t) => {
    const { issuer, bench, post } = await registered(t, { monotonic: () => now })
    let now = 1_000_000
    issuer.keysTrouble = { status: 500 }
    const early = await post()
    assert.partialDeepStrictEqual(early, { status: 503, body: { error: { code: 'KEYS_UNREACHABLE' } } })
    assert.equal(bench.receiver.heard.length, 0)
    issuer.keysTrouble = undefined
    now += 5000
    assert.equal((await post()).status, 200)
  })

  test('keys that are known hold while the issuer is away, also after days', async (t) => {
    let now = 1_000_000
    const { issuer, bench, post } = await registered(t, { monotonic: () => now })
    assert.equal((await post()).status, 200)
    issuer.keysTrouble = { status: 500 }
    now += 3 * 86_400_000
    assert.equal((await post()).status, 200)
    assert.equal(bench.receiver.heard.length, 2)
  })
})
