/** docs/pbx/kamailio.md, taken by its word: its file, a real Kamailio with it, real phones that register there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { recipeOf } from '../helpers/recipe.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { Kamailio } from '../peers/kamailio.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('kamailio', 'baresip')
const page = recipeOf('docs/pbx/kamailio.md')
const BOT = '127.0.0.4'

async function house(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const sip = await freePort(BOT)
  const kamailio = await Kamailio.startWith((port) =>
    page.file('kamailio.cfg', {
      '192.0.2.10': BOT,
      'pbx.example.com:5060': `127.0.0.1:${port}`,
    }),
  )
  atTheEnd(t, async () => {
    tellWhereFailed(t, kamailio.log)
    await kamailio.stop()
  })
  const phone = async (name: string, says: number, address: string) => {
    const started = await Phone.start({ name, says, address, pbx: { port: kamailio.port, password: 'x' } })
    atTheEnd(t, () => started.stop())
    return started
  }
  const [a, b] = [await phone('1001', 440, '127.0.0.2'), await phone('1002', 700, '127.0.0.3')]
  const { PEOPLE_FILE: _, ...settings } = page.env('.env', {
    '192.0.2.10:5060': `${BOT}:${sip}`,
    '192.0.2.10': BOT,
    'pbx.example.com:5060': `127.0.0.1:${kamailio.port}`,
  })
  const rows = JSON.parse(page.file('people.json')) as { name: string }[]
  const people = rows.map((row) =>
    row.name === alice.name ? { ...row, aadObjectId: alice.aadObjectId } : row,
  )
  return { a, b, office: await Office.open(t, { people, sip, address: BOT, env: { ...settings, ...env } }) }
}

test('the file of the page: both phones ring in turn, show who calls, and talk', { skip }, async (t) => {
  const { a, b, office } = await house(t)
  await office.types(alice, 'call Bob')
  const own = await a.rings()
  assert.match(own.peeruri ?? '', /\+34900100200@/)
  await a.picksUp()
  await b.rings()
  await b.picksUp()
  await Promise.all([a.hears(700), b.hears(440)])
  await office.shows(/Bob Marín/, /connected/i)
  await b.hangsUp()
  await a.isFree()
  await office.shows(/Bob Marín hung up/, /lasted/)
})

test(
  'the page’s route refuses the bot what is no extension, whatever the bot itself allows',
  { skip },
  async (t) => {
    const { a, office } = await house(t, { ALLOW_NUMBERS: '+44*' })
    await office.types(alice, 'call +44 20 7946 0018')
    await a.rings()
    await a.picksUp()
    await office.shows(/\+44 20 7946 0018/, /declined|refused/i)
    await a.isFree()
  },
)
