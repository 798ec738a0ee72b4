/** One test file in a process group of its own: whatever becomes of it counts, and nothing of it stays running. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Line } from './reporter.ts'

export type FileResult = {
  readonly file: string
  readonly passed: readonly string[]
  readonly failed: readonly { readonly name: string; readonly why: string }[]
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
  readonly ms: number
  /** What it printed, output and errors together. */
  readonly output: string
  /** Programs that it had not ended. */
  readonly leftovers: readonly string[]
}

/** Every process that a test starts inherits it, in whatever group: that is how leftovers are told. */
const MARK = 'DIALBACK_TEST_FILE'
const live = new Map<number, string>()

/** @param options.within milliseconds until it is ended and counts as failed */
export async function runFile(
  file: string,
  options: { home: string; temporary: string; within: number },
): Promise<FileResult> {
  const began = performance.now()
  const mark = randomUUID()
  const folder = mkdtempSync(join(options.temporary, 't-'))
  const results = join(folder, 'results.jsonl')
  const reporter = fileURLToPath(new URL('./reporter.ts', import.meta.url))
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--test-reporter',
    reporter,
    '--test-reporter-destination',
    results,
    file,
  ]
  const child = spawn(process.execPath, args, {
    cwd: options.home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [MARK]: mark, TMPDIR: folder },
  })
  const group = child.pid ?? 0
  live.set(group, mark)
  let output = ''
  const hear = (text: string) => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const late = AbortSignal.timeout(options.within)
  late.addEventListener('abort', () => killGroup(group))
  const end = await new Promise<string | undefined>((done) => {
    child.on('error', (fault) => done(fault.message))
    // Not `close`: a leftover may hold the pipes.
    child.on('exit', (code, signal) => done(code === 0 ? undefined : `exit ${String(signal ?? code)}`))
  })
  const leftovers = killMarked(mark)
  killGroup(group)
  live.delete(group)
  const lines = read(results)
  rmSync(folder, { recursive: true, force: true })
  const why = late.aborted
    ? `it was not done after ${options.within / 1000} s (or left a socket or timer open)`
    : end
  return { file, ...count(lines, why), ms: performance.now() - began, output, leftovers }
}

/** Ends every file that runs, and what it has started. */
export function killFiles(): void {
  for (const [group, mark] of live) {
    killGroup(group)
    killMarked(mark)
  }
}

/** A file fails by itself when it crashed, ran out of time, or ended before its tests did. */
function count(
  lines: readonly Line[],
  why: string | undefined,
): Pick<FileResult, 'passed' | 'failed' | 'skipped'> {
  const of = (kind: Line['kind']) =>
    lines.flatMap((line) => (line.kind === kind ? [{ name: line.name, why: line.why }] : []))
  const [failed, skipped] = [of('failed'), of('skipped')]
  const passed = of('passed').map(({ name }) => name)
  const complete = lines.some((line) => line.kind === 'complete')
  if (why !== undefined && failed.length === 0) failed.push({ name: 'the file itself', why })
  else if (!complete)
    failed.push({ name: 'the file itself', why: why ?? 'it ended before its tests were done' })
  else if (passed.length + failed.length + skipped.length === 0)
    failed.push({ name: 'the file itself', why: 'it has no tests' })
  return { passed, failed, skipped }
}

function read(file: string): Line[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Line] : []))
  } catch {
    return []
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** Ends what carries a file's mark, and says what that was. Linux only; elsewhere the group is all. */
function killMarked(mark: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`)) return []
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
      process.kill(Number(pid), 'SIGKILL')
      return [`${name} (${pid})`]
    } catch {
      return []
    }
  })
}
