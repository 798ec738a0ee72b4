import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePeople } from '../../src/directory/people-file.ts'

const row = { name: 'Alice', phones: { desk: '+34910000001' } }
function parsed(content: unknown) {
  const file = parsePeople(JSON.stringify(content), 'ES')
  assert.ok(!('faults' in file), JSON.stringify(file))
  return file
}
function faultsOf(text: string): string[] {
  const file = parsePeople(text, 'ES')
  return 'faults' in file ? file.faults.map(({ place, problem }) => `${place}: ${problem}`) : []
}

test('a name and one phone are enough', () => {
  assert.deepEqual(parsed([row]).people, [
    {
      id: 'tel:+34910000001:alice',
      name: 'Alice',
      ids: {},
      phones: { desk: '+34910000001' },
      aliases: [],
      admin: false,
    },
  ])
})

test('everything that a row may have is kept', () => {
  const full = {
    aadObjectId: '11111111-AAAA-4aaa-8aaa-000000000001',
    ids: { directline: 'dl_alice' },
    name: 'Alice Serrano',
    email: 'alice@contoso.example',
    department: 'Sales',
    extension: '1001',
    phones: { desk: '1001', mobile: '+34 600 000 001' },
    did: '+34 911 000 001',
    aliases: ['Ali'],
    admin: true,
  }
  assert.deepEqual(parsed([full]).people, [
    { ...full, id: full.aadObjectId.toLowerCase(), did: '+34911000001' },
  ])
})

test('groups are read, in the form that has them', () => {
  const { people, groups } = parsed({
    people: [row],
    groups: [{ name: 'Sales', members: ['Alice'], ring: 'turn' }, { name: 'All' }],
  })
  assert.equal(people.length, 1)
  assert.deepEqual(groups, [
    { name: 'Sales', members: ['Alice'], ring: 'turn' },
    { name: 'All', members: [], ring: 'all' },
  ])
})

test('a person stays the same person over renames: by aadObjectId, else e-mail, else extension', () => {
  const id = (over: object) => parsed([{ ...row, ...over }]).people[0]?.id
  assert.equal(id({ aadObjectId: 'AB', email: 'a@b.c', extension: '1' }), 'ab')
  assert.equal(id({ email: 'A@b.c', extension: '1001' }), 'a@b.c')
  assert.equal(id({ extension: '1001' }), 'ext:1001')
})

test('null is nothing, and a byte order mark is no fault', () => {
  assert.equal(parsed([{ ...row, email: null, did: null }]).people.length, 1)
  assert.ok(!('faults' in parsePeople(`\uFEFF${JSON.stringify([row])}`, 'ES')))
})

const jsonFaults: [text: string, told: string][] = [
  ['[\n  {"name": "A" "phones": {}}\n]', 'line 2, column 16: expected a comma or }, found "\\""'],
  ['[{"name": "A"},]', 'line 1, column 16: expected a value, found "]"'],
  ["[{'name': 1}]", 'line 1, column 3: expected a field name in double quotes, found "\'"'],
  ['[{"name": "A}]\n', 'line 1, column 11: this text has no closing double quote on its line'],
  ['[{"name": Alice}]', 'line 1, column 11: "Alice" is not a value'],
  ['[{"name": "C:\\dir"}]', 'line 1, column 14: this escape is not known; write \\\\ for a backslash'],
  ['[1] [2]', 'line 1, column 5: there is more text after the end of the JSON'],
  ['[', 'line 1, column 2: expected a value, found the end of the file'],
  ['', 'line 1, column 1: expected a value, found the end of the file'],
  ['[{"a" 1}]', 'line 1, column 7: expected a colon after the field name, found "1"'],
  ['[\n01]', 'line 2, column 1: "01" is not a value'],
]
for (const [text, told] of jsonFaults)
  test(`broken JSON is told with line and column: ${told}`, () => {
    assert.deepEqual(faultsOf(text), [told])
  })

test('JSON that is nested without end is a fault, not a crash', () => {
  assert.match(faultsOf('['.repeat(100_000)).join(), /nested too deep/)
})

