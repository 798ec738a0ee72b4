import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { Config } from '../../src/config.ts'
import { tokenWords } from '../../src/doctor/cloud.ts'
import { tellOf } from '../../src/doctor/finding.ts'
import type { Finding, Tell } from '../../src/doctor/finding.ts'
import { checkData } from '../../src/doctor/machine.ts'
import { endWords, tellSound } from '../../src/doctor/test-call.ts'
import { isPublic, tellAddresses } from '../../src/doctor/trunks.ts'

async function told(run: (tell: Tell) => Promise<void> | void): Promise<readonly Finding[]> {
  const all: Finding[] = []
  await run(tellOf('it', (one) => all.push(one)))
  return all
}

const states = async (run: (tell: Tell) => Promise<void> | void) =>
  (await told(run)).map(({ state }) => state)

suite('what the doctor makes of what it sees', () => {
  const where = { at: '192.0.2.1:16384', range: '16384-16883', keys: '' }
  const good = { packets: 400, lost: 0, jitter: 1 }
  const calls: readonly (readonly [
    what: string,
    measured: Parameters<typeof tellSound>[0],
    keys: string,
    is: string,
  ])[] = [
    ['both ways', { heard: good, sent: 400, told: { lost: 0, jitter: 1 } }, '', 'ok ok'],
    [
      'nothing from the phone',
      { heard: undefined, sent: 400, told: { lost: 0, jitter: 1 } },
      '',
      'failed ok',
    ],
    ['nothing to the phone', { heard: good, sent: 400, told: 'nothing' }, '', 'ok failed'],
    ['no report, and no key', { heard: good, sent: 400, told: undefined }, '', 'ok warning'],
    ['no report, but a key', { heard: good, sent: 400, told: undefined }, '1', 'ok ok'],
    [
      'losses',
      { heard: { ...good, lost: 20 }, sent: 400, told: { lost: 20, jitter: 1 } },
      '',
      'warning warning',
    ],
    ['jitter', { heard: { ...good, jitter: 60 }, sent: 400, told: { lost: 0, jitter: 1 } }, '', 'warning ok'],
    [
      'pauses',
      { heard: { ...good, packets: 90 }, sent: 400, told: { lost: 0, jitter: 1 } },
      '',
      'warning ok',
    ],
  ]
  for (const [what, measured, keys, is] of calls)
    test(`sound, ${what}: ${is}`, async () => {
      assert.equal((await states((tell) => tellSound(measured, 8, { ...where, keys }, tell))).join(' '), is)
    })

  const addresses: readonly (readonly [
    pbx: string,
    told: string,
    sound: string,
    seen: string,
    is: string,
    remedy: RegExp,
  ])[] = [
    ['10.0.0.5', '10.0.0.9', '10.0.0.9', '10.0.0.9', 'ok', /^$/],
    [
      '198.51.100.5',
      '10.0.0.9',
      '10.0.0.9',
      '203.0.113.7',
      'warning',
      /SIP_ADVERTISE and RTP_ADVERTISE to 203\.0\.113\.7/,
    ],
    ['198.51.100.5', '203.0.113.7', '10.0.0.9', '203.0.113.7', 'warning', /RTP_ADVERTISE to 203\.0\.113\.7/],
    ['198.51.100.5', '203.0.113.7', '203.0.113.7', '203.0.113.7', 'ok', /^$/],
    [
      '10.0.0.5',
      '10.0.0.9',
      '127.0.0.1',
      '10.0.0.9',
      'failed',
      /address of this machine that PBX and phones reach/,
    ],
    ['127.0.0.1', '127.0.0.4', '127.0.0.1', '127.0.0.4', 'ok', /^$/],
    ['198.51.100.5', '10.0.0.9', '10.0.0.9', '10.0.0.9', 'warning', /address that the Internet sees/],
    ['2001:db8::5', '2001:db8::9', 'fd00::9', '2001:db8::9', 'warning', /2001:db8::9/],
  ]
  for (const [pbx, sip, sound, seen, is, remedy] of addresses)
    test(`a PBX at ${pbx} that is told ${sip} and ${sound}, and sees us at ${seen}: ${is}`, async () => {
      const run = (tell: Tell) => {
        tellAddresses({ pbx, told: sip, sound, seen }, { trunk: 'main' }, tell)
      }
      const [one] = await told(run)
      assert.equal(one?.state, is)
      assert.match(one.remedy ?? '', remedy)
    })

  test('knows which addresses the Internet leads to', () => {
    for (const address of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.1.1',
      'fd12::1',
      '127.0.0.1',
      'pbx',
    ])
      assert.equal(isPublic(address), false, address)
    for (const address of ['172.32.0.1', '8.8.8.8', '2001:db8::1'])
      assert.equal(isPublic(address), true, address)
  })

  const refused: readonly (readonly [status: number, remedy: RegExp])[] = [
    [401, /user and password/],
    [403, /allow calls from the trunk/],
    [404, /dial plan of the PBX has no such number/],
    [480, /registered at the PBX/],
    [486, /busy/],
    [488, /G\.711/],
    [500, /log of the PBX/],
  ]
  for (const [status, remedy] of refused)
    test(`a call refused with ${status}`, () => {
      const [says, does] = endWords({ kind: 'refused', status, reason: 'No' })
      assert.match(says, new RegExp(`${status} No`))
      assert.match(does, remedy)
    })

  const tokens: readonly (readonly [text: string, says: RegExp, remedy: RegExp])[] = [
    [
      'invalid_client: AADSTS7000215: Invalid client secret provided.',
      /not the secret of this app/,
      /its value \(not to its id\)/,
    ],
    ['AADSTS7000222: The provided client secret keys are expired.', /has expired/, /new client secret/],
    ['AADSTS700016: Application was not found.', /tenant t knows no app a/, /MicrosoftAppTenantId/],
    ['AADSTS90002: Tenant not found.', /no tenant t/, /MicrosoftAppTenantId/],
    [
      'AADSTS50196: a loop\nTrace ID: 1',
      /no token is given: AADSTS50196: a loop$/,
      /login\.microsoftonline\.com\/error/,
    ],
    ['connect ECONNREFUSED 192.0.2.1:443', /login\.example\.com gives no token/, /HTTPS_PROXY/],
  ]
  for (const [text, says, remedy] of tokens)
    test(`no token, since "${text.split('\n', 1)[0]}"`, () => {
      const bot = { appId: 'a', tenant: 't', login: 'https://login.example.com/t' }
      const [what, does] = tokenWords(new Error(text), bot)
      assert.match(what, says)
      assert.match(does, remedy)
    })

  for (const [free, is] of [
    [5, 'failed'],
    [100, 'warning'],
    [5000, 'ok'],
  ] as const)
    test(`a disk with ${free} MB left: ${is}`, async (t) => {
      const dataDir = mkdtempSync(join(tmpdir(), 'disk-'))
      t.after(() => {
        rmSync(dataDir, { recursive: true })
      })
      const config = { dataDir } as Config
      const space = () => Promise.resolve({ bavail: free * 256, bsize: 4096 })
      const [one] = await told((tell) => checkData({ config, running: undefined }, tell, space))
      assert.equal(one?.state, is)
      if (is !== 'ok') assert.match(one.remedy ?? '', /Make room on the disk of .* or set DATA_DIR/)
    })
})
