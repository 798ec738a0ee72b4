import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Reasons } from '../../src/core/termination.ts'
import { reasonsOf } from '../../src/sip/reason.ts'

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
