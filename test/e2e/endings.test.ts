/** How calls end, with SIPp as the PBX: what the card says, that no phone rings on, and that nothing is rung twice. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, Office, PEOPLE, tellWhereFailed } from '../helpers/office.ts'
import { assertAllOver, callsIn, rung } from '../helpers/sip-trace.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'
import { Sipp } from '../peers/sipp.ts'
import type { Told } from '../peers/scenario.ts'
import type { Ending, SippOptions } from '../peers/sipp.ts'

const skip = await missing('sipp')

/** What Alice's own phone and Bob's are called by. */
const ALICE = '+34910000001'
const BOB = '+34910000002'
const PICKED_UP = { alice: '910000001', bob: '910000002' } as const

type Env = Readonly<Record<string, string>>

/** A bot whose PBX does this to every number that is not simply picked up. */
async function stage(
  t: TestContext,
  ending: Ending | readonly Told[],
  options: SippOptions = {},
  env: Env = {},
  people: readonly object[] = PEOPLE,
) {
  const sipp = await Sipp.start(ending, { answers: PICKED_UP.alice, ...options })
  let trace = ''
  atTheEnd(t, async () => {
    tellWhereFailed(t, trace || sipp.messages)
    await sipp.stop()
  })
  const trunk = `sip:127.0.0.1:${sipp.port};transport=${options.transport ?? 'udp'}`
  const office = await Office.open(t, { trunk, people, env: { DRAIN_SECONDS: '0', ...env } })
  return {
    office,
    sipp,
    /** Stops the bot: whatever it left open would still be open in the trace. */
    closes: async () => {
      assert.equal(await office.bot.stop(), 0)
      trace = sipp.messages
      assertAllOver(trace)
      assert.equal(sipp.faults, '')
      return rung(trace)
    },
  }
}

/** The last three digits are what this PBX answers. */
const number = (status: number) => `+34910000${status}`
const refusing = (statuses: readonly number[]) =>
  statuses.map((status): Told => ({
    ending: 'refuses',
    number: number(status).slice(-3),
    status: `${status} Refused`,
  }))
const somebody = (status: number) => ({ name: `Sam Status ${status}`, phones: { desk: number(status) } })

const refusals: readonly (readonly [status: number, en: RegExp, es: RegExp])[] = [
  [486, /is busy/, /ocupado/i],
  [600, /is busy/, /ocupado/i],
  [603, /declined the call/, /rechazada/i],
  [403, /declined the call/, /rechazada/i],
  [404, /is unreachable/, /no está disponible/i],
  [480, /is unreachable/, /no está disponible/i],
  [484, /is unreachable/, /no está disponible/i],
  [503, /is unreachable/, /no está disponible/i],
]

test("the callee's refusal is told in plain words, in both languages:", { skip }, async (t) => {
  const statuses = refusals.map(([status]) => status)
  const people = [...PEOPLE, ...refusals.map(([status]) => somebody(status))]
  const { office, closes } = await stage(t, refusing(statuses), {}, {}, people)
  for (const [status, en, es] of refusals) {
    await t.test(String(status), async () => {
      const name = new RegExp(`Status ${status}`)
      await office.types(alice, `call Status ${status}`)
      await office.shows(name, en, /Redial/)
      await office.types(alice, `llama a Status ${status}`)
      await office.shows(name, es, /Rellamar/)
    })
  }
  const each = refusals.flatMap(([status]) => [ALICE, number(status), ALICE, number(status)])
  assert.deepEqual(await closes(), each)
})

const ownPhone: readonly (readonly [status: number, en: RegExp, es: RegExp])[] = [
  [486, /your own phone is busy, so nobody else was called/i, /tu propio teléfono.*ocupado/i],
  [603, /declined at your own phone, so nobody else was called/i, /rechazada en tu propio teléfono/i],
  [480, /your own phone is unreachable/i, /tu propio teléfono no está disponible/i],
  [401, /SIP_TRUNK_USER/, /SIP_TRUNK_USER/],
]

test("where the user's own phone is refused the callee is never called:", { skip }, async (t) => {
  const statuses = ownPhone.map(([status]) => status)
  const people = [
    ...PEOPLE,
    ...ownPhone.map(([status]) => ({ ...somebody(status), aadObjectId: `${status}` })),
  ]
  const { office, closes } = await stage(t, refusing(statuses), { answers: 'nobody' }, {}, people)
  for (const [status, en, es] of ownPhone) {
    await t.test(String(status), async () => {
      const user = { aadObjectId: `${status}`, name: somebody(status).name }
      await office.types(user, 'call Bob Marín')
      await office.shows(en)
      await office.types(user, 'llama a Bob Marín')
      await office.shows(es, /Rellamar/)
    })
  }
  assert.deepEqual(
    await closes(),
    ownPhone.flatMap(([status]) => [number(status), number(status)]),
  )
})

for (const [status, reason, en] of [
  ['503 Service Unavailable', 'Q.850;cause=17;text="User busy"', /Bob Marín is busy/],
  ['480 Temporarily Unavailable', 'Q.850;cause=19', /no answer from Bob Marín/],
] as const) {
  test(`the callee's ${status} is told by its reason, ${reason}`, { skip }, async (t) => {
    const { office, closes } = await stage(t, 'refuses', { status, reason })
    await office.types(alice, 'call Bob Marín')
    await office.shows(en)
    assert.deepEqual(await closes(), [ALICE, BOB])
  })
}

