/** Why a call has ended, in English. */
import type { Answerer } from '../../core/call/call.ts'
import type { Ending } from './words.ts'

/** The ends that a meeting's bridge has besides; what it says itself, the user has heard. */
function endingOfMeeting({ cause, side, who, meeting }: Ending): string | undefined {
  if (!meeting) return undefined
  if (cause === 'cancelled' && side === 'user')
    return 'You hung up before you were in the meeting. Redial when you want it again.'
  if (side !== 'callee') return undefined
  const orElse = meeting.link ? ', or open the meeting by its link.' : '.'
  switch (cause) {
    case 'completed':
      return `${who} hung up: the meeting may be over. Redial to go back in.`
    case 'busy':
      return `The number of ${who} is busy: the meeting may be full. Redial in a while${orElse}`
    case 'noAnswer':
      return `The number of ${who} does not answer. Redial in a while${orElse}`
    case 'declined':
      return `The number of ${who} takes no call now. Redial in a while${orElse}`
    case 'unreachable':
      return `The number of ${who} cannot be reached. Check it in the invitation, redial in a while${orElse}`
    default:
      return undefined
  }
}

/** The sentence that the record of a call has. */
export function ending(told: Ending): string {
  const { meeting, side, said } = told
  const plain = endingOfMeeting(told) ?? endingOfCall(told)
  return meeting && side === 'callee' && said !== undefined ? `${plain} Its words: “${said}”.` : plain
}

function endingOfCall({ cause, side, who, divertedTo, machine }: Ending): string {
  const own = side === 'user'
  switch (cause) {
    case 'completed':
      if (machine !== undefined) return `${answered(machine, who)}, and ${own ? 'you' : 'it'} hung up.`
      if (own) return 'You hung up.'
      return side === 'callee' ? `${who} hung up.` : 'The call is over.'
    case 'busy':
      return own
        ? 'Your own phone is busy, so nobody else was called. Finish that call, then redial.'
        : `${who} is busy. Redial in a while.`
    case 'noAnswer':
      return own
        ? 'You did not pick up in time, so nobody else was called. Redial when you are at your phone.'
        : `There was no answer from ${who}. Redial later, or write a message.`
    case 'declined':
      return own
        ? 'The call was declined at your own phone, so nobody else was called. Redial if that was not meant.'
        : `${who} declined the call. Write a message, or redial later.`
    case 'unreachable':
      if (side === 'pbx') return 'The connection was lost. Redial to go on.'
      return own
        ? 'Your own phone is unreachable. Check that it is switched on and signed in, then redial.'
        : `${who} is unreachable. Check the number, or try another one.`
    case 'diverted':
      return own ? divertedOwn(divertedTo) : `${diverted(who, divertedTo)} Call that number instead.`
    case 'trunkDown':
      return 'The phone system is unreachable, so nothing could be dialled. Try again in a minute; an administrator can check SIP_TRUNK.'
    case 'noLine':
      if (side === 'bot')
        return 'All ports for sound are in use, so the call could not be made. Try again in a minute; an administrator can widen RTP_PORTS.'
      return 'All lines of the phone system are in use, so the call could not be made. Try again in a minute; an administrator can change maxCalls in TRUNKS_FILE, or ask for more lines.'
    case 'cancelled':
      return own || side === 'bot'
        ? 'The call was cancelled. Redial when you want it again.'
        : 'The call was cancelled by the other side. Redial when you want it again.'
    case 'notConfirmed':
      return own
        ? `Nobody pressed 1 on your phone, so ${who} was not called. Redial, pick up and press 1.`
        : `${who} picked up, but nobody pressed 1 there. Call them in again, or write a message.`
    case 'voicemail':
      return `${who}’s voicemail answered, which does not come into a meeting. Call them in later, or write a message.`
    case 'refused':
      return 'The phone system refuses the bot’s user or caller ID. An administrator can check SIP_TRUNK_USER, SIP_TRUNK_PASSWORD and CALLER_ID.'
    case 'limit':
      return 'The longest time for a call was reached. Redial to go on; an administrator can change MAX_CALL_MINUTES.'
    case 'silent':
      return own
        ? 'No sound came from your own phone any more, so the call was ended. Redial to go on; an administrator can change RTP_SILENCE_END_SECONDS.'
        : `No sound came from ${who}’s phone any more, so the call was ended. Redial to go on; an administrator can change RTP_SILENCE_END_SECONDS.`
    case 'notAdmitted':
      return `${who} hung up before you were in. Its ID or PIN may be wrong, or the meeting full or over: check the invitation and paste it anew, or redial and key the digits yourself.`
    case 'interrupted':
      return 'The call was interrupted by a restart of the bot. Redial to go on.'
    case 'failed':
      return 'The call failed through a fault of the bot. Redial; if it stays, tell your administrator.'
  }
}

const answered = (machine: Answerer, who: string) =>
  machine === 'voicemail' ? `${who}’s voicemail answered` : `A machine answered at ${who}`
const diverted = (who: string, to: string | undefined) =>
  `${who} is unreachable: diverted to ${to ?? 'another number'}.`
const divertedOwn = (to: string | undefined) =>
  `Your own phone is unreachable: diverted to ${to ?? 'another number'}. Take the diversion off, then redial.`
