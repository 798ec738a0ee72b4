import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Appointment } from '../../src/core/meeting/agenda.ts'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house, settled } from './house.ts'

const NINE = Date.UTC(2026, 0, 5, 9)
const MINUTE = 60_000
const at = (minutes: number, title = 'Standup'): Appointment => ({
  uid: `${title}/${minutes}`,
  title,
  startsAt: NINE + minutes * MINUTE,
  endsAt: NINE + (minutes + 30) * MINUTE,
  meeting: {
    provider: 'zoom',
    key: `zoom:${title}`,
    title,
    id: '89012345678',
    numbers: [{ number: '+34917870058', tollFree: false }],
  },
})
type House = ReturnType<typeof house>

/** Lets minutes pass, one by one, with all that comes of each. */
async function pass({ clock }: House, minutes: number) {
  for (let i = 0; i < minutes; i += 1) {
    clock.pass(60)
    for (let turn = 0; turn < 5; turn += 1) await settled()
  }
}
const told = ({ chat }: House) =>
  chat.said.flatMap((screen) =>
    screen.kind === 'agenda' && screen.about === 'reminder' ? screen.lines.map(({ title }) => title) : [],
  )

describe('who wishes it is told when a meeting begins', () => {
  it('once, when it begins, in their own chat and language, with [Call me]', async () => {
    const h = house()
    h.calendar.day = [at(20)]
    h.reminders.start()
    await h.types('avísame de las reuniones', { locale: 'es-ES' })
    assert.partialDeepStrictEqual(h.chat.last, { kind: 'settings', settings: { reminders: true } })
    await pass(h, 19)
    assert.deepEqual(told(h), [])
    await pass(h, 1)
    assert.deepEqual(told(h), ['Standup'])
    await pass(h, 30)
    assert.deepEqual(told(h), ['Standup'])
    const shown = h.chat.said.findIndex((screen) => screen.kind === 'agenda')
    assert.deepEqual(h.chat.saidTo[shown], { channel: 'msteams', conversation: 'personal', language: 'es' })
    const screen = h.chat.said[shown]
    assert.ok(screen?.kind === 'agenda')
    await h.presses('callMe', { entry: screen.lines[0]?.meeting })
    assert.deepEqual(h.legs.did, ['dial 1'])
  })

  it('nobody else is, and nobody any more who has had enough', async () => {
    const h = house()
    h.calendar.day = [at(5), at(25, 'Review')]
    h.reminders.start()
    await h.types('help')
    await pass(h, 6)
    assert.deepEqual(told(h), [])
    await h.types('remind me of meetings')
    await h.types('stop reminding me of meetings')
    assert.partialDeepStrictEqual(h.chat.last, { kind: 'settings', settings: { reminders: false } })
    await pass(h, 30)
    assert.deepEqual(told(h), [])
  })

  it('a meeting that was moved is told of when it is now, and one that was cancelled not at all', async () => {
    const h = house()
    h.calendar.day = [at(20), at(20, 'Review')]
    h.reminders.start()
    await h.types('remind me of meetings')
    await pass(h, 14)
    h.calendar.day = [at(40)]
    await pass(h, 20)
    assert.deepEqual(told(h), [])
    await pass(h, 8)
    assert.deepEqual(told(h), ['Standup'])
  })

  it('a calendar that is away for a moment takes nothing back', async () => {
    const h = house()
    h.calendar.day = [at(11)]
    h.reminders.start()
    await h.types('remind me of meetings')
    await pass(h, 8)
    h.calendar.day = 'away'
    await pass(h, 4)
    assert.deepEqual(told(h), ['Standup'])
  })

  it('a restart tells nothing twice, and what began while the bot was away, all the same', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    before.calendar.day = [at(1)]
    before.reminders.start()
    await before.types('remind me of meetings')
    await pass(before, 1)
    assert.deepEqual(told(before), ['Standup'])
    before.reminders.stop()
    const after = house({}, store)
    after.calendar.day = [at(1), at(0, 'Review')]
    after.clock.pass(60)
    after.reminders.start()
    await pass(after, 3)
    assert.deepEqual(told(after), ['Review'])
  })

  it('where no calendar is known it cannot be wished', async () => {
    const h = house()
    await h.types('remind me of meetings')
    assert.equal(h.chat.sentence, 'noCalendar')
  })
})
