/** What the doctor finds of Microsoft Graph, and what it says is to be done. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { cloudOf } from '../helpers/cloud.ts'
import { Doctor } from '../helpers/doctor.ts'

const GRAPH = 'Microsoft Graph'
const ALL = ['OnlineMeetings.ReadWrite.All', 'Calendars.Read']

/** A bot with nothing of a PBX: what is looked at is Graph. */
async function surgery(t: TestContext) {
  const cloud = await cloudOf(t, {})
  const doctor = await Doctor.of(t, { env: { SIP_TRUNK: 'sip:127.0.0.1:9;transport=udp', ...cloud.env } })
  const of = async () => {
    const found = (await doctor.visits()).of(GRAPH)
    return found.map(
      ({ state, says, remedy }) => `${state}: ${says}${remedy === undefined ? '' : ` → ${remedy}`}`,
    )
  }
  return { ...cloud, doctor, of }
}

suite('the doctor at Microsoft Graph', () => {
  test('all is well: the token, its permissions, and somebody’s meetings and calendar', async (t) => {
    const { issuer, graph, of } = await surgery(t)
    issuer.roles = ALL
    assert.deepEqual(await of(), [
      `ok: ${new URL(issuer.url).host} has given a token that holds for 60 min`,
      'ok: it may look meetings up, and make them',
      'ok: it may read calendars',
      'ok: the meetings of Alice Serrano: open to the application',
      'ok: the calendar of Alice Serrano: open to the application',
    ])
    assert.ok(
      graph.asked.every(({ method }) => method === 'GET'),
      'nothing is made for a trial',
    )
  })

  test('a wrong secret, by the name of its setting', async (t) => {
    const { doctor, of } = await surgery(t)
    doctor.env['GRAPH_CLIENT_SECRET'] = 'another-secret'
    const [one, ...more] = await of()
    assert.match(one ?? '', /^failed: .*GRAPH_CLIENT_SECRET → Make a new client secret .*GRAPH_CLIENT_SECRET/)
    assert.deepEqual(more, [])
  })

  test('meetings that no access policy opens', async (t) => {
    const { issuer, tenant, of } = await surgery(t)
    issuer.roles = ALL
    tenant.closed.add('alice')
    const failed = (await of()).filter((one) => one.startsWith('failed'))
    assert.equal(failed.length, 1)
    assert.match(failed[0] ?? '', /the meetings of Alice Serrano: closed .*New-CsApplicationAccessPolicy/)
  })

  test('permissions that were not granted, by the token and by trial', async (t) => {
    const { issuer, tenant, of } = await surgery(t)
    issuer.roles = []
    tenant.permissions.clear()
    const found = await of()
    assert.match(
      found[1] ?? '',
      /^failed: .* no permission to look meetings up → .*OnlineMeetings\.Read\.All/,
    )
    assert.match(found[2] ?? '', /^warning: it may not read calendars.* → .*Calendars\.Read/)
    assert.match(found[3] ?? '', /^failed: the meetings of Alice .* → .*OnlineMeetings\.Read\.All/)
    assert.match(found[4] ?? '', /^failed: the calendar of Alice .* → .*Calendars\.Read/)
  })

  test('one that only reads is told that meetings are not made', async (t) => {
    const { issuer, of } = await surgery(t)
    issuer.roles = ['OnlineMeetings.Read.All', 'Calendars.Read']
    assert.match((await of())[1] ?? '', /^ok: it may look meetings up; `meet now` opens rooms/)
  })

  test('a Graph that is not there, and one that answers with trouble', async (t) => {
    const { graph, doctor, of } = await surgery(t)
    graph.answer = () => ({ status: 503 })
    assert.match((await of()).at(-1) ?? '', /^warning: the calendar .* it answers 503 → .*GRAPH_URL/)
    doctor.env['GRAPH_URL'] = 'https://127.0.0.1:1'
    assert.match(
      (await of()).at(-1) ?? '',
      /^failed: 127\.0\.0\.1:1 is not reached.* → .*GRAPH_URL.*HTTPS_PROXY/,
    )
  })

  test('is passed over where it is not set up', async (t) => {
    const doctor = await Doctor.of(t)
    const [one] = (await doctor.visits()).of(GRAPH)
    assert.deepEqual(one, {
      ...{ check: GRAPH, state: 'skipped' },
      says: 'GRAPH_TENANT_ID is not set: Microsoft Graph is not asked',
    })
  })
})
