import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { directoryTarget, targetOf } from '../../../src/core/dialplan/address.ts'
import { personId } from '../../../src/core/ids.ts'
import type { Person, PhoneKind, Target } from '../../../src/core/party.ts'

type Phones = { readonly desk?: string; readonly mobile?: string; readonly extension?: string }

function person({ extension, ...phones }: Phones): Person {
  return {
    id: personId('p'),
    name: 'Bob',
    ids: {},
    phones,
    aliases: [],
    admin: false,
    ...(extension && { extension }),
  }
}

function inAWord(target: Target | undefined): string {
  if (target === undefined) return 'none'
  return target.kind === 'number'
    ? target.number
    : target.kind === 'extension'
      ? `ext ${target.extension}`
      : target.uri
}

describe('who is dialled', () => {
  const rows: readonly (readonly [
    what: string,
    phones: Phones,
    asked: PhoneKind | undefined,
    then: string,
  ])[] = [
    [
      'the desk phone',
      { desk: '+34910000001', mobile: '+34612345678', extension: '1002' },
      undefined,
      '+34910000001',
    ],
    [
      'the desk phone, although an extension is there',
      { desk: '910000001', extension: '1002' },
      'desk',
      '+34910000001',
    ],
    ['the desk phone that is an extension', { desk: '1002' }, undefined, 'ext 1002'],
    [
      'the extension where there is no desk phone',
      { mobile: '612345678', extension: '1002' },
      undefined,
      'ext 1002',
    ],
    ['the mobile when it is asked for', { desk: '1002', mobile: '612 34 56 78' }, 'mobile', '+34612345678'],
    ['nobody where the mobile is asked for and missing', { desk: '1002' }, 'mobile', 'none'],
    ['nobody where the desk phone is asked for and missing', { mobile: '612345678' }, 'desk', 'none'],
    ['the mobile where it is the only phone', { mobile: '612345678' }, undefined, '+34612345678'],
    ['nobody without a phone', {}, undefined, 'none'],
    ['nobody where the desk phone cannot be read', { desk: 'see reception' }, 'desk', 'none'],
  ]
  for (const [what, phones, asked, then] of rows)
    it(`is ${what}`, () => assert.equal(inAWord(targetOf(person(phones), asked, 'ES')), then))
})

describe('a number of the directory is read as its country writes it, short digits stay extensions', () => {
  const rows: readonly (readonly [country: string, text: string, then: string])[] = [
    ['ES', '910 000 001', '+34910000001'],
    ['ES', '0034910000001', '+34910000001'],
    ['ES', '+44 20 7946 0958', '+442079460958'],
    ['ES', '1002', 'ext 1002'],
    ['ES', '10 02', 'ext 1002'],
    ['ES', '910000', 'ext 910000'],
    ['ES', '001', 'ext 001'],
    ['ES', '', 'none'],
    ['ES', 'alice', 'ext alice'],
    ['ES', 'desk-1.a', 'ext desk-1.a'],
    ['ES', 'sip:alice@example.com', 'none'],
    ['ES', '1002\r\nX: y', 'none'],
    ['ES', '1002;user=phone', 'none'],
    ['ES', '*21*5#', 'none'],
    ['GB', '020 7946 0958', '+442079460958'],
    ['GB', '07700 900123', '+447700900123'],
    ['DE', '030 123456', '+4930123456'],
    ['DE', '123456', 'ext 123456'],
    ['DE', '20012', 'ext 20012'],
    ['AT', '131234', 'ext 131234'],
    ['US', '212-555-1234', '+12125551234'],
    ['US', '5551234', 'ext 5551234'],
    ['US', '4021', 'ext 4021'],
    ['MX', '55 5555 5555', '+525555555555'],
    ['LU', '27 12 34', '+352271234'],
    ['LU', '27 12 34 56', '+35227123456'],
  ]
  for (const [country, text, then] of rows)
    it(`${country} ${JSON.stringify(text)} ► ${then}`, () =>
      assert.equal(inAWord(directoryTarget(text, country)), then))
})
