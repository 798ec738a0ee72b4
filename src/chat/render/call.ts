import type { Role } from '../../core/call/call.ts'
import type { CallView } from '../../core/screen.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import type { End, Ended } from './ends.ts'
import { capitalised, clientDate, clientTime, duration, inert, plainDate } from './text.ts'
import { drawn, hasFailed, legTimes, machineIn, recordedEnd } from './ends.ts'
import { initialsShown } from './initials.ts'
import { formatted, formattedTarget } from './numbers.ts'
import type { Ending, Words } from '../words/words.ts'

type Live = Exclude<CallView['state'], { kind: 'ended' }>

/** The card of a call in each of its states: the live card, and the record that it becomes. */
export function callFace(view: CallView, { words, press }: Drawing): Face {
  const state = stateOf(view, words)
  const who = calleeName(view, words)
  const number = formatted(view.callee.number)
  const shown = number === who ? '' : number
  const summary = words.call.summary(state.word, who)
  const text = view.callee.inCall ? `${state.text} ${words.call.elsewhere(who)}` : state.text
  const [you, them] = state.ends
  const common = {
    who,
    // A room is its host's.
    initials: initialsShown(isOwnWayIn(view) ? inert(view.callee.name) || who : who),
    about: joined(inert(view.callee.department ?? ''), shown),
    state: capitalised(state.word),
    style: state.style,
    color: COLORS[state.style],
    you: { ...drawn(you), name: words.call.you },
    them: { ...drawn(them), name: view.meeting ? words.meetings.side : short(who, words) },
    text,
    actions: actionsOf(buttonsOf(view, words), press),
  }
  const plain = [capitalised(summary), text]
  if (view.state.kind === 'ended') {
    const you = joined(words.call.you, `${phoneName(view, words)} ${formatted(view.user.number)}`.trim())
    const record = [
      ...plain,
      withTimes(you, 'user', view.state, words),
      withTimes(joined(who, shown), 'callee', view.state, words),
      `${words.call.started} ${plainDate(view.requestedAt)}`,
    ]
    const when = `${words.call.started} ${clientDate(view.requestedAt)}`
    const called = state.ends.some(({ is }) => is !== 'notCalled')
    return { template: 'call-ended', data: { ...common, called, when }, summary, plain: record }
  }
  if (view.state.kind === 'connected') {
    const { since } = view.state
    const running = `${common.state} · ${words.call.since(clientTime(since))}`
    return {
      template: 'call-live',
      data: { ...common, state: running, ownCall: '', hint: '' },
      summary,
      plain: [...plain, capitalised(words.call.since(plainDate(since)))],
    }
  }
  const own = ownCall(view, words)
  const { ownCall: whole, hint } = own
  return {
    template: 'call-live',
    data: { ...common, ...own },
    summary,
    plain: [...plain, ...[whole, hint].filter(Boolean)],
  }
}

/** The name beside a phone has little room: the first one; a number stands whole in the heading. */
function short(who: string, { roles }: Words): string {
  if (who.length > 6 && /^\+?\d/.test(who)) return roles.callee
  const [first = ''] = who.split(' ', 1)
  return first.length <= 16 ? first : `${first.slice(0, 15)}…`
}

/** Who comes into a room calls nobody: its host is not the other side. */
const isOwnWayIn = ({ callee, room }: Called) => room === true && callee.number === ''

/** What tells who is called. */
type Called = Pick<CallView, 'callee'> & { readonly room?: true | undefined }

/** Who is called, in words: a name that says nothing gives way to the number. */
export const calleeName = ({ callee, room }: Called, { roles, rooms }: Words): string =>
  (isOwnWayIn({ callee, room }) ? rooms.title(inert(callee.name)) : inert(callee.name)) ||
  formatted(callee.number) ||
  roles.callee

const joined = (...parts: readonly string[]) => parts.filter(Boolean).join(' · ')

/** A phone's line of a record, with how long that phone rang and talked. */
function withTimes(line: string, role: Role, state: Ended, words: Words): string {
  const times = state.legs.find((leg) => leg.role === role)
  return times ? `${line} · ${legTimes(times, words)}` : line
}

/** The state of a call in the plain words that people and tests recognise, for a line. */
export function stateWord(view: CallView, words: Words): string {
  return stateOf(view, words).word
}

type Style = 'accent' | 'good' | 'warning' | 'emphasis'
const COLORS = { accent: 'Accent', good: 'Good', warning: 'Warning', emphasis: 'Default' } as const

type State = {
  readonly word: string
  readonly text: string
  readonly style: Style
  readonly ends: readonly [End, End]
}

function stateOf(view: CallView, words: Words): State {
  return view.state.kind === 'ended'
    ? endedState(view.state, view, words)
    : liveState(view.state, view, words)
}

function liveState(state: Live, view: CallView, words: Words): State {
  const { call } = words
  const { notes } = call
  const who = calleeName(view, words)
  switch (state.kind) {
    case 'callingUser':
      return {
        word: call.calling,
        text:
          view.meeting || view.room
            ? `${words.meetings.dialling(formatted(view.user.number))} ${call.pickUp(view.user.phone)}.`
            : `${call.pickUp(view.user.phone)}.`,
        style: 'accent',
        ends: [
          { is: 'rung', note: notes.rings },
          { is: 'next', note: notes.next },
        ],
      }
    case 'confirming':
      return {
        word: call.calling,
        text: call.pressOne(who),
        style: 'accent',
        ends: [
          { is: 'up', note: notes.pressOne },
          { is: 'next', note: notes.next },
        ],
      }
    case 'callingCallee':
      return {
        word: state.ringing ? call.ringing : call.calling,
        text: call.waiting(who),
        style: 'accent',
        ends: [
          { is: 'up', note: notes.onTheLine },
          state.ringing ? { is: 'rung', note: call.ringing } : { is: 'dialled', note: notes.dialled },
        ],
      }
    case 'connected':
      return connectedState(state, view, words)
  }
}

