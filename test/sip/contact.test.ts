import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { contactsOf, listOf, nameAddrOf } from '../../src/sip/contact.ts'
import { expiryOf, minExpires } from '../../src/sip/expiry.ts'

describe('Contacts', () => {
  it('are told apart at the commas between them alone', () => {
    assert.deepEqual(listOf('"Bob, the \\" PBX" <sip:b@x>;q=1, <sip:a,b@y> ,sip:c@z;q=0.5,'), [
      '"Bob, the \\" PBX" <sip:b@x>;q=1',
      '<sip:a,b@y>',
      'sip:c@z;q=0.5',
    ])
    assert.deepEqual(listOf(''), [])
  })

  it('have their parameters behind the brackets, or behind the URI where there are none (RFC 3261 20)', () => {
    const read = (text: string) => {
      const found = nameAddrOf(text)
      return found && [found.uri, Object.fromEntries(found.parameters)]
    }
    assert.deepEqual(read('"A <sip:x@y>" <sip:bob@b;user=phone>;Expires=60;gr'), [
      'sip:bob@b;user=phone',
      { expires: '60', gr: '' },
    ])
    assert.deepEqual(read('sip:bob@b;expires=60'), ['sip:bob@b', { expires: '60' }])
    assert.deepEqual(read('Bob <tel:+34-600-000-002;ext=1>'), ['tel:+34-600-000-002;ext=1', {}])
    assert.equal(read('*'), undefined)
    assert.equal(read('<>'), undefined)
  })

  it('of a 3xx are tried by q, then as they stand; no q is 1 (RFC 3261 8.1.3.4)', () => {
    const header = '<sip:c@x>;q=0.2, <tel:+34600000002>;q=0.7, <sip:a@x>, sip:b@x;q=1.0, <sip:d@x>;q=junk'
    assert.deepEqual(contactsOf(header), ['sip:a@x', 'sip:b@x', 'tel:+34600000002', 'sip:c@x', 'sip:d@x'])
  })
})

describe('a registration stands', () => {
  const own = '<sip:bot@192.0.2.7:5060>;expires=600'
  const rows: readonly (readonly [
    what: string,
    contacts: string,
    expires: string,
    seconds: number | undefined,
  ])[] = [
    ['as long as our own Contact says', '<sip:bot@192.0.2.7:5060>;expires=90', '3600', 90],
    ['so among those of others', '<sip:bot@192.0.2.8>;expires=5, <sip:BOT@192.0.2.7>;expires="70"', '', 70],
    ['so where a NAT has changed the address', '<sip:bot@203.0.113.1:61000>;expires=40', '3600', 40],
    ['as long as Expires says where the Contact says nothing', '<sip:bot@192.0.2.7:5060>', '120', 120],
    [
      'as long as Expires says where ours is not to be told',
      '<sip:bot@a>;expires=1, <sip:bot@b>;expires=2',
      '80',
      80,
    ],
    ['as long as was asked where nothing is said', '', '', undefined],
    ['for a day at most', '<sip:bot@192.0.2.7:5060>;expires=4294967295', '', 86_400],
  ]
  for (const [what, contacts, expires, seconds] of rows)
    it(what, () => {
      assert.equal(expiryOf(contacts, own, expires), seconds)
    })

  it('for Min-Expires at least, unless that is no more than what was asked', () => {
    assert.equal(minExpires('900', 600), 900)
    assert.equal(minExpires('600', 600), undefined)
    assert.equal(minExpires('soon', 600), undefined)
  })
})
