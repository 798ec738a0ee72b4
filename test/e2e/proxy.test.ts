/** A proxy between the bot and real phones: Kamailio, which puts itself into the route of every dialog. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { Phone } from '../peers/baresip.ts'
import type { PhoneOptions } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { Kamailio } from '../peers/kamailio.ts'
import type { KamailioOptions } from '../peers/kamailio.ts'

const skip = await missing('kamailio', 'baresip')

/** What each phone says, Hz. */
const ALICE = 440
const BOB = 700

type Codecs = NonNullable<PhoneOptions['codecs']>
type Options = {
  readonly transport?: 'udp' | 'tcp'
  readonly changes?: KamailioOptions['changes']
  readonly codecs?: readonly [Codecs, Codecs]
}

async function house(t: TestContext, { transport = 'udp', changes, codecs }: Options) {
  // baresip sends its sound from any address: from one that it has not told it would look like a NAT.
  const address = '127.0.0.1'
  const phone = async (name: string, says: number, own: Codecs | undefined) => {
    const started = await Phone.start({ name, says, address, ...(own ? { codecs: own } : {}) })
    atTheEnd(t, () => started.stop())
    return started
  }
  const a = await phone('alice', ALICE, codecs?.[0])
  const b = await phone('bob', BOB, codecs?.[1])
  const kamailio = await Kamailio.start({
    numbers: { '+34910000001': a.uri, '+34910000002': b.uri },
    ...(changes ? { changes } : {}),
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, `${kamailio.log}\n${a.log.slice(-20_000)}\n${b.log.slice(-20_000)}`)
    await kamailio.stop()
  })
  const trunk = `sip:127.0.0.1:${kamailio.port};transport=${transport}`
  return { office: await Office.open(t, { trunk }), a, b }
}

/** Alice calls Bob, and both pick up. */
async function talk({ office, a, b }: Awaited<ReturnType<typeof house>>): Promise<void> {
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.picksUp()
  await b.rings()
  await b.picksUp()
  await office.shows(/Bob Marín/, /connected/i)
}

for (const transport of ['udp', 'tcp'] as const) {
  test(
    `the bot speaks ${transport} to it, the phones UDP: they are bridged, and either end hangs up`,
    { skip },
    async (t) => {
      const scene = await house(t, { transport })
      const { office, a, b } = scene
      await talk(scene)
      await office.bot.says(/"event":"media\.settled"/)
      await Promise.all([a.hears(BOB), b.hears(ALICE)])
      assert.match(b.log, /^Record-Route: <sip:127\.0\.0\.1.*;lr.*>/m)
      if (transport === 'udp') await b.hangsUp()
      else await office.types(alice, 'hang up')
      await a.isFree()
      await office.shows(/hung up/, /lasted/)
      await office.presses(alice, 'details')
      await office.shows(/from phone to phone/)
    },
  )
}

const apart: readonly (readonly [what: string, options: Options, why: RegExp])[] = [
  ['refuses the bridge with 488', { changes: '488 Not Acceptable Here' }, /through the bot \(refused 488\)/],
  ['swallows what would bridge them', { changes: 'silence', transport: 'tcp' }, /through the bot/],
  ['stands between phones without a common codec', { codecs: [['PCMA'], ['PCMU']] }, /through the bot/],
]

for (const [what, options, why] of apart) {
  test(`it ${what}: the phones hear each other through the relay, all the time`, { skip }, async (t) => {
    const scene = await house(t, options)
    const { office, a, b } = scene
    await talk(scene)
    await Promise.all([a.hears(BOB), b.hears(ALICE)])
    await office.bot.says(/"event":"media\.settled"/, 15_000)
    await Promise.all([a.hears(BOB), b.hears(ALICE)])
    assert.ok(a.loudness(ALICE) < 0.1, 'alice does not hear herself')
    assert.ok(b.loudness(BOB) < 0.1, 'bob does not hear himself')
    await a.hangsUp()
    await b.isFree()
    await office.shows(/You hung up/, /lasted/)
    await office.presses(alice, 'details')
    await office.shows(why)
  })
}
