import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createConnector } from '../../src/chat/connector.ts'
import { personId } from '../../src/core/ids.ts'
import type { Person } from '../../src/core/party.ts'
import { Graph } from '../../src/graph/graph.ts'
import { meetNow } from '../../src/graph/meet-now.ts'
import { OnlineMeetings } from '../../src/graph/online-meetings.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { HeardLog } from '../helpers/chat.ts'
import { FakeGraph, JOIN_URL, MEETING, NO_POLICY, TENANT } from '../helpers/graph.ts'

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001'
const alice: Person = {
  id: personId('alice'),
  name: 'Alice Serrano',
  aadObjectId: ALICE,
  ids: {},
  phones: { desk: '1001' },
  aliases: [],
  admin: false,
}

async function made(body: unknown, host = alice, status = 201) {
  await using fake = await FakeGraph.start()
  fake.answer = () => ({ status, body })
  const wire = createConnector({ authorize: () => Promise.resolve('Bearer x'), refused: () => undefined })
  const graph = new Graph({ wire, service: fake.url, clock: systemClock, log: new HeardLog() })
  const meeting = await meetNow(new OnlineMeetings(graph, TENANT), systemClock)(host)
  wire.close()
  return { meeting, asked: fake.asked }
}

it('meet now makes a Teams meeting of the host, with its link and the digits that its bridge asks for', async () => {
  const { meeting, asked } = await made(MEETING)
  assert.equal(asked[0]?.method, 'POST')
  assert.equal(asked[0].path, `/v1.0/users/${ALICE}/onlineMeetings`)
  assert.partialDeepStrictEqual(meeting, {
    provider: 'teams',
    title: 'Alice Serrano',
    link: JOIN_URL,
    id: '249991234',
    numbers: [
      { number: '+34800000000', tollFree: true },
      { number: '+34911980000', tollFree: false },
    ],
  })
})

it('a meeting without telephone access is none, and so is what Graph refuses: each is told apart', async () => {
  assert.equal((await made({ ...MEETING, audioConferencing: null })).meeting, 'noDialIn')
  assert.equal((await made(NO_POLICY, alice, 403)).meeting, 'notMade')
})

it('who has no account in the tenant is not asked for', async () => {
  const { aadObjectId: _, ...guest } = alice
  const { meeting, asked } = await made(MEETING, guest)
  assert.deepEqual([meeting, asked], [undefined, []])
})
