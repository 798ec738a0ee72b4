import type { CommandRow } from './row.ts'

/** The commands about meetings. A meeting itself is no word: it is recognised wherever it stands (core/meeting). */
export const meetingRows: readonly CommandRow[] = [
  {
    name: 'join',
    words: {
      en: [
        ...['join', 'join meeting', 'join the meeting', 'join my meeting', 'join this meeting'],
        ...['join by phone', 'join the call', 'dial me in', 'dial me into', 'dial into'],
        ...['dial into the meeting', 'call me into', 'get me into', 'put me into', 'bring me into'],
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
]
