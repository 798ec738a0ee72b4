/** What a page tells an administrator to write into files, taken out of the page itself. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The files of one page, by name: every fenced block that has a name behind its language (` ```ini pjsip.conf `). */
export type Recipe = {
  readonly files: ReadonlyMap<string, string>
  /**
   * A file with the page's places put where a test has them: `192.0.2.10:5060` becomes what `places` says of it, and so on,
   * the longest name first.
   * @throws Error where the page has no such file
   */
  file(name: string, places?: Readonly<Record<string, string>>): string
  /** The settings of one of its `.env` files. */
  env(name: string, places?: Readonly<Record<string, string>>): Record<string, string>
}

/** @param page below the project's folder, `docs/pbx/asterisk.md` */
export function recipeOf(page: string): Recipe {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  const blocks = text.matchAll(/^```[a-z]+ ([^\n`]+)\n([^]*?)^```$/gm)
  const files = new Map<string, string>()
  for (const [, name = '', body = ''] of blocks) files.set(name, (files.get(name) ?? '') + body)
  const file: Recipe['file'] = (name, places = {}) => {
    const body = files.get(name)
    if (body === undefined) throw new Error(`${page} has no ${name}, but ${[...files.keys()].join(', ')}`)
    const longest = Object.entries(places).sort(([a], [b]) => b.length - a.length)
    return longest.reduce((done, [from, to]) => done.replaceAll(from, to), body)
  }
  return {
    files,
    file,
    env: (name, places) =>
      Object.fromEntries(
        Object.entries(parseEnv(file(name, places))).map(([key, value]) => [key, value ?? '']),
      ),
  }
}
