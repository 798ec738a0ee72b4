import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('each lesson of docs/lessons.md names a test that there is', () => {
  const rows = read('docs/lessons.md')
    .split('\n')
    .filter((line) => /^\| (?!thread)[^-]/.test(line))
  assert.ok(rows.length > 10)
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[\w./-]+)` "([^"]+)"/g)]
    assert.ok(named.length > 0, `no test: ${row}`)
    for (const [, file = '', name = ''] of named) {
      // Typed as it is in the file: quotes of a name are escaped there.
      const text = read(file).replaceAll("\\'", "'")
      assert.ok(text.includes(name), `${file} has no test "${name}"`)
    }
  }
})
