import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGate } from '../../../src/core/dialplan/gate.ts'
import type { Gate, GateRules, Verdict } from '../../../src/core/dialplan/gate.ts'

/** As a directory compares: numbers by digits, names letter by letter. */
export const inFile = (numbers: readonly string[]) => (number: string) =>
  numbers.some((one) => key(one) === key(number))
const key = (text: string) => (/[a-z]/i.test(text) ? text.toLowerCase() : text.replace(/\D/g, ''))

export function gateOf(country: string, rules: Partial<GateRules> = {}): Gate {
  return createGate({
    country,
    allowNumbers: [],
    allowSipDomains: [],
    trunkDomains: [],
    outsidePrefixes: [],
    listed: () => false,
    ...rules,
  })
}

/** A verdict in a word: what would be dialled, or why not. */
export function inAWord(verdict: Verdict): string {
  if (verdict.ok) {
    const { target } = verdict
    return target.kind === 'number'
      ? target.number
      : target.kind === 'extension'
        ? `ext ${target.extension}`
        : target.uri
  }
  const { sentence } = verdict
  return sentence.code === 'numberNotAllowed' ? sentence.kind : sentence.code
}

type Row = readonly [typed: string, then: string]

export function table(title: string, gate: Gate, rows: readonly Row[]) {
  describe(title, () => {
    for (const [typed, then] of rows)
      it(`${JSON.stringify(typed.slice(0, 60))} ► ${then}`, async () => {
        assert.equal(inAWord(await gate.judge(typed)), then)
      })
  })
}
