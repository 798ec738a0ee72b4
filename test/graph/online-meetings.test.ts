import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConnector } from '../../src/chat/connector.ts'
import { Graph } from '../../src/graph/graph.ts'
import { OnlineMeetings } from '../../src/graph/online-meetings.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { HeardLog } from '../helpers/chat.ts'
import { FakeGraph, JOIN_URL, MEETING, NO_POLICY, ORGANISER, TENANT, THREAD } from '../helpers/graph.ts'

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001'
const DIAL_IN = {
  id: '249991234',
  numbers: [
    { number: '+34800000000', tollFree: true },
    { number: '+34911980000', tollFree: false },
  ],
}

async function bench() {
  const fake = await FakeGraph.start()
  const log = new HeardLog()
  // A new token each time that one was refused.
  const tokens = { left: 10, given: 1 }
  const wire = createConnector({
    authorize: () =>
      tokens.given > tokens.left
        ? Promise.reject(new Error('no token'))
        : Promise.resolve(`Bearer token ${tokens.given}`),
    refused: () => (tokens.given += 1),
  })
  const graph = new Graph({ wire, service: fake.url, clock: systemClock, log })
  return {
    ...{ fake, log, graph, tokens, meetings: new OnlineMeetings(graph, TENANT) },
    async [Symbol.asyncDispose]() {
      wire.close()
      await fake[Symbol.asyncDispose]()
    },
  }
}

