/** docs/pbx/asterisk.md, taken by its word: its files, a real Asterisk with them, real phones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { asteriskOfPage, BOT, TONES, withAccounts } from '../helpers/asterisk-page.ts'
import { alice, Office } from '../helpers/office.ts'
import type { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'

const skip = await missing('asterisk', 'baresip')

/** The page's Asterisk, and the page's bot. */
async function house(t: TestContext, { password = false, voicemail = false, env = {} } = {}) {
  const pbx = await asteriskOfPage(t, { password, voicemail })
  // Who types is known by an account, as in Teams; on the page it would be chosen.
  const people = withAccounts(pbx.people)
  const office = await Office.open(t, { people, sip: pbx.sip, address: BOT, env: { ...pbx.env, ...env } })
  return { ...pbx, office }
}

const rings = (phone: Phone) => phone.events.filter(({ type }) => type === 'CALL_INCOMING').length

test(
  'the files of the page: the own phone shows the global caller ID, rings first, and both talk',
  { skip },
  async (t) => {
    const { office, a, b } = await house(t)
    await office.types(alice, 'call Bob')
    const own = await a.rings()
    assert.match(own.peeruri ?? '', /\+34900100200@/)
    assert.match(a.log, /INVITE sip:[\s\S]*?From: "?Bob Marín/)
    assert.equal(rings(b), 0)
    await a.picksUp()
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(TONES.bob), b.hears(TONES.alice)])
    await b.hangsUp()
    await a.isFree()
    await office.shows(/Bob Marín hung up/, /lasted/)
  },
)

test(
  'the page’s lines for voicemail: a colleague’s box says what it is, one’s own never picks up',
  { skip },
  async (t) => {
    const { office, asterisk, a, b } = await house(t, { voicemail: true, env: { RING_SECONDS_DESK: '4' } })
    await office.types(alice, 'call Bob')
    await a.rings()
    await a.picksUp()
    await b.rings()
    await office.shows(/Bob Marín’s voicemail answered\. Leave a message, or hang up\./)
    await a.hangsUp()
    await office.shows(/Bob Marín’s voicemail answered, and you hung up\./)
    assert.match(asterisk.log, /Executing \[1002@from-dialback:\d\] VoiceMail/i)

    await office.types(alice, 'call Bob')
    await a.rings()
    await office.shows(/You did not pick up in time/)
    assert.equal(asterisk.log.match(/Executing \[1001@from-dialback:\d\] VoiceMail/gi), null)
  },
)

test('the page’s password lets the bot in', { skip }, async (t) => {
  const { office, asterisk, a } = await house(t, { password: true })
  await office.types(alice, 'call Bob')
  await a.rings()
  await office.types(alice, 'hang up')
  await a.isFree()
  assert.match(asterisk.log, /401 Unauthorized/, 'it was asked for')
})

test(
  'the page’s context lets ordinary numbers out, and a busy phone be told as busy',
  { skip },
  async (t) => {
    const { office, a, b, carrier } = await house(t)
    await office.types(alice, 'call 600 000 001')
    await a.rings()
    await a.picksUp()
    await carrier.talks()
    await a.hears(TONES.outside)
    assert.match(carrier.log, /INVITE sip:[\s\S]*?From: "?Alice Serrano"? <sip:\+34910000001@/, 'her `did`')
    await a.hangsUp()
    await carrier.isFree()

    await office.types(alice, 'call Bob')
    await a.rings()
    await a.picksUp()
    await b.rings()
    await b.hangsUp()
    await office.shows(/Bob Marín is busy/)
  },
)

test(
  'what the bot may not dial is refused by the bot in a sentence, and by the context where the bot was opened too far',
  { skip },
  async (t) => {
    const { office, a, carrier } = await house(t)
    await office.types(alice, 'call +44 20 7946 0018')
    await office.shows(/\+44 20 7946 0018/, /ALLOW_NUMBERS/)
    assert.equal(rings(a), 0, 'nobody is rung for it')

    const open = await house(t, { env: { ALLOW_NUMBERS: '+44*,premium' } })
    for (const number of ['+44 20 7946 0018', '+34 803 00 00 01']) {
      await open.office.types(alice, `call ${number}`)
      await open.a.rings()
      await open.a.picksUp()
      await open.office.shows(new RegExp(number.slice(1)), /is unreachable/)
      await open.a.isFree()
    }
    assert.match(open.asterisk.log, /extension not found in context 'from-dialback'/)
    assert.equal(rings(open.carrier) + rings(carrier), 0)
  },
)
