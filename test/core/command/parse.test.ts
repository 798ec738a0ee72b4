import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand } from '../../../src/core/command/parse.ts'
import { inALine } from './in-a-line.ts'

function table(title: string, rows: readonly (readonly [text: string, then: string])[]) {
  describe(title, () => {
    for (const [text, then] of rows)
      it(`${JSON.stringify(text.slice(0, 60))} ► ${JSON.stringify(then.slice(0, 60))}`, () =>
        assert.equal(inALine(text), then))
  })
}

const CALL = 'unknown ~ call <who> [from mobile]'
const LLAMA = 'unknown ~ llama a <quien> [desde el móvil]'

table('a call in English', [
  ['call Bob', 'en call[Bob]'],
  ['call Bob Marín', 'en call[Bob Marín]'],
  ['Call bob', 'en call[bob]'],
  ['CALL BOB', 'en call[BOB]'],
  ['  call   Bob    Marín  ', 'en call[Bob Marín]'],
  ['call\u00A0Bob', 'en call[Bob]'],
  ['call&nbsp;Bob', 'en call[Bob]'],
  ['call\tBob', 'en call[Bob]'],
  ['call Bob!', 'en call[Bob]'],
  ['call Bob.', 'en call[Bob]'],
  ['call Bob?!…', 'en call[Bob]'],
  ['call: Bob', 'en call[Bob]'],
  ['/call Bob', 'en call[Bob]'],
  ['ring Bob', 'en call[Bob]'],
  ['phone Bob', 'en call[Bob]'],
  ['dial 1002', 'en call[1002]'],
  ['call 910 000 001', 'en call[910 000 001]'],
  ['call +34 (0) 910-000-001', 'en call[+34 (0) 910-000-001]'],
  ['call the number 910 000 001', 'en call[910 000 001]'],
  ['call extension 1002', 'en call[1002]'],
  ['call ext. 1002', 'en call[1002]'],
  ['call sip:bob@pbx.example.com', 'en call[sip:bob@pbx.example.com]'],
  ['call bob@example.com', 'en call[bob@example.com]'],
  ['call "Bob Marín"', 'en call[Bob Marín]'],
  ['call “Bob Marín”.', 'en call[Bob Marín]'],
  ["call 'Bob'", 'en call[Bob]'],
  ["call O'Brien", "en call[O'Brien]"],
  ['please call Bob', 'en call[Bob]'],
  ['Please, call Bob, please.', 'en call[Bob]'],
  ['call', 'en call[]'],
  ['Call…', 'en call[]'],
  ['<at>Dialback</at> call Bob', 'en call[Bob]'],
  ['<at>Dialback</at>, call Bob', 'en call[Bob]'],
  ['<at id="0">Dialback</at>&nbsp;call <at id="1">Zoë Ruiz</at>', 'en call[Zoë Ruiz]'],
  ['call <at>Bob Marín</at> from mobile', 'en call[Bob Marín] from mobile'],
  ['call <at>Bob Marín', 'en call[Bob Marín]'],
  ['call List Müller', 'en call[List Müller]'],
  ['call You Li', 'en call[You Li]'],
  ['call The 3 Amigos', 'en call[The 3 Amigos]'],
  ['call Ana number 2', 'en call[Ana number 2]'],
  ['call Nobody Atall', 'en call[Nobody Atall]'],
  ['call <script>alert(1)</script>', 'en call[<script>alert(1)</script>]'],
  ['\u200Bcall \u202ABob\u202C', 'en call[Bob]'],
])

table('a call in Spanish', [
  ['llama a Bob', 'es call[Bob]'],
  ['llama a Bob Marín', 'es call[Bob Marín]'],
  ['Llama a Bob', 'es call[Bob]'],
  ['LLAMA A BOB', 'es call[BOB]'],
  ['llamá a Bob', 'es call[Bob]'],
  ['llama\u0301 a Bob', 'es call[Bob]'],
  ['¡Llama a Bob!', 'es call[Bob]'],
  ['¿llama a Bob?', 'es call[Bob]'],
  ['llama Bob', 'es call[Bob]'],
  ['llama al 1002', 'es call[1002]'],
  ['llama a la extensión 1002', 'es call[1002]'],
  ['llama al número 910 000 001', 'es call[910 000 001]'],
  ['llamar a Alicia', 'es call[Alicia]'],
  ['telefonea a Bob', 'es call[Bob]'],
  ['vuelve a llamar a Bob', 'es call[Bob]'],
  ['marca 1002', 'es call[1002]'],
  ['marca el 910 000 001', 'es call[910 000 001]'],
  ['marcar el número +34 910 000 001', 'es call[+34 910 000 001]'],
  ['por favor, llama a Bob', 'es call[Bob]'],
  ['llama a Bob, por favor', 'es call[Bob]'],
  ['llama a «Bob Marín»', 'es call[Bob Marín]'],
  ['llama a', 'es call[]'],
  ['llama', 'es call[]'],
  ['llama a Ana Desde', 'es call[Ana Desde]'],
  ['llama a Íñigo Núñez', 'es call[Íñigo Núñez]'],
])

