import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Reasons } from '../../src/core/termination.ts'
import { reasonsOf, saidOf } from '../../src/sip/reason.ts'

describe('Reason (RFC 3326)', () => {
  const rows: readonly (readonly [header: string, reasons: Reasons])[] = [
    ['Q.850;cause=17;text="User busy"', { q850: 17 }],
    ['SIP;cause=480, Q.850;cause=19;text="No answer"', { sip: 480, q850: 19 }],
    ['q.850 ; text="a, Q.850;cause=1" ; cause = 19', { q850: 19 }],
    ['SIP ;cause=200 ;text="Call completed elsewhere"', { sip: 200 }],
    ['Q.850;cause=16, Q.850;cause=34', { q850: 16 }],
    ['preemption;cause=1', {}],
    ['Q.850', {}],
    ['Q.850;cause=1234', {}],
    ['', {}],
  ]
  for (const [header, reasons] of rows)
    it(`${header || 'nothing'} says ${JSON.stringify(reasons)}`, () => {
      assert.deepEqual(reasonsOf(header), reasons)
    })
})

describe('what the far side says in its own words', () => {
  const rows: readonly (readonly [reason: string, warning: string, said: string | undefined])[] = [
    ['SIP;cause=486;text="The conference is full."', '', 'The conference is full'],
    ['Q.850;cause=17;text="User busy", SIP;text="Locked by its host"', '', 'Locked by its host'],
    ['Q.850;cause=17;text="User busy"', '', undefined],
    ['Q.850;cause=17;text="a, SIP;text=b"', '', undefined],
    ['', '399 bridge.example.com "Not started \\"yet\\""', 'Not started "yet"'],
    ['Q.850;cause=17', '399 b "Full"', 'Full'],
    ['SIP;cause=403;text="1234 is no PIN"', '', undefined],
    [`SIP;text="${'a'.repeat(101)}"`, '', undefined],
    ['SIP;text="one\ttwo\u202eeno"', '', 'one two eno'],
    ['SIP;text="', '399 b "', undefined],
    ['', '', undefined],
  ]
  for (const [reason, warning, said] of rows)
    it(`${reason.slice(0, 60) || warning || 'nothing'} says ${said ?? 'nothing'}`, () => {
      assert.equal(saidOf(reason, warning), said)
    })
})
