/** A room of the bot's own that is part of a meeting elsewhere: its bridge is one more member. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { house, settled } from './house.ts'
import type { Policy } from '../../src/app/policy.ts'
import type { LegId } from '../../src/core/ids.ts'
import type { Meeting } from '../../src/core/meeting/meeting.ts'
import type { RoomView } from '../../src/core/screen.ts'
import { openMemoryStore } from '../../src/store/memory.ts'

/** What the house makes for every meeting. */
const ID = '201234567'
const PIN = '012345'
const NUMBER = { conference: { dial: '+34910480000', keys: '{id}# {pin}#' } }

describe('a call that becomes a meeting on the company’s bridge', () => {
  async function conversation(
    bridges: Policy['bridges'] = NUMBER,
    createMeeting?: Parameters<typeof house>[3],
  ) {
    const all = house({ bridges }, openMemoryStore(), {}, createMeeting)
    await all.types('call Bob Marín')
    await settled()
    all.legs.answers(1)
    await settled()
    all.legs.answers(2)
    await settled()
    const talk = { alice: all.legs.last(1), bob: all.legs.last(2) }
    const ends = (leg: LegId) => {
      all.legs.report(leg, { type: 'leg.ended', leg, end: { kind: 'hungUp' } })
    }
    return { ...all, talk, ends, room: () => all.chat.rooms.at(-1)!.view }
  }
  const keyed = async ({ legs }: { legs: ReturnType<typeof house>['legs'] }) => {
    legs.answers(2)
    await settled()
    legs.report(legs.last(2), { type: 'leg.keyed', leg: legs.last(2), ok: true })
    await settled()
  }
  const who = (all: { room: () => RoomView }) =>
    all.room().members.map(({ name, state }) => `${name} ${state}`)

  it('both phones go on in a room at once, and its bridge comes in when it is keyed', async () => {
    const all = await conversation()
    const { legs, room, types } = all
    await types('turn into meeting')
    await settled()
    await settled()
    assert.deepEqual(legs.did.slice(-2), ['media room', 'dial 2'])
    assert.deepEqual(legs.dialled.at(-1)?.to, { kind: 'number', number: '+34910480000' })
    assert.partialDeepStrictEqual(room().outside, {
      ...{ provider: 'conference', state: 'calling' },
      dialIn: { number: '+34 910 48 00 00', id: '201 234 567' },
    })
    legs.answers(2)
    await settled()
    assert.deepEqual(legs.did.slice(-2), ['play silence 2', `key 2 prompt ${ID}# prompt ${PIN}#`])
    assert.equal(room().outside?.state, 'calling')
    legs.report(legs.last(2), { type: 'leg.keyed', leg: legs.last(2), ok: true })
    await settled()
    assert.equal(legs.did.at(-1), 'media room')
    assert.equal(room().outside?.state, 'in')
    assert.deepEqual(who(all), ['Alice Serrano in', 'Bob Marín in'], 'the bridge is nobody of them')
    legs.speaks(legs.last(2), true)
    all.clock.pass(4)
    assert.equal(room().outside?.speaks, true)
  })

  it('the bridge is let go with the last phone, and not before', async () => {
    const all = await conversation()
    await all.types('turn into meeting')
    await settled()
    await settled()
    await keyed(all)
    all.ends(all.talk.alice)
    await settled()
    assert.equal(all.legs.did.at(-1), 'media room', 'nothing is released')
    assert.deepEqual(who(all), ['Bob Marín in'])
    all.ends(all.talk.bob)
    await settled()
    await settled()
    assert.equal(all.legs.did.at(-1), 'release 2')
    assert.equal(all.room().over, true)
  })

  it('a phone that hangs up while the bridge rings or is keyed lets it go as well', async () => {
    for (const answered of [false, true]) {
      const all = await conversation()
      await all.types('turn into meeting')
      await settled()
      await settled()
      if (answered) all.legs.answers(2)
      await settled()
      all.ends(all.talk.alice)
      all.ends(all.talk.bob)
      await settled()
      await settled()
      assert.equal(all.legs.did.at(-1), 'release 2')
      assert.equal(all.room().over, true)
    }
  })

  it('a bridge that is busy, lets nobody in or hangs up: the room goes on, and its card says so', async () => {
    const busy = await conversation()
    await busy.types('turn into meeting')
    await settled()
    await settled()
    busy.legs.ends(2, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await settled()
    assert.partialDeepStrictEqual(busy.room().outside, { state: 'gone', cause: 'busy' })
    assert.deepEqual(who(busy), ['Alice Serrano in', 'Bob Marín in'])
    assert.deepEqual(busy.room().declined, [], 'nobody has declined')

    const wrong = await conversation()
    await wrong.types('turn into meeting')
    await settled()
    await settled()
    await keyed(wrong)
    wrong.legs.ends(2, { kind: 'hungUp' })
    await settled()
    assert.partialDeepStrictEqual(wrong.room().outside, { state: 'gone', cause: 'notAdmitted' })

    const over = await conversation()
    await over.types('turn into meeting')
    await settled()
    await settled()
    await keyed(over)
    over.clock.pass(60)
    over.legs.ends(2, { kind: 'hungUp' })
    await settled()
    assert.equal(over.room().outside?.state, 'gone')
    assert.equal(over.room().outside?.cause, undefined)
    assert.equal(over.room().over, undefined)
  })

  it('a bridge that may not be called, or for which no line is left: the same', async () => {
    const all = await conversation()
    all.legs.room = 'full'
    await all.types('turn into meeting')
    await settled()
    await settled()
    assert.partialDeepStrictEqual(all.room().outside, { state: 'gone', cause: 'unreachable' })
    assert.equal(all.legs.dialled.length, 2)
  })

  it('[Mute all] leaves the bridge heard, and a lock its number open, as the words for them say; [End for all] lets it go', async () => {
    const all = await conversation()
    await all.types('turn into meeting')
    await settled()
    await settled()
    await keyed(all)
    const { meeting } = all.room()
    const before = all.legs.did.length
    await all.presses('muteAll', { meeting })
    await settled()
    assert.deepEqual(all.legs.did.slice(before), ['mute 2'], 'Bob alone')
    assert.equal(all.legs.last(2) === all.talk.bob, false)
    await all.types('mute all')
    assert.partialDeepStrictEqual(all.chat.last, { sentence: { code: 'mutedAll', count: 1, bridged: true } })
    await all.types('lock the meeting')
    assert.partialDeepStrictEqual(all.chat.last, { sentence: { code: 'locked', bridged: true } })
    await all.presses('endRoom', { meeting })
    await settled()
    assert.deepEqual(all.legs.did.slice(-3).toSorted(), ['release 1', 'release 2', 'release 2'])
    assert.equal(all.room().over, true)
  })

  it('[Invite …] has what to pass on, with the PIN for whoever presses', async () => {
    const all = await conversation()
    await all.types('turn into meeting')
    await settled()
    await settled()
    await all.presses('invite', { meeting: all.room().meeting })
    const invite = all.chat.last
    assert.ok(invite?.kind === 'invite' && invite.passOn)
    const told = await all.presses('invitation', { meeting: invite.passOn, room: invite.room })
    assert.partialDeepStrictEqual(told, {
      kind: 'sentence',
      sentence: { code: 'invitation', id: '201 234 567', pin: PIN },
    })
    assert.doesNotMatch(JSON.stringify([all.chat.rooms, all.chat.cards]), new RegExp(PIN))
  })

  it('with Teams, its link is on the card; what Teams cannot do, the card says', async () => {
    const link = 'https://teams.microsoft.com/l/meetup-join/x'
    const numbers = [{ number: '+34911980000', tollFree: false }]
    const teams: Meeting = { provider: 'teams', key: 'teams:1', link, id: '249991234', numbers }
    const all = await conversation({}, () => Promise.resolve(teams))
    await all.types('turn into meeting')
    await settled()
    await settled()
    assert.partialDeepStrictEqual(all.room().outside, { provider: 'teams', link, state: 'calling' })
    all.legs.answers(2)
    await settled()
    assert.equal(all.legs.did.at(-1), 'key 2 prompt 249991234#')

    const without = await conversation({}, () => Promise.resolve('noDialIn'))
    await without.types('turn into meeting')
    await settled()
    await settled()
    assert.equal(without.room().soundAlone, 'noDialIn')
    assert.equal(without.room().outside, undefined)
  })

  it('add: the third is rung at once, and does not wait for the meeting to be made', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const all = await conversation(NUMBER, () => promise)
    await all.types('add 1003')
    await settled()
    assert.deepEqual(all.legs.did.slice(-2), ['media room', 'dial 2'])
    assert.deepEqual(all.legs.dialled.at(-1)?.to, { kind: 'number', number: '+34910001003' })
    resolve(undefined)
    await settled()
    await settled()
    assert.deepEqual(all.legs.dialled.at(-1)?.to, { kind: 'number', number: '+34910480000' })
  })

  it('where both have hung up before it is made, nothing is called', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const all = await conversation(NUMBER, () => promise)
    await all.types('turn into meeting')
    await settled()
    all.ends(all.talk.alice)
    all.ends(all.talk.bob)
    await settled()
    resolve(undefined)
    await settled()
    await settled()
    assert.equal(all.legs.dialled.length, 2)
    assert.equal(all.room().over, true)
  })
})

