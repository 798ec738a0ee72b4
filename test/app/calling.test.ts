import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { alice, house, settled } from './house.ts'

const strangers = { sender: { id: '29:eve', aadObjectId: 'eve', name: 'Eve' } }

describe('calling from chat', () => {
  it('rings the own phone with the global caller ID and the name of who is called, and nobody else', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    assert.deepEqual(legs.did, ['dial 1'])
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34910001001' })
    assert.deepEqual(legs.dialled[0].from, { number: '+34900100200', name: 'Bob Marín' })
  })

  it('calls the callee at the pick-up, as the user: the two caller IDs are never mixed', async () => {
    const { legs, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910001002' })
    assert.deepEqual(legs.dialled[1].from, {
      number: '+34910001001',
      extension: '1001',
      general: '+34900100200',
      name: 'Alice Serrano',
    })
    assert.deepEqual([legs.dialled[0]?.own, legs.dialled[1].own], ['desk', undefined])
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

  it('knows somebody’s first call by there being none before, refused ones not counted', async () => {
    const { legs, chat, types } = house()
    await types('call nobody at all')
    for (const first of [true, undefined]) {
      await types('call Bob Marín')
      assert.equal(chat.cards.at(-1)?.view.firstCall, first)
      legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
      await settled()
      assert.equal(chat.cards.at(-1)?.view.state.kind, 'ended')
    }
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

  it('hangs up nothing for a call that may not be made', async () => {
    const { legs, chat, switchboard, types, presses } = house({ callsPerHour: 2 })
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await types('call Roberto Bob Díaz')
    assert.equal(chat.last?.kind, 'askBusy')
    const { ask } = chat.last
    switchboard.drain()
    const screen = await presses('hangUpAndCall', { ask })
    assert.deepEqual(screen, { kind: 'sentence', sentence: { code: 'draining' } })
    assert.equal(legs.did.includes('release 1'), false)
  })

  it('hangs up no other call than the one that was asked about', async () => {
    const { legs, chat, types, presses } = house()
    const talkTo = async (who: string) => {
      await types(`call ${who}`)
      legs.answers(1)
      await settled()
      legs.answers(2)
    }
    await talkTo('Bob Marín')
    await types('call Roberto Bob Díaz')
    assert.equal(chat.last?.kind, 'askBusy')
    const { ask } = chat.last
    await types('hang up')
    await talkTo('Roberto Bob Díaz')
    const before = legs.did.length
    const screen = await presses('hangUpAndCall', { ask })
    assert.equal(screen?.kind === 'call' && screen.view.callee.name, 'Roberto Bob Díaz')
    assert.equal(legs.did.length, before)
  })

  it('goes on where a phone system never answers the BYE of the call before', async () => {
    const { clock, legs, chat, types, send } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await types('call Roberto Bob Díaz')
    assert.equal(chat.last?.kind, 'askBusy')
    legs.deaf = true
    const pressed = send({
      kind: 'press',
      verb: 'hangUpAndCall',
      data: { ask: chat.last.ask },
      card: 'c',
      invoke: true,
    })
    await settled()
    clock.pass(2)
    const { screen } = await pressed
    assert.equal(screen?.kind === 'call' && screen.view.callee.name, 'Roberto Bob Díaz')
  })

  it('rings nobody for a user who hung up while the journal was slow, or lets go at once', async () => {
    const { legs, calls, store, types } = house()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const append = store.calls.append.bind(store.calls)
    store.calls.append = async (...args) => {
      if (args[2]?.durable) await promise
      return append(...args)
    }
    const typed = types('call Bob Marín')
    await settled()
    const running = calls.running(legsOwner)
    assert.ok(running)
    calls.hangUp(running.id, legsOwner)
    resolve(undefined)
    await typed
    await settled()
    assert.deepEqual(legs.did, ['dial 1', 'release 1'])
    assert.equal(calls.count, 0)
  })

  it('has one call a person, whichever way two commands come at once', async () => {
    const { legs, switchboard, types } = house()
    await types('status')
    const visit = { me: alice, at: { channel: 'msteams', conversation: 'personal', language: 'en' as const } }
    await Promise.all([switchboard.call(visit, 'Bob Marín'), switchboard.call(visit, 'Roberto Bob Díaz')])
    assert.deepEqual(legs.did, ['dial 1'])
  })

  it('finds a person by extension and dials the desk phone, and a number itself', async () => {
    const { legs, types } = house()
    await types('call 1002')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34910001002' })
  })

  it('redials what was dialled, not another phone of the same person', async () => {
    const { legs, types } = house()
    await types('call +34910001002')
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await types('redial')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled.at(-1)?.to, { kind: 'number', number: '+34910001002' })
  })

  it('knows whom a mention means though the name fits two', async () => {
    const { legs, types } = house()
    await types('call Bob', {
      act: { kind: 'text', text: 'call Bob', mentions: [{ id: 'bob', name: 'Bob' }] },
    })
    assert.deepEqual(legs.did, ['dial 1'])
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

  for (const [room, sentence] of [
    ['full', 'noLine'],
    ['down', 'trunkDown'],
  ] as const)
    it(`rings nobody where all trunks are ${room}, and says so in one sentence`, async () => {
      const { legs, chat, calls, types } = house()
      legs.room = room
      await types('call Bob Marín')
      assert.equal(chat.sentence, sentence)
      assert.deepEqual([legs.did, chat.cards, calls.count], [[], [], 0])
      legs.room = 'free'
      await types('call Bob Marín')
      assert.deepEqual(legs.did, ['dial 1'])
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

const legsOwner = 'alice' as Parameters<ReturnType<typeof house>['calls']['running']>[0]
