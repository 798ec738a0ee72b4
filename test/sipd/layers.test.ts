import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../../src/sipd')
const LAYERS = ['message', 'transport', 'transaction', 'dialog', 'control']

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)].map(([, target]) => target ?? '')
}

for (const [rank, layer] of LAYERS.entries()) {
  test(`${layer} imports only the layers below it, and Node`, () => {
    const below = LAYERS.slice(0, rank).map((name) => `../${name}/`)
    const folder = join(ROOT, layer)
    for (const file of readdirSync(folder)) {
      for (const target of importsOf(join(folder, file))) {
        const fine =
          target.startsWith('node:') ||
          target.startsWith('./') ||
          below.some((start) => target.startsWith(start))
        assert.ok(fine, `${layer}/${file} imports ${target}`)
      }
    }
  })
}

test('the server imports nothing outside of its own folder but Node', () => {
  for (const file of readdirSync(ROOT).filter((name) => name.endsWith('.ts'))) {
    for (const target of importsOf(join(ROOT, file)))
      assert.match(target, /^(node:|\.\/)/, `${file} imports ${target}`)
  }
})
