/** Meetings by telephone, into a real conference bridge. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALICE, asks, BOB, BRIDGE, conferenceHouse, idsRead, invitation } from '../helpers/conference.ts'
import { alice, bob } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

test(
  'a pasted invitation and [Call me]: each phone is brought in, and they hear each other',
  { skip },
  async (t) => {
    const { office, a, b } = await conferenceHouse(t)
    await office.types(alice, `join\n${invitation()}`)
    await a.rings()
    await office.shows(/Standup/, /Dialling out to \+34 910 00 00 01/)
    await a.picksUp()
    await office.shows(/keying its number/)
    await office.showsWithin(40_000, /You are in the meeting/)

    await office.types(bob, invitation())
    await office.shows(/Standup/, /Conference call/, /Call me/)
    await office.presses(bob, 'callMe')
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(BOB, 40_000), b.hears(ALICE, 40_000)])
    await office.shows(/Standup/, /Bob Marín/, /in by phone/)
    const all = office.standing.join('\n')
    assert.doesNotMatch(all, /4321/, 'no card shows the PIN')
    await b.hangsUp()
    await a.hangsUp()
    await office.shows(/Standup/, /ended · lasted/i)
  },
)

test(
  'call the bridge: who calls keys by hand; join with a number and its digits: the bot keys them, and both hear each other',
  { skip },
  async (t) => {
    const { office, asterisk, a, b } = await conferenceHouse(t, 'rfc4733', {
      CONFERENCE_BRIDGE: BRIDGE.number,
    })
    await office.types(bob, 'call the bridge')
    await b.rings()
    await b.picksUp()
    await asterisk.logs(asks('conf-getconfno'))
    b.presses(`${BRIDGE.id}#`)
    await asterisk.logs(asks('conf-getpin'))
    b.presses(`${BRIDGE.pin}#`)
    await asterisk.manager.sees({ Event: 'ConfbridgeJoin', Conference: BRIDGE.id })

    await office.types(alice, `join ${BRIDGE.number} access code ${BRIDGE.id} pin ${BRIDGE.pin}`)
    await a.rings()
    await a.picksUp()
    await Promise.all([a.hears(BOB, 40_000), b.hears(ALICE, 40_000)])
    assert.deepEqual(idsRead(asterisk.log), [BRIDGE.id, BRIDGE.id])
  },
)
