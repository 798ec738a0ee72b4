/** Which Microsoft Graph is asked, and where its tokens come from. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigFault, loadConfig } from '../../src/config.ts'

const people = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '+34910000001' } }])
const BASE = { SIP_TRUNK: 'sip:127.0.0.1:5090', PEOPLE_FILE: 'people.json', COUNTRY: 'ES' }
const GRAPH = { GRAPH_TENANT_ID: 'Tenant', GRAPH_CLIENT_ID: 'app', GRAPH_CLIENT_SECRET: 'very-secret' }

const load = (env: Record<string, string>) =>
  loadConfig(
    { ...BASE, ...env },
    { cwd: '/here', read: (file) => (file === '/here/people.json' ? people : none()) },
  )
function none(): never {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
}
function told(env: Record<string, string>): string {
  try {
    load(env)
  } catch (fault) {
    assert.ok(fault instanceof ConfigFault, String(fault))
    return fault.faults.map(({ setting, problem, remedy }) => `${setting} ${problem}: ${remedy}`).join('\n')
  }
  assert.fail('it was accepted')
}

test('with nothing set nothing is asked; addresses alone are told to have no effect', () => {
  assert.equal(load({}).config.graph, undefined)
  const { config, warnings } = load({ GRAPH_URL: 'https://graph.microsoft.us' })
  assert.equal(config.graph, undefined)
  assert.match(warnings.join(), /GRAPH_URL has no effect without GRAPH_TENANT_ID/)
})

test('the public cloud, and each national one by its address, with the login that belongs to it', () => {
  const of = (env: Record<string, string>) => {
    const { url, login } = load({ ...GRAPH, ...env }).config.graph ?? {}
    return [url, login]
  }
  assert.deepEqual(of({}), ['https://graph.microsoft.com', 'https://login.microsoftonline.com/tenant'])
  assert.deepEqual(of({ GRAPH_URL: 'https://graph.microsoft.us/' }), [
    'https://graph.microsoft.us',
    'https://login.microsoftonline.us/tenant',
  ])
  assert.deepEqual(
    of({ GRAPH_URL: 'https://dod-graph.microsoft.us' })[1],
    'https://login.microsoftonline.us/tenant',
  )
  assert.deepEqual(
    of({ GRAPH_URL: 'https://microsoftgraph.chinacloudapi.cn' })[1],
    'https://login.chinacloudapi.cn/tenant',
  )
  const bot = { MicrosoftAppId: 'a', MicrosoftAppPassword: 'b', MicrosoftAppTenantId: 'tenant' }
  assert.deepEqual(
    of({ ...bot, ChannelService: 'https://botframework.azure.us' })[0],
    'https://graph.microsoft.us',
  )
  assert.deepEqual(of({ GRAPH_URL: 'https://graph.example', GRAPH_LOGIN_URL: 'https://login.example/' }), [
    'https://graph.example',
    'https://login.example/tenant',
  ])
})

test('half of it is a fault, and so is a cloud whose login is not known, or one that is not https', () => {
  const { GRAPH_CLIENT_SECRET: _, ...half } = GRAPH
  assert.match(
    told(half),
    /GRAPH_CLIENT_SECRET is not set.*Set GRAPH_TENANT_ID, GRAPH_CLIENT_ID, GRAPH_CLIENT_SECRET/,
  )
  assert.match(
    told({ ...GRAPH, GRAPH_URL: 'https://graph.example' }),
    /GRAPH_LOGIN_URL is not set, and no cloud is known/,
  )
  assert.match(told({ ...GRAPH, GRAPH_URL: 'http://graph.microsoft.com' }), /GRAPH_URL.*https/)
  assert.match(told({ ...GRAPH, GRAPH_LOGIN_URL: 'http://login.example' }), /GRAPH_LOGIN_URL.*https/)
})

test('its secret is one of those that no log shows', () => {
  assert.ok(load(GRAPH).config.secrets.includes('very-secret'))
})
