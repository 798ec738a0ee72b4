/** From what was typed to the command that is run: help and version, and a hint for who has mistyped. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { distance } from '../directory/distance.ts'
import type { Command, Given, Option } from './command.ts'

/** sysexits.h EX_USAGE: what was typed is no command. */
export const USAGE = 64

const CALLED = 'npm run dialback --'
/** They go with every command. */
const COMMON: Readonly<Record<string, Option>> = {
  help: { help: 'shows this, or the help of the command that it stands beside' },
  version: { help: 'shows the version' },
}

export type Screen = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** What was typed is no command; the message is for who typed it. */
class Mistyped extends Error {}

/**
 * Runs the command that these words name; without any, the first of the table.
 * @returns the exit code; undefined where the command goes on, or has set one itself
 */
export async function runCommand(
  typed: readonly string[],
  commands: readonly Command[],
  screen: Screen,
): Promise<number | undefined> {
  try {
    const command = commandOf(typed, commands)
    const { operands, options } = given(typed, command)
    if ('version' in options) screen.out(version())
    else if ('help' in options) screen.out(command ? helpOf(command) : help(commands))
    else return (await (command ?? first(commands)).run({ operands, options })) ?? undefined
    return 0
  } catch (fault) {
    if (!(fault instanceof Mistyped)) throw fault
    screen.err(`${fault.message}\nAll commands: ${CALLED} --help`)
    return USAGE
  }
}

function first([command]: readonly Command[]): Command {
  if (!command) throw new Error('there is no command')
  return command
}

/** The command whose words come first; undefined where none was typed. @throws Mistyped */
function commandOf(typed: readonly string[], commands: readonly Command[]): Command | undefined {
  const from = typed.findIndex((word) => !word.startsWith('-'))
  if (from < 0) return undefined
  const words = typed.slice(from)
  const fits = (command: Command) => namesOf(command).every((word, i) => words[i] === word)
  // `people import` goes before `people`, should both be there.
  const found = commands.filter(fits).sort((a, b) => namesOf(b).length - namesOf(a).length)[0]
  if (found) return found
  const [word = ''] = words
  const within = commands.filter((command) => namesOf(command)[0] === word).map(({ name }) => name)
  if (within.length > 0) throw new Mistyped(`"${word}" alone is no command: ${within.join(', ')}.`)
  const name = words.slice(0, 2).join(' ')
  const all = commands.map((command) => command.name)
  const near = nearest(word, all) ?? nearest(name, all)
  throw new Mistyped(`There is no command "${word}".${hint(near)}`)
}

const namesOf = ({ name }: Command) => name.split(' ')

/** @throws Mistyped */
function given(typed: readonly string[], command: Command | undefined): Given {
  const known = { ...command?.options, ...COMMON }
  const config = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      {
        type: value === undefined ? 'boolean' : 'string',
        ...(name === 'help' ? { short: 'h' } : {}),
      } as const,
    ]),
  )
  const { tokens } = parseArgs({ args: [...typed], options: config, strict: false, tokens: true })
  const options: Record<string, string | true> = {}
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    const option = known[token.name]
    if (!option) {
      const near = nearest(token.name, Object.keys(known))
      const where = command ? `${command.name} has` : 'There is'
      throw new Mistyped(`${where} no option ${token.rawName}.${hint(near && `--${near}`)}`)
    }
    if (option.value !== undefined && (token.value === undefined || token.value.startsWith('--')))
      throw new Mistyped(`${token.rawName} needs a value: ${token.rawName} ${option.value}`)
    if (option.value === undefined && token.value !== undefined)
      throw new Mistyped(`${token.rawName} takes no value.`)
    options[token.name] = token.value ?? true
  }
  const rest = operands.slice(command ? namesOf(command).length : 0)
  const wanted = command?.operands ?? []
  if (!('help' in options) && rest.length !== wanted.length) {
    const how = [command?.name, ...wanted].join(' ')
    throw new Mistyped(
      rest.length < wanted.length
        ? `${command?.name} needs ${wanted.slice(rest.length).join(' ')}: ${CALLED} ${how}`
        : `${command?.name} does not take ${JSON.stringify(rest[wanted.length])}: ${CALLED} ${how}`,
    )
  }
  return { operands: rest, options }
}

function nearest(typed: string, known: readonly string[]): string | undefined {
  const most = typed.length <= 4 ? 1 : 2
  return known
    .map((name) => ({ name, away: distance(typed.toLowerCase(), name, most) }))
    .filter(({ name, away }) => away <= most || (typed.length > 2 && name.startsWith(typed)))
    .sort((a, b) => a.away - b.away)[0]?.name
}

const hint = (near: string | undefined) => (near === undefined ? '' : ` Did you mean ${near}?`)

function help(commands: readonly Command[]): string {
  const rows = commands.map(({ name, operands = [], summary }) => [[name, ...operands].join(' '), summary])
  return [
    'Dialback calls you back on your desk phone and bridges you to whom you want.',
    '',
    `${CALLED} <command>`,
    '',
    ...columns(rows),
    '',
    ...columns(optionRows(COMMON)),
    '',
    'Settings are environment variables, or lines of .env in the folder where it is started (.env.example).',
  ].join('\n')
}

function helpOf({ name, operands = [], summary, help = [], options = {} }: Command): string {
  const brackets = Object.entries(options).map(([option, { value }]) =>
    value === undefined ? `[--${option}]` : `[--${option} ${value}]`,
  )
  return [
    `${CALLED} ${[name, ...operands, ...brackets].join(' ')}`,
    '',
    `${name} ${summary}.`,
    ...(help.length > 0 ? ['', ...help] : []),
    '',
    ...columns(optionRows({ ...options, ...COMMON })),
  ].join('\n')
}

const optionRows = (options: Readonly<Record<string, Option>>) =>
  Object.entries(options).map(([name, { value, help }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ])

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([left = '']) => left.length))
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`)
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
