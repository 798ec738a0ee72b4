/** What is keyed at a real conference bridge: wrongly by the bot, rightly by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALICE, BOB, BRIDGE, conferenceHouse, idsRead, invitation } from '../helpers/conference.ts'
import { alice, bob } from '../helpers/office.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

test(
  'a wrong PIN: the user hears the bridge ask again, and the card says why it hung up',
  { skip },
  async (t) => {
    const { office, a } = await conferenceHouse(t)
    await office.types(alice, `join\n${invitation('9876')}`)
    await a.rings()
    await a.picksUp()
    await office.showsWithin(40_000, /You are in the meeting/)
    await office.showsWithin(60_000, /Not let in/, /ID or PIN may be wrong/, /Redial/)
    assert.doesNotMatch(office.chat.said(), /9876/)
  },
)

test(
  'by a number and the digits it asks for; the user keys by hand what else it wants',
  { skip },
  async (t) => {
    const { office, asterisk, a, b } = await conferenceHouse(t)
    await office.types(bob, `join\n${invitation()}`)
    await b.rings()
    await b.picksUp()
    await office.types(alice, `unirme al +34 910 48 00 01 pin ${BRIDGE.id}`)
    await a.rings()
    await a.picksUp()
    // Both say so: the bridge now asks Alice for the PIN, and takes keys while it speaks.
    await office.chat.until(
      () =>
        office.standing.filter((words) => /You are in the meeting|Estás en la reunión/.test(words)).length ===
        2,
      60_000,
    )
    a.presses(`${BRIDGE.pin}#`)
    await Promise.all([a.hears(BOB, 30_000), b.hears(ALICE, 30_000)])
    assert.deepEqual(idsRead(asterisk.log), [BRIDGE.id, BRIDGE.id])
  },
)
