/**
 * What people type, and what is understood. Precision goes first: what is not surely a call dials nothing, and where
 * a call was perhaps meant the whole command is offered (`offers`).
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseCommand } from '../../../src/core/command/parse.ts'
import { inALine } from './in-a-line.ts'

type Row = readonly [said: string, understood: string]

/** Every one of them is a call of this person in English or Spanish, from the phone that rings first anyway. */
const callsBob = {
  en: said(`
    call bob | Call Bob. | CALL BOB | call bob please | please call bob | Call bob, please!
    pls call bob | can you call bob | can you call Bob? | Can you please call Bob?
    could you call bob for me | would you call Bob | could you please ring bob | can you ring Bob?
    will you phone bob | hi, call bob | hello, can you call Bob please | hey dialback, call bob
    ok call bob | okay, now call bob | just call bob | call bob now | call Bob right now | call bob asap
    call bob, thanks | call bob thank you | call bob again | call Bob once more | i want to call bob
    I want you to call Bob | I'd like to call Bob | i would like to call bob | i need to call bob
    I have to call Bob | let's call bob | let me call bob | go ahead and call bob | try to call bob
    ring bob | phone bob | dial bob | call up bob | ring up bob | buzz bob | give bob a call
    give Bob a ring | please give bob a call | give bob a buzz | could you give bob a call?
    get bob on the phone | can you get Bob on the line | give a call to bob | make a call to bob
    make a phone call to Bob | place a call to bob | start a call with bob | connect me to bob
    connect me with Bob please | put me through to bob | can you put me through to Bob? | talk to bob
    I want to talk to Bob | i need to speak with bob | I'd like to speak to Bob | speak to bob
    call bob on the phone | call “bob” | call: bob | /call bob | so, call bob | call bob would you
    call bob could you please | call <at>bob</at> | <at>Dialback</at> call bob | well call bob
    <at>Dialback</at> could you call <at>Bob</at> please? | Hello! Call Bob! | pls ring bob thx
    phone bob for me please | call bob at once | please call bob immediately
  `),
  es: said(`
    llama a bob | Llama a Bob. | LLAMA A BOB | llama a bob por favor | por favor llama a bob
    Llama a Bob, porfa | ¿puedes llamar a Bob? | puedes llamar a bob por favor | podrías llamar a Bob
    ¿me puedes llamar a Bob? | podria llamar a bob | ¿Podrías por favor llamar a Bob? | oye, llama a bob
    hola, llama a Bob | hola puedes llamar a bob | buenos días, llama a Bob | vale, llama a bob
    ahora llama a bob | llama a bob ahora | llama a Bob ahora mismo | llama a bob, gracias
    llámale a Bob | llama a bob otra vez | llama de nuevo a bob | llama a Bob de nuevo
    vuelve a llamar a bob | quiero llamar a bob | quisiera llamar a Bob | me gustaría llamar a Bob
    necesito llamar a bob | tengo que llamar a bob | hay que llamar a bob | quiero que llames a Bob
    necesito que llames a bob | haz el favor de llamar a Bob | vamos a llamar a bob | llame a Bob
    llamar a bob | telefonea a bob | telefonear a Bob | llama por teléfono a bob
    llama a bob por teléfono | marca a bob | márcale a Bob | llámame con Bob | llamame a bob
    ponme con bob | ¿me puedes poner con Bob? | ponme en contacto con Bob | pásame con Bob
    comunícame con Bob | conéctame con bob | quiero hablar con Bob | necesito hablar con bob
    hablar con bob | haz una llamada a Bob | quiero hacer una llamada a bob | dale un telefonazo a Bob
    llama a bob cuando puedas | llamá a bob | llama bob | llama a «bob» | llama a <at>bob</at>
    <at>Dialback</at> llama a bob | llama a bob, anda | venga, llama a bob
  `),
} as const

/** Utterances with a bar or the end of a line between them. */
function said(all: string): readonly string[] {
  return all.split(/[|\n]/).flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
}

