/** Who comes into a room of the bot's own by invitation, and how many. */
import assert from 'node:assert/strict'
import { setImmediate as settled } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { house } from './house.ts'
import { asBob, conversation, meeting, noteOn, who } from './room-house.ts'

describe('[Invite …] and add', () => {
  it('rings them with the inviter’s number, and brings them in on picking up', async () => {
    const { legs, room, types, chat } = await meeting()
    await types('add Bob Marín')
    await settled()
    assert.equal(chat.sentence, 'inviting')
    assert.partialDeepStrictEqual(legs.dialled.at(-1), {
      to: { kind: 'number', number: '+34910001002' },
      from: { name: 'Alice Serrano' },
    })
    legs.picksUp(2)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in'])
    assert.equal(
      chat.cards.filter(({ view }) => view.callee.name === 'Bob Marín').length,
      0,
      'no card of its own',
    )
  })

  it('a refusal is told on the card of the meeting, which goes on', async () => {
    const { legs, room, types } = await meeting()
    await types('add Bob Marín')
    await settled()
    legs.ends(2, { kind: 'refused', status: 603, reason: 'Decline' })
    await settled()
    assert.deepEqual(room().declined, [{ name: 'Bob Marín', cause: 'declined' }])
    assert.deepEqual(who(room().members), ['Alice Serrano in'])
  })

  it('by the button: a card of its own asks whom, and takes a name', async () => {
    const { legs, chat, presses, id } = await meeting()
    await presses('invite', { meeting: id })
    assert.equal(chat.last?.kind, 'invite')
    const answered = await presses('addToRoom', { meeting: id, who: 'Bob Marín' })
    assert.deepEqual(answered, { kind: 'sentence', sentence: { code: 'inviting', who: 'Bob Marín' } })
    assert.equal(legs.dialled.length, 2)
  })

  it('a desk phone that is picked up is in; a mobile presses 1 first, and its card says so', async () => {
    const { legs, room, types } = await meeting()
    await types("add Bob Marín's mobile")
    await settled()
    assert.deepEqual(legs.dialled.at(-1)?.to, { kind: 'number', number: '+34600001002' })
    legs.picksUp(2)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín asked'])
    assert.equal(legs.did.at(-1), 'play invited.en 2')
    legs.report(legs.last(2), { type: 'leg.digit', leg: legs.last(2), digit: '1' })
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in', 'Bob Marín in'])
  })

  it('nobody presses 1 at an outside number: it is not let in, and the card says why', async () => {
    const { legs, room, types, clock } = await meeting()
    await types('add +34 911 222 333')
    await settled()
    legs.picksUp(2)
    await settled()
    clock.pass(15)
    await settled()
    assert.deepEqual(who(room().members), ['Alice Serrano in'])
    assert.deepEqual(
      room().declined.map(({ cause }) => cause),
      ['notConfirmed'],
    )
  })

  it('a voicemail box that says so is told of on the card, and does not come in', async () => {
    const { legs, room, types } = await meeting()
    await types('add Bob Marín')
    await settled()
    const leg = legs.last(2)
    legs.report(leg, { type: 'leg.answered', leg, by: 'voicemail' })
    await settled()
    assert.equal(legs.did.at(-1), 'release 2')
    assert.deepEqual(room().declined, [{ name: 'Bob Marín', cause: 'voicemail' }])
  })

  for (const [said, policy, sets, asked] of [
    ['nobody has said anything', 'off', '', false],
    ['they have set it for themselves', 'off', 'turn on pressing 1', true],
    ['the administrator wants it of all', 'always', '', true],
    ['the administrator wants it of none', 'never', '', false],
  ] as const)
    it(`at a desk phone 1 is asked for where that is so: ${said}`, async () => {
      const { legs, types } = house({ pressOne: policy })
      if (sets) await types(sets, asBob)
      await types('meet now')
      legs.answers(1)
      await settled()
      if (policy === 'always') legs.report(legs.last(1), { type: 'leg.digit', leg: legs.last(1), digit: '1' })
      await settled()
      await types('add Bob Marín')
      await settled()
      legs.picksUp(2)
      await settled()
      assert.equal(legs.did.at(-1), asked ? 'play invited.en 2' : 'media room')
    })

  it('a number passes the gate, as any other', async () => {
    const { legs, chat, types } = await meeting()
    await types('add 112')
    assert.equal(chat.sentence, 'emergency')
    await types('add +1 900 555 0100')
    assert.equal(chat.sentence, 'numberNotAllowed')
    assert.equal(legs.dialled.length, 1)
  })

  it('nobody is rung twice for one meeting', async () => {
    const { legs, chat, types } = await meeting()
    await types('add Bob Marín')
    await settled()
    await types('add Bob Marín')
    assert.equal(chat.sentence, 'alreadyIn')
    assert.equal(legs.dialled.length, 2)
  })

  it('nor is a number whose call went on in the meeting', async () => {
    const { legs, chat, types } = house()
    await types('call +34 911 222 333')
    await settled()
    for (const leg of [1, 2]) {
      legs.answers(leg)
      await settled()
    }
    await types('turn into meeting')
    await settled()
    await types('add +34 911 222 333')
    assert.equal(chat.sentence, 'alreadyIn')
    assert.equal(legs.dialled.length, 2)
  })

  it('who is not in brings nobody in', async () => {
    const { legs, presses, chat, id } = await meeting()
    const refused = await presses('invite', { meeting: id }, asBob)
    assert.equal(noteOn(refused), 'inNoRoom')
    assert.equal(chat.last, undefined, 'nobody else reads it')
    const answered = await presses('addToRoom', { meeting: id, who: '1003' }, asBob)
    assert.deepEqual(answered, { kind: 'sentence', sentence: { code: 'inNoRoom' } })
    assert.equal(legs.dialled.length, 1)
  })

  for (const words of ['hang up', 'sal de la reunión'])
    it(`who was invited leaves by "${words}", and nobody else is hung up`, async () => {
      const { legs, room, types } = await meeting()
      await types('add Bob Marín')
      await settled()
      legs.picksUp(2)
      await settled()
      await types(words, asBob)
      await settled()
      assert.equal(legs.did.at(-1), 'release 2')
      assert.deepEqual(who(room().members), ['Alice Serrano in'])
    })

  it('who was called leaves so, too, where that call was turned into a meeting: the caller stays', async () => {
    const { types, legs, room } = await conversation()
    await types('turn into meeting')
    await settled()
    await types('leave the meeting', asBob)
    await settled()
    assert.equal(legs.did.at(-1), 'release 2')
    assert.deepEqual(who(room().members), ['Alice Serrano in'])
    await types('leave the meeting')
    await settled()
    assert.equal(room().over, true)
  })

  it('with nothing to add to, a sentence says what to do', async () => {
    const { chat, types } = house()
    await types('add Bob Marín')
    assert.equal(chat.sentence, 'addToWhat')
    await types('turn into meeting')
    assert.equal(chat.sentence, 'noCall')
    await types('mute')
    assert.equal(chat.sentence, 'inNoRoom')
  })
})

