import type { CommandRow } from './row.ts'

/** The commands about meetings of one's own: to begin one, and in it. */
export const roomRows: readonly CommandRow[] = [
  {
    name: 'meetNow',
    words: {
      en: [
        ...['meet now', 'start a meeting', 'start meeting', 'new meeting', 'start a meeting now'],
        ...['begin a meeting', 'open a meeting', 'start a conference', 'instant meeting', 'open a room'],
        ...['start a conference call', 'create a meeting', 'make a meeting', 'make a new meeting', 'meetnow'],
        ...['create a meeting now', 'start an instant meeting', 'start a meeting right now', 'start a room'],
      ],
      es: [
        ...['reunirse ahora', 'reunirme ahora', 'reunion ahora', 'empieza una reunion', 'nueva reunion'],
        ...['inicia una reunion', 'empezar una reunion', 'iniciar una reunion', 'abre una reunion'],
        ...['reunirnos ahora', 'reunion inmediata', 'abre una sala', 'reunete ahora', 'reunamonos ahora'],
        ...[
          'crea una reunion',
          'crear una reunion',
          'haz una reunion',
          'monta una reunion',
          'montar una reunion',
        ],
        ...['crea una sala', 'abrir una sala', 'empieza una reunion ahora', 'crea una reunion ahora'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'meet now', es: 'reunirse ahora' },
    help: {
      en: 'Starts a meeting: your phone rings first, and a card lets everybody here come in by theirs.',
      es: 'Empieza una reunión: suena primero tu teléfono, y con una tarjeta entran los demás con el suyo.',
    },
    examples: { en: ['meet now', 'meet now from mobile'], es: ['reunirse ahora'] },
  },
  {
    name: 'turnIntoMeeting',
    words: {
      en: [
        ...['turn into meeting', 'turn into a meeting', 'turn it into a meeting', 'make it a meeting'],
        ...['turn this into a meeting', 'turn the call into a meeting', 'turn this call into a meeting'],
        ...['make this a meeting', 'make this call a meeting', 'make a meeting of it', 'convert to meeting'],
        ...['make the call a meeting', 'make our call a meeting', 'turn our call into a meeting'],
        ...['convert to a meeting', 'convert the call into a meeting', 'convert this call into a meeting'],
        ...['convert this into a meeting', 'convert the call to a meeting', 'turn into a conference'],
        ...['turn it into a conference', 'turn this into a conference', 'make it a conference call'],
        ...['make this a conference call', 'escalate to a meeting', 'upgrade to a meeting'],
      ],
      es: [
        ...[
          'convierte la llamada',
          'conviertelo en reunion',
          'conviertelo en una reunion',
          'convierte la llamada en reunion',
        ],
        ...['convierte la llamada en una reunion', 'convierte esto en una reunion', 'hazlo reunion'],
        ...['convertir en reunion', 'convertir la llamada en reunion', 'conviertela en reunion'],
        ...[
          'convierte esta llamada en reunion',
          'convierte esta llamada en una reunion',
          'conviertela en una reunion',
        ],
        ...['convierte esto en reunion', 'pasa la llamada a reunion', 'pasa esta llamada a reunion'],
        ...[
          'haz de esto una reunion',
          'haz una reunion de la llamada',
          'convierte la llamada en conferencia',
        ],
        ...['convertir esta llamada en una reunion', 'convierte la llamada en una conferencia'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'turn into meeting', es: 'convierte la llamada en reunión' },
    help: {
      en: 'Your call goes on as a meeting that others can come into. Nobody is hung up.',
      es: 'Tu llamada sigue como reunión en la que pueden entrar más. No se cuelga a nadie.',
    },
    examples: { en: ['turn into meeting'], es: ['conviértelo en reunión'] },
    unlisted: true,
  },
  {
    name: 'add',
    words: {
      en: ['add', 'bring in', 'add in', 'also add', 'conference in', 'invite'],
      es: [
        'agrega a',
        'anade a',
        'anade',
        'anadir a',
        'agrega',
        'agregar a',
        'invita a',
        'mete a',
        'anade al',
        'agrega al',
        'invita al',
        ...['anade tambien a', 'agrega tambien a', 'mete tambien a', 'invita tambien a'],
        ...['suma a', 'incluye a', 'incorpora a', 'invitar a', 'meter a', 'sumar a'],
      ],
    },
    takes: 'who',
    usage: { en: 'add <who>', es: 'agrega a <quien>' },
    help: {
      en: 'Rings somebody for the call or meeting that you are in, and brings them in when they pick up.',
      es: 'Llama a alguien para la llamada o reunión en la que estás, y entra cuando descuelga.',
    },
    examples: { en: ['add Bob', 'add 1002'], es: ['añade a Bob', 'añade a 1002'] },
    unlisted: true,
  },
  {
    name: 'mute',
    words: {
      en: [
        ...['mute', 'mute me', 'mute my phone', 'mute myself', 'put me on mute', 'mute my mic'],
        ...[
          'mute my microphone',
          'turn off my mic',
          'turn my mic off',
          'turn off my microphone',
          'mute my line',
        ],
      ],
      es: [
        ...['ponme en silencio', 'silenciame', 'silencia mi telefono', 'silenciarme', 'callame'],
        ...['silencia mi microfono', 'desactiva mi microfono', 'apaga mi microfono', 'quita mi microfono'],
        ...['ponme en mute', 'silencia mi linea'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'mute', es: 'ponme en silencio' },
    help: { en: 'In a meeting of mine, nobody hears you.', es: 'En una reunión mía, nadie te oye.' },
    examples: { en: ['mute'], es: ['silénciame'] },
    unlisted: true,
  },
  {
    name: 'unmute',
    words: {
      en: [
        ...['unmute', 'unmute me', 'unmute my phone', 'unmute myself', 'take me off mute', 'unmute my mic'],
        ...[
          'unmute my microphone',
          'turn on my mic',
          'turn my mic on',
          'turn on my microphone',
          'unmute my line',
        ],
      ],
      es: [
        ...['que me oigan', 'quitame el silencio', 'reactiva mi sonido', 'activa mi microfono'],
        ...['reactiva mi microfono', 'abre mi microfono', 'enciende mi microfono', 'quitame el mute'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'unmute', es: 'que me oigan' },
    help: { en: 'Everybody hears you again.', es: 'Todos te vuelven a oír.' },
    examples: { en: ['unmute'], es: ['quítame el silencio'] },
    unlisted: true,
  },
]
