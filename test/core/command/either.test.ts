/** "Call Bob or Alice": it is asked which of them; docs/rules.md, "Words as answers". */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inALine } from './in-a-line.ts'

const rows: readonly (readonly [said: string, understood: string])[] = [
  ['call Bob or Alice', 'en either[Bob | Alice]'],
  ['Could you call Bob or Alice, please?', 'en either[Bob | Alice]'],
  ['call Bob Marín, Alice or Carol Vega', 'en either[Bob Marín | Alice | Carol Vega]'],
  ['call Bob or Alice from mobile', 'en either[Bob | Alice] from mobile'],
  ['call Bob or 1003', 'en either[Bob | 1003]'],
  ['llama a Bob o a Alicia', 'es either[Bob | Alicia]'],
  ['llama a Bob o Alicia', 'es either[Bob | Alicia]'],
  ['llama a Íñigo u Olga', 'es either[Íñigo | Olga]'],
  ['llama a María de la O', 'es call[María de la O]'],
  ['call "Bob or Alice"', 'en call[Bob or Alice]'],
  // Not now, or about something: what can be a call is offered, as ever.
  ['call Bob or Alice tomorrow', 'unknown ~ call <who> [from mobile]'],
  ["don't call Bob or Alice", 'unknown ~ call <who> [from mobile]'],
  ['call or text', 'unknown ~ call <who> [from mobile]'],
  ['call Bob or not', 'unknown ~ call <who> [from mobile]'],
  ['call Ana or Bob or Carol or Dan or Eva or Fay', 'unknown ~ call <who> [from mobile]'],
]

describe('one of several', () => {
  for (const [said, understood] of rows)
    it(`${said} ► ${understood}`, () => assert.equal(inALine(said), understood))
})
