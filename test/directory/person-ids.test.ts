import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { personId } from '../../src/core/ids.ts'
import { parsePeople } from '../../src/directory/people-file.ts'
import { directoryOf } from '../../src/directory/people.ts'
import { keepIds } from '../../src/directory/person-ids.ts'
import { atOnce } from '../../src/directory/slices.ts'

type Row = Record<string, unknown>
function parsed(rows: readonly Row[]) {
  const file = parsePeople(JSON.stringify(rows), 'ES')
  assert.ok(!('faults' in file), JSON.stringify(file))
  return file.people
}
/** Reads the versions of a file one after the other. */
const afterEdits = (...versions: readonly (readonly Row[])[]) =>
  versions.map(parsed).reduce((before, people) => atOnce(keepIds(people, before)))

const alice = { name: 'Alice', extension: '1001' }
const desk = { phones: { desk: '+34910000001' } }
const mobile = { phones: { mobile: '+34600000001' } }

describe('a person keeps the id over an edit of the file', () => {
  const rows: readonly (readonly [edit: string, before: Row, after: Row, id: string])[] = [
    ['an account is added', alice, { ...alice, aadObjectId: 'A1' }, 'ext:1001'],
    ['an e-mail is added', alice, { ...alice, email: 'a@x.y' }, 'ext:1001'],
    [
      'an account is added to an e-mail',
      { ...alice, email: 'a@x.y' },
      { ...alice, email: 'a@x.y', aadObjectId: 'A1' },
      'a@x.y',
    ],
    ['an extension is added', { name: 'Alice', ...desk }, { ...alice, ...desk }, 'tel:+34910000001:alice'],
    [
      'a desk phone is added',
      { name: 'Alice', ...mobile },
      { name: 'Alice', phones: { ...desk.phones, ...mobile.phones } },
      'tel:+34600000001:alice',
    ],
    ['an account is taken out', { ...alice, aadObjectId: 'A1' }, alice, 'a1'],
    ['the name changes', { ...alice, email: 'a@x.y' }, { ...alice, email: 'a@x.y', name: 'Alicia' }, 'a@x.y'],
    [
      'name and e-mail change, the account stays',
      { ...alice, aadObjectId: 'A1', email: 'a@x.y' },
      { name: 'B', ...desk, aadObjectId: 'a1', email: 'b@x.y' },
      'a1',
    ],
    ['the e-mail changes', { ...alice, email: 'a@x.y' }, { ...alice, email: 'b@x.y' }, 'a@x.y'],
    ['the extension changes', { ...alice, ...desk }, { ...alice, ...desk, extension: '1009' }, 'ext:1001'],
    [
      'the number is written otherwise',
      { name: 'Alice', ...desk },
      { name: 'Alice', phones: { desk: '+34 910 000 001' } },
      'tel:+34910000001:alice',
    ],
    [
      'it is somebody else at the extension',
      { ...alice, email: 'a@x.y' },
      { name: 'Bob', extension: '1001', email: 'b@x.y' },
      'b@x.y',
    ],
    [
      'it is another account with the address',
      { ...alice, email: 'a@x.y', aadObjectId: 'A1' },
      { ...alice, email: 'a@x.y', aadObjectId: 'A2' },
      'a2',
    ],
  ]
  for (const [edit, before, after, id] of rows)
    it(edit, () => {
      assert.deepEqual(
        afterEdits([before], [after]).map((person) => person.id),
        [id],
      )
    })
})

test('the id stays over many edits, and the rest of the row is the new one', () => {
  const [person] = afterEdits(
    [alice],
    [{ ...alice, email: 'a@x.y' }],
    [{ name: 'Alice M', email: 'a@x.y', ...desk }],
  )
  assert.deepEqual(person, {
    ...parsed([{ name: 'Alice M', email: 'a@x.y', ...desk }])[0],
    id: 'ext:1001',
  })
})

test('the stronger key decides whose the id is, and no two people have one', () => {
  const before = [{ ...alice, email: 'a@x.y' }]
  const after = [
    { name: 'Bob', extension: '1001' },
    { name: 'Alice', email: 'a@x.y', extension: '1002' },
  ]
  assert.deepEqual(
    afterEdits(before, after).map(({ id }) => id),
    ['ext:1001', 'a@x.y'],
  )
})

test('an id that somebody still goes by is not given to who has its key now', () => {
  const before = [{ name: 'Alice', ...desk, email: 'info@x.y' }]
  const moved = [
    { name: 'Alice', ...desk, email: 'a@x.y' },
    { name: 'Bob', ...mobile, email: 'info@x.y', aadObjectId: 'B1' },
  ]
  const account = [
    { name: 'Alice', ...desk, email: 'a@x.y', aadObjectId: 'A1' },
    { name: 'Bob', ...mobile, email: 'info@x.y' },
  ]
  assert.deepEqual(
    afterEdits([{ ...before[0], aadObjectId: 'A1' }], moved).map(({ id }) => id),
    ['a1', 'b1'],
  )
  const first = atOnce(keepIds(parsed(before), []))
  const named = atOnce(
    keepIds(parsed([{ name: 'Alice', ...desk, email: 'info@x.y', aadObjectId: 'A1' }]), first),
  )
  assert.deepEqual(
    atOnce(keepIds(parsed(account), named)).map(({ id }) => id),
    ['info@x.y', 'info@x.y~2'],
  )
})

test('two people of one name at one desk are not mixed up', () => {
  const twins = [
    { name: 'Ana', extension: '1001', ...desk },
    { name: 'Ana', extension: '1002', ...desk },
  ]
  const after = twins.map((row, i) => ({ ...row, extension: `200${i}` }))
  assert.deepEqual(
    afterEdits(twins, after).map(({ id }) => id),
    ['ext:2000', 'ext:2001'],
  )
})

test('an id from before a restart finds the person by any key that the row has now', async () => {
  const directory = directoryOf(
    parsed([
      { ...alice, aadObjectId: 'A1', email: 'A@x.y', ...desk },
      { name: 'Bob', ...desk, email: 'b@x.y' },
    ]),
    'ES',
  )
  for (const id of ['a1', 'A@X.Y', 'ext:1001', 'tel:+34910000001:alice'])
    assert.equal((await directory.byId(personId(id)))?.name, 'Alice', id)
  for (const id of ['1001', 'ext:1002', 'tel:+34910000001:carol', ''])
    assert.equal(await directory.byId(personId(id)), undefined, id)
})

test('a key that two people share finds neither', async () => {
  const twins = parsed([
    { name: 'Ana', extension: '1', ...desk },
    { name: 'Ana', extension: '2', ...desk },
  ])
  assert.equal(await directoryOf(twins, 'ES').byId(personId('tel:+34910000001:ana')), undefined)
})
