import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { E164 } from '../../src/core/ids.ts'
import { directoryOf } from '../../src/directory/people.ts'
import { names, person } from './people.ts'

const alice = person('Alice Serrano', {
  aadObjectId: 'AAD-1',
  email: 'Alice@Contoso.example',
  extension: '1001',
  phones: { desk: '+34910000001', mobile: '600 00 00 01' },
  aliases: ['Ali'],
  ids: { directline: 'dl_alice' },
})
const giorgos = person('Γιώργος Παπαδόπουλος')
const people = [
  alice,
  person('Bob Marín', {
    extension: '1002',
    phones: { desk: '+34 910 000 002' },
    email: 'bmarin@contoso.example',
  }),
  person('Roberto Bob Díaz', { extension: '1003', phones: { desk: '1003' }, did: '+34911000003' as E164 }),
  person('Zoë Ørsted', { extension: '1004', phones: { desk: '910000004' } }),
  person('Jürgen Groß', { phones: { desk: 'jgross' } }),
  person('Łukasz Żółw', { aliases: ['Lucky Luke'] }),
  person("Sinéad O'Brien"),
  person('Ana Bobadilla'),
  person('María del Carmen Núñez', { email: 'maria@contoso.example' }),
  person('María Núñez', { email: 'maria@other.example' }),
  giorgos,
  person('Ευάγγελος Αυγερινός'),
  person('Александр Щербаков'),
  person('Юрий Андреевич Живаго'),
  person('王小明', { aliases: ['Daniel Wang'] }),
  person('김민수'),
  person('José María Aznárez'),
  person('Francisco Pérez'),
  person('Robert Miller'),
]
const directory = directoryOf(people, 'ES')
const find = async (query: string) => names((await directory.find(query)).fitting)
const guess = async (query: string) => names((await directory.find(query)).guessed)

const searches: [typed: string, found: string[], why: string][] = [
  ['Bob Marín', ['Bob Marín'], 'the whole name'],
  ['bob marin', ['Bob Marín'], 'without case and accents'],
  ['  MARIN,  bob ', ['Bob Marín'], 'the words in another order'],
  ['bob', ['Bob Marín', 'Ana Bobadilla', 'Roberto Bob Díaz'].sort(), 'every word that begins so: ambiguous'],
  ['Γιώργος', ['Γιώργος Παπαδόπουλος'], 'its own letters'],
  ['ΓΙΩΡΓΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ', ['Γιώργος Παπαδόπουλος'], 'capitals, whose last s is another letter'],
  ['Giorgos', ['Γιώργος Παπαδόπουλος'], 'Greek in Latin letters'],
  ['giorgos papadopoulos', ['Γιώργος Παπαδόπουλος'], 'all of it, ου as ou'],
  ['yiorgos', ['Γιώργος Παπαδόπουλος'], 'another way to spell it'],
  ['evangelos avgerinos', ['Ευάγγελος Αυγερινός'], 'ευ as ev, γγ as ng, αυ as av'],
  ['aleksandr', ['Александр Щербаков'], 'Cyrillic in Latin letters'],
  ['alexandr scherbakov', ['Александр Щербаков'], 'two ways to spell in one name'],
  ['scherbakov', ['Александр Щербаков'], 'щ as sch'],
  ['yuri zhivago', ['Юрий Андреевич Живаго'], 'й left out'],
  ['yuriy zhivago', ['Юрий Андреевич Живаго'], 'words of it'],
  ['wang xiaoming', ['王小明'], 'Chinese by pinyin'],
  ['Xiaoming Wang', ['王小明'], 'the given name first'],
  ['xiao ming', ['王小明'], 'by syllables'],
  ['wangxiaoming', ['王小明'], 'without gaps'],
  ['王小明', ['王小明'], 'Chinese'],
  ['daniel', ['王小明'], 'an alias'],
  ['minsu', ['김민수'], 'Korean'],
  ['Роберт', ['Robert Miller', 'Roberto Bob Díaz'], 'a Latin name in Cyrillic letters'],
  ['bob d', ['Roberto Bob Díaz'], 'every word typed begins a word'],
  ['rob dí', ['Roberto Bob Díaz'], 'parts of both'],
  ['erto', [], 'the middle of a word is no beginning'],
  ['bob serrano', [], 'one word of two people'],
  ['zoe', ['Zoë Ørsted'], 'a letter with dots'],
  ['orsted', ['Zoë Ørsted'], 'Ø as o'],
  ['oersted', ['Zoë Ørsted'], 'Ø as oe'],
  ['jurgen gross', ['Jürgen Groß'], 'ü as u, ß as ss'],
  ['juergen', ['Jürgen Groß'], 'ü as ue'],
  ['lukasz zolw', ['Łukasz Żółw'], 'Ł as l'],
  ['obrien', ["Sinéad O'Brien"], 'no apostrophe'],
  ['o’brien', ["Sinéad O'Brien"], 'another apostrophe'],
  ['brien', ["Sinéad O'Brien"], 'what stands after the apostrophe'],
  ['ali', ['Alice Serrano'], 'a whole alias wins over parts'],
  ['luke', ['Łukasz Żółw'], 'a word of an alias'],
  ['lukasz luke', ['Łukasz Żółw'], 'words of name and alias together'],
  ['maria nunez', ['María Núñez'], 'a whole name wins over parts'],
  ['maria', ['José María Aznárez', 'María del Carmen Núñez', 'María Núñez'], 'all of them'],
  ['1002', ['Bob Marín'], 'an extension'],
  ['100', [], 'part of an extension is none'],
  ['+34910000001', ['Alice Serrano'], 'a number as it stands'],
  ['910 00 00 01', ['Alice Serrano'], 'the same, national'],
  ['0034 910-000-002', ['Bob Marín'], 'the same, with 00'],
  ['+34 600 000 001', ['Alice Serrano'], 'a mobile that stands there as a national number'],
  ['+34 910000004', ['Zoë Ørsted'], 'a desk number that stands there as a national number'],
  ['911000003', ['Roberto Bob Díaz'], 'the direct number'],
  ['jgross', ['Jürgen Groß'], 'an extension of letters'],
  ['alice@contoso.example', ['Alice Serrano'], 'an e-mail'],
  ['bmarin', ['Bob Marín'], 'the local part of an e-mail, where no name begins so'],
  ['nobody', [], 'a stranger'],
  ['', [], 'nothing'],
  ['   ', [], 'only space'],
  ['?!', [], 'no letters'],
  ['x'.repeat(100_000), [], 'far too much'],
]
for (const [typed, found, why] of searches)
  test(`"${typed.slice(0, 40)}" finds ${found.join(', ') || 'nobody'}: ${why}`, async () => {
    assert.deepEqual((await find(typed)).sort(), [...found].sort())
  })

