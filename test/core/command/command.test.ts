import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commands, helpFor, usageOf } from '../../../src/core/command/command.ts'
import { parseCommand } from '../../../src/core/command/parse.ts'

const LANGUAGES = ['en', 'es'] as const

describe('the table of commands keeps its word', () => {
  for (const row of commands)
    for (const language of LANGUAGES) {
      for (const words of row.words[language])
        it(`"${words}" begins ${row.name}`, () => {
          const parsed = parseCommand(words)
          assert.ok(parsed.kind === 'command')
          assert.equal(parsed.command.name, row.name)
        })
      for (const example of row.examples[language])
        it(`the example "${example}" is ${row.name} in ${language}`, () => {
          const parsed = parseCommand(example)
          if (parsed.kind === 'meeting') return assert.ok(parsed.join && row.takes === 'meeting')
          assert.ok(parsed.kind === 'command')
          assert.equal(parsed.command.name, row.name)
          assert.ok(parsed.language === language || parsed.language === undefined)
        })
      it(`the usage of ${row.name} in ${language} begins with the word that is taught`, () =>
        assert.ok(
          usageOf(row.name, language)
            .normalize('NFD')
            .replace(/\p{M}/gu, '')
            .startsWith(row.words[language][0] ?? 'none'),
        ))
    }
})

it('no words begin two commands', () => {
  const all = commands.flatMap((row) => [
    ...new Set([...row.words.en, ...row.words.es, ...(row.beforeNumbers ?? [])]),
  ])
  assert.deepEqual(
    all.filter((words, i) => all.indexOf(words) !== i),
    [],
  )
})

it('words in the table are written as they are compared: small, without accents', () => {
  for (const words of commands.flatMap((row) => [...row.words.en, ...row.words.es]))
    assert.match(words, /^[a-z']+(?: [a-z']+)*$/)
})

it('help has an entry for each command, in the order of the table', () => {
  for (const language of LANGUAGES)
    assert.deepEqual(
      helpFor(language).map((entry) => entry.usage),
      commands.map((row) => usageOf(row.name, language)),
    )
})
