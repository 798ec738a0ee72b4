/** What the host of a meeting says in place of pressing; and what comes of it where somebody else does. */
import assert from 'node:assert/strict'
import { setImmediate as settled } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { house } from './house.ts'
import { asBob, asRoberto, conversation, meeting, who } from './room-house.ts'

/** Alice's meeting with Bob in it, whom she has added. */
async function both() {
  const all = await meeting()
  await all.types('add Bob Marín')
  await settled()
  all.legs.picksUp(2)
  await settled()
  return all
}

const mutedIn = ({ room }: Pick<Awaited<ReturnType<typeof meeting>>, 'room'>) =>
  room().members.flatMap(({ name, muted }) => (muted ? [name] : []))

describe('the host says', () => {
  for (const words of ['mute all', 'silencia a todos'])
    it(`"${words}": all others who are in are muted, and a sentence says how they are heard again`, async () => {
      const all = await both()
      await all.types('add 1003')
      await settled()
      await all.types(words)
      await settled()
      assert.deepEqual(mutedIn(all), ['Bob Marín'])
      const mutedAll = { code: 'mutedAll', count: 1, bridged: false }
      assert.deepEqual(all.chat.last, { kind: 'sentence', sentence: mutedAll })
    })

  it('"mute everyone" alone in the meeting: there is nobody to mute, and they are heard', async () => {
    const all = await meeting()
    await all.types('mute everyone')
    assert.partialDeepStrictEqual(all.chat.last, { sentence: { code: 'mutedAll', count: 0 } })
    assert.deepEqual(mutedIn(all), [])
  })

  it('"lock the meeting" and "unlock", each as often as they like', async () => {
    const { types, room, chat, presses, legs, id } = await meeting()
    for (const words of ['lock the meeting', 'bloquea la reunión']) {
      await types(words)
      assert.equal(room().locked, true)
      assert.deepEqual(chat.last, {
        kind: 'sentence',
        sentence: { code: 'locked', on: true, bridged: false },
      })
    }
    await presses('callMe', { meeting: id }, asBob)
    assert.equal(legs.dialled.length, 1)
    for (const words of ['unlock', 'desbloquea la reunión']) {
      await types(words)
      assert.equal(room().locked, false)
      assert.partialDeepStrictEqual(chat.last, { sentence: { code: 'locked', on: false } })
    }
    await presses('callMe', { meeting: id }, asBob)
    assert.equal(legs.dialled.length, 2)
  })

  for (const words of ['end the meeting', 'end for all', 'acaba la reunión para todos'])
    it(`"${words}": everybody is hung up`, async () => {
      const { types, legs, room, chat } = await both()
      await types(words)
      await settled()
      assert.deepEqual(legs.did.slice(-2).toSorted(), ['release 1', 'release 2'])
      assert.equal(room().over, true)
      assert.equal(chat.sentence, 'endedForAll')
    })

  it('so from any chat while they are in; after leaving, in that of the meeting’s card', async () => {
    const { types, legs, room, chat } = await both()
    await types('lock the meeting', { conversation: 'elsewhere' })
    assert.equal(room().locked, true)
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    await types('unlock', { conversation: 'elsewhere' })
    assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'hostOfNone', call: false } })
    assert.equal(room().locked, true)
    await types('unlock')
    assert.equal(room().locked, false)
  })

  it('of the meeting that they are in; else of their own, though somebody’s later one is on in the same chat', async () => {
    const { types, presses, chat, legs } = house()
    const team = { conversation: 'team', group: true }
    for (const by of [{}, asBob]) {
      await types('meet now', { ...team, ...by })
      await settled()
      legs.answers(1)
      await settled()
    }
    const [alices, bobs] = [...new Set(chat.rooms.map(({ view }) => view.meeting))]
    const locked = () =>
      [alices, bobs].map((id) => chat.rooms.findLast(({ view }) => view.meeting === id)!.view.locked)
    await presses('callMe', { meeting: alices }, { ...asRoberto, ...team })
    await settled()
    legs.answers(1)
    await settled()
    await types('hang up', team)
    await settled()
    await types('lock the meeting', team)
    assert.deepEqual(locked(), [true, false])
    await presses('callMe', { meeting: bobs }, team)
    await settled()
    legs.answers(1)
    await settled()
    await types('unlock', team)
    assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'hostOnly', host: 'Bob Marín' } })
    assert.deepEqual(locked(), [true, false])
  })
})

describe('whoever is not the host', () => {
  for (const words of ['mute all', 'lock the meeting', 'unlock'])
    it(`and says "${words}" is told what a press is told, and nothing is done`, async () => {
      const all = await both()
      const before = all.legs.did.length
      await all.types(words, { ...asBob, conversation: 'bob with the bot' })
      await settled()
      const sentence = { code: 'hostOnly', host: 'Alice Serrano' }
      assert.deepEqual(all.chat.last, { kind: 'sentence', sentence })
      assert.equal(all.room().locked, false)
      assert.equal(all.legs.did.length, before)
    })

  it('hangs up nobody by "end the meeting", is told that they can leave, and leaves by "hang up"', async () => {
    const { types, legs, room, chat } = await both()
    await types('end the meeting', asBob)
    await settled()
    assert.deepEqual(chat.last, {
      kind: 'sentence',
      sentence: { code: 'hostEnds', host: 'Alice Serrano' },
    })
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in'])
    await types('hang up', asBob)
    await settled()
    assert.equal(legs.did.at(-1), 'release 2')
    assert.deepEqual(who(room().members), ['Alice Serrano in'])
  })

  it('is told the same where the meeting is on, though not in it', async () => {
    const { types, chat, room } = await meeting()
    for (const words of ['mute all', 'end the meeting']) {
      await types(words, asRoberto)
      assert.equal(chat.sentence, 'hostOnly', words)
    }
    assert.equal(room().over, undefined)
  })
})

describe('where there is no meeting of the bot’s own', () => {
  const WORDS = ['mute all', 'lock the meeting', 'unlock', 'end the meeting']

  it('a sentence says how to begin one', async () => {
    const { types, chat } = house()
    for (const words of WORDS) {
      await types(words)
      assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'hostOfNone', call: false } }, words)
    }
  })

  it('nor any more: one that is over is none', async () => {
    const { types, chat, legs } = await meeting()
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    await types('lock the meeting')
    assert.equal(chat.sentence, 'hostOfNone')
  })

  it('but a call, it goes on, and either of the two is told how to make it one', async () => {
    const { types, chat, legs } = await conversation()
    const before = legs.did.length
    for (const words of WORDS)
      for (const as of [{}, asBob]) {
        await types(words, as)
        assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'hostOfNone', call: true } }, words)
      }
    assert.equal(legs.did.length, before)
  })

  it('but one of Zoom that they have joined, that is its host’s, and it goes on', async () => {
    const { types, chat, legs } = house({ bridges: { zoom: { dial: '+34910480001' } } })
    await types('join https://zoom.us/j/89012345678')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    const before = legs.did.length
    for (const words of WORDS) {
      await types(words)
      const sentence = { code: 'notMyMeeting', provider: 'zoom' }
      assert.deepEqual(chat.last, { kind: 'sentence', sentence }, words)
    }
    assert.equal(legs.did.length, before)
  })
})
