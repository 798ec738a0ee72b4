import assert from 'node:assert/strict'
import { once } from 'node:events'
import https from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { Feeds } from '../../src/calendar/feeds.ts'
import { isPublicAddress } from '../../src/calendar/public-address.ts'
import { readCalendarFeed } from '../../src/calendar/read.ts'
import { WINDOWS_ZONES } from '../../src/calendar/windows-zones.ts'
import { personId } from '../../src/core/ids.ts'
import type { Person } from '../../src/core/party.ts'
import { ManualClock } from '../app/house.ts'
import { selfSigned } from '../helpers/certificate.ts'
import { HeardLog } from '../helpers/chat.ts'

/** Monday, 5 January 2026. */
const DAY = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const calendar = (...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test', ...lines, 'END:VCALENDAR'].join('\r\n')
const event = (...lines: readonly string[]) => ['BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT']
const TEAMS_ZONE = [
  ...['BEGIN:VTIMEZONE', 'TZID:Romance Standard Time'],
  ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
  ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10', 'END:STANDARD'],
  ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
  ...['RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3', 'END:DAYLIGHT', 'END:VTIMEZONE'],
]
const read = (text: string, patience?: number) =>
  readCalendarFeed({ text, from: DAY, until: DAY + 24 * HOUR, zone: 'Europe/Madrid' }, patience)
const startsOf = async (text: string) => (await read(text)).map(({ startsAt }) => (startsAt - DAY) / HOUR)

describe('an iCalendar feed (RFC 5545)', () => {
  it('a series has today’s occurrence, by the clock of its own zone', async () => {
    const weekly = [
      'DTSTART;TZID=Romance Standard Time:20250602T100000',
      'DURATION:PT30M',
      'RRULE:FREQ=WEEKLY;BYDAY=MO',
    ]
    assert.deepEqual(await startsOf(calendar(...TEAMS_ZONE, ...event(...weekly))), [9])
  })

  it('a zone that the file names and does not describe is known by its name', async () => {
    const there = [
      'DTSTART;TZID=America/New_York:20260105T090000',
      'DTEND;TZID=America/New_York:20260105T093000',
    ]
    assert.deepEqual(await startsOf(calendar(...event(...there))), [14])
  })

  it('a zone that Windows names so, and the file does not describe, is known by its name', async () => {
    const there = ['DTSTART;TZID=Eastern Standard Time:20260105T090000', 'DURATION:PT30M']
    assert.deepEqual(await startsOf(calendar(...event(...there))), [14])
    for (const zone of Object.values(WINDOWS_ZONES))
      assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone)
  })

  it('a time of no zone is by the clock of this house', async () => {
    assert.deepEqual(
      await startsOf(calendar(...event('DTSTART:20260105T090000', 'DTEND:20260105T093000'))),
      [8],
    )
  })

  it('an occurrence that was moved, cancelled or taken out is where and how it is now', async () => {
    const daily = event('DTSTART:20260101T090000Z', 'DURATION:PT30M', 'SUMMARY:Standup', 'RRULE:FREQ=DAILY')
    const moved = event(
      'RECURRENCE-ID:20260105T090000Z',
      'DTSTART:20260105T150000Z',
      'DURATION:PT15M',
      'SUMMARY:Late',
    )
    const entries = await read(calendar(...daily, ...moved))
    assert.partialDeepStrictEqual(entries, [
      { title: 'Late', startsAt: DAY + 15 * HOUR, endsAt: DAY + 15.25 * HOUR },
    ])
    const cancelled = event('RECURRENCE-ID:20260105T090000Z', 'DTSTART:20260105T090000Z', 'STATUS:CANCELLED')
    assert.deepEqual(await read(calendar(...daily, ...cancelled)), [])
    const without = event('DTSTART:20260101T090000Z', 'RRULE:FREQ=DAILY', 'EXDATE:20260105T090000Z')
    assert.deepEqual(await read(calendar(...without)), [])
  })

  it('days, and the title of what is private, are left out', async () => {
    const secret = event('DTSTART:20260105T090000Z', 'SUMMARY:Job interview', 'CLASS:PRIVATE')
    const entries = await read(
      calendar(...event('DTSTART;VALUE=DATE:20260105', 'SUMMARY:Holiday'), ...secret),
    )
    assert.equal(entries.length, 1)
    assert.doesNotMatch(JSON.stringify(entries), /interview/)
  })

  it('an entry that is broken takes no other away', async () => {
    const broken = ['BEGIN:VEVENT', 'UID:two', 'DTSTART:soon', 'RRULE:FREQ=OFTEN', 'END:VEVENT']
    const good = event('DTSTART:20260105T090000Z', 'DURATION:PT30M')
    const open = ['BEGIN:VEVENT', 'UID:three', 'DTSTART:20260105T090000Z']
    assert.deepEqual(await startsOf(calendar(...broken, ...good, ...open)), [9])
  })
})

describe('a calendar that is a bomb', () => {
  it('a rule that never ends is read as far as today', async () => {
    const endless = event('DTSTART:19900101T090000Z', 'DURATION:PT30M', 'RRULE:FREQ=DAILY')
    assert.deepEqual(await startsOf(calendar(...endless)), [9])
  })

  it('each second for ever: given up, and the next entry is read', async () => {
    const seconds = event('DTSTART:20000101T000000Z', 'DURATION:PT1S', 'RRULE:FREQ=SECONDLY')
    const good = ['BEGIN:VEVENT', 'UID:two', 'DTSTART:20260105T090000Z', 'DURATION:PT30M', 'END:VEVENT']
    assert.deepEqual(await startsOf(calendar(...seconds, ...good)), [9])
  })

  it('a rule that no day ever fulfils is ended with its reader, and nothing else waits', async () => {
    const never = event('DTSTART:20200101T000000Z', 'RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30')
    let turns = 0
    const timer = setInterval(() => (turns += 1), 10)
    await assert.rejects(read(calendar(...never), 500), /not read within 500 ms/)
    clearInterval(timer)
    assert.ok(turns > 10, `${turns} turns of the loop meanwhile`)
  })

  it('what is no calendar is told as such', async () => {
    for (const text of ['', '<html>', '\0'.repeat(1000)]) await assert.rejects(read(text), /not a calendar/)
  })
})

