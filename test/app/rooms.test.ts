/** Meetings that are the bot's own rooms: begun, made of a call, and ended. */
import assert from 'node:assert/strict'
import { setImmediate as settled } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house } from './house.ts'
import { asBob, asRoberto, conversation, meeting, noteOn, who } from './room-house.ts'

describe('meet now', () => {
  it('rings the user’s own phone alone, and its card shows who is in', async () => {
    const { legs, room, chat } = await meeting()
    assert.deepEqual(legs.did, ['dial 1', 'media room'])
    assert.deepEqual(who(room().members), ['Alice Serrano in'])
    assert.equal(chat.rooms.at(-1)?.card, `activity-${room().meeting}`)
    const { view } = chat.cards.at(-1)!
    assert.equal(view.state.kind, 'connected')
    assert.equal(view.callee.number, '', 'nobody is called')
  })

  it('is refused in a sentence where nothing can be rung, and no card stands', async () => {
    const { legs, chat, types } = house()
    legs.room = 'down'
    await types('meet now')
    assert.equal(chat.sentence, 'trunkDown')
    assert.deepEqual(chat.rooms, [])
  })

  it('[Call me]: whoever presses is dialled on their own phone; twice is once', async () => {
    const { legs, room, presses, id } = await meeting()
    const shown = await presses('callMe', { meeting: id }, asBob)
    assert.equal(shown?.kind, 'room')
    await settled()
    assert.deepEqual(legs.dialled.at(-1)?.to, { kind: 'number', number: '+34910001002' })
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín calling'])
    const again = await presses('callMe', { meeting: id }, asBob)
    assert.equal(legs.dialled.length, 2)
    assert.equal(noteOn(again), 'alreadyIn')
    legs.answers(1)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in'])
  })

  it('a stranger who presses is told that they are none of the company', async () => {
    const { legs, presses, id } = await meeting()
    const eve = { sender: { id: '29:eve', aadObjectId: 'eve' } }
    const answered = await presses('callMe', { meeting: id }, eve)
    assert.deepEqual(answered, { kind: 'sentence', sentence: { code: 'notAUser' } })
    assert.equal(legs.dialled.length, 1)
  })

  it('is over with its last member, and says so; who comes later is told', async () => {
    const { legs, room, presses, id } = await meeting()
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    assert.equal(room().over, true)
    const late = await presses('callMe', { meeting: id }, asBob)
    assert.equal(noteOn(late), 'roomOver')
    assert.equal(legs.dialled.length, 1)
  })

  it('a second one is asked about while the user is in the first', async () => {
    const { chat, types } = await meeting()
    await types('meet now')
    assert.partialDeepStrictEqual(chat.last, { kind: 'askBusy', wants: 'newRoom' })
  })

  it('who speaks is shown in one update, however often that changes', async () => {
    const { legs, room, clock, chat } = await meeting()
    const before = chat.rooms.length
    for (const on of [true, false, true]) legs.speaks(legs.last(1), on)
    clock.pass(4)
    assert.equal(chat.rooms.length, before + 1)
    assert.equal(room().members[0]?.speaks, true)
  })

  it('who speaks does not wipe off why a press came to nothing before it can be read', async () => {
    const { legs, presses, clock, chat, id } = await meeting()
    legs.speaks(legs.last(1), true)
    clock.pass(3)
    await presses('callMe', { meeting: id })
    const before = chat.rooms.length
    clock.pass(7)
    assert.equal(chat.rooms.length, before)
    clock.pass(1)
    assert.equal(chat.rooms.length, before + 1)
  })

  it('counts each invitation as a call of the hour', async () => {
    const { chat, types, legs } = house({ callsPerHour: 2 })
    await types('meet now')
    legs.answers(1)
    await settled()
    await types('add Bob Marín')
    await settled()
    await types('add 1003')
    await settled()
    assert.equal(chat.sentence, 'tooManyCalls')
    assert.equal(legs.dialled.length, 2)
  })
})

