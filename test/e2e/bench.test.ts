import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { missing } from '../peers/debian.ts'

const bench = join(import.meta.dirname, '..', 'bench', 'bench.ts')

type Figures = {
  readonly completed: number
  readonly failed: number
  readonly ms: Readonly<Record<string, { readonly count: number; readonly p50: number }>>
  readonly cpuMsPerCall: Readonly<Record<string, number>>
}

test('npm run bench places calls and says what they cost', { skip: await missing('sipp') }, async () => {
  const args = [bench, '--rate', '2', '--seconds', '1', '--talk', '100']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { completed, failed, ms, cpuMsPerCall } = JSON.parse(stdout) as Figures
  assert.deepEqual({ completed, failed }, { completed: 2, failed: 0 })
  for (const [what, { count, p50 }] of Object.entries(ms)) assert.ok(count === 2 && p50 > 0, what)
  for (const part of ['chat', 'cards', 'sip', 'sipd', 'store', 'media'])
    assert.ok((cpuMsPerCall[part] ?? 0) > 0, `${part} has used nothing`)
})

test('npm run bench finds people among 2,000, of every kind of query', async () => {
  const args = [bench, 'people', '--people', '2000', '--queries', '20']
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(
    (end: unknown) => end as { readonly stdout: string },
  )
  const { ms, reload } = JSON.parse(stdout) as {
    readonly ms: Readonly<Record<string, { readonly count: number; readonly p50: number }>>
    readonly reload: { readonly longestStepCpuMs: number }
  }
  assert.ok(Object.keys(ms).length >= 8)
  // Half of all are let pass: others use the machine as well.
  for (const [what, { count, p50 }] of Object.entries(ms))
    assert.ok(count === 20 && p50 < 5, `${what}: ${p50} ms`)
  assert.ok(reload.longestStepCpuMs < 100, `${reload.longestStepCpuMs} ms in one piece`)
})
