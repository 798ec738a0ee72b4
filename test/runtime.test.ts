import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'

const main = `
if (process.argv[2] === 'ends') process.exit(5)
if (process.argv[2] === 'dies') process.kill(process.pid, 'SIGKILL')
if (process.argv[2] === 'waits') {
  let terms = 0
  process.on('SIGTERM', () => {
    terms++
    console.log('heard')
    setTimeout(() => { console.log('told', terms); process.exit(7) }, 200)
  })
  setInterval(() => {}, 1000)
}
console.log('main runs', JSON.stringify(process.argv.slice(2)), process.ppid)
`

/** A project with one package to run and one to develop, both in its own folder: nothing comes from a network. */
function makeProject(): string {
  const home = mkdtempSync(join(tmpdir(), 'runtime-'))
  mkdirSync(join(home, 'src'))
  for (const file of ['runtime.mjs', 'start.mjs']) {
    copyFileSync(join(import.meta.dirname, '..', 'src', file), join(home, 'src', file))
  }
  writeFileSync(join(home, 'src', 'main.ts'), main)
  writeFileSync(
    join(home, 'test.mjs'),
    `import { launch, home } from './src/runtime.mjs'\nawait launch(home + '/src/main.ts', { dev: true })`,
  )
  for (const name of ['tool', 'part']) pack(home, name, '1.0.0')
  const manifest = {
    name: 'project',
    version: '1.0.0',
    type: 'module',
    dependencies: { part: 'file:part-1.0.0.tgz' },
    devDependencies: { tool: 'file:tool-1.0.0.tgz' },
  }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  npm(home, 'install', '--package-lock-only')
  return home
}

const template = makeProject()
after(() => rmSync(template, { recursive: true, force: true }))

function project(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'runtime-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  cpSync(template, home, { recursive: true })
  return home
}

function pack(home: string, name: string, version: string): void {
  const folder = join(home, 'packages', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }))
  npm(home, 'pack', folder)
}

function npm(home: string, ...args: string[]): void {
  execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: home, stdio: 'ignore' })
}

function start(home: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_config_offline: 'true' },
  })
}

async function run(
  home: string,
  ...args: string[]
): Promise<{ code: number | null; signal: string | null; said: string }> {
  const child = start(home, ...args)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, said }
}

const installed = (home: string, name: string) => existsSync(join(home, 'node_modules', name, 'package.json'))

test('a fresh clone installs what it needs to run, says so in a line, and passes its arguments on', async (t) => {
  const home = project(t)
  const first = await run(home, 'src/start.mjs', 'a', 'b c')
  assert.match(first.said, /^Installing the packages \(npm ci\) …\n/)
  assert.match(first.said, /main runs \["a","b c"\]/)
  assert.deepEqual([installed(home, 'part'), installed(home, 'tool')], [true, false])

  const second = await run(home, 'src/start.mjs')
  assert.match(second.said, /^main runs/)
})

test('tests install what is for development, and a later start leaves it there', async (t) => {
  const home = project(t)
  await run(home, 'src/start.mjs')
  assert.match((await run(home, 'test.mjs')).said, /Installing tool and what else is missing/)
  assert.ok(installed(home, 'tool'))
  assert.doesNotMatch((await run(home, 'src/start.mjs')).said, /Installing/)

  rmSync(join(home, 'node_modules', 'part'), { recursive: true })
  assert.match((await run(home, 'src/start.mjs')).said, /Installing part and what else is missing/)
  assert.deepEqual([installed(home, 'part'), installed(home, 'tool')], [true, true])
})

test('an installation that was broken off, or that an update of the clone has outdated, is made anew', async (t) => {
  const home = project(t)
  await run(home, 'src/start.mjs')
  rmSync(join(home, 'node_modules', '.package-lock.json'))
  assert.match((await run(home, 'src/start.mjs')).said, /Installing the packages/)

  pack(home, 'part', '1.1.0')
  const manifest = readFileSync(join(home, 'package.json'), 'utf8')
  writeFileSync(join(home, 'package.json'), manifest.replace('part-1.0.0', 'part-1.1.0'))
  // Somebody else's clone, where npm sees nothing installed.
  renameSync(join(home, 'node_modules'), join(home, 'kept'))
  npm(home, 'install', '--package-lock-only')
  renameSync(join(home, 'kept'), join(home, 'node_modules'))
  assert.match((await run(home, 'src/start.mjs')).said, /Installing part/)
  assert.match(readFileSync(join(home, 'node_modules/part/package.json'), 'utf8'), /1\.1\.0/)
})

