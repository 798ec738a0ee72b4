import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { settings } from '../src/config/settings.ts'
import { parseTrunks } from '../src/config/trunks.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('each lesson of docs/lessons.md names a test that there is', () => {
  const rows = read('docs/lessons.md')
    .split('\n')
    .filter((line) => /^\| (?!thread)[^-]/.test(line))
  assert.ok(rows.length > 10)
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[\w./-]+)` "([^"]+)"/g)]
    assert.ok(named.length > 0, `no test: ${row}`)
    for (const [, file = '', name = ''] of named) {
      // Typed as it is in the file: quotes of a name are escaped there.
      const text = read(file).replaceAll("\\'", "'")
      assert.ok(text.includes(name), `${file} has no test "${name}"`)
    }
  }
})

test('each error of docs/teams.md is one that the bot says, and each of its settings is one', () => {
  const page = read('docs/teams.md')
  const source = globSync('src/**/*.ts', { cwd: new URL('..', import.meta.url) }).map(read)
  const codes = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+|UNAUTHORIZED)`/g)].map(([, code = '']) => code)
  assert.ok(codes.length > 10)
  const said = (code: string) => source.some((text) => text.includes(`'${code}'`)) || code === 'HTTPS_PROXY'
  assert.deepEqual(
    codes.filter((code) => !said(code) && !(code in settings)),
    [],
  )
  for (const [, sentence = ''] of page.matchAll(/^\| `UNAUTHORIZED`[^|]*"(the token [^"]+)"/gm))
    assert.ok(
      source.some((text) => text.includes(`'${sentence}'`)),
      sentence,
    )
  const example = /```sh\n(MicrosoftAppId[^]*?)```/.exec(page)?.[1] ?? ''
  const set = [...example.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name)
  assert.ok(set.length > 5 && set.every((name) => name in settings), set.join())
})

/** A page without its examples: `[section](+)` of a PBX's file is no link. */
const prose = (page: string) => read(page).replace(/^ *```[^]*?^ *```/gm, '')

test('what README and the pages point to is there', () => {
  for (const page of ['README.md', ...globSync('docs/{,pbx/}*.md', { cwd: new URL('..', import.meta.url) })])
    for (const [, target = ''] of prose(page).matchAll(/\]\((?!https?:)([^)#]+)/g))
      assert.ok(
        existsSync(new URL(`../${join(dirname(page), target)}`, import.meta.url)),
        `${page}: ${target}`,
      )
})

test('docs/install.md says of ports and figures what the bot and docs/performance.md say', () => {
  const [page, figures] = [read('docs/install.md'), read('docs/performance.md')]
  assert.ok(page.includes(settings.RTP_PORTS.fallback), 'RTP_PORTS')
  assert.match(page, new RegExp(`udp dport ${settings.RTP_PORTS.fallback} accept`), 'the rules of nftables')
  for (const [, args = ''] of page.matchAll(/`npm run bench( --[^`]*)?`/g))
    assert.ok(figures.includes(`npm run bench${args}`) || figures.includes(args.trim()), `bench${args}`)
  for (const figure of ['9.0 ms', '56 KB', '0.56 ms', 'none of 3,000 lost'])
    assert.ok(page.includes(figure) && figures.includes(figure), `${figure}: measured anew?`)
})

test('each page of docs/pbx says first whether it was tried, and what it gives the bot is understood', () => {
  const pages = globSync('docs/pbx/*.md', { cwd: new URL('..', import.meta.url) })
  const index = read('docs/pbx/README.md')
  for (const page of pages.filter((name) => !name.endsWith('README.md'))) {
    const text = read(page)
    const [, claim = ''] = /^# .*\n\n\*\*(Run by `npm test`|From [^*]*not tried)/.exec(text) ?? []
    assert.ok(claim, `${page} does not say whether it was tried`)
    const row = index.split('\n').find((line) => line.includes(`(${page.replace('docs/pbx/', '')})`)) ?? ''
    assert.match(row, claim.startsWith('Run') ? /run by `npm test`/ : /not tried/, `${page} in the index`)
    assert.match(text, /doctor --call/, `${page}: what to do when it does not ring`)
    for (const [, body = ''] of text.matchAll(/^```sh.*\n([^]*?)^```/gm))
      for (const [, name = ''] of body.matchAll(/^([A-Z_]+)=/gm))
        assert.ok(name in settings, `${page}: ${name}`)
    for (const [, body = ''] of text.matchAll(/^```json\n(\[\{ "name": "[^]*?"uri"[^]*?)^```/gm)) {
      const trunks = parseTrunks(body, page)
      assert.ok(!('faults' in trunks), `${page}: ${JSON.stringify(trunks)}`)
    }
  }
})
