/** How joining a meeting ends where it does not begin, with SIPp as phone and bridge; and where its PIN may be read. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import type { OfficeOptions } from '../helpers/office.ts'
import { assertAllOver, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import type { Told } from '../peers/scenario.ts'
import { Sipp } from '../peers/sipp.ts'

const skip = await missing('sipp')

const PIN = '73915264'
const INVITATION = `join\nTopic: Standup\nDial-in: +34 910 48 00 01\nConference ID: 604 118 273#\nPIN: ${PIN}`

/** Alice's phone and the bridge do this. */
function stage(
  t: TestContext,
  phone: Omit<Told, 'number'>,
  bridge: Omit<Told, 'number'>,
  dtmf: 'rfc4733' | 'info' = 'rfc4733',
) {
  return openBeside(
    t,
    [
      { ...phone, number: '910000001' },
      { ...bridge, number: '.*' },
    ],
    dtmf,
  )
}

async function openBeside(
  t: TestContext,
  told: readonly Told[],
  dtmf: 'rfc4733' | 'info',
  { people, env = {} }: Pick<OfficeOptions, 'people' | 'env'> = {},
) {
  const sipp = await Sipp.start(told)
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
  const settings = {
    TRUNKS_FILE: file,
    COUNTRY: 'ES',
    LOG_LEVEL: 'trace',
    DRAIN_SECONDS: '0',
    RTP_SILENCE_SECONDS: '600',
    ...env,
  }
  const office = await Office.open(t, { env: settings, ...(people ? { people } : {}) })
  return { office, sipp }
}

const PICKS_UP = { ending: 'picks-up' } as const
const within = 12_000

type Bridge = {
  readonly what: string
  readonly does: Omit<Told, 'number'>
  /** What the card says in the end. */
  readonly says: readonly RegExp[]
  readonly link?: string
}

/** Each is called by somebody of its own, all at once; every other one is spoken of in Spanish. */
const BRIDGES: readonly Bridge[] = [
  {
    what: 'rings for ever',
    does: { ending: 'rings-on' },
    says: [/no answer/i, /The number of Room 0 does not answer\. Redial in a while\./, /Redial/],
  },
  {
    what: 'rings for ever, and speaks meanwhile',
    does: { ending: 'speaks-on' },
    says: [/sin respuesta/i, /El número de Room 1: sin respuesta\. Rellama dentro de un rato\./, /Rellamar/],
  },
  {
    what: 'is full, and says so',
    does: {
      ending: 'refuses',
      status: '486 Busy Here',
      reason: 'SIP;cause=486;text="The conference is full."',
    },
    link: 'https://meet.jit.si/Room2',
    says: [
      /busy/i,
      /Room 2 is busy: the meeting may be full\. Redial in a while, or open the meeting by its link\. Its words: “The conference is full”\./,
    ],
  },
  {
    what: 'has not begun, and says so in a Warning',
    does: {
      ending: 'refuses',
      status: '480 Temporarily Unavailable',
      more: ['Warning: 399 bridge.example.com "The host is not here yet"'],
    },
    says: [/no disponible/i, /Room 3 no está disponible\. .* Sus palabras: «The host is not here yet»\./],
  },
  {
    what: 'has no room for another call',
    does: {
      ending: 'refuses',
      status: '503 Service Unavailable',
      reason: 'Q.850;cause=34;text="No circuit"',
    },
    says: [/All lines of the phone system are in use/],
  },
  {
    what: 'picks up, says that it is full, and hangs up',
    does: { ending: 'says-no', talking: 1500 },
    says: [/No admitid[oa]/i, /Room 5 ha colgado antes de que entraras/, /Rellamar/],
  },
  {
    what: 'hangs up on what was keyed',
    does: { ending: 'turns-away', reason: 'SIP;cause=403;text="Unknown conference"' },
    says: [
      /Not let in/,
      /Room 6 hung up before you were in\. .* Its words: “Unknown conference”\./,
      /Redial/,
    ],
  },
  {
    what: 'has everybody wait for its host, with music',
    does: { ending: 'plays-on' },
    says: [/Estás en la reunión/],
  },
]

test('bridges that do not let one in: one plain sentence each, and another try', { skip }, async (t) => {
  const guests = BRIDGES.map((_, i) => ({
    who: { aadObjectId: `guest-${i}`, name: `Guest ${i}`, locale: i % 2 === 0 ? 'en-GB' : 'es-ES' },
    desk: `+3491000020${i}`,
  }))
  const people = guests.map(({ who, desk }) => ({ ...who, phones: { desk } }))
  const told = BRIDGES.map(({ does }, i) => ({ ...does, number: `91048030${i}` }))
  const phones = { ...PICKS_UP, number: '.*' }
  const { office, sipp } = await openBeside(t, [...told, phones], 'info', {
    people,
    env: { RING_SECONDS_CALLEE: '3' },
  })
  await Promise.all(
    BRIDGES.map(({ what, says, link = '' }, i) =>
      t.test(`one that ${what}`, async () => {
        const guest = guests[i]?.who
        assert.ok(guest)
        const invitation = `Topic: Room ${i}\n${link}\nDial-in: +34 910 48 03 0${i}\nConference ID: 604 118 27${i}#`
        await office.types(guest, `${i % 2 === 0 ? 'join' : 'unirme'}\n${invitation}`)
        await office.showsWithin(40_000, new RegExp(`Room ${i}`), ...says)
      }),
    ),
  )
  await office.bot.stop()
  const bridges = rung(sipp.messages).filter((number) => number.startsWith('+3491048'))
  assert.equal(bridges.length, BRIDGES.length, 'each bridge was called once')
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
