// npm run check: types, lint, format, import direction, dead exports, stale docs. All are run, all faults are told.
import { spawn } from 'node:child_process'

const checks = {
  types: ['tsc', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', '.cache/tsc.tsbuildinfo'],
  lint: ['eslint', '--cache', '--cache-location', '.cache/eslint', '--max-warnings', '0', '.'],
  format: [
    'prettier',
    '--cache',
    '--cache-location',
    '.cache/prettier',
    '--check',
    '--log-level',
    'warn',
    '.',
  ],
  direction: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src', 'manifest'],
  exports: ['knip'],
  docs: ['node', 'src/docs.ts', '--check'],
}

const run = ([command, ...args]) =>
  new Promise((done) => {
    const child = spawn(`node_modules/.bin/${command}`, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (d) => (said += d))
    child.stderr.on('data', (d) => (said += d))
    child.on('close', (code) => done({ ok: code === 0, said }))
  })

const wanted = process.argv.slice(2)
const names = Object.keys(checks).filter((name) => wanted.length === 0 || wanted.includes(name))
const results = await Promise.all(names.map((name) => run(checks[name])))
for (const [i, name] of names.entries()) {
  console.log(`${results[i].ok ? 'ok  ' : 'FAIL'} ${name}`)
  if (!results[i].ok) console.log(results[i].said.trimEnd())
}
process.exit(results.every((r) => r.ok) ? 0 : 1)
