/** Meetings by telephone: a real Asterisk whose ConfBridge asks for a number and a PIN in recorded words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, bob, Office, tellWhereFailed } from '../helpers/office.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')

const BOT = '127.0.0.4'
const BRIDGE = { number: '+34910480001', id: '123456789', pin: '4321' }
const ALICE = 440
const BOB = 700

const invitation = (pin = BRIDGE.pin) => `Topic: Standup
Dial-in: +34 910 48 00 01
Conference ID: 123 456 789#
PIN: ${pin}`

async function house(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const sip = await freePort(BOT)
  const asterisk = await Asterisk.start({
    bot: { address: BOT, port: sip },
    extensions: [
      { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] },
      { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] },
    ],
    conference: BRIDGE,
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  const phone = async (name: string, says: number, address: string) => {
    const pbx = { port: asterisk.port, password: `${name}-secret` }
    const started = await Phone.start({ name, says, address, pbx })
    atTheEnd(t, () => started.stop())
    return started
  }
  const a = await phone('alice', ALICE, '127.0.0.2')
  const b = await phone('bob', BOB, '127.0.0.3')
  const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
  return { office: await Office.open(t, { trunk, address: BOT, sip, env }), asterisk, a, b }
}

test(
  'a pasted invitation and [Call me]: each phone is brought in, and they hear each other',
  { skip },
  async (t) => {
    const { office, a, b } = await house(t, {
      MEETING_BRIDGES: '{"jitsi": {"keys": "{id}# {pin}#"}}',
    })
    await office.types(alice, `join\n${invitation()}`)
    await a.rings()
    await office.shows(/Standup/, /Dialling out to \+34 910 00 00 01/)
    await a.picksUp()
    await office.shows(/keying its number/)
    await office.showsWithin(40_000, /You are in the meeting/)

    await office.types(bob, invitation())
    await office.shows(/Standup · Conference call/, /Call me/)
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
  'a wrong PIN: the user hears the bridge ask again, and the card says why it hung up',
  { skip },
  async (t) => {
    const { office, a } = await house(t)
    await office.types(alice, `join\n${invitation('9876')}`)
    await a.rings()
    await a.picksUp()
    await office.showsWithin(40_000, /You are in the meeting/)
    await office.showsWithin(60_000, /Not let in/, /ID or PIN may be wrong/, /Redial/)
    assert.doesNotMatch(office.chat.said(), /9876/)
  },
)

test('the user keys by hand what the invitation left out', { skip }, async (t) => {
  const { office, a, b } = await house(t)
  await office.types(bob, `join\n${invitation()}`)
  await b.rings()
  await b.picksUp()
  await office.types(alice, `join\n${invitation().replace(/\nPIN: .*/, '')}`)
  await a.rings()
  await a.picksUp()
  // Both say so: the bridge now asks Alice for the PIN, and takes keys while it speaks.
  await office.chat.until(
    () => office.standing.filter((words) => words.includes('You are in the meeting')).length === 2,
    60_000,
  )
  a.presses(`${BRIDGE.pin}#`)
  await Promise.all([a.hears(BOB, 30_000), b.hears(ALICE, 30_000)])
})