test('two that start at once install once', async (t) => {
  const home = project(t)
  const both = await Promise.all([run(home, 'src/start.mjs'), run(home, 'src/start.mjs')])
  const said = both.map((one) => one.said).join('')
  assert.equal(said.match(/Installing/g)?.length, 1, said)
  assert.equal(said.match(/main runs/g)?.length, 2, said)
})

test('packages that cannot be installed are told in a sentence', async (t) => {
  const home = project(t)
  const manifest = readFileSync(join(home, 'package.json'), 'utf8')
  writeFileSync(join(home, 'package.json'), manifest.replace('part-1.0.0', 'part-0.0.0'))
  const { code, said } = await run(home, 'src/start.mjs')
  assert.equal(code, 69)
  assert.match(
    said,
    /The packages could not be installed: npm ci ended with \d+\. Check the network, then: npm ci/,
  )
  assert.doesNotMatch(said, /at file:/)
})

test('on a Node that is too old, with no other among the packages, a sentence says what to do', async (t) => {
  const old = '/usr/bin/node'
  const version = existsSync(old)
    ? execFileSync(old, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    : '99'
  if (Number.parseInt(version) >= 22) return t.skip('no older Node at /usr/bin/node')
  const home = project(t)
  const child = spawn(old, ['src/start.mjs'], {
    cwd: home,
    env: { ...process.env, npm_config_offline: 'true' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  assert.equal(code, 78)
  assert.match(said, new RegExp(`Node ${version.trim()} is too old. Install Node 22.18 or newer`))
})

for (const way of ['within the running Node', 'on the Node among the packages']) {
  test(`the end of main is our end, ${way}`, async (t) => {
    const home = project(t)
    await run(home, 'src/start.mjs')
    if (way === 'on the Node among the packages') addNode(home)
    assert.equal((await run(home, 'src/start.mjs', 'ends')).code, 5)
    assert.equal((await run(home, 'src/start.mjs', 'dies')).signal, 'SIGKILL')
  })

  test(`a signal reaches main once, however often it is sent in a moment, ${way}`, async (t) => {
    const home = project(t)
    await run(home, 'src/start.mjs')
    const relayed = way === 'on the Node among the packages'
    if (relayed) addNode(home)
    const child = start(home, 'src/start.mjs', 'waits')
    let said = ''
    const says = async (text: string) => {
      while (!said.includes(text) && child.exitCode === null)
        await Promise.race([once(child.stdout!, 'data'), once(child, 'close')])
    }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
    await says('main runs')
    assert.equal(
      said.includes(`${child.pid}\n`),
      relayed,
      'main is a child of ours only when it is relayed to',
    )
    child.kill('SIGTERM')
    await says('heard')
    if (relayed) child.kill('SIGTERM')
    const [code] = (await once(child, 'close')) as [number]
    assert.deepEqual([code, said.split('\n').at(-2)], [7, 'told 1'])
  })
}

for (const way of ['within the running Node', 'on the Node among the packages']) {
  test(`when npm is ended by a signal, main is told, ${way}`, async (t) => {
    const home = project(t)
    await run(home, 'src/start.mjs')
    if (way === 'on the Node among the packages') addNode(home)
    // As npm does it: by a shell that hands no signal on.
    const script = `${process.execPath} src/start.mjs waits; true`
    const env = { ...process.env, npm_lifecycle_event: 'start' }
    const npm = spawn('sh', ['-c', script], { cwd: home, stdio: ['ignore', 'pipe', 'inherit'], env })
    let said = ''
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    while (!said.includes('main runs') && npm.exitCode === null) await once(npm.stdout, 'data')
    npm.kill('SIGTERM')
    // Its output ends when the last of them has.
    await once(npm.stdout, 'end')
    assert.match(said, /told 1/)
  })
}

/** As npm would have put it there. */
function addNode(home: string): void {
  const folder = join(home, 'node_modules', `node-${process.platform}-${process.arch}`)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: process.versions.node }))
  try {
    linkSync(process.execPath, join(folder, 'bin', 'node'))
  } catch {
    copyFileSync(process.execPath, join(folder, 'bin', 'node'))
  }
}