const contentFaults: [content: unknown, told: RegExp][] = [
  ['text', /the whole file/],
  [[{ phones: { desk: '1' } }], /^\[0\]\.name /],
  [[row, { ...row, name: 7 }], /^\[1\]\.name \(line 1, column \d+\): expected string, received number$/],
  [[{ ...row, phones: { desk: 34910000001 } }], /^\[0\]\.phones\.desk /],
  [[{ ...row, phones: { desk: 'ring me' } }], /is neither a number nor an extension/],
  [[{ ...row, phones: { desk: '+34910\r\nX-Evil: 1' } }], /\[0\]\.phones\.desk/],
  [[{ ...row, name: 'A\r\nB' }], /line break or control character/],
  [[{ ...row, email: 'alice' }], /is not an e-mail address/],
  [[{ ...row, did: '900' }], /did .*international form/],
  [[{ ...row, admin: 'yes' }], /\[0\]\.admin/],
  [[{ ...row, aliases: 'Ali' }], /\[0\]\.aliases/],
  [[{ name: 'Alice' }], /Alice has neither a phone nor an extension/],
  [{ people: [row], groups: [{ name: 'S', ring: 'both' }] }, /^groups\[0\]\.ring /],
  [
    { people: [row, { ...row, phones: { desk: '112' } }] },
    /^people\[1\]\.phones\.desk .*112 is an emergency number/,
  ],
]
for (const [content, told] of contentFaults)
  test(`what does not fit is told with its field: ${told.source}`, () => {
    const [first = 'no fault'] = faultsOf(JSON.stringify(content))
    assert.match(first, told)
  })

test('an emergency number is nobody’s number, in whatever form', () => {
  const disguised = [
    '0112',
    '*112',
    '00112',
    '000112',
    '*112#',
    '**0112',
    '0-112',
    '(0) 112',
    '0911',
    '0091',
    '00034112',
  ]
  for (const number of ['112', '911', '+34 112', '061', '1-1-2', ...disguised])
    assert.match(faultsOf(JSON.stringify([{ ...row, phones: { desk: number } }])).join(), /emergency/, number)
  for (const extension of ['091', '0112', '*112'])
    assert.match(faultsOf(JSON.stringify([{ ...row, extension }])).join(), /emergency/, extension)
  for (const number of ['9112', '9911', '1120', '01120', 'room112', '0112 345 678', '*21'])
    assert.equal(parsed([{ ...row, phones: { desk: number } }]).people.length, 1, number)
  // 1002 is a short number in Spain, 1121 begins as one for help: both are extensions here.
  for (const extension of ['1002', '1121', '9112'])
    assert.equal(parsed([{ ...row, extension }]).people.length, 1)
})

test('what belongs to one person only is told where it stands twice', () => {
  const told = faultsOf(
    JSON.stringify([
      {
        ...row,
        name: 'Alice',
        aadObjectId: 'X',
        email: 'a@b.c',
        extension: '1001',
        ids: { directline: 'dl_1' },
      },
      {
        ...row,
        name: 'Bob',
        aadObjectId: 'x',
        email: 'A@B.C',
        extension: '1001',
        ids: { directline: 'dl_1', emulator: 'dl_1' },
      },
    ]),
  )
  assert.deepEqual(
    told.map((fault) => fault.replace(/ \(line.*?\)/, '')),
    [
      '[1].aadObjectId: x is also that of Alice (row 0)',
      '[1].email: A@B.C is also that of Alice (row 0)',
      '[1].extension: 1001 is also that of Alice (row 0)',
      '[1].ids.directline: dl_1 is also that of Alice (row 0)',
    ],
  )
})

test('a shared desk phone is no fault', () => {
  assert.equal(
    parsed([
      { ...row, email: 'a@b.c' },
      { ...row, email: 'd@e.f', name: 'Bob' },
    ]).people.length,
    2,
  )
})

test('a field that is not known is told, and does no harm', () => {
  const { people, warnings } = parsed([{ ...row, extention: '1001', phones: { desk: '1', fax: '2' } }])
  assert.equal(people.length, 1)
  assert.deepEqual(
    warnings.map(({ place }) => place.replace(/ \(.*/, '')),
    ['[0].extention', '[0].phones.fax'],
  )
})

test('all faults are told at once', () => {
  assert.equal(
    faultsOf(
      JSON.stringify([
        { ...row, name: '' },
        { ...row, email: 'x' },
        { ...row, did: 'y' },
      ]),
    ).length,
    3,
  )
})
