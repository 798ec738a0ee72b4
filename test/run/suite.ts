/**
 * npm test [-- <part of a path> …] [--long]: every test file in a process of its own. Those that drive outside
 * programs share the machine's time: they come last, two at a time, since they wait more than they work. The last line is
 * the sum.
 */
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killFiles, runFile, type FileResult } from './file.ts'

const home = join(import.meta.dirname, '..', '..')
const MINUTE = 60_000

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const long = options.includes('--long')
const verbose = options.includes('--verbose') || names.length > 0

const files = globSync('test/**/*.test.ts', { cwd: home })
  .filter((file) => file.endsWith('.long.test.ts') === long)
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort()
const drivesPrograms = (file: string) => /^test\/(peers|e2e)\//.test(file)
const quick = files.filter((file) => !drivesPrograms(file))
// The peers' own tests come before those that rely on the peers.
const isOfPeers = (file: string) => file.includes('/peers/')
const driving = files.filter(drivesPrograms)

const temporary = mkdtempSync(join(tmpdir(), 'dialback-test-'))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
// Whatever ends us: a signal, a fault, a reader of our output who had enough.
process.once('exit', () => {
  killFiles()
  rmSync(temporary, { recursive: true, force: true })
})

/** A machine of CI may stand still for seconds, which no test can tell from a fault: there a file gets a second try. */
const secondTry = process.env['CI'] === 'true'
/** Files that passed only then. They are told: a test that needs luck is a defect, of the test or of the code. */
const unsteady: FileResult[] = []
const began = performance.now()
const results: FileResult[] = []
const [peers] = await Promise.all([fetchPeers(), inParallel(quick, 2)])
for (const line of peers) console.log(`peer ${line}`)
const [own, stories] = [driving.filter(isOfPeers), driving.filter((file) => !isOfPeers(file))]
await inParallel(own, 1)
await inParallel(stories, 2)
report()

/** While the other tests run; what could not be had is told once, and each test is skipped with the remedy. */
async function fetchPeers(): Promise<string[]> {
  if (driving.length === 0) return []
  const { fetchPeers: fetch } = await import('../peers/debian.ts')
  const told = await fetch()
  process.env['DIALBACK_PEERS'] = 'fetched'
  return told
}

async function inParallel(queue: readonly string[], lanes: number): Promise<void> {
  const waiting = [...queue]
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const within = (long ? 30 : 4) * MINUTE
      const first = await runFile(file, { home, temporary, within })
      tell(first)
      const again = first.failed.length > 0 && secondTry
      const result = again ? await runFile(file, { home, temporary, within }) : first
      if (again) tell(result)
      if (again && result.failed.length === 0) unsteady.push(first)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function tell(result: FileResult): void {
  const { file, passed, failed, skipped, ms, output, leftovers } = result
  const some = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  const counts = `${passed.length} passed${failed.length > 0 ? `, ${failed.length} FAILED` : ''}${some}`
  console.log(`${failed.length > 0 ? 'FAIL' : 'ok  '} ${file} (${counts}, ${(ms / 1000).toFixed(1)} s)`)
  if (verbose) for (const name of passed) console.log(`     ✔ ${name}`)
  for (const { name, why } of failed) console.log(`     ✖ ${name}\n${indent(why, 7)}`)
  if (failed.length > 0 && output.trim() !== '')
    console.log(`     what it printed:\n${indent(lastLines(output, 200), 7)}`)
  if (leftovers.length > 0) console.log(`     it left running, and I have ended: ${leftovers.join(', ')}`)
}

function report(): void {
  const count = (of: (result: FileResult) => readonly unknown[]) =>
    results.reduce((sum, r) => sum + of(r).length, 0)
  const [passed, failed, skipped] = [count((r) => r.passed), count((r) => r.failed), count((r) => r.skipped)]
  console.log('')
  for (const { file, skipped } of results) {
    for (const { name, why } of skipped) console.log(`skipped: ${file} › ${name}: ${why}`)
  }
  const remedies = new Set(results.flatMap((r) => r.skipped.flatMap(({ why }) => packagesIn(why))))
  if (remedies.size > 0) console.log(`To run what was skipped: apt-get install ${[...remedies].join(' ')}`)
  for (const { file, failed } of results)
    for (const { name } of failed) console.log(`failed: ${file} › ${name}`)
  for (const { file, failed } of unsteady)
    for (const { name } of failed) console.log(`unsteady: ${file} › ${name}: passed only when run again`)
  if (passed + failed + skipped === 0)
    console.log(`No test ran${names.length > 0 ? `: no file's path has ${names.join(' or ')}` : ''}.`)
  const left = skipped > 0 ? `, ${skipped} tests skipped` : ''
  console.log(`${files.length} files in ${((performance.now() - began) / 1000).toFixed(0)} s${left}`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
  console.log(`${passed} passed, ${failed} failed`)
}

function packagesIn(why: string): string[] {
  return /apt-get install (.+)$/.exec(why)?.[1]?.split(' ') ?? []
}

function lastLines(text: string, most: number): string {
  const lines = text.trimEnd().split('\n')
  return lines.length <= most
    ? lines.join('\n')
    : [`… (${lines.length - most} lines before)`, ...lines.slice(-most)].join('\n')
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by))
}
