/** What users set for themselves, on the wire of a real Asterisk and real phones, and over the death of the process. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOnDisk } from '../helpers/on-disk.ts'
import { alice, atTheEnd, Office, PEOPLE, tellWhereFailed } from '../helpers/office.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')

/** Asterisk tells the bot from the phones by its address. */
const BOT = '127.0.0.4'
const LINES = [
  { name: 'desk', password: 'secret', numbers: ['+34910000001', '1001'] },
  { name: 'mobile', password: 'secret', numbers: ['+34600000001'] },
  { name: 'bob', password: 'secret', numbers: ['+34910000002', '1002'] },
]
const [one, ...others] = PEOPLE
const people = [{ ...one, phones: { desk: '+34910000001', mobile: '+34600000001' } }, ...others]

const ringsOf = (phone: Phone) => phone.events.filter(({ type }) => type === 'CALL_INCOMING').length

test(
  'mobile first, press 1 and Spanish are set in chat, outlive kill -9, and hold for the call and for what is written first',
  { skip },
  async (t) => {
    const sip = await freePort(BOT)
    const asterisk = await Asterisk.start({ bot: { address: BOT, port: sip }, extensions: LINES })
    atTheEnd(t, async () => {
      tellWhereFailed(t, asterisk.log.slice(-20_000))
      await asterisk.stop()
    })
    const phones = LINES.map(async ({ name, password }, i) => {
      const pbx = { port: asterisk.port, password }
      const phone = await Phone.start({ name, says: 440, address: `127.0.0.${11 + i}`, pbx })
      atTheEnd(t, () => phone.stop())
      return phone
    })
    const [desk, mobile, bob] = (await Promise.all(phones)) as [Phone, Phone, Phone]
    const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
    const office = await Office.open(t, { trunk, address: BOT, sip, people })

    await office.types(alice, 'ring my mobile first')
    await office.shows(/your settings/i, /rings first/i)
    await office.types(alice, 'press 1 on')
    await office.types(alice, 'habla en español')
    await office.shows(/tus ajustes/i)
    await office.bot.kill()
    await office.reopens()

    await office.types(alice, 'call Bob Marín')
    await mobile.rings()
    assert.deepEqual(
      [ringsOf(desk), ringsOf(bob)],
      [0, 0],
      'the mobile is the first INVITE, and the only one',
    )
    await mobile.picksUp()
    await office.shows(/Press 1 on your phone/)
    assert.equal(ringsOf(bob), 0, 'nobody else is rung before the key is pressed')
    mobile.presses('1')
    await bob.rings()
    assert.equal(ringsOf(desk), 0)

    await office.shows(/Bob Marín/, /ringing/i)
    await isOnDisk(office.bot.data, 'card.posted')
    await office.bot.kill()
    await office.reopens()
    await office.shows(/Bob Marín/, /interrumpid/i)

    await office.types(alice, 'call Bob Marín from my desk phone')
    await desk.rings()
    assert.equal(ringsOf(mobile), 1, 'a phone that is named wins')
    await desk.hangsUp()
  },
)
