/** Bad days of Microsoft Graph in the whole bot: what its user is told, and what its operator. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cloudOf } from '../helpers/cloud.ts'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')
const AUDIO = { tollNumber: '+34910480001', tollFreeNumber: null, ConferenceId: '123456789' }
const ROBERTO = 'aaaaaaaa-0000-4000-8000-000000000003'

/** A house whose phones ring; what Graph does is what is looked at. */
async function atTrouble(t: TestContext) {
  const cloud = await cloudOf(t, AUDIO)
  const sipp = await Sipp.start('rings-on')
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  const office = await Office.open(t, { trunk, env: { ...cloud.env, DRAIN_SECONDS: '0' } })
  return { ...cloud, office, sipp }
}

test(
  'a wrong secret: one sentence to the user, the settings to the operator, and nothing rings',
  { skip },
  async (t) => {
    const { issuer, tenant, office, sipp } = await atTrouble(t)
    issuer.trouble = { status: 401 }
    await office.types(alice, `join ${tenant.has(ROBERTO)}`)
    await office.shows(/Teams does not tell me the number of this meeting right now\. Try again/)
    await office.bot.says(/TOKEN_NOT_HAD/)
    await office.bot.says(/Check GRAPH_TENANT_ID, GRAPH_CLIENT_ID and GRAPH_CLIENT_SECRET/)
    const ready = (await (await fetch(`${office.bot.url}/readyz`)).json()) as object
    assert.match(JSON.stringify(ready), /"graph":\{[^}]*down/)
    assert.deepEqual(rung(sipp.messages), [])
  },
)

test(
  'no application access policy: the user is told whom to ask, the operator what to run',
  { skip },
  async (t) => {
    const { tenant, office, sipp } = await atTrouble(t)
    tenant.closed.add(ROBERTO)
    await office.types({ ...alice, locale: 'es-ES' }, `unirme a ${tenant.has(ROBERTO)}`)
    await office.shows(
      /Teams no me deja buscar el número de esta reunión\. Pega la invitación entera, o pide a un administrador/,
    )
    await office.bot.says(/New-CsApplicationAccessPolicy/)
    assert.deepEqual(rung(sipp.messages), [])
  },
)

test(
  'a token that Graph takes no longer: another is fetched, and the meeting is joined',
  { skip },
  async (t) => {
    const { issuer, graph, tenant, office } = await atTrouble(t)
    const first = tenant.has(ROBERTO)
    await office.types(alice, `join ${first}`)
    await office.shows(/Teams/, /Dialling out/i)
    await office.types(alice, 'hang up')
    await office.shows(/cancelled/i)
    // One that has just been given is not thrown away for its first second.
    await pause(1100)
    const old = graph.asked[0]?.authorization
    const { answer } = tenant
    graph.answer = (asked) => (asked.authorization === old ? { status: 401 } : answer(asked))
    await office.types(alice, `join ${tenant.has(ROBERTO)}`)
    await office.chat.until(() => office.standing.filter((words) => /Dialling out/i.test(words)).length === 1)
    assert.equal(issuer.grants.length, 2)
  },
)
