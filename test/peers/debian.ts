/**
 * The outside programs that tests call: what is installed, else Debian's packages, unpacked into the project's
 * cache and run from there. A test that cannot have its programs is skipped by name; with CI=true it fails.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { unpack } from './apt.ts'

const cache = join(import.meta.dirname, '..', '..', '.cache', 'peers')

type Recipe = {
  /** Names that it may have on PATH. */
  readonly commands: readonly string[]
  readonly suite: string
  readonly packages: readonly string[]
  /** Where the packages put it. */
  readonly file: string
  /**
   * `machine`: runs under the machine's own C library, since it starts children by /proc/self/exe, which would
   * else be the loader.
   */
  readonly loader?: 'machine'
  /** Whether an installed one will do, by what its `--version` option says. */
  readonly version?: { readonly option: string; readonly fits: RegExp }
  /** The line for a person. */
  readonly install: string
}

const recipes = {
  asterisk: {
    commands: ['asterisk'],
    // Pinned to 22, the long-term release that ends in 2029: Debian 12 and 13 have no Asterisk at all, and
    // unstable's next one may change what chan_pjsip does on the wire, which these tests read.
    suite: 'forky',
    packages: ['asterisk=1:22.*'],
    file: 'usr/sbin/asterisk',
    version: { option: '-V', fits: /Asterisk (2[2-9]|[3-9]\d)\./ },
    install: 'apt-get install asterisk',
  },
  baresip: {
    commands: ['baresip'],
    suite: 'bookworm',
    packages: ['baresip-core'],
    file: 'usr/bin/baresip',
    install: 'apt-get install baresip-core',
  },
  sipp: {
    commands: ['sipp'],
    suite: 'bookworm',
    packages: ['sip-tester'],
    file: 'usr/bin/sipp',
    install: 'apt-get install sip-tester',
  },
  kamailio: {
    commands: ['kamailio'],
    suite: 'bookworm',
    packages: ['kamailio'],
    file: 'usr/sbin/kamailio',
    install: 'apt-get install kamailio',
  },
  nginx: {
    commands: ['nginx'],
    suite: 'bookworm',
    packages: ['nginx'],
    file: 'usr/sbin/nginx',
    install: 'apt-get install nginx',
  },
  caddy: {
    commands: ['caddy'],
    suite: 'bookworm',
    packages: ['caddy'],
    file: 'usr/bin/caddy',
    install: 'apt-get install caddy',
  },
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    suite: 'bookworm',
    packages: ['chromium', 'fonts-dejavu-core'],
    file: 'usr/lib/chromium/chromium',
    loader: 'machine',
    install: 'apt-get install chromium',
  },
} as const satisfies Record<string, Recipe>

export type PeerName = keyof typeof recipes
export const peerNames = Object.keys(recipes) as PeerName[]

/** How a program is started: `command` with `args` before its own ones. */
export type Program = {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Where its own files are: '/' when installed. */
  readonly root: string
}

const found = new Map<PeerName, Promise<Program>>()

/**
 * Gives a program, fetching it when it is neither installed nor in the cache.
 * @throws Error saying why it cannot be had
 */
export function program(name: PeerName): Promise<Program> {
  const known = found.get(name)
  if (known) return known
  const fresh = find(name)
  found.set(name, fresh)
  return fresh
}

/**
 * For `test(name, { skip: await missing('asterisk', 'baresip') }, …)`.
 * @returns false when all are there, else the reason, with the line that installs them
 * @throws Error with that reason when CI=true
 */
export async function missing(...names: readonly PeerName[]): Promise<string | false> {
  const results = await Promise.allSettled(names.map((name) => program(name)))
  const faults = results.flatMap((result, i) => {
    const name = names[i]
    return result.status === 'rejected' && name ? [{ name, why: String(result.reason) }] : []
  })
  if (faults.length === 0) return false
  const packages = faults.map(({ name }) => recipes[name].install.replace('apt-get install ', ''))
  const what = `${faults.map(({ name }) => name).join(', ')} cannot be had: apt-get install ${packages.join(' ')}`
  if (process.env['CI'] === 'true') throw new Error(`${what}\n${faults.map(({ why }) => why).join('\n')}`)
  return what
}

async function find(name: PeerName): Promise<Program> {
  const recipe: Recipe = recipes[name]
  const installed = await onPath(recipe)
  if (installed) return { command: installed, args: [], env: {}, root: '/' }
  const root = join(cache, `${name}-${recipe.suite}`)
  if (!existsSync(root)) {
    // The test runner has tried once for all files, and has told what came of it.
    if (process.env['DIALBACK_PEERS'] === 'fetched') throw new Error(`${name} is not in .cache/peers`)
    await fetch(recipe, root)
  }
  return unpacked(root, recipe)
}

async function fetch(recipe: Recipe, root: string): Promise<void> {
  const draft = `${root}.${String(process.pid)}`
  mkdirSync(draft, { recursive: true })
  try {
    await unpack(recipe.suite, recipe.packages, draft)
    if (recipe.loader === 'machine')
      filesIn(libraryFolders(draft))
        .filter(isOfTheCLibrary)
        .forEach((file) => rmSync(file))
    // Two that fetch at once end with one of two equal folders.
    if (!existsSync(root)) renameSync(draft, root)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function onPath(recipe: Recipe): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  const files = recipe.commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  for (const file of files.filter(isFile)) {
    if (!recipe.version) return file
    const said = await promisify(execFile)(file, [recipe.version.option]).catch(() => undefined)
    if (said && recipe.version.fits.test(said.stdout)) return file
  }
  return undefined
}

/** Started with the libraries that it was built for, whatever the machine has. */
function unpacked(root: string, recipe: Recipe): Program {
  const file = join(root, recipe.file)
  const folders = libraryFolders(root)
  if (recipe.loader === 'machine') {
    const env = { LD_LIBRARY_PATH: folders.join(':'), FONTCONFIG_SYSROOT: root }
    return { command: file, args: [], env, root }
  }
  // Not lib64/…, which is an absolute link: to the machine's own loader.
  const loader = filesIn(folders).find((path) => /\/ld-linux[^/]*\.so\.\d$/.test(path))
  if (!loader) throw new Error(`no dynamic loader in ${root}`)
  return { command: loader, args: ['--library-path', folders.join(':'), file], env: {}, root }
}

/** `lib/x86_64-linux-gnu` and `usr/lib/x86_64-linux-gnu`, or whatever this processor's are called. */
function libraryFolders(root: string): string[] {
  return ['lib', 'usr/lib'].flatMap((lib) => {
    const folder = join(root, lib)
    if (!existsSync(folder)) return []
    return readdirSync(folder).flatMap((name) => (name.includes('-linux-gnu') ? [join(folder, name)] : []))
  })
}

function filesIn(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
}

/** A C library serves only with the loader that it came with. */
function isOfTheCLibrary(path: string): boolean {
  return /\/(ld-linux.*|lib(c|m|mvec|pthread|dl|rt|resolv|util|anl|nsl|nss_.*|thread_db|BrokenLocale))\.so[.\d]*$/.test(
    path,
  )
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** Fetches what is not there, one after the other, and tells of each in one line. */
export async function fetchPeers(): Promise<string[]> {
  const lines: string[] = []
  for (const name of peerNames) {
    const line = await program(name).then(
      ({ root, command }) =>
        `${name}: ${root === '/' ? command : `from Debian's ${recipes[name].suite}, in ${root}`}`,
      (reason: unknown) =>
        `${name}: cannot be had (${reason instanceof Error ? reason.message.trim() : String(reason)})`,
    )
    lines.push(line)
  }
  return lines
}
