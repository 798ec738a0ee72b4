/**
 * Debian packages without installing them: an apt of our own (state, lists and sources in one folder), derived
 * from the machine's configuration, so that its mirror, proxy and keys serve here too. Needs no root and leaves
 * the machine as it is.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** One place that packages come from, as apt's sources name it. */
export type Source = {
  readonly uri: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** Keyring files, fingerprints or a whole key, as it stood there. */
  readonly signedBy: string | undefined
}

/** One `deb` line, `# comment` and other kinds of line left out (sources.list(5), one-line style). */
export function readOneLine(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const parts = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*$/, ''))
    if (!parts) return []
    const [, options = '', uri = '', suite = '', components = ''] = parts
    const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1]?.replaceAll(',', ' ')
    return [{ uri, suites: [suite], components: words(components), signedBy }]
  })
}

/** Stanzas of `Name: value` with continuation lines (sources.list(5), deb822 style). */
export function readDeb822(text: string): Source[] {
  const stanzas = text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/)
  return stanzas.flatMap((stanza) => {
    const fields = new Map<string, string>()
    for (const [, name = '', value = ''] of stanza.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t]+.*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trimEnd())
    }
    const field = (name: string) => fields.get(name) ?? ''
    if (!words(field('types')).includes('deb') || /^no$/i.test(field('enabled'))) return []
    const about = { suites: words(field('suites')), components: words(field('components')) }
    return words(field('uris')).map((uri) => ({ uri, ...about, signedBy: fields.get('signed-by') }))
  })
}

/** The Debian archive itself among all that is configured: others name a Debian release as their suite too. */
export function debianArchive(sources: readonly Source[]): Source | undefined {
  const release = /^(bookworm|trixie|forky|sid|stable|testing|unstable|oldstable)$/
  const points = (source: Source) =>
    ((source.signedBy ?? '').includes('debian-archive') ? 2 : 0) + (/\/debian\/?$/.test(source.uri) ? 2 : 0)
  return sources
    .filter((source) => source.components.includes('main') && source.suites.some((s) => release.test(s)))
    .filter((source) => points(source) > 0)
    .sort((a, b) => points(b) - points(a))[0]
}

/**
 * Downloads packages of a suite with all that they depend on (the C library too), and unpacks them.
 * @param wanted as apt-get takes them: `sip-tester`, `asterisk=1:22.*`
 * @param into an existing folder; the work is done in a folder beside it, which is removed
 * @throws Error with what apt said
 */
export async function unpack(suite: string, wanted: readonly string[], into: string): Promise<void> {
  const state = `${into}.apt`
  rmSync(state, { recursive: true, force: true })
  try {
    const config = await configure(suite, state)
    const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C.UTF-8' }
    const apt = (...args: string[]) => run('apt-get', ['-q', '-y', ...args], { env, maxBuffer: 1 << 26 })
    await apt('update')
    await apt('--download-only', 'install', ...wanted)
    const archives = join(state, 'cache', 'archives')
    for (const deb of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(archives, deb), into])
    }
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

/** Writes apt's own configuration into `state` and gives the file's path. */
async function configure(suite: string, state: string): Promise<string> {
  const { stdout } = await run('apt-config', ['dump'])
  const archive = debianArchive(await machineSources())
  if (!archive) throw new Error('no Debian archive among the apt sources of this machine')
  for (const folder of ['lists/partial', 'cache/archives/partial', 'log', 'sources']) {
    mkdirSync(join(state, folder), { recursive: true })
  }
  writeFileSync(join(state, 'status'), '')
  const source = {
    Types: 'deb',
    URIs: archive.uri,
    Suites: suite,
    Components: 'main',
    'Signed-By': archive.signedBy,
  }
  const stanza = Object.entries(source).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
  writeFileSync(join(state, 'sources', 'debian.sources'), `${stanza.join('\n')}\n`)
  // Hooks of the machine's apt act on the machine; its folders and its sandbox user are not ours.
  const kept = stdout
    .split('\n')
    .filter((line) => !/^(Dir|DPkg::|APT::(Update|Archives|Sandbox|Default-Release))/.test(line))
  const own = {
    'Dir::Etc::Main': '/dev/null',
    'Dir::Etc::Parts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(state, 'sources'),
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': join(state, 'cache'),
    'Dir::Log': join(state, 'log'),
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': '0',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Acquire::http::Timeout': '30',
    'Debug::NoLocking': '1',
  }
  const file = join(state, 'apt.conf')
  writeFileSync(
    file,
    [...kept, ...Object.entries(own).map(([name, value]) => `${name} "${value}";`)].join('\n') + '\n',
  )
  return file
}

async function machineSources(): Promise<Source[]> {
  const keys = ['LIST', 'Dir::Etc::sourcelist/f', 'PARTS', 'Dir::Etc::sourceparts/d']
  const { stdout } = await run('apt-config', ['shell', ...keys])
  const list = /LIST='(.*)'/.exec(stdout)?.[1] ?? '/etc/apt/sources.list'
  const parts = /PARTS='(.*)'/.exec(stdout)?.[1] ?? '/etc/apt/sources.list.d'
  const files = [list, ...entries(parts).map((name) => join(parts, name))]
  return files.flatMap((file) => {
    if (file.endsWith('.sources')) return readDeb822(read(file))
    return file.endsWith('.list') ? readOneLine(read(file)) : []
  })
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
