import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGate } from '../../src/core/dialplan/gate.ts'
import { directoryOf } from '../../src/directory/people.ts'
import { inAWord } from '../core/dialplan/gate-rows.ts'
import { person } from './people.ts'

/** Gate and directory together, over one person with this phone. */
async function judged(country: string, desk: string, typed: string): Promise<string> {
  const people = directoryOf([person('Alice', { phones: { desk } })], country)
  const gate = createGate({
    country,
    allowNumbers: [],
    allowSipDomains: [],
    trunkDomains: ['pbx.example.com'],
    outsidePrefixes: [],
    listed: async (number) => (await people.byNumber(number)) !== undefined,
  })
  return inAWord(await gate.judge(typed))
}

describe('directory and gate read a phone alike: listed is what would be dialled', () => {
  const rows: readonly (readonly [country: string, desk: string, typed: string, then: string])[] = [
    ['DE', '123456', '123456', 'ext 123456'],
    ['DE', '123456', '+49123456', 'unclassified'],
    ['DE', '+49 123456', '123456', 'unclassified'],
    ['DE', '0900 1 234567', '+499001234567', '+499001234567'],
    ['DE', '+49 900 1 234567', '09001234567', '+499001234567'],
    ['DE', '+49 900 1 234567', '09001234568', 'premium'],
    ['ES', '902 123 456', '+34902123456', '+34902123456'],
    ['ES', '+44 20 7946 0958', '442079460958', '+442079460958'],
    ['ES', '1002', '1002', 'ext 1002'],
    ['ES', '1002', '+1002', 'numberInvalid'],
    ['ES', 'desk-1', 'sip:desk-1@pbx.example.com', 'sip:desk-1@pbx.example.com'],
    ['ES', 'desk-1', 'sip:desk-2@pbx.example.com', 'numberInvalid'],
    ['ES', '806123456', 'sip:x806123456@pbx.example.com', 'numberInvalid'],
  ]
  for (const [country, desk, typed, then] of rows)
    it(`${country}, ${desk} in the file: ${typed} ► ${then}`, async () => {
      assert.equal(await judged(country, desk, typed), then)
    })
})
