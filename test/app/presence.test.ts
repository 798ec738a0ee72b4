/** Who is seen in a call: those whom the bot has on one, and nobody is ever said to be free. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Screen } from '../../src/core/screen.ts'
import { house, settled } from './house.ts'

const byBob = { sender: { id: '29:bob', aadObjectId: 'bob' }, conversation: 'of bob' }
const byRoberto = { sender: { id: '29:roberto', aadObjectId: 'roberto' }, conversation: 'of roberto' }

/** Presence by name, as the last screen shows it. */
function presences(screen: Screen | undefined): Record<string, string> {
  const people = screen?.kind === 'people' ? screen.people : screen?.kind === 'ask' ? screen.choices : []
  return Object.fromEntries(people.map(({ name, presence }) => [name, presence]))
}

/** Bob calls Alice: his phone is picked up, then hers. */
async function bobTalksToAlice() {
  const at = house()
  const { legs, types } = at
  await types('call Alice', byBob)
  legs.answers(1)
  await settled()
  legs.answers(2)
  await settled()
  const { leg } = legs.dialled[0] ?? assert.fail('nobody was rung')
  return { ...at, bobs: leg, alices: legs.last(2) }
}

describe('in a call is', () => {
  it('who talks, caller and callee alike, for whoever looks', async () => {
    const { chat, types } = await bobTalksToAlice()
    await types('find Bob', byRoberto)
    assert.deepEqual(presences(chat.last), { 'Bob Marín': 'inCall', 'Roberto Bob Díaz': 'unknown' })
    await types('find Alice', byRoberto)
    assert.deepEqual(presences(chat.last), { 'Alice Serrano': 'inCall' })
    assert.doesNotMatch(JSON.stringify(chat.last), /Marín/, 'not with whom')
  })

  it('who is asked for among others', async () => {
    const { chat, types } = await bobTalksToAlice()
    await types('call Bob', byRoberto)
    assert.deepEqual(presences(chat.last), { 'Bob Marín': 'inCall', 'Roberto Bob Díaz': 'unknown' })
  })

  it('not whose phone only rings', async () => {
    const { chat, legs, types } = house()
    await types('call Alice', byBob)
    await types('find Bob', byRoberto)
    assert.equal(presences(chat.last)['Bob Marín'], 'unknown', 'his own phone rings')
    legs.answers(1)
    await settled()
    await types('find Bob', byRoberto)
    assert.equal(presences(chat.last)['Bob Marín'], 'inCall', 'he has picked up')
    await types('find Alice', byRoberto)
    assert.equal(presences(chat.last)['Alice Serrano'], 'unknown', 'hers rings')
  })

  it('nobody after the end', async () => {
    const { chat, legs, types, bobs } = await bobTalksToAlice()
    legs.report(bobs, { type: 'leg.ended', leg: bobs, end: { kind: 'hungUp' } })
    await settled()
    await types('find Bob', byRoberto)
    assert.equal(presences(chat.last)['Bob Marín'], 'unknown')
    await types('find Alice', byRoberto)
    assert.equal(presences(chat.last)['Alice Serrano'], 'unknown')
  })
})

describe('calling somebody who is in a call', () => {
  it('rings all the same, and the card says so until they talk', async () => {
    const { chat, legs, types } = await bobTalksToAlice()
    await types('call Alice', byRoberto)
    assert.equal(legs.dialled.length, 3, "the caller's own phone is rung")
    assert.equal(chat.cards.at(-1)?.view.callee.inCall, true)
    legs.answers(1)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.callee.inCall, true)
    legs.answers(2)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'connected')
    assert.equal(chat.cards.at(-1)?.view.callee.inCall, undefined)
  })

  it('is not told of the very call that the card shows', async () => {
    const { chat } = await bobTalksToAlice()
    assert.ok(chat.cards.every(({ view }) => view.callee.inCall === undefined))
  })

  it('names their department on the card', async () => {
    const { chat, types } = house()
    await types('call Bob Marín')
    assert.equal(chat.cards.at(-1)?.view.callee.department, 'Sales')
  })
})