function connectedState(
  { silent = [], gone = [], machine }: Extract<Live, { kind: 'connected' }>,
  view: CallView,
  words: Words,
): State {
  const { call, meetings } = words
  const who = calleeName(view, words)
  const end = (role: Role): End =>
    gone.includes(role)
      ? { is: 'talked', note: words.rooms.left }
      : silent.includes(role)
        ? { is: 'missed', note: call.notes.notHeard }
        : role === 'callee' && machine
          ? { is: 'machine', note: call.machines[machine] }
          : { is: 'up', note: call.notes.onTheLine }
  const ends = [end('user'), end('callee')] as const
  const [missed] = silent
  // In a room there are others to talk to.
  const alone = view.room ? undefined : machine
  const word = alone ? call.machines[alone] : call.connected
  if (missed === undefined) return { word, text: talking(), style: alone ? 'warning' : 'good', ends }
  return {
    word,
    text: call.notHeard(missed === 'user' ? undefined : who),
    style: 'warning',
    ends,
  }

  function talking(): string {
    if (gone.includes('user')) return words.rooms.youLeft(who)
    if (view.room) return meetings.inside
    if (alone) return call.machine(alone, who)
    if (!view.meeting) return call.talking(who)
    const { keying } = view.meeting
    return keying === undefined ? meetings.inside : meetings[KEYING[keying]]
  }
}

const KEYING = { waiting: 'keying', failed: 'notKeyed', byHand: 'byHand' } as const

/** What an ending is told with, besides whose it was. */
export function toldBesides(
  { divertedTo, said, legs }: Pick<Ended, 'divertedTo' | 'said' | 'legs'>,
  meeting: { readonly link?: string } | undefined,
): Omit<Ending, 'cause' | 'side' | 'who'> {
  const machine = machineIn(legs)
  return {
    ...(meeting ? { meeting: { link: meeting.link !== undefined } } : {}),
    ...(divertedTo === undefined ? {} : { divertedTo: formattedTarget(inert(divertedTo)) }),
    ...(machine === undefined ? {} : { machine }),
    ...(said === undefined ? {} : { said: inert(said) }),
  }
}

/** Ends of a connection that was no conversation, or is called by its own name. */
const UNTALKED: ReadonlySet<Ended['cause']> = new Set(['interrupted', 'notAdmitted', 'cancelled'])

function endedState(state: Ended, view: CallView, words: Words): State {
  const { causes, call, ending } = words
  const who = calleeName(view, words)
  const { cause, side } = state
  // Whatever ended a conversation, it has been one: "ended", with its length; but a restart is called so.
  const talked = state.connected && !UNTALKED.has(cause)
  const machine = machineIn(state.legs)
  const word = !talked ? causes[cause] : machine ? call.machines[machine] : causes.completed
  const failed = hasFailed(state)
  return {
    word: state.connected ? `${word} · ${call.lasted(duration(state.lasted))}` : word,
    text: isEndedForAll(state, view)
      ? words.rooms.over
      : ending({ cause, side, who, ...toldBesides(state, view.meeting) }),
    style: failed ? 'warning' : 'emphasis',
    ends: [recordedEnd('user', state, words), otherEnd(state, view, words)],
  }
}

/** A room of which somebody else, or nobody any more, is the end. */
const isEndedForAll = ({ cause, side }: Ended, { room }: CallView) =>
  room === true && cause === 'completed' && side === 'bot'

/** Behind one's own way into a room there is no phone: the room was there for as long as one was in. */
function otherEnd(state: Ended, view: CallView, words: Words): End {
  return isOwnWayIn(view) && state.connected
    ? { is: 'talked', note: words.labels.talked(duration(state.lasted)) }
    : recordedEnd('callee', state, words)
}

function buttonsOf(view: CallView, words: Words): readonly Button[] {
  const { state } = view
  const data = { call: view.call, revision: view.revision }
  return view.actions.flatMap((verb): Button[] => {
    switch (verb) {
      case 'hangUp':
        return [{ verb, title: words.buttons.hangUp, data, style: 'destructive' }]
      case 'redial': {
        const redial: Button = { verb, title: words.buttons.redial, data, style: 'positive' }
        const phone = state.kind === 'ended' ? state.otherPhone : undefined
        if (phone === undefined) return [redial]
        return [redial, { verb, title: words.buttons.redialFrom(phone), data: { ...data, phone } }]
      }
      case 'details':
        return [{ verb, title: words.buttons.details, data }]
    }
  })
}

const phoneName = ({ user }: CallView, { phones }: Words) =>
  user.phone === undefined ? '' : phones[user.phone]

/** What the number on one's own phone means: the first time in a sentence of its own, later as a reminder. */
function ownCall({ globalCallerId, state, firstCall }: CallView, { call }: Words) {
  if (globalCallerId === undefined || state.kind !== 'callingUser') return { ownCall: '', hint: '' }
  const number = formatted(globalCallerId)
  return firstCall === true
    ? { ownCall: call.ownCall(number), hint: '' }
    : { ownCall: '', hint: `${call.callerId} ${number}` }
}
