/** What the Teams package is made from: the bot's settings, and what is given on the command line. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, parseEnv } from 'node:util'
import { isLoopback } from '../src/config/values.ts'
import type { AppOptions } from './app.ts'

export type Wanted = {
  readonly app: AppOptions
  /** File to write. */
  readonly out: string
  /** Where the bot's registration is to send what people write. */
  readonly endpoint: string
}

/** The options do not fit; all faults at once. */
export class UnfitOptions extends Error {
  constructor(faults: readonly string[]) {
    super(`No Teams package was made:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

export const USAGE = `npm run manifest [-- --watch] [-- --version 1.2.0]
  --watch          also asks for the messages that do not mention the bot (an owner must consent: docs/teams.md)
  --version X.Y.Z  version of the Teams app; Teams takes a changed package only with a higher one
  --website URL    your page about the bot, shown to whoever installs it; default: PUBLIC_URL
  --privacy URL    your privacy statement; default: the website
  --terms URL      your terms of use; default: the website
  --out FILE       default: dialback.zip`

type Env = Readonly<Record<string, string | undefined>>
type Given = { readonly env?: Env; readonly cwd?: string; readonly version: string }

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const SEMVER = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/

/**
 * Reads the command line, the environment and `.env` in the working directory; the environment wins.
 * @throws UnfitOptions with all faults
 */
export function wantedFrom(args: readonly string[], given: Given): Wanted {
  const { env = process.env, cwd = process.cwd() } = given
  const all: Env = { ...dotEnv(join(cwd, '.env')), ...env }
  const faults: string[] = []
  const flags = flagsOf(args)
  const set = (name: string) => all[name]?.trim() || undefined
  const appId = set('MicrosoftAppId') ?? ''
  if (appId === '')
    faults.push('MicrosoftAppId is not set. Set it to the application (client) id of the bot’s registration.')
  else if (!GUID.test(appId))
    faults.push(
      `MicrosoftAppId=${JSON.stringify(appId)} is no id. Copy it from the registration's first page.`,
    )
  const home = address('PUBLIC_URL', set('PUBLIC_URL'), faults)
  if (set('PUBLIC_URL') === undefined)
    faults.push(
      'PUBLIC_URL is not set. Set it to where the bot is reached, such as https://dialback.example.com.',
    )
  const version = flags.version ?? given.version
  if (!SEMVER.test(version))
    faults.push(`--version ${JSON.stringify(version)} is no version. Write it like 1.2.0.`)
  const website = address('--website', flags.website, faults) ?? home ?? ''
  const privacy = address('--privacy', flags.privacy, faults) ?? website
  const terms = address('--terms', flags.terms, faults) ?? website
  if (faults.length > 0 || home === undefined) throw new UnfitOptions(faults)
  return {
    app: { appId: appId.toLowerCase(), version, website, privacy, terms, watch: flags.watch ?? false },
    out: resolve(cwd, flags.out ?? 'dialback.zip'),
    endpoint: `${home}/api/messages`,
  }
}

function flagsOf(args: readonly string[]) {
  const text = { type: 'string' } as const
  const watch = { type: 'boolean' } as const
  const options = { watch, version: text, website: text, privacy: text, terms: text, out: text }
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    throw new UnfitOptions([cause instanceof Error ? cause.message : String(cause), USAGE])
  }
}

/** An address that Teams can open: https, and not of this machine alone. Without a slash at its end. */
function address(name: string, value: string | undefined, faults: string[]): string | undefined {
  if (value === undefined) return undefined
  const url = URL.canParse(value.trim()) ? new URL(value.trim()) : undefined
  if (url?.protocol === 'https:' && !isLoopback(url.hostname) && !url.username && !url.search && !url.hash)
    return url.href.replace(/\/+$/, '')
  faults.push(
    `${name}=${JSON.stringify(value)} is no address that Teams can open. Write it like https://dialback.example.com.`,
  )
  return undefined
}

function dotEnv(file: string): Env {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {}
    throw cause
  }
}
