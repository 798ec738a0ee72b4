import { roomRows } from './room-rows.ts'
import type { CommandRow } from './row.ts'

/** What a channel calls the command that it offers in the menu of a message: the meeting in it is to have its card. */
export const MESSAGE_COMMAND = 'meetingCard'

/** The commands about meetings. A meeting itself is no word: it is recognised wherever it stands (core/meeting). */
export const meetingRows: readonly CommandRow[] = [
  {
    name: 'join',
    words: {
      en: [
        ...['join', 'join meeting', 'join the meeting', 'join my meeting', 'join this meeting'],
        ...['join by phone', 'join the call', 'dial me in', 'dial me into', 'dial into'],
        ...['dial into the meeting', 'call me into', 'get me into', 'put me into', 'bring me into'],
        ...['dial me into the meeting', 'call me into the meeting', 'get me into the meeting'],
        ...['put me into the meeting', 'bring me into the meeting', 'take me into the meeting'],
        ...[
          'connect me to the meeting',
          'put me through to the meeting',
          'patch me in',
          'patch me into the meeting',
        ],
        ...['join our meeting', 'join the conference', 'join the conference call', 'dial into the call'],
        ...[
          'call the meeting',
          'loop me in',
          'put me in',
          'bring me in',
          'get me in',
          'put me in the meeting',
        ],
      ],
      es: [
        ...[
          'unirme a',
          'unirme a la reunion',
          'unirme',
          'unirme al',
          'unete a',
          'unete a la reunion',
          'unete',
        ],
        ...['uneme a', 'uneme a la reunion', 'unirse a', 'unirse a la reunion', 'entrar en', 'entrar a'],
        ...['entrar en la reunion', 'entrar a la reunion', 'entra en la reunion', 'meteme en'],
        ...['meteme en la reunion', 'conectame a la reunion', 'llamame a la reunion'],
        ...['meterme en la reunion', 'meter en la reunion', 'ponme en la reunion', 'ponme con la reunion'],
        ...['pasame a la reunion', 'conectame con la reunion', 'llama a la reunion', 'llamar a la reunion'],
      ],
    },
    takes: 'meeting',
    usage: { en: 'join <meeting>', es: 'unirme a <reunión>' },
    help: {
      en: 'Rings your desk phone and brings it into the meeting whose link or invitation you paste, or that was shared here last.',
      es: 'Hace sonar tu teléfono y lo mete en la reunión cuyo enlace o invitación pegas, o en la última que se compartió aquí.',
    },
    examples: {
      en: ['join https://zoom.us/j/89012345678', 'join meeting', 'join +34 910 480 001 pin 1234'],
      es: [
        'unirme a https://zoom.us/j/89012345678',
        'unirme a la reunión',
        'unirme al +34 910 480 001 pin 1234',
      ],
    },
  },
  {
    name: 'bridge',
    words: {
      en: [
        ...['call the bridge', 'dial the bridge', 'call the conference bridge', 'dial the conference bridge'],
        ...['join the bridge', 'join the conference bridge', 'dial into the bridge', 'call our bridge'],
        ...['dial our bridge', 'call the company bridge', 'ring the bridge'],
      ],
      es: [
        ...['llama al puente', 'llamar al puente', 'marca el puente', 'marcar el puente'],
        ...['llama al puente de conferencias', 'llamar al puente de conferencias'],
        ...['llama al puente de conferencia', 'llama al puente de audioconferencia'],
        ...['unirme al puente', 'entrar en el puente', 'llamame al puente', 'conectame al puente'],
      ],
    },
    takes: 'pin',
    usage: { en: 'call the bridge', es: 'llama al puente' },
    help: {
      en: 'Rings your phone and calls the conference bridge of the company. Key your conference yourself, or give me its PIN.',
      es: 'Hace sonar tu teléfono y llama al puente de conferencias de la empresa. Marca tú tu conferencia, o dame su PIN.',
    },
    examples: {
      en: ['call the bridge', 'call the bridge pin 1234'],
      es: ['llama al puente', 'llama al puente pin 1234'],
    },
    unlisted: true,
  },
  {
    name: 'watch',
    words: {
      en: [
        ...['watch meetings', 'watch for meetings', 'watch out for meetings', 'look out for meetings'],
        ...['start watching meetings', 'start watching for meetings', 'start watching'],
        ...['watch meetings here', 'watch for meetings here', 'watch this chat', 'watch this channel'],
        ...['watch the meetings', 'watch for meeting links', 'watch meeting links'],
        ...['watch this chat for meetings', 'watch this channel for meetings', 'keep an eye on meetings'],
        ...['look for meetings here', 'show cards for meetings'],
      ],
      es: [
        ...['avisa de las reuniones', 'avisa de reuniones', 'avisar de las reuniones'],
        ...['avisanos de las reuniones', 'atento a las reuniones', 'estate atento a las reuniones'],
        ...['vigila las reuniones', 'vigilar las reuniones', 'avisa de las reuniones de aqui'],
        ...['vigila este chat', 'vigila este canal', 'estate pendiente de las reuniones'],
        ...['vigila las reuniones de este chat', 'vigila las reuniones aqui'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'watch meetings', es: 'avisa de las reuniones' },
    help: {
      en: 'In a group: whoever shares a meeting gets a card by which everybody can be called.',
      es: 'En un grupo: quien comparta una reunión tendrá una tarjeta para que llame a todos.',
    },
    examples: { en: ['watch meetings'], es: ['avisa de las reuniones'] },
  },
  {
    name: 'unwatch',
    words: {
      en: [
        ...[
          'stop watching',
          'stop watching meetings',
          'stop watching for meetings',
          'stop watching the meetings',
        ],
        ...['unwatch meetings', 'do not watch meetings', "don't watch meetings", 'dont watch meetings'],
        ...['stop watching here', 'stop watching this chat', 'stop watching this channel'],
        ...['no more meeting cards', 'stop the meeting cards', 'stop posting meeting cards'],
        ...['do not watch this chat', "don't watch this chat", "don't watch this channel", 'no more cards'],
      ],
      es: [
        ...[
          'deja de avisar',
          'deja de avisar de las reuniones',
          'deja de avisar de reuniones',
          'no avises mas',
        ],
        ...['no avises de las reuniones', 'no avises mas de las reuniones', 'dejar de avisar'],
        ...['deja de vigilar', 'deja de vigilar las reuniones', 'no vigiles las reuniones'],
        ...[
          'deja de vigilar este chat',
          'deja de vigilar este canal',
          'no mas tarjetas',
          'sin tarjetas de reuniones',
        ],
      ],
    },
    takes: 'nothing',
    usage: { en: 'stop watching', es: 'deja de avisar' },
    help: {
      en: 'No more cards for meetings that are shared here.',
      es: 'No más tarjetas para las reuniones de aquí.',
    },
    examples: { en: ['stop watching'], es: ['deja de avisar'] },
    unlisted: true,
  },
  {
    name: 'meetings',
    words: {
      en: [
        ...[
          'meetings today',
          'my meetings',
          'meetings',
          "today's meetings",
          'todays meetings',
          'my meetings today',
        ],
        ...['show my meetings', 'list my meetings', 'what meetings do i have', 'which meetings do i have'],
        ...[
          'what meetings do i have today',
          'my agenda',
          'my calendar',
          'what is on today',
          "what's on today",
        ],
        ...[
          'do i have meetings',
          'do i have any meetings today',
          'do i have meetings today',
          'any meetings today',
        ],
        ...[
          'list meetings',
          'show meetings',
          'show my agenda',
          'show my calendar',
          "today's agenda",
          'my day',
        ],
        ...[
          'show me my meetings',
          'show me my calendar',
          'show me my agenda',
          'agenda today',
          'my agenda today',
        ],
        ...[
          "what's on my calendar",
          "what's on my calendar today",
          'what is on my calendar',
          'list my meetings today',
        ],
        ...[
          'what do i have today',
          'what have i got today',
          'show my meetings today',
          'my schedule',
          'my schedule today',
        ],
        ...['which meetings do i have today', 'what meetings are there today', 'have i got meetings today'],
      ],
      es: [
        ...['reuniones hoy', 'reuniones de hoy', 'mis reuniones', 'reuniones', 'mis reuniones de hoy'],
        ...[
          'mis reuniones hoy',
          'muestra mis reuniones',
          'muestrame mis reuniones',
          'ensename mis reuniones',
        ],
        ...[
          'que reuniones tengo',
          'que reuniones tengo hoy',
          'mi agenda',
          'mi calendario',
          'tengo reuniones hoy',
        ],
        ...[
          'tengo reuniones',
          'que tengo hoy',
          'tengo alguna reunion hoy',
          'agenda de hoy',
          'mi agenda de hoy',
        ],
        ...[
          'ensename mi agenda',
          'muestrame mi agenda',
          'muestra mi agenda',
          'ver mi agenda',
          'ver mis reuniones',
        ],
        ...['que hay hoy', 'que reuniones hay hoy', 'lista de reuniones', 'las reuniones de hoy', 'mi dia'],
        ...['ensename mi calendario', 'muestra mi calendario', 'que hay en mi calendario', 'agenda hoy'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'meetings today', es: 'reuniones hoy' },
    help: {
      en: 'Lists the meetings of your day, each with a button that calls you into it.',
      es: 'Muestra las reuniones de tu día, cada una con un botón que te llama para entrar.',
    },
    examples: { en: ['meetings today'], es: ['reuniones hoy'] },
  },
  {
    name: 'meetingsTomorrow',
    words: {
      en: [
        ...['meetings tomorrow', 'my meetings tomorrow', "tomorrow's meetings", 'tomorrows meetings'],
        ...[
          'what meetings do i have tomorrow',
          'which meetings do i have tomorrow',
          'do i have meetings tomorrow',
        ],
        ...['do i have any meetings tomorrow', 'any meetings tomorrow', 'what do i have tomorrow'],
        ...[
          "tomorrow's agenda",
          'my agenda tomorrow',
          "what's on my calendar tomorrow",
          "what's on tomorrow",
        ],
        ...['show my meetings tomorrow', "show tomorrow's meetings", 'my meetings for tomorrow'],
      ],
      es: [
        ...['reuniones manana', 'reuniones de manana', 'mis reuniones de manana', 'mis reuniones manana'],
        ...['que reuniones tengo manana', 'tengo reuniones manana', 'tengo alguna reunion manana'],
        ...['que tengo manana', 'agenda de manana', 'mi agenda de manana', 'que reuniones hay manana'],
        ...['muestra mis reuniones de manana', 'las reuniones de manana'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'meetings tomorrow', es: 'reuniones mañana' },
    help: { en: 'The same for tomorrow.', es: 'Lo mismo para mañana.' },
    examples: { en: ['meetings tomorrow'], es: ['reuniones mañana'] },
    unlisted: true,
  },
  {
    name: 'nextMeeting',
    words: {
      en: [
        ...['next meeting', 'my next meeting', 'what is my next meeting', "what's my next meeting"],
        ...[
          'when is my next meeting',
          'show my next meeting',
          'the next meeting',
          "what's next",
          'what is next',
        ],
        ...[
          'which meeting is next',
          "what's my next call",
          'show me my next meeting',
          "when's my next meeting",
        ],
      ],
      es: [
        ...['proxima reunion', 'mi proxima reunion', 'siguiente reunion', 'mi siguiente reunion'],
        ...['cual es mi proxima reunion', 'cuando es mi proxima reunion', 'la proxima reunion'],
        ...[
          'que reunion viene ahora',
          'que reunion toca',
          'la siguiente reunion',
          'cuando es la proxima reunion',
        ],
        ...['muestra mi proxima reunion', 'ensename mi proxima reunion', 'cual es la proxima reunion'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'next meeting', es: 'próxima reunión' },
    help: {
      en: 'Shows the meeting that is on, or comes next today.',
      es: 'Muestra la reunión en curso, o la siguiente de hoy.',
    },
    examples: { en: ['next meeting'], es: ['próxima reunión'] },
    unlisted: true,
  },
  ...roomRows,
]
