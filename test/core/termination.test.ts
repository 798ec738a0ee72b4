import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { causeOf, isCutOff } from '../../src/core/termination.ts'
import type { Cause, Reasons } from '../../src/core/termination.ts'

const refused = (status: number, reasons: Reasons = {}) =>
  causeOf({ kind: 'refused', status, reason: 'No', ...reasons })

describe('docs/rules.md, "SIP answers in words"', () => {
  const statuses: readonly (readonly [word: Cause, statuses: readonly number[]])[] = [
    ['busy', [486, 600]],
    ['noAnswer', [408]],
    ['declined', [403, 603, 607, 608]],
    ['unreachable', [404, 410, 415, 480, 481, 484, 488, 500, 502, 503, 504, 580, 604, 606]],
    ['diverted', [300, 301, 302, 305, 380]],
    ['refused', [401, 407]],
    ['cancelled', [487]],
  ]
  for (const [word, all] of statuses)
    for (const status of all)
      it(`${status} is ${word}`, () => {
        assert.equal(refused(status), word)
      })

  const causes: readonly (readonly [word: Cause, causes: readonly number[]])[] = [
    ['busy', [17]],
    ['noAnswer', [18, 19]],
    ['declined', [21]],
    ['noLine', [34, 42, 44, 47]],
    ['unreachable', [1, 2, 3, 16, 20, 22, 26, 27, 28, 29, 31, 38, 41, 50, 57, 58, 63, 65, 88, 102, 111, 127]],
  ]
  for (const [word, all] of causes)
    for (const q850 of all)
      it(`480 or 503 with Q.850 ${q850} is ${word}`, () => {
        assert.equal(refused(480, { q850 }), word)
        assert.equal(refused(503, { q850 }), word)
      })

  it('a status that is clear goes before its Reason', () => {
    assert.equal(refused(486, { q850: 21 }), 'busy')
    assert.equal(refused(603, { q850: 17 }), 'declined')
    assert.equal(refused(302, { q850: 17 }), 'diverted')
  })

  it('behind a vague status the cause of Q.850 goes before the status in Reason, and that before nothing', () => {
    assert.equal(refused(480, { q850: 19, sip: 486 }), 'noAnswer')
    assert.equal(refused(480, { sip: 486 }), 'busy')
    assert.equal(refused(500, { q850: 127, sip: 603 }), 'declined')
    assert.equal(refused(480, { sip: 200 }), 'unreachable')
    assert.equal(refused(480, { sip: 302 }), 'unreachable')
  })

  it('a leg that no trunk has room for is told so', () => {
    assert.equal(causeOf({ kind: 'full' }), 'noLine')
  })
})

describe('a BYE', () => {
  it('hangs up, whatever harmless reason it has', () => {
    for (const q850 of [undefined, 16, 17, 19, 31, 127])
      assert.equal(isCutOff({ kind: 'hungUp', ...(q850 === undefined ? {} : { q850 }) }), false)
    assert.equal(isCutOff({ kind: 'hungUp', sip: 200 }), false)
    assert.equal(isCutOff({ kind: 'hungUp', q850: 16, sip: 500 }), false)
  })

  it('cuts off where the PBX tells of a failure: line, network, session timer', () => {
    for (const q850 of [27, 34, 38, 41, 42, 44, 47, 102, 111])
      assert.equal(isCutOff({ kind: 'hungUp', q850 }), true)
    for (const sip of [408, 481, 500, 503]) assert.equal(isCutOff({ kind: 'hungUp', sip }), true)
  })
})
