import type { Language } from '../party.ts'
import { meetingRows } from './meeting-rows.ts'
import type { CommandName, CommandRow } from './row.ts'

export const commands: readonly CommandRow[] = [
  {
    name: 'call',
    words: {
      en: [
        ...['call', 'ring', 'phone', 'dial', 'call up', 'ring up', 'phone up', 'buzz'],
        ...[
          'make a call to',
          'make a phone call to',
          'place a call to',
          'start a call with',
          'start a call to',
        ],
        ...['give a call to', 'give a ring to', 'connect me to', 'connect me with', 'put me through to'],
        ...['talk to', 'talk with', 'speak to', 'speak with'],
      ],
      es: [
        ...[
          'llama a',
          'llama al',
          'llama',
          'llamar a',
          'llamar al',
          'llamar',
          'llames a',
          'llames al',
          'llame a',
        ],
        ...['llama por telefono a', 'llamar por telefono a', 'llamale a', 'llamame a', 'llamame con'],
        ...['telefonea a', 'telefonear a', 'telefonea', 'marca a', 'marcar a', 'marcale a'],
        ...[
          'vuelve a llamar a',
          'vuelve a llamar al',
          'llama de nuevo a',
          'llama otra vez a',
          'haz una llamada a',
          'haz una llamada al',
        ],
        ...[
          'hacer una llamada a',
          'hacer una llamada al',
          'ponme con',
          'ponme en contacto con',
          'pasame con',
        ],
        ...[
          'comunicame con',
          'conectame con',
          'poner con',
          'hablar con',
          'hable con',
          'dale un telefonazo a',
        ],
      ],
    },
    beforeNumbers: ['marca', 'marcar', 'marca al', 'marca el'],
    takes: 'who',
    usage: { en: 'call <who> [from mobile]', es: 'llama a <quien> [desde el móvil]' },
    help: {
      en: 'Rings your desk phone; when you pick up, calls the person, extension or number.',
      es: 'Hace sonar tu teléfono; cuando descuelgas, llama a la persona, extensión o número.',
    },
    examples: {
      en: ['call Bob Marín', 'call 1002', 'call Bob from mobile'],
      es: ['llama a Bob Marín', 'llama al 1002', 'llama a Bob desde el móvil'],
    },
  },
  ...meetingRows,
  {
    name: 'hangUp',
    words: {
      en: [
        'hang up',
        'hangup',
        'hang up the call',
        'end call',
        'end the call',
        'cancel',
        'cancel call',
        'cancel the call',
        ...[
          'hang up this call',
          'end this call',
          'stop calling',
          'stop ringing',
          'stop the call',
          'drop the call',
        ],
        ...['disconnect', 'hang up on them', 'cancel it', 'end it'],
        ...['leave the meeting', 'leave this meeting', 'leave meeting', 'leave the conference'],
      ],
      es: [
        'cuelga',
        'colgar',
        'cuelga la llamada',
        'colgar la llamada',
        'termina la llamada',
        'terminar la llamada',
        'finaliza la llamada',
        'finalizar la llamada',
        'cancela',
        'cancelar',
        'cancela la llamada',
        'cancelar la llamada',
        ...[
          'corta',
          'corta la llamada',
          'cortar la llamada',
          'deja de llamar',
          'cuelgale',
          'cancelala',
          'desconecta',
        ],
        ...['sal de la reunion', 'salir de la reunion', 'sacame de la reunion', 'abandona la reunion'],
        ...['abandonar la reunion', 'salir de esta reunion'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'hang up', es: 'cuelga' },
    help: { en: 'Ends your call, or stops the ringing.', es: 'Termina tu llamada, o deja de llamar.' },
    examples: { en: ['hang up'], es: ['cuelga'] },
  },
  {
    name: 'redial',
    words: {
      en: [
        ...['redial', 'again', 'call again', 'dial again', 'once more', 'repeat call', 'repeat the call'],
        ...['call him again', 'call her again', 'call them again', 'try again', 'retry'],
      ],
      es: [
        'rellamar',
        'rellama',
        'vuelve a llamar',
        'volver a llamar',
        'vuelve a marcar',
        'volver a marcar',
        'llama otra vez',
        'llama de nuevo',
        'repetir llamada',
        'repetir la llamada',
        'repite la llamada',
        ...[
          'otra vez',
          'de nuevo',
          'llamale otra vez',
          'llamala otra vez',
          'llamale de nuevo',
          'llamala de nuevo',
        ],
        ...['vuelve a llamarle', 'vuelve a llamarla', 'vuelve a intentarlo', 'intentalo otra vez'],
        ...['intentalo de nuevo', 'marca otra vez', 'marca de nuevo'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'redial', es: 'rellamar' },
    help: { en: 'Calls again whom you called last.', es: 'Llama otra vez a quien llamaste por última vez.' },
    examples: { en: ['redial'], es: ['rellamar'] },
    // Each record has it as a button.
    unlisted: true,
  },
  {
    name: 'calls',
    words: {
      en: [
        'calls',
        'my calls',
        'list calls',
        'show calls',
        'show my calls',
        'recent calls',
        'last calls',
        'history',
        'call history',
        'call log',
        'call list',
        ...[
          'list my calls',
          'show me my calls',
          'my call history',
          'my call log',
          'my recent calls',
          'recents',
        ],
        ...['show the call log', 'who did i call', 'whom did i call', 'what calls did i make'],
      ],
      es: [
        'llamadas',
        'mis llamadas',
        'ultimas llamadas',
        'mis ultimas llamadas',
        'historial',
        'historial de llamadas',
        'registro de llamadas',
        'lista de llamadas',
        ...['ver llamadas', 'ver mis llamadas', 'muestra mis llamadas', 'muestrame mis llamadas'],
        ...['ensename mis llamadas', 'mi historial', 'llamadas recientes', 'mis llamadas recientes'],
        ...['a quien he llamado', 'a quien llame'],
      ],
    },
    takes: 'page',
    usage: { en: 'calls [page]', es: 'llamadas [página]' },
    help: { en: 'Lists your calls, newest first.', es: 'Muestra tus llamadas, las últimas primero.' },
    examples: { en: ['calls', 'calls 2'], es: ['llamadas', 'llamadas 2'] },
  },
  {
    name: 'find',
    words: {
      en: [
        ...['find', 'search', 'search for', 'look up', 'lookup', 'look for', 'who is', "who's", 'whois'],
        ...['what is the number of', 'what is the extension of', 'number of', 'extension of', 'who has'],
      ],
      es: [
        ...[
          'busca a',
          'busca',
          'buscar a',
          'buscar',
          'buscame a',
          'encuentra a',
          'quien es',
          'quien tiene el',
        ],
        ...['cual es el numero de', 'cual es la extension de', 'dame el numero de', 'dame la extension de'],
        ...['numero de', 'extension de', 'que extension tiene', 'que numero tiene'],
      ],
    },
    takes: 'who',
    usage: { en: 'find <who>', es: 'busca a <quien>' },
    help: {
      en: 'Looks somebody up by name, extension, number or e-mail. Nothing rings.',
      es: 'Busca a alguien por nombre, extensión, número o correo. No suena ningún teléfono.',
    },
    examples: { en: ['find Bob', 'find 1002'], es: ['busca a Bob', 'busca 1002'] },
  },
  {
    name: 'status',
    // "status" is said in Spanish, too: it does not tell which language is meant.
    words: {
      en: ['status', 'my status', 'my phones', 'what is my status', "what's my status", 'show my status'],
      es: ['estado', 'mi estado', 'estatus', 'status', 'mis telefonos', 'cual es mi estado', 'como estoy'],
    },
    takes: 'nothing',
    usage: { en: 'status', es: 'estado' },
    help: {
      en: 'Shows your phones, your call, and whether the phone system answers.',
      es: 'Muestra tus teléfonos, tu llamada y si la centralita responde.',
    },
    examples: { en: ['status'], es: ['estado'] },
    unlisted: true,
  },
  {
    name: 'settings',
    words: {
      en: [
        ...['settings', 'my settings', 'show settings', 'show my settings', 'show me my settings'],
        ...['change settings', 'change my settings', 'open settings', 'what are my settings'],
        ...['preferences', 'my preferences', 'options', 'change language', 'change my language', 'language'],
        ...['which phone rings first', 'which of my phones rings first', 'change my phone'],
      ],
      es: [
        ...[
          'ajustes',
          'mis ajustes',
          'ver ajustes',
          'ver mis ajustes',
          'muestra mis ajustes',
          'mostrarme mis ajustes',
        ],
        ...['muestrame mis ajustes', 'cambiar ajustes', 'cambiar mis ajustes', 'cambia mis ajustes'],
        ...['configuracion', 'mi configuracion', 'preferencias', 'mis preferencias', 'opciones'],
        ...['idioma', 'cambiar idioma', 'cambiar el idioma', 'cambia el idioma', 'cambiar de idioma'],
        ...['que telefono suena primero', 'cual de mis telefonos suena primero', 'cambiar mi telefono'],
      ],
    },
    takes: 'change',
    usage: { en: 'settings', es: 'ajustes' },
    help: {
      en: 'Your phones, which one rings first, your language, and whether you press 1.',
      es: 'Tus teléfonos, cuál suena primero, tu idioma y si hay que pulsar 1.',
    },
    examples: {
      en: ['settings', 'ring my mobile first', 'change my language to Spanish', 'press 1 on'],
      es: ['ajustes', 'llama primero a mi móvil', 'cambia mi idioma a inglés', 'pulsar 1 sí'],
    },
  },
  {
    name: 'help',
    words: {
      en: [
        ...['help', 'commands', 'what can you do', 'what can i say', 'what can i do', 'how does this work'],
        ...[
          'how do i',
          'how do you',
          'how to',
          'hi',
          'hello',
          'hey',
          'good morning',
          'good afternoon',
          'menu',
        ],
      ],
      es: [
        ...[
          'ayuda',
          'ayudame',
          'comandos',
          'que puedes hacer',
          'que puedo hacer',
          'que puedo decir',
          'que sabes hacer',
        ],
        ...[
          'como funciona',
          'como se usa',
          'como llamo',
          'como puedo',
          'como se',
          'hola',
          'buenos dias',
          'buenas',
        ],
        ...['buenas tardes'],
      ],
    },
    takes: 'anything',
    usage: { en: 'help', es: 'ayuda' },
    help: { en: 'Shows what you can type.', es: 'Muestra lo que puedes escribir.' },
    examples: { en: ['help'], es: ['ayuda'] },
  },
]

/** How a command is written, as people are taught it. */
export function usageOf(name: CommandName, language: Language): string {
  return commands.find((row) => row.name === name)?.usage[language] ?? ''
}

/** The help, one entry a command, in the order in which people need them. */
export function helpFor(
  language: Language,
): readonly { readonly usage: string; readonly help: string; readonly examples: readonly string[] }[] {
  return commands.map((row) => ({
    usage: row.usage[language],
    help: row.help[language],
    examples: row.examples[language],
  }))
}
