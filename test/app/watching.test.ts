/** Meetings that people share among themselves: where the bot reads along, and what it does with what it reads. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openMemoryStore } from '../../src/store/memory.ts'
import { house, settled } from './house.ts'

const LINK = 'https://us02web.zoom.us/j/89012345678?pwd=x'
const group = { conversation: '19:team', group: true }
const asBob = { ...group, sender: { id: '29:bob', aadObjectId: 'bob' } }
const asEve = { ...group, sender: { id: '29:eve', aadObjectId: 'eve' } }

type House = ReturnType<typeof house>
async function saysToAll({ send, receiver }: House, text: string, more: object = group) {
  await send({ kind: 'overheard', text }, more)
  await receiver.idle()
  await settled()
}

describe('a group that is watched', () => {
  it('has the card of a meeting that somebody shares without a mention; one for the same link', async () => {
    const all = house()
    await all.types('watch meetings', group)
    assert.deepEqual(all.chat.last, { kind: 'sentence', sentence: { code: 'watching', on: true } })
    await saysToAll(all, `see you at ${LINK}`, asBob)
    await saysToAll(all, LINK)
    assert.equal(new Set(all.chat.meetings.map(({ view }) => view.meeting)).size, 1)
    assert.equal(all.chat.meetings.at(-1)?.card, `activity-${all.chat.meetings[0]?.view.meeting}`)
    assert.equal(all.chat.meetings[0]?.to.conversation, '19:team')
  })

  it('obeys nothing that is said among people, whatever it reads like', async () => {
    const all = house()
    await all.types('watch meetings', group)
    const said = all.chat.said.length
    for (const text of ['call Bob Marín', `join ${LINK}`, 'stop watching', 'yes', 'hang up', '???'])
      await saysToAll(all, text)
    assert.equal(all.chat.said.length, said)
    assert.deepEqual(all.legs.did, [])
    await saysToAll(all, 'https://us02web.zoom.us/j/89012345679')
    assert.equal(new Set(all.chat.meetings.map(({ view }) => view.meeting)).size, 2, 'it still watches')
  })

  it('keeps nothing of what it overhears but a meeting', async () => {
    const store = openMemoryStore()
    const kept: unknown[] = []
    const acts: typeof store.acts = {
      ...store.acts,
      accept: (act) => {
        kept.push(act)
        return store.acts.accept(act)
      },
    }
    const all = house({}, { ...store, acts })
    await all.types('watch meetings', group)
    kept.length = 0
    await saysToAll(all, 'the merger is on Tuesday')
    assert.deepEqual(kept, [])
    await saysToAll(all, `the merger: ${LINK}`)
    assert.equal(kept.length, 1)
    assert.doesNotMatch(JSON.stringify(kept), /merger/)
  })

  it('is one no longer when somebody there says so', async () => {
    const all = house()
    await all.types('avisa de las reuniones', group)
    await all.types('deja de avisar', asBob)
    assert.deepEqual(all.chat.last, { kind: 'sentence', sentence: { code: 'watching', on: false } })
    await saysToAll(all, LINK)
    assert.deepEqual(all.chat.meetings, [])
  })

  it('stays one over a restart', async () => {
    const store = openMemoryStore()
    await house({}, store).types('watch meetings', group)
    const again = house({}, store)
    await saysToAll(again, LINK, { ...group, id: 'said later' })
    assert.equal(again.chat.meetings.length, 1)
  })

  it('is a whole channel with all its threads', async () => {
    const all = house()
    await all.types('watch meetings', { ...group, conversation: '19:c@thread.tacv2;messageid=1' })
    await saysToAll(all, LINK, { ...group, conversation: '19:c@thread.tacv2;messageid=2' })
    assert.equal(all.chat.meetings.length, 1)
    assert.equal(all.chat.meetings[0]?.to.conversation, '19:c@thread.tacv2;messageid=2')
  })

  it('gives no card for what a stranger shares, and does not answer them', async () => {
    const all = house()
    await all.types('watch meetings', group)
    const said = all.chat.said.length
    await saysToAll(all, LINK, asEve)
    assert.deepEqual(all.chat.meetings, [])
    assert.equal(all.chat.said.length, said)
  })

  it('does not take a quoted link for a new one', async () => {
    const all = house()
    await all.types('watch meetings', group)
    const html = `<blockquote itemtype="http://schema.skype.com/Reply"><p>Alice</p><p>${LINK}</p></blockquote><p>I am late</p>`
    await all.send({ kind: 'overheard', text: `Alice\n${LINK}\nI am late`, html }, group)
    await all.receiver.idle()
    assert.deepEqual(all.chat.meetings, [])
  })
})

describe('a group that nobody has asked the bot to watch', () => {
  it('has no card of what is said there', async () => {
    const all = house()
    await saysToAll(all, LINK)
    assert.deepEqual(all.chat.meetings, [])
  })

  it('has one where the administrator watches all groups, until somebody there says no', async () => {
    const all = house({ watchMeetings: true })
    await saysToAll(all, LINK)
    assert.equal(all.chat.meetings.length, 1)
    await all.types('stop watching', group)
    await saysToAll(all, 'https://us02web.zoom.us/j/89012345679')
    assert.equal(all.chat.meetings.length, 1)
  })

  it('has one for a message that a user chooses from its menu', async () => {
    const all = house()
    const picks = async (html: string, more: object = group) => {
      const { screen } = await all.send({ kind: 'picked', html }, more)
      return screen?.kind === 'sentence' ? screen.sentence.code : screen?.kind
    }
    assert.equal(await picks(`<p>see <a href="${LINK}">this</a></p>`), 'meetingShown')
    assert.equal(all.chat.meetings.length, 1)
    assert.equal(await picks('<p>lunch?</p>'), 'noMeetingInIt')
    assert.equal(await picks(`<p>${LINK}</p>`, asEve), 'notAUser')
    assert.equal(all.chat.said.length, 0, 'it is answered where it was asked')
  })

  it('where only one person writes there is nothing to watch', async () => {
    const { chat, types } = house()
    await types('watch meetings')
    assert.equal(chat.sentence, 'watchingAlone')
  })
})

describe('an invitation that is typed', () => {
  it('is read in HTML where the channel attaches it: the address is behind the words', async () => {
    const all = house()
    const html = `<p><at id="0">Dialback</at>&nbsp;join <a href="${LINK}">the weekly</a> +34 917 870 058</p>`
    await all.send({ kind: 'text', text: 'join the weekly +34 917 870 058', mentions: [], html }, group)
    await all.receiver.idle()
    assert.deepEqual(all.legs.did, ['dial 1'])
  })

  it('leaves no digits of its own in what is kept of the command', async () => {
    const store = openMemoryStore()
    const kept: unknown[] = []
    const acts: typeof store.acts = {
      ...store.acts,
      accept: (act) => {
        kept.push(act)
        return store.acts.accept(act)
      },
    }
    const { types } = house({}, { ...store, acts })
    const stamp = { localTimestamp: '2026-01-05T10:00:00+01:00' }
    await types(`join ${LINK}\n+34 917 870 058,,89012345678#,,,,*246810#`, stamp)
    assert.match(JSON.stringify(kept), /Zoom/)
    assert.doesNotMatch(JSON.stringify(kept), /246810/)
  })
})

describe('[Call me] on the shared card', () => {
  async function shared() {
    const all = house()
    await all.types(LINK + ' +34917870058', group)
    await settled()
    return { ...all, meeting: all.chat.meetings[0]?.view.meeting }
  }

  it('tells only the presser why they are not called', async () => {
    const { presses, chat, legs, meeting } = await shared()
    const asRoberto = { ...group, sender: { id: '29:roberto', aadObjectId: 'roberto' } }
    const screen = await presses('onMobile', { meeting }, asRoberto)
    assert.equal(screen?.kind === 'meeting' ? screen.view.note?.code : '', 'youHaveNoSuchPhone')
    assert.equal(chat.said.length, 0)
    assert.equal(chat.meetings.at(-1)?.view.note, undefined)
    assert.deepEqual(legs.did, [])
  })

  it('a second press, while the phone rings, tells the presser that it does', async () => {
    const { presses, legs, meeting } = await shared()
    await presses('callMe', { meeting }, asBob)
    const screen = await presses('callMe', { meeting }, asBob)
    assert.equal(screen?.kind === 'meeting' ? screen.view.note?.code : '', 'alreadyCalling')
    assert.deepEqual(legs.did, ['dial 1'])
  })

  it('posts no second card where the channel knows no invoke', async () => {
    const { presses, chat, meeting } = await shared()
    await presses('callMe', { meeting }, asBob, false)
    assert.deepEqual(
      chat.said.map(({ kind }) => kind),
      [],
    )
  })

  it('the list is true again after a restart that ended the calls', async () => {
    const store = openMemoryStore()
    const first = house({}, store)
    await first.types(LINK + ' +34917870058', group)
    await settled()
    const meeting = first.chat.meetings[0]?.view.meeting
    await first.presses('callMe', { meeting }, asBob)
    await settled()
    assert.equal(first.chat.meetings.at(-1)?.view.joined.length, 1)
    const second = house({}, store)
    await second.calls.recover()
    await settled()
    assert.deepEqual(second.chat.meetings.at(-1)?.view.joined, [])
  })
})
