import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Appointment } from '../../src/core/meeting/agenda.ts'
import { house, settled } from './house.ts'

/** The house's clock begins on 5 January 2026 at nine, UTC. */
const NINE = Date.UTC(2026, 0, 5, 9)
const MINUTE = 60_000
const at = (minutes: number, title: string, number = '89012345678', lasts = 30): Appointment => ({
  uid: title,
  title,
  startsAt: NINE + minutes * MINUTE,
  endsAt: NINE + (minutes + lasts) * MINUTE,
  meeting: {
    provider: 'zoom',
    key: `zoom:${number}`,
    title,
    link: `https://zoom.us/j/${number}`,
    id: number,
    pin: '246810',
    numbers: [{ number: '+34917870058', tollFree: false }],
    startsAt: NINE + minutes * MINUTE,
  },
})
const STANDUP = at(0, 'Standup', '89012345671')
const REVIEW = at(15, 'Review', '89012345672')
const PLANNING = at(180, 'Planning', '89012345673')
const EARLIER = at(-120, 'Earlier', '89012345674')
const group = { conversation: 'team', group: true }
const linesOf = ({ chat }: ReturnType<typeof house>) => {
  const last = chat.said.at(-1)
  return last?.kind === 'agenda' ? last.lines.map(({ title = 'Zoom', state }) => `${title} ${state}`) : last
}

describe('the meetings of one’s day', () => {
  it('`meetings today` lists them, and says which is on and which is over', async () => {
    const h = house()
    h.calendar.day = [EARLIER, STANDUP, PLANNING]
    await h.types('meetings today')
    assert.deepEqual(linesOf(h), ['Earlier over', 'Standup on', 'Planning later'])
    await h.types('reuniones hoy')
    assert.deepEqual(linesOf(h), ['Earlier over', 'Standup on', 'Planning later'])
  })

  it('`meetings tomorrow` lists those of the next day, and says that there are none', async () => {
    const h = house()
    h.calendar.day = [STANDUP, at(25 * 60, 'Tomorrow')]
    await h.types('meetings tomorrow')
    assert.partialDeepStrictEqual(h.chat.last, { kind: 'agenda', about: 'tomorrow' })
    assert.deepEqual(linesOf(h), ['Tomorrow later'])
    h.calendar.day = [STANDUP]
    await h.types('reuniones mañana')
    assert.equal(h.chat.sentence, 'noMeetingsTomorrow')
  })

  it('`next meeting` shows the one that is on, or the next', async () => {
    const h = house()
    h.calendar.day = [EARLIER, PLANNING]
    await h.types('next meeting')
    assert.deepEqual(linesOf(h), ['Planning later'])
    h.clock.pass(6 * 3600)
    await h.types('próxima reunión')
    assert.equal(h.chat.sentence, 'noMeetingAhead')
  })

  it('today is the day of the user’s own clock, wherever the bot stands', async () => {
    const h = house()
    h.calendar.day = [STANDUP, at(16 * 60, 'Tomorrow in Madrid')]
    const told = (localTimestamp: string) => h.types('meetings today', { localTimestamp })
    await told('2026-01-05T10:00:00.000+01:00')
    assert.deepEqual(linesOf(h), ['Standup on'])
    await told('2026-01-05T01:00:00.000-08:00')
    assert.deepEqual(linesOf(h), ['Standup on', 'Tomorrow in Madrid later'])
  })

  it('[Call me] on a line calls whose day it is into it, and the list stays', async () => {
    const h = house()
    h.calendar.day = [STANDUP, PLANNING]
    await h.types('meetings today')
    const last = h.chat.last
    assert.ok(last?.kind === 'agenda')
    assert.equal(await h.presses('callMe', { entry: last.lines[1]?.meeting }), undefined)
    assert.equal(h.legs.dialled[0]?.from.name, 'Planning')
    assert.deepEqual(h.legs.did, ['dial 1'])
  })

  it('a line that was copied to somebody else’s chat dials nobody', async () => {
    const h = house()
    h.calendar.day = [STANDUP]
    await h.types('meetings today')
    const last = h.chat.last
    assert.ok(last?.kind === 'agenda')
    await h.presses(
      'callMe',
      { entry: last.lines[0]?.meeting },
      { ...group, sender: { id: '29:bob', aadObjectId: 'bob' } },
    )
    assert.deepEqual(h.legs.did, [])
    assert.equal(h.chat.sentence, 'meetingUnknown')
  })

  it('in a group they go to one’s own chat; where none is known, nothing is shown', async () => {
    const h = house()
    h.calendar.day = [STANDUP]
    await h.types('meetings today', group)
    assert.equal(h.chat.sentence, 'agendaAlone')
    await h.types('help')
    await h.types('meetings today', group)
    const shown = h.chat.said.findIndex(({ kind }) => kind === 'agenda')
    assert.equal(h.chat.saidTo[shown]?.conversation, 'personal')
    assert.equal(h.chat.sentence, 'agendaSent')
  })

  it('says that there is no calendar, that it cannot be read, and that the day is free', async () => {
    const h = house()
    await h.types('meetings today')
    assert.equal(h.chat.sentence, 'noCalendar')
    h.calendar.day = 'away'
    await h.types('meetings today')
    assert.equal(h.chat.sentence, 'calendarAway')
    h.calendar.day = []
    await h.types('meetings today')
    assert.equal(h.chat.sentence, 'noMeetingsToday')
  })

  it('a long day shows what is on and to come', async () => {
    const h = house()
    h.calendar.day = Array.from({ length: 15 }, (_, i) => at(-420 + i * 60, `M${i}`, `8901234560${i}`))
    await h.types('meetings today')
    const lines = linesOf(h)
    assert.ok(Array.isArray(lines))
    assert.equal(lines.length, 10)
    assert.deepEqual([lines[0], lines[2], lines.at(-1)], ['M5 over', 'M7 on', 'M14 later'])
  })
})

