import type { CallRecord, LadderEntry } from '../../core/call/record.ts'
import type { CallView, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf } from './buttons.ts'
import type { Button } from './buttons.ts'
import { calleeName, stateWord, toldBesides } from './call.ts'
import { legTimes } from './ends.ts'
import type { Drawing, Face } from './face.ts'
import { capitalised, clientDate, inert, plainDate, preciseTime } from './text.ts'

type Of<Kind extends Screen['kind']> = Extract<Screen, { readonly kind: Kind }>
/** `plain` where the value is a time, which the client writes. */
type Row = { readonly label: string; readonly value: string; readonly plain?: string }

/** Times and causes of a call, for its parties. */
export function detailsFace({ view, record, ladder }: Of<'details'>, { words, press }: Drawing): Face {
  const title = words.titles.details(calleeName(view, words))
  const rows = [
    ...viewRows(view, words),
    ...(record ? recordRows(record, calleeName(view, words), words) : []),
  ]
  const data = { call: view.call, revision: view.revision }
  const buttons: readonly Button[] = [
    ...(view.actions.includes('redial')
      ? [{ verb: 'redial', title: words.buttons.redial, data, style: 'positive' } as const]
      : []),
    ...(ladder ? [{ verb: 'ladder', title: words.buttons.ladder, data } as const] : []),
    { verb: 'back', title: words.buttons.back, data },
  ]
  return {
    template: 'details',
    data: {
      title,
      rows: rows.map(({ label, value, plain }) => ({ label, value, time: plain !== undefined })),
      actions: actionsOf(buttons, press),
    },
    summary: title,
    plain: [title, ...rows.map(({ label, value, plain }) => `• ${label}: ${plain ?? value}`)],
  }
}

/** So many arrows fit in a card of 28 KB. */
const MOST_ARROWS = 40

/** The SIP messages of a call, one arrow each, for administrators. */
export function ladderFace({ view, entries }: Of<'ladder'>, { words, press }: Drawing): Face {
  const title = words.titles.ladder(calleeName(view, words))
  const rows = entries.slice(0, MOST_ARROWS).map((entry) => ({
    time: preciseTime(entry.at),
    arrow: arrowOf(entry, words),
    line: inert(entry.line).slice(0, 120),
  }))
  const left = entries.length - rows.length
  const note = rows.length === 0 ? words.titles.ladderEmpty : left > 0 ? words.titles.ladderCut(left) : ''
  const data = { call: view.call, revision: view.revision }
  const buttons: readonly Button[] = [
    { verb: 'details', title: words.buttons.details, data },
    { verb: 'back', title: words.buttons.back, data },
  ]
  return {
    template: 'ladder',
    data: { title, rows, note, actions: actionsOf(buttons, press) },
    summary: title,
    plain: [title, ...rows.map((row) => `${row.time} ${row.arrow} ${row.line}`), ...(note ? [note] : [])],
  }
}

function arrowOf({ role, direction }: LadderEntry, { roles }: Words): string {
  return direction === 'out' ? `→ ${roles[role]}` : `← ${roles[role]}`
}

function viewRows(view: CallView, words: Words): readonly Row[] {
  const { state } = view
  const rows: Row[] = [
    { label: words.labels.state, value: capitalised(stateWord(view, words)) },
    when(words.labels.asked, view.requestedAt),
  ]
  if (state.kind === 'connected') rows.push(when(words.labels.answered, state.since))
  return rows
}

function recordRows(record: CallRecord, who: string, words: Words): readonly Row[] {
  const { labels } = words
  const { cause, side, legs } = record
  return [
    ...(record.connectedAt === undefined ? [] : [when(labels.answered, record.connectedAt)]),
    when(labels.ended, record.endedAt),
    ...legs.map((leg) => ({
      label: leg.role === 'callee' ? who : words.roles[leg.role],
      value: legTimes(leg, words),
    })),
    {
      label: labels.why,
      value: words.ending({ cause, side, who, ...toldBesides(record, record.request.meeting) }),
    },
    ...(record.status === undefined ? [] : [{ label: labels.status, value: String(record.status) }]),
    ...(record.connectedAt === undefined ? [] : [{ label: labels.media, value: mediaOf(record, words) }]),
  ]
}

function mediaOf({ media, mediaWhy }: CallRecord, { labels: { medias } }: Words): string {
  const how = media === 'endpoint' ? medias.none : medias[media]
  return mediaWhy === undefined ? how : `${how} (${inert(mediaWhy)})`
}

const when = (label: string, at: number): Row => ({ label, value: clientDate(at), plain: plainDate(at) })
