import { DIFFERENCES } from './differences.ts'
import { DIFFERS } from './suite.ts'

/** What came of one file: the names of the cases as they passed. */
export type Chapter = {
  readonly title: string
  readonly sipd: readonly string[]
  readonly server: readonly string[]
}

/** docs/contract.md. */
export function page(chapters: readonly Chapter[], run: { version: string; date: string }): string {
  return [
    '# The contract: `sipd` and drachtio-server',
    '',
    'What drachtio-srf may expect of the signalling server behind it, case by case. `test/contract` holds both servers to',
    'it; this page is written by `npm run contract` (src/sipd/README.md says how), which runs it against both.',
    '',
    `Last run: ${run.date}, drachtio-server ${run.version}.`,
    '',
    '## Where they differ',
    '',
    'A case of this table has to fail at drachtio-server in the way that `test/contract/differences.ts` names. `sipd` keeps to',
    'it, for the reason that is given.',
    '',
    '| case | drachtio-server | why `sipd` does not follow |',
    '|---|---|---|',
    ...DIFFERENCES.map(({ case: name, server, why }) => `| ${name} | ${server} | ${why} |`),
    '',
    '## All cases',
    '',
    ...chapters.flatMap(chapter),
  ].join('\n')
}

function chapter({ title, sipd, server }: Chapter): string[] {
  const verdict = (name: string) => {
    if (server.includes(name)) return '✓'
    return server.some((told) => told.startsWith(`${name} ${DIFFERS}`)) ? 'differs' : '–'
  }
  const rows = sipd.map((name) => `| ${name} | ✓ | ${verdict(name)} |`)
  return [`### ${title}`, '', '| case | `sipd` | drachtio-server |', '|---|---|---|', ...rows, '']
}