const others: readonly Row[] = [
  // Whom: as typed.
  ['call Bob Marín', 'en call[Bob Marín]'],
  ['call bob marin', 'en call[bob marin]'],
  ['could you call María del Carmen Núñez de Balboa?', 'en call[María del Carmen Núñez de Balboa]'],
  ['llama a José Luis de la Fuente', 'es call[José Luis de la Fuente]'],
  ["call Siobhán O'Connor", "en call[Siobhán O'Connor]"],
  ['call Jean-Luc', 'en call[Jean-Luc]'],
  ['call Bob from sales', 'en call[Bob from sales]'],
  ['can you call Bob from Sales please', 'en call[Bob from Sales]'],
  ['llama a Bob de ventas', 'es call[Bob de ventas]'],
  ['call bob.marin@example.com', 'en call[bob.marin@example.com]'],
  ['call Ωmega Παπαδόπουλος', 'en call[Ωmega Παπαδόπουλος]'],
  ['call 王小明', 'en call[王小明]'],
  ['call Li Ya', 'en call[Li Ya]'],
  ['llama a Li Si', 'es call[Li Si]'],
  ['call Γιώργος Παπαδόπουλος please', 'en call[Γιώργος Παπαδόπουλος]'],
  ['llama a 王小明 por favor', 'es call[王小明]'],
  ['call محمد علي', 'en call[محمد علي]'],
  ['call משה כהן', 'en call[משה כהן]'],
  ['call <b>Bob</b> & Söhne', 'en call[<b>Bob</b> & Söhne]'],
  ['cAlL bOb mArÍn', 'en call[bOb mArÍn]'],
  ['llama a ines nunez', 'es call[ines nunez]'],
  ['LLAMÁ A ÍÑIGO', 'es call[ÍÑIGO]'],
  ['llama a María de la O Fernández-Cuesta', 'es call[María de la O Fernández-Cuesta]'],
  ['llama a Santiago Ramón y Cajal', 'es call[Santiago Ramón y Cajal]'],
  ['call Ludwig van der Rohe', 'en call[Ludwig van der Rohe]'],
  ['llama a Plácido Domingo', 'es call[Plácido Domingo]'],
  ['llama a Mesa', 'es call[Mesa]'],
  ['call Mark Monday', 'en call[Mark Monday]'],
  ['call After Sales', 'en call[After Sales]'],
  ['call First Aid', 'en call[First Aid]'],
  ['call Sales and Marketing', 'en call[Sales and Marketing]'],
  ['call "Bob Later"', 'en call[Bob Later]'],
  ['llama a «Bob Mañana»', 'es call[Bob Mañana]'],
  ['call Will You', 'en call[Will You]'],
  // Numbers.
  ['call 1002', 'en call[1002]'],
  ['phone 1002', 'en call[1002]'],
  ['can you dial 1002 please', 'en call[1002]'],
  ['call ext 1002', 'en call[1002]'],
  ['call extension 1002 now', 'en call[1002]'],
  ['call the number 910 000 002', 'en call[910 000 002]'],
  ['ring +34 910 000 002', 'en call[+34 910 000 002]'],
  ['could you ring +34 910-000-002?', 'en call[+34 910-000-002]'],
  ['marca el 910 000 002', 'es call[910 000 002]'],
  ['marca el número 910 000 002', 'es call[910 000 002]'],
  ['marca 1002', 'es call[1002]'],
  ['marca al 1002', 'es call[1002]'],
  ['puedes marcar el 910 000 002', 'es call[910 000 002]'],
  ['llama al 1002', 'es call[1002]'],
  ['llama a la extensión 1002', 'es call[1002]'],
  ['llama al 910 000 002 por favor', 'es call[910 000 002]'],
  // Which phone rings first, and which one of theirs.
  ['call bob from my mobile', 'en call[bob] from mobile'],
  ['can you call bob from my mobile please?', 'en call[bob] from mobile'],
  ['call bob on my cell', 'en call[bob] from mobile'],
  ['call bob using my cell phone', 'en call[bob] from mobile'],
  ['call bob from the desk phone', 'en call[bob] from desk'],
  ['llama a bob desde mi móvil', 'es call[bob] from mobile'],
  ['llama a Bob con mi móvil', 'es call[Bob] from mobile'],
  ['llama a bob desde el fijo', 'es call[bob] from desk'],
  ['call bob on his mobile', 'en call[bob] on mobile'],
  ['call Alice on her cell', 'en call[Alice] on mobile'],
  ["call Bob's mobile", 'en call[Bob] on mobile'],
  ['call bob’s cell phone please', 'en call[bob] on mobile'],
  ["call Bob's desk phone", 'en call[Bob] on desk'],
  ['call bob on his mobile from my desk phone', 'en call[bob] on mobile from desk'],
  ['llama al móvil de Bob', 'es call[Bob] on mobile'],
  ['llama a Bob al móvil', 'es call[Bob] on mobile'],
  ['llama a bob a su móvil', 'es call[bob] on mobile'],
  ['llama al fijo de Alicia', 'es call[Alicia] on desk'],
  ['llama al móvil de Bob desde mi móvil', 'es call[Bob] on mobile from mobile'],
  ['use my mobile to call Bob', 'en call[Bob] from mobile'],
  ['please use my mobile to call Bob', 'en call[Bob] from mobile'],
  ['with my desk phone call Bob', 'en call[Bob] from desk'],
  ['usa mi móvil para llamar a Bob', 'es call[Bob] from mobile'],
  ['desde mi móvil, llama a Bob', 'es call[Bob] from mobile'],
  // Nobody yet: it is asked whom, or called the other person of the chat.
  ['call', 'en call[]'],
  ['call please', 'en call[]'],
  ['can you call?', 'en call[]'],
  ['llama', 'es call[]'],
  ['¿puedes llamar?', 'es call[]'],
  // Again.
  ['again', 'en redial'],
  ['call again', 'en redial'],
  ['can you call again please', 'en redial'],
  ['call him again', 'en redial'],
  ['redial', 'en redial'],
  ['redial please', 'en redial'],
  ['try again', 'en redial'],
  ['otra vez', 'es redial'],
  ['de nuevo', 'es redial'],
  ['llama otra vez', 'es redial'],
  ['¿puedes volver a llamar?', 'es redial'],
  ['vuelve a llamarla', 'es redial'],
  ['inténtalo de nuevo', 'es redial'],
  ['rellamar', 'es redial'],
  // Enough.
  ['hang up', 'en hangUp'],
  ['hang up please', 'en hangUp'],
  ['please hang up now', 'en hangUp'],
  ['can you hang up?', 'en hangUp'],
  ['end this call', 'en hangUp'],
  ['stop calling', 'en hangUp'],
  ['cancel', 'en hangUp'],
  ['cancel the call please', 'en hangUp'],
  ['cuelga', 'es hangUp'],
  ['cuelga por favor', 'es hangUp'],
  ['¿puedes colgar?', 'es hangUp'],
  ['corta la llamada', 'es hangUp'],
  ['deja de llamar', 'es hangUp'],
  ['quiero colgar', 'es hangUp'],
  // The log.
  ['calls', 'en calls 1'],
  ['show my calls please', 'en calls 1'],
  ['can you show me my calls?', 'en calls 1'],
  ['who did I call?', 'en calls 1'],
  ['call history', 'en calls 1'],
  ['calls page 2', 'en calls 2'],
  ['llamadas', 'es calls 1'],
  ['muéstrame mis llamadas', 'es calls 1'],
  ['quiero ver mis llamadas', 'es calls 1'],
  ['¿a quién he llamado?', 'es calls 1'],
  ['llamadas 3', 'es calls 3'],
  // Who is who.
  ['find bob', 'en find[bob]'],
  ['can you find Bob please', 'en find[Bob]'],
  ['look up bob', 'en find[bob]'],
  ['who is 1002?', 'en find[1002]'],
  ["who's bob?", 'en find[bob]'],
  ["what's Bob's number?", 'en find[Bob]'],
  ["what is Bob Marín's extension?", 'en find[Bob Marín]'],
  ["give me bob's phone number", 'en find[bob]'],
  ['what is the number of Bob', 'en find[Bob]'],
  ['busca a bob', 'es find[bob]'],
  ['¿puedes buscar a Bob?', 'es find[Bob]'],
  ['¿quién es Bob?', 'es find[Bob]'],
  ['¿cuál es el número de Bob?', 'es find[Bob]'],
  ['dame la extensión de Alicia', 'es find[Alicia]'],
  // How things are.
  ['status', '-- status'],
  ['my phones', 'en status'],
  ["what's my status?", 'en status'],
  ['mi estado', 'es status'],
  ['mis teléfonos', 'es status'],
  // What can be said.
  ['help', 'en help'],
  ['help!', 'en help'],
  ['hi', 'en help'],
  ['Hello!', 'en help'],
  ['hi there', 'en help'],
  ['what can you do?', 'en help'],
  ['what can I say', 'en help'],
  ['how do I call somebody?', 'en help'],
  ['how does this work?', 'en help'],
  ['ayuda', 'es help'],
  ['hola', 'es help'],
  ['¡Buenos días!', 'es help'],
  ['¿qué puedo decir?', 'es help'],
  ['¿cómo funciona?', 'es help'],
  ['¿Cómo llamo a alguien?', 'es help'],
  // Answers to a question.
  ['2', '-- pick 2'],
  ['#2', '-- pick 2'],
  ['2.', '-- pick 2'],
  ['number 2', '-- pick 2'],
  ['the second one', 'en pick 2'],
  ['second', 'en pick 2'],
  ['the second one please', 'en pick 2'],
  ['The first', 'en pick 1'],
  ['1st', 'en pick 1'],
  ['the last one', 'en pick last'],
  ['el segundo', 'es pick 2'],
  ['la segunda', 'es pick 2'],
  ['el primero, por favor', 'es pick 1'],
  ['la última', 'es pick last'],
  ['el 2', '-- pick 2'],
  ['yes', 'en yes'],
  ['Yes please!', 'en yes'],
  ['yep', 'en yes'],
  ['sí', 'es yes'],
  ['Si, por favor', 'es yes'],
  ['claro', 'es yes'],
  ['vale', 'es yes'],
  ['ok', '-- yes'],
  ['no', '-- no'],
  ['no thanks', 'en no'],
  ['never mind', 'en no'],
  ['déjalo', 'es no'],
  ['ninguno', 'es no'],
]

