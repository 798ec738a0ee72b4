import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allowance } from '../../../src/core/dialplan/allowance.ts'

describe('an entry of ALLOW_NUMBERS is read, or is known to allow nothing', () => {
  const rows: readonly (readonly [entry: string, then: string])[] = [
    ['+44*', 'prefix +44'],
    [' +1876* ', 'prefix +1876'],
    ['+441632960001', 'number +441632960001'],
    ['+44 1632 960001', 'number +441632960001'],
    ['premium', 'type PREMIUM_RATE'],
    ['sharedCost', 'type SHARED_COST'],
    ['1004', 'short 1004'],
    ['11888', 'short 11888'],
    ['112', 'nothing'],
    ['+34112', 'nothing'],
    ['+34091', 'nothing'],
    ['061', 'nothing'],
    ['1121', 'nothing'],
    ['911', 'nothing'],
    ['910000001', 'nothing'],
    ['12', 'nothing'],
    ['+*', 'nothing'],
    ['*', 'nothing'],
    ['44*', 'nothing'],
    ['+4*4', 'nothing'],
    ['all', 'nothing'],
    ['Premium', 'nothing'],
    ['', 'nothing'],
  ]
  for (const [entry, then] of rows)
    it(`${JSON.stringify(entry)} ► ${then}`, () => {
      const read = allowance(entry, 'ES')
      assert.equal(
        read === undefined ? 'nothing' : `${read.kind} ${'type' in read ? read.type : read.digits}`,
        then,
      )
    })
})
