/** Whom one calls often comes first; nobody is dialled for it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Often } from '../../src/app/often.ts'
import { nearNames, shortlist } from '../../src/app/shortlist.ts'
import type { CallStore, Log } from '../../src/app/ports.ts'
import { personId } from '../../src/core/ids.ts'
import type { PersonId } from '../../src/core/ids.ts'
import type { Screen } from '../../src/core/screen.ts'
import { openMemoryStore } from '../../src/store/memory.ts'
import { names, person } from '../directory/people.ts'
import { closedCall } from '../store/samples.ts'
import { alice, bob, house, roberto, settled } from './house.ts'
import type { PlayedLegs } from './house.ts'

const DAY = 24 * 60 * 60 * 1000
const NOW = Date.UTC(2026, 5, 1)
const people = new Map(
  ['Ana', 'Bea', 'Cris', ...Array.from({ length: 40 }, (_, i) => `P${i}`)].map((name) => {
    const one = person(name)
    return [one.id, one]
  }),
)
const ana = person('Ana')
const bea = person('Bea')
const cris = person('Cris')
const me = personId('me')

/** A tally over a store in memory, and the lines of its log. */
function tally(store: Pick<CallStore, 'list'> = openMemoryStore().calls, facts = openMemoryStore().facts) {
  const said: string[] = []
  const write = (_: unknown, message: string) => void said.push(message)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const directory = { byId: (id: PersonId) => Promise.resolve(people.get(id)) }
  return { often: new Often({ facts, store, directory, log }), facts, said }
}

describe('a tally', () => {
  it('ranks by how often somebody was called', async () => {
    const { often } = tally()
    for (const who of [ana, bea, bea]) often.count(me, who.id, NOW)
    await settled()
    const score = await often.scores(me)
    assert.ok((score(bea) ?? 0) > (score(ana) ?? 0))
    assert.equal(score(cris), undefined)
  })

  it('forgets: two calls of today weigh more than five of half a year ago', async () => {
    const { often } = tally()
    for (let n = 0; n < 5; n++) often.count(me, ana.id, NOW - 180 * DAY)
    for (let n = 0; n < 2; n++) often.count(me, bea.id, NOW)
    await settled()
    const score = await often.scores(me)
    assert.ok((score(bea) ?? 0) > (score(ana) ?? 0))
  })

  it('of yesterday and the day before, more calls weigh more', async () => {
    const { often } = tally()
    for (let n = 0; n < 3; n++) often.count(me, ana.id, NOW - 2 * DAY)
    often.count(me, bea.id, NOW)
    await settled()
    const score = await often.scores(me)
    assert.ok((score(ana) ?? 0) > (score(bea) ?? 0))
  })

  it('is bounded: of many people the least called are forgotten', async () => {
    const { often, facts } = tally()
    for (let n = 0; n < 40; n++) often.count(me, personId(`p${n}`), NOW + n * DAY)
    await settled()
    const kept = await facts.get<unknown[]>('often', me)
    assert.equal(kept?.length, 32)
    assert.ok(JSON.stringify(kept).length < 1500)
  })

  it('is each user’s own', async () => {
    const { often } = tally()
    often.count(me, ana.id, NOW)
    await settled()
    assert.equal((await often.scores(personId('you')))(ana), undefined)
  })

  it('counts all of many calls at once', async () => {
    const { often, facts } = tally()
    for (let n = 0; n < 8; n++) often.count(me, ana.id, NOW)
    await settled()
    const [[, score] = []] = (await facts.get<[string, number][]>('often', me)) ?? []
    assert.ok(Math.abs((score ?? 0) - (NOW / (30 * DAY) + 3)) < 0.001, 'eight is two to the third')
  })

  it('is made of the last calls where there is none, by one look into the history', async () => {
    const store = openMemoryStore()
    for (let n = 0; n < 3; n++) await store.calls.close(callTo(bea.id, NOW - n * DAY))
    await store.calls.close(callTo(ana.id, NOW))
    let looks = 0
    const counting: Pick<CallStore, 'list'> = {
      list: (by, options) => {
        looks++
        return store.calls.list(by, options)
      },
    }
    const { often } = tally(counting)
    assert.ok(((await often.scores(me))(bea) ?? 0) > ((await often.scores(me))(ana) ?? 0))
    looks = 0
    often.count(me, ana.id, NOW + DAY)
    await settled()
    assert.equal(looks, 1)
    await often.scores(me)
    often.count(me, ana.id, NOW + DAY)
    await settled()
    assert.equal(looks, 1, 'from then on it is kept')
  })

  it('knows people by the id that they have now', async () => {
    const store = openMemoryStore()
    const { facts } = store
    const directory = {
      byId: (id: PersonId) => Promise.resolve(id === 'ext:1' || id === ana.id ? ana : undefined),
    }
    const log: Log = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    }
    const often = new Often({ facts, store: store.calls, directory, log })
    often.count(me, personId('ext:1'), NOW)
    await settled()
    assert.notEqual((await often.scores(me))(ana), undefined)
  })

  it('that cannot be saved holds up no call, and is told', async () => {
    const facts = { ...openMemoryStore().facts, put: () => Promise.reject(new Error('disk full')) }
    const { often, said } = tally(undefined, facts)
    often.count(me, ana.id, NOW)
    await settled()
    assert.deepEqual(said, ['whom somebody calls often was not saved'])
  })
})

