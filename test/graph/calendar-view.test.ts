import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConnector } from '../../src/chat/connector.ts'
import { personId } from '../../src/core/ids.ts'
import type { Person } from '../../src/core/party.ts'
import { GraphCalendar } from '../../src/graph/calendar-view.ts'
import { Graph } from '../../src/graph/graph.ts'
import { systemClock } from '../../src/ops/clock.ts'
import { HeardLog } from '../helpers/chat.ts'
import { FakeGraph, JOIN_URL } from '../helpers/graph.ts'

const FROM = Date.UTC(2026, 0, 5)
const UNTIL = FROM + 86_400_000
const alice: Person = {
  id: personId('alice'),
  name: 'Alice',
  aadObjectId: 'aaaaaaaa-0000-4000-8000-000000000001',
  ids: {},
  phones: { desk: '1001' },
  aliases: [],
  admin: false,
}
const at = (time: string) => ({ dateTime: `2026-01-05T${time}:00.0000000`, timeZone: 'UTC' })
/** As "event resource type" has it. */
const event = (more: object) => ({
  id: 'AAMkAGI1',
  iCalUId: '040000008200E00074C5B7101A82E008',
  subject: 'Standup',
  start: at('09:00'),
  end: at('09:15'),
  isAllDay: false,
  isCancelled: false,
  sensitivity: 'normal',
  location: { displayName: 'Microsoft Teams Meeting' },
  body: { contentType: 'html', content: '<p>Bring coffee</p>' },
  onlineMeeting: { joinUrl: JOIN_URL, conferenceId: '249991234', tollNumber: '+34911980000' },
  ...more,
})

async function bench() {
  const fake = await FakeGraph.start()
  const wire = createConnector({ authorize: () => Promise.resolve('Bearer x'), refused: () => undefined })
  const log = new HeardLog()
  const graph = new Graph({ wire, service: fake.url, clock: systemClock, log })
  return {
    ...{ fake, log, calendar: new GraphCalendar(graph) },
    async [Symbol.asyncDispose]() {
      wire.close()
      await fake[Symbol.asyncDispose]()
    },
  }
}

describe('the calendar of Microsoft 365', () => {
  it('tells the appointments of a time, with the way in that it knows', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ body: { value: [event({})] } })
    const found = await b.calendar.between(alice, FROM, UNTIL, 2000)
    assert.partialDeepStrictEqual(found, [
      {
        title: 'Standup',
        startsAt: FROM + 9 * 3_600_000,
        endsAt: FROM + 9.25 * 3_600_000,
        meeting: {
          provider: 'teams',
          title: 'Standup',
          id: '249991234',
          numbers: [{ number: '+34911980000', tollFree: false }],
        },
      },
    ])
    const [asked] = b.fake.asked
    assert.equal(asked?.path, `/v1.0/users/${alice.aadObjectId}/calendarView`)
    assert.equal(asked.query.get('startDateTime'), '2026-01-05T00:00:00.000Z')
    assert.equal(asked.query.get('endDateTime'), '2026-01-06T00:00:00.000Z')
  })

  it('finds another provider in the place or in the text, with its PIN', async () => {
    await using b = await bench()
    const zoom = event({
      onlineMeeting: null,
      location: { displayName: 'https://zoom.us/j/89012345678' },
      body: { content: '<div>+34917870058,,89012345678#,,,,*246810#</div>' },
    })
    b.fake.answer = () => ({ body: { value: [zoom] } })
    const found = await b.calendar.between(alice, FROM, UNTIL, 2000)
    assert.partialDeepStrictEqual(found, [
      { meeting: { provider: 'zoom', id: '89012345678', pin: '246810' } },
    ])
  })

  it('leaves out what is cancelled or takes the whole day, and the title of what is private', async () => {
    await using b = await bench()
    const value = [
      event({ isCancelled: true }),
      event({ isAllDay: true }),
      event({ subject: 'Job interview', sensitivity: 'private' }),
    ]
    b.fake.answer = () => ({ body: { value } })
    const found = await b.calendar.between(alice, FROM, UNTIL, 2000)
    assert.equal(found.length, 1)
    assert.doesNotMatch(JSON.stringify(found), /interview/)
  })

  it('goes on to the next pages, but to no other server, and not for ever', async () => {
    await using b = await bench()
    const nextLink = `${b.fake.url}/users/x/calendarView?$skip=20`
    b.fake.answer = () => ({ body: { value: [event({})], '@odata.nextLink': nextLink } })
    assert.equal((await b.calendar.between(alice, FROM, UNTIL, 5000)).length, 5)
    b.fake.next.push({ body: { value: [], '@odata.nextLink': 'http://127.0.0.1:1/v1.0/users' } })
    assert.deepEqual(await b.calendar.between(alice, FROM, UNTIL, 2000), [])
  })

  it('nobody without an account or a mailbox has one; what cannot be read is away', async () => {
    await using b = await bench()
    const { aadObjectId: _, ...nobody } = alice
    assert.equal(await b.calendar.between(nobody, FROM, UNTIL, 2000), 'none')
    b.fake.next.push({ status: 404, body: { error: { code: 'ErrorInvalidUser' } } }, { body: '<html>' })
    assert.equal(await b.calendar.between(alice, FROM, UNTIL, 2000), 'none')
    assert.equal(await b.calendar.between(alice, FROM, UNTIL, 2000), 'away')
  })

  it('403: away, and the operator is told which permission', async () => {
    await using b = await bench()
    b.fake.answer = () => ({ status: 403, body: { error: { code: 'ErrorAccessDenied' } } })
    assert.equal(await b.calendar.between(alice, FROM, UNTIL, 2000), 'away')
    assert.match(String(b.log.lines[0]?.['remedy']), /permission Calendars\.Read of the type Application/)
  })

  it('an entry that is no event takes no other away', async () => {
    await using b = await bench()
    b.fake.answer = () => ({
      body: { value: [null, { id: 7 }, event({ start: { dateTime: 'soon' } }), event({})] },
    })
    assert.equal((await b.calendar.between(alice, FROM, UNTIL, 2000)).length, 1)
  })
})
