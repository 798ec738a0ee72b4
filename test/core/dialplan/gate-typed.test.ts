import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { looksLikeNumber } from '../../../src/core/dialplan/gate.ts'
import { gateOf, table } from './gate-rows.ts'

table('how a number is written does not matter, what else is in it does', gateOf('ES'), [
  [' 910 000 001 ', '+34910000001'],
  ['910-000-001', '+34910000001'],
  ['910.00.00.01', '+34910000001'],
  ['(910) 000 001', '+34910000001'],
  ['+34 (0) 910 000 001', '+34910000001'],
  ['+34(0)910000001', '+34910000001'],
  ['0034 (0)910 000 001', '+34910000001'],
  ['+34/910/000001', '+34910000001'],
  ['(+34) 910 000 001', '+34910000001'],
  ['tel:+34-910-000-001', '+34910000001'],
  ['TEL:910000001', '+34910000001'],
  ['910\u00A0000\u202F001', '+34910000001'],
  ['910\u2011000\u2013001', '+34910000001'],
  ['\u202A+34 910 000 001\u202C', '+34910000001'],
  ['tel:910000001;ext=12', 'numberInvalid'],
  ['910000001;phone-context=+34', 'numberInvalid'],
  ['910000001,,1234', 'numberInvalid'],
  ['910000001 ext 12', 'numberInvalid'],
  ['910000001x12', 'numberInvalid'],
  ['910000001#', 'numberInvalid'],
  ['*21*910000001#', 'numberInvalid'],
  ['*31#910000001', 'numberInvalid'],
  ['+34+910000001', 'numberInvalid'],
  ['++34910000001', 'numberInvalid'],
  ['34+910000001', 'numberInvalid'],
  ['900 FLORES', 'numberInvalid'],
  ['91000000O', 'numberInvalid'],
  ['910000001\r\nINVITE sip:x', 'numberInvalid'],
  ['+1\r\nINVITE sip:x', 'numberInvalid'],
  ['910000\n001', 'numberInvalid'],
  ['910000001\u0000', 'numberInvalid'],
  ['910\t000\t001', 'numberInvalid'],
  ['910000\u2028001', 'numberInvalid'],
  ['910000001\r\n', '+34910000001'],
  ['٩١٠٠٠٠٠٠١', 'numberInvalid'],
  ['９１０００００００１', 'numberInvalid'],
  ['９１１２', 'numberInvalid'],
  ['①①②', 'numberInvalid'],
  ['910000001@pbx.example', 'numberInvalid'],
  ['%39%31', 'numberInvalid'],
  ['tel:%2B34910000001', 'numberInvalid'],
  ['1'.repeat(16), 'numberInvalid'],
  [`910${' '.repeat(60)}000001`, 'numberInvalid'],
  ['9'.repeat(1_000_000), 'numberInvalid'],
  [' '.repeat(1_000_000), 'numberInvalid'],
  ['🙂'.repeat(2000), 'numberInvalid'],
])

it('a refused text is shown on one short line, without control characters', async () => {
  for (const typed of [
    `+1\r\nVia: x\u0000\u202Etxt.exe ${'9'.repeat(5000)}`,
    '🙂'.repeat(2000),
    `${'x'.repeat(38)}🙂🙂🙂`,
  ]) {
    const verdict = await gateOf('ES').judge(typed)
    assert.ok(!verdict.ok && verdict.sentence.code === 'numberInvalid')
    const shown = verdict.sentence.number
    assert.match(shown, /^[^\p{C}]+$/u)
    assert.ok(shown.length <= 40 && shown.isWellFormed(), shown)
  }
})

describe('what is meant as a number, right or wrong, is not searched as a name', () => {
  const numbers = [
    '910000001',
    '+34 910',
    '1002',
    '5',
    '+1\r\nINVITE sip:x',
    'sip:bob@x',
    'SIPS:x',
    'tel:+34',
    '<sip:bob@x>',
    '(910) 000',
    '١١٢',
    '９１１２',
    '112 please',
    '910000001 ext 2',
    '#31#',
    '*21*5#',
    '0034910000001;ext=5',
  ]
  const names = [
    'Bob',
    'Bob Marín',
    '3M',
    '7-Eleven',
    'Sala 101',
    'bob@example.com',
    '123@example.com',
    'sipho',
    'tele',
    'Zoë',
    '',
    '🙂',
    '-',
    '+',
    'C-3PO',
    '1st floor',
  ]
  for (const text of numbers)
    it(`${JSON.stringify(text)} is a number`, () => assert.equal(looksLikeNumber(text), true))
  for (const text of names)
    it(`${JSON.stringify(text)} is a name`, () => assert.equal(looksLikeNumber(text), false))
})
