/**
 * npm run docs: writes what the table of settings says into README.md (between its markers) and `.env.example`.
 * With `--check` nothing is written, and the process ends with 1 where they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groups } from './config/setting.ts'
import type { Setting } from './config/setting.ts'
import { settings } from './config/settings.ts'

const home = join(import.meta.dirname, '..')
const MARKERS = ['<!-- settings -->', '<!-- /settings -->'] as const

const shown = Object.entries(settings as Readonly<Record<string, Setting>>).filter(
  ([, { planned }]) => !planned,
)
const files = [
  { file: '.env.example', fresh: () => envExample() },
  { file: 'README.md', fresh: (text: string) => betweenMarkers(text, settingsTable()) },
]

const stale = files.filter(({ file, fresh }) => {
  const text = readOr(join(home, file), '')
  return fresh(text) !== text
})
if (process.argv.includes('--check')) {
  for (const { file } of stale) console.error(`${file} is not what the settings say. Run: npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const { file, fresh } of stale) {
    writeFileSync(join(home, file), fresh(readOr(join(home, file), '')))
    console.log(`${file} is written`)
  }
}

function settingsTable(): string {
  const rows = shown.map(
    ([name, { help, fallback }]) => `| \`${name}\` | ${cell(fallback)} | ${cell(help)} |`,
  )
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

function envExample(): string {
  const parts = Object.entries(groups).map(([group, title]) => {
    const own = shown.filter(([, setting]) => setting.group === group)
    return [`## ${title}`, ...own.map(envEntry)].join('\n\n')
  })
  const head =
    '# Copy this file to .env, and take away the # before what you set. Variables of the environment win.'
  return `${[head, ...parts].join('\n\n')}\n`
}

function envEntry([name, { help, fallback, example }]: [string, Setting]): string {
  // A bare # would begin a comment there (util.parseEnv).
  const value = /[#\s"']/.test(example) ? JSON.stringify(example) : example
  const comment = wrapped(`${plain(help)} Default: ${plain(fallback)}.`).map((line) => `# ${line}`)
  return [...comment, `#${name}=${value}`].join('\n')
}

function betweenMarkers(text: string, table: string): string {
  const [begin, end] = MARKERS
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  // A README without markers wants no table.
  if (from === -1 || to === -1) return text
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function plain(text: string): string {
  return text.replaceAll('`', '')
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || `${last} ${word}`.length > 100) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return fallback
  }
}
