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
  {
    name: 'muteAll',
    words: {
      en: [
        ...['mute all', 'mute everyone', 'mute everybody', 'mute them all', 'mute all of them', 'mute them'],
        ...['mute everyone else', 'mute everybody else', 'mute all others', 'mute all the others'],
        ...['mute the others', 'mute everyone but me', 'mute everybody but me', 'mute all but me'],
        ...['mute all participants', 'mute all the participants'],
        ...['put everyone on mute', 'put everybody on mute', 'put them all on mute', 'mute all phones'],
      ],
      es: [
        ...['silencia a todos', 'silenciar a todos', 'silencia a todo el mundo', 'silencia a todas'],
        ...['silencia a los demas', 'silencia a las demas', 'silenciar a los demas'],
        ...['silencia a todos menos a mi', 'silencia a todos los demas', 'silencialos', 'silencia todos'],
        ...['silencialos a todos', 'pon a todos en silencio', 'pon en silencio a todos', 'mutea a todos'],
        ...['silencia a los participantes', 'silencia a todos los participantes', 'callalos a todos'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'mute all', es: 'silencia a todos' },
    help: {
      en: 'Mutes everybody else in your meeting.',
      es: 'Silencia a los demás en tu reunión.',
    },
    examples: { en: ['mute all', 'mute everyone'], es: ['silencia a todos'] },
    unlisted: true,
  },
  {
    name: 'lockMeeting',
    words: {
      en: [
        ...['lock the meeting', 'lock this meeting', 'lock meeting', 'lock my meeting', 'lock our meeting'],
        ...['lock', 'lock it', 'lock the room', 'lock this room', 'lock the conference'],
        ...['lock the meeting down', 'let nobody else in', 'let no one else in'],
        ...["don't let anyone else in", "don't let anybody else in", 'do not let anyone else in'],
      ],
      es: [
        ...['bloquea la reunion', 'bloquear la reunion', 'bloquea esta reunion', 'bloquea mi reunion'],
        ...['bloquea', 'bloquear', 'bloquea la sala', 'bloquear la sala', 'bloquea la conferencia'],
        // What the card calls it. In doubt the door is closed rather than the meeting.
        ...['cierra la reunion', 'cerrar la reunion', 'cierra la sala'],
        ...['no dejes entrar a nadie', 'no dejes entrar a nadie mas', 'que no entre nadie mas'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'lock the meeting', es: 'bloquea la reunión' },
    help: {
      en: 'Nobody comes into your meeting but by you.',
      es: 'En tu reunión ya no entra nadie sin ti.',
    },
    examples: { en: ['lock the meeting'], es: ['bloquea la reunión'] },
    unlisted: true,
  },
  {
    name: 'unlockMeeting',
    words: {
      en: [
        ...['unlock', 'unlock the meeting', 'unlock this meeting', 'unlock meeting', 'unlock my meeting'],
        ...['unlock our meeting', 'unlock it', 'unlock the room', 'unlock this room'],
        ...['unlock the conference', 'let people in again', 'let everyone in again', 'let others in again'],
      ],
      es: [
        ...['desbloquea la reunion', 'desbloquear la reunion', 'desbloquea esta reunion', 'desbloquea'],
        ...['desbloquear', 'desbloquea mi reunion', 'desbloquea la sala', 'desbloquear la sala'],
        ...['abre de nuevo la reunion', 'vuelve a abrir la reunion', 'abrir de nuevo', 'abre de nuevo'],
        ...['desbloquea la conferencia', 'reabre la reunion', 'abre otra vez la reunion'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'unlock', es: 'desbloquea la reunión' },
    help: {
      en: 'Opens your meeting again.',
      es: 'Vuelve a abrir tu reunión.',
    },
    examples: { en: ['unlock', 'unlock the meeting'], es: ['desbloquea la reunión'] },
    unlisted: true,
  },
  {
    name: 'endMeeting',
    words: {
      en: [
        ...['end the meeting', 'end this meeting', 'end meeting', 'end my meeting', 'end our meeting'],
        ...['end for all', 'end for everyone', 'end for everybody', 'end it for all', 'end it for everyone'],
        ...['end the meeting for all', 'end the meeting for everyone', 'end the meeting for everybody'],
        ...['end this meeting for all', 'end this meeting for everyone', 'end meeting for all'],
        ...['finish the meeting', 'finish the meeting for all', 'finish the meeting for everyone'],
        ...['stop the meeting', 'terminate the meeting', 'end the conference', 'end the conference call'],
        ...['hang up everyone', 'hang up everybody', 'hang up on everyone'],
        ...['hang up for all', 'hang up for everyone', 'hang up for everybody', 'hang up all of them'],
        ...['end the call for all', 'end the call for everyone', 'end the call for everybody'],
      ],
      es: [
        ...['termina la reunion', 'terminar la reunion', 'termina esta reunion', 'termina mi reunion'],
        ...['termina la reunion para todos', 'terminar la reunion para todos', 'termina para todos'],
        ...['terminar para todos', 'acaba la reunion', 'acabar la reunion', 'acaba la reunion para todos'],
        ...['acabar la reunion para todos', 'acaba esta reunion', 'acaba para todos', 'acabala para todos'],
        ...[
          'finaliza la reunion',
          'finalizar la reunion',
          'finaliza la reunion para todos',
          'cuelga a todos',
        ],
        ...['finaliza para todos', 'concluye la reunion', 'cuelga a todo el mundo', 'colgar a todos'],
        ...['termina la conferencia', 'termina la llamada para todos', 'acaba la llamada para todos'],
      ],
    },
    takes: 'nothing',
    usage: { en: 'end the meeting', es: 'termina la reunión' },
    help: {
      en: 'Hangs up everybody in your meeting.',
      es: 'Cuelga a todos en tu reunión.',
    },
    examples: { en: ['end the meeting', 'end for all'], es: ['termina la reunión'] },
    unlisted: true,
  },
]