describe('a press in a group', () => {
  const inGroup = { conversation: 'team', group: true }

  it('that has to be asked about first is asked in the presser’s own chat', async () => {
    const { legs, chat, types, presses, id } = await meeting()
    await types('call 1003', asBob)
    await settled()
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    const answered = await presses('callMe', { meeting: id }, { ...asBob, ...inGroup })
    assert.equal(answered?.kind, 'room')
    assert.equal(chat.last?.kind, 'askBusy')
    assert.equal(chat.saidTo.at(-1)?.conversation, 'personal')
  })

  it('of a channel that answers no presses is told in a sentence, and the card is not posted again', async () => {
    const { chat, presses, id } = await meeting()
    await presses('lockRoom', { meeting: id }, { ...asBob, channel: 'webchat' }, false)
    assert.deepEqual(
      chat.said.map((screen) => screen.kind === 'sentence' && screen.sentence.code),
      ['hostOnly'],
    )
    await presses('lockRoom', { meeting: id }, {}, false)
    assert.equal(chat.said.length, 1)
  })
})

describe('a call that becomes a meeting', () => {
  it('keeps both phones, and has a card to share', async () => {
    const { legs, room, types } = await conversation()
    await types('conviértelo en reunión')
    await settled()
    assert.equal(legs.did.at(-1), 'media room')
    assert.equal(
      legs.did.some((did) => did.startsWith('release')),
      false,
    )
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in'])
  })

  it('add on a call of two: the same, and the third is rung', async () => {
    const { legs, room, types } = await conversation()
    await types('add 1003 to the call')
    await settled()
    assert.deepEqual(legs.did.slice(-2), ['media room', 'dial 2'])
    legs.picksUp(2)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in', 'Roberto Bob Díaz in'])
  })

  it('who hangs up in chat leaves alone, and may be called at once; the record tells how long all of it was', async () => {
    const { legs, room, types, chat, clock, calls } = await conversation()
    await types('turn into meeting')
    await settled()
    const callee = legs.last(2)
    await types('hang up')
    await settled()
    assert.deepEqual(who(room().members), ['Bob Marín in'])
    const state = chat.cards.at(-1)!.view.state
    assert.deepEqual(state.kind === 'connected' && state.gone, ['user'])
    assert.deepEqual(chat.cards.at(-1)!.view.actions, ['details'])
    assert.equal(calls.running(calls.all(() => true)[0]!.request.by), undefined)
    clock.pass(30)
    legs.report(callee, { type: 'leg.ended', leg: callee, end: { kind: 'hungUp' } })
    await settled()
    assert.equal(room().over, true)
    const record = chat.cards.at(-1)!.view.state
    assert.equal(record.kind === 'ended' && record.lasted, 30)
    assert.deepEqual(record.kind === 'ended' && record.legs.map(({ talked }) => talked), [0, 30])
  })

  it('by whoever of the two says so, who is its host then: the one who was called, too', async () => {
    const { legs, room, types, presses, chat } = await conversation()
    await types('add 1003', { ...asBob, conversation: 'bob with the bot' })
    await settled()
    legs.picksUp(2)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in', 'Roberto Bob Díaz in'])
    assert.equal(room().host, 'Bob Marín')
    assert.equal(chat.rooms.at(-1)?.to.conversation, 'bob with the bot')
    assert.equal(legs.dialled.at(-1)?.from.name, 'Bob Marín')
    const meeting = room().meeting
    assert.equal(noteOn(await presses('muteAll', { meeting })), 'hostOnly')
    await types('mute', asBob)
    await settled()
    assert.deepEqual(
      room().members.map(({ muted }) => muted === true),
      [false, true, false],
    )
  })

  it('by both at once: it is one meeting all the same', async () => {
    const { legs, room, types, chat } = await conversation()
    await Promise.all([
      types('add 1003'),
      types('add +34 911 222 333', { ...asBob, conversation: 'bob with the bot' }),
    ])
    await settled()
    legs.picksUp(2)
    await settled()
    assert.deepEqual(new Set(chat.rooms.map(({ view }) => view.meeting)), new Set([room().meeting]))
    assert.equal(room().members.length, 4)
  })

  it('not once they have hung up: nobody is rung for a meeting with nobody in it', async () => {
    const { legs, types, chat, store } = await conversation()
    const put = store.facts.put.bind(store.facts)
    store.facts.put = async (kind, key, value) => {
      if (kind === 'room') legs.ends(2, { kind: 'hungUp' })
      await put(kind, key, value)
    }
    await types('add 1003')
    await settled()
    assert.equal(legs.dialled.length, 2)
    assert.equal(chat.sentence, 'addToWhat')
  })

  it('nor by who has none: nobody is asked which of two Bobs', async () => {
    const { chat, types } = house()
    await types('add Bob')
    assert.equal(chat.sentence, 'addToWhat')
  })

  it('not by somebody else, who is told that they have no call', async () => {
    const { legs, chat, types } = await conversation()
    await types('turn into meeting', asRoberto)
    assert.equal(chat.sentence, 'noCall')
    assert.ok(!legs.did.includes('media room'))
  })

  it('a call that still rings is none', async () => {
    const { legs, chat, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    await types('turn into meeting')
    assert.equal(chat.sentence, 'notYetTalking')
  })
})

describe('the host of a meeting', () => {
  it('mutes all others, who can unmute themselves', async () => {
    const { legs, room, types, presses, id } = await meeting()
    await types('add Bob Marín')
    await settled()
    legs.picksUp(2)
    await settled()
    await presses('muteAll', { meeting: id })
    await settled()
    assert.deepEqual(
      room().members.map(({ muted }) => muted === true),
      [false, true],
    )
    assert.equal(legs.did.at(-1), 'mute 2')
    await types('unmute', asBob)
    await settled()
    assert.equal(legs.did.at(-1), 'unmute 2')
  })

  it('and everybody themselves by the keys *6 of their phone: the card shows it', async () => {
    const { legs, room } = await meeting()
    const leg = legs.last(1)
    for (const [muted, did] of [
      [true, 'mute 1'],
      [undefined, 'unmute 1'],
    ] as const) {
      legs.report(leg, { type: 'leg.digit', leg, digit: '*6' })
      await settled()
      assert.equal(legs.did.at(-1), did)
      assert.equal(room().members[0]?.muted, muted)
    }
  })

  it('locks it: nobody comes in but by the host', async () => {
    const { legs, room, presses, types, id } = await meeting()
    await presses('lockRoom', { meeting: id })
    assert.equal(room().locked, true)
    const refused = await presses('callMe', { meeting: id }, asBob)
    assert.equal(noteOn(refused), 'roomLocked')
    assert.equal(legs.dialled.length, 1)
    await types('add Bob Marín')
    await settled()
    assert.equal(legs.dialled.length, 2)
    await presses('lockRoom', { meeting: id })
    await presses('callMe', { meeting: id }, asRoberto)
    assert.equal(legs.dialled.length, 3)
  })

  it('ends it for all, those who still ring too; twice is once', async () => {
    const { legs, room, presses, types, id } = await meeting()
    await types('add Bob Marín')
    await settled()
    await presses('endRoom', { meeting: id })
    await settled()
    assert.deepEqual(legs.did.slice(-2).toSorted(), ['release 1', 'release 2'])
    assert.equal(room().over, true)
    assert.deepEqual(room().declined, [], 'nobody declined')
    await presses('endRoom', { meeting: id })
    assert.equal(legs.did.filter((did) => did.startsWith('release')).length, 2)
  })

  it('is no other: whoever presses all the same is told on their own card, and nobody else', async () => {
    const { legs, presses, chat, room, id } = await meeting()
    for (const verb of ['muteAll', 'lockRoom', 'endRoom']) {
      const refused = await presses(verb, { meeting: id }, asBob)
      assert.equal(noteOn(refused), 'hostOnly', verb)
    }
    assert.deepEqual(chat.said, [])
    assert.ok(chat.rooms.every(({ view }) => view.note === undefined))
    assert.equal(room().locked, false)
    assert.equal(
      legs.did.some((did) => did.startsWith('release')),
      false,
    )
  })
})

describe('a bot that is killed during a meeting', () => {
  it('the next one ends its calls as interrupted, and the card says that it is over', async () => {
    const store = openMemoryStore()
    const first = house({}, store)
    await first.types('meet now')
    first.legs.answers(1)
    await settled()
    const second = house({}, store)
    await second.calls.recover()
    await settled()
    await settled()
    assert.equal(second.chat.rooms.at(-1)?.view.over, true)
    assert.equal(second.chat.rooms.at(-1)?.card, first.chat.rooms.at(-1)?.card)
    const state = second.chat.cards.at(-1)!.view.state
    assert.equal(state.kind === 'ended' && state.cause, 'interrupted')
  })

  it('where its legs outlive it, the meeting goes on', async () => {
    const store = openMemoryStore()
    const first = house({}, store)
    await first.types('meet now')
    first.legs.answers(1)
    await settled()
    const second = house({}, store)
    second.legs.outlived = first.calls.all(() => true).map(({ id }) => id)
    await second.calls.recover()
    await settled()
    await settled()
    assert.deepEqual(who(second.chat.rooms.at(-1)!.view.members), ['Alice Serrano in'])
  })
})
