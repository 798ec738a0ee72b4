import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Screen, SettingsShown } from '../../src/core/screen.ts'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house, settled } from './house.ts'

const bob = { sender: { id: '29:bob', aadObjectId: 'bob' } }
const spanish = { locale: 'es-ES' }

function shownIn(screen: Screen | undefined): SettingsShown {
  assert.equal(screen?.kind, 'settings')
  return screen.settings
}
const first = ({ phones }: SettingsShown) => phones.find((phone) => phone.first)?.kind
const dialled = ({ legs }: ReturnType<typeof house>) => legs.dialled.map(({ own, to }) => own ?? to.kind)

describe('settings', () => {
  it('show one’s phones, which rings first, the language and press 1', async () => {
    const { chat, types } = house()
    await types('settings')
    const { owner: _owner, ...shown } = shownIn(chat.last)
    assert.deepEqual(shown, {
      phones: [
        { kind: 'desk', number: '+34 910 00 10 01', first: true },
        { kind: 'mobile', number: '+34 600 00 10 01', first: false },
      ],
      language: 'channel',
      pressOne: { on: false, forced: false },
      ask: [],
    })
  })

  it('name the administrators who can mend a number', async () => {
    const { chat, types } = house({ admins: ['ALICE', 'nobody'].map((id) => id.toLowerCase()) })
    await types('settings', bob)
    assert.deepEqual(shownIn(chat.last).ask, ['Alice Serrano'], 'once, though PEOPLE_FILE has her, too')
  })

  it('name those with "admin": true, too', async () => {
    const { chat, types } = house()
    await types('settings', bob)
    assert.deepEqual(shownIn(chat.last).ask, ['Alice Serrano'])
  })

  it('"ring my mobile first": the mobile rings first, until it is set back', async () => {
    const all = house()
    const { chat, legs, types } = all
    await types('ring my mobile first')
    assert.equal(first(shownIn(chat.last)), 'mobile')
    await types('call Bob Marín')
    assert.deepEqual(dialled(all), ['mobile'])
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34600001001' })
    await types('hang up')
    await types('usa el teléfono de mesa')
    await types('call Bob Marín')
    assert.deepEqual(dialled(all), ['mobile', 'desk'])
  })

  it('a phone that is named wins over the one that is set, and the other one is offered when that is busy', async () => {
    const all = house()
    await all.types('use my mobile')
    await all.types('call Bob Marín from my desk phone')
    assert.deepEqual(dialled(all), ['desk'])
    await all.types('hang up')
    await all.types('call Bob Marín')
    all.legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    const { state } = all.chat.cards.at(-1)!.view
    assert.equal(state.kind === 'ended' && state.otherPhone, 'desk')
  })

  it('who has no mobile is told so, and nothing changes', async () => {
    const all = house()
    const roberto = { sender: { id: '29:r', aadObjectId: 'roberto' } }
    await all.types('llama primero a mi móvil', roberto)
    const sentence = { code: 'noPhoneToRing', phone: 'mobile', ask: ['Alice Serrano'] }
    assert.deepEqual(all.chat.last, { kind: 'sentence', sentence })
    await all.types('call Bob Marín', roberto)
    assert.deepEqual(dialled(all), ['desk'])
  })

  it('press 1 is asked of whom it was set for, and of nobody else', async () => {
    const { chat, legs, types } = house()
    await types('press 1 on')
    assert.equal(shownIn(chat.last).pressOne.on, true)
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'confirming')
    await types('call Roberto Bob Díaz', bob)
    legs.answers(1)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'callingCallee')
  })

  it('PRESS_ONE=1 is what holds until the user says otherwise', async () => {
    const { chat, legs, types } = house({ pressOne: 'on' })
    await types('pulsar 1 no')
    assert.deepEqual(shownIn(chat.last).pressOne, { on: false, forced: false })
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'callingCallee')
  })

  it('what the administrator has set for everybody is not changed, and wins over what was set before', async () => {
    const store = openMemoryStore()
    await house({ pressOne: 'on' }, store).types('press 1 off')
    const { chat, legs, types } = house({ pressOne: 'always' }, store)
    await types('press 1 off', { id: 'next' })
    assert.deepEqual(chat.last, { kind: 'sentence', sentence: { code: 'pressOneForced', on: true, ask: [] } })
    // Alice is an administrator herself; Bob is told of her.
    await types('press 1 off', bob)
    assert.partialDeepStrictEqual(chat.last, { sentence: { code: 'pressOneForced', ask: ['Alice Serrano'] } })
    await types('settings')
    assert.deepEqual(shownIn(chat.last).pressOne, { on: true, forced: true })
    await types('call Bob Marín')
    legs.answers(1)
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'confirming')
  })

  it('are each person’s own, and are there after a restart', async () => {
    const store = openMemoryStore()
    const before = house({}, store)
    await before.types('use my mobile')
    await before.types('press 1 on')
    const after = house({}, store)
    await after.types('settings', { id: 'next' })
    assert.partialDeepStrictEqual(shownIn(after.chat.last), { pressOne: { on: true } })
    assert.equal(first(shownIn(after.chat.last)), 'mobile')
    await after.types('settings', { ...bob, id: 'another' })
    assert.equal(first(shownIn(after.chat.last)), 'desk')
  })

  it('two wishes at once, from two accounts of one person, are both kept', async () => {
    const { chat, send, receiver, types } = house()
    chat.email = 'alice@contoso.example'
    const text = (said: string) => ({ kind: 'text', text: said, mentions: [] }) as const
    const upper = { sender: { id: '29:alice', aadObjectId: 'alice' }, channel: 'directline' }
    await Promise.all([send(text('use my mobile')), send(text('press 1 on'), upper)])
    await receiver.idle()
    await types('settings')
    assert.equal(first(shownIn(chat.last)), 'mobile')
    assert.equal(shownIn(chat.last).pressOne.on, true)
  })
})

