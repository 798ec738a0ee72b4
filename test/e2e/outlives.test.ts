/** SIPD_PROCESS=1: the bot is killed in the middle of a call, and the call goes on; real phones on a real Asterisk. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { alice, atTheEnd, Office } from '../helpers/office.ts'
import { asteriskOf, deskPhone } from '../helpers/pbx.ts'
import type { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')
const BOT = '127.0.0.4'
/** What each phone says; Hz. */
const ALICE = 440
const BOB = 700

type House = { readonly office: Office; readonly a: Phone; readonly b: Phone }

async function house(t: TestContext, media: 'direct' | 'relay'): Promise<House> {
  const sip = await freePort(BOT)
  const asterisk = await asteriskOf(t, {
    bot: { address: BOT, port: sip },
    extensions: [
      { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'] },
      { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] },
    ],
  })
  const phone = (name: string, says: number, address: string) =>
    deskPhone(t, asterisk, { name, says, address })
  const a = await phone('alice', ALICE, '127.0.0.2')
  const b = await phone('bob', BOB, '127.0.0.3')
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  atTheEnd(t, () => rmSync(folder, { recursive: true, force: true }))
  const trunk = `sip:127.0.0.1:${asterisk.port};transport=udp`
  const file = join(folder, 'trunks.json')
  writeFileSync(file, JSON.stringify([{ name: 'pbx', uri: trunk, media }]))
  const office = await Office.open(t, {
    trunk,
    address: BOT,
    sip,
    env: { SIPD_PROCESS: '1', TRUNKS_FILE: file, RTP_BIND: BOT },
  })
  return { office, a, b }
}

const engineOf = (office: Office): number | undefined => {
  const file = join(office.bot.data, 'db', 'engine.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid : undefined
}

/** Both talk, and hear each other. */
async function talk({ office, a, b }: House): Promise<void> {
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.picksUp()
  await b.rings()
  await b.picksUp()
  await Promise.all([a.hears(BOB), b.hears(ALICE)])
  await office.shows(/Bob Marín/, /connected/i)
}

const bothHear = ({ a, b }: House) => Promise.all([a.hears(BOB), b.hears(ALICE)])

for (const media of ['relay', 'direct'] as const)
  test(
    `killed during a call with ${media} media: they talk on, the next bot has the call, its card and its record`,
    { skip },
    async (t) => {
      const all = await house(t, media)
      const { office, a, b } = all
      await talk(all)
      await office.presses(alice, 'details')
      const [card] = office.chat.standing.keys()
      const engine = engineOf(office)
      await office.bot.kill()
      await bothHear(all)
      await office.reopens()
      assert.equal(engineOf(office), engine, 'the same process')
      await bothHear(all)
      await office.types(alice, 'status')
      await office.shows(/status of Alice/i, /Bob Marín/)
      await office.types(alice, 'hang up')
      await Promise.all([a.isFree(), b.isFree()])
      await office.shows(/Bob Marín/, /You hung up/, /ended · lasted 0:\d\d/i)
      assert.ok(card !== undefined && office.chat.standing.has(card), 'the same card')
    },
  )

test('a phone that hangs up under the next bot hangs up the other', { skip }, async (t) => {
  const all = await house(t, 'relay')
  const { office, a, b } = all
  await talk(all)
  await office.bot.kill()
  await office.reopens()
  await b.hangsUp()
  await a.isFree()
  await office.shows(/Bob Marín hung up/, /lasted 0:\d\d/i)
})

test('a phone that hangs up while there is no bot: the next one hangs up the other', { skip }, async (t) => {
  const all = await house(t, 'relay')
  const { office, a, b } = all
  await talk(all)
  await office.bot.kill()
  await b.hangsUp()
  await office.reopens()
  await a.isFree()
  await office.shows(/Bob Marín hung up/, /lasted 0:\d\d/i)
})

test(
  'no bot comes back: the other phone is hung up all the same, and the process ends',
  { skip },
  async (t) => {
    const all = await house(t, 'relay')
    const { office, a, b } = all
    await talk(all)
    await office.bot.kill()
    await b.hangsUp()
    await a.isFree(20_000)
    for (const late = performance.now() + 5000; engineOf(office) !== undefined; await pause(50))
      assert.ok(performance.now() < late, 'it goes on')
    await office.reopens()
    await office.shows(/Bob Marín/, /interrupted/i)
  },
)

test('killed while phones ring: none rings on, and none stays on the line', { skip }, async (t) => {
  const { office, a, b } = await house(t, 'relay')
  await office.types(alice, 'call Bob Marín')
  await a.rings()
  await a.picksUp()
  await b.rings()
  await office.bot.kill()
  await b.isFree()
  await office.reopens()
  await a.isFree()
  await office.shows(/Bob Marín/, /interrupted/i)
})

test(
  'a bot that is asked to stop ends its calls and the process, and the next one begins anew',
  { skip },
  async (t) => {
    const all = await house(t, 'relay')
    const { office, a, b } = all
    await talk(all)
    const engine = engineOf(office)
    assert.equal(await office.bot.stop({ keep: true }), 0)
    await Promise.all([a.isFree(), b.isFree()])
    assert.equal(engineOf(office), undefined)
    await office.reopens()
    assert.notEqual(engineOf(office), engine)
  },
)
