/** Long work over all people lets others have their turn. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePeople, peopleInSlices } from '../../src/directory/people-file.ts'
import { directoryInSlices } from '../../src/directory/people.ts'
import { keepIds } from '../../src/directory/person-ids.ts'
import { atOnce, inSlices, mapped } from '../../src/directory/slices.ts'
import type { Sliced } from '../../src/directory/slices.ts'

const rows = Array.from({ length: 1000 }, (_, i) => ({ name: `Person ${i}`, extension: String(10_000 + i) }))

/** In how many pieces something is done. */
function pieces(work: Sliced<unknown>): number {
  let count = 0
  while (!work.next().done) count++
  return count
}

test('reading, keeping ids and making the index are done in many pieces', () => {
  const text = JSON.stringify(rows)
  const parsed = parsePeople(text, 'ES')
  assert.ok(!('faults' in parsed))
  assert.ok(pieces(peopleInSlices(text, 'ES')) > 100)
  assert.ok(pieces(keepIds(parsed.people, parsed.people)) > 100)
  assert.ok(pieces(directoryInSlices(parsed.people, 'ES')) > 200)
})

test('others have their turn in between, and the outcome is the same', async () => {
  let turns = 0
  const busy = (n: number) => {
    const until = performance.now() + 0.2
    while (performance.now() < until);
    return n * 2
  }
  const numbers = Array.from({ length: 500 }, (_, n) => n)
  const ticking = setInterval(() => turns++, 1)
  const made = await inSlices(mapped(numbers, busy))
  clearInterval(ticking)
  assert.deepEqual(made, atOnce(mapped(numbers, (n) => n * 2)))
  assert.ok(turns >= 3, `${turns} turns in 100 ms of work`)
})

test('an unknown field in each of many rows is told for the first ones, with how many more there are', () => {
  const odd = parsePeople(
    JSON.stringify(
      rows.map((row) => ({ ...row, title: 'Dr' })),
      null,
      1,
    ),
    'ES',
  )
  assert.ok(!('faults' in odd))
  assert.equal(odd.warnings.length, 21)
  assert.match(odd.warnings[19]?.place ?? '', /^\[19\]\.title \(line 100, column 12\)$/)
  assert.deepEqual(odd.warnings[20], { place: 'elsewhere', problem: '980 more like these' })
})

test('and so are faults', () => {
  const bad = parsePeople(JSON.stringify({ people: rows.map((row) => ({ ...row, email: 'x' })) }), 'ES')
  assert.ok('faults' in bad)
  assert.equal(bad.faults.length, 21)
  assert.match(bad.faults[1]?.place ?? '', /^people\[1\]\.email \(line 1, column \d+\)$/)
})