const guesses: [typed: string, found: string[], why: string][] = [
  ['rbd', ['Roberto Bob Díaz'], 'initials'],
  ['R.B.D.', [], 'letters that begin words are no guess'],
  ['bm', ['Bob Marín'], 'initials of two'],
  ['mcn', ['María del Carmen Núñez'], 'initials without what stands between'],
  ['mdcn', ['María del Carmen Núñez'], 'and with it'],
  ['gp', ['Γιώργος Παπαδόπουλος'], 'initials in Latin letters'],
  ['bmx', [], 'initials of nobody'],
  ['pepe', ['José María Aznárez'], 'a short form'],
  ['chema', ['José María Aznárez'], 'a short form of two words'],
  ['Pepe Aznárez', ['José María Aznárez'], 'a short form and a literal word'],
  ['Pepe Pérez', [], 'a short form of one, a word of another'],
  ['paco', ['Francisco Pérez'], 'a short form'],
  ['bob', [], 'somebody is called that: no guess is needed'],
  ['bobby', ['Robert Miller'], 'a short form in English'],
  ['Alexander', ['Александр Щербаков'], 'the same name in another language'],
  ['alicia', [], 'a name of nobody'],
]
for (const [typed, found, why] of guesses)
  test(`"${typed}" may mean ${found.join(', ') || 'nobody else'}: ${why}`, async () => {
    assert.deepEqual((await guess(typed)).sort(), [...found].sort())
  })

test('who is guessed stands beside those of whom the word only begins a word', async () => {
  const some = directoryOf([person('Bobadilla Ana'), person('Robert Miller'), person('Bob Ek')], 'ES')
  assert.deepEqual(names((await some.find('bob m')).fitting), [])
  const few = directoryOf([person('Ana Bobadilla'), person('Robert Miller')], 'ES')
  const { fitting, guessed } = await few.find('bob')
  assert.deepEqual([names(fitting), names(guessed)], [['Ana Bobadilla'], ['Robert Miller']])
})

test('whole words come before parts', async () => {
  assert.deepEqual(await find('bob'), ['Bob Marín', 'Roberto Bob Díaz', 'Ana Bobadilla'])
})

test('people of the same name stay ambiguous', async () => {
  const twins = directoryOf([person('Eva Gil'), person('Eva Gil'), person('Eva Gilabert')], 'ES')
  assert.equal((await twins.find('eva gil')).fitting.length, 2)
})

test('a number that several people share finds them all', async () => {
  const shared = directoryOf(
    [person('A', { phones: { desk: '2000' } }), person('B', { phones: { desk: '2000' } })],
    'ES',
  )
  assert.equal((await shared.find('2000')).fitting.length, 2)
  assert.equal((await shared.byNumber('2000'))?.name, 'A')
})

test('a person is found by each of their ids', async () => {
  assert.equal(await directory.byId(alice.id), alice)
  assert.equal(await directory.byAadObjectId('aad-1'), alice)
  assert.equal(await directory.byEmail('alice@CONTOSO.example'), alice)
  assert.equal(await directory.byChannelId('directline', 'dl_alice'), alice)
  assert.equal(await directory.byNumber('910000001'), alice)
  assert.equal(await directory.byNumber('1001'), alice)
})

test('its administrators are those whom it calls so', async () => {
  const people = [person('A'), person('B', { admin: true }), person('C', { admin: true })]
  const found = await directoryOf(people, 'ES').admins()
  assert.deepEqual(
    found.map(({ name }) => name),
    ['B', 'C'],
  )
})

test("what is somebody else's finds nobody", async () => {
  assert.equal(await directory.byChannelId('msteams', 'dl_alice'), undefined)
  assert.equal(
    await directory.byChannelId('directline', 'DL_ALICE'),
    undefined,
    'a sender id is taken letter by letter',
  )
  assert.equal(await directory.byAadObjectId(''), undefined)
  assert.equal(await directory.byNumber('112'), undefined)
  assert.equal(await directory.byNumber(''), undefined)
})

const nearby: [typed: string, near: string[]][] = [
  ['Alise Serano', ['Alice Serrano']],
  ['Robrto', ['Roberto Bob Díaz']],
  ['Bob Marni', ['Bob Marín']],
  ['Zeo', ['Zoë Ørsted']],
  ['Wolfgang Amadeus', []],
  ['Nobody Atall', []],
  ['', []],
]
for (const [typed, near] of nearby)
  test(`near to "${typed}" is ${near.join(', ') || 'nobody'}`, async () => {
    const found = names(await directory.near(typed))
    assert.deepEqual(found.slice(0, near.length), near)
    if (near.length === 0) assert.deepEqual(found, [])
  })
