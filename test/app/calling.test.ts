import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house } from './house.ts'

const strangers = { sender: { id: '29:eve', aadObjectId: 'eve', name: 'Eve' } }

describe('calling from chat', () => {
  it('rings the own phone with the global caller ID and the name of who is called, and nobody else', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    assert.deepEqual(legs.did, ['dial 1'])
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34910001001' })
    assert.deepEqual(legs.dialled[0]?.from, { number: '+34900100200', name: 'Bob Marín' })
  })

  it('calls the callee at the pick-up, as the user: the two caller IDs are never mixed', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910001002' })
    assert.deepEqual(legs.dialled[1]?.from, { number: '+34910001001', name: 'Alice Serrano' })
    assert.deepEqual(legs.dialled[1]?.identity, { number: '+34910001001', name: 'Alice Serrano' })
  })

  it('shows one card that ends as the record, and moves the call to the history', async () => {
    const { legs, chat, calls, clock, store, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.answers(2)
    clock.pass(42)
    legs.ends(2, { kind: 'hungUp' })
    await settled()
    const views = chat.cards.map(({ view }) => view.state)
    assert.deepEqual(
      views.map((v) => v.kind),
      ['callingUser', 'callingCallee', 'connected', 'ended'],
    )
    assert.partialDeepStrictEqual(views.at(-1), {
      cause: 'completed',
      side: 'callee',
      lasted: 42,
      connected: true,
    })
    assert.equal(chat.said.length, 0)
    const [record] = await store.calls.list(legsOwner, { skip: 0, limit: 9 })
    assert.equal(record?.lasted, 42)
    assert.equal(calls.count, 0)
  })

  it('asks which Bob is meant, rings nobody, and rings the one that is chosen on the same card', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob')
    assert.deepEqual(legs.did, [])
    const asked = chat.last
    assert.equal(asked?.kind, 'ask')
    assert.deepEqual(
      asked.choices.map((c) => c.name),
      ['Bob Marín', 'Roberto Bob Díaz'],
    )
    const screen = await presses('choose', { ask: asked.ask, pick: 1 })
    assert.equal(screen?.kind, 'call')
    assert.equal(screen.view.callee.name, 'Roberto Bob Díaz')
    assert.deepEqual(legs.did, ['dial 1'])
    assert.equal(chat.cards.at(-1)?.card, 'pressed')
  })

  it('lets only who was asked choose', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob')
    assert.equal(chat.last?.kind, 'ask')
    const screen = await presses(
      'choose',
      { ask: chat.last.ask, pick: 0 },
      { sender: { id: '29:bob', aadObjectId: 'bob' } },
    )
    assert.deepEqual(screen, { kind: 'sentence', sentence: { code: 'notYours' } })
    assert.deepEqual(legs.did, [])
  })

  it('has one dialling call a user, however many commands come at once', async () => {
    const { legs, chat, receiver, types } = house()
    void types('call Bob Marín')
    void types('call Roberto Bob Díaz')
    await types('call Bob Marín')
    await receiver.idle()
    assert.deepEqual(legs.did, ['dial 1'])
    assert.equal(chat.sentence, 'alreadyCalling')
  })

  it('dials again at once when the same words come after the end', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await types('call Bob Marín')
    assert.deepEqual(legs.did, ['dial 1', 'dial 1'])
  })

  it('frees the phone of a busy tone when the next call is wanted', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.ends(2, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await settled()
    assert.equal(legs.did.at(-1), 'play busy 1')
    await types('call Roberto Bob Díaz')
    assert.deepEqual(legs.did.slice(-2), ['release 1', 'dial 1'])
  })

  it('asks before a second call ends a running one', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await types('call Roberto Bob Díaz')
    const asked = chat.last
    assert.equal(asked?.kind, 'askBusy')
    assert.equal(legs.dialled.length, 2)
    const screen = await presses('hangUpAndCall', { ask: asked.ask })
    assert.equal(screen?.kind, 'call')
    assert.equal(screen.view.callee.name, 'Roberto Bob Díaz')
    assert.deepEqual(legs.did.slice(-3), ['release 1', 'release 2', 'dial 1'])
  })

  it('offers the other phone where the own one is busy, and rings nobody else', async () => {
    const { legs, chat, types } = house()
    await types('call Bob Marín')
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await settled()
    assert.partialDeepStrictEqual(chat.cards.at(-1)?.view.state, {
      kind: 'ended',
      cause: 'busy',
      side: 'user',
      otherPhone: 'mobile',
    })
    assert.equal(legs.dialled.length, 1)
  })

  it('rings the mobile first where that is asked for', async () => {
    const { legs, types } = house()
    await types('call Bob Marín from mobile')
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34600001001' })
  })

  const refusals: readonly [string, string, Parameters<ReturnType<typeof house>['types']>[1]?][] = [
    ['call', 'callWhom'],
    ['call Nobody Atall', 'personUnknown'],
    ['call Alice Serrano', 'callingYourself'],
    ['call +34910001001', 'callingYourself'],
    ['call Nora', 'noPhone'],
    ['call 112', 'emergency'],
    ['call +441632960001', 'numberNotAllowed'],
    ['call sip:evil@10.0.0.1', 'sipDomainNotAllowed'],
    ['call +1\r\nINVITE sip:x', 'personUnknown|numberInvalid|unknownCommand'],
    ['call ' + '🙂'.repeat(2000), 'tooLong'],
    ['make me a sandwich', 'unknownCommand'],
    ['call Bob Marín', 'notAUser', strangers],
    ['help', 'notAUser', strangers],
    ['hang up', 'noCall'],
    ['redial', 'nothingToRedial'],
    ['calls', 'noCalls'],
    ['find Nobody', 'personUnknown'],
  ]
  for (const [text, code, more] of refusals)
    it(`answers ${JSON.stringify(text.slice(0, 30))}${more ? ' of a stranger' : ''} with a sentence, and rings nobody`, async () => {
      const { legs, chat, types } = house()
      await types(text, more)
      assert.match(chat.sentence ?? 'nothing', new RegExp(`^(${code})$`))
      assert.deepEqual(legs.did, [])
    })

  it('stops at the cap of calls an hour', async () => {
    const { legs, chat, types, clock } = house({ callsPerHour: 2 })
    for (let i = 0; i < 3; i++) {
      await types('call Bob Marín')
      if (legs.dialled.length > i) legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    }
    assert.equal(legs.dialled.length, 2)
    assert.equal(chat.sentence, 'tooManyCalls')
    clock.pass(3601)
    await types('call Bob Marín')
    assert.equal(legs.dialled.length, 3)
  })

  it('takes no new call while it drains, and lets running ones be hung up', async () => {
    const { legs, chat, switchboard, types } = house()
    await types('call Bob Marín')
    switchboard.drain()
    await types('call Bob Marín', { sender: { id: '29:bob', aadObjectId: 'roberto' } })
    assert.equal(chat.sentence, 'draining')
    await types('hang up')
    assert.equal(legs.did.at(-1), 'release 1')
  })
})

