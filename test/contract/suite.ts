import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { DIFFERENCES } from './differences.ts'

/** Milliseconds for one case. */
const PATIENCE = 20_000

/** Whether the suite runs against a real drachtio-server instead of sipd. */
export const real = process.env['DRACHTIO_HOST'] !== undefined

/**
 * One case of the contract. Against sipd it has to hold. Against a drachtio-server a case that stands in DIFFERENCES
 * has to fail, and in the way that is written there: so a run is green with each difference told by name, and turns
 * red as soon as the server or the table changes.
 */
export function contract(name: string, run: (t: TestContext) => Promise<void>): void {
  const difference = real ? DIFFERENCES.find((known) => known.case === name) : undefined
  if (!difference) {
    test(name, { timeout: PATIENCE }, run)
    return
  }
  const { fails } = difference
  test(`${name} ${DIFFERS} ${difference.server}`, { timeout: 2 * PATIENCE }, async (t) => {
    if (fails === 'dies') return
    const late = once(AbortSignal.timeout(PATIENCE), 'abort').then(() => {
      throw new Error('nothing more came')
    })
    await assert.rejects(Promise.race([run(t), late]), fails)
  })
}

/** Stands between the name of a case and what a drachtio-server does instead. */
export const DIFFERS = '≠ drachtio-server:'