test('the callee does not answer: the ringing phone is cancelled', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'rings-on', {}, { RING_SECONDS_CALLEE: '1' })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /ringing/i)
  await office.shows(/no answer from Bob Marín/)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('the user does not pick up: nobody else is rung', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'rings-on', { answers: 'nobody' }, { RING_SECONDS_DESK: '1' })
  await office.types(alice, 'llama a Bob Marín')
  await office.shows(/sin respuesta/i)
  assert.deepEqual(await closes(), [ALICE])
})

for (const ending of ['asks-401', 'asks-407'] as const) {
  const known = { user: 'dialback', password: 'right' }
  const right = { SIP_TRUNK_USER: 'dialback', SIP_TRUNK_PASSWORD: 'right' }

  test(`a PBX that ${ending} lets the bot in by its password`, { skip }, async (t) => {
    const { office, closes } = await stage(t, ending, { answers: 'nobody', ...known }, right)
    await office.types(alice, 'call Bob Marín')
    await office.shows(/Bob Marín/, /connected/i)
    await office.types(alice, 'hang up')
    await office.shows(/You hung up/)
    assert.deepEqual(await closes(), [ALICE, BOB])
  })
}

test('a PBX that asks-401 is not asked for ever with a wrong password', { skip }, async (t) => {
  const wrong = { SIP_TRUNK_USER: 'dialback', SIP_TRUNK_PASSWORD: 'wrong' }
  const { office, closes, sipp } = await stage(
    t,
    'asks-401',
    { answers: 'nobody', user: 'dialback', password: 'right' },
    wrong,
  )
  await office.types(alice, 'call Bob Marín')
  await office.shows(/declined|refuses the bot/i)
  assert.deepEqual(await closes(), [ALICE])
  const invites = callsIn(sipp.messages)[0]?.messages.filter(({ line }) => line.startsWith('INVITE'))
  assert.equal(invites?.length, 2)
})

test('early media of the callee is relayed, and the call goes on', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'early-media', { ringing: 600 })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /ringing/i)
  await office.shows(/Bob Marín/, /connected/i)
  await office.types(alice, 'cuelga')
  await office.shows(/finalizada|ended/i)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('the 200 crosses our CANCEL: it is acknowledged and ended', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'crosses-cancel')
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /ringing/i)
  await office.types(alice, 'hang up')
  await office.shows(/cancelled/i)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('the callee hangs up', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'hangs-up', { talking: 700 })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín hung up/, /ended · lasted 0:0\d/i)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('the user hangs up the phone', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'hangs-up', { answers: PICKED_UP.bob, talking: 1200 })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/You hung up/, /ended · lasted 0:0\d/i)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('the user hangs up with the button of the card, twice', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'answers')
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /connected/i)
  const { id, action } = await office.chat.until(() => office.chat.button('hangUp', alice))
  const [first, second] = await Promise.all([
    office.chat.press(alice, id, action),
    office.chat.press(alice, id, action),
  ])
  assert.deepEqual([first.status, second.status], [200, 200])
  await office.shows(/You hung up/, /ended · lasted/i)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('a phone that refuses our re-INVITE stays on the relay, and Details says so', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'keeps-media')
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /connected/i)
  await office.types(alice, 'hang up')
  await office.shows(/You hung up/, /lasted/)
  await office.presses(alice, 'details')
  await office.shows(/through the bot \(refused 488\)/)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

test('a trunk over TCP', { skip }, async (t) => {
  const { office, closes } = await stage(t, 'hangs-up', { transport: 'tcp', talking: 500 })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín hung up/, /lasted/)
  assert.deepEqual(await closes(), [ALICE, BOB])
})

for (const transport of ['udp', 'tcp']) {
  test(`nothing listens where the PBX should be (${transport}): told at once, in both languages`, async (t) => {
    const trunk = `sip:127.0.0.1:${await freePort()};transport=${transport}`
    const office = await Office.open(t, { trunk })
    await office.types(alice, 'call Bob Marín')
    await office.shows(/phone system is unreachable/)
    await office.types(alice, 'llama a Bob Marín')
    await office.shows(/centralita/i, /no disponible/i)
    await office.types(alice, 'status')
    await office.shows(/down/)
  })
}

test('a PBX that swallows everything: told as unreachable, not as a user who did not pick up', async (t) => {
  const hole = createSocket('udp4').bind(0, '127.0.0.1')
  await once(hole, 'listening')
  const calls = new Set<string>()
  hole.on('message', (bytes) => {
    const text = bytes.toString()
    if (text.startsWith('INVITE')) calls.add(/^Call-ID: (.*)\r$/m.exec(text)?.[1] ?? '')
  })
  atTheEnd(t, () => hole.close())
  const office = await Office.open(t, { trunk: `sip:127.0.0.1:${hole.address().port};transport=udp` })
  await office.types(alice, 'call Bob Marín')
  await office.showsWithin(15_000, /phone system is unreachable/)
  assert.equal(calls.size, 1, 'rung once')
})