describe('`join meeting` and nothing named', () => {
  it('joins the one that is on in the calendar, ten minutes before it begins', async () => {
    const h = house()
    h.calendar.day = [EARLIER, at(9, 'Soon'), PLANNING]
    await h.types('join meeting')
    assert.equal(h.legs.dialled[0]?.from.name, 'Soon')
  })

  it('asks which where several are on, and takes "2" for an answer', async () => {
    const h = house()
    h.calendar.day = [STANDUP, at(5, 'Review', '89012345672')]
    await h.types('join meeting from mobile')
    assert.deepEqual(linesOf(h), ['Standup on', 'Review on'])
    assert.deepEqual(h.legs.did, [])
    await h.types('7')
    assert.equal(h.chat.sentence, 'pickOne')
    await h.types('2')
    assert.equal(h.legs.dialled[0]?.from.name, 'Review')
    assert.deepEqual(h.legs.dialled[0].to, { kind: 'number', number: '+34600001001' })
  })

  it('asks which where another one has just been shared here; a day-old link asks nothing', async () => {
    const h = house()
    await h.types('https://us02web.zoom.us/j/99912345678 +34917870058')
    h.calendar.day = [STANDUP]
    await h.types('join meeting')
    assert.deepEqual(linesOf(h), ['Standup on', 'Zoom on'])
    h.clock.pass(25 * 60)
    h.calendar.day = [at(120, 'Planning')]
    h.clock.pass(100 * 60)
    await h.types('join meeting')
    assert.equal(h.legs.dialled[0]?.from.name, 'Planning')
  })

  it('the one that was shared here and stands in the calendar, too, is one', async () => {
    const h = house()
    await h.types('https://us02web.zoom.us/j/89012345671')
    h.calendar.day = [STANDUP]
    await h.types('join meeting')
    assert.equal(h.legs.dialled[0]?.from.name, 'Standup')
  })

  it('a calendar that is away keeps nobody from the meeting that was shared here', async () => {
    const h = house()
    h.calendar.day = 'away'
    await h.types('https://us02web.zoom.us/j/89012345671 +34917870058')
    await h.types('join meeting')
    assert.deepEqual(h.legs.did, ['dial 1'])
  })

  it('nothing of one’s day is shown to a group', async () => {
    const h = house()
    h.calendar.day = [STANDUP, REVIEW]
    await h.types('help')
    h.clock.pass(10 * 60)
    await h.types('join meeting', group)
    await settled()
    const wheres = h.chat.said.flatMap(({ kind }, i) =>
      kind === 'agenda' ? [h.chat.saidTo[i]?.conversation] : [],
    )
    assert.deepEqual(wheres, ['personal'])
    assert.equal(h.chat.sentence, 'agendaSent')
  })
})
