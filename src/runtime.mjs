/**
 * What `npm start` and `npm test` begin with, on whatever Node is there (20 or newer): installs the packages
 * that package-lock.json names, and runs the rest on the Node 24 that is one of them. Plain JavaScript, no
 * dependency: nothing is installed yet when it runs.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { basename, dirname, join, sep } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The folder of package.json. */
export const home = dirname(dirname(fileURLToPath(import.meta.url)))

/** The first Node that runs TypeScript by itself. */
const OLDEST = [22, 18]
const REMEDY = `Install Node ${OLDEST.join('.')} or newer (https://nodejs.org), or run npm ci --include=optional.`

/** sysexits.h: what must be there is missing; the set-up is wrong. */
const UNAVAILABLE = 69
const CONFIG = 78

/** A fault that a person can mend: `message` is for them, `exitCode` for the shell. */
class SetupFault extends Error {
  constructor(message, exitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/**
 * Runs a file of the project on a fitting Node, with what it needs installed, and ends as it ends.
 * @param {string} file absolute path of the TypeScript or JavaScript file
 * @param {{ dev?: boolean }} needs `dev`: packages for development too
 */
export async function launch(file, needs = {}) {
  try {
    await install(needs)
    const node = fittingNode() ?? (await install({ ...needs, again: true }), fittingNode())
    if (!node) throw new SetupFault(`Node ${process.versions.node} is too old. ${REMEDY}`, CONFIG)
    if (node !== realpathSync(process.execPath)) return await relay(node, [file, ...process.argv.slice(2)])
    whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'))
    await import(pathToFileURL(file).href)
  } catch (fault) {
    if (!(fault instanceof SetupFault)) throw fault
    console.error(fault.message)
    process.exitCode = fault.exitCode
  }
}

/** Brings node_modules to what package-lock.json says, once, however many processes ask at the same time. */
async function install({ dev = false, again = false }) {
  if (isPacked() || (!again && !missing(dev))) return
  const unlock = await lock()
  try {
    const what = missing(dev) ?? (again ? `Node ${OLDEST.join('.')} or newer` : undefined)
    if (what) await npmCi(dev || hasDev(), what)
  } finally {
    unlock()
  }
}

/** Installed from the registry or a tarball: then npm has brought the packages already. */
function isPacked() {
  return home.split(sep).includes('node_modules')
}

/**
 * The first package that is not as package-lock.json wants it, if any. By versions, not by time: a clone's
 * files have arbitrary times. Optional packages may be missing (they depend on the platform), not outdated.
 */
function missing(dev) {
  const installed = installedPackages()
  if (!installed) return 'the packages'
  for (const [path, wanted] of Object.entries(lockedPackages())) {
    const found = installed[path]
    if (wanted.dev && !dev) continue
    if (!found && (wanted.optional || wanted.peer)) continue
    const outdated = found?.version !== wanted.version || differ(found.integrity, wanted.integrity)
    if (outdated || !existsSync(join(home, path, 'package.json')))
      return path.replace(/^.*node_modules\//, '')
  }
  return undefined
}

function hasDev() {
  return Object.values(installedPackages() ?? {}).some((found) => found.dev)
}

function differ(a, b) {
  return a !== undefined && b !== undefined && a !== b
}

function lockedPackages() {
  const packages = json(join(home, 'package-lock.json')).packages
  delete packages['']
  return packages
}

/** What npm wrote down when it last finished; undefined where it did not finish. */
function installedPackages() {
  try {
    return json(join(home, 'node_modules', '.package-lock.json')).packages
  } catch {
    return undefined
  }
}

function json(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Install scripts are left out: none of the packages needs one (dtrace-provider's would call a compiler). */
async function npmCi(dev, what) {
  console.error(
    `Installing ${what === 'the packages' ? what : `${what} and what else is missing`} (npm ci) …`,
  )
  const args = ['ci', '--include=optional', dev ? '--include=dev' : '--omit=dev']
  args.push('--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error')
  // npm's own file where npm started us: a PATH may name another npm than the one in use.
  const cli = process.env.npm_execpath
  const isNpm = cli !== undefined && /^npm-cli\.c?js$/.test(basename(cli))
  const [command, ...rest] = isNpm ? [process.execPath, cli, ...args] : ['npm', ...args]
  const shell = !isNpm && process.platform === 'win32'
  // The running Node may be the one in node_modules that npm ci removes: it stays usable while it runs, but npm
  // must be started by one that is found on PATH without it.
  const own = realpathSync(process.execPath).startsWith(join(home, 'node_modules') + sep)
  const node = own && isNpm ? (process.env.npm_node_execpath ?? 'node') : command
  const { fault, code, signal } = await run(node, rest, { cwd: home, stdio: ['ignore', 2, 2], shell })
  if (signal !== null) endBy(signal)
  if (code === 0) return
  const why = fault ? 'npm was not found' : `npm ci ended with ${code}`
  throw new SetupFault(
    `The packages could not be installed: ${why}. Check the network, then: npm ci`,
    UNAVAILABLE,
  )
}

/** The Node of this platform among the packages, else the running one, else undefined. */
function fittingNode() {
  const name = `node-${process.platform}-${process.arch}`
  try {
    const manifest = createRequire(join(home, 'package.json')).resolve(`${name}/package.json`)
    const node = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (!isMusl() && existsSync(node) && fits(json(manifest).version)) return realpathSync(node)
  } catch {
    // Not among the packages: another platform, or optional packages were left out.
  }
  return fits(process.versions.node) ? realpathSync(process.execPath) : undefined
}

/** The packaged Node is built for glibc; on Alpine and its like it does not start. */
function isMusl() {
  return process.platform === 'linux' && existsSync('/etc/alpine-release')
}

function fits(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** Runs a program in our place: its input and output are ours, and its end is ours. */
async function relay(program, args) {
  const { fault, code, signal } = await run(program, args, { stdio: 'inherit' })
  if (fault) throw new SetupFault(`${program} does not start: ${fault.message}. ${REMEDY}`, CONFIG)
  if (signal !== null) endBy(signal)
  else process.exitCode = code
}

/** Runs a program to its end; our signals are its signals. */
function run(program, args, options) {
  const child = spawn(program, args, options)
  const last = {}
  const forward = (signal) => {
    // A terminal and npm both send what the other has sent: once a second is enough.
    if (performance.now() - (last[signal] ?? -Infinity) < 1000) return
    last[signal] = performance.now()
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  const stopWatching = whenNpmIsGone(() => forward('SIGTERM'))
  return new Promise((done) => {
    child.on('error', (fault) => done({ fault, code: null, signal: null }))
    child.on('close', (code, signal) => done({ fault: undefined, code, signal }))
  }).finally(() => {
    stopWatching()
    for (const signal of signals) process.removeListener(signal, forward)
  })
}

function endBy(signal) {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/**
 * A signal to npm ends npm and its shell, and reaches nobody below: what is left of it is another parent.
 * @returns {() => void} looks no more
 */
function whenNpmIsGone(stop) {
  const parent = process.ppid
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return () => {}
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 500).unref()
  return () => clearInterval(timer)
}

/**
 * One installation at a time for one folder. An abstract Unix socket is a lock that the kernel drops with
 * the process; where there is none (other systems than Linux) npm runs without.
 * @returns {Promise<() => void>} lets go
 */
async function lock() {
  if (process.platform !== 'linux') return () => {}
  const name = `\0dialback-install-${createHash('sha256').update(home).digest('hex').slice(0, 24)}`
  for (;;) {
    const held = new Set()
    const server = createServer((socket) => held.add(socket.on('error', () => {})))
    const mine = await new Promise((done, fail) => {
      server.on('listening', () => done(true))
      server.on('error', (fault) => (fault.code === 'EADDRINUSE' ? done(false) : fail(fault)))
      server.listen(name)
    })
    if (mine) {
      return () => {
        server.close()
        for (const socket of held) socket.destroy()
      }
    }
    console.error('Waiting for another process that installs the packages …')
    await new Promise((done) =>
      connect(name)
        .on('error', () => {})
        .on('close', done)
        .resume(),
    )
  }
}
