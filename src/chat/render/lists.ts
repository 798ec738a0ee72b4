import { commands, helpFor } from '../../core/command/command.ts'
import type { CommandName } from '../../core/command/row.ts'
import type { Screen } from '../../core/screen.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import { calleeName, stateWord } from './call.ts'
import type { Drawing, Face } from './face.ts'
import { formatted } from './numbers.ts'
import { capitalised, clientDate, duration, inert, plainDate } from './text.ts'

type Of<Kind extends Screen['kind']> = Extract<Screen, { readonly kind: Kind }>

/** The log: one line a call, newest first. */
export function callsFace({ lines, page, more }: Of<'calls'>, { words, press }: Drawing): Face {
  const title = words.titles.calls
  const rows = lines.map((line) => {
    const number = formatted(line.number)
    const who = calleeName({ callee: { name: line.who, number: line.number }, room: line.room }, words)
    const { cause, lasted, machine } = line
    const word = machine && cause === 'completed' ? words.call.machines[machine] : words.causes[cause]
    const outcome = lasted > 0 ? `${word} · ${duration(lasted)}` : word
    return {
      who,
      number: number === who ? '' : number,
      when: clientDate(line.at),
      outcome: capitalised(outcome),
      color: lasted > 0 || cause === 'cancelled' ? 'Default' : 'Attention',
      plain: `• ${plainDate(line.at)} · ${who} · ${outcome}`,
    }
  })
  const buttons: readonly Button[] = [
    ...(more ? [{ verb: 'callsPage', title: words.buttons.older, data: { page: page + 1 } } as const] : []),
    ...(page > 1
      ? [{ verb: 'callsPage', title: words.buttons.newer, data: { page: page - 1 } } as const]
      : []),
  ]
  const empty = rows.length === 0 ? words.titles.noCalls : ''
  return {
    template: 'calls',
    data: {
      title,
      page: page > 1 || more ? words.titles.page(page) : '',
      empty,
      rows: rows.map(({ plain: _plain, ...row }) => row),
      actions: actionsOf(buttons, press),
    },
    summary: title,
    plain: [title, ...rows.map(({ plain }) => plain), ...(empty ? [empty] : [])],
  }
}

/** What can be typed, and what the global caller ID means. */
export function helpFace({ globalCallerId, welcome }: Of<'help'>, drawing: Drawing): Face {
  const { words, press } = drawing
  if (welcome) return welcomeFace(globalCallerId, drawing)
  const title = words.titles.help
  const hint = words.titles.helpHint
  const ownCall = globalCallerId === undefined ? '' : words.call.ownCall(formatted(globalCallerId))
  const rows = helpFor(words.language).map(({ usage, help }) => ({ usage, help }))
  const buttons: readonly Button[] = [
    { verb: 'callsPage', title: words.buttons.calls, data: { page: 1 } },
    { verb: 'status', title: words.buttons.status, data: {} },
    { verb: 'settings', title: words.buttons.settings, data: {} },
  ]
  return {
    template: 'help',
    data: { title, hint, ownCall, rows, actions: actionsOf(buttons, press) },
    summary: title,
    plain: [
      title,
      hint,
      ...(ownCall ? [ownCall] : []),
      ...rows.map(({ usage, help }) => `• ${usage} — ${help}`),
    ],
  }
}

/** What a newcomer needs: who this is, what the ringing phone means, and something to try. */
function welcomeFace(globalCallerId: string | undefined, { words, press }: Drawing): Face {
  const { titles, language } = words
  const ownCall = globalCallerId === undefined ? '' : words.call.ownCall(formatted(globalCallerId))
  const rows = TO_TRY.flatMap((wanted) =>
    commands
      .filter(({ name }) => name === wanted)
      .map(({ help }) => ({ usage: titles.examples[wanted], help: help[language] })),
  )
  const buttons: readonly Button[] = [
    { verb: 'help', title: words.buttons.help, data: {}, style: 'positive' },
    { verb: 'status', title: words.buttons.status, data: {} },
  ]
  return {
    template: 'welcome',
    data: {
      ...{ title: titles.welcome, hint: titles.welcomeHint, ownCall, toTry: titles.toTry, rows },
      actions: actionsOf(buttons, press),
    },
    summary: titles.welcome,
    plain: [
      titles.welcome,
      titles.welcomeHint,
      ...(ownCall ? [ownCall] : []),
      `${titles.toTry}:`,
      ...rows.map(({ usage, help }) => `• ${usage} — ${help}`),
    ],
  }
}

const TO_TRY = ['call', 'find', 'calls'] as const satisfies readonly CommandName[]

const LAMPS = {
  up: { lamp: '● ', color: 'Good' },
  down: { lamp: '× ', color: 'Attention' },
  unregistered: { lamp: '× ', color: 'Attention' },
  unknown: { lamp: '○ ', color: 'Default' },
} as const

/** What the bot knows of somebody, and how the phone system does. */
export function statusFace({ status }: Of<'status'>, { words, press }: Drawing): Face {
  const { labels } = words
  const title = words.titles.status(inert(status.name))
  const { call } = status
  const current = call ? words.call.summary(stateWord(call, words), calleeName(call, words)) : labels.noCall
  const rows = [
    { label: labels.desk, value: status.desk },
    { label: labels.mobile, value: status.mobile },
    { label: labels.did, value: status.did },
    { label: words.call.callerId, value: status.globalCallerId },
    { label: labels.currentCall, value: current, ...(call ? LAMPS.up : {}) },
    ...status.trunks.map(({ name, state }) => ({
      label: labels.trunk(inert(name)),
      value: labels.trunkStates[state],
      ...LAMPS[state],
    })),
  ].flatMap(({ value, ...row }) =>
    value === undefined ? [] : [{ lamp: '', color: 'Default', ...row, value: formatted(value) }],
  )
  const hangUp: readonly Button[] = call?.actions.includes('hangUp')
    ? [
        {
          verb: 'hangUp',
          title: words.buttons.hangUp,
          data: { call: call.call, revision: call.revision },
          style: 'destructive',
        },
      ]
    : []
  const buttons = [...hangUp, { verb: 'settings', title: words.buttons.settings, data: {} } as const]
  return {
    template: 'status',
    data: { title, rows, actions: actionsOf(buttons, press) },
    summary: title,
    plain: [title, ...rows.map(({ label, value }) => `• ${label}: ${value}`)],
  }
}