describe('a button of the settings', () => {
  it('says what is to be: pressed twice it does nothing more, and the card is redrawn as it holds', async () => {
    const { presses, chat, types } = house()
    await types('settings')
    const { owner } = shownIn(chat.last)
    const data = { owner, to: 'mobile', nonce: 'n1' }
    assert.equal(first(shownIn(await presses('setRings', data))), 'mobile')
    assert.equal(first(shownIn(await presses('setRings', data))), 'mobile')
    assert.equal(shownIn(await presses('setPressOne', { owner, to: 'on' })).pressOne.on, true)
    assert.equal(shownIn(await presses('setLanguage', { owner, to: 'es' })).language, 'es')
    assert.equal(shownIn(await presses('setLanguage', { owner, to: 'channel' })).language, 'channel')
  })

  it('on help and status shows one’s own, in a message of its own', async () => {
    const { presses, chat } = house()
    assert.equal(await presses('settings', {}, bob), undefined)
    assert.equal(shownIn(chat.last).owner, 'bob')
  })

  it('of somebody else changes nothing, neither theirs nor one’s own', async () => {
    const { presses, chat, types } = house()
    await types('settings')
    const { owner } = shownIn(chat.last)
    const screen = await presses('setRings', { owner, to: 'mobile' }, bob)
    assert.deepEqual(screen, { kind: 'sentence', sentence: { code: 'settingsNotYours' } })
    for (const who of [{}, bob]) {
      await types('settings', who)
      assert.equal(first(shownIn(chat.last)), 'desk')
    }
  })

  it('with data that no button of ours has changes nothing', async () => {
    const { presses, chat, types } = house()
    await types('settings')
    const { owner } = shownIn(chat.last)
    for (const [verb, to] of [
      ['setRings', 'softphone'],
      ['setLanguage', 'fr'],
      ['setPressOne', 'maybe'],
      ['setRings', 7],
    ] as const)
      assert.deepEqual(await presses(verb, { owner, to }), {
        kind: 'sentence',
        sentence: { code: 'buttonUnknown' },
      })
    await types('settings')
    assert.partialDeepStrictEqual(shownIn(chat.last), { language: 'channel', pressOne: { on: false } })
  })
})

