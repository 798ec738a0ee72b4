/** Stories of meetings: a real Asterisk whose ConfBridge asks for a number and a PIN in recorded words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { AsteriskOptions, ConferenceBridge } from '../peers/asterisk-config.ts'
import type { PhoneOptions } from '../peers/baresip.ts'
import { freePort } from '../peers/ports.ts'
import type { FakeChannel } from './channel.ts'
import { atTheEnd, Office } from './office.ts'
import type { OfficeOptions } from './office.ts'
import { asteriskOf, deskPhone } from './pbx.ts'

/** How keys go between the bot and its PBX. */
type Dtmf = 'rfc4733' | 'info'

const BOT = '127.0.0.4'
export const BRIDGE = { number: '+34910480001', id: '123456789', pin: '4321' }
export const ALICE = 440
export const BOB = 700
export const ROBERTO = 1000
/** What only wideband sound carries. */
export const ABOVE_4_KHZ = 5200

/** As people forward it. */
export const invitation = (pin = BRIDGE.pin) => `Topic: Standup
Dial-in: +34 910 48 00 01
Conference ID: 123 456 789#
PIN: ${pin}`

/** The bot beside an Asterisk with a conference bridge, and two phones that talk and listen. */
export async function conferenceHouse(
  t: TestContext,
  dtmf: Dtmf = 'rfc4733',
  settings: Readonly<Record<string, string>> = {},
  { bridge = BRIDGE, ...more }: Partial<OfficeOptions> & { readonly bridge?: ConferenceBridge } = {},
) {
  const { asterisk, phone, open } = await pbxOf(t, ['alice', 'bob'], { dtmf, conference: bridge })
  const [a, b] = [await phone('alice', ALICE, '127.0.0.2'), await phone('bob', BOB, '127.0.0.3')]
  return { office: await open(more, settings), asterisk, a, b }
}

/** The same with a third phone, whose office meets in rooms of the bot's own. */
export async function houseOfThree(t: TestContext, channel?: FakeChannel) {
  const { asterisk, phone, open } = await pbxOf(t, ['alice', 'bob', 'roberto'])
  const [a, b, c] = await Promise.all([
    phone('alice', ALICE, '127.0.0.2'),
    phone('bob', BOB, '127.0.0.3'),
    phone('roberto', ROBERTO, '127.0.0.5'),
  ])
  return { office: await open(channel ? { channel } : {}), asterisk, a, b, c }
}

/** Alice's phone alone: Bob's calls go to his mailbox, which picks up at once, tells of nothing, and plays 1004 Hz. */
export async function houseWithMailbox(t: TestContext) {
  const { phone, open } = await pbxOf(t, ['alice'], {
    added: {
      'modules.conf': 'load = app_milliwatt.so',
      'extensions.conf': '[from-bot]\nexten => +34910000002,1,Answer()\n same => n,Milliwatt()\n',
    },
  })
  return { a: await phone('alice', ALICE, '127.0.0.2'), office: await open({}) }
}

/** The same, where Alice and Roberto have phones with G.722; what Roberto's says is above what G.711 carries. */
export async function wideHouse(t: TestContext) {
  const { asterisk, phone, open } = await pbxOf(t, ['alice', 'bob', 'roberto'], {
    codecs: ['g722', 'alaw', 'ulaw'],
  })
  const [a, b, c] = await Promise.all([
    phone('alice', ALICE, '127.0.0.2', ['G722', 'PCMA']),
    phone('bob', BOB, '127.0.0.3'),
    phone('roberto', ABOVE_4_KHZ, '127.0.0.5', ['G722', 'PCMA']),
  ])
  return { office: await open({}), asterisk, a, b, c }
}

/** @param names of those with a desk phone, in the order of their extensions */
async function pbxOf(
  t: TestContext,
  names: readonly string[],
  {
    dtmf = 'rfc4733',
    conference = BRIDGE,
    ...more
  }: Pick<AsteriskOptions, 'conference' | 'codecs' | 'added'> & { readonly dtmf?: Dtmf } = {},
) {
  const sip = await freePort(BOT)
  const asterisk = await asteriskOf(t, {
    bot: { address: BOT, port: sip, dtmf },
    extensions: names.map((name, i) => ({
      name,
      password: `${name}-secret`,
      numbers: [`+3491000000${i + 1}`, `100${i + 1}`],
    })),
    conference,
    ...more,
  })
  const phone = (name: string, says: number, address: string, codecs?: PhoneOptions['codecs']) =>
    deskPhone(t, asterisk, { name, says, address, ...(codecs ? { codecs } : {}) })
  const uri = `sip:127.0.0.1:${asterisk.port};transport=udp`
  const folder = mkdtempSync(join(tmpdir(), 'trunks-'))
  atTheEnd(t, () => {
    rmSync(folder, { recursive: true })
  })
  const file = join(folder, 'trunks.json')
  writeFileSync(file, JSON.stringify([{ name: 'pbx', uri, dtmf }]))
  const env = { TRUNKS_FILE: file, CALLER_ID: '+34900100200', COUNTRY: 'ES' }
  const open = (more: Partial<OfficeOptions>, settings: Readonly<Record<string, string>> = {}) =>
    Office.open(t, { env: { ...env, ...settings }, address: BOT, sip, ...more })
  return { asterisk, phone, open }
}

/** What the bridge took for the number of a conference. */
export const idsRead = (log: string) =>
  [...log.matchAll(/User entered '([^']*)'/g)].map(([, digits]) => digits)

/** Whether it has begun to play these words. */
export const asks = (words: string) => (log: string) => new RegExp(`Playing '[^']*${words}`).test(log)
