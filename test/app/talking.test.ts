/** Questions of the bot's, answered in words; and who is meant where no whole name is typed. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crowd, house, settled } from './house.ts'

const called = (legs: ReturnType<typeof house>['legs']) => legs.dialled.map(({ from }) => from.name)

describe('a question is answered in words:', () => {
  for (const [said, name] of [
    ['2', 'Roberto Bob Díaz'],
    ['the second one', 'Roberto Bob Díaz'],
    ['the first', 'Bob Marín'],
    ['the last one please', 'Roberto Bob Díaz'],
    ['el segundo', 'Roberto Bob Díaz'],
  ] as const)
    it(`"${said}" calls ${name}`, async () => {
      const { legs, types } = house()
      await types('call Bob')
      await types(said)
      assert.deepEqual(called(legs), [name])
    })

  for (const said of ['3', 'yes', 'the third'])
    it(`"${said}" of two calls nobody, and tells how to choose`, async () => {
      const { legs, chat, types } = house()
      await types('call Bob')
      await types(said)
      assert.deepEqual(called(legs), [])
      assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'pickOne', count: 2 } })
      await types('1')
      assert.deepEqual(called(legs), ['Bob Marín'], 'it is still open')
    })

  it('"never mind" calls nobody, and neither does what comes after it', async () => {
    const { legs, chat, types } = house()
    await types('call Bob')
    await types('never mind')
    assert.equal(chat.sentence, 'leftAlone')
    await types('2')
    assert.equal(chat.sentence, 'nothingAsked')
    assert.deepEqual(called(legs), [])
  })

  it('not where the talk has gone on, not in another conversation, not by somebody else, not after ten minutes', async () => {
    const { legs, chat, clock, types } = house()
    const words = async (before: () => Promise<void>, more = {}) => {
      await types('call Bob')
      await before()
      await types('2', more)
      assert.equal(chat.sentence, 'nothingAsked')
      assert.deepEqual(called(legs), [])
    }
    await words(() => types('status'))
    await words(() => types('what a day'))
    await words(() => Promise.resolve(), { conversation: 'another' })
    await words(() => Promise.resolve(), { sender: { id: '29:bob', aadObjectId: 'bob' } })
    await words(() => Promise.resolve(clock.pass(601)))
  })

  it('its buttons go on when the talk has gone on', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob')
    const asked = chat.last
    assert.equal(asked?.kind, 'ask')
    await types('status')
    await presses('choose', { ask: asked.ask, pick: 0 })
    assert.deepEqual(called(legs), ['Bob Marín'])
  })

  it('"yes" hangs up and calls, "no" stays in the call', async () => {
    const { legs, chat, types } = house()
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    await types('call Roberto Bob Díaz')
    assert.equal(chat.last?.kind, 'askBusy')
    await types('no')
    await types('call Roberto Bob Díaz')
    assert.equal(legs.dialled.length, 2)
    await types('yes')
    assert.deepEqual(called(legs).slice(2), ['Roberto Bob Díaz'])
  })

  it('"yes" and "2" with nothing asked do nothing', async () => {
    const { legs, chat, types } = house()
    for (const said of ['yes', '2', 'no', 'the first one']) {
      await types(said)
      assert.equal(chat.sentence, 'nothingAsked')
    }
    assert.deepEqual(called(legs), [])
  })
})

describe('one of several', () => {
  it('"call Bob Marín or Roberto" asks which of both, and rings who is chosen by their name’s place or its button', async () => {
    const { legs, chat, types, presses } = house()
    await types('call Bob Marín or Roberto from mobile')
    assert.equal(chat.last?.kind, 'ask')
    const { ask, choices } = chat.last
    assert.deepEqual(
      choices.map(({ name }) => name),
      ['Bob Marín', 'Roberto Bob Díaz'],
    )
    assert.deepEqual(called(legs), [])
    await presses('choose', { ask, pick: 1 })
    assert.deepEqual(called(legs), ['Roberto Bob Díaz'])
  })

  it('of each name all whom it fits are asked about, and nobody twice', async () => {
    const { legs, chat, types } = house()
    await types('llama a Bob o Bob Marín')
    assert.equal(chat.last?.kind, 'ask')
    const names = chat.last.choices.map(({ name }) => name)
    assert.ok(names.includes('Bob Marín') && names.length > 1, names.join())
    assert.equal(new Set(names).size, names.length)
    await types('1')
    assert.deepEqual(called(legs), [names[0]])
  })

  it('a name that nobody has is told, and nobody is asked about', async () => {
    const { legs, chat, types } = house()
    await types('call Bob Marín or Xerxes')
    assert.equal(chat.sentence, 'personUnknown')
    assert.deepEqual(called(legs), [])
  })
})

describe('a slip of the finger', () => {
  it('dials nothing and offers what was perhaps meant; "yes" does it', async () => {
    const { legs, chat, types } = house()
    await types('cal Bob Marín')
    assert.partialDeepStrictEqual(chat.last, {
      kind: 'askMeant',
      text: 'cal Bob Marín',
      meant: 'call Bob Marín',
    })
    assert.deepEqual(called(legs), [])
    await types('yes')
    assert.deepEqual(called(legs), ['Bob Marín'])
  })

  it('is done once, however often [Yes] is pressed, and for who typed it only', async () => {
    const { legs, chat, types, presses } = house()
    await types('cal Bob Marín')
    const asked = chat.last
    assert.equal(asked?.kind, 'askMeant')
    const { ask } = asked
    const eve = { sender: { id: '29:bob', aadObjectId: 'bob' } }
    assert.deepEqual(await presses('agree', { ask }, eve), {
      kind: 'sentence',
      sentence: { code: 'notYours' },
    })
    assert.deepEqual(called(legs), [])
    assert.equal((await presses('agree', { ask }))?.kind, 'call')
    await presses('agree', { ask })
    assert.deepEqual(called(legs), ['Bob Marín'])
  })

  it('is forgotten by [No]', async () => {
    const { legs, chat, types, presses } = house()
    await types('cal Bob Marín')
    assert.equal(chat.last?.kind, 'askMeant')
    const screen = await presses('leave', { ask: chat.last.ask })
    assert.deepEqual(screen, { kind: 'sentence', sentence: { code: 'leftAlone' } })
    await types('yes')
    assert.deepEqual(called(legs), [])
  })
})

describe('who is meant', () => {
  for (const [said, name] of [
    ['call Bob from sales', 'Bob Marín'],
    ['call Bob in Sistemas', 'Roberto Bob Díaz'],
    ['llama a Bob de sistemas y redes', 'Roberto Bob Díaz'],
  ] as const)
    it(`"${said}" is ${name}`, async () => {
      const { legs, types } = house()
      await types(said)
      assert.deepEqual(called(legs), [name])
    })

  it('is found with the department as well', async () => {
    const { chat, types } = house()
    await types('find Bob from sales')
    assert.partialDeepStrictEqual(chat.last, { kind: 'people', people: [{ name: 'Bob Marín' }] })
  })

  it('nobody of a department that has no such person', async () => {
    const { legs, chat, types } = house()
    await types('call Bob from legal')
    assert.equal(chat.sentence, 'personUnknown')
    assert.deepEqual(called(legs), [])
  })

  it('the phone of theirs that was named; a sentence where they have none', async () => {
    const { legs, chat, types } = house()
    await types("call Bob Marín's mobile")
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34600001002' })
    legs.ends(2, { kind: 'hungUp' })
    legs.ends(1, { kind: 'hungUp' })
    await types('call Roberto Bob Díaz on his mobile')
    assert.deepEqual(chat.last, {
      kind: 'sentence',
      sentence: { code: 'theyHaveNoSuchPhone', who: 'Roberto Bob Díaz', phone: 'mobile' },
    })
  })

  it('which phone of theirs is kept over the question which of them', async () => {
    const { legs, types } = house()
    await types('call Bob on his mobile')
    await types('1')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34600001002' })
  })

  const group = { group: true, conversation: '19:chat' }
  it('the other one, where "call" is typed in a chat of two', async () => {
    const { legs, chat, types } = house()
    chat.present = ['alice', 'bob']
    await types('call', group)
    assert.deepEqual(called(legs), ['Bob Marín'])
  })

  it('one of the others, who is asked for, where it is a larger chat', async () => {
    const { legs, chat, types } = house()
    chat.present = ['alice', 'bob', 'roberto', 'stranger']
    await types('llama', group)
    assert.partialDeepStrictEqual(chat.last, {
      kind: 'ask',
      who: '',
      choices: [{ name: 'Bob Marín' }, { name: 'Roberto Bob Díaz' }],
    })
    await types('2', group)
    assert.deepEqual(called(legs), ['Roberto Bob Díaz'])
  })

  it('one of more than a card has room for: those whom one calls first, and how many are left', async () => {
    const { legs, chat, types } = house()
    chat.present = ['alice', ...crowd.map(({ aadObjectId = '' }) => aadObjectId), 'bob', 'roberto']
    await types('call Crowd Member 11')
    await types('hang up')
    await types('call', group)
    assert.equal(chat.last?.kind, 'ask')
    const { choices, left } = chat.last
    assert.equal(choices.length, 10)
    assert.deepEqual(
      choices.slice(0, 2).map(({ name }) => name),
      ['Crowd Member 11', 'Crowd Member 0'],
    )
    assert.equal(left, 4)
    await types('the first one', group)
    assert.deepEqual(called(legs), ['Crowd Member 11', 'Crowd Member 11'])
  })

  it('whom the asker says, and nobody else in that chat', async () => {
    const { legs, chat, types, presses } = house()
    chat.present = ['alice', 'bob', 'roberto']
    await types('call', group)
    assert.equal(chat.last?.kind, 'ask')
    const { ask } = chat.last
    const bobs = { ...group, sender: { id: '29:bob', aadObjectId: 'bob' } }
    assert.deepEqual(await presses('choose', { ask, pick: 1 }, bobs), {
      kind: 'sentence',
      sentence: { code: 'notYours' },
    })
    await types('2', bobs)
    assert.equal(chat.sentence, 'nothingAsked')
    assert.deepEqual(called(legs), [])
    await presses('choose', { ask, pick: 1 }, group)
    assert.deepEqual(called(legs), ['Roberto Bob Díaz'])
  })

  it('who is mentioned, whatever they are called in the chat', async () => {
    const { legs, chat, send, receiver } = house()
    chat.present = ['alice', 'bob', 'roberto']
    const says = async (text: string, ...mentions: readonly { id: string; name: string }[]) => {
      await send({ kind: 'text', text, mentions }, group)
      await receiver.idle()
    }
    await says('call Bobby (Sales)', { id: 'roberto', name: 'Bobby (Sales)' }, { id: 'bob', name: 'Bob' })
    assert.deepEqual(called(legs), ['Roberto Bob Díaz'])
    assert.equal(chat.said.length, 0)
  })

  it('nobody, where one is alone with the bot, or the channel does not say who is there', async () => {
    const { legs, chat, types } = house()
    await types('call')
    assert.equal(chat.sentence, 'callWhom')
    await types('call', group)
    assert.equal(chat.sentence, 'callWhom')
    assert.deepEqual(called(legs), [])
  })
})