describe('the language of an answer (docs/rules.md, "Language")', () => {
  it('is the command’s where it is certain, else the setting, else the channel’s, else English', async () => {
    const all = house()
    const { chat, types } = all
    // What was typed, in which locale, with which setting, and the language of the answer.
    const rows = [
      ['status', 'en-US', undefined, 'en'],
      ['status', 'es-MX', undefined, 'es'],
      ['status', undefined, undefined, 'en'],
      ['status', 'en-US', 'es', 'es'],
      ['status', undefined, 'es', 'es'],
      ['status', 'es-ES', 'en', 'en'],
      ['calls', 'es-ES', 'es', 'en'],
      ['llamadas', 'en-US', 'en', 'es'],
      ['xyzzy', 'en-US', 'es', 'es'],
      ['2', 'en-US', 'es', 'es'],
    ] as const
    for (const [text, locale, language, wanted] of rows) {
      await types(
        language === undefined ? 'language automatic' : language === 'es' ? 'in Spanish' : 'en inglés',
      )
      await types(text, locale === undefined ? { locale: '' } : { locale })
      assert.equal(chat.saidTo.at(-1)?.language, wanted, `${text} ${locale} ${language}`)
    }
  })

  it('is the new one for who asks for another, typed or pressed', async () => {
    const { chat, types, send } = house()
    await types('change my language to Spanish')
    assert.equal(chat.saidTo.at(-1)?.language, 'es')
    const { owner } = shownIn(chat.last)
    const act = { kind: 'press', verb: 'setLanguage', invoke: true } as const
    const answer = await send({ ...act, data: { owner, to: 'en', nonce: 'x' } }, spanish)
    assert.equal(answer.language, 'en')
  })

  it('of a press is the setting', async () => {
    const { types, send } = house()
    await types('habla español')
    const answer = await send({
      kind: 'press',
      verb: 'callsPage',
      data: { page: 1, nonce: 'x' },
      invoke: true,
    })
    assert.equal(answer.language, 'es')
  })
})

describe('what the bot writes first', () => {
  /** The process is killed while Alice's phone rings; the next one tells of it. */
  async function interrupted(before: readonly (readonly [text: string, locale: string])[], call: string) {
    const store = openMemoryStore()
    const killed = house({}, store)
    for (const [text, locale] of before) await killed.types(text, { locale })
    await killed.types(call, { locale: before.at(-1)?.[1] ?? 'en-US' })
    const next = house({}, store)
    await next.calls.recover()
    await settled()
    const last = next.chat.cards.at(-1)
    assert.partialDeepStrictEqual(last?.view.state, { kind: 'ended', cause: 'interrupted' })
    return last?.to.language
  }

  it('an interrupted call’s card is in the user’s setting, whatever the call was asked for in', async () => {
    assert.equal(await interrupted([['in Spanish', 'en-US']], 'call Bob Marín'), 'es')
    assert.equal(await interrupted([['en inglés', 'es-ES']], 'llama a Bob Marín'), 'en')
  })

  it('else in the last locale seen', async () => {
    assert.equal(await interrupted([['status', 'es-ES']], 'call Bob Marín'), 'es')
    assert.equal(
      await interrupted(
        [
          ['status', 'es-ES'],
          ['status', 'en-US'],
        ],
        'llama a Bob Marín',
      ),
      'en',
    )
  })

  it('so is the sentence about a command that a kill swallowed', async () => {
    for (const [set, locale, wanted] of [
      ['in Spanish', 'en-US', 'es'],
      ['en inglés', 'es-ES', 'en'],
      ['language automatic', 'es-ES', 'es'],
      // A channel that tells no locale with this activity did with an earlier one.
      ['language automatic', undefined, 'es'],
    ] as const) {
      const store = openMemoryStore()
      const killed = house({}, store)
      await killed.types(set, { locale: locale ?? 'es-ES' })
      const deaf = house({}, { ...store, acts: { ...store.acts, done: () => Promise.resolve() } })
      await deaf.types('status', { id: 'next', locale: locale ?? '' })
      const next = house({}, store)
      await next.receiver.recover()
      assert.equal(next.chat.sentence, 'restartedMeanwhile')
      assert.equal(next.chat.saidTo.at(-1)?.language, wanted, `${set} ${locale}`)
    }
  })

  it('and the welcome to a conversation that the bot was added to', async () => {
    const { chat, types, send, receiver } = house()
    const greeted = async (locale: string, conversation: string) => {
      await send({ kind: 'welcome' }, { locale, conversation })
      await receiver.idle()
      return chat.saidTo.at(-1)?.language
    }
    assert.equal(await greeted('es-ES', 'a'), 'es')
    assert.equal(await greeted('', 'b'), 'es', 'an installation without a locale')
    await types('en inglés')
    assert.equal(await greeted('es-ES', 'c'), 'en')
  })
})
