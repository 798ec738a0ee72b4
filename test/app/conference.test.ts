/** Meetings that the bot makes on the company's own bridge. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { house, settled } from './house.ts'
import type { Meeting } from '../../src/core/meeting/meeting.ts'
import { openMemoryStore } from '../../src/store/memory.ts'

const group = { conversation: 'team', group: true }
const asBob = { ...group, sender: { id: '29:bob', aadObjectId: 'bob' } }
/** What the house makes for every meeting. */
const ID = '201234567'
const PIN = '012345'
const NUMBER = { conference: { dial: '+34910480000', keys: '{id}# {pin}#' } }
const ROOMS = { conference: { dial: '77{id}', keys: '{pin}#', number: '+34910480000' } }

async function meetsNow(bridges: typeof NUMBER | typeof ROOMS, more = {}) {
  const all = house({ bridges })
  await all.types('meet now', more)
  await settled()
  return { ...all, meeting: () => all.chat.meetings.at(-1)!.view }
}

describe('meet now on the company’s bridge', () => {
  it('shares a card with the number and id to pass on, rings the host, and keys id and PIN', async () => {
    const { legs, meeting } = await meetsNow(NUMBER)
    assert.partialDeepStrictEqual(meeting(), {
      provider: 'conference',
      title: 'Alice Serrano',
      dialIn: { number: '+34 910 48 00 00', id: '201 234 567' },
      joined: [{ name: 'Alice Serrano', state: 'calling' }],
    })
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910480000' })
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), `key 2 prompt ${ID}# prompt ${PIN}#`)
    legs.report(legs.last(2), { type: 'leg.keyed', leg: legs.last(2), ok: true })
    await settled()
    assert.deepEqual(meeting().joined, [{ name: 'Alice Serrano', state: 'in' }])
  })

  it('where the bridge has a number for each, that is dialled, and the PIN alone is keyed', async () => {
    const { legs, meeting } = await meetsNow(ROOMS)
    assert.deepEqual(meeting().dialIn, { number: '+34 910 48 00 00', id: '201 234 567' })
    legs.answers(1)
    await settled()
    // No number that anybody may type: the administrator has set it.
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'extension', extension: `77${ID}` })
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), `key 2 prompt ${PIN}#`)
  })

  it('[Call me]: another one is brought into the same', async () => {
    const { legs, meeting, presses } = await meetsNow(NUMBER, group)
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    const first = legs.did.at(-1)
    await presses('callMe', { meeting: meeting().meeting }, asBob)
    await settled()
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), first)
    assert.deepEqual(
      meeting().joined.map(({ name }) => name),
      ['Alice Serrano', 'Bob Marín'],
    )
  })

  it('a video meeting goes before it; it takes the place of one that has no telephone number', async () => {
    const teams: Meeting = {
      provider: 'teams',
      key: 'teams:1',
      title: 'Alice Serrano',
      link: 'https://teams.microsoft.com/l/meetup-join/x',
      id: '249991234',
      numbers: [{ number: '+34911980000', tollFree: false }],
    }
    const video = house({ bridges: NUMBER }, openMemoryStore(), {}, () => Promise.resolve(teams))
    await video.types('meet now')
    assert.partialDeepStrictEqual(video.chat.meetings.at(-1)?.view, {
      provider: 'teams',
      dialIn: { number: '+34 911 98 00 00', id: '249 991 234' },
    })
    const without = house({ bridges: NUMBER }, openMemoryStore(), {}, () => Promise.resolve('noDialIn'))
    await without.types('meet now')
    assert.equal(without.chat.meetings.at(-1)?.view.provider, 'conference')
  })

  it('without a bridge, a video meeting that no telephone gets into is a room, whose card says why', async () => {
    for (const why of ['noDialIn', 'notMade'] as const) {
      const { chat, types } = house({}, openMemoryStore(), {}, () => Promise.resolve(why))
      await types('meet now')
      await settled()
      assert.equal(chat.rooms.at(-1)?.view.soundAlone, why)
    }
  })
})

describe('the PIN of a meeting that the bot has made', () => {
  it('stands on no card, in no record and in no event', async () => {
    const { legs, chat, store, calls, types, meeting, presses } = await meetsNow(NUMBER, group)
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    await presses('callMe', { meeting: meeting().meeting }, asBob)
    await presses('invitation', { meeting: meeting().meeting }, asBob)
    await types('hang up', group)
    await settled()
    const [call] = calls.all(() => true)
    assert.ok(call)
    const record = await store.calls.get(call.id)
    const kept = JSON.stringify([record, chat.cards, chat.meetings, chat.said])
    assert.doesNotMatch(kept, new RegExp(PIN))
    assert.match(kept, /201 234 567/)
  })

  it('[Invitation] tells it to whoever presses, in their own chat with the bot', async () => {
    const { chat, meeting, presses, types } = await meetsNow(NUMBER, group)
    const data = { meeting: meeting().meeting }
    const before = await presses('invitation', data, group)
    assert.partialDeepStrictEqual(before, { kind: 'meeting', view: { note: { code: 'invitationAlone' } } })
    assert.equal(chat.said.length, 0, 'nobody is told')
    await types('status')
    const pressed = await presses('invitation', data, group)
    assert.partialDeepStrictEqual(pressed, { kind: 'meeting', view: { note: { code: 'invitationSent' } } })
    assert.equal(chat.saidTo.at(-1)?.conversation, 'personal')
    assert.deepEqual(chat.last, {
      kind: 'sentence',
      sentence: {
        ...{ code: 'invitation', title: 'Alice Serrano' },
        ...{ number: '+34 910 48 00 00', id: '201 234 567', pin: PIN },
      },
    })
  })

  it('[Invitation] for a meeting that somebody else has made, or of another chat, tells nothing', async () => {
    const { chat, meeting, presses, types } = await meetsNow(NUMBER, group)
    await types('Dial-in: +34 910 48 00 01\nConference ID: 123 456 789#\nPIN: 4321')
    const theirs = meeting().meeting
    const answers = [
      await presses('invitation', { meeting: theirs }),
      await presses('invitation', { meeting: chat.meetings[0]?.view.meeting }),
    ]
    for (const answer of answers)
      assert.deepEqual(answer, { kind: 'sentence', sentence: { code: 'meetingUnknown' } })
  })
})
