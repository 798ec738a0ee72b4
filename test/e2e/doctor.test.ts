/** The doctor at a real Asterisk with real phones: where all is well, and where one thing is not. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Doctor } from '../helpers/doctor.ts'
import { Issuer, PASSWORD } from '../helpers/issuer.ts'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')

/** Asterisk tells the bot from the phones by its address. */
const BOT = '127.0.0.4'
const SECRET = 'right-and-long'

async function house(t: TestContext) {
  const sip = await freePort(BOT)
  const asterisk = await Asterisk.start({
    bot: { address: BOT, port: sip },
    botPassword: SECRET,
    extensions: [{ name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] }],
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
  const env = { SIP_TRUNK: trunk, SIP_TRUNK_USER: 'bot', SIP_TRUNK_PASSWORD: SECRET }
  return { asterisk, sip, env, doctor: await Doctor.of(t, { address: BOT, sip, env }) }
}

async function phoneAt(t: TestContext, asterisk: Asterisk, answers: 'manually' | 'at once' = 'at once') {
  const pbx = { port: asterisk.port, password: 'alice-secret' }
  const phone = await Phone.start({ name: 'alice', says: 440, address: '127.0.0.2', pbx, answers })
  atTheEnd(t, () => phone.stop())
  return phone
}

test(
  'all is well: PBX, password, a call with sound both ways, token, clock and connector; the phone hears notes, then itself',
  { skip },
  async (t) => {
    const { asterisk, doctor } = await house(t)
    const issuer = await new Issuer().start()
    atTheEnd(t, () => issuer[Symbol.asyncDispose]())
    const authority = join(doctor.folder, 'authority.pem')
    writeFileSync(authority, issuer.certificate)
    Object.assign(doctor.env, issuer.settings, { NODE_EXTRA_CA_CERTS: authority, HOST: '127.0.0.1' })
    const phone = await phoneAt(t, asterisk)
    const visit = doctor.begins('--call', '1001', '--service-url', issuer.url)
    await phone.talks()
    await phone.hears(784, 8000, 0.2)
    await phone.hears(440, 8000)
    await phone.isFree(15_000)
    const { code, said } = await visit.ends()
    assert.equal(code, 0, said)
    for (const line of [
      /^ok +node: Node 2\d\./m,
      /^ok +settings: Teams and other channels, with your PBX$/m,
      /^ok +ports: HTTP port \d+ is free/m,
      /^ok +data: .* MB are free/m,
      /^ok +people: 3 people, 3 of them with a phone/m,
      /^ok +trunk resolves \(main\): 127\.0\.0\.1 is an address/m,
      /^ok +trunk answers \(main\): .* over udp with 200 OK in \d+ ms \(Asterisk/m,
      /^ok +credentials of the trunk \(main\): the PBX has asked for credentials and taken those of bot$/m,
      /^ok +addresses \(main\): the PBX is told 127\.0\.0\.4 for SIP and sees us there/m,
      /^ok +call: the phone is heard: \d{3} packets in \d+\.\d s, 0 lost, jitter \d+\.\d ms$/m,
      /^ok +call: \d{3} packets were sent to the phone; the far side tells of them: \d+ lost/m,
      /^ok +clock: it goes with that of localhost/m,
      /^ok +bot's credentials: localhost:\d+ has given a token that holds for 60 min$/m,
      /^ok +keys of channels: /m,
      /^ok +connector: localhost:\d+ is reached/m,
      /^Nothing has failed: /m,
    ])
      assert.match(said, line)
    assert.doesNotMatch(said, /FAILED/)
    assert.deepEqual(
      said.match(/^warning .*/gm)?.length,
      1,
      `the keys of another issuer, and nothing else:\n${said}`,
    )
    assert.ok(!said.includes(PASSWORD))
  },
)

test('a wrong password: it is asked about once, and the settings are named', { skip }, async (t) => {
  const { asterisk, doctor } = await house(t)
  doctor.env['SIP_TRUNK_PASSWORD'] = 'wrong-and-long'
  const found = await doctor.visits()
  found.failsOnly(
    'credentials of the trunk',
    /does not take user bot with this password \(401/,
    /Check SIP_TRUNK_USER and SIP_TRUNK_PASSWORD/,
  )
  const tries = asterisk.log.match(/^Authorization: Digest username="bot"/gm) ?? []
  assert.equal(tries.length, 1, 'a PBX bans who tries often')
})

test('no user, where the PBX asks who is calling', { skip }, async (t) => {
  const { doctor } = await house(t)
  delete doctor.env['SIP_TRUNK_USER']
  delete doctor.env['SIP_TRUNK_PASSWORD']
  const found = await doctor.visits()
  found.failsOnly('credentials of the trunk', /no user is set/, /Set SIP_TRUNK_USER .*127\.0\.0\.4/)
})

test('sound that goes one way: nothing comes to the address that phones are told', { skip }, async (t) => {
  const { asterisk, doctor } = await house(t)
  doctor.env['RTP_ADVERTISE'] = '127.0.0.99'
  const phone = await phoneAt(t, asterisk)
  const found = await doctor.visits('--call', '1001')
  found.failsOnly(
    'call',
    /nothing is heard from the phone: no packet has come to 127\.0\.0\.99:\d+/,
    /Check RTP_ADVERTISE \(the phone is told 127\.0\.0\.99:\d+\) and that the firewall lets UDP \d+-\d+ in/,
  )
  const [warned] = found.of('addresses')
  assert.match(warned?.says ?? '', /RTP_ADVERTISE is 127\.0\.0\.99, which is no address of this machine/)
  assert.ok(
    phone.events.some(({ type }) => type === 'CALL_CLOSED'),
    'it was hung up',
  )
})

test(
  'nobody is called whom the gate refuses; what the PBX refuses is told with its answer',
  { skip },
  async (t) => {
    const { asterisk, doctor } = await house(t)
    const emergency = await doctor.visits('--call', '112')
    emergency.failsOnly(
      'call',
      /nobody was called: .*112.*emergency/i,
      /desk phone of somebody in PEOPLE_FILE/,
    )
    assert.doesNotMatch(asterisk.log, /^INVITE /m)
    const unknown = await doctor.visits('--call', '+34 910 000 009')
    unknown.failsOnly(
      'call',
      /refuses the call with 404 .*→ INVITE sip:\+34910000009@/,
      /dial plan of the PBX/,
    )
    const nobody = await doctor.visits('--call', '1001')
    nobody.failsOnly(
      'call',
      /refuses the call with 404/,
      /Asterisk says so of a phone that is not registered/,
    )
  },
)

test('a bot that runs is recognised, and goes on undisturbed', { skip }, async (t) => {
  const { asterisk, sip, env, doctor } = await house(t)
  const office = await Office.open(t, { trunk: env.SIP_TRUNK, address: BOT, sip, env })
  const { bot } = office
  Object.assign(doctor.env, {
    PORT: String(bot.port),
    DATA_DIR: join(bot.data, 'db'),
    RTP_PORTS: `${bot.rtp}-${bot.rtp + 99}`,
  })
  const phone = await phoneAt(t, asterisk, 'manually')
  await office.types(alice, 'call Bob Marín')
  await phone.rings()
  await phone.picksUp()
  const found = await doctor.visits()
  assert.deepEqual(found.failed, [], found.text)
  const [http, udp, tcp] = found.of('ports').map(({ says }) => says)
  assert.match(http ?? '', /is held by the bot, which runs and says that it is/)
  assert.match(`${udp} ${tcp}`, /udp.* is held by the bot.*tcp.* is held by the bot/)
  assert.match(found.of('data')[0]?.says ?? '', /the bot that runs uses it/)
  assert.match(found.of('credentials of the trunk')[0]?.says ?? '', /taken those of bot/)
  await phone.hangsUp()
  await office.shows(/your own phone|unreachable|cancelled|Bob Marín/i)
  await office.types(alice, 'call Bob Marín')
  await phone.rings()
})
