/** `people import` with files as administrators have them: samples beside test/directory/import. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { peopleImport } from '../../src/cli/people-import.ts'
import { parsePeople } from '../../src/directory/people-file.ts'

const samples = join(import.meta.dirname, '..', 'directory', 'import', 'samples')
const sample = (name: string) => join(samples, name)
type Row = Readonly<Record<string, unknown>>

/** A folder with a people file, or none yet, and what an import into it says. */
function office(people?: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'dialback-import-'))
  const file = join(folder, 'people.json')
  if (people !== undefined) writeFileSync(file, typeof people === 'string' ? people : JSON.stringify(people))
  return {
    folder,
    file,
    text: () => readFileSync(file, 'utf8'),
    rows: () => JSON.parse(readFileSync(file, 'utf8')) as readonly Row[],
    /** Writes a CSV file and gives its path. */
    csv(text: string) {
      const path = join(folder, 'some.csv')
      writeFileSync(path, text)
      return path
    },
    imports(
      csv: string,
      options: Readonly<Record<string, string | true>> = {},
      env: Record<string, string> = {},
    ) {
      const [out, err]: [string[], string[]] = [[], []]
      const around = {
        env: { PEOPLE_FILE: file, COUNTRY: 'ES', ...env },
        out: (line: string) => void out.push(line),
        err: (line: string) => void err.push(line),
      }
      const code = peopleImport(csv, options, around)
      return { code, out: out.join('\n'), err: err.join('\n') }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const A = '11111111-aaaa-4aaa-8aaa-000000001001'
const B = '11111111-aaaa-4aaa-8aaa-000000001002'

suite('people import: exports', () => {
  test('of Microsoft 365: accounts, phones, and "ext. 1002" for an extension', () => {
    using at = office()
    const { code, out } = at.imports(sample('microsoft365.csv'))
    assert.equal(code, 0)
    assert.deepEqual(at.rows(), [
      {
        name: 'Alice Serrano',
        aadObjectId: A,
        email: 'alice@contoso.example',
        department: 'Management',
        phones: { desk: '+34 910 000 001', mobile: '+34 600 000 001' },
      },
      {
        name: 'Bob Marín',
        aadObjectId: B,
        email: 'bob.marin@contoso.example',
        department: 'Sales',
        extension: '1002',
      },
    ])
    assert.match(out, /left out: line 4: its account is blocked/)
    assert.match(out, /left out: line 5: Meeting Room 1 has neither a phone nor an extension/)
    assert.match(out, /2 new, 0 changed, 0 as they were, 2 left out\./)
  })

  test('of Entra ID: "id" is the object id, guests who may not sign in are left out', () => {
    using at = office()
    assert.equal(at.imports(sample('entra.csv')).code, 0)
    const [alice, ...more] = at.rows()
    assert.equal(alice?.['aadObjectId'], A)
    assert.deepEqual(more, [])
  })

  test('of FreePBX: "id" is no object id, and no secret gets through', () => {
    using at = office()
    const { code, out } = at.imports(sample('freepbx.csv'))
    assert.equal(code, 0)
    assert.deepEqual(at.rows(), [
      { name: 'Alice Serrano', email: 'alice@contoso.example', extension: '1001' },
      { name: 'Bob Marín', extension: '1002' },
      { name: 'Lobby, ground floor', extension: '1010' },
    ])
    assert.doesNotMatch(at.text() + out, /d41d8cd9|4711|9800998/)
  })

  test('of 3CX: a short number is an extension, the DID becomes international', () => {
    using at = office()
    const { code, out } = at.imports(sample('3cx.csv'))
    assert.equal(code, 0)
    assert.deepEqual(at.rows(), [
      {
        name: 'Alice Serrano',
        email: 'alice@contoso.example',
        department: 'Management',
        extension: '1001',
        did: '+34910000001',
        phones: { mobile: '600000001' },
      },
      { name: 'Bob Marín', email: 'bob.marin@contoso.example', extension: '1002' },
    ])
    assert.doesNotMatch(at.text() + out, /Zx9|4711/)
  })

  test('of a Spanish Excel: semicolons, Windows-1252, Nombre beside Apellidos', () => {
    using at = office()
    assert.equal(at.imports(sample('plain-excel-es.csv')).code, 0)
    assert.deepEqual(at.rows(), [
      {
        name: 'José María Aznárez Núñez',
        email: 'jm.aznarez@contoso.example',
        department: 'Dirección',
        extension: '1021',
        phones: { mobile: '600 000 021' },
        aliases: ['Chema', 'Pepe'],
      },
      {
        name: 'Begoña Ibáñez',
        department: 'Atención al cliente; Mañanas',
        extension: '1022',
        phones: { mobile: '600000022' },
      },
    ])
  })

  test('with tabs, in UTF-16', () => {
    using at = office()
    assert.equal(at.imports(sample('plain-tabs.csv')).code, 0)
    assert.deepEqual(
      at.rows().map(({ name }) => name),
      ['Γιώργος Παπαδόπουλος', '王小明'],
    )
  })

  test('each gives a file that the bot takes, and again changes nothing', () => {
    for (const name of readdirSync(samples).filter((one) => one !== 'faulty.csv')) {
      using at = office()
      assert.equal(at.imports(sample(name)).code, 0)
      assert.ok(!('faults' in parsePeople(at.text(), 'ES')), name)
      const before = at.text()
      const { code, out } = at.imports(sample(name))
      assert.equal(code, 0)
      assert.match(out, /^(?!new|changed)[^]*0 new, 0 changed[^]*is as it was\.$/, name)
      assert.equal(at.text(), before)
    }
  })

  test('of the PBX and of Microsoft together make one row a person', () => {
    using at = office()
    at.imports(sample('3cx.csv'))
    const { code, out } = at.imports(sample('microsoft365.csv'))
    assert.equal(code, 0)
    assert.match(out, /0 new, 2 changed/)
    assert.match(
      out,
      /changed: Alice Serrano \(line 2\): aadObjectId 1{8}-\S+, desk \+34 910 000 001, mobile 600000001 → \+34 600 000 001/,
    )
    assert.deepEqual(
      at.rows().map(({ aadObjectId, extension }) => [aadObjectId, extension]),
      [
        [A, '1001'],
        [B, '1002'],
      ],
    )
  })
})

suite('people import: into a file', () => {
  const csv =
    'name,extension,mobile,email,alias\nAlice S. Serrano,1001,600000001,ALICE@contoso.example,Ali\nEva Gil,1009,,,\n'

  test('what it does not know stays, and who is not in the CSV file as well', () => {
    const alice = {
      name: 'Alice Serrano',
      email: 'alice@contoso.example',
      phones: { desk: '+34910000001', fax: '1' },
      aliases: ['La jefa'],
      admin: true,
      ids: { directline: 'dl_alice' },
      costCentre: 7,
    }
    const zoe = { name: 'Zoë', extension: '1004' }
    using at = office({ people: [alice, zoe], groups: [{ name: 'Sales', members: ['Zoë'] }], note: 'ours' })
    const { code, out } = at.imports(at.csv(csv))
    assert.equal(code, 0)
    assert.deepEqual(JSON.parse(at.text()), {
      people: [
        {
          ...alice,
          name: 'Alice S. Serrano',
          extension: '1001',
          phones: { ...alice.phones, mobile: '600000001' },
          aliases: ['La jefa', 'Ali'],
        },
        zoe,
        { name: 'Eva Gil', extension: '1009' },
      ],
      groups: [{ name: 'Sales', members: ['Zoë'] }],
      note: 'ours',
    })
    assert.match(
      out,
      /changed: Alice Serrano \(line 2\): name Alice Serrano → Alice S\. Serrano, extension 1001/,
    )
    assert.match(out, /1 of the file that are not in the CSV file stay/)
  })

  test('--dry-run tells the same and writes nothing', () => {
    using at = office()
    const { code, out } = at.imports(at.csv(csv), { 'dry-run': true })
    assert.equal(code, 0)
    assert.match(out, /new: Eva Gil \(line 3\)/)
    assert.deepEqual(readdirSync(at.folder), ['some.csv'])
  })

  test('an extension that has gone to somebody else is told, not taken for the same person', () => {
    using at = office([{ name: 'Alice Serrano', email: 'alice@contoso.example', extension: '1001' }])
    const { code, err } = at.imports(at.csv('name,extension,email\nBob Marín,1001,bob@contoso.example\n'))
    assert.equal(code, 65)
    assert.match(err, /line 2: the extension 1001 is that of Alice Serrano in the file/)
  })

  test('a line that fits two people is told', () => {
    using at = office([
      { name: 'Alice', email: 'alice@contoso.example', extension: '1001' },
      { name: 'Bob', extension: '1002' },
    ])
    const { code, err } = at.imports(at.csv('name,extension,email\nAlice,1002,alice@contoso.example\n'))
    assert.equal(code, 65)
    assert.match(err, /line 2: the e-mail is that of Alice in the file, the extension 1002 that of Bob/)
  })

  test('its rights stay, and behind a link the file itself is written', () => {
    using at = office([{ name: 'Zoë', extension: '1004' }])
    chmodSync(at.file, 0o640)
    const link = join(at.folder, 'link.json')
    symlinkSync(at.file, link)
    assert.equal(at.imports(at.csv(csv), { to: link }).code, 0)
    assert.equal(statSync(at.file).mode & 0o777, 0o640)
    assert.ok(lstatSync(link).isSymbolicLink())
    assert.equal(at.rows().length, 3)
    assert.deepEqual(readdirSync(at.folder).sort(), ['link.json', 'people.json', 'some.csv'])
  })

  test('one that would be faulty is not written, though the CSV file is not to blame', () => {
    using at = office([{ name: 'Zoë', phones: { desk: '112' } }])
    const before = at.text()
    const { code, err } = at.imports(at.csv(csv))
    assert.equal(code, 65)
    assert.match(err, /Nothing is written: .* would be faulty then, at\n {2}\[0\]\.phones\.desk .* emergency/)
    assert.equal(at.text(), before)
  })

  test('one that is no JSON is told with its place', () => {
    using at = office('[{"name": }]')
    const { code, err } = at.imports(at.csv(csv))
    assert.equal(code, 65)
    assert.match(err, /people\.json cannot be read: line 1, column 11/)
  })
})

suite('people import: bad input', () => {
  const told = [
    /line 3: column "mobile": is neither a number nor an extension/,
    /line 5: has no name/,
    /line 6: the extension 1001 stands in line 2, too/,
    /line 7: column "extension": 112 is an emergency number/,
    /line 8: column "email": is not an e-mail address/,
    /line 10: a quotation mark stands where none may/,
  ]

  test('each bad line is told with its number and column, and nothing is written', () => {
    using at = office()
    const { code, err } = at.imports(sample('faulty.csv'))
    assert.equal(code, 65)
    const lines = err.split('\n')
    for (const [i, line] of told.entries()) assert.match(lines[i] ?? '', line)
    assert.match(lines.at(-1) ?? '', /Nothing is written, since 6 lines cannot be used/)
    assert.throws(() => at.text(), /ENOENT/)
  })

  test('--skip-faulty takes the others', () => {
    using at = office()
    assert.equal(at.imports(sample('faulty.csv'), { 'skip-faulty': true }).code, 0)
    assert.deepEqual(
      at.rows().map(({ name }) => name),
      ['Alice Serrano', 'Fran Rey', 'Hal Oz'],
    )
  })

  const refused: readonly (readonly [what: string, csv: string, says: RegExp])[] = [
    ['an empty file', '', /has nothing in it/],
    ['no header', 'Alice,1001\nBob,1002\n', /no column of names/],
    ['names alone', 'name,city\nAlice,Madrid\n', /no column of extensions/],
    ['a quotation mark without end', 'name,extension\n"Alice,1001\nBob,1002\n', /opened and never closed/],
    ['an address with a line break', 'name,extension,email\nAlice,1001,"a@b.c\r\nX: y"\n', /column "email"/],
  ]
  for (const [what, text, says] of refused)
    test(`${what} is told, exit 65`, () => {
      using at = office()
      const { code, err } = at.imports(at.csv(text))
      assert.equal(code, 65)
      assert.match(err, says)
    })

  test('what is not there, or cannot be written, or is not set has an exit code of its own', () => {
    using at = office()
    const csv = at.csv('name,extension\nAlice,1001\n')
    assert.equal(at.imports(join(at.folder, 'nothing.csv')).code, 66)
    assert.equal(at.imports(csv, { to: join(at.folder, 'no', 'such', 'people.json') }).code, 73)
    assert.equal(at.imports(csv, {}, { PEOPLE_FILE: '' }).code, 78)
    assert.equal(at.imports(csv, {}, { COUNTRY: '' }).code, 78)
    assert.equal(at.imports(csv, {}, { COUNTRY: 'Spain' }).code, 78)
    assert.equal(at.imports(csv, { country: 'ES' }, { COUNTRY: '' }).code, 0)
    assert.equal(at.imports(csv, {}, { COUNTRY: '', CALLER_ID: '+34900100200' }).code, 0)
  })

  test('signs that nobody sees are left out of names', () => {
    using at = office()
    assert.equal(at.imports(at.csv('name,extension\n\u202EAlice\u200B  Serrano,1001\n')).code, 0)
    assert.equal(at.rows()[0]?.['name'], 'Alice Serrano')
  })
})

test('npm run dialback -- people import', () => {
  using at = office()
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
  const args = [main, 'people', 'import', sample('3cx.csv'), '--to', at.file, '--country', 'ES']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} })
  assert.deepEqual([status, stderr], [0, ''])
  assert.match(stdout, /2 new/)
  assert.equal(at.rows().length, 2)
})
