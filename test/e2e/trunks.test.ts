/** TRUNKS_FILE in a real bot: registration at Asterisk and at a strict registrar, diversions, lines, and a file that changes. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, bob, Office, tellWhereFailed } from '../helpers/office.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'
import { Sipp } from '../peers/sipp.ts'
import type { Ending, SippOptions } from '../peers/sipp.ts'

const withAsterisk = { skip: await missing('asterisk', 'baresip') }
const withSipp = { skip: await missing('sipp') }

/** Asterisk tells the bot from the phones by its address. */
const BOT = '127.0.0.4'
const OWN = '\\+34910000001'
const MOBILE = '+34600000002'
const RINGING = '"part":"sip"[^\\n]*"event":"leg\\.ringing"'

/** A `TRUNKS_FILE` that a test can write anew. */
function trunksFile(t: TestContext, ...rows: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  t.after(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'trunks.json')
  const write = (text: string) => {
    writeFileSync(file, text)
  }
  write(JSON.stringify(rows))
  return { env: { TRUNKS_FILE: file, CALLER_ID: '+34900100200', COUNTRY: 'ES', DRAIN_SECONDS: '0' }, write }
}

async function pbx(t: TestContext, ending: Ending, options: SippOptions = {}): Promise<Sipp> {
  const sipp = await Sipp.start(ending, options)
  atTheEnd(t, async () => {
    tellWhereFailed(t, sipp.messages)
    await sipp.stop()
  })
  return sipp
}

const at = ({ port }: { readonly port: number }) => `sip:127.0.0.1:${port}`
const invites = ({ messages }: Sipp) =>
  [...messages.matchAll(/^INVITE sip:([^@]*)@/gm)].map(([, user]) => user)

const divertsTo = (contact: string) => ({ status: '302 Moved Temporarily', more: [`Contact: <${contact}>`] })

type Ready = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

async function readyz(office: Office): Promise<Ready> {
  return (await (await fetch(`${office.bot.url}/readyz`)).json()) as Ready
}

