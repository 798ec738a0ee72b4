import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { displayNumber, numberFor } from '../../../src/core/dialplan/number-form.ts'
import type { Dialable } from '../../../src/core/dialplan/number-form.ts'
import { e164 } from '../../../src/core/ids.ts'
import type { SipUri } from '../../../src/core/ids.ts'
import type { NumberForm, Trunk } from '../../../src/core/trunk.ts'

function trunk(out: NumberForm, prefix = ''): Trunk {
  return {
    name: 'pbx',
    uri: 'sip:pbx.example.com',
    register: false,
    identity: 'pai',
    privacy: 'none',
    offer: 'early',
    numbers: { out, prefix, in: 'e164', digits: 4 },
    dtmf: 'rfc4733',
    media: 'direct',
    transfer: 'b2bua',
    redirect: false,
    autoAnswer: false,
    strictPort: false,
  }
}

function target(text: string): Dialable {
  const number = e164(text)
  return number === undefined ? { kind: 'extension', extension: text } : { kind: 'number', number }
}

describe('a trunk gets a number in the form that it takes', () => {
  const rows: readonly (readonly [
    form: NumberForm,
    prefix: string,
    country: string,
    to: string,
    then: string,
  ])[] = [
    ['e164', '', 'ES', '+34910000001', '+34910000001'],
    ['e164', '9', 'ES', '+34910000001', '9+34910000001'],
    ['00', '', 'ES', '+34910000001', '0034910000001'],
    ['00', '9', 'ES', '+442079460958', '900442079460958'],
    ['national', '', 'ES', '+34910000001', '910000001'],
    ['national', '0', 'ES', '+34910000001', '0910000001'],
    ['national', '', 'ES', '+442079460958', '00442079460958'],
    ['national', '9', 'GB', '+442079460958', '902079460958'],
    ['national', '', 'GB', '+447700900123', '07700900123'],
    ['national', '', 'GB', '+447781123456', '00447781123456'],
    ['national', '', 'DE', '+4930123456', '030123456'],
    ['national', '0', 'DE', '+4930123456', '0030123456'],
    ['national', '', 'FR', '+33142685300', '0142685300'],
    ['national', '', 'IT', '+390236618300', '0236618300'],
    ['national', '', 'IT', '+393123456789', '3123456789'],
    ['national', '', 'US', '+12125551234', '2125551234'],
    ['national', '9', 'US', '+12125551234', '92125551234'],
    ['national', '', 'US', '+18769261234', '0018769261234'],
    ['national', '', 'MX', '+525555555555', '5555555555'],
    ['national', '', 'CH', '+41446681800', '0446681800'],
    ['national', '', 'ES', '+881612345678', '00881612345678'],
    ['e164', '9', 'ES', '1002', '1002'],
    ['00', '9', 'ES', '1002', '1002'],
    ['national', '9', 'ES', '1002', '1002'],
    ['national', '9', 'ES', 'alice', 'alice'],
  ]
  for (const [form, prefix, country, to, then] of rows)
    it(`${country}, ${form}, prefix "${prefix}": ${to} ► ${then}`, () =>
      assert.equal(numberFor(trunk(form, prefix), target(to), country), then))
})

it('people see numbers in groups, extensions and addresses as they stand', () => {
  assert.equal(displayNumber(target('+34910000001')), '+34 910 00 00 01')
  assert.equal(displayNumber(target('+12125551234')), '+1 212 555 1234')
  assert.equal(displayNumber(target('1002')), '1002')
  assert.equal(displayNumber({ kind: 'uri', uri: 'sip:bob@example.com' as SipUri }), 'sip:bob@example.com')
})
