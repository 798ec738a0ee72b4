import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DIFFERENCES } from './differences.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'contract.md'), 'utf8')
const rows = page.slice(page.indexOf('## All cases')).split('\n')
const cases = globSync('*.test.ts', { cwd: import.meta.dirname })
  .filter((file) => file !== 'as-process.test.ts')
  .flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8')
    return [...source.matchAll(/^\s*contract\(\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/gm)]
  })
  .map(([, plain, template = '']) => plain?.replaceAll("\\'", "'") ?? template)

test('docs/contract.md has each case of the contract (npm run contract writes it)', () => {
  assert.ok(cases.length > 80)
  for (const name of cases) {
    const pattern = name
      .split(/\$\{[^}]*\}/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+')
    const row = new RegExp(`^\\| ${pattern} \\| ✓ \\|`)
    assert.ok(
      rows.some((line) => row.test(line)),
      name,
    )
  }
})

test('docs/contract.md has each difference, and no other', () => {
  const told = page.slice(0, page.indexOf('## All cases'))
  for (const { case: name, server, why } of DIFFERENCES) {
    assert.ok(told.includes(`| ${name} | ${server} | ${why} |`), name)
    assert.ok(rows.includes(`| ${name} | ✓ | differs |`), name)
  }
  assert.equal(rows.filter((line) => line.endsWith('| differs |')).length, DIFFERENCES.length)
})
