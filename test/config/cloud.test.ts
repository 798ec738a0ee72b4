import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigFault, loadConfig } from '../../src/config.ts'

const people = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '+34910000001' } }])
const TRUNK = { SIP_TRUNK: 'sip:127.0.0.1:5090', PEOPLE_FILE: 'people.json', COUNTRY: 'ES' }
const SERVICE = {
  ...TRUNK,
  MicrosoftAppId: 'app',
  MicrosoftAppPassword: 'secret-of-app',
  MicrosoftAppTenantId: 'tenant',
}
const missing = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' })

const load = (env: Record<string, string>) =>
  loadConfig(env, {
    cwd: '/here',
    read: (file) => {
      if (file !== '/here/people.json') throw missing
      return people
    },
  })
const cloud = (env: Record<string, string>) => load({ ...SERVICE, ...env }).config.bot?.cloud

function told(env: Record<string, string>): string {
  try {
    load(env)
  } catch (fault) {
    assert.ok(fault instanceof ConfigFault, String(fault))
    return fault.faults.map(({ setting, problem }) => `${setting} ${problem}`).join()
  }
  assert.fail('it was accepted')
}

test('a bot is of the public cloud, of the US government, or of the one whose addresses are set', () => {
  assert.deepEqual(cloud({}), {
    issuer: 'https://api.botframework.com',
    keys: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    login: 'https://login.microsoftonline.com/tenant',
    scope: 'https://api.botframework.com',
  })
  assert.equal(
    cloud({ MicrosoftAppType: 'MultiTenant' })?.login,
    'https://login.microsoftonline.com/botframework.com',
  )
  assert.deepEqual(cloud({ ChannelService: 'https://botframework.azure.us' }), {
    issuer: 'https://api.botframework.us',
    keys: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    login: 'https://login.microsoftonline.us/tenant',
    scope: 'https://api.botframework.us',
  })
  const china = {
    ToBotFromChannelTokenIssuer: 'https://api.botframework.azure.cn',
    ToBotFromChannelOpenIdMetadataUrl:
      'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
    ToChannelFromBotLoginUrl: 'https://login.partner.microsoftonline.cn/tenant',
    ToChannelFromBotOAuthScope: 'https://api.botframework.azure.cn',
  }
  assert.deepEqual(cloud(china), {
    issuer: china.ToBotFromChannelTokenIssuer,
    keys: china.ToBotFromChannelOpenIdMetadataUrl,
    login: china.ToChannelFromBotLoginUrl,
    scope: china.ToChannelFromBotOAuthScope,
  })
})

test('nobody is believed by mistake: whose keys count is told, and they come by https', () => {
  const keys = (url: string) => ({ ...SERVICE, ToBotFromChannelOpenIdMetadataUrl: url })
  assert.match(load(keys('https://keys.example/openid')).warnings.join(), /keys of https:\/\/keys\.example/)
  assert.equal(load(SERVICE).warnings.length, 0)
  assert.equal(load(keys('http://127.0.0.1:9/openid')).warnings.length, 1)
  for (const url of [
    'http://keys.example/openid',
    'keys.example',
    'file:///etc/keys',
    'http://127.0.0.1.example/x',
  ])
    assert.match(told(keys(url)), /ToBotFromChannelOpenIdMetadataUrl is not an https address/, url)
  assert.match(told(keys('https://user:pw@keys.example/')), /has a user or password/)
  for (const name of [
    'ToChannelFromBotLoginUrl',
    'ToChannelFromBotOAuthScope',
    'ToBotFromChannelTokenIssuer',
  ])
    assert.match(told({ ...SERVICE, [name]: 'http://login.example/tenant' }), new RegExp(`${name} is not`))
  assert.match(told({ ...SERVICE, ChannelService: 'https://evil.example' }), /ChannelService is not one/)
  assert.match(
    told({ ...TRUNK, ToBotFromChannelOpenIdMetadataUrl: 'https://keys.example/' }),
    /is set, but MicrosoftAppId is not/,
  )
})

test('a single-tenant bot gets its tokens from its own tenant', () => {
  const login = (url: string) => ({ ...SERVICE, ToChannelFromBotLoginUrl: url })
  assert.equal(
    load(login('https://login.example/Tenant/')).config.bot?.cloud.login,
    'https://login.example/Tenant/',
  )
  assert.match(told(login('https://login.example/common')), /ToChannelFromBotLoginUrl does not end/)
})
