import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { personId } from '../../src/core/ids.ts'
import { house, settled } from './house.ts'

const ZOOM = `Topic: Weekly
https://us02web.zoom.us/j/89012345678?pwd=x
One tap mobile
+34917870058,,89012345678#,,,,*246810# Spain
Passcode: 246810`
const group = { conversation: 'team', group: true }
const asBob = { ...group, sender: { id: '29:bob', aadObjectId: 'bob' } }

describe('joining a meeting', () => {
  it('`join` and an invitation: the own phone rings, then the bridge, and the id and PIN are keyed', async () => {
    const { legs, chat, types } = house()
    await types(`join\n${ZOOM}`)
    assert.deepEqual(legs.did, ['dial 1'])
    assert.deepEqual(legs.dialled[0]?.from, { number: '+34900100200', name: 'Weekly' })
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34917870058' })
    legs.answers(2)
    await settled()
    assert.deepEqual(legs.did.slice(2), [
      'dial 2',
      'media relay',
      'key 2 prompt 89012345678# prompt *246810#',
    ])
    assert.equal(chat.cards.at(-1)?.view.meeting?.keying, 'waiting')
    legs.report(legs.last(2), { type: 'leg.keyed', leg: legs.last(2), ok: true })
    await settled()
    assert.partialDeepStrictEqual(chat.cards.at(-1)?.view.meeting, { provider: 'zoom', title: 'Weekly' })
    assert.equal(chat.cards.at(-1)?.view.meeting?.keying, undefined)
  })

  it('neither card nor record nor journal has the PIN', async () => {
    const { legs, chat, store, types } = house()
    await types(ZOOM)
    await types('join meeting')
    legs.answers(1)
    await settled()
    legs.answers(2)
    legs.ends(2, { kind: 'hungUp' })
    await settled()
    const [closed] = await store.calls.list(personId('alice'), { skip: 0, limit: 9 })
    assert.ok(closed)
    const kept = JSON.stringify([await store.calls.get(closed.id), chat.cards, chat.meetings, chat.said])
    assert.doesNotMatch(kept, /246810/)
  })

  it('whoever pastes it again, alone with the bot, hears where its card is; a group does not', async () => {
    const { chat, types } = house()
    await types(ZOOM)
    assert.equal(chat.said.length, 0)
    await types(ZOOM)
    assert.equal(chat.sentence, 'meetingShownBefore')
    const group = house()
    for (let i = 0; i < 2; i++) await group.types(ZOOM, { conversation: 'c', group: true })
    assert.equal(group.chat.said.length, 0)
  })

  it('`join meeting` joins the one that was shared here last', async () => {
    const { legs, types } = house()
    await types(ZOOM)
    assert.deepEqual(legs.did, [])
    await types('join meeting')
    assert.equal(legs.dialled[0]?.from.name, 'Weekly')
  })

  it('`join meeting` where none was shared says what to do', async () => {
    const { legs, chat, types } = house()
    await types('join meeting')
    assert.equal(chat.sentence, 'joinWhat')
    assert.deepEqual(legs.did, [])
  })

  it('from the phone that is asked for', async () => {
    const { legs, types } = house()
    await types(ZOOM)
    await types('join meeting from mobile')
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34600001001' })
  })

  it('a meeting that tells no number says what is missing', async () => {
    const { legs, chat, types } = house()
    await types('join https://meet.google.com/abc-defg-hij')
    assert.deepEqual(chat.last, {
      kind: 'sentence',
      sentence: { code: 'noWayIn', provider: 'meet', missing: 'number' },
    })
    assert.deepEqual(legs.did, [])
  })

  it('the bridge that the administrator has set is dialled where the invitation has no number', async () => {
    const { legs, types } = house({ bridges: { zoom: { dial: '+34917870058' } } })
    await types('join https://zoom.us/j/89012345678')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34917870058' })
  })

  it('a number of an invitation passes the gate like any other: premium is not dialled', async () => {
    const { legs, chat, types } = house()
    await types('join +34 806 123 456,,1234567#')
    assert.equal(chat.sentence, 'numberNotAllowed')
    assert.deepEqual(legs.did, [])
  })

  it('the next number is taken where the gate refuses the first', async () => {
    const { legs, types } = house()
    await types('join https://zoom.us/j/89012345678 +49 69 7104 9922 +34 91 787 0058')
    legs.answers(1)
    await settled()
    assert.deepEqual(legs.dialled[1]?.to, { kind: 'number', number: '+34917870058' })
  })

  it('Redial keys its digits again; what is not known any more is not dialled', async () => {
    const { legs, chat, clock, types, presses } = house()
    await types(`join\n${ZOOM}`)
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy Here' })
    await settled()
    await presses('redial', { call: chat.cards.at(-1)?.view.call })
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), 'key 2 prompt 89012345678# prompt *246810#')
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    assert.equal(chat.cards.at(-1)?.view.state.kind, 'ended')
    clock.pass(1)
    await types('redial')
    assert.equal(legs.dialled.at(-1)?.from.name, 'Weekly')
  })

  it('a bridge by number and PIN', async () => {
    const { legs, types } = house()
    await types('join +34 917 870 058 pin 4321')
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    assert.equal(legs.did.at(-1), 'key 2 prompt 4321#')
  })
})