describe('add, in a meeting that one has joined', () => {
  async function joined() {
    const all = house()
    await all.types('join\nTopic: Standup\nDial-in: +34 910 48 00 01\nConference ID: 123 456 789#')
    all.legs.answers(1)
    await settled()
    all.legs.answers(2)
    await settled()
    return { ...all, room: () => all.chat.rooms.at(-1)!.view }
  }

  it('moves the own phone and the bridge into a room, and rings the other for it', async () => {
    const all = await joined()
    const { legs, types, room, chat } = all
    await types('add Bob Marín')
    assert.equal(chat.sentence, 'notYetTalking', 'not while it is keyed')
    const bridge = legs.last(2)
    legs.report(bridge, { type: 'leg.keyed', leg: bridge, ok: true })
    await settled()
    await types('add Bob Marín')
    await settled()
    assert.deepEqual(legs.did.slice(-2), ['media room', 'dial 2'])
    legs.report(legs.last(2), { type: 'leg.ringing', leg: legs.last(2), status: 180, earlyMedia: false })
    legs.answers(2)
    await settled()
    assert.deepEqual(
      room().members.map(({ name, state }) => `${name} ${state}`),
      ['Alice Serrano in', 'Bob Marín in'],
    )
    assert.partialDeepStrictEqual(room().outside, { provider: 'phone', state: 'in' })
    assert.equal(room().outside?.dialIn, undefined, 'it was somebody else who made it')
    legs.report(bridge, { type: 'leg.ended', leg: bridge, end: { kind: 'hungUp' } })
    await settled()
    assert.equal(room().outside?.state, 'gone')
    assert.equal(room().over, undefined)
  })
})
