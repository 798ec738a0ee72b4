import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isEmergency } from '../../../src/core/dialplan/emergency.ts'

describe('calls for help are known by exactly their digits', () => {
  const rows: readonly (readonly [country: string, calls: readonly string[], not: readonly string[]])[] = [
    [
      'ES',
      [
        '112',
        '061',
        '062',
        '080',
        '085',
        '088',
        '091',
        '092',
        '911',
        '+34 112',
        '0034 091',
        '00112',
        '1-1-2',
        'tel:112',
      ],
      ['1002', '1121', '016', '110', '999', '910000001', '+34910000001', '9112', '', 'Bob', '0'],
    ],
    ['US', ['911', '112', '+1 911'], ['9110', '411', '988', '+12125551234', '1911']],
    ['GB', ['999', '112', '+44 999'], ['101', '111', '9991', '1000']],
    ['DE', ['110', '112', '+49110'], ['115', '1101', '1100']],
    ['FR', ['15', '17', '18', '112', '114', '196'], ['3639', '1500', '13']],
    ['MX', ['911', '060', '066'], ['1060']],
    ['IT', ['112', '113', '115', '117', '118', '1530'], ['1180', '114']],
    ['AU', ['000', '106', '112'], ['0000', '1000']],
    ['XX', ['112', '911'], ['110', '000']],
  ]
  for (const [country, calls, not] of rows) {
    for (const number of calls)
      it(`${country} ${number} does`, () => assert.equal(isEmergency(number, country), true))
    for (const number of not)
      it(`${country} ${JSON.stringify(number)} does not`, () =>
        assert.equal(isEmergency(number, country), false))
  }
})