describe('a meeting that is shared in a group', () => {
  it('has one card, however often its link is pasted', async () => {
    const { chat, types } = house()
    await types(ZOOM, group)
    await settled()
    await types('https://us02web.zoom.us/j/89012345678?pwd=x', group)
    await settled()
    assert.equal(new Set(chat.meetings.map(({ view }) => view.meeting)).size, 1)
    assert.equal(chat.meetings.at(-1)?.card, `activity-${chat.meetings[0]?.view.meeting}`)
    assert.partialDeepStrictEqual(chat.meetings[0]?.view, { provider: 'zoom', title: 'Weekly', joined: [] })
  })

  it('[Call me] dials whoever presses, on their own phone; their card goes to their own chat', async () => {
    const { legs, chat, types, presses } = house()
    await types('help', { ...asBob, conversation: 'bob-alone', group: false })
    await types(ZOOM, group)
    await settled()
    const id = chat.meetings[0]?.view.meeting
    const answered = await presses('callMe', { meeting: id }, asBob)
    assert.equal(answered?.kind, 'meeting')
    assert.deepEqual(legs.dialled[0]?.to, { kind: 'number', number: '+34910001002' })
    assert.equal(chat.cards[0]?.to.conversation, 'bob-alone')
  })

  it('everybody sees who has joined by phone, and who has left', async () => {
    const { legs, chat, types, presses } = house()
    await types(ZOOM, group)
    await settled()
    const id = chat.meetings[0]?.view.meeting
    await presses('callMe', { meeting: id }, asBob)
    await settled()
    const joined = () => chat.meetings.at(-1)?.view.joined
    assert.deepEqual(joined(), [{ name: 'Bob Marín', state: 'calling' }])
    assert.equal(chat.meetings.at(-1)?.card, `activity-${id}`)
    legs.answers(1)
    await settled()
    legs.answers(2)
    await settled()
    legs.report(legs.last(2), { type: 'leg.keyed', leg: legs.last(2), ok: true })
    await settled()
    assert.deepEqual(joined(), [{ name: 'Bob Marín', state: 'in' }])
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    assert.deepEqual(joined(), [])
  })

  it('pressed twice, it dials once', async () => {
    const { legs, chat, types, presses } = house()
    await types(ZOOM, group)
    await settled()
    const press = { meeting: chat.meetings[0]?.view.meeting, nonce: 'the same' }
    await presses('callMe', press, asBob)
    await presses('callMe', press, asBob)
    assert.deepEqual(legs.did, ['dial 1'])
  })

  it('a card that was copied to another conversation dials nobody', async () => {
    const { legs, chat, types, presses } = house()
    await types(ZOOM, group)
    await settled()
    const answered = await presses(
      'callMe',
      { meeting: chat.meetings[0]?.view.meeting },
      { ...asBob, conversation: 'elsewhere' },
    )
    assert.deepEqual(answered, { kind: 'sentence', sentence: { code: 'meetingUnknown' } })
    assert.deepEqual(legs.did, [])
  })

  it('a stranger who presses is told that they are none of the company', async () => {
    const { legs, chat, types, presses } = house()
    await types(ZOOM, group)
    await settled()
    const eve = { ...group, sender: { id: '29:eve', aadObjectId: 'eve' } }
    const answered = await presses('callMe', { meeting: chat.meetings[0]?.view.meeting }, eve)
    assert.deepEqual(answered, { kind: 'sentence', sentence: { code: 'notAUser' } })
    assert.deepEqual(legs.did, [])
  })
})
