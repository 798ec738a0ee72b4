/** Microsoft Graph from the settings to the phone: a token by client credentials, a meeting's number, a real bridge. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { cloudOf } from '../helpers/cloud.ts'
import { ALICE, BOB, BRIDGE, conferenceHouse } from '../helpers/conference.ts'
import { alice as anAlice, bob as aBob, PEOPLE } from '../helpers/office.ts'
import { PASSWORD } from '../helpers/issuer.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')
const MINUTE = 60_000

/** Object ids as Entra ID gives them: a meeting's link names its organiser by one. */
const idOf = (n: number) => `aaaaaaaa-0000-4000-8000-00000000000${n}`
const people = PEOPLE.map((person, i) => ({ ...person, aadObjectId: idOf(i + 1) }))
const alice = { ...anAlice, aadObjectId: idOf(1) }
const bob = { ...aBob, aadObjectId: idOf(2) }
const ROBERTO = idOf(3)
const group = { conversation: '19:team@thread.v2', conversationType: 'groupChat' } as const

/** A bridge of Teams asks for the number of the conference, and for nothing else. */
const bridge = { number: BRIDGE.number, id: BRIDGE.id }
const AUDIO = { tollNumber: bridge.number, tollFreeNumber: null, ConferenceId: bridge.id }

async function teamsHouse(t: TestContext) {
  const cloud = await cloudOf(t, AUDIO)
  return { ...cloud, ...(await conferenceHouse(t, 'rfc4733', cloud.env, { bridge, people })) }
}

test(
  'a link of Teams alone: Graph tells number and conference id, the desk phone rings, and the id is keyed',
  { skip },
  async (t) => {
    const { issuer, graph, tenant, office, a, b } = await teamsHouse(t)
    const link = tenant.has(ROBERTO)
    await office.types(alice, `join ${link}`)
    await a.rings()
    await a.picksUp()
    await office.showsWithin(40_000, /You are in the meeting/)
    assert.equal(graph.asked.at(-1)?.path, `/v1.0/users/${ROBERTO}/onlineMeetings`)

    await office.types({ ...bob, ...group }, link)
    await office.shows(/Teams/, /Call me/)
    await office.presses({ ...bob, ...group }, 'callMe')
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(BOB, 40_000), b.hears(ALICE, 40_000)])
    assert.equal(graph.asked.length, 1, 'Graph is asked once for a meeting, whoever wants in')
    const [grant, ...more] = issuer.grants
    assert.deepEqual(more, [], 'one token serves for all')
    const { grant_type, scope } = Object.fromEntries(grant ?? [])
    assert.deepEqual(
      { grant_type, scope },
      { grant_type: 'client_credentials', scope: `${graph.home}/.default` },
    )
    assert.ok(!office.bot.said.includes(PASSWORD) && !/eyJ[\w-]{20,}\./.test(office.bot.said))
  },
)

test(
  'meet now is a Teams meeting with a way in; the day is listed with [Call me], and a meeting that begins is told of',
  { skip },
  async (t) => {
    const { graph, tenant, office, a } = await teamsHouse(t)
    await office.types(alice, 'meet now')
    await a.rings()
    assert.partialDeepStrictEqual(graph.asked.at(-1), {
      method: 'POST',
      path: `/v1.0/users/${idOf(1)}/onlineMeetings`,
    })
    await a.picksUp()
    await office.showsWithin(40_000, /You are in the meeting/)
    await office.shows(/Teams/, /Alice Serrano/, /in by phone/)
    await a.hangsUp()
    await office.shows(/ended · lasted/i)

    // More than a page, and what is wanted stands on the second.
    const now = Date.now()
    const lunch = Array.from({ length: 21 }, (_, i) => ({
      subject: `Lunch ${i}`,
      from: now,
      until: now + MINUTE,
    }))
    const standup = {
      subject: 'Standup',
      from: now - MINUTE,
      until: now + 30 * MINUTE,
      joinUrl: tenant.has(ROBERTO),
    }
    tenant.events.set(idOf(1), [...lunch, standup])
    await office.types(alice, 'meetings today')
    await office.shows(/Standup/, /Call me/i)
    await office.presses(alice, 'callMe')
    await a.rings()
    await office.shows(/Standup/, /Dialling out/)
    await office.types(alice, 'hang up')
    await a.isFree()

    const review = {
      subject: 'Review',
      from: Date.now() + 3000,
      until: now + 60 * MINUTE,
      joinUrl: tenant.has(ROBERTO),
    }
    tenant.events.set(idOf(1), [review])
    await office.types(alice, 'remind me of meetings')
    await office.showsWithin(15_000, /Review/, /now/i, /Call me/i)
  },
)
