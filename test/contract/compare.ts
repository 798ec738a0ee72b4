/**
 * Runs each file of the contract against sipd and against the drachtio-server of DRACHTIO_HOST, one at a time (that
 * server gives a call to whichever application asked for calls), and writes docs/contract.md of what came of it.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runFile } from '../run/file.ts'
import type { FileResult } from '../run/file.ts'
import { talk } from './frames.ts'
import { page } from './page.ts'
import type { Chapter } from './page.ts'
import { real } from './suite.ts'

const home = join(import.meta.dirname, '..', '..')
const MINUTE = 60_000

if (!real) {
  console.error(
    'Set DRACHTIO_HOST (and DRACHTIO_PORT, DRACHTIO_SECRET, DRACHTIO_T1) to the server to compare with.',
  )
  process.exit(1)
}
const server = {
  host: process.env['DRACHTIO_HOST'] ?? '',
  port: Number(process.env['DRACHTIO_PORT'] ?? 9022),
  secret: process.env['DRACHTIO_SECRET'] ?? 'cymru',
}
const [welcome = ''] = await talk(server.host, server.port, [`m1|authenticate|${server.secret}|`])
const version = /\|(v\d[^|]*)\|/.exec(welcome)?.[1]
if (version === undefined) throw new Error(`no drachtio-server answers there: ${welcome}`)

const temporary = mkdtempSync(join(tmpdir(), 'dialback-contract-'))
const chapters: Chapter[] = []
let failed = 0
for (const file of globSync('test/contract/*.test.ts', { cwd: home }).sort()) {
  if (basename(file) === 'as-process.test.ts' || basename(file) === 'page.test.ts') continue
  const theirs = await run(file)
  const { DRACHTIO_HOST, ...rest } = process.env
  process.env = rest
  const ours = await run(file)
  process.env = { ...rest, DRACHTIO_HOST }
  chapters.push({ title: basename(file, '.test.ts'), sipd: ours.passed, server: theirs.passed })
}
rmSync(temporary, { recursive: true, force: true })
if (failed > 0) {
  console.error(`${failed} failed: docs/contract.md stays as it was.`)
  process.exit(1)
}
const date = new Date().toISOString().slice(0, 10)
writeFileSync(join(home, 'docs', 'contract.md'), page(chapters, { version, date }))

async function run(file: string): Promise<FileResult> {
  const result = await runFile(file, { home, temporary, within: 10 * MINUTE })
  const to = process.env['DRACHTIO_HOST'] === undefined ? 'sipd' : `drachtio-server ${version}`
  console.log(`${file} against ${to}: ${result.passed.length} passed, ${result.failed.length} failed`)
  for (const { name, why } of result.failed) console.log(`  ✖ ${name}\n${why.replace(/^/gm, '    ')}`)
  failed += result.failed.length
  return result
}