describe('the telephone access of a Teams meeting, asked of Microsoft Graph', () => {
  it('is looked for among the meetings of the organiser whom the link names, then of who asks', async () => {
    await using b = await bench()
    assert.deepEqual(b.meetings.whose(JOIN_URL, ALICE), [ORGANISER, ALICE])
    assert.deepEqual(b.meetings.whose(JOIN_URL, undefined), [ORGANISER])
    assert.deepEqual(b.meetings.whose(JOIN_URL, ORGANISER.toUpperCase()), [ORGANISER])
    b.fake.answer = () => ({ body: { value: [MEETING] } })
    assert.deepEqual(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), DIAL_IN)
    const [asked] = b.fake.asked
    assert.equal(asked?.path, `/v1.0/users/${ORGANISER}/onlineMeetings`)
    assert.equal(asked.query.get('$filter'), `JoinWebUrl eq '${JOIN_URL}'`)
    assert.equal(asked.authorization, 'Bearer token 1')
  })

  it('a link that was pasted with other escapes and more behind it is asked for as Graph keeps it', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ body: { value: [MEETING] } })
    const context = encodeURIComponent(JSON.stringify({ Tid: TENANT, Oid: ORGANISER.toUpperCase(), x: "'" }))
    const pasted = `https://teams.microsoft.com/l/meetup-join/${THREAD}/0?context=${context}&anon=true' or '1' eq '1`
    await b.meetings.dialIn(pasted, ALICE, 2000)
    assert.equal(
      b.fake.asked[0]?.query.get('$filter'),
      `JoinWebUrl eq '${JOIN_URL.replace(ORGANISER, ORGANISER.toUpperCase())}'`,
    )
  })

  it('a short link names nobody: the meeting is asked for by its number, of whoever asks', async () => {
    await using b = await bench()
    const short = 'https://teams.microsoft.com/meet/1234567890123?p=secret'
    assert.deepEqual(b.meetings.whose(short, ALICE), [ALICE])
    assert.deepEqual(b.meetings.whose(short, undefined), [])
    b.fake.answer = () => ({ body: { value: [MEETING] } })
    assert.deepEqual(await b.meetings.dialIn(short, ALICE, 2000), DIAL_IN)
    assert.equal(b.fake.asked[0]?.path, `/v1.0/users/${ALICE}/onlineMeetings`)
    assert.equal(
      b.fake.asked[0].query.get('$filter'),
      "joinMeetingIdSettings/joinMeetingId eq '1234567890123'",
    )
  })

  it('numbers in the lists of newer replies are taken once each', async () => {
    await using b = await bench()
    const audioConferencing = {
      conferenceId: '249 991 234#',
      tollNumber: '+34911980000',
      tollNumbers: ['+34911980000', '+442030000000', 'sip:evil@example.com'],
      tollFreeNumbers: ['+34800000000'],
    }
    b.fake.answer = () => ({ body: { value: [{ ...MEETING, audioConferencing }] } })
    assert.deepEqual(await b.meetings.dialIn(JOIN_URL, ALICE, 2000), {
      ...DIAL_IN,
      numbers: [...DIAL_IN.numbers, { number: '+442030000000', tollFree: false }],
    })
  })

  it('a meeting of another tenant, another host or no meeting at all is not asked for', async () => {
    await using b = await bench()
    for (const link of [
      JOIN_URL.replace(TENANT, '00000000-0000-4000-8000-000000000000'),
      JOIN_URL.replace('teams.microsoft.com', 'teams.rnicrosoft.com'),
      JOIN_URL.replace('https:', 'file:'),
      'https://zoom.us/j/89012345678',
      'https://teams.microsoft.com/l/meetup-join/19%3ameeting_abcdefghij/0?context=%7b',
    ]) {
      assert.deepEqual(b.meetings.whose(link, ALICE), [])
      assert.equal(await b.meetings.dialIn(link, ALICE, 2000), 'none')
    }
    assert.deepEqual(b.fake.asked, [])
  })

  it('a meeting without audio conferencing has none', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ body: { value: [{ ...MEETING, audioConferencing: null }] } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'none')
  })

  it('403: the operator is told permission and policy, once for each, without the link', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 403, body: NO_POLICY })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'refused')
    assert.equal(await b.meetings.dialIn(JOIN_URL, ALICE, 2000), 'refused')
    assert.equal(b.log.lines.length, 1)
    assert.partialDeepStrictEqual(b.log.lines[0], {
      ...{ code: 'GRAPH_REFUSED', status: 403, needs: 'OnlineMeetings.Read.All' },
      remedy:
        'Give the application the permission OnlineMeetings.Read.All of the type Application, with admin consent, and open the meetings of its users to it by New-CsApplicationAccessPolicy and Grant-CsApplicationAccessPolicy (docs/meetings.md, "Microsoft Graph").',
    })
    assert.doesNotMatch(JSON.stringify(b.log.lines), /meetup|thread/)
    assert.match(b.graph.state().detail ?? '', /403 to what needs OnlineMeetings\.Read\.All/)
    await b.meetings.create(ALICE, { subject: 'x', from: 0, until: 1 })
    assert.match(String(b.log.lines[1]?.['remedy']), /OnlineMeetings\.ReadWrite\.All/)
  })

  it('404: there is none, and nobody is to be told', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 404, body: { error: { code: 'NotFound' } } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'none')
    assert.deepEqual(b.log.lines, [])
    assert.equal(b.graph.state().state, 'ok')
  })

  it('401: once more with a new token, which may hold', async () => {
    await using b = await bench()
    b.fake.next.push({ status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } })
    b.fake.answer = () => ({ body: { value: [MEETING] } })
    assert.deepEqual(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), DIAL_IN)
    assert.deepEqual(
      b.fake.asked.map(({ authorization }) => authorization),
      ['Bearer token 1', 'Bearer token 2'],
    )
    assert.deepEqual(b.log.lines, [])
  })

  it('401 again and again: asked twice, and told as wrong credentials', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'refused')
    assert.equal(b.fake.asked.length, 2)
    assert.match(JSON.stringify(b.log.lines), /GRAPH_CLIENT_SECRET/)
  })

  it('401, and no new token to be had: told as wrong credentials all the same', async () => {
    await using b = await bench()
    b.tokens.left = 1
    b.fake.answer = () => ({ status: 401, body: { error: { code: 'InvalidAuthenticationToken' } } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'refused')
    assert.equal(b.fake.asked.length, 1)
    assert.equal(b.log.lines[0]?.code, 'GRAPH_REFUSED')
  })
})