/** What is set, by what is said for it. */
const settings: readonly Row[] = Object.entries({
  'en settings': `
    settings | my settings please | can you show my settings? | preferences
    which phone rings first? | change my language
  `,
  'en settings[language es]': `
    change my language to Spanish | please switch language to Spanish | speak Spanish
    can you speak Spanish? | talk in Spanish | answer in Spanish | settings language Spanish
  `,
  'en settings[language en]': `
    set the language to English please | speak to me in English | switch to English
    reply to me in English
  `,
  '-- settings[language en]': `English | in English please | en inglés, por favor`,
  '-- settings[language es]': `español | en español`,
  'en settings[language channel]': `language automatic`,
  'en settings[rings mobile]': `
    ring my mobile first | please ring my mobile first | can you ring my mobile first?
    I want you to ring my mobile first | always ring my mobile | use my mobile | my mobile first
    call my cell first | call me first on my mobile | make my mobile ring first
    prefer my mobile
  `,
  'en settings[rings desk]': `
    use my desk phone from now on | first my desk phone | ring my office phone first
  `,
  'en settings[pressOne true]': `
    press 1 on | press one on | turn on press 1 | enable press 1 | always ask me to press 1
    settings press 1 on
  `,
  'en settings[pressOne false]': `
    press 1 off | turn press 1 off | disable press 1 | don't ask me to press 1
    stop asking me to press 1 | no press 1
  `,
  'es settings': `
    ajustes | mis ajustes | ¿puedes mostrarme mis ajustes? | configuración
    ¿qué teléfono suena primero? | cambia el idioma
  `,
  'es settings[language en]': `
    cambia mi idioma a inglés | pon el idioma en inglés | háblame en inglés | contesta en inglés
    cambia a inglés
  `,
  'es settings[language es]': `
    habla en español | ¿puedes hablar en español? | responde en castellano
    cambia el idioma al español por favor
  `,
  'es settings[language channel]': `idioma automático`,
  'es settings[rings mobile]': `
    llama primero a mi móvil | llama primero al móvil | llama a mi móvil primero
    llámame siempre al móvil | usa mi móvil a partir de ahora | que suene primero mi móvil
    quiero que suene primero mi móvil | prefiero el móvil | mi móvil primero
  `,
  'es settings[rings desk]': `
    usa siempre el fijo | haz sonar primero el fijo | primero mi teléfono de mesa
  `,
  'es settings[pressOne true]': `pulsar 1 sí | activa pulsar 1 | pídeme que pulse 1`,
  'es settings[pressOne false]': `
    pulsar 1 no | desactiva lo de pulsar 1 | no me pidas que pulse 1 | sin pulsar 1
    ajustes pulsar 1 no
  `,
}).flatMap(([understood, all]) => said(all).map((one): Row => [one, understood]))

