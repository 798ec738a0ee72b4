/** The bot beside a real Asterisk, as README.md says how to connect one, with two real phones that talk and listen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, Office } from '../helpers/office.ts'
import { asteriskOf, deskPhone } from '../helpers/pbx.ts'
import type { Asterisk } from '../peers/asterisk.ts'
import type { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')

/** Asterisk tells the bot from the phones by its address. */
const BOT = '127.0.0.4'
/** What each phone says, and the tones of Spain; Hz. */
const ALICE = 440
const BOB = 700
const RINGBACK = 425
const BUSY = 425

type House = { readonly office: Office; readonly asterisk: Asterisk; readonly a: Phone; readonly b: Phone }

async function house(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
  botPassword?: string,
): Promise<House> {
  const sip = await freePort(BOT)
  const lines = [
    { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] },
    { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] },
  ]
  const asterisk = await asteriskOf(t, {
    bot: { address: BOT, port: sip },
    extensions: lines,
    ...(botPassword === undefined ? {} : { botPassword }),
  })
  const phone = (name: string, says: number, address: string) =>
    deskPhone(t, asterisk, { name, says, address })
  const a = await phone('alice', ALICE, '127.0.0.2')
  const b = await phone('bob', BOB, '127.0.0.3')
  const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
  return { office: await Office.open(t, { trunk, address: BOT, sip, env }), asterisk, a, b }
}

const ringsOf = (phone: Phone) => phone.events.filter((event) => event.type === 'CALL_INCOMING').length
const displayName = (phone: Phone) => /From: "?([^"<]*)"? ?</.exec(inviteOf(phone))?.[1]
const inviteOf = (phone: Phone) => /INVITE sip:[\s\S]*?\n\n/.exec(phone.log)?.[0] ?? ''

test(
  'call Bob: the own phone rings, then his; both hear each other; the card becomes the record',
  { skip },
  async (t) => {
    const { office, a, b } = await house(t)
    await office.types(alice, 'call Bob Marín')

    const own = await a.rings()
    assert.match(own.peeruri ?? '', /\+34900100200@/, 'the own phone shows the global caller ID')
    assert.equal(displayName(a), 'Bob Marín')
    await office.shows(/Bob Marín/, /calling/i, /pick up your desk phone/i)
    assert.equal(ringsOf(b), 0)

    await a.picksUp()
    await a.hears(RINGBACK)
    const his = await b.rings()
    assert.match(his.peeruri ?? '', /\+34910000001@/, 'the callee sees the number of the user')
    assert.equal(displayName(b), 'Alice Serrano')
    await office.shows(/Bob Marín/, /ringing/i)

    await b.picksUp()
    await Promise.all([a.hears(BOB), b.hears(ALICE)])
    assert.ok(a.loudness(ALICE) < 0.1, 'alice does not hear herself')
    assert.ok(b.loudness(BOB) < 0.1, 'bob does not hear himself')
    await office.shows(/Bob Marín/, /connected/i)

    await b.hangsUp()
    await a.isFree()
    const record = await office.shows(/Bob Marín hung up/, /ended · lasted 0:0\d/i)
    assert.match(record, /Redial/)
    const [card] = office.chat.ops.map((op) => op.id)
    assert.deepEqual([...office.chat.standing.keys()], [card], 'one card, redrawn in place')
    assert.ok(office.chat.ops.length <= 5, `${office.chat.ops.length} channel operations`)

    await office.presses(alice, 'details')
    await office.shows(/details of the call to Bob Marín/i, /talked 0:0\d/, /from phone to phone/)
    await office.types(alice, 'calls')
    await office.shows(/your calls/i, /Bob Marín/, /ended/i)
  },
)

test('who must press 1 does so before anybody else is called', { skip }, async (t) => {
  const { office, a, b } = await house(t, { PRESS_ONE: '1' })
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.picksUp()
  await office.shows(/Press 1 on your phone/)
  assert.equal(ringsOf(b), 0)
  a.presses('1')
  await b.rings()
  await b.picksUp()
  await Promise.all([a.hears(BOB), b.hears(ALICE)])
  await office.types(alice, 'hang up')
  await Promise.all([a.isFree(), b.isFree()])
  await office.shows(/You hung up/, /lasted/)
})

test('the user hangs up while the callee rings: that phone stops ringing', { skip }, async (t) => {
  const { office, a, b } = await house(t)
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.picksUp()
  await b.rings()
  await a.hangsUp()
  await b.isFree()
  await office.shows(/Bob Marín/, /cancelled/i)
})

test('the callee is busy: the user hears the busy tone, reads it, and is free again', { skip }, async (t) => {
  const { office, a, b } = await house(t)
  await office.types(alice, 'call 1002')
  await a.rings()
  await a.picksUp()
  await b.rings()
  // It answers 486.
  await b.hangsUp()
  await Promise.all([office.shows(/Bob Marín is busy/), a.hears(BUSY, 6000, 0.35)])
  await a.isFree()
})

test('the user declines at the own phone: nobody else is rung', { skip }, async (t) => {
  const { office, a, b } = await house(t)
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.hangsUp()
  await office.shows(/your own phone/i, /busy/i, /nobody else was called/i)
  assert.equal(ringsOf(b), 0)
})

test('an Asterisk that asks who is calling lets in who knows the password', { skip }, async (t) => {
  const { office, a } = await house(t, { SIP_TRUNK_USER: 'bot', SIP_TRUNK_PASSWORD: 'right' }, 'right')
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await office.types(alice, 'hang up')
  await a.isFree()
  await office.shows(/cancelled/i)
})

test(
  'an Asterisk that is told a wrong password rings nobody, and the user reads why',
  { skip },
  async (t) => {
    const { office, a } = await house(t, { SIP_TRUNK_USER: 'bot', SIP_TRUNK_PASSWORD: 'wrong' }, 'right')
    await office.types(alice, 'call Bob Marín')
    await office.shows(/SIP_TRUNK_PASSWORD/)
    assert.equal(ringsOf(a), 0)
  },
)
