import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { directoryTarget } from '../../../src/core/dialplan/address.ts'
import { createGate } from '../../../src/core/dialplan/gate.ts'
import type { Gate, GateRules, Verdict } from '../../../src/core/dialplan/gate.ts'
import { displayNumber } from '../../../src/core/dialplan/number-form.ts'

/** As a directory compares: by what would be dialled. */
export const inFile =
  (numbers: readonly string[], country = 'ES') =>
  (number: string) =>
    numbers.some((one) => dialled(one, country) === dialled(number, country))
const dialled = (text: string, country: string) => {
  const target = directoryTarget(text, country)
  return target && displayNumber(target)
}

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
