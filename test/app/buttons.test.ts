import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { house, settled } from './house.ts'

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

  it('are answered within four seconds, whatever the channel does; what comes later is said (msteams-docs#13460)', async () => {
    const { chat, clock, receiver, send } = house()
    const { promise, resolve } = Promise.withResolvers<string>()
    chat.memberEmail = () => promise
    const sender = { id: '29:x', tenant: 'contoso' }
    const answer = send({ kind: 'press', verb: 'hangUp', data: { call: 'c_x' }, invoke: true }, { sender })
    await settled()
    clock.pass(4)
    assert.deepEqual(await answer, { language: 'en' })
    assert.deepEqual(chat.said, [])
    resolve('alice@contoso.example')
    await receiver.idle()
    await settled()
    assert.equal(chat.said.length, 1)
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

  it('of the welcome show help and one’s phones beside it, once', async () => {
    const { chat, presses } = house()
    for (const verb of ['help', 'status'] as const) {
      assert.equal(await presses(verb, { nonce: verb }), undefined)
      assert.equal(chat.last?.kind, verb)
      await presses(verb, { nonce: verb })
    }
    assert.equal(chat.said.length, 2)
  })

  it('of a group are used up by nobody else', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    const { call } = chat.cards[0]!.view
    await presses('hangUp', { call, nonce: 'shared' }, { sender: { id: '29:r', aadObjectId: 'roberto' } })
    await presses('hangUp', { call, nonce: 'shared' })
    assert.deepEqual(legs.did, ['dial 1', 'release 1'])
  })

  it('ask beside the record, not in its place, when a redial meets a running call', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín')
    const { call } = chat.cards[0]!.view
    legs.ends(1, { kind: 'refused', status: 603, reason: 'Decline' })
    await types('call Roberto Bob Díaz')
    legs.answers(1)
    await settled()
    legs.answers(2)
    const screen = await presses('redial', { call })
    assert.equal(screen?.kind === 'call' && screen.view.call, call)
    assert.equal(chat.last?.kind, 'askBusy')
  })

  it('of a question that was answered show the call that came of it', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob')
    assert.equal(chat.last?.kind, 'ask')
    const { ask } = chat.last
    await presses('choose', { ask, pick: 0 })
    const second = await presses('choose', { ask, pick: 1 })
    assert.equal(second?.kind === 'call' && second.view.callee.name, 'Bob Marín')
    assert.deepEqual(legs.did, ['dial 1'])
  })

  it('without an invoke say no second card of a call', async () => {
    const { chat, types, presses } = house()
    await types('call Bob Marín')
    await presses('hangUp', { call: chat.cards[0]!.view.call }, {}, false)
    assert.deepEqual(chat.said, [])
  })

  it('with forged data get a sentence', async () => {
    const { legs, chat, presses } = house()
    const forged: [string, Record<string, unknown>][] = [
      ['hangUp', { call: 'c_nothing' }],
      ['hangUp', {}],
      ['choose', { ask: '../../etc/passwd', pick: 0 }],
      ['choose', { ask: { $ne: 1 }, pick: 'x' }],
      ['nonsense', {}],
      ['ladder', { call: `c_${'0'.repeat(22)}` }],
    ]
    for (const [verb, data] of forged) assert.equal((await presses(verb, data))?.kind, 'sentence', verb)
    await presses('call', { who: '+881612345678' })
    assert.equal(chat.sentence, 'numberNotAllowed')
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