/** Calls were perhaps meant: the whole command is offered. Without an offer nothing was. */
const offers: readonly (readonly [said: string, offered: string | undefined])[] = [
  ['cal bob', 'call bob'],
  ['clal Bob Marín', 'call Bob Marín'],
  ['calll 1002', 'call 1002'],
  ['please cal bob', 'call bob'],
  ['llmaa a Bob', 'llama a Bob'],
  ['lama a bob', 'llama a bob'],
  ['busac a Bob', 'busca a Bob'],
  ['fnid bob', 'find bob'],
  ['rediall', 'redial'],
  ['I will call Bob', 'call Bob'],
  ['can I call Bob?', 'call Bob'],
  ['may I please call Bob Marín', 'call Bob Marín'],
  ['she told me to call Bob', 'call Bob'],
  ['creo que llama Bob', undefined],
  ['me llama Bob', undefined],
  ['did you call Bob?', undefined],
  ['why did you call Bob', undefined],
  ['do you call Bob every day?', undefined],
  ['have you tried to call Bob', undefined],
  ['if you call Bob', undefined],
  ['who can call Bob?', undefined],
  ['¿por qué llama a Bob?', undefined],
  ['¿quién llama a Bob?', undefined],
  ['si llama a Bob', undefined],
  ['Bob called me yesterday', undefined],
  ['no llames a Bob', undefined],
  ["please don't call Bob", undefined],
  ["don't use my mobile to call Bob", undefined],
  ['call Bob not Alice', undefined],
  ['call you later', undefined],
  ["I'll call you later", undefined],
  ['call me maybe', undefined],
  ['call of duty', undefined],
  ['call for help', undefined],
  ['call later', undefined],
  ['llama mañana', undefined],
  ['call somebody', undefined],
  ['llama a alguien', undefined],
  ['phone is broken', undefined],
  ['ring ring', undefined],
  // Not now, or not surely this person.
  ['call Bob tomorrow', 'call Bob'],
  ['call Bob tomorrow, please', 'call Bob'],
  ['cal Bob tomorrow', 'call Bob'],
  ['can you call Bob at 5?', 'call Bob'],
  ['call Bob at 5pm', 'call Bob'],
  ["call Bob at five o'clock", 'call Bob'],
  ['call Bob on Monday', 'call Bob'],
  ['call Bob next Tuesday', 'call Bob'],
  ['call Bob in 10 minutes', 'call Bob'],
  ['call Bob in an hour', 'call Bob'],
  ['call Bob later', 'call Bob'],
  ['call Bob tonight', 'call Bob'],
  ['call Bob this afternoon', 'call Bob'],
  ['call Bob when he is back', 'call Bob'],
  ['call Bob if he is free', 'call Bob'],
  ['call Bob back', 'call Bob'],
  ['call Bob first', 'call Bob'],
  ['call Bob about the invoice', 'call Bob'],
  ['I need to talk to Bob about the invoice', 'talk to Bob'],
  ['call Bob and tell him I am late', 'call Bob'],
  ['call Bob from sales tomorrow', 'call Bob from sales'],
  ['call 1002 at 5', 'call 1002'],
  ['can you use my mobile to call Bob tomorrow', 'call Bob'],
  ['give Bob or Alice a call', undefined],
  ['give Bob a call tomorrow', undefined],
  ['llama a Bob mañana', 'llama a Bob'],
  ['llama a Bob a las 5', 'llama a Bob'],
  ['llama a Bob a las cinco', 'llama a Bob'],
  ['llama a Bob el lunes', 'llama a Bob'],
  ['llama a Bob el próximo lunes', 'llama a Bob'],
  ['llama a Bob luego', 'llama a Bob'],
  ['llama a Bob más tarde', 'llama a Bob'],
  ['llama a Bob en 10 minutos', 'llama a Bob'],
  ['llama a Bob dentro de una hora', 'llama a Bob'],
  ['llama a Bob esta tarde', 'llama a Bob'],
  ['llama a Bob si está libre', 'llama a Bob'],
  ['llama a Bob cuando llegue', 'llama a Bob'],
  ['llama a Bob y a Alicia', 'llama a Bob'],
  ['necesito hablar con Bob sobre la factura', 'hablar con Bob'],
  // One's own phone is nobody.
  ['ring my mobile', 'ring my mobile first'],
  ['call my mobile', 'ring my mobile first'],
  ['call mobile', 'ring my mobile first'],
  ['ring my desk phone please', 'ring my desk phone first'],
  ['ring me on my mobile', 'ring my mobile first'],
  ['llama a mi móvil', 'llama primero a mi móvil'],
  ['llama al móvil', 'llama primero a mi móvil'],
  ['llama a mi fijo', 'llama primero a mi fijo'],
  ['call my phone', undefined],
  ['llama a mi teléfono', undefined],
  // No setting, either.
  ['press 1', undefined],
  ['press 2 on', undefined],
  ['language French', undefined],
  ['I speak Spanish', undefined],
  ['my mobile is broken', undefined],
  ['ring my mobile first tomorrow', undefined],
  ["don't call Bob", undefined],
  ['do not call bob', undefined],
  ['never call bob', undefined],
  ['I would not call Bob', undefined],
  ['no llama a Bob', undefined],
  ['did Bob call?', undefined],
  ['who called?', undefined],
  ['when will Bob call', undefined],
  ['call me', undefined],
  ['call me back', undefined],
  ['call it off', undefined],
  ['call off', undefined],
  ['give me a call', undefined],
  ['give me a ring', undefined],
  ['llámame', undefined],
  ['llamame luego', undefined],
  ['marca blanca', undefined],
  ['bob', undefined],
  ['Bob Marín', undefined],
  ['1002', undefined],
  ['910 000 002', undefined],
  ['+34 910 000 002', undefined],
  ['I had a good talk with Bob about calls', undefined],
  ['thanks!', undefined],
  ['gracias', undefined],
  ['lol', undefined],
  ['👍', undefined],
  ['see you tomorrow', undefined],
  ['hasta mañana', undefined],
  ['the meeting is at 5', undefined],
  ['la reunión es a las 5', undefined],
  ['buy milk', undefined],
]

for (const language of ['en', 'es'] as const)
  describe(`a call of Bob, in ${language === 'en' ? 'English' : 'Spanish'}`, () => {
    for (const said of callsBob[language])
      it(said, () => assert.equal(inALine(said).toLowerCase(), `${language} call[bob]`))
  })

describe('all else that can be asked for', () => {
  for (const [said, understood] of [...others, ...settings])
    it(`${said} ► ${understood}`, () => assert.equal(inALine(said), understood))
})

describe('what dials nothing', () => {
  for (const [said, offered] of offers)
    it(`${said} ► ${offered === undefined ? 'nothing' : `${offered}?`}`, () => {
      const parsed = parseCommand(said)
      assert.notEqual(parsed.kind === 'command' && parsed.command.name, 'call')
      assert.equal(parsed.kind === 'unknown' ? parsed.meant : undefined, offered)
    })
})

it('are at least 500 utterances, each said once', () => {
  const rows = [...others, ...settings, ...offers].map(([one]) => one)
  const all = [...callsBob.en, ...callsBob.es, ...rows]
  assert.ok(all.length >= 500, String(all.length))
  assert.deepEqual(
    all.filter((one, i) => all.indexOf(one) !== i),
    [],
  )
})
