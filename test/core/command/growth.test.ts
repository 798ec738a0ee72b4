/**
 * What a text costs to be read grows with its length and no faster, however it is made. Costs are compared with each other
 * and not with a clock's word: the least of several rounds is the work itself, whatever else the machine does.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand } from '../../../src/core/command/parse.ts'

/** Pieces that regular expressions, or words looked at again and again, could choke on. */
const PIECES = [
  ...[
    'x',
    ' ',
    '\n',
    '\t ',
    '.',
    '¿',
    '"',
    '«»',
    '<',
    '<at>',
    '<at></at>,',
    '</at',
    '&nbsp;',
    '\u200B',
    '\u0301',
    'é',
  ],
  ...[
    'please ',
    'please, ',
    'por favor ',
    'ok ',
    'again ',
    'gracias ',
    'call ',
    'llama a ',
    'from ',
    'from my mobile ',
  ],
  ...[
    'use my mobile to ',
    'al móvil de ',
    "Bob's mobile ",
    'o ',
    'or ',
    'tomorrow ',
    'a las ',
    'la ',
    'give a call ',
  ],
  ...[
    'press 1 ',
    'ring my mobile first ',
    '2 ',
    '+34 ',
    '(1) ',
    '1002-',
    'a.b@',
    'sip:',
    'https://',
    'https://zoom.us/j/1 ',
    '910 480 001 ',
    'pin 123# ',
    'BEGIN:VEVENT\n',
    '王',
    'م',
    '🙂',
  ],
]
/** Rounds at most, where others keep the machine busy; where it is idle one is enough. */
const ROUNDS = 60

/** Milliseconds that a text took this time. */
function cost(text: string, times: number): number {
  const start = performance.now()
  for (let i = 0; i < times; i++) parseCommand(text)
  return (performance.now() - start) / times
}

/** A text of so many characters: a command, and then nothing but this. */
const flood = (piece: string, length: number) =>
  `call ${piece.repeat(Math.ceil(length / piece.length))}`.slice(0, length - 1) + 'x'

function assertGrows(piece: string, [short, long]: readonly [number, number], times: number) {
  let [less, more] = [Infinity, Infinity]
  for (let round = 0; round < ROUNDS; round++) {
    less = Math.min(less, cost(flood(piece, short), times))
    more = Math.min(more, cost(flood(piece, long), times))
    // Twice the growth of the text is let pass for what is done once; its square is 6 to 8 times as much.
    if (more <= 2.5 * (long / short) * less + 0.05) return
  }
  assert.fail(`${JSON.stringify(piece)}: ${more} ms for ${long} characters, ${less} ms for ${short}`)
}

describe('the cost of reading a text grows no faster than the text', () => {
  for (const piece of PIECES)
    it(`${JSON.stringify(piece)}, to 300 characters and from 3,000 to 20,000`, () => {
      assertGrows(piece, [38, 300], 20)
      assertGrows(piece, [3000, 20_000], 4)
    })
})
