/** How joining a meeting ends where it does not begin, with SIPp as phone and bridge; and where its PIN may be read. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { assertAllOver, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import type { Told } from '../peers/scenario.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

const BRIDGE = '+34910480001'
const ALICE = '+34910000001'
const PIN = '73915264'
const INVITATION = `join\nTopic: Standup\nDial-in: +34 910 48 00 01\nConference ID: 604 118 273#\nPIN: ${PIN}`

/** Alice's phone and the bridge do this. */
async function stage(
  t: TestContext,
  phone: Omit<Told, 'number'>,
  bridge: Omit<Told, 'number'>,
  dtmf = 'rfc4733',
) {
  const sipp = await Sipp.start([
    { ...phone, number: '910000001' },
    { ...bridge, number: '.*' },
  ])
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const uri = `sip:127.0.0.1:${sipp.port};transport=udp`
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  atTheEnd(t, () => {
    rmSync(folder, { recursive: true })
  })
  const file = join(folder, 'trunks.json')
  writeFileSync(file, JSON.stringify([{ name: 'pbx', uri, dtmf }]))
  const env = {
    TRUNKS_FILE: file,
    COUNTRY: 'ES',
    LOG_LEVEL: 'trace',
    DRAIN_SECONDS: '0',
    RTP_SILENCE_SECONDS: '600',
  }
  const office = await Office.open(t, { env })
  return { office, sipp }
}

const PICKS_UP = { ending: 'picks-up' } as const
const within = 12_000

test('its number is busy: a sentence says what else to do', { skip }, async (t) => {
  const { office, sipp } = await stage(t, PICKS_UP, { ending: 'refuses', status: '486 Busy Here' })
  await office.types(alice, INVITATION)
  await office.showsWithin(within, /The number of Standup is busy.*open the meeting by its link/)
  await office.bot.stop()
  assert.deepEqual(rung(sipp.messages), [ALICE, BRIDGE])
  assertAllOver(sipp.messages)
})

test('it hangs up before its number is keyed: nobody was let in', { skip }, async (t) => {
  const { office, sipp } = await stage(t, PICKS_UP, { ending: 'hangs-up', talking: 1200 })
  await office.types(alice, INVITATION)
  await office.shows(/keying its number/)
  await office.showsWithin(within, /Not let in/, /Standup hung up before you were in/)
  await office.bot.stop()
  assertAllOver(sipp.messages)
})

test('the user hangs up while its number is keyed: they were never in', { skip }, async (t) => {
  const { office, sipp } = await stage(t, { ending: 'hangs-up', talking: 2500 }, PICKS_UP)
  await office.types(alice, INVITATION)
  await office.shows(/keying its number/)
  await office.showsWithin(within, /Cancelled/, /You hung up before you were in the meeting/)
  await office.bot.stop()
  assertAllOver(sipp.messages)
})

test(
  'a trunk that wants keys by INFO gets them so; the PIN stands in the facts, and nowhere else',
  { skip },
  async (t) => {
    const { office, sipp } = await stage(t, PICKS_UP, PICKS_UP, 'info')
    await office.types(alice, `join +34 910 48 00 01 pin ${PIN}`)
    const keyed = () => [...sipp.messages.matchAll(/^Signal=(.)/gm)].map(([, key]) => key).join('')
    await sipp.until(() => keyed() === `${PIN}#`, 60_000)
    await office.showsWithin(within, /You are in the meeting/)
    await office.presses(alice, 'details')
    await office.presses(alice, 'ladder')
    await office.types(alice, 'hang up')
    await office.showsWithin(within, /ended · lasted/i)
    await office.bot.stop({ keep: true })
    assertAllOver(sipp.messages)

    const files = filesIn(office.bot.data).map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    const having = files.filter(({ text }) => text.includes(PIN)).map(({ file }) => file)
    assert.ok(having.length > 0)
    for (const file of having) {
      assert.match(file, /facts/, `${file} has the PIN`)
      assert.equal(statSync(file).mode & 0o077, 0, `${file} is for its owner's eyes alone`)
    }
    const kept = files.filter(({ file }) => !having.includes(file)).map(({ text }) => text)
    assert.ok(
      kept.some((text) => text.includes('dtmf-relay')),
      'the ladder is kept',
    )
    for (const text of kept) assert.doesNotMatch(text, /Signal=/, 'without what was keyed')
    const log = office.bot.said + JSON.stringify(office.bot.lines)
    assert.ok(office.bot.lines.length > 10)
    for (const text of [log, office.chat.said()]) assert.doesNotMatch(text, new RegExp(`${PIN}|Signal=`))
  },
)

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