const certificate = selfSigned()
/** A server of calendars on this machine, by https. */
async function host(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let asked = 0
  const server = https.createServer(certificate, (request, response) => {
    asked += 1
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key/basic.ics`
  const clock = new ManualClock()
  const log = new HeardLog()
  const feeds = new Feeds({ clock, log, zone: 'Europe/Madrid', ca: certificate.cert })
  const alice: Person = {
    ...{ id: personId('alice'), name: 'Alice', ids: {}, phones: {}, aliases: [], admin: false },
    calendar: url,
  }
  return {
    ...{ clock, log, url },
    get asked() {
      return asked
    },
    today: () => feeds.between(alice, DAY, DAY + 24 * HOUR, 2000),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
function leads(response: ServerResponse, to: string) {
  response.statusCode = 302
  response.setHeader('location', to)
  response.end()
}
const ZOOM = calendar(
  ...event(
    'DTSTART:20251201T100000Z',
    'DURATION:PT1H',
    'RRULE:FREQ=DAILY',
    'SUMMARY:Weekly',
    String.raw`DESCRIPTION:https://zoom.us/j/89012345678\n+34917870058\,\,89012345678#`,
  ),
)

describe('a calendar that an administrator has named for somebody', () => {
  it('is read, and its meetings are found; asked again within minutes it is not fetched again', async () => {
    await using feed = await host((_, response) => response.end(ZOOM))
    const found = await feed.today()
    assert.partialDeepStrictEqual(found, [
      { title: 'Weekly', meeting: { provider: 'zoom', id: '89012345678', startsAt: DAY + 10 * HOUR } },
    ])
    await feed.today()
    assert.equal(feed.asked, 1)
    feed.clock.pass(301)
    await feed.today()
    assert.equal(feed.asked, 2)
  })

  it('is not sent again while it has not changed, and looked at anew after half a day', async () => {
    const asked: (string | undefined)[] = []
    await using feed = await host(({ headers }, response) => {
      asked.push(headers['if-none-match'])
      response.setHeader('etag', '"one"')
      response.statusCode = headers['if-none-match'] === '"one"' ? 304 : 200
      response.end(response.statusCode === 200 ? ZOOM : '')
    })
    const first = await feed.today()
    feed.clock.pass(301)
    assert.deepEqual(await feed.today(), first)
    feed.clock.pass(13 * 3600)
    await feed.today()
    assert.deepEqual(asked, [undefined, '"one"', undefined])
  })

  it('whose server is away for a while is as it was read last, for half a day', async () => {
    let up = true
    await using feed = await host((_, response) => {
      response.statusCode = up ? 200 : 500
      response.end(ZOOM)
    })
    const first = await feed.today()
    up = false
    feed.clock.pass(301)
    assert.deepEqual(await feed.today(), first)
    assert.equal(feed.log.lines[0]?.code, 'CALENDAR_AWAY')
    feed.clock.pass(13 * 3600)
    assert.equal(await feed.today(), 'away')
  })

  it('is away where its server is in trouble, and the log has no part of its address', async () => {
    await using feed = await host((_, response) => {
      response.statusCode = 500
      response.end()
    })
    assert.equal(await feed.today(), 'away')
    assert.equal(feed.log.lines[0]?.code, 'CALENDAR_AWAY')
    assert.doesNotMatch(JSON.stringify(feed.log.lines), /secret-key|127\.0\.0\.1/)
  })

  it('leads to another place of its own server, but to no other inside, and not to http or a file', async () => {
    let to = '/moved.ics'
    await using feed = await host(({ url }, response) => {
      if (url === '/moved.ics') response.end(ZOOM)
      else leads(response, to)
    })
    assert.notEqual(await feed.today(), 'away')
    for (to of [
      'https://127.0.0.1:1/',
      'https://localhost:1/',
      'https://[::1]:1/',
      'https://169.254.169.254/latest/meta-data',
      'http://93.184.215.14/',
      'file:///etc/passwd',
    ]) {
      feed.clock.pass(13 * 3600)
      assert.equal(await feed.today(), 'away', to)
      assert.match(JSON.stringify(feed.log.lines.at(-1)), /not of the internet|not https/, to)
    }
  })

  it('that leads round and round, never ends or never answers is given up', async () => {
    await using round = await host((_, response) => leads(response, '/'))
    assert.equal(await round.today(), 'away')
    assert.equal(round.asked, 4)
    await using endless = await host((_, response) => {
      const more = () => {
        if (response.write('X'.repeat(100_000))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    assert.equal(await endless.today(), 'away')
    assert.match(JSON.stringify(endless.log.lines), /larger than/)
    await using silent = await host(() => undefined)
    assert.equal(await silent.today(), 'away')
  })
})

describe('addresses of the internet', () => {
  it('are told from those of a house, of this machine and of nobody', () => {
    const inside = [
      ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
      ...['::1', '::', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1', '2002:7f00:1::', '64:ff9b::7f00:1', 'x', ''],
    ]
    assert.deepEqual(inside.filter(isPublicAddress), [])
    assert.ok(['93.184.215.14', '2606:4700::1111'].every(isPublicAddress))
  })
})
