import type { Role } from '../../core/call/call.ts'
import type { LegTimes } from '../../core/call/record.ts'
import type { CallView } from '../../core/screen.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { capitalised, clientDate, clientTime, duration, inert, plainDate } from './text.ts'
import { formatted, formattedTarget } from './numbers.ts'
import type { Words } from '../words/words.ts'

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
  const common = {
    who,
    number: shown,
    state: capitalised(state.word),
    style: state.style,
    you: withTimes(
      joined(words.call.you, `${phoneName(view, words)} ${formatted(view.user.number)}`.trim()),
      'user',
      view,
      words,
    ),
    youLamp: state.lamps[0],
    them: withTimes(joined(who, shown), 'callee', view, words),
    themLamp: state.lamps[1],
    text,
    actions: actionsOf(buttonsOf(view, words), press),
  }
  const plain = [capitalised(summary), text]
  if (view.state.kind === 'ended') {
    const when = `${words.call.started} ${clientDate(view.requestedAt)}`
    const record = [...plain, common.you, common.them, `${words.call.started} ${plainDate(view.requestedAt)}`]
    return { template: 'call-ended', data: { ...common, when }, summary, plain: record }
  }
  const hint = view.state.kind === 'callingUser' ? callerIdHint(view, words) : ''
  const when = view.state.kind === 'connected' ? `${words.call.started} ${clientTime(view.state.since)}` : ''
  return {
    template: 'call-live',
    data: { ...common, hint, when },
    summary,
    plain: [...plain, ...(hint ? [hint] : [])],
  }
}

/** Who is called, in words: a name that says nothing gives way to the number. */
export const calleeName = ({ callee }: Pick<CallView, 'callee'>, { roles }: Words): string =>
  inert(callee.name) || formatted(callee.number) || roles.callee

const joined = (...parts: readonly string[]) => parts.filter(Boolean).join(' · ')

/** A phone's line; of a call that is over, with how long that phone rang and talked. */
function withTimes(line: string, role: Role, { state }: CallView, words: Words): string {
  const times = state.kind === 'ended' ? state.legs.find((leg) => leg.role === role) : undefined
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

type Lamp = 'Default' | 'Accent' | 'Good' | 'Attention'
type State = {
  readonly word: string
  readonly text: string
  readonly style: 'accent' | 'good' | 'warning' | 'emphasis'
  /** The lamps of the two phones. */
  readonly lamps: readonly [Lamp, Lamp]
}

function stateOf(view: CallView, words: Words): State {
  return view.state.kind === 'ended'
    ? endedState(view.state, view, words)
    : liveState(view.state, view, words)
}

function liveState(state: Live, view: CallView, words: Words): State {
  const { call } = words
  const who = calleeName(view, words)
  switch (state.kind) {
    case 'callingUser':
      return {
        word: call.calling,
        text: `${call.pickUp(view.user.phone)}.`,
        style: 'accent',
        lamps: ['Accent', 'Default'],
      }
    case 'confirming':
      return { word: call.calling, text: call.pressOne(who), style: 'accent', lamps: ['Accent', 'Default'] }
    case 'callingCallee':
      return {
        word: state.ringing ? call.ringing : call.calling,
        text: call.waiting(who),
        style: 'accent',
        lamps: ['Good', state.ringing ? 'Accent' : 'Default'],
      }
    case 'connected':
      return connectedState(state, who, words)
  }
}

function connectedState(
  { silent = [] }: Extract<Live, { kind: 'connected' }>,
  who: string,
  { call }: Words,
): State {
  const lamp = (role: Role): Lamp => (silent.includes(role) ? 'Attention' : 'Good')
  const lamps = [lamp('user'), lamp('callee')] as const
  const [missed] = silent
  if (missed === undefined) return { word: call.connected, text: call.talking(who), style: 'good', lamps }
  return {
    word: call.connected,
    text: call.notHeard(missed === 'user' ? undefined : who),
    style: 'warning',
    lamps,
  }
}

function endedState(state: Ended, view: CallView, words: Words): State {
  const { causes, call, ending } = words
  const who = calleeName(view, words)
  const { cause, side, divertedTo } = state
  // Whatever ended a conversation, it has been one: "ended", with its length; but a restart is called so.
  const word = state.connected && cause !== 'interrupted' ? causes.completed : causes[cause]
  const diverted = divertedTo === undefined ? {} : { divertedTo: formattedTarget(inert(divertedTo)) }
  const failed = !state.connected && cause !== 'cancelled'
  const off: Lamp = failed ? 'Attention' : 'Default'
  return {
    word: state.connected ? `${word} · ${call.lasted(duration(state.lasted))}` : word,
    text: ending({ cause, side, who, ...diverted }),
    style: failed ? 'warning' : 'emphasis',
    lamps: [side === 'user' ? off : 'Default', side === 'user' ? 'Default' : off],
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

const callerIdHint = ({ globalCallerId }: CallView, { call }: Words) =>
  globalCallerId === undefined ? '' : call.ownCall(formatted(globalCallerId))