table('the phone that is to ring', [
  ['call Bob from mobile', 'en call[Bob] from mobile'],
  ['call Bob from my mobile', 'en call[Bob] from mobile'],
  ['call Bob FROM MY MOBILE PHONE', 'en call[Bob] from mobile'],
  ['call Bob from my cell', 'en call[Bob] from mobile'],
  ['call Bob from desk', 'en call[Bob] from desk'],
  ['call Bob from the desk phone.', 'en call[Bob] from desk'],
  ...['constructor', '__proto__', 'my toString'].map(
    (word) => [`call Bob from ${word}`, `en call[Bob from ${word}]`] as const,
  ),
  ['call 1002 from mobile, please', 'en call[1002] from mobile'],
  ['call from mobile', 'en call[] from mobile'],
  ['call "Bob Marín" from my mobile', 'en call[Bob Marín] from mobile'],
  ['llama a Bob desde el móvil', 'es call[Bob] from mobile'],
  ['llama a Bob desde mi movil', 'es call[Bob] from mobile'],
  ['llama a Bob desde móvil', 'es call[Bob] from mobile'],
  ['llama a Bob desde el celular', 'es call[Bob] from mobile'],
  ['llama a Bob desde la mesa', 'es call[Bob] from desk'],
  ['llama a Bob desde el fijo', 'es call[Bob] from desk'],
  ['llama a Bob desde el teléfono de mesa', 'es call[Bob] from desk'],
  ['llama al 1002 desde el fijo', 'es call[1002] from desk'],
  ['call Bob from sales', 'en call[Bob from sales]'],
  ['call Bob from', 'en call[Bob from]'],
  ['call From Mobile Shop', 'en call[From Mobile Shop]'],
  ['call Bob from sales from mobile', 'en call[Bob from sales] from mobile'],
  ['call Bob from his mobile', 'en call[Bob from his mobile]'],
  ['call Bob on my mobile', 'en call[Bob] from mobile'],
  ['call "Bob from mobile"', 'en call[Bob from mobile]'],
  ['llama a Bob desde casa', 'es call[Bob desde casa]'],
])

table('what must not dial', [
  ['Bob', 'unknown'],
  ['1002', 'unknown'],
  ['+34910000001', 'unknown'],
  ['sip:bob@pbx.example.com', 'unknown'],
  ['call me', CALL],
  ['call me back', CALL],
  ['call back', CALL],
  ['call it', CALL],
  ['call her', CALL],
  ['Call off!', CALL],
  ['call me from mobile', CALL],
  ['dial in', CALL],
  ['dial tone', CALL],
  ['phone book', CALL],
  ['phone number', CALL],
  ['llama a mí', LLAMA],
  ['llama a ella', LLAMA],
  ['llámame', LLAMA],
  ['llámalo', LLAMA],
  ['marca blanca', LLAMA],
  ['marca 1002 y espera', LLAMA],
  ["don't call Bob", CALL],
  ['do not call Bob', CALL],
  ['no llames a Bob', 'unknown'],
  ['no, llama a Bob mañana', LLAMA],
  ['can I call Bob?', CALL],
  ['I will call Bob', CALL],
  ['did Bob call?', CALL],
  ['called Bob', 'unknown'],
  ['cal Bob', CALL],
  ['clal Bob', CALL],
  ['callBob', 'unknown'],
  ['llmaa a Bob', LLAMA],
  ['me llama Bob', LLAMA],
  ['llamada de Bob', 'unknown ~ llamadas [página]'],
  ['calls from Bob', 'unknown ~ calls [page]'],
  ['redial Bob', 'unknown ~ redial'],
  ['hang up Bob', 'unknown ~ hang up'],
  ['find call Bob', 'en find[call Bob]'],
  ['', 'unknown'],
  ['   ', 'unknown'],
  ['🙂', 'unknown'],
  ['...', 'unknown'],
  ['<at>Dialback</at>', 'unknown'],
  ['<script>call Bob</script>', 'unknown'],
  ['\u0000call Bob', CALL],
  ['сall Bob', CALL],
  ['x\ncall Bob', CALL],
  ['__proto__', 'unknown'],
  ['constructor', 'unknown'],
])

