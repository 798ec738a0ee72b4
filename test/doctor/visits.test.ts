/** One thing is wrong: exactly that is told, with what to do about it. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { Doctor } from '../helpers/doctor.ts'
import { Issuer } from '../helpers/issuer.ts'
import { atTheEnd } from '../helpers/office.ts'
import { freePort } from '../peers/ports.ts'

/** What stands for a PBX: it answers whatever it is asked with 200, or nothing at all. */
async function pbx(t: TestContext, answers = true): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (packet, { port, address }) => {
    if (!answers) return
    const text = packet.toString()
    const kept = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line))
    const to = /^To:.*$/im.exec(text)?.[0] ?? ''
    socket.send(
      ['SIP/2.0 200 OK', ...kept, `${to};tag=1`, 'Content-Length: 0', '', ''].join('\r\n'),
      port,
      address,
    )
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  atTheEnd(t, () => socket.close())
  return `sip:127.0.0.1:${socket.address().port};transport=udp`
}

async function sound(t: TestContext, env: Readonly<Record<string, string>> = {}) {
  const trunk = await pbx(t)
  return Doctor.of(t, { env: { SIP_TRUNK: trunk, ...env } })
}

async function registered(t: TestContext) {
  const issuer = await new Issuer().start()
  atTheEnd(t, () => issuer[Symbol.asyncDispose]())
  const doctor = await sound(t, { ...issuer.settings, HOST: '127.0.0.1' })
  const authority = join(doctor.folder, 'authority.pem')
  writeFileSync(authority, issuer.certificate)
  doctor.env['NODE_EXTRA_CA_CERTS'] = authority
  return { issuer, doctor, visits: () => doctor.visits('--service-url', issuer.url) }
}

suite('the doctor', () => {
  test('finds nothing to mend where nothing is wrong', async (t) => {
    const { visits } = await registered(t)
    const found = await visits()
    assert.deepEqual(found.failed, [], found.text)
    assert.match(found.of('credentials of the trunk')[0]?.says ?? '', /none were asked for/)
  })

  test('tells all faults of the settings at once, and skips what needs them', async (t) => {
    const doctor = await Doctor.of(t, { env: { PORT: '99999', SIP_TRUNK: 'pbx', COUNTRY: 'Spain' } })
    const found = await doctor.visits()
    found.fails('settings', /^PORT="99999" is not a port/, /Write a port/)
    found.fails('settings', /^SIP_TRUNK="pbx" is not the SIP URI of a PBX/, /sip:pbx\.example\.com/)
    found.fails('settings', /^COUNTRY="Spain" is not a country/, /such as ES/)
    for (const { check, state, says } of found.all.filter(
      ({ check }) => !['node', 'settings'].includes(check),
    ))
      assert.deepEqual({ check, state, says }, { check, state: 'skipped', says: 'the settings do not fit' })
  })

  test('tells of a port that another program has, and tries the PBX all the same', async (t) => {
    const doctor = await sound(t)
    const [, port = ''] = /:(\d+),/.exec(doctor.env['SIP_BIND'] ?? '') ?? []
    const other = createServer().listen(Number(doctor.env['PORT']), '127.0.0.1')
    const sip = createSocket('udp4').bind(Number(port), '127.0.0.1')
    atTheEnd(t, () => {
      other.close()
      sip.close()
    })
    await Promise.all([once(other, 'listening'), once(sip, 'listening')])
    const found = await doctor.visits()
    found.fails('ports', /^HTTP port \d+ is taken by another program/, /set PORT to another port/)
    found.fails('ports', /^SIP port \d+ \(udp .*taken by another program/, /another port into SIP_BIND/)
    assert.equal(found.failed.length, 2, found.text)
    assert.equal(found.of('trunk answers')[0]?.state, 'ok')
  })

  test('tells of a trunk that does not resolve', async (t) => {
    const doctor = await sound(t, {
      SIP_TRUNK: 'sip:pbx.invalid:5060;transport=udp',
      SIP_BIND: `udp:0.0.0.0:${await freePort()}`,
      ALLOW_UNAUTHENTICATED: '1',
    })
    const found = await doctor.visits()
    found.failsOnly(
      'trunk resolves',
      /pbx\.invalid does not resolve/,
      /Check the host in SIP_TRUNK, and the DNS/,
    )
    assert.deepEqual(
      found.of('trunk answers').map(({ state, says }) => `${state}: ${says}`),
      ['skipped: it does not resolve'],
    )
  })

  test('tells a PBX that is silent from one that is not there', async (t) => {
    const silent = await sound(t, { SIP_TRUNK: await pbx(t, false) })
    const nobody = await sound(t, { SIP_TRUNK: `sip:127.0.0.1:${await freePort()};transport=tcp` })
    const [one, other] = await Promise.all([silent.visits(), nobody.visits()])
    one.failsOnly('trunk answers', /over udp: no answer/, /no firewall drops packets .* and 127\.0\.0\.1:\d+/)
    other.failsOnly(
      'trunk answers',
      /over tcp: nobody listens at that address/,
      /Nothing listens there over tcp\. Start the PBX/,
    )
  })

  test('tells of a secret that the login address does not take', async (t) => {
    const { doctor, visits } = await registered(t)
    doctor.env['MicrosoftAppPassword'] = 'the-secret-of-another'
    const found = await visits()
    found.failsOnly("bot's credentials", /does not take MicrosoftAppPassword/, /Make a new client secret/)
  })

  test('tells of a login address that is not there, and of keys that nobody tells', async (t) => {
    const { issuer, visits } = await registered(t)
    issuer.trouble = 'refused'
    issuer.keysTrouble = 'refused'
    const found = await visits()
    found.fails("bot's credentials", /gives no token/, /DNS, firewall \(TCP 443 outwards\), and HTTPS_PROXY/)
    found.fails('keys of channels', /no channel is believed/, /DNS, firewall/)
  })

  for (const minutes of [10, -10])
    test(`tells of a clock that is ${Math.abs(minutes)} min ${minutes > 0 ? 'behind' : 'ahead'}`, async (t) => {
      const { issuer, visits } = await registered(t)
      issuer.ahead = minutes * 60_000
      const found = await visits()
      const which = minutes > 0 ? 'behind' : 'ahead of'
      const says = new RegExp(`it is (599|60\\d) s ${which} localhost:\\d+: tokens are refused`)
      found.failsOnly('clock', says, /timedatectl set-ntp true/)
    })

  test('tells of a folder that nothing can be written to', async (t) => {
    // There not even root can.
    const doctor = await sound(t, { DATA_DIR: '/proc/self' })
    const found = await doctor.visits()
    found.failsOnly(
      'data',
      /nothing can be written to \/proc\/self/,
      /Let DATA_DIR be a folder on a local disk/,
    )
  })

  test('tells of a connector that is not there', async (t) => {
    const { doctor } = await registered(t)
    const found = await doctor.visits('--service-url', `https://127.0.0.1:${await freePort()}/`)
    found.failsOnly('connector', /no card gets to Teams/, /TCP 443 outwards/)
  })

  test('calls nobody without a PBX, and nothing in the demo has failed', async (t) => {
    const doctor = await Doctor.of(t)
    const demo = await doctor.visits()
    assert.deepEqual(demo.failed, [], demo.text)
    const found = await doctor.visits('--call', '1001')
    found.failsOnly('call', /no PBX to call with/, /Set SIP_TRUNK and PEOPLE_FILE/)
  })
})
