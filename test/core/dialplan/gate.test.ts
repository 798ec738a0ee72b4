import assert from 'node:assert/strict'
import { it } from 'node:test'
import { displayNumber } from '../../../src/core/dialplan/number-form.ts'
import { gateOf, inAWord, inFile, table } from './gate-rows.ts'

table('in Spain, ordinary numbers pass and nothing else does', gateOf('ES'), [
  ['910000001', '+34910000001'],
  ['+34910000001', '+34910000001'],
  ['0034910000001', '+34910000001'],
  ['612345678', '+34612345678'],
  ['722345678', '+34722345678'],
  ['858123456', '+34858123456'],
  ['881123456', '+34881123456'],
  ['911234567', '+34911234567'],
  ['900123456', '+34900123456'],
  ['800123456', '+34800123456'],
  ['901123456', 'sharedCost'],
  ['902123456', 'sharedCost'],
  ['+34 902 12 34 56', 'sharedCost'],
  ['803123456', 'premium'],
  ['806123456', 'premium'],
  ['807123456', 'premium'],
  ['0034806123456', 'premium'],
  ['905123456', 'unclassified'],
  ['701234567', 'unclassified'],
  ['+442079460958', 'international'],
  ['00442079460958', 'international'],
  ['+12125551234', 'international'],
  ['+18765551234', 'international'],
  ['+33142685300', 'international'],
  ['+390669812345', 'international'],
  ['+881612345678', 'satellite'],
  ['00881612345678', 'satellite'],
  ['+88161234567', 'satellite'],
  ['+870773111632', 'satellite'],
  ['+882161234567', 'satellite'],
  ['+883510012345', 'satellite'],
  ['+979123456789', 'international'],
  ['+80012345678', 'international'],
  ['112', 'emergency'],
  ['+112', 'emergency'],
  ['1 1 2', 'emergency'],
  ['0112', 'emergency'],
  ['00112', 'emergency'],
  ['9112', 'emergency'],
  ['99112', 'emergency'],
  ['900112', 'emergency'],
  ['+34112', 'emergency'],
  ['+34 112', 'emergency'],
  ['0034112', 'emergency'],
  ['911', 'emergency'],
  ['9911', 'emergency'],
  ['00911', 'emergency'],
  ['061', 'emergency'],
  ['062', 'emergency'],
  ['080', 'emergency'],
  ['085', 'emergency'],
  ['091', 'emergency'],
  ['0091', 'emergency'],
  ['9091', 'emergency'],
  ['092', 'emergency'],
  ['1121', 'emergency'],
  ['112 please', 'emergency'],
  ['112, por favor', 'emergency'],
  ['112;ext=1', 'emergency'],
  ['1002', 'short'],
  ['1004', 'short'],
  ['016', 'short'],
  ['11888', 'short'],
  ['116000', 'short'],
  ['5', 'short'],
  ['0', 'short'],
  ['000', 'short'],
  ['99999', 'short'],
  ['91000000', 'numberInvalid'],
  ['9100000011', 'numberInvalid'],
  ['123456789', 'unclassified'],
  ['+1', 'numberInvalid'],
  ['+', 'numberInvalid'],
  ['', 'numberInvalid'],
])

table(
  'people of the file pass first and whole, in any country',
  gateOf('ES', {
    outsidePrefixes: ['9'],
    listed: inFile([
      '1002',
      '1121',
      '+34 910 000 001',
      '902 12 34 56',
      '+44 20 7946 0958',
      '10021',
      '112',
      '12345678',
    ]),
  }),
  [
    ['1002', 'ext 1002'],
    ['1121', 'ext 1121'],
    ['1 002', 'ext 1002'],
    ['+1002', 'numberInvalid'],
    ['910000001', '+34910000001'],
    ['+34910000001', '+34910000001'],
    ['0034 910 000 001', '+34910000001'],
    ['902123456', '+34902123456'],
    ['+34902123456', '+34902123456'],
    ['+442079460958', '+442079460958'],
    ['00442079460958', '+442079460958'],
    ['442079460958', '+442079460958'],
    ['+442079460959', 'international'],
    ['10021', 'ext 10021'],
    ['+10021', 'numberInvalid'],
    ['0010021', 'numberInvalid'],
    ['12345678', 'ext 12345678'],
    ['+12345678', 'numberInvalid'],
    ['1003', 'short'],
    ['112', 'emergency'],
    ['1005', 'short'],
  ],
)