describe('a list of choices', () => {
  const score = ({ name }: { name: string }) =>
    new Map([
      ['Cris', 5],
      ['Bea', 3],
    ]).get(name)
  const many = (count: number) => Array.from({ length: count }, (_, n) => person(`P${n}`))

  it('begins with those whom one calls, and keeps the order of the others', () => {
    const { people, left } = shortlist({ fitting: [ana, bea, cris], guessed: [] }, score)
    assert.deepEqual([names(people), left], [['Cris', 'Bea', 'Ana'], 0])
  })

  it('has nobody who is guessed before one whom the words fit', () => {
    const { people } = shortlist({ fitting: [ana], guessed: [cris] }, score)
    assert.deepEqual(names(people), ['Ana', 'Cris'])
  })

  it('of too many shows those whom one calls, and tells how many are left', () => {
    const { people, left } = shortlist({ fitting: [...many(300), bea, cris], guessed: [] }, score)
    assert.deepEqual([names(people), left], [['Cris', 'Bea'], 300])
  })

  it('of too many none of whom one calls shows nobody', () => {
    assert.deepEqual(shortlist({ fitting: many(11), guessed: [] }, score), { people: [], left: 11 })
  })

  it('is not flooded by guesses', () => {
    const { people, left } = shortlist({ fitting: [ana], guessed: [...many(50), bea] }, score)
    assert.deepEqual([names(people), left], [['Ana', 'Bea'], 50])
  })

  it('"did you mean" begins with those whom one calls', () => {
    assert.deepEqual(nearNames([ana, ...many(3), bea], score), ['Bea', 'Ana', 'P0'])
  })
})

const called = (legs: PlayedLegs) => legs.dialled.map(({ from }) => from.name)

/** The people whom a screen shows, in its order. */
function shown(screen: Screen | undefined): readonly string[] {
  if (screen?.kind === 'ask') return screen.choices.map(({ name }) => name)
  return screen?.kind === 'people' ? screen.people.map(({ name }) => name) : []
}

describe('in chat', () => {
  it('"call Bob" still asks, and begins with the one who was called; so does "find Bob"', async () => {
    const { chat, legs, types } = house()
    await types('find Bob')
    assert.deepEqual(shown(chat.last), [bob.name, roberto.name])
    await types('call Roberto Bob Díaz')
    await types('hang up')
    await settled()
    const rung = legs.dialled.length
    await types('call Bob')
    assert.equal(legs.dialled.length, rung, 'nobody is rung for it')
    assert.deepEqual(shown(chat.last), [roberto.name, bob.name])
    await types('find Bob')
    assert.deepEqual(shown(chat.last), [roberto.name, bob.name])
  })

  it('somebody who is only guessed is asked about, and "yes" calls them', async () => {
    const { chat, legs, types } = house({}, undefined, { rbd: [roberto] })
    await types('call rbd')
    assert.deepEqual(legs.dialled, [])
    assert.deepEqual(shown(chat.last), [roberto.name])
    await types('yes')
    assert.deepEqual(called(legs), [roberto.name])
  })

  it('one whom a word fits is not rung where another may be meant', async () => {
    const { chat, legs, types } = house({}, undefined, { Marín: [roberto] })
    await types('call Marín')
    assert.deepEqual(legs.dialled, [])
    assert.deepEqual(shown(chat.last), [bob.name, roberto.name])
  })

  it('a tally outlives a restart', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('call Roberto Bob Díaz')
    await before.types('hang up')
    await settled()
    assert.ok(await store.facts.get('often', alice.id))
    const { chat, types } = house({}, store)
    await types('find Bob', { id: 'after the restart' })
    assert.deepEqual(shown(chat.last), [roberto.name, bob.name])
  })
})

function callTo(person: PersonId, at: number) {
  const { record, ...rest } = closedCall(me, at)
  const callee = { ...record.request.callee, person }
  return { ...rest, record: { ...record, request: { ...record.request, callee } } }
}