describe('buttons', () => {
  it('hang up once, however often pressed', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    const { call } = chat.cards[0]!.view
    const first = await presses('hangUp', { call, nonce: 'n1' })
    const again = await presses('hangUp', { call, nonce: 'n1' })
    const twice = await presses('hangUp', { call, nonce: 'n2' })
    for (const screen of [first, again, twice])
      assert.equal(screen?.kind === 'call' && screen.view.state.kind, 'ended')
    assert.deepEqual(legs.did, ['dial 1', 'release 1'])
  })

  it('of somebody else do nothing', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    const screen = await presses(
      'hangUp',
      { call: chat.cards[0]!.view.call },
      { sender: { id: '29:x', aadObjectId: 'roberto' } },
    )
    assert.deepEqual(screen, { kind: 'sentence', sentence: { code: 'notYours' } })
    assert.deepEqual(legs.did, ['dial 1'])
  })

  it('redial from the record calls the same person with a card of its own', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    const { call } = chat.cards[0]!.view
    legs.ends(1, { kind: 'refused', status: 603, reason: 'Decline' })
    const screen = await presses('redial', { call })
    assert.equal(screen?.kind === 'call' && screen.view.call, call, 'the record keeps its card')
    assert.equal(legs.dialled.length, 2)
    assert.notEqual(chat.cards.at(-1)?.view.call, call)
    assert.equal(chat.cards.at(-1)?.card, undefined)
  })

  it('with forged data get a sentence', async () => {
    const { legs, presses } = house()
    const forged: [string, Record<string, unknown>][] = [
      ['hangUp', { call: 'c_nothing' }],
      ['hangUp', {}],
      ['choose', { ask: '../../etc/passwd', pick: 0 }],
      ['choose', { ask: { $ne: 1 }, pick: 'x' }],
      ['nonsense', {}],
      ['ladder', { call: `c_${'0'.repeat(22)}` }],
      ['call', { who: '+881612345678' }],
    ]
    for (const [verb, data] of forged) assert.equal((await presses(verb, data))?.kind, 'sentence', verb)
    assert.deepEqual(legs.did, [])
  })

  it('show details to who took part, and the ladder to administrators alone', async () => {
    const { chat, types, presses } = house()
    await types('call Bob Marín')
    const { call } = chat.cards[0]!.view
    assert.equal((await presses('details', { call }))?.kind, 'details')
    assert.equal((await presses('ladder', { call }))?.kind, 'ladder')
    const bob = { sender: { id: '29:bob', aadObjectId: 'bob' } }
    assert.equal((await presses('details', { call }, bob))?.kind, 'details')
    assert.deepEqual(await presses('ladder', { call }, bob), {
      kind: 'sentence',
      sentence: { code: 'adminsOnly' },
    })
    const roberto = { sender: { id: '29:r', aadObjectId: 'roberto' } }
    assert.deepEqual(await presses('details', { call }, roberto), {
      kind: 'sentence',
      sentence: { code: 'notYours' },
    })
  })
})

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

/** Lets everything run that is due now; no time passes. */
function settled() {
  return new Promise((done) => setImmediate(done))
}
