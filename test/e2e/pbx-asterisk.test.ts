/** docs/pbx/asterisk.md, taken by its word: its files, a real Asterisk with them, real phones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { recipeOf } from '../helpers/recipe.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')
const page = recipeOf('docs/pbx/asterisk.md')

/** Where the page's 192.0.2.10 is here. */
const BOT = '127.0.0.4'
/** What each phone says, Hz. */
const ALICE = 440
const BOB = 700
/** Who is behind the company's carrier. */
const OUTSIDE = '+34600000001'

type House = { readonly office: Office; readonly asterisk: Asterisk; readonly a: Phone; readonly b: Phone }

/** The page's Asterisk with two of its phones and the line of a carrier, and the page's bot. */
async function house(
  t: TestContext,
  { password = false, env = {} }: { password?: boolean; env?: Record<string, string> } = {},
): Promise<House & { readonly carrier: Phone }> {
  const sip = await freePort(BOT)
  const places = { '192.0.2.10:5060': `${BOT}:${sip}`, '192.0.2.10': BOT }
  const carrier = await Phone.start({ name: OUTSIDE, says: 900, address: '127.0.0.5', answers: 'at once' })
  atTheEnd(t, () => carrier.stop())
  const trunk = page.file('pjsip.conf', places)
  const asterisk = await Asterisk.start({
    extensions: ['1001', '1002'].map((name) => ({ name, password: `${name}-secret`, numbers: [name] })),
    added: {
      'pjsip.conf': `${password ? withPassword(trunk) : trunk}\n${carrierLine(carrier)}`,
      'extensions.conf': page.file('extensions.conf'),
    },
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
  const a = await phone('1001', ALICE, '127.0.0.2')
  const b = await phone('1002', BOB, '127.0.0.3')
  const atBot = { ...places, 'pbx.example.com:5060': `127.0.0.1:${asterisk.port}` }
  const rows = JSON.parse(page.file('people.json')) as { name: string }[]
  // Who types is known by an account, as in Teams; on the page it would be chosen.
  const people = rows.map((row) =>
    row.name === alice.name ? { ...row, aadObjectId: alice.aadObjectId } : row,
  )
  const settings = {
    ...page.env('.env', atBot),
    ...(password ? page.env('.env (with a password)') : {}),
    ...env,
  }
  const { PEOPLE_FILE: file, ...rest } = settings
  assert.equal(file, 'people.json')
  return { office: await Office.open(t, { people, sip, address: BOT, env: rest }), asterisk, a, b, carrier }
}

/** As the page says: one line more for the endpoint, and a section. */
function withPassword(trunk: string): string {
  return (
    trunk.replace('type = endpoint\n', 'type = endpoint\nauth = dialback\n') +
    page.file('pjsip.conf (with a password)')
  )
}

/** The trunk that the company has already. */
const carrierLine = ({ address, port }: Phone) => `[carrier]
type = endpoint
context = nowhere
disallow = all
allow = alaw
aors = carrier
direct_media = no

[carrier]
type = aor
contact = sip:${address}:${port}
`

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
    await Promise.all([a.hears(BOB), b.hears(ALICE)])
    await b.hangsUp()
    await a.isFree()
    await office.shows(/Bob Marín hung up/, /lasted/)
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
    await a.hears(900)
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
