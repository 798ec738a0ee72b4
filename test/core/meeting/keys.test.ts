import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isKeyPattern, keyPlan, tapPlan } from '../../../src/core/meeting/keys.ts'
import type { Meeting } from '../../../src/core/meeting/meeting.ts'
import { waysIn } from '../../../src/core/meeting/way-in.ts'

const short = (pattern: string, digits: { id?: string; pin?: string }) =>
  keyPlan(pattern, digits)
    ?.map((step) => (step.do === 'keys' ? step.keys : step.do === 'pause' ? `${step.seconds} s` : step.do))
    .join(' ')

describe('what is keyed at a bridge', () => {
  it('each word waits for an announcement to end', () => {
    assert.equal(short('{id}# {pin}#', { id: '123', pin: '45' }), 'prompt 123# prompt 45#')
  })
  it('a PIN that is not known is left out', () => {
    assert.equal(short('{id}# {pin}#', { id: '123' }), 'prompt 123#')
  })
  it('A|B is A with a PIN, and B without', () => {
    assert.equal(short('{id}# *{pin}#|#', { id: '1', pin: '2' }), 'prompt 1# prompt *2#')
    assert.equal(short('{id}# *{pin}#|#', { id: '1' }), 'prompt 1# prompt #')
  })
  it('a comma is two seconds', () => {
    assert.equal(short(',,{id}#,1', { id: '9' }), 'prompt 4 s 9# 2 s 1')
  })
  it('without the id that it wants there is no plan', () => {
    assert.equal(short('{id}#', {}), undefined)
  })
  it('what a mobile keys behind a number comes when each announcement is over, its pauses at least', () => {
    assert.deepEqual(tapPlan(',,1#,,,,,,,,,123456'), [
      { do: 'prompt', most: 15, least: 4 },
      { do: 'keys', keys: '1#' },
      { do: 'prompt', most: 15, least: 15 },
      { do: 'keys', keys: '123456' },
    ])
  })
  it('takes keys, places and bars, and nothing else', () => {
    assert.equal(isKeyPattern('{id}# *{pin}#|#'), true)
    for (const bad of ['{code}#', 'hello', '1|2|3', '{id}#; rm']) assert.equal(isKeyPattern(bad), false, bad)
  })
})

describe('the ways into a meeting', () => {
  const numbers = (...all: (readonly [string, boolean?])[]) =>
    all.map(([number, tollFree = false]) => ({ number, tollFree }))
  const zoom: Meeting = {
    provider: 'zoom',
    key: 'zoom:89012345678',
    id: '89012345678',
    pin: '45',
    numbers: [],
  }
  const dials = (meeting: Meeting, bridges = {}) => {
    const ways = waysIn(meeting, 'ES', bridges)
    return typeof ways === 'string' ? ways : ways.map(({ dial }) => dial)
  }
  it('the number of one\u2019s own country comes first, free before paid', () => {
    const meeting = {
      ...zoom,
      numbers: numbers(['+49 69 7104 9922'], ['+34 91 787 0058'], ['900 838 133', true]),
    }
    assert.deepEqual(dials(meeting), ['900 838 133', '+34 91 787 0058', '+49 69 7104 9922'])
  })
  it('without a number in the invitation the configured bridge is dialled, then the SIP gateway', () => {
    const bridges = { zoom: { dial: '+34910480001', sipDomain: 'zoomcrc.com' } }
    assert.deepEqual(dials(zoom, bridges), ['+34910480001', 'sip:89012345678@zoomcrc.com'])
  })
  it('an address of an invitation is at a gateway where its domain, or one above it, is named', () => {
    const bridges = {
      zoom: { sipDomain: 'zoomcrc.com' },
      webex: { sipDomain: 'webex.com', sipVia: 'direct' },
    } as const
    const gateways = (sip: string) => {
      const { id: _, ...meeting } = { ...zoom, sip }
      const ways = waysIn(meeting, 'ES', bridges)
      return typeof ways === 'string' ? ways : ways.map(({ dial, gateway }) => [dial, gateway])
    }
    for (const [sip, gateway] of [
      ['sip:123@zoomcrc.com', 'trunk'],
      ['sip:alice@acme.webex.com', 'direct'],
      ['sip:123@zoomcrc.com.evil.example', undefined],
      ['sip:123@evilzoomcrc.com', undefined],
    ])
      assert.deepEqual(gateways(sip!), [[sip, gateway]])
  })
  it('a bridge of which nothing is known gets what its tel: link keys, and then the PIN', () => {
    const keys = (pin?: string) => {
      const ways = waysIn(
        {
          ...zoom,
          provider: 'phone',
          tap: ',,1#,,77',
          numbers: numbers(['+34910480001']),
          ...(pin ? { pin } : {}),
        },
        'ES',
        {},
      )
      return typeof ways === 'string' ? ways : ways[0]?.keys.map((step) => step.do === 'keys' && step.keys)
    }
    assert.deepEqual(keys('77'), [false, '1#', false, '77'])
    assert.deepEqual(keys('45'), [false, '1#', false, '77', false, '45#'])
  })
  it('says what is missing', () => {
    assert.equal(dials(zoom), 'number')
    const { id: _, ...nameless } = { ...zoom, numbers: numbers(['+34 91 787 0058']) }
    assert.equal(dials(nameless), 'id')
  })
})
