/** The bot, a real Asterisk and real phones, with SIP over TLS between them and certificates of an authority of their own. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Authority } from '../helpers/certificates.ts'
import type { CertificateFiles } from '../helpers/certificates.ts'
import { alice, atTheEnd, Office, tellWhereFailed } from '../helpers/office.ts'
import { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { missing } from '../peers/debian.ts'
import { freePort } from '../peers/ports.ts'

const skip = await missing('asterisk', 'baresip')

/** Asterisk tells the bot from the phones by its address. */
const BOT = '127.0.0.4'
/** What each phone says; Hz. */
const ALICE = 440
const BOB = 700

type House = {
  readonly authority: Authority
  readonly asterisk: Asterisk
  readonly a: Phone
  readonly b: Phone
  /** Opens the bot, with these certificates in `tls` of its only trunk. */
  readonly bot: (tls: object, env?: Readonly<Record<string, string>>) => Promise<Office>
}

/** @param pbx names in the certificate of Asterisk */
async function house(
  t: TestContext,
  {
    pbx = ['localhost', '127.0.0.1'],
    asks = false,
    trust,
  }: { pbx?: string[]; asks?: boolean; trust?: Authority } = {},
): Promise<House> {
  const authority = Authority.create(t)
  const [sip, sips] = [await freePort(BOT), await freePort(BOT)]
  const lines = [
    { name: 'alice', password: 'alice-secret', numbers: ['+34910000001', '1001'], transport: 'tls' as const },
    { name: 'bob', password: 'bob-secret', numbers: ['+34910000002', '1002'] },
  ]
  const asterisk = await Asterisk.start({
    bot: { address: BOT, port: sips, transport: 'tls' },
    extensions: lines,
    tls: {
      ...(trust ?? authority).certifies({ names: pbx }),
      ca: authority.ca,
      asksForCertificates: asks,
    },
  })
  atTheEnd(t, async () => {
    tellWhereFailed(t, asterisk.log.slice(-20_000))
    await asterisk.stop()
  })
  const secure = { certificate: oneFile(authority.certifies({ names: ['127.0.0.2'] })), ca: authority.ca }
  const a = await Phone.start({
    name: 'alice',
    says: ALICE,
    address: '127.0.0.2',
    pbx: { port: asterisk.tlsPort, password: 'alice-secret' },
    tls: secure,
  })
  atTheEnd(t, () => a.stop())
  const b = await Phone.start({
    name: 'bob',
    says: BOB,
    address: '127.0.0.3',
    pbx: { port: asterisk.port, password: 'bob-secret' },
  })
  atTheEnd(t, () => b.stop())
  const bot = (tls: object, env: Readonly<Record<string, string>> = {}): Promise<Office> => {
    const file = `${authority.ca}.trunks.json`
    const uri = `sip:localhost:${asterisk.tlsPort};transport=tls`
    writeFileSync(file, JSON.stringify([{ name: 'pbx', uri, tls }]))
    const settings = {
      TRUNKS_FILE: file,
      SIP_BIND: `udp:${BOT}:${sip},tls:${BOT}:${sips}`,
      CALLER_ID: '+34900100200',
      COUNTRY: 'ES',
      ...env,
    }
    return Office.open(t, { address: BOT, sip, env: settings })
  }
  return { authority, asterisk, a, b, bot }
}

/** As baresip wants it: certificate and key behind each other. */
function oneFile({ cert, key }: CertificateFiles): string {
  const file = `${cert}.both.pem`
  writeFileSync(file, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'))
  return file
}

const ringsOf = (phone: Phone) => phone.events.filter((event) => event.type === 'CALL_INCOMING').length

async function readyz(office: Office): Promise<string> {
  return await (await fetch(`${office.bot.url}/readyz`)).text()
}

test(
  'a call over TLS: bot, Asterisk and a phone; both hear each other, and either side can hang up',
  { skip },
  async (t) => {
    const { authority, asterisk, a, b, bot } = await house(t)
    const office = await bot({ ca: authority.ca, ...authority.certifies({ names: [BOT] }) })
    await office.types(alice, 'call Bob Marín')
    await a.rings()
    await a.picksUp()
    await b.rings()
    await b.picksUp()
    await Promise.all([a.hears(BOB), b.hears(ALICE)])
    await office.shows(/Bob Marín/, /connected/i)
    await b.hangsUp()
    await a.isFree()
    await office.shows(/Bob Marín hung up/, /lasted 0:0\d/)
    assert.match(asterisk.log, /Via: SIP\/2\.0\/TLS 127\.0\.0\.4:/)
    assert.match(await readyz(office), /"pbx":\{"state":"ok"/)
    assert.doesNotMatch(inviteOf(asterisk), /UDP|TCP/)
  },
)

/** The first INVITE of the bot, as Asterisk has it. */
function inviteOf({ log }: Asterisk): string {
  return /INVITE sip:[^ ]+ SIP\/2\.0\r?\nVia: \S+ 127\.0\.0\.4[\s\S]*?\n\r?\n/.exec(log)?.[0] ?? ''
}

test(
  'an Asterisk that only lets in whom it can check lets in the bot by its certificate',
  { skip },
  async (t) => {
    const { authority, a, bot } = await house(t, { asks: true })
    const office = await bot({ ca: authority.ca, ...authority.certifies({ names: [BOT] }) })
    await office.types(alice, 'call Bob Marín')
    await a.rings()
    await office.types(alice, 'hang up')
    await a.isFree()
    await office.shows(/cancelled/i)
  },
)

const REFUSALS: [
  what: string,
  options: Parameters<typeof house>[1] & { foreign?: boolean },
  cause: RegExp,
][] = [
  [
    'is for another name',
    { pbx: ['other.example.com'] },
    /SIPD_TLS_NAME: its certificate is for other\.example\.com, not for localhost/,
  ],
  ['is from an authority that nobody knows', { foreign: true }, /SIPD_TLS_CA: /],
  ['is asked of the bot, which has none', { asks: true }, /SIPD_TLS_CLIENT: /],
]
for (const [what, { foreign, ...options }, cause] of REFUSALS)
  test(
    `a certificate that ${what}: unreachable at once, with the cause for the administrator`,
    { skip },
    async (t) => {
      const { authority, a, bot } = await house(t, {
        ...options,
        ...(foreign ? { trust: Authority.create(t, 'Foreign') } : {}),
      })
      const office = await bot({ ca: authority.ca })
      const began = performance.now()
      await office.types(alice, 'call Bob Marín')
      await office.shows(/The phone system is unreachable/)
      assert.ok(performance.now() - began < 5_000)
      assert.equal(ringsOf(a), 0)
      assert.match(await readyz(office), cause)
      const line = office.bot.lines.find(({ code, state }) => code === 'SIP_TRUNK' && state === 'down')
      assert.match(JSON.stringify(line), cause)
      assert.match(String(line?.['remedy']), /TRUNKS_FILE|uri of the trunk|trunk's uri/)
    },
  )
