import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { legId } from '../../src/core/ids.ts'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house, settled } from './house.ts'

describe('repeats', () => {
  it('of an activity ring once, also after the call has ended', async () => {
    const { legs, types } = house()
    await types('call Bob Marín', { id: 'same' })
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await types('call Bob Marín', { id: 'same' })
    assert.equal(legs.dialled.length, 1)
  })

  it('with another id but the same local stamp ring once within a minute', async () => {
    const { legs, clock, types } = house()
    const stamp = { localTimestamp: '2026-01-05T10:00:00+01:00' }
    await types('call Bob Marín', stamp)
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await types('call Bob Marín', stamp)
    assert.equal(legs.dialled.length, 1)
    clock.pass(61)
    await types('call Bob Marín', stamp)
    assert.equal(legs.dialled.length, 2)
  })
})

describe('a restart', () => {
  it('finds what was seen or done before it: only what nobody would miss waits for others on its way to the disk', async () => {
    const store = openMemoryStore()
    const waited = new Map<string, boolean>()
    const calls: typeof store.calls = {
      ...store.calls,
      append: (call, events, options) => {
        for (const { event } of events) waited.set(event.type, options?.patient === true)
        return store.calls.append(call, events, options)
      },
    }
    const { legs, types } = house({}, { ...store, calls })
    await types('call Bob Marín')
    legs.report(legs.last(1), { type: 'leg.ringing', leg: legs.last(1), status: 180, earlyMedia: false })
    legs.answers(1)
    await settled()
    legs.answers(2)
    legs.report(legs.last(1), { type: 'media.settled', plan: 'direct' })
    await types('hang up')
    await settled()
    assert.deepEqual(Object.fromEntries(waited), {
      requested: false,
      'card.posted': false,
      'leg.ringing': true,
      'leg.answered': false,
      'media.settled': true,
      hangUp: false,
      // The last one, behind the hang-up that tells the outcome.
      'leg.ended': true,
    })
  })

  it('ends what was running as interrupted, with a record and a true card', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('call Bob Marín')
    before.legs.answers(1)
    await settled()
    const after = house({}, store)
    assert.equal(await after.calls.recover(), 1)
    await settled()
    assert.partialDeepStrictEqual(after.chat.cards.at(-1)?.view.state, {
      kind: 'ended',
      cause: 'interrupted',
    })
    assert.match(after.chat.cards.at(-1)?.card ?? '', /^activity-/)
    assert.deepEqual(after.legs.did, [])
    assert.equal((await store.calls.list(legsOwner, { skip: 0, limit: 9 }))[0]?.cause, 'interrupted')
  })

  it('goes on with a call whose legs have outlived it: its card is live, and its record whole', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('call Bob Marín')
    before.legs.answers(1)
    await settled()
    before.legs.answers(2)
    await settled()
    const { call } = (await store.calls.unfinished())[0]!
    const after = house({}, store)
    after.legs.outlived = [call]
    assert.equal(await after.calls.recover(), 1)
    await settled()
    assert.partialDeepStrictEqual(after.chat.cards.at(-1)?.view.state, { kind: 'connected' })
    after.legs.report(legId(call, 2), { type: 'leg.ended', leg: legId(call, 2), end: { kind: 'hungUp' } })
    await settled()
    assert.deepEqual(after.legs.did.slice(-1), ['release 1'])
    assert.partialDeepStrictEqual(after.chat.cards.at(-1)?.view.state, { kind: 'ended', cause: 'completed' })
  })

  it('takes up only calls that were connected', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('call Bob Marín')
    before.legs.answers(1)
    await settled()
    const { call } = (await store.calls.unfinished())[0]!
    const after = house({}, store)
    after.legs.outlived = [call]
    await after.calls.recover()
    await settled()
    assert.partialDeepStrictEqual(after.chat.cards.at(-1)?.view.state, {
      kind: 'ended',
      cause: 'interrupted',
    })
  })

  it('shows the last state again where the channel was away when the call ended', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    before.chat.delivers = false
    await before.types('call Bob Marín')
    before.legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await settled()
    const after = house({}, store)
    await after.calls.recover()
    await settled()
    assert.partialDeepStrictEqual(after.chat.cards.at(-1)?.view.state, {
      kind: 'ended',
      cause: 'busy',
      side: 'user',
    })
  })

  it('keeps an open question open', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('call Bob')
    assert.equal(before.chat.last?.kind, 'ask')
    const after = house({}, store)
    const screen = await after.presses(
      'choose',
      { ask: before.chat.last.ask, pick: 0, nonce: 'after' },
      { id: 'after' },
    )
    assert.equal(screen?.kind, 'call')
  })
})

describe('who is a user', () => {
  const eve = { id: '29:eve', aadObjectId: 'eve', tenant: 'contoso' }
  it('is not told by an e-mail of a row that has another account', async () => {
    const { chat, types } = house()
    chat.email = 'alice@contoso.example'
    await types('status', { sender: eve })
    assert.equal(chat.sentence, 'notAUser')
  })

  it('is not asked of the channel for a foreign tenant', async () => {
    const { chat, types } = house()
    chat.email = 'alice@contoso.example'
    await types('status', { sender: { ...eve, tenant: 'evil' } })
    assert.equal(chat.sentence, 'notAUser')
  })
})

const legsOwner = 'alice' as Parameters<ReturnType<typeof house>['calls']['running']>[0]
