/** The two phones of a call as its card draws them: a lamp, the line between it and the bot, and a word below. */
import type { Answerer, Role } from '../../core/call/call.ts'
import type { LegTimes } from '../../core/call/record.ts'
import type { CallView } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { duration } from './text.ts'

export type Ended = Extract<CallView['state'], { kind: 'ended' }>
export type End = { readonly is: keyof typeof LAMPS; readonly note: string }

/** How a phone is doing, or in a record how far the call came there; lines are faint where nothing goes over them. */
const LAMPS = {
  next: { lamp: '○', line: '– –' },
  dialled: { lamp: '○', color: 'Accent', line: '– –', lineColor: 'Accent' },
  rung: { lamp: '●', color: 'Accent', line: '– –', lineColor: 'Accent' },
  up: { lamp: '●', color: 'Good', line: '——', lineColor: 'Good' },
  machine: { lamp: '■', color: 'Warning', line: '——', lineColor: 'Warning' },
  missed: { lamp: '×', color: 'Attention', line: '——', lineColor: 'Attention' },
  notCalled: { lamp: '·', line: '· ·' },
  wasRung: { lamp: '○', line: '– –' },
  talked: { lamp: '●', line: '——' },
  wasMachine: { lamp: '■', line: '——' },
  failed: { lamp: '×', color: 'Attention', line: '– –' },
  cutOff: { lamp: '×', color: 'Attention', line: '——' },
} as const satisfies Readonly<Record<string, Lamp>>

// Signs that every font has and no client turns into a picture. Each state differs in shape or word, not in colour alone.
type Lamp = {
  readonly lamp: '○' | '●' | '■' | '×' | '·'
  readonly color?: 'Accent' | 'Good' | 'Warning' | 'Attention'
  readonly line: '– –' | '——' | '· ·'
  readonly lineColor?: 'Accent' | 'Good' | 'Warning' | 'Attention'
}

/** One phone, as the templates have it. */
export function drawn({ is, note }: End) {
  const { lamp, color, line, lineColor }: Lamp = LAMPS[is]
  return {
    ...{ note, lamp, line },
    ...{ color: color ?? 'Default', faint: color === undefined },
    ...{ lineColor: lineColor ?? 'Default', lineFaint: lineColor === undefined },
  }
}

/** It ended as nobody had wanted. */
export const hasFailed = ({ cause, connected }: Ended): boolean =>
  cause === 'notAdmitted' || (!connected && cause !== 'cancelled')

/** Nothing ever left the bot for a phone that such a call was about to reach. */
const UNSENT: ReadonlySet<Ended['cause']> = new Set(['trunkDown', 'noLine'])

/** One phone in the record of a call. */
export function recordedEnd(role: Role, state: Ended, words: Words): End {
  const { cause, side, legs, connected } = state
  const times = legs.find((leg) => leg.role === role)
  if (!times || (UNSENT.has(cause) && times.talked === 0))
    return { is: 'notCalled', note: words.call.notes.notCalled }
  const { rang, talked, by } = times
  const note = legTimes(times, words)
  if (hasFailed(state) && side === role) {
    // A phone that was refused before it rang has nothing to tell but why.
    if (talked === 0) return { is: 'failed', note: rang === 0 ? words.causes[cause] : note }
    return { is: 'cutOff', note }
  }
  // Whoever was connected had picked up, however short it was.
  if (talked === 0 && !connected) return { is: 'wasRung', note }
  return { is: by === undefined ? 'talked' : 'wasMachine', note }
}

/** What had answered in place of the callee. */
export const machineIn = (legs: readonly LegTimes[]): Answerer | undefined =>
  legs.find(({ role }) => role === 'callee')?.by

/** "rang 0:04, talked 1:12, not heard for 0:20". */
export function legTimes({ rang, talked, silent, by }: LegTimes, { labels }: Words): string {
  const spoke = by === undefined ? labels.talked : labels.machines[by]
  return [
    labels.rang(duration(rang)),
    ...(talked > 0 ? [spoke(duration(talked))] : []),
    ...(silent === undefined ? [] : [labels.silent(duration(silent))]),
  ].join(', ')
}
