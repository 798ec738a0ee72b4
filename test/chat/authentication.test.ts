import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ChatOptions } from '../../src/chat/chat.ts'
import type { Json, Who } from '../helpers/channel.ts'
import { chatBench } from '../helpers/chat.ts'
import { APP_ID, credentials, Issuer } from '../helpers/issuer.ts'

const alice: Who = { aadObjectId: 'a1', name: 'Alice', email: 'alice@contoso.example' }
const at = { channel: 'msteams', conversation: 'a:a1', language: 'en' } as const

const registered = (issuer: Issuer, extra: Partial<ChatOptions> = {}) => ({
  appId: APP_ID,
  appTenantId: 'TENANT-1',
  authentication: issuer.settings(),
  credentials: credentials as unknown as NonNullable<ChatOptions['credentials']>,
  ...extra,
})

suite('with an app id', () => {
  type Token = (issuer: Issuer, activity: Json) => string | undefined
  const good: Token = (issuer, { serviceUrl }) => issuer.token(serviceUrl)
  const rows: readonly [what: string, token: Token, who: Partial<Who>, status: number, code?: string][] = [
    ['a good token', good, {}, 200],
    ['no token', () => undefined, {}, 401, 'UNAUTHORIZED'],
    ['a token that is none', () => 'Bearer x', {}, 401, 'UNAUTHORIZED'],
    ['another scheme', () => 'Basic YTpi', {}, 401, 'UNAUTHORIZED'],
    [
      'an expired token',
      (issuer, { serviceUrl }) => issuer.token(serviceUrl, { exp: 1 }),
      {},
      401,
      'UNAUTHORIZED',
    ],
    [
      'a token for another bot',
      (issuer, { serviceUrl }) => issuer.token(serviceUrl, { aud: 'other' }),
      {},
      401,
      'UNAUTHORIZED',
    ],
    [
      'a token of another issuer',
      (issuer, { serviceUrl }) => issuer.token(serviceUrl, { iss: 'https://evil.example' }),
      {},
      401,
      'UNAUTHORIZED',
    ],
    [
      'a token for another serviceUrl',
      (issuer) => issuer.token('https://evil.example/'),
      {},
      401,
      'UNAUTHORIZED',
    ],
    [
      'a token signed by somebody else',
      (issuer, { serviceUrl }) => issuer.forged(serviceUrl),
      {},
      401,
      'UNAUTHORIZED',
    ],
    ['a foreign tenant', good, { tenant: 'tenant-2' }, 403, 'TENANT_NOT_ALLOWED'],
    ['no tenant at all', good, { tenant: '' }, 403, 'TENANT_NOT_ALLOWED'],
  ]
  for (const [what, token, who, status, code] of rows) {
    test(`${what}: ${status}${code === undefined ? '' : ` ${code}`}, and ${status === 200 ? 'it is heard' : 'nothing is'}`, async () => {
      await using issuer = await new Issuer().start()
      await using bench = await chatBench(registered(issuer))
      const activity = bench.channel.activity({ ...alice, ...who }, { text: 'call Bob' })
      const authorization = token(issuer, activity)
      const answer = await bench.channel.post(activity, authorization === undefined ? {} : { authorization })
      assert.equal(answer.status, status, answer.text)
      if (code !== undefined) assert.partialDeepStrictEqual(answer.body, { error: { code } })
      assert.equal(bench.receiver.heard.length, status === 200 ? 1 : 0)
      assert.equal(bench.facts.kept.size > 0, status === 200, 'nothing of a stranger is kept')
    })
  }

  test('a tenant that is named twice, differently, is not let in', async () => {
    await using issuer = await new Issuer().start()
    await using bench = await chatBench(registered(issuer))
    const activity = bench.channel.activity(alice, { text: 'x', channelData: { tenant: { id: 'tenant-2' } } })
    const answer = await bench.channel.post(activity, { authorization: issuer.token(activity['serviceUrl']) })
    assert.equal(answer.status, 403)
  })

  test('ALLOWED_TENANTS names others, in capitals or small', async () => {
    await using issuer = await new Issuer().start()
    await using bench = await chatBench(registered(issuer, { allowedTenants: ['tenant-9', 'Tenant-2'] }))
    const post = (tenant: string) => {
      const activity = bench.channel.activity({ ...alice, tenant }, { text: 'x' })
      return bench.channel.post(activity, { authorization: issuer.token(activity['serviceUrl']) })
    }
    assert.equal((await post('TENANT-2')).status, 200)
    assert.equal((await post('tenant-1')).status, 403)
  })

  test('what the bot sends carries its own token, and members are asked with it', async () => {
    await using issuer = await new Issuer().start()
    await using bench = await chatBench(registered(issuer))
    const activity = bench.channel.activity(alice, { text: 'x' })
    await bench.channel.post(activity, { authorization: issuer.token(activity['serviceUrl']) })
    bench.side.chat.say(at, { kind: 'sentence', sentence: { code: 'noCall' } })
    await bench.side.chat.settle(2000)
    assert.equal(bench.channel.ops[0]?.authorization, 'Bearer of-the-bot')
    assert.equal(await bench.side.chat.memberEmail('msteams', at.conversation, '29:a1'), alice.email)
  })

  test('the Host may be a public name', async () => {
    await using issuer = await new Issuer().start()
    await using bench = await chatBench(registered(issuer))
    const activity = bench.channel.activity(alice, { text: 'x' })
    const headers = {
      authorization: issuer.token(activity['serviceUrl']),
      origin: 'https://bot.contoso.example',
    }
    assert.equal((await bench.channel.post(activity, headers)).status, 200)
  })

  test('a key that is not endorsed for a channel does not speak for it', async () => {
    await using issuer = await new Issuer().start()
    await using bench = await chatBench(registered(issuer))
    const activity = bench.channel.activity(alice, { text: 'x', channelId: 'directline' })
    const answer = await bench.channel.post(activity, { authorization: issuer.token(activity['serviceUrl']) })
    assert.equal(answer.status, 401)
  })
})
