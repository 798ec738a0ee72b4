import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { Command, Given } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/commands.ts'
import { runCommand } from '../../src/cli/run.ts'

/** Types words at a table of three commands. */
async function typed(...words: string[]) {
  const ran: [name: string, given: Given][] = []
  const [out, err]: [string[], string[]] = [[], []]
  const command = (name: string, more: Partial<Command> = {}): Command => ({
    name,
    summary: `does what ${name} does`,
    run: (given) => {
      ran.push([name, given])
      return Promise.resolve(name === 'look' ? 3 : undefined)
    },
    ...more,
  })
  const table = [
    command('go'),
    command('look', {
      options: { at: { value: '<thing>', help: 'what to look at' }, long: { help: 'takes its time' } },
    }),
    command('people import', { operands: ['<file>'] }),
  ]
  const code = await runCommand(words, table, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  })
  return { code, ran, out: out.join('\n'), err: err.join('\n') }
}

const none = { operands: [], options: {} }

suite('the command line', () => {
  test('runs the first command where none is named, and goes on with it', async () => {
    assert.deepEqual(await typed(), { code: undefined, ran: [['go', none]], out: '', err: '' })
    assert.deepEqual((await typed('go')).ran, [['go', none]])
  })

  test('gives a command its options and operands, and ends with its code', async () => {
    const look = await typed('look', '--at', 'moon', '--long')
    assert.equal(look.code, 3)
    assert.deepEqual(look.ran, [['look', { operands: [], options: { at: 'moon', long: true } }]])
    assert.deepEqual((await typed('--long', 'look', '--at=moon')).ran, look.ran.toReversed())
    const { ran } = await typed('people', 'import', 'a.csv')
    assert.deepEqual(ran, [['people import', { operands: ['a.csv'], options: {} }]])
  })

  const slips: readonly (readonly [words: string, says: RegExp])[] = [
    ['lok', /no command "lok"\. Did you mean look\?/],
    ['LOOK', /no command "LOOK"\. Did you mean look\?/],
    ['pepole import x', /no command "pepole"\. Did you mean people import\?/],
    ['xyz', /no command "xyz"\.\n/],
    ['people', /"people" alone is no command: people import\./],
    ['people import', /people import needs <file>: .* people import <file>/],
    ['people import a b', /does not take "b"/],
    ['look --log', /look has no option --log\. Did you mean --long\?/],
    ['go --at x', /go has no option --at\./],
    ['look --at', /--at needs a value: --at <thing>/],
    ['look --at --long', /--at needs a value/],
    ['look --long=yes', /--long takes no value/],
    ['--hepl', /no option --hepl\. Did you mean --help\?/],
  ]
  for (const [words, says] of slips)
    test(`"${words}": nothing is run, and a sentence says why`, async () => {
      const { code, ran, out, err } = await typed(...words.split(' '))
      assert.equal(code, 64)
      assert.deepEqual(ran, [])
      assert.equal(out, '')
      assert.match(err, says)
      assert.match(err, /All commands: npm run dialback -- --help/)
    })

  test('shows every command in its help, and every option in that of its command', async () => {
    const all = await typed('--help')
    assert.equal(all.code, 0)
    for (const line of [/^ {2}go /m, /^ {2}look /m, /^ {2}people import <file> /m, /^ {2}--version /m])
      assert.match(all.out, line)
    assert.deepEqual(all.ran, [])
    for (const words of [
      ['look', '--help'],
      ['-h', 'look'],
    ]) {
      const look = await typed(...words)
      assert.match(look.out, /^npm run dialback -- look \[--at <thing>\] \[--long\]$/m)
      assert.match(look.out, /^ {2}--at <thing> {2}what to look at$/m)
    }
    assert.match((await typed('people', 'import', '--help')).out, /people import <file>/)
  })

  test('begins with the bot itself, and names nothing twice', () => {
    const names = commands.map(({ name }) => name)
    assert.equal(names[0], 'start')
    assert.equal(new Set(names).size, names.length)
  })
})

test('npm run dialback -- with a slip of the pen starts no bot, and ends with 64', () => {
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, 'strat'], { encoding: 'utf8' })
  assert.equal(status, 64, stderr)
  assert.equal(stdout, '')
  assert.match(stderr, /Did you mean start\?/)
  const version = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' })
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
})