table('in the United States', gateOf('US', { outsidePrefixes: ['9'] }), [
  ['212 555 1234', '+12125551234'],
  ['(212) 555-1234', '+12125551234'],
  ['1 212 555 1234', '+12125551234'],
  ['+1 212 555 1234', '+12125551234'],
  ['800-555-1234', '+18005551234'],
  ['900-555-1234', 'premium'],
  ['8765551234', 'international'],
  ['+18765551234', 'international'],
  ['876-926-1234', 'international'],
  ['809 555 1234', 'international'],
  ['284 555 1234', 'international'],
  ['416 555 1234', 'international'],
  ['011 34 910 000 001', 'international'],
  ['0034910000001', 'international'],
  ['+881612345678', 'satellite'],
  ['911', 'emergency'],
  ['9911', 'emergency'],
  ['9112', 'emergency'],
  ['+1911', 'emergency'],
  ['1911', 'short'],
  ['112', 'emergency'],
  ['00112', 'emergency'],
  ['011112', 'emergency'],
  ['99911', 'emergency'],
  ['411', 'short'],
  ['988', 'short'],
  ['555 1234', 'numberInvalid'],
])

table('in Great Britain', gateOf('GB'), [
  ['020 7946 0958', '+442079460958'],
  ['+44 (0)20 7946 0958', '+442079460958'],
  ['(020) 7946 0958', '+442079460958'],
  ['07400 123456', '+447400123456'],
  ['0800 123 4567', '+448001234567'],
  ['0300 123 4567', 'unclassified'],
  ['0900 123 4567', 'premium'],
  ['0843 123 4567', 'premium'],
  ['070 1234 5678', 'unclassified'],
  ['07700 900123', 'unclassified'],
  ['07781 123456', 'international'],
  ['01481 256789', 'international'],
  ['999', 'emergency'],
  ['112', 'emergency'],
  ['9999', 'emergency'],
  ['00999', 'emergency'],
  ['+44999', 'emergency'],
  ['101', 'short'],
  ['111', 'short'],
  ['118118', 'short'],
])

table('in Germany', gateOf('DE', { outsidePrefixes: ['0'] }), [
  ['030 123456', '+4930123456'],
  ['+49 30 123456', '+4930123456'],
  ['0171 1234567', '+491711234567'],
  ['0800 1234567', '+498001234567'],
  ['0900 1 123456', 'premium'],
  ['0180 5 123456', 'sharedCost'],
  ['0137 123456', 'unclassified'],
  ['110', 'emergency'],
  ['0110', 'emergency'],
  ['112', 'emergency'],
  ['0112', 'emergency'],
  ['00110', 'emergency'],
  ['115', 'short'],
  ['11833', 'short'],
])

table('in France', gateOf('FR', { outsidePrefixes: ['0'] }), [
  ['01 42 68 53 00', '+33142685300'],
  ['+33 1 42 68 53 00', '+33142685300'],
  ['06 12 34 56 78', '+33612345678'],
  ['0800 123 456', '+33800123456'],
  ['0899 12 34 56', 'premium'],
  ['0825 12 34 56', 'sharedCost'],
  ['09 51 23 45 67', 'unclassified'],
  ['15', 'emergency'],
  ['17', 'emergency'],
  ['018', 'emergency'],
  ['112', 'emergency'],
  ['114', 'emergency'],
  ['196', 'emergency'],
  ['3639', 'short'],
])

table('in Mexico', gateOf('MX'), [
  ['55 5555 5555', '+525555555555'],
  ['+52 55 5555 5555', '+525555555555'],
  ['800 123 4567', '+528001234567'],
  ['900 123 4567', 'premium'],
  ['+1 212 555 1234', 'international'],
  ['911', 'emergency'],
  ['060', 'emergency'],
  ['066', 'emergency'],
  ['9911', 'emergency'],
  ['0911', 'emergency'],
])

