/** Sound that does not come, and ports that are not there: what the people of the call read. SIPp's phones are mute. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, bob, Office, tellWhereFailed } from '../helpers/office.ts'
import { assertAllOver, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { freeRange } from '../peers/ports.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

/** A bot before phones that answer and say nothing, through a trunk whose sound it has to relay. */
async function stage(t: TestContext, env: Readonly<Record<string, string>>) {
  const sipp = await Sipp.start('answers')
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  atTheEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'trunks.json')
  const trunk = `sip:127.0.0.1:${sipp.port};transport=udp`
  writeFileSync(file, JSON.stringify([{ name: 'pbx', uri: trunk, media: 'relay' }]))
  return { sipp, office: await Office.open(t, { trunk, env: { TRUNKS_FILE: file, ...env } }) }
}

test('a phone that is not heard: the card says so, and the call goes on', { skip }, async (t) => {
  const { office } = await stage(t, { RTP_SILENCE_SECONDS: '1' })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/connected/i, /No sound comes from your own phone/)
  await office.types(alice, 'hang up')
  await office.shows(/You hung up/)
})

test(
  'where RTP_SILENCE_END_SECONDS says so, its call is ended, and the record has for how long it was missed',
  { skip },
  async (t) => {
    const { office, sipp } = await stage(t, { RTP_SILENCE_SECONDS: '1', RTP_SILENCE_END_SECONDS: '2' })
    await office.types(alice, 'call Bob Marín')
    await office.shows(
      /No sound came from your own phone any more/,
      /ended · lasted 0:0\d/i,
      /not heard for 0:01/,
    )
    await office.bot.says(/"call ended"/)
    await office.bot.stop()
    assertAllOver(sipp.messages)
  },
)

test(
  'no port for sound is left: a sentence with the setting to change, and nobody is rung',
  { skip },
  async (t) => {
    const first = await freeRange(4)
    const { office, sipp } = await stage(t, { RTP_PORTS: `${first}-${first + 3}` })
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín/, /connected/i)
    await office.types(bob, 'call Roberto')
    await office.shows(/Roberto/, /no free line/i, /All ports for sound are in use/, /RTP_PORTS/)
    assert.deepEqual(rung(sipp.messages), ['+34910000001', '+34910000002'])
  },
)