table('two lines never make one number', [
  ['call +1\r\nINVITE sip:x', 'en call[+1\nINVITE sip:x]'],
  ['call 91000\n0001', 'en call[91000\n0001]'],
  ['call 91000\u20280001', 'en call[91000\n0001]'],
  ['call 910000001\r\n', 'en call[910000001]'],
  ['call Bob\nfrom mobile', 'en call[Bob] from mobile'],
  ['hang up\nBob is here', 'unknown ~ hang up'],
])

table('hang up, redial, calls, find, status, help in both languages', [
  ['hang up', 'en hangUp'],
  ['Hang up!', 'en hangUp'],
  ['HANGUP', 'en hangUp'],
  ['end the call', 'en hangUp'],
  ['cancel', 'en hangUp'],
  ['cuelga', 'es hangUp'],
  ['¡Cuelga!', 'es hangUp'],
  ['colgar', 'es hangUp'],
  ['cuelga la llamada', 'es hangUp'],
  ['cancela la llamada', 'es hangUp'],
  ['bye', 'unknown'],
  ['adiós', 'unknown'],
  ['redial', 'en redial'],
  ['call again', 'en redial'],
  ['rellamar', 'es redial'],
  ['vuelve a llamar', 'es redial'],
  ['llama otra vez', 'es redial'],
  ['repite la llamada', 'es redial'],
  ['calls', 'en calls 1'],
  ['calls 2', 'en calls 2'],
  ['calls page 3', 'en calls 3'],
  ['my calls', 'en calls 1'],
  ['call log', 'en calls 1'],
  ['call history 2', 'en calls 2'],
  ['calls 0', 'unknown ~ calls [page]'],
  ['calls -1', 'unknown ~ calls [page]'],
  ['calls 1.5', 'unknown ~ calls [page]'],
  ['calls 99999999999', 'unknown ~ calls [page]'],
  ['llamadas', 'es calls 1'],
  ['llamadas 2', 'es calls 2'],
  ['llamadas página 12', 'es calls 12'],
  ['últimas llamadas', 'es calls 1'],
  ['find Bob', 'en find[Bob]'],
  ['search for Bob Marín', 'en find[Bob Marín]'],
  ['who is 1002?', 'en find[1002]'],
  ['find', 'en find[]'],
  ['busca a Bob', 'es find[Bob]'],
  ['busca Zoë', 'es find[Zoë]'],
  ['buscar a Bob', 'es find[Bob]'],
  ['¿Quién es Bob?', 'es find[Bob]'],
  ['estado', 'es status'],
  ['my status', 'en status'],
  ['status', '-- status'],
  ['Status?', '-- status'],
  ['help', 'en help'],
  ['help me with calls', 'en help'],
  ['ayuda', 'es help'],
  ['Ayúdame', 'es help'],
  ['¿qué puedes hacer?', 'es help'],
  ['?', '-- help'],
  ['hlep', 'unknown ~ help'],
  ['ayida', 'unknown ~ ayuda'],
  ['hang upp', 'unknown ~ hang up'],
  ['estdo', 'unknown ~ estado'],
  ['staus', 'unknown ~ status'],
])

it('an unknown text tells the command that was perhaps meant, and its language', () => {
  assert.deepEqual(parseCommand('clal Bob'), {
    kind: 'unknown',
    nearest: 'call <who> [from mobile]',
    meant: 'call Bob',
    language: 'en',
  })
  assert.deepEqual(parseCommand('cuelgua'), {
    kind: 'unknown',
    nearest: 'cuelga',
    meant: 'cuelga',
    language: 'es',
  })
  assert.deepEqual(parseCommand('hasta luego'), { kind: 'unknown' })
})

it('a text of more than 300 characters is too long, spaces around it apart', () => {
  assert.equal(inALine(`call ${'x'.repeat(295)}`), `en call[${'x'.repeat(295)}]`)
  assert.equal(inALine(`call ${'x'.repeat(296)}`), 'tooLong')
  assert.equal(inALine(`${' '.repeat(5000)}call Bob${'\n'.repeat(5000)}`), 'en call[Bob]')
  assert.equal(inALine('🙂'.repeat(2000)), 'tooLong')
})

it('hostile texts of any size are read in a moment', () => {
  const floods = [
    'x',
    ' ',
    '<at>',
    '<at></at>',
    '"',
    'call ',
    '.',
    '\r\n',
    '🙂',
    '¿',
    'from ',
    '\u0301',
    'please ',
    '<',
    '&nbsp;',
  ]
  const started = performance.now()
  for (const flood of floods) {
    parseCommand(flood.repeat(1_000_000 / flood.length))
    parseCommand(`call ${flood.repeat(290 / flood.length)}`)
    parseCommand(flood.repeat(300 / flood.length) + 'x')
  }
  assert.ok(performance.now() - started < 2000)
})
