/** The Asterisk of docs/pbx/asterisk.md: the page's own files, two of its phones, and the line of a carrier. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { alice, atTheEnd, bob } from './office.ts'
import { asteriskOf, deskPhone } from './pbx.ts'
import { recipeOf } from './recipe.ts'
import type { Asterisk } from '../peers/asterisk.ts'
import { Phone } from '../peers/baresip.ts'
import { freePort } from '../peers/ports.ts'

const page = recipeOf('docs/pbx/asterisk.md')

/** Where the page's 192.0.2.10 is here: Asterisk tells the bot from the phones by its address. */
export const BOT = '127.0.0.4'
/** What each phone says, Hz. */
export const TONES = { alice: 440, bob: 700, outside: 900 } as const
/** Who is behind the company's carrier. */
const OUTSIDE = '+34600000001'

export type AsteriskOfPage = {
  readonly asterisk: Asterisk
  /** Extensions 1001 and 1002. */
  readonly a: Phone
  readonly b: Phone
  readonly carrier: Phone
  /** Where the bot's SIP side has to be, at `BOT`. */
  readonly sip: number
  /** The page's `.env`, without the name of its file of people. */
  readonly env: Readonly<Record<string, string>>
  readonly people: readonly { readonly name: string }[]
}

/** Starts them; all of it goes with the test. */
export async function asteriskOfPage(
  t: TestContext,
  { password = false, meetings = false, voicemail = false } = {},
): Promise<AsteriskOfPage> {
  const sip = await freePort(BOT)
  const places = { '192.0.2.10:5060': `${BOT}:${sip}`, '192.0.2.10': BOT }
  const carrier = await Phone.start({
    name: OUTSIDE,
    says: TONES.outside,
    address: '127.0.0.5',
    answers: 'at once',
  })
  atTheEnd(t, () => carrier.stop())
  const trunk = page.file('pjsip.conf', places)
  const asterisk = await asteriskOf(t, {
    extensions: ['1001', '1002'].map((name) => ({ name, password: `${name}-secret`, numbers: [name] })),
    added: {
      'pjsip.conf': `${password ? withPassword(trunk) : trunk}\n${carrierLine(carrier)}`,
      'extensions.conf': `${voicemail ? withVoicemail() : page.file('extensions.conf')}${meetings ? page.file('extensions.conf (meetings)') : ''}`,
      ...(voicemail ? { 'voicemail.conf': MAILBOX, 'modules.conf': 'load = app_voicemail.so\n' } : {}),
      ...(meetings ? { 'confbridge.conf': page.file('confbridge.conf (meetings)') } : {}),
    },
  })
  const phone = (name: string, says: number, address: string) =>
    deskPhone(t, asterisk, { name, says, address })
  const a = await phone('1001', TONES.alice, '127.0.0.2')
  const b = await phone('1002', TONES.bob, '127.0.0.3')
  const { PEOPLE_FILE: file, ...env } = {
    ...page.env('.env', { ...places, 'pbx.example.com:5060': `127.0.0.1:${asterisk.port}` }),
    ...(password ? page.env('.env (with a password)') : {}),
    ...(meetings ? page.env('.env (meetings)') : {}),
  }
  assert.equal(file, 'people.json')
  const people = JSON.parse(page.file('people.json')) as { name: string }[]
  return { asterisk, a, b, carrier, sip, env, people }
}

/** The page's people, of whom those who type in stories have an account. */
export function withAccounts(people: AsteriskOfPage['people']): AsteriskOfPage['people'] {
  return people.map((row) => {
    const who = [alice, bob].find(({ name }) => name === row.name)
    return who ? { ...row, aadObjectId: who.aadObjectId } : row
  })
}

/** As the page says: one line more for the endpoint, and a section. */
function withPassword(trunk: string): string {
  return (
    trunk.replace('type = endpoint\n', 'type = endpoint\nauth = dialback\n') +
    page.file('pjsip.conf (with a password)')
  )
}

/** As the page says: other lines for one's people; they pick up, or do not, within 2 s here. */
function withVoicemail(): string {
  const [people = ''] = /^exten => _1XXX,1,[^]*?(?=^;)/m.exec(page.file('extensions.conf')) ?? []
  assert.match(people, /Hangup/)
  const lines = page.file('extensions.conf (voicemail)')
  assert.match(lines, /,20\)/)
  return page.file('extensions.conf').replace(people, () => lines.replace(',20)', ',2)'))
}

const MAILBOX = '[general]\nformat = gsm\n[default]\n1001 => 1234,Alice\n1002 => 1234,Bob\n'

/** The trunk that the company has already. */
const carrierLine = ({ address, port }: Phone) => `[carrier]
type = endpoint
context = from-carrier
disallow = all
allow = alaw
aors = carrier
direct_media = no

[carrier]
type = aor
contact = sip:${address}:${port}

[carrier]
type = identify
endpoint = carrier
match = ${address}
`
