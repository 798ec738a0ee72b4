import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { asTyped, divertedTo } from '../../../src/core/dialplan/diversion.ts'

const HOME = {
  isHome: (host: string) => ['pbx.example', '192.0.2.1', '2001:db8::1'].includes(host),
  home: 'pbx.example',
}

describe('a Contact of a 3xx is judged as if it had been typed', () => {
  const rows: readonly (readonly [contact: string, typed: string | undefined])[] = [
    ['sip:+34600000002@pbx.example', 'sip:+34600000002@pbx.example'],
    ['sip:+34600000002@192.0.2.1:5070;transport=udp?Reason=x', 'sip:+34600000002@pbx.example'],
    ['sip:1002;phone-context=pbx.example@[2001:db8::1]:5060;user=phone', 'sip:1002@pbx.example'],
    ['sips:bob:secret@partner.example:5061;transport=tcp', 'sips:bob@partner.example:5061'],
    ['tel:+34-600-000-002', '+34-600-000-002'],
    ['tel:(91)0000002;phone-context=+34', '(91)0000002'],
    ['TEL:1002;phone-context=pbx.example', '1002'],
    ['tel:+34600000002;ext=22', undefined],
    ['tel:+34600000002;isub=1', undefined],
    ['tel:bob', undefined],
    ['sip:pbx.example', undefined],
    ['mailto:bob@pbx.example', undefined],
    ['http://pbx.example', undefined],
    ['', undefined],
  ]
  for (const [contact, typed] of rows)
    it(`${contact || 'nothing'} as ${typed ?? 'nothing'}`, () => {
      assert.equal(asTyped(contact, HOME), typed)
    })
})

describe('where a call was diverted to reads as people write it', () => {
  for (const [contact, shown] of [
    ['sip:+34600000002@pbx.example:5060;user=phone', '+34600000002'],
    ['sip:1002@pbx.example', '1002'],
    ['tel:+34-600-000-002;phone-context=x', '+34600000002'],
    ['sip:bob@pbx.example;transport=udp?h=1', 'sip:bob@pbx.example'],
    ['http://x/y', 'http://x/y'],
  ] as const)
    it(`${contact} as ${shown}`, () => {
      assert.equal(divertedTo(contact), shown)
    })
})
