import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Call, CallEvent, CallRequest, Effect, TimerName } from '../../../src/core/call/call.ts'
import { begin, fold, step } from '../../../src/core/call/step.ts'
import { recordOf } from '../../../src/core/call/record.ts'
import { viewOf } from '../../../src/core/call/view.ts'
import { callId, legId, meetingId, personId } from '../../../src/core/ids.ts'
import type { E164 } from '../../../src/core/ids.ts'

const id = callId('c_test')
const A = legId(id, 1)
const B = legId(id, 2)
const alice = personId('alice')

const request: CallRequest = {
  by: alice,
  user: { person: alice, name: 'Alice', phone: 'desk', target: { kind: 'extension', extension: '1001' } },
  callee: { name: 'Bob', target: { kind: 'number', number: '+34910000002' as E164 } },
  callerId: { number: '+34910000001', name: 'Alice' },
  globalCallerId: '+34900100200' as E164,
  pressOne: false,
  limits: { ringUser: 30, ringCallee: 60, talk: 14400, confirm: 15 },
  origin: { channel: 'test', conversation: 'x', language: 'en' },
}

const rings = (leg: typeof A, earlyMedia = false): CallEvent => ({
  type: 'leg.ringing',
  leg,
  status: earlyMedia ? 183 : 180,
  earlyMedia,
})
const answers = (leg: typeof A): CallEvent => ({ type: 'leg.answered', leg })
const boxAnswers = (leg: typeof A): CallEvent => ({ type: 'leg.answered', leg, by: 'voicemail' })
const forwarded = (leg: typeof A): CallEvent => ({ type: 'leg.answered', leg, forwarded: true })
const hangsUp = (leg: typeof A): CallEvent => ({ type: 'leg.ended', leg, end: { kind: 'hungUp' } })
const released = (leg: typeof A): CallEvent => ({ type: 'leg.ended', leg, end: { kind: 'released' } })
const refuses = (leg: typeof A, status: number, q850?: number): CallEvent => ({
  type: 'leg.ended',
  leg,
  end: { kind: 'refused', status, reason: 'No', ...(q850 === undefined ? {} : { q850 }) },
})
const unsendable = (leg: typeof A): CallEvent => ({
  type: 'leg.ended',
  leg,
  end: { kind: 'unsendable', detail: 'refused' },
})
const silent = (leg: typeof A): CallEvent => ({ type: 'leg.ended', leg, end: { kind: 'silent' } })
const keys = (leg: typeof A, digit: string): CallEvent => ({ type: 'leg.digit', leg, digit })
const digit = (d: string): CallEvent => keys(A, d)
const timer = (name: TimerName): CallEvent => ({
  type: 'timer',
  timer: name,
})
const hangUp: CallEvent = { type: 'hangUp', by: alice }
const restarted: CallEvent = { type: 'restarted' }
const resumed: CallEvent = { type: 'resumed' }
const shutdown: CallEvent = { type: 'shutdown' }
const missed = (leg: typeof A): CallEvent => ({ type: 'media.silent', leg })
const heard = (leg: typeof A): CallEvent => ({ type: 'media.heard', leg })
const byHand: CallEvent = { type: 'leg.keyed', leg: B, ok: true, byHand: true }
const keyed = (ok: boolean): CallEvent => ({ type: 'leg.keyed', leg: B, ok })
const roomed: CallEvent = { type: 'roomed', room: meetingId('m_1') }
const mixed: CallEvent = { type: 'media.settled', plan: 'room' }
const roomEnded: CallEvent = { type: 'room.ended' }
const mute = (leg: typeof A, on = true): CallEvent => ({ type: 'muted', leg, on })
const direct: CallEvent = { type: 'media.settled', plan: 'direct' }

let clock = 0
/** Plays events, a second apart, and gives the call and the last step's effects in short. */
function play(events: readonly CallEvent[], asked: CallRequest = request) {
  clock = 1_000_000
  let at = begin(id, asked, clock)
  for (const event of events) at = step(at.call, { at: (clock += 1000), event })
  return { call: at.call, ignored: at.ignored, effects: at.effects.map(short) }
}

function short(effect: Effect): string {
  switch (effect.type) {
    case 'dial':
      return `dial ${effect.role}`
    case 'release':
      return `release ${effect.leg === A ? 'user' : 'callee'}`
    case 'play':
      return `play ${effect.sound}`
    case 'media':
      return `media ${effect.plan.kind}`
    case 'timer.start':
      return `start ${effect.timer}`
    case 'timer.stop':
      return `stop ${effect.timer}`
    case 'mute':
      return `${effect.on ? 'mute' : 'unmute'} ${effect.leg === A ? 'user' : 'callee'}`
    case 'key':
      return `key ${effect.leg === A ? 'user' : 'callee'}`
    case 'close':
      return 'close'
  }
}

const CLOSED = ['stop tone', 'stop release', 'close']
const upToConnecting = [rings(A), answers(A)]
const upToTalking = [...upToConnecting, rings(B), answers(B)]

