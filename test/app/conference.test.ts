/** Meetings that the bot makes on the company's own bridge. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { house, settled } from './house.ts'
import type { Policy } from '../../src/app/policy.ts'
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

  it('nothing is made, and no card stands, for whom nothing may be rung', async () => {
    let made = 0
    const { chat, types } = house({ bridges: NUMBER, callsPerHour: 0 }, openMemoryStore(), {}, () => {
      made += 1
      return Promise.resolve(undefined)
    })
    await types('meet now')
    assert.equal(chat.sentence, 'tooManyCalls')
    assert.deepEqual([made, chat.meetings.length], [0, 0])
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

describe('call the bridge', () => {
  async function calls(text: string, bridges: Policy['bridges'], more = {}) {
    const all = house({ bridges })
    await all.types(text, more)
    await settled()
    if (all.legs.dialled.length === 0) return all
    all.legs.answers(1)
    await settled()
    all.legs.answers(2)
    await settled()
    return all
  }

  it('calls the company’s own, and keys nothing: whoever calls keys their conference', async () => {
    const { legs, chat } = await calls('call the bridge', NUMBER)
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910480000' })
    assert.deepEqual(legs.did.slice(-2), ['dial 2', 'media direct'])
    assert.equal(chat.meetings.length, 0, 'it is nobody’s meeting: no card is shared')
  })

  it('keys a PIN that is given, and no earlier one after it', async () => {
    const { legs, types } = await calls('llama al puente con el PIN 4711', NUMBER)
    assert.equal(legs.did.at(-1), 'key 2 prompt 4711#')
    await types('hang up')
    await settled()
    await types('call the bridge')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), 'media direct')
  })

  it('where each meeting has a number, calls that of people outside', async () => {
    const { legs } = await calls('call the bridge', ROOMS)
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910480000' })
  })

  it('without one of its own, calls the one for conferences, or the only one; of several it takes none', async () => {
    const zoom = { dial: '+34910480001' }
    const only = await calls('call the bridge', { zoom })
    assert.deepEqual(only.legs.dialled[1]?.to, { kind: 'number', number: '+34910480001' })
    const phone = await calls('call the bridge', { zoom, phone: { dial: '8000' } })
    assert.deepEqual(phone.legs.dialled[1]?.to, { kind: 'extension', extension: '8000' })
    const several = await calls('call the bridge', { zoom, teams: { dial: '+34910480002' } })
    assert.equal(several.chat.sentence, 'noBridge')
    assert.deepEqual(several.legs.did, [])
  })

  it('where none is set joins what is on here, but with a PIN nothing: it was for another', async () => {
    const shared = house()
    await shared.types('https://us02web.zoom.us/j/89012345678\nDial-in: +34 917 87 00 58')
    await shared.types('call the bridge pin 4711')
    assert.equal(shared.chat.sentence, 'noBridge')
    await shared.types('call the bridge')
    assert.equal(shared.legs.dialled.length, 1)
    const { chat } = await calls('call the bridge', {})
    assert.equal(chat.sentence, 'noBridge')
  })

  it('[Redial] calls it again, and keys the PIN again; no record, event or promise has it', async () => {
    const {
      legs,
      types,
      presses,
      chat,
      calls: all,
      store,
    } = await calls('call the bridge pin 4711', {
      conference: { dial: '8000' },
    })
    const [call] = all.all(() => true)
    assert.ok(call)
    const seen: unknown[] = []
    const accept = store.acts.accept.bind(store.acts)
    store.acts.accept = (act) => {
      seen.push(act)
      return accept(act)
    }
    await types('hang up')
    await settled()
    await presses('redial', { call: call.id })
    await settled()
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), 'key 2 prompt 4711#')
    await types('call the bridge pin 4711', { localTimestamp: '2026-01-05T10:00:00+01:00' })
    const kept = JSON.stringify([await store.calls.get(call.id), chat.cards, chat.said, seen])
    assert.match(kept, /call the bridge pin/)
    assert.doesNotMatch(kept, /4711/)
  })

  it('a PIN that no telephone can key is refused, and kept nowhere either', async () => {
    const { store, types, chat } = house()
    const seen: unknown[] = []
    const accept = store.acts.accept.bind(store.acts)
    store.acts.accept = (act) => {
      seen.push(act)
      return accept(act)
    }
    const localTimestamp = '2026-01-05T10:00:00+01:00'
    await types('pin 4711', { localTimestamp })
    await types('https://zoom.us/j/89012345678?pwd=aB4711xyz passcode xyz4711', { localTimestamp })
    await types('join +34 910 48 00 00 pin 4711x', { localTimestamp })
    assert.equal(chat.sentence, 'noPin')
    assert.doesNotMatch(JSON.stringify(seen), /4711|aB|xyz/)
    assert.match(JSON.stringify(seen), /join/)
    assert.doesNotMatch(JSON.stringify([seen, chat.last]), /4711/)
  })
})
