import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directories } from '../../src/directory/directories.ts'
import { directoryOf } from '../../src/directory/people.ts'
import { names, person } from './people.ts'

const told: string[] = []
const quiet = () => undefined
const log = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (_: object, message: string) => void told.push(message),
}

const file = directoryOf([person('Bob Marín', { email: 'bob@a.example', extension: '1' })], 'ES')
const graph = directoryOf(
  [
    person('Robert Marin', { email: 'BOB@a.example', aadObjectId: 'A-2' }),
    person('Bob Stone', { aadObjectId: 'A-1', extension: '1' }),
  ],
  'ES',
)

test('what fits people of several sources stays ambiguous; who stands in two is one', async () => {
  const both = directories([file, graph], { admins: [], log })
  assert.deepEqual(names(await both.find('bob')), ['Bob Marín', 'Bob Stone'])
  assert.deepEqual(names(await both.find('bob@a.example')), ['Bob Marín'])
})

test('the first source that knows a key has the word', async () => {
  const both = directories([file, graph], { admins: [], log })
  assert.equal((await both.byNumber('1'))?.name, 'Bob Marín')
  assert.equal((await both.byEmail('bob@a.example'))?.name, 'Bob Marín')
  assert.equal((await both.byAadObjectId('a-2'))?.name, 'Robert Marin')
  assert.equal(await both.byAadObjectId('a-3'), undefined)
})

test('ADMINS are administrators, whatever a source says', async () => {
  const both = directories([file, graph], { admins: ['a-1'], log })
  assert.equal((await both.byAadObjectId('A-1'))?.admin, true)
  assert.deepEqual(
    (await both.find('bob')).map(({ admin }) => admin),
    [false, true],
  )
})

test('a source that fails is told and passed over', async () => {
  const broken = new Proxy(file, { get: () => () => Promise.reject(new Error('down')) })
  const rest = directories([broken, graph], { admins: [], log })
  assert.equal((await rest.byNumber('1'))?.name, 'Bob Stone')
  assert.deepEqual(names(await rest.find('stone')), ['Bob Stone'])
  assert.deepEqual(await rest.near('Bob Stnoe'), ['Bob Stone'])
  assert.equal(told.length, 3)
})