type Row = {
  what: string
  after: readonly CallEvent[]
  state: Call['state']
  outcome?: string
  effects: readonly string[]
  press?: true
  /** The callee is a meeting's bridge that wants digits. */
  joins?: true
  /** RTP_SILENCE_END_SECONDS is set. */
  ends?: true
  /** It is for a room: the user comes in, or the callee is invited. */
  room?: 'own' | 'invited'
  confirm?: 'always' | 'never'
}

// A race is a row.
// prettier-ignore
const rows: readonly Row[] = [
  // the way of a call
  { what: 'the phone rings', after: [rings(A)], state: 'dialling', effects: [] },
  { what: 'the phone is picked up: only now the callee is called', after: [rings(A), answers(A)], state: 'connecting', effects: ['stop ringUser', 'play ringback', 'dial callee', 'start ringCallee'] },
  { what: 'the phone is picked up without any 18x', after: [answers(A)], state: 'connecting', effects: ['stop ringUser', 'play ringback', 'dial callee', 'start ringCallee'] },
  { what: 'the callee rings', after: [...upToConnecting, rings(B)], state: 'connecting', effects: [] },
  { what: 'early media of the callee is let through', after: [...upToConnecting, rings(B, true)], state: 'connecting', effects: ['media relay'] },
  { what: 'early media after a plain 180', after: [...upToConnecting, rings(B), rings(B, true)], state: 'connecting', effects: ['media relay'] },
  { what: 'a second 183 changes nothing', after: [...upToConnecting, rings(B, true), rings(B, true)], state: 'connecting', effects: [] },
  { what: 'the callee answers', after: upToTalking, state: 'talking', effects: ['stop ringCallee', 'media direct', 'start talk'] },
  { what: 'the media are direct', after: [...upToTalking, direct], state: 'talking', effects: [] },
  { what: 'the callee hangs up', after: [...upToTalking, hangsUp(B)], state: 'ended', outcome: 'completed by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the PBX ends the call of a phone that it lost (Q.850 41 in its BYE)', after: [...upToTalking, { type: 'leg.ended', leg: B, end: { kind: 'hungUp', q850: 41 } }], state: 'ended', outcome: 'unreachable by pbx', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the user hangs up the phone', after: [...upToTalking, hangsUp(A)], state: 'ended', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'the user hangs up in chat', after: [...upToTalking, hangUp], state: 'ended', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'the last leg is gone', after: [...upToTalking, hangsUp(B), released(A)], state: 'closed', outcome: 'completed by callee', effects: CLOSED },
  // the user's own phone
  { what: 'own phone busy: nobody else is rung', after: [refuses(A, 486)], state: 'closed', outcome: 'busy by user', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'own phone declines', after: [rings(A), refuses(A, 603)], state: 'closed', outcome: 'declined by user', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'own phone unknown to the PBX', after: [refuses(A, 404)], state: 'closed', outcome: 'unreachable by user', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'own phone rings on', after: [rings(A), timer('ringUser')], state: 'ended', outcome: 'noAnswer by user', effects: ['stop ringUser', 'start release', 'release user'] },
  { what: 'the trunk is down', after: [unsendable(A)], state: 'closed', outcome: 'trunkDown by pbx', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'no RTP port is left: those are ours, not of the PBX', after: [{ type: 'leg.ended', leg: A, end: { kind: 'unable', detail: 'no port' } }], state: 'closed', outcome: 'noLine by bot', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'the PBX says nothing at all', after: [silent(A)], state: 'closed', outcome: 'trunkDown by pbx', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'our credentials are refused', after: [refuses(A, 407)], state: 'closed', outcome: 'refused by pbx', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'cancelled in chat before the pick-up', after: [rings(A), hangUp], state: 'ended', outcome: 'cancelled by user', effects: ['stop ringUser', 'start release', 'release user'] },
  { what: 'the cancelled phone answers 487', after: [rings(A), hangUp, refuses(A, 487)], state: 'closed', outcome: 'cancelled by user', effects: CLOSED },
  // the callee
  { what: 'callee busy: the user hears it', after: [...upToConnecting, refuses(B, 486)], state: 'ended', outcome: 'busy by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play busy', 'start tone'] },
  { what: 'callee busy behind a vague 503 (Q.850 17)', after: [...upToConnecting, refuses(B, 503, 17)], state: 'ended', outcome: 'busy by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play busy', 'start tone'] },
  { what: 'callee declines', after: [...upToConnecting, refuses(B, 603)], state: 'ended', outcome: 'declined by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play congestion', 'start tone'] },
  { what: 'callee unreachable', after: [...upToConnecting, refuses(B, 480)], state: 'ended', outcome: 'unreachable by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play congestion', 'start tone'] },
  { what: 'no trunk has a line left for the callee', after: [...upToConnecting, { type: 'leg.ended', leg: B, end: { kind: 'full' } }], state: 'ended', outcome: 'noLine by pbx', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play congestion', 'start tone'] },
  { what: 'callee diverts, and is not followed', after: [...upToConnecting, refuses(B, 302)], state: 'ended', outcome: 'diverted by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play congestion', 'start tone'] },
  { what: 'callee does not answer', after: [...upToConnecting, rings(B), timer('ringCallee')], state: 'ended', outcome: 'noAnswer by callee', effects: ['stop ringCallee', 'start release', 'release callee', 'media endpoint', 'play congestion', 'start tone'] },
  { what: 'the tone is over', after: [...upToConnecting, refuses(B, 486), timer('tone')], state: 'ended', outcome: 'busy by callee', effects: ['release user'] },
  { what: 'the user hangs up during the tone', after: [...upToConnecting, refuses(B, 486), hangsUp(A)], state: 'closed', outcome: 'busy by callee', effects: CLOSED },
  { what: 'the user wants the phone during the tone', after: [...upToConnecting, refuses(B, 486), hangUp], state: 'ended', outcome: 'busy by callee', effects: ['release user'] },
  { what: 'the user hangs up while the callee rings: CANCEL, not BYE, is what release means then', after: [...upToConnecting, rings(B), hangsUp(A)], state: 'ended', outcome: 'cancelled by user', effects: ['stop ringCallee', 'start release', 'release callee'] },
  { what: 'cancelled in chat while the callee rings', after: [...upToConnecting, rings(B), hangUp], state: 'ended', outcome: 'cancelled by user', effects: ['stop ringCallee', 'start release', 'release user', 'release callee'] },
  { what: 'the user goes before the callee has rung at all', after: [...upToConnecting, hangsUp(A)], state: 'ended', outcome: 'cancelled by user', effects: ['stop ringCallee', 'start release', 'release callee'] },
  // races
  { what: '200 of the phone crosses our CANCEL', after: [rings(A), hangUp, answers(A)], state: 'ended', outcome: 'cancelled by user', effects: ['release user'] },
  { what: '200 of the callee crosses our CANCEL', after: [...upToConnecting, hangsUp(A), answers(B)], state: 'ended', outcome: 'cancelled by user', effects: ['release callee'] },
  { what: '200 of the callee crosses our time limit', after: [...upToConnecting, timer('ringCallee'), answers(B)], state: 'ended', outcome: 'noAnswer by callee', effects: ['release callee'] },
  { what: 'both hang up at once', after: [...upToTalking, hangsUp(A), hangsUp(B)], state: 'closed', outcome: 'completed by user', effects: CLOSED },
  { what: 'a second press on Hang up', after: [...upToTalking, hangUp, hangUp], state: 'ended', outcome: 'completed by user', effects: [] },
  { what: 'BYE of the phone crosses our BYE', after: [...upToTalking, hangUp, hangsUp(A)], state: 'ended', outcome: 'completed by user', effects: [] },
  { what: 'hang up in chat crosses the answer of the callee', after: [...upToConnecting, hangUp, answers(B)], state: 'ended', outcome: 'cancelled by user', effects: ['release callee'] },
  { what: 'a late ringing after the end', after: [...upToConnecting, hangUp, rings(B)], state: 'ended', outcome: 'cancelled by user', effects: [] },
  { what: 'a timer that fired while the phone was picked up', after: [rings(A), answers(A), timer('ringUser')], state: 'connecting', effects: [] },
  { what: 'a timer that fired while the callee answered', after: [...upToTalking, timer('ringCallee')], state: 'talking', effects: [] },
  { what: 'the media settle after the end', after: [...upToTalking, hangUp, direct], state: 'ended', outcome: 'completed by user', effects: [] },
  { what: 'anything after the close', after: [refuses(A, 486), answers(A)], state: 'closed', outcome: 'busy by user', effects: [] },
  { what: 'a leg that never reports its end is given up', after: [...upToTalking, hangUp, timer('release')], state: 'closed', outcome: 'completed by user', effects: CLOSED },
  // a phone that is not heard
  { what: 'a phone falls silent: told, and nothing else', after: [...upToTalking, missed(B)], state: 'talking', effects: [] },
  { what: 'and is heard again', after: [...upToTalking, missed(B), heard(B)], state: 'talking', effects: ['stop silence'] },
  { what: 'a phone is heard that nobody has missed', after: [...upToTalking, heard(A)], state: 'talking', effects: [] },
  { what: 'silence is told twice', after: [...upToTalking, missed(B), missed(B)], state: 'talking', effects: [] },
  { what: 'where silence ends a call: its time begins', after: [...upToTalking, missed(B)], ends: true, state: 'talking', effects: ['start silence'] },
  { what: 'where silence ends a call: both are silent, the first one counts', after: [...upToTalking, missed(B), missed(A)], ends: true, state: 'talking', effects: [] },
  { what: 'where silence ends a call: the first is heard again, the time of the second goes on', after: [...upToTalking, missed(B), missed(A), heard(B)], ends: true, state: 'talking', effects: ['start silence'] },
  { what: 'where silence ends a call: it lasts', after: [...upToTalking, missed(B), timer('silence')], ends: true, state: 'ended', outcome: 'silent by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'where silence ends a call: the time is up while it is heard again', after: [...upToTalking, missed(A), heard(A), timer('silence')], ends: true, state: 'talking', effects: [] },
  { what: 'a silent phone hangs up', after: [...upToTalking, missed(B), hangsUp(B)], state: 'ended', outcome: 'completed by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'silence is told after the end', after: [...upToTalking, hangUp, missed(B)], state: 'ended', outcome: 'completed by user', effects: [] },
  // limits and faults
  { what: 'the longest duration', after: [...upToTalking, timer('talk')], state: 'ended', outcome: 'limit by bot', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'a leg is lost in mid-call', after: [...upToTalking, { type: 'leg.ended', leg: B, end: { kind: 'lost', detail: '481' } }], state: 'ended', outcome: 'unreachable by pbx', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the journal fails', after: [rings(A), { type: 'fault', code: 'STORE_WRITE' }], state: 'ended', outcome: 'failed by bot', effects: ['stop ringUser', 'start release', 'release user'] },
  { what: 'the bot was killed while it rang', after: [rings(A), restarted], state: 'closed', outcome: 'interrupted by bot', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'the bot was killed while they talked', after: [...upToTalking, restarted], state: 'closed', outcome: 'interrupted by bot', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'the bot was killed while they talked, and their legs were not: the call goes on', after: [...upToTalking, direct, resumed], state: 'talking', effects: ['start talk'] },
  { what: 'and the bridge that was still being made is made again', after: [...upToTalking, resumed], state: 'talking', effects: ['media direct', 'start talk'] },
  { what: 'and one of them was found to be gone first', after: [...upToTalking, hangsUp(B), resumed], state: 'ended', outcome: 'completed by callee', effects: [] },
  { what: 'and one of them is found to be gone after that', after: [...upToTalking, direct, resumed, hangsUp(B)], state: 'ended', outcome: 'completed by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the bot was killed after the end: the outcome stays', after: [...upToTalking, hangsUp(B), restarted], state: 'closed', outcome: 'completed by callee', effects: CLOSED },
  { what: 'the bot was killed before the record was moved', after: [refuses(A, 486), restarted], state: 'closed', outcome: 'busy by user', effects: ['close'] },
  { what: 'the bot is shut down while they talk', after: [...upToTalking, shutdown], state: 'ended', outcome: 'interrupted by bot', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'the bot is shut down during the tone', after: [...upToConnecting, refuses(B, 486), shutdown], state: 'ended', outcome: 'busy by callee', effects: ['release user'] },
  // a meeting's bridge
  { what: 'the bridge answers: its sound goes through the bot, which keys for the user', after: upToTalking, joins: true, state: 'talking', effects: ['stop ringCallee', 'media relay', 'key callee', 'start talk'] },
  { what: 'all is keyed: the sound stays where it is, since a bridge may go deaf to another stream', after: [...upToTalking, keyed(true)], joins: true, state: 'talking', effects: [] },
  { what: 'it could not be keyed: the user keys by hand', after: [...upToTalking, keyed(false)], joins: true, state: 'talking', effects: [] },
  { what: 'the user keys by hand: nothing else is keyed', after: [...upToTalking, byHand], joins: true, state: 'talking', effects: [] },
  { what: 'the user hangs up amid that', after: [...upToTalking, byHand, hangsUp(A)], joins: true, state: 'ended', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'the bridge does not take what was keyed by hand', after: [...upToTalking, byHand, hangsUp(B)], joins: true, state: 'ended', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'keyed twice', after: [...upToTalking, keyed(true), keyed(true)], joins: true, state: 'talking', effects: [] },
  { what: 'the user hangs up while it is keyed', after: [...upToTalking, hangsUp(A)], joins: true, state: 'ended', outcome: 'cancelled by user', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'keyed after the end', after: [...upToTalking, hangsUp(A), keyed(true)], joins: true, state: 'ended', outcome: 'cancelled by user', effects: [] },
  { what: 'the bridge hangs up before it is keyed: nobody was let in', after: [...upToTalking, hangsUp(B)], joins: true, state: 'ended', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the bridge hangs up soon after: the PIN was wrong, it is full, or over', after: [...upToTalking, keyed(true), hangsUp(B)], joins: true, state: 'ended', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'the user hangs up in the meeting', after: [...upToTalking, keyed(true), hangsUp(A)], joins: true, state: 'ended', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'the bridge refuses: nothing is keyed', after: [...upToConnecting, refuses(B, 486)], joins: true, state: 'ended', outcome: 'busy by callee', effects: ['stop ringCallee', 'start release', 'media endpoint', 'play busy', 'start tone'] },
  { what: 'the bot was killed while it keyed, the legs were not', after: [...upToTalking, resumed], joins: true, state: 'talking', effects: ['media relay', 'start talk'] },

  // a meeting's bridge as a member of a room
  { what: 'the bridge answers: it is keyed first, and nobody in the room hears it ask', after: [answers(B)], room: 'invited', joins: true, state: 'inRoom', effects: ['stop ringCallee', 'play silence', 'key callee', 'start talk'] },
  { what: 'that it is a machine is no reason to keep it out', after: [{ type: 'leg.answered', leg: B, by: 'voicemail', forwarded: true }], room: 'invited', joins: true, state: 'inRoom', effects: ['stop ringCallee', 'play silence', 'key callee', 'start talk'] },
  { what: 'it knows which meeting is meant: it comes into the room', after: [answers(B), keyed(true)], room: 'invited', joins: true, state: 'inRoom', effects: ['media room'] },
  { what: 'keyed into the room twice', after: [answers(B), keyed(true), keyed(true)], room: 'invited', joins: true, state: 'inRoom', effects: [] },
  { what: 'it cannot be keyed: it does not come in', after: [answers(B), keyed(false)], room: 'invited', joins: true, state: 'ended', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'it hangs up while it is keyed', after: [answers(B), hangsUp(B)], room: 'invited', joins: true, state: 'closed', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'it hangs up soon after: the PIN was wrong', after: [answers(B), keyed(true), hangsUp(B)], room: 'invited', joins: true, state: 'closed', outcome: 'notAdmitted by callee', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'the room is over while it is keyed', after: [answers(B), roomEnded], room: 'invited', joins: true, state: 'ended', outcome: 'completed by bot', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'the bot was killed while it keyed for a room, the leg was not: nobody has it at their ear', after: [answers(B), resumed], room: 'invited', joins: true, state: 'ended', outcome: 'interrupted by bot', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'the bot was killed when it was in the room, the leg was not', after: [answers(B), keyed(true), mixed, resumed], room: 'invited', joins: true, state: 'inRoom', effects: ['start talk'] },
  { what: 'a call into a meeting is moved with its bridge', after: [...upToTalking, keyed(true), roomed], joins: true, state: 'inRoom', effects: ['media room'] },
  { what: 'not while that is keyed: the room would hear it ask', after: [...upToTalking, roomed], joins: true, state: 'talking', effects: [] },

  // a conversation that is moved to a room
  { what: 'both legs are moved, nobody is hung up', after: [...upToTalking, direct, roomed], state: 'inRoom', effects: ['media room'] },
  { what: 'asked for twice', after: [...upToTalking, roomed, roomed], state: 'inRoom', effects: [] },
  { what: 'asked for while the callee still rings', after: [...upToConnecting, roomed], state: 'connecting', effects: [] },
  { what: 'asked for while one of them hangs up', after: [...upToTalking, hangsUp(B), roomed], state: 'ended', outcome: 'completed by callee', effects: [] },
  { what: 'they are mixed', after: [...upToTalking, roomed, mixed], state: 'inRoom', effects: [] },
  { what: 'the bridge that was being made settles after the move', after: [...upToTalking, roomed, direct], state: 'inRoom', effects: [] },
  { what: 'the callee hangs up while they are moved: the user stays', after: [...upToTalking, roomed, hangsUp(B)], state: 'inRoom', effects: [] },
  { what: 'the user hangs up the phone: the callee stays', after: [...upToTalking, roomed, mixed, hangsUp(A)], state: 'inRoom', effects: [] },
  { what: 'the user hangs up in chat: the callee stays', after: [...upToTalking, roomed, mixed, hangUp], state: 'inRoom', effects: ['release user'] },
  { what: 'and presses again', after: [...upToTalking, roomed, hangUp, hangUp], state: 'inRoom', effects: [] },
  { what: 'and again when that phone has gone', after: [...upToTalking, roomed, hangUp, released(A), hangUp], state: 'inRoom', effects: [] },
  { what: 'the last leg leaves', after: [...upToTalking, roomed, hangsUp(A), hangsUp(B)], state: 'closed', outcome: 'completed by callee', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'both hang up the phone at once, and chat as well', after: [...upToTalking, roomed, hangsUp(B), hangUp, hangsUp(A)], state: 'closed', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'the last leg is lost', after: [...upToTalking, roomed, hangsUp(A), { type: 'leg.ended', leg: B, end: { kind: 'lost', detail: '481' } }], state: 'closed', outcome: 'unreachable by pbx', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'the room is ended for all', after: [...upToTalking, roomed, roomEnded], state: 'ended', outcome: 'completed by bot', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'the room is ended for all twice', after: [...upToTalking, roomed, roomEnded, roomEnded], state: 'ended', outcome: 'completed by bot', effects: [] },
  { what: 'the room is ended while one hangs up', after: [...upToTalking, roomed, hangsUp(A), roomEnded], state: 'ended', outcome: 'completed by bot', effects: ['stop talk', 'stop silence', 'start release', 'release callee'] },
  { what: 'a room that it is not in is ended', after: [...upToTalking, roomEnded], state: 'talking', effects: [] },
  { what: 'one is muted', after: [...upToTalking, roomed, mute(B)], state: 'inRoom', effects: ['mute callee'] },
  { what: 'muted twice', after: [...upToTalking, roomed, mute(B), mute(B)], state: 'inRoom', effects: [] },
  { what: 'and heard again', after: [...upToTalking, roomed, mute(B), mute(B, false)], state: 'inRoom', effects: ['unmute callee'] },
  { what: 'muted after leaving', after: [...upToTalking, roomed, hangsUp(B), mute(B)], state: 'inRoom', effects: [] },
  { what: 'one mutes by the keys of the phone', after: [...upToTalking, roomed, keys(B, '*6')], state: 'inRoom', effects: ['mute callee'] },
  { what: 'and is heard again by the same keys, whoever had muted them', after: [...upToTalking, roomed, mute(B), keys(B, '*6')], state: 'inRoom', effects: ['unmute callee'] },
  { what: 'keys after leaving', after: [...upToTalking, roomed, hangsUp(B), keys(B, '*6')], state: 'inRoom', effects: [] },
  { what: 'muted in no room', after: [...upToTalking, mute(B)], state: 'talking', effects: [] },
  { what: 'the longest duration in a room', after: [...upToTalking, roomed, timer('talk')], state: 'ended', outcome: 'limit by bot', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  { what: 'where silence ends a call: in a room it ends the silent leg alone', after: [...upToTalking, roomed, missed(B), timer('silence')], ends: true, state: 'inRoom', effects: ['release callee', 'stop silence'] },
  { what: 'where silence ends a call: in a room the next silent leg has its own time', after: [...upToTalking, roomed, missed(B), missed(A), timer('silence')], ends: true, state: 'inRoom', effects: ['release callee', 'start silence'] },
  { what: 'where silence ends a call: and is let go as well, the last one', after: [...upToTalking, roomed, missed(B), missed(A), timer('silence'), timer('silence')], ends: true, state: 'ended', outcome: 'silent by user', effects: ['stop talk', 'stop silence', 'start release', 'release user'] },
  { what: 'where silence ends a call: in a room the silent one leaves, the time of the other goes on', after: [...upToTalking, roomed, missed(B), missed(A), hangsUp(B)], ends: true, state: 'inRoom', effects: ['start silence'] },
  { what: 'where silence ends a call: in a room the silent one is hung up in chat', after: [...upToTalking, roomed, missed(A), missed(B), hangUp], ends: true, state: 'inRoom', effects: ['release user', 'start silence'] },
  { what: 'the bot was killed, room and all', after: [...upToTalking, roomed, mixed, restarted], state: 'closed', outcome: 'interrupted by bot', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'the bot was killed, the legs were not: they go on, and who was muted is', after: [...upToTalking, roomed, mixed, mute(A), resumed], state: 'inRoom', effects: ['mute user', 'start talk'] },
  { what: 'the bot was killed before they had been mixed', after: [...upToTalking, roomed, hangsUp(A), resumed], state: 'inRoom', effects: ['media room', 'start talk'] },
  { what: 'the bot is shut down', after: [...upToTalking, roomed, shutdown], state: 'ended', outcome: 'interrupted by bot', effects: ['stop talk', 'stop silence', 'start release', 'release user', 'release callee'] },
  // somebody comes into a room
  { what: 'to a room: the phone is picked up, and is in', after: [rings(A), answers(A)], room: 'own', state: 'inRoom', effects: ['stop ringUser', 'media room', 'start talk'] },
  { what: 'to a room: press 1', after: [answers(A), digit('1')], room: 'own', press: true, state: 'inRoom', effects: ['stop confirm', 'media room', 'start talk'] },
  { what: 'to a room: the phone is put down', after: [answers(A), hangsUp(A)], room: 'own', state: 'closed', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'to a room: hung up in chat', after: [answers(A), hangUp], room: 'own', state: 'inRoom', effects: ['release user'] },
  { what: 'to a room: and the phone has gone', after: [answers(A), hangUp, released(A)], room: 'own', state: 'closed', outcome: 'completed by user', effects: ['stop talk', 'stop silence', 'start release', ...CLOSED] },
  { what: 'to a room: own phone busy', after: [refuses(A, 486)], room: 'own', state: 'closed', outcome: 'busy by user', effects: ['stop ringUser', 'start release', ...CLOSED] },
  { what: 'to a room: it is ended while the phone rings', after: [rings(A), roomEnded], room: 'own', state: 'ended', outcome: 'cancelled by user', effects: ['stop ringUser', 'start release', 'release user'] },
  // somebody is invited to a room, and may not be who picks up
  { what: 'invited: a voicemail box by its own word does not come in', after: [rings(B), boxAnswers(B)], room: 'invited', state: 'ended', outcome: 'voicemail by callee', effects: ['stop ringCallee', 'start release', 'release callee'] },
  { what: 'invited: nor does it where nobody is ever asked for 1', after: [rings(B), boxAnswers(B)], room: 'invited', confirm: 'never', state: 'ended', outcome: 'voicemail by callee', effects: ['stop ringCallee', 'start release', 'release callee'] },
  { what: 'invited: what answers without having rung is asked for 1', after: [answers(B)], room: 'invited', state: 'confirming', effects: ['stop ringCallee', 'play invited.en', 'start confirm'] },
  { what: 'invited: what answers at another phone is asked for 1', after: [rings(B), forwarded(B)], room: 'invited', state: 'confirming', effects: ['stop ringCallee', 'play invited.en', 'start confirm'] },
  { what: 'invited: at a mobile 1 is asked for in any case', after: [rings(B), answers(B)], room: 'invited', confirm: 'always', state: 'confirming', effects: ['stop ringCallee', 'play invited.en', 'start confirm'] },
  { what: 'invited: where nobody is ever asked for 1', after: [forwarded(B)], room: 'invited', confirm: 'never', state: 'inRoom', effects: ['stop ringCallee', 'media room', 'start talk'] },
  { what: 'invited: 1 is pressed', after: [answers(B), keys(B, '1')], room: 'invited', state: 'inRoom', effects: ['stop confirm', 'media room', 'start talk'] },
  { what: 'invited: another key is pressed', after: [answers(B), keys(B, '2')], room: 'invited', state: 'confirming', effects: [] },
  { what: 'invited: nobody presses 1', after: [answers(B), timer('confirm')], room: 'invited', state: 'ended', outcome: 'notConfirmed by callee', effects: ['stop confirm', 'start release', 'release callee'] },
  { what: 'invited: they put down in place of pressing 1', after: [answers(B), hangsUp(B)], room: 'invited', state: 'closed', outcome: 'notConfirmed by callee', effects: ['stop confirm', 'start release', ...CLOSED] },
  { what: 'invited: the room ends while 1 is awaited', after: [answers(B), roomEnded], room: 'invited', state: 'ended', outcome: 'cancelled by user', effects: ['stop confirm', 'start release', 'release callee'] },
  { what: 'invited: the bot was killed while 1 was awaited', after: [answers(B), restarted], room: 'invited', state: 'closed', outcome: 'interrupted by bot', effects: ['stop confirm', 'start release', ...CLOSED] },
  // somebody is invited to a room
  { what: 'invited: only their phone rings, and is in', after: [rings(B), answers(B)], room: 'invited', state: 'inRoom', effects: ['stop ringCallee', 'media room', 'start talk'] },
  { what: 'invited: early media are for nobody', after: [rings(B, true)], room: 'invited', state: 'connecting', effects: [] },
  { what: 'invited: they decline', after: [rings(B), refuses(B, 603)], room: 'invited', state: 'closed', outcome: 'declined by callee', effects: ['stop ringCallee', 'start release', ...CLOSED] },
  { what: 'invited: nobody answers', after: [rings(B), timer('ringCallee')], room: 'invited', state: 'ended', outcome: 'noAnswer by callee', effects: ['stop ringCallee', 'start release', 'release callee'] },
  { what: 'invited: the room ends while they ring', after: [rings(B), roomEnded], room: 'invited', state: 'ended', outcome: 'cancelled by user', effects: ['stop ringCallee', 'start release', 'release callee'] },
  { what: 'invited: their 200 crosses that', after: [rings(B), roomEnded, answers(B)], room: 'invited', state: 'ended', outcome: 'cancelled by user', effects: ['release callee'] },
  { what: 'invited: the bot was killed while they rang', after: [rings(B), restarted], room: 'invited', state: 'closed', outcome: 'interrupted by bot', effects: ['stop ringCallee', 'start release', ...CLOSED] },

  // press 1
  { what: 'press 1: the callee is not called at the pick-up', after: [rings(A), answers(A)], press: true, state: 'confirming', effects: ['stop ringUser', 'play confirm', 'start confirm'] },
  { what: 'press 1: pressed', after: [answers(A), digit('1')], press: true, state: 'connecting', effects: ['stop confirm', 'play ringback', 'dial callee', 'start ringCallee'] },
  { what: 'press 1: pressed twice', after: [answers(A), digit('1'), digit('1')], press: true, state: 'connecting', effects: [] },
  { what: 'press 1: another digit', after: [answers(A), digit('7')], press: true, state: 'confirming', effects: [] },
  { what: 'press 1: a voicemail box has answered', after: [answers(A), timer('confirm')], press: true, state: 'ended', outcome: 'notConfirmed by user', effects: ['stop confirm', 'start release', 'release user'] },
  { what: 'press 1: the user hangs up instead', after: [answers(A), hangsUp(A)], press: true, state: 'closed', outcome: 'cancelled by user', effects: ['stop confirm', 'start release', ...CLOSED] },
]

const asked = ({ press, ends, joins, room, confirm }: Row): CallRequest => ({
  ...request,
  ...(room
    ? {
        room: {
          id: meetingId('m_1'),
          title: 'Standup',
          ...(room === 'invited' ? { invited: true } : {}),
          ...(confirm ? { confirm } : {}),
        },
      }
    : {}),
  ...(joins ? { meeting: { id: meetingId('m_1'), provider: 'zoom', keyed: true } } : {}),
  pressOne: press ?? false,
  limits: { ...request.limits, ...(ends ? { silence: 20 } : {}) },
})

describe('a call', () => {
  for (const row of rows)
    it(row.what, () => {
      const { call, effects } = play(row.after, asked(row))
      assert.equal(call.state, row.state)
      assert.deepEqual(effects, row.effects)
      assert.equal(call.outcome && `${call.outcome.cause} by ${call.outcome.side}`, row.outcome)
    })

  it('whoever is invited and picks up in time presses nothing; where it rang for long, that may be a mailbox', () => {
    const room = { id: meetingId('m_1'), title: 'Standup', invited: true } as const
    const after = (seconds: number) => {
      const rung = step(begin(id, { ...request, room }, 0).call, { at: 1000, event: rings(B) })
      return step(rung.call, { at: 1000 + seconds * 1000, event: answers(B) }).call.state
    }
    assert.deepEqual([after(8), after(12)], ['inRoom', 'confirming'])
  })

  it('where silence ends a call, each silent leg in a room has all of its time', () => {
    const asking = { ...request, limits: { ...request.limits, silence: 20 } }
    const at = [...upToTalking, roomed, missed(B)].reduce(
      ({ call }, event) => step(call, { at: (clock += 1000), event }),
      begin(id, asking, (clock = 0)),
    )
    const second = step(at.call, { at: (clock += 15_000), event: missed(A) })
    const { effects } = step(second.call, { at: (clock += 5000), event: timer('silence') })
    assert.deepEqual(effects.at(-1), { type: 'timer.start', timer: 'silence', seconds: 15 })
  })

  it('never rings anybody after its outcome stands, whatever comes', () => {
    const all = [
      rings(A),
      answers(A),
      rings(B, true),
      answers(B),
      digit('1'),
      hangUp,
      timer('tone'),
      refuses(B, 486),
      direct,
      roomed,
      mixed,
    ]
    for (const row of rows.filter((r) => r.outcome !== undefined))
      for (const event of all) {
        const { call } = play(row.after, asked(row))
        const { effects } = step(call, { at: clock + 1, event })
        assert.equal(
          effects.some((e) => e.type === 'dial'),
          false,
          `${row.what}, then ${event.type}`,
        )
      }
  })

  it('is the fold of its events: a restart sees the same call', () => {
    for (const row of rows) {
      const { call } = play(row.after, asked(row))
      const stamped = [{ type: 'requested', request: asked(row) } as const, ...row.after].map((event, i) => ({
        at: 1_000_000 + i * 1000,
        event,
      }))
      assert.deepEqual(fold(id, stamped), call, row.what)
    }
  })

  it('a bridge that hangs up once somebody has been in for a while has let them in', () => {
    const joins = asked({ what: '', after: [], state: 'talking', effects: [], joins: true })
    const ended = (seconds: number, ok: boolean) => {
      const { call } = play([...upToTalking, keyed(ok)], joins)
      return step(call, { at: clock + seconds * 1000, event: hangsUp(B) }).call.outcome?.cause
    }
    assert.deepEqual([ended(40, true), ended(50, true)], ['notAdmitted', 'completed'])
    assert.deepEqual([ended(40, false), ended(50, false)], ['notAdmitted', 'completed'])
  })

  it('changes its revision when, and only when, a user can see a change', () => {
    const revisions = [rings(A), answers(A), rings(B), answers(B), direct, hangsUp(B), released(A)].map(
      (_, i, all) => play(all.slice(0, i + 1)).call.revision,
    )
    assert.deepEqual(revisions, [1, 2, 3, 4, 4, 5, 5])
  })

  it('that goes on after a restart has the time that was left, and misses nobody any more', () => {
    const at = (events: readonly CallEvent[], seconds: number) => {
      const { call } = play(events)
      const { effects, call: after } = step(call, { at: clock + seconds * 1000, event: resumed })
      const timer = effects.find((effect) => effect.type === 'timer.start')
      return { left: timer?.type === 'timer.start' && timer.seconds, after }
    }
    assert.equal(at([...upToTalking, direct], 99).left, 14_400 - 100)
    assert.equal(at([...upToTalking, direct], 99_999).left, 1)
    const { after } = at([...upToTalking, missed(B)], 10)
    assert.deepEqual(viewOf(after, () => '').state, { kind: 'connected', since: 1_004_000 })
  })

  it('shows whose phone is not heard, and its record for how long', () => {
    const { call } = play([...upToTalking, missed(B), missed(A), heard(B), missed(B)])
    const { state } = viewOf(call, () => '')
    assert.deepEqual(state.kind === 'connected' && state.silent, ['user', 'callee'])
    const ended = play([...upToTalking, missed(B), missed(A), heard(B), hangsUp(A), released(B)])
    assert.deepEqual(
      recordOf(ended.call).legs.map((leg) => leg.silent),
      [2, 2],
    )
    const never = play([...upToTalking, hangsUp(A), released(B)])
    assert.ok(recordOf(never.call).legs.every((leg) => !('silent' in leg)))
  })

  it('tells of a machine that has answered: at a person’s phone it takes messages, at a number it may be anything', () => {
    const box: CallEvent = { type: 'leg.answered', leg: B, by: 'machine' }
    const seen = (asked: CallRequest) => {
      const { call } = play([...upToConnecting, box], asked)
      const { state } = viewOf(call, () => '')
      const { legs } = recordOf(play([...upToConnecting, box, hangsUp(A), released(B)], asked).call)
      return [state.kind === 'connected' && state.machine, ...legs.map(({ by }) => by)]
    }
    const toBob = { ...request, callee: { ...request.callee, person: personId('bob') } }
    assert.deepEqual(seen(request), ['machine', undefined, 'machine'])
    assert.deepEqual(seen(toBob), ['voicemail', undefined, 'voicemail'])
    const joins = asked({ what: '', after: [], state: 'talking', effects: [], joins: true })
    assert.deepEqual(seen(joins), [undefined, undefined, undefined], 'a meeting’s bridge is what was called')
  })

  it('becomes a record that tells how long each leg rang and talked', () => {
    const { call } = play([
      rings(A),
      rings(A),
      answers(A),
      rings(B),
      answers(B),
      direct,
      hangsUp(B),
      released(A),
    ])
    const record = recordOf(call)
    assert.deepEqual(record.legs, [
      { role: 'user', rang: 2, talked: 5 },
      { role: 'callee', rang: 1, talked: 2 },
    ])
    assert.equal(record.lasted, 2)
    assert.equal(record.media, 'direct')
  })
})
