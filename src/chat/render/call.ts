import type { Role } from '../../core/call/call.ts'
import type { LegTimes } from '../../core/call/record.ts'
import type { CallView } from '../../core/screen.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { capitalised, clientDate, clientTime, duration, inert, plainDate } from './text.ts'
import { initialsShown } from './initials.ts'
import { formatted, formattedTarget } from './numbers.ts'
import type { Ending, Words } from '../words/words.ts'

type Live = Exclude<CallView['state'], { kind: 'ended' }>
type Ended = Extract<CallView['state'], { kind: 'ended' }>

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
    initials: initialsShown(who),
    about: joined(inert(view.callee.department ?? ''), shown),
    state: capitalised(state.word),
    style: state.style,
    color: COLORS[state.style],
    you: { ...endOf(you), name: words.call.you },
    them: { ...endOf(them), name: view.meeting ? words.meetings.side : short(who, words) },
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
    return { template: 'call-ended', data: { ...common, when }, summary, plain: record }
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

/** Who is called, in words: a name that says nothing gives way to the number. */
export const calleeName = (
  { callee, room }: Pick<CallView, 'callee' | 'room'>,
  { roles, rooms }: Words,
): string =>
  // Who comes into a room calls nobody: its host is not the other side.
  (room && callee.number === '' ? rooms.title(inert(callee.name)) : inert(callee.name)) ||
  formatted(callee.number) ||
  roles.callee

const joined = (...parts: readonly string[]) => parts.filter(Boolean).join(' · ')

/** A phone's line of a record, with how long that phone rang and talked. */
function withTimes(line: string, role: Role, state: Ended, words: Words): string {
  const times = state.legs.find((leg) => leg.role === role)
  return times ? `${line} · ${legTimes(times, words)}` : line
}

/** "rang 0:04, talked 1:12, not heard for 0:20". */
export function legTimes({ rang, talked, silent }: LegTimes, { labels }: Words): string {
  return [
    labels.rang(duration(rang)),
    ...(talked > 0 ? [labels.talked(duration(talked))] : []),
    ...(silent === undefined ? [] : [labels.silent(duration(silent))]),
  ].join(', ')
}

/** The state of a call in the plain words that people and tests recognise, for a line. */
export function stateWord(view: CallView, words: Words): string {
  return stateOf(view, words).word
}

type Style = 'accent' | 'good' | 'warning' | 'emphasis'
const COLORS = { accent: 'Accent', good: 'Good', warning: 'Warning', emphasis: 'Default' } as const

/** How one phone of the two is doing, drawn as a lamp and the line between it and the bot. */
type End = { readonly is: 'idle' | 'dialled' | 'rung' | 'up' | 'missed' | 'failed'; readonly note: string }
type State = {
  readonly word: string
  readonly text: string
  readonly style: Style
  readonly ends: readonly [End, End]
}

/** Signs that every font has and no client turns into a picture. Each state differs in shape or word, not in colour alone. */
const LAMPS = {
  idle: { lamp: '○', color: 'Default', line: '– –', lineColor: 'Default' },
  dialled: { lamp: '○', color: 'Accent', line: '– –', lineColor: 'Accent' },
  rung: { lamp: '●', color: 'Accent', line: '– –', lineColor: 'Accent' },
  up: { lamp: '●', color: 'Good', line: '——', lineColor: 'Good' },
  missed: { lamp: '×', color: 'Attention', line: '——', lineColor: 'Attention' },
  failed: { lamp: '×', color: 'Attention', line: '– –', lineColor: 'Default' },
} as const

const endOf = ({ is, note }: End) => ({ ...LAMPS[is], note })

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
          { is: 'idle', note: notes.next },
        ],
      }
    case 'confirming':
      return {
        word: call.calling,
        text: call.pressOne(who),
        style: 'accent',
        ends: [
          { is: 'up', note: notes.pressOne },
          { is: 'idle', note: notes.next },
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
  { silent = [], gone = [] }: Extract<Live, { kind: 'connected' }>,
  view: CallView,
  words: Words,
): State {
  const { call, meetings } = words
  const who = calleeName(view, words)
  const end = (role: Role): End =>
    gone.includes(role)
      ? { is: 'idle', note: words.rooms.left }
      : silent.includes(role)
        ? { is: 'missed', note: call.notes.notHeard }
        : { is: 'up', note: call.notes.onTheLine }
  const ends = [end('user'), end('callee')] as const
  const [missed] = silent
  if (missed === undefined) return { word: call.connected, text: talking(), style: 'good', ends }
  return {
    word: call.connected,
    text: call.notHeard(missed === 'user' ? undefined : who),
    style: 'warning',
    ends,
  }

  function talking(): string {
    if (gone.includes('user')) return words.rooms.youLeft(who)
    if (view.room) return meetings.inside
    if (!view.meeting) return call.talking(who)
    const { keying } = view.meeting
    return keying === undefined ? meetings.inside : meetings[KEYING[keying]]
  }
}

const KEYING = { waiting: 'keying', failed: 'notKeyed', byHand: 'byHand' } as const

/** What an ending is told with, besides whose it was. */
export const toldBesides = (
  { divertedTo, said }: Pick<Ended, 'divertedTo' | 'said'>,
  meeting: { readonly link?: string } | undefined,
): Omit<Ending, 'cause' | 'side' | 'who'> => ({
  ...(meeting ? { meeting: { link: meeting.link !== undefined } } : {}),
  ...(divertedTo === undefined ? {} : { divertedTo: formattedTarget(inert(divertedTo)) }),
  ...(said === undefined ? {} : { said: inert(said) }),
})

/** Ends of a connection that was no conversation, or is called by its own name. */
const UNTALKED: ReadonlySet<Ended['cause']> = new Set(['interrupted', 'notAdmitted', 'cancelled'])

function endedState(state: Ended, view: CallView, words: Words): State {
  const { causes, call, ending } = words
  const who = calleeName(view, words)
  const { cause, side } = state
  // Whatever ended a conversation, it has been one: "ended", with its length; but a restart is called so.
  const talked = state.connected && !UNTALKED.has(cause)
  const word = talked ? causes.completed : causes[cause]
  const failed = cause === 'notAdmitted' || (!state.connected && cause !== 'cancelled')
  const end = (role: Role): End => {
    const times = state.legs.find((leg) => leg.role === role)
    const is = failed && side === role ? 'failed' : 'idle'
    if (!times) return { is, note: call.notes.notCalled }
    // A phone that was refused before it rang has nothing to tell but why.
    const refused = is === 'failed' && times.rang === 0 && times.talked === 0
    return { is, note: refused ? causes[cause] : legTimes(times, words) }
  }
  return {
    word: state.connected ? `${word} · ${call.lasted(duration(state.lasted))}` : word,
    text: ending({ cause, side, who, ...toldBesides(state, view.meeting) }),
    style: failed ? 'warning' : 'emphasis',
    ends: [end('user'), end('callee')],
  }
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