describe('a meeting has a limit', () => {
  it('of its phones, those that still ring included: who comes too late is told, and may come when somebody has left', async () => {
    const { legs, presses, types, chat } = house({ roomMembers: 3 })
    await types('meet now')
    await settled()
    legs.answers(1)
    await settled()
    const { meeting } = chat.rooms.at(-1)!.view
    const [bob, roberto, crowd] = await Promise.all(
      ['bob', 'roberto', 'crowd0'].map((id) =>
        presses('callMe', { meeting }, { sender: { id: `29:${id}`, aadObjectId: id } }),
      ),
    )
    assert.deepEqual([bob, roberto, crowd].map(noteOn), [undefined, undefined, 'roomFull'])
    assert.equal(legs.dialled.length, 3)
    await types('add 1101')
    assert.equal(chat.sentence, 'roomFull')
    legs.ends(1, { kind: 'refused', status: 486, reason: 'Busy' })
    await settled()
    await types('add 1101')
    assert.equal(chat.sentence, 'inviting')
  })

  it('of phones that ring at once for one person: more wait until somebody has picked up', async () => {
    const { legs, chat, types } = await meeting()
    for (let n = 0; n < 11; n++) await types(`add +349102223${10 + n}`)
    await settled()
    assert.equal(chat.sentence, 'tooManyRinging')
    assert.equal(legs.dialled.length, 11)
    legs.ends(2, { kind: 'refused', status: 486, reason: 'Busy' })
    await settled()
    await types('add +34910222399')
    assert.equal(chat.sentence, 'inviting')
  })

  it('of time where nobody of the directory is left: two outside numbers do not talk at the company’s expense', async () => {
    const { legs, room, types, clock } = await meeting()
    for (const number of ['+34911222333', '+34911222444']) {
      await types(`add ${number}`)
      await settled()
      legs.picksUp(2)
      legs.report(legs.last(2), { type: 'leg.digit', leg: legs.last(2), digit: '1' })
      await settled()
    }
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    clock.pass(59)
    await settled()
    assert.equal(room().members.length, 2)
    clock.pass(1)
    await settled()
    assert.equal(room().over, true)
    assert.equal(legs.did.filter((did) => did === 'release 2').length, 2)
  })

  it('which is none where somebody comes back in time', async () => {
    const { legs, room, types, presses, clock, id } = await meeting()
    await types('add +34911222333')
    await settled()
    legs.picksUp(2)
    legs.report(legs.last(2), { type: 'leg.digit', leg: legs.last(2), digit: '1' })
    await settled()
    legs.ends(1, { kind: 'hungUp' })
    await settled()
    clock.pass(30)
    await presses('callMe', { meeting: id })
    await settled()
    legs.answers(1)
    await settled()
    clock.pass(60)
    await settled()
    assert.equal(room().members.length, 2)
  })
})