async function house(t: TestContext, password: string) {
  const sip = await freePort(BOT)
  const asterisk = await Asterisk.start({
    bot: { address: BOT, port: sip, registers: true },
    botPassword: 'right-secret',
    extensions: [{ name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] }],
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  const trunk = { name: 'asterisk', uri: at(asterisk), user: 'bot', password, register: true }
  const { env } = trunksFile(t, trunk)
  return { asterisk, office: () => Office.open(t, { address: BOT, sip, env }) }
}

test(
  'the bot registers at Asterisk, rings a phone there, and unregisters at its end',
  withAsterisk,
  async (t) => {
    const { asterisk, office: open } = await house(t, 'right-secret')
    const a = await Phone.start({
      name: 'alice',
      says: 440,
      address: '127.0.0.2',
      pbx: { port: asterisk.port, password: 'alice-secret' },
    })
    atTheEnd(t, () => a.stop())
    const registered = asterisk.knows('bot')
    const office = await open()
    await registered
    await office.bot.says(/"code":"SIP_REGISTERED"/)
    const { trunks } = await readyz(office)
    assert.equal(trunks?.['asterisk']?.['state'], 'ok')
    const { state, expires } = trunks['asterisk']['registration'] as Record<string, string>
    assert.equal(state, 'registered')
    assert.ok(Date.parse(expires ?? '') > Date.now() + 60_000)
    await office.types(alice, 'call Bob Marín')
    await a.rings()
    await office.types(alice, 'hang up')
    await a.isFree()
    const gone = asterisk.manager.sees({ Event: 'ContactStatus', AOR: 'bot', ContactStatus: 'Removed' })
    assert.equal(await office.bot.stop(), 0)
    await gone
  },
)

test(
  'an Asterisk that refuses the registration is told of, and not asked again and again',
  withAsterisk,
  async (t) => {
    const { asterisk, office: open } = await house(t, 'wrong-secret')
    const office = await open()
    await office.bot.says(/"code":"SIP_REGISTER_REFUSED".*"remedy":"Check user and password/)
    const { trunks } = await readyz(office)
    assert.partialDeepStrictEqual(trunks?.['asterisk'], {
      state: 'degraded',
      registration: { state: 'refused', status: 401 },
    })
    await office.types(alice, 'status')
    await office.shows(/asterisk/, /not registered/)
    await office.types(alice, 'call Bob Marín')
    await office.shows(/SIP_TRUNK_PASSWORD/)
    assert.equal(asterisk.log.match(/^REGISTER sip:/gm)?.length, 2)
    assert.ok(!office.bot.said.includes('wrong-secret'))
  },
)

test(
  'a registrar that asks who is there, and finds ten minutes too brief (401, 423)',
  withSipp,
  async (t) => {
    const credentials = { user: 'bot', password: 's3cret' }
    const sipp = await pbx(t, 'registrar', { ...credentials, least: 1800 })
    const { env } = trunksFile(t, { name: 'strict', uri: at(sipp), register: true, ...credentials })
    const office = await Office.open(t, { env })
    await office.bot.says(/"code":"SIP_REGISTERED","trunk":"strict".*"seconds":1800/)
    assert.equal(await office.bot.stop(), 0)
    assert.equal(sipp.faults, '')
    assert.deepEqual(
      [...sipp.messages.matchAll(/^Contact:.*expires=(\d+)/gm)].map(([, seconds]) => seconds),
      ['600', '600', '1800', '1800', '1800', '0'],
    )
  },
)

test('a callee who diverts: the new number is called where the gate lets it through', withSipp, async (t) => {
  const sipp = await pbx(t, 'refuses', { answers: `${OWN}|34600000002`, ...divertsTo(`tel:${MOBILE}`) })
  const { env } = trunksFile(t, { uri: at(sipp), redirect: true })
  const office = await Office.open(t, { env })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín/, /connected/i)
  await office.types(alice, 'hang up')
  await office.shows(/You hung up/)
  assert.equal(await office.bot.stop(), 0)
  assert.deepEqual([...new Set(invites(sipp))].slice(0, 3), ['+34910000001', '+34910000002', MOBILE])
  assert.match(sipp.messages, /^Diversion: <sip:\+34910000002@127\.0\.0\.1:\d+>;reason=unconditional/m)
})

test('a callee who diverts abroad: told, and nobody is called there', withSipp, async (t) => {
  const sipp = await pbx(t, 'refuses', { answers: OWN, ...divertsTo('sip:+442079460958@127.0.0.1') })
  const { env } = trunksFile(t, { uri: at(sipp), redirect: true })
  const office = await Office.open(t, { env })
  await office.types(alice, 'call Bob Marín')
  await office.shows(/Bob Marín is unreachable: diverted to \+44 20 7946 0958/)
  assert.equal(await office.bot.stop(), 0)
  assert.deepEqual(invites(sipp), ['+34910000001', '+34910000002'])
})

test(
  'maxCalls: the second caller reads that all lines are in use, until the first hangs up',
  withSipp,
  async (t) => {
    const sipp = await pbx(t, 'rings-on')
    const { env } = trunksFile(t, { uri: at(sipp), maxCalls: 1 })
    const office = await Office.open(t, { env })
    await office.types(alice, 'call Bob Marín')
    await office.bot.says(new RegExp(RINGING))
    await office.types(bob, 'call Alice Serrano')
    await office.shows(/All lines to the phone system are in use/)
    await office.types(alice, 'hang up')
    await office.shows(/cancelled/i)
    // The phone stops ringing a moment after the card says so: only then the line is free.
    await office.bot.says(/"part":"sip"[^\n]*"event":"leg\.ended"/)
    await office.types(bob, 'call Alice Serrano')
    await office.bot.says(new RegExp(`${RINGING}[^]*${RINGING}`))
    assert.equal(await office.bot.stop(), 0)
    assert.deepEqual(invites(sipp), ['+34910000001', '+34910000002'])
  },
)

test('TRUNKS_FILE is followed while the bot runs; a faulty one changes nothing', withSipp, async (t) => {
  const [first, second] = [await pbx(t, 'rings-on'), await pbx(t, 'rings-on')]
  const { env, write } = trunksFile(t, { name: 'first', uri: at(first) })
  const office = await Office.open(t, { env })
  write('[{"name": "second", "uri": "pbx"}]')
  await office.bot.says(/the last good version stays in force/)
  const faulty = await readyz(office)
  assert.equal(faulty['trunksFile']?.['state'], 'degraded')
  assert.deepEqual(Object.keys(faulty['trunks'] ?? {}), ['first'])
  await office.types(alice, 'call Bob Marín')
  await office.bot.says(new RegExp(RINGING))
  write(JSON.stringify([{ name: 'second', uri: at(second), password: 'new-secret', user: 'u' }]))
  await office.bot.says(/"trunk":"second","state":"up"/)
  const mended = await readyz(office)
  assert.equal(mended['trunksFile']?.['state'], 'ok')
  assert.deepEqual(Object.keys(mended['trunks'] ?? {}), ['second'])
  // The running call goes on where it is; the next one goes by the new trunk.
  await office.types(alice, 'hang up')
  await office.shows(/cancelled/i)
  // The phone stops ringing a moment after the card says so: only then the line is free.
  await office.bot.says(/"part":"sip"[^\n]*"event":"leg\.ended"/)
  await office.types(bob, 'call Alice Serrano')
  await office.bot.says(new RegExp(`${RINGING}[^]*${RINGING}`))
  assert.equal(await office.bot.stop(), 0)
  assert.deepEqual([invites(first), invites(second)], [['+34910000001'], ['+34910000002']])
  assert.match(first.messages, /^CANCEL sip:/m)
  assert.ok(!office.bot.said.includes('new-secret'))
})