table(
  'what ALLOW_NUMBERS adds, and no more',
  gateOf('ES', {
    allowNumbers: [
      '+44*',
      '+1*',
      '+881612345678',
      '+34806123456',
      'sharedCost',
      '1004',
      '112',
      '+34112',
      '+34091',
      '061',
      '9*',
      '*',
      '+*',
      'all',
      ' +351 21* ',
    ],
  }),
  [
    ['+442079460958', '+442079460958'],
    ['+443001234567', '+443001234567'],
    ['+449001234567', 'international'],
    ['+447012345678', 'international'],
    ['+12125551234', '+12125551234'],
    ['+14165551234', '+14165551234'],
    ['+18765551234', 'international'],
    ['+19005551234', 'international'],
    ['+881612345678', '+881612345678'],
    ['+881612345679', 'satellite'],
    ['806123456', '+34806123456'],
    ['806123457', 'premium'],
    ['902123456', '+34902123456'],
    ['1004', 'ext 1004'],
    ['1002', 'short'],
    ['112', 'emergency'],
    ['+34112', 'emergency'],
    ['0034091', 'emergency'],
    ['091', 'emergency'],
    ['061', 'emergency'],
    ['905123456', 'unclassified'],
    ['+33142685300', 'international'],
    ['+351211234567', 'international'],
  ],
)

table(
  'other widenings of ALLOW_NUMBERS',
  gateOf('ES', { allowNumbers: ['+1876*', '+8*', '+870*', 'premium', '+3'] }),
  [
    ['+18769261234', '+18769261234'],
    ['+12125551234', 'international'],
    ['+881612345678', 'satellite'],
    ['+861012345678', 'international'],
    ['806123456', '+34806123456'],
    ['902123456', 'sharedCost'],
    ['+33899123456', 'international'],
  ],
)

const POLAND = gateOf('PL', { outsidePrefixes: ['1', '0'] })
table('an outside prefix makes no call for help of a whole number, nor the other way round', POLAND, [
  ['12 345 67 89', '+48123456789'],
  ['112', 'emergency'],
  ['1112', 'emergency'],
  ['10112', 'emergency'],
  ['997', 'emergency'],
])
table(
  'numbers that begin as a call for help of their own country pass whole',
  gateOf('LT', { outsidePrefixes: ['9'] }),
  [
    ['037 312345', '+37037312345'],
    ['+370 37 312345', '+37037312345'],
    ['03', 'emergency'],
  ],
)
table('without a known country only the settings allow anything', gateOf('XX', { allowNumbers: ['+34*'] }), [
  ['+34910000001', '+34910000001'],
  ['910000001', 'numberInvalid'],
  ['+442079460958', 'international'],
  ['112', 'emergency'],
  ['1004', 'short'],
])

it('no number of up to four digits passes unless it is in the file', async () => {
  for (const country of ['ES', 'DE', 'LU', 'US']) {
    const gate = gateOf(country, { outsidePrefixes: ['9', '0'] })
    for (let length = 1; length <= 4; length++)
      for (let n = 0; n < 10 ** length; n += length === 4 ? 37 : 1) {
        const digits = String(n).padStart(length, '0')
        assert.equal((await gate.judge(digits)).ok, false, `${country} ${digits}`)
      }
  }
})

it('what the gate shows, it reads again as the same', async () => {
  const gate = gateOf('ES', { allowSipDomains: ['partner.example'], listed: inFile(['1002']) })
  for (const typed of ['910000001', '612 34 56 78', '1002', 'sip:bob@partner.example:5061']) {
    const verdict = await gate.judge(typed)
    assert.ok(verdict.ok)
    assert.equal(verdict.shown, displayNumber(verdict.target))
    assert.deepEqual(await gate.judge(verdict.shown), verdict)
  }
})

it('waits for a directory that answers later', async () => {
  const gate = gateOf('ES', { listed: (number) => Promise.resolve(number === '1002') })
  assert.equal(inAWord(await gate.judge('1002')), 'ext 1002')
  assert.equal(inAWord(await gate.judge('1003')), 'short')
})