describe('Microsoft Graph in trouble', () => {
  it('429: what it says of a rest is kept to; nothing is asked meanwhile', async () => {
    await using b = await bench()
    b.fake.next.push({ status: 429, headers: { 'retry-after': '30' } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
    assert.equal(b.fake.asked.length, 1)
  })

  it('429 with a short rest: it is waited for, once', async () => {
    await using b = await bench()
    b.fake.next.push({ status: 429, headers: { 'retry-after': '1' } })
    b.fake.answer = () => ({ body: { value: [MEETING] } })
    const began = performance.now()
    assert.deepEqual(await b.meetings.dialIn(JOIN_URL, ORGANISER, 5000), DIAL_IN)
    assert.ok(performance.now() - began >= 990)
    assert.equal(b.fake.asked.length, 2)
  })

  it('slow: the answer is given up in the time that it was given', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ silent: true })
    const began = performance.now()
    assert.equal(await b.meetings.dialIn(JOIN_URL, ALICE, 300), 'away')
    assert.ok(performance.now() - began < 2000)
    assert.equal(b.log.lines[0]?.code, 'GRAPH_AWAY')
  })

  it('down: away at once', async () => {
    const b = await bench()
    await b[Symbol.asyncDispose]()
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
    assert.equal(b.graph.state().state, 'down')
  })

  it('500: away', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 500, body: '<html>' })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
  })

  it('malformed replies tell nothing, and break nothing', async () => {
    await using b = await bench()
    for (const body of [
      '{"value":{}}',
      '[]',
      '7',
      '{"value":[null,7,{"audioConferencing":7},{"audioConferencing":{"conferenceId":{},"tollNumbers":"+34"}}]}',
      JSON.stringify({
        value: [{ audioConferencing: { conferenceId: '1234567', tollNumber: 'x'.repeat(200_000) } }],
      }),
    ]) {
      b.fake.next.push({ body })
      assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'none')
    }
  })

  it('what is no JSON (the page of a proxy that wants a login, say) is no answer', async () => {
    await using b = await bench()
    for (const body of ['<html>', '{"value":', '']) {
      b.fake.next.push({ body })
      assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
    }
    assert.equal(b.log.lines[0]?.code, 'GRAPH_AWAY')
  })

  it('where Graph leads elsewhere nobody follows: the token goes nowhere else', async () => {
    await using b = await bench()
    await using elsewhere = await FakeGraph.start()
    b.fake.answer = () => ({ status: 302, headers: { location: `${elsewhere.url}/users` } })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
    assert.equal(await b.meetings.create(ALICE, { subject: 'x', from: 0, until: 1 }), undefined)
    assert.deepEqual(elsewhere.asked, [])
  })

  it('an answer without end is given up', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ body: `{"value":["${'x'.repeat(2_000_000)}"]}` })
    assert.equal(await b.meetings.dialIn(JOIN_URL, ORGANISER, 2000), 'away')
  })
})

describe('a Teams meeting made through Microsoft Graph', () => {
  it('has its link and its telephone access', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 201, body: MEETING })
    const from = Date.UTC(2026, 0, 5, 9)
    const made = await b.meetings.create(ALICE, { subject: 'Meet now', from, until: from + 3_600_000 })
    assert.deepEqual(made, { link: JOIN_URL, dialIn: DIAL_IN })
    assert.partialDeepStrictEqual(b.fake.asked, [
      {
        method: 'POST',
        path: `/v1.0/users/${ALICE}/onlineMeetings`,
        body: {
          subject: 'Meet now',
          startDateTime: '2026-01-05T09:00:00.000Z',
          endDateTime: '2026-01-05T10:00:00.000Z',
        },
      },
    ])
  })

  it('is made once: no answer is no reason to ask again', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 500 })
    const from = Date.UTC(2026, 0, 5, 9)
    assert.equal(await b.meetings.create(ALICE, { subject: 'x', from, until: from + 1 }), undefined)
    assert.equal(b.fake.asked.length, 1)
  })
})
