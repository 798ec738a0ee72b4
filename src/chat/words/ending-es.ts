/** Why a call has ended, in Spanish. */
import type { Answerer } from '../../core/call/call.ts'
import type { Ending } from './words.ts'

/** The ends that a meeting's bridge has besides; what it says itself, the user has heard. */
function endingOfMeeting({ cause, side, who, meeting }: Ending): string | undefined {
  if (!meeting) return undefined
  if (cause === 'cancelled' && side === 'user')
    return 'Has colgado antes de entrar en la reunión. Rellama cuando quieras.'
  if (side !== 'callee') return undefined
  const orElse = meeting.link ? ', o abre la reunión con su enlace.' : '.'
  switch (cause) {
    case 'completed':
      return `${who} ha colgado: puede que la reunión haya terminado. Rellama para volver a entrar.`
    case 'busy':
      return `El número de ${who} está ocupado: puede que la reunión esté llena. Rellama dentro de un rato${orElse}`
    case 'noAnswer':
      return `El número de ${who}: sin respuesta. Rellama dentro de un rato${orElse}`
    case 'declined':
      return `El número de ${who} no acepta llamadas ahora. Rellama dentro de un rato${orElse}`
    case 'unreachable':
      return `El número de ${who} no está disponible. Revísalo en la invitación, rellama dentro de un rato${orElse}`
    default:
      return undefined
  }
}

/** The sentence that the record of a call has. */
export function ending(told: Ending): string {
  const { meeting, side, said } = told
  const plain = endingOfMeeting(told) ?? endingOfCall(told)
  return meeting && side === 'callee' && said !== undefined ? `${plain} Sus palabras: «${said}».` : plain
}

function endingOfCall({ cause, side, who, divertedTo, machine }: Ending): string {
  const own = side === 'user'
  switch (cause) {
    case 'completed':
      if (machine !== undefined) return `${answered(machine, who)}, y ${own ? 'has' : 'ha'} colgado.`
      if (own) return 'Has colgado.'
      return side === 'callee' ? `${who} ha colgado.` : 'La llamada ha terminado.'
    case 'busy':
      return own
        ? 'Tu propio teléfono está ocupado, así que no se ha llamado a nadie más. Termina esa llamada y pulsa Rellamar.'
        : `${who} está ocupado. Rellama dentro de un rato.`
    case 'noAnswer':
      return own
        ? 'No has descolgado a tiempo, así que no se ha llamado a nadie más. Rellama cuando estés junto al teléfono.'
        : `${who}: sin respuesta. Rellama más tarde, o escribe un mensaje.`
    case 'declined':
      return own
        ? 'La llamada fue rechazada en tu propio teléfono, así que no se ha llamado a nadie más. Rellama si no era tu intención.'
        : `${who}: llamada rechazada. Escribe un mensaje, o rellama más tarde.`
    case 'unreachable':
      if (side === 'pbx') return 'Se perdió la conexión. Rellama para seguir.'
      return own
        ? 'Tu propio teléfono no está disponible. Comprueba que está encendido y registrado, y rellama.'
        : `${who} no está disponible. Revisa el número, o prueba con otro.`
    case 'diverted':
      return own ? divertedOwn(divertedTo) : `${diverted(who, divertedTo)} Llama a ese número.`
    case 'trunkDown':
      return 'La centralita no está disponible, así que no se ha podido marcar nada. Prueba en un minuto; un administrador puede revisar SIP_TRUNK.'
    case 'noLine':
      if (side === 'bot')
        return 'Todos los puertos de sonido están en uso, así que no se ha podido hacer la llamada. Prueba en un minuto; un administrador puede ampliar RTP_PORTS.'
      return 'Todas las líneas de la centralita están en uso, así que no se ha podido hacer la llamada. Prueba en un minuto; un administrador puede cambiar maxCalls en TRUNKS_FILE, o pedir más líneas.'
    case 'cancelled':
      return own || side === 'bot'
        ? 'La llamada ha sido cancelada. Rellama cuando quieras.'
        : 'La otra parte ha cancelado la llamada. Rellama cuando quieras.'
    case 'notConfirmed':
      return own
        ? `Nadie pulsó 1 en tu teléfono, así que no se ha llamado a ${who}. Rellama, descuelga y pulsa 1.`
        : `${who} descolgó, pero nadie pulsó 1. Vuelve a llamar, o escribe un mensaje.`
    case 'voicemail':
      return `Contestó el buzón de voz de ${who}, que no entra en una reunión. Llama más tarde, o escribe un mensaje.`
    case 'refused':
      return 'La centralita rechaza el usuario o el número del bot. Un administrador puede revisar SIP_TRUNK_USER, SIP_TRUNK_PASSWORD y CALLER_ID.'
    case 'limit':
      return 'Se alcanzó la duración máxima de una llamada. Rellama para seguir; un administrador puede cambiar MAX_CALL_MINUTES.'
    case 'silent':
      return own
        ? 'Dejó de llegar sonido de tu propio teléfono, así que la llamada terminó. Rellama para seguir; un administrador puede cambiar RTP_SILENCE_END_SECONDS.'
        : `Dejó de llegar sonido del teléfono de ${who}, así que la llamada terminó. Rellama para seguir; un administrador puede cambiar RTP_SILENCE_END_SECONDS.`
    case 'notAdmitted':
      return `${who} ha colgado antes de que entraras. Puede que el identificador o el PIN no sea correcto, o que la reunión esté llena o haya terminado: revisa la invitación y pégala otra vez, o rellama y teclea tú los dígitos.`
    case 'interrupted':
      return 'La llamada fue interrumpida por un reinicio del bot. Rellama para seguir.'
    case 'failed':
      return 'La llamada falló por un error del bot. Rellama; si sigue igual, avisa a tu administrador.'
  }
}

const answered = (machine: Answerer, who: string) =>
  machine === 'voicemail' ? `Ha contestado el buzón de voz de ${who}` : `En ${who} ha contestado una máquina`
const diverted = (who: string, to: string | undefined) =>
  `${who} no está disponible: desviado a ${to ?? 'otro número'}.`
const divertedOwn = (to: string | undefined) =>
  `Tu propio teléfono no está disponible: desviado a ${to ?? 'otro número'}. Quita el desvío y rellama.`
