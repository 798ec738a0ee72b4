import { providerOf } from '../../core/meeting/providers.ts'
import type { AgendaLine, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionOf } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { clientTime, inert, plainDate } from './text.ts'

type Agenda = Extract<Screen, { readonly kind: 'agenda' }>

/** Meetings of one's own day, each with a button that calls one into it. */
export function agendaFace({ about, lines, left, offset }: Agenda, { words, press }: Drawing): Face {
  const { meetings, buttons } = words
  const title = about === 'reminder' ? meetings.startsNow : meetings[about]
  const hint = [about === 'which' ? meetings.whichHint : '', left > 0 ? meetings.more(left) : '']
    .filter(Boolean)
    .join(' ')
  const rows = lines.map((line, index) => {
    const { label } = providerOf(line.provider)
    const name = line.title === undefined ? label : inert(line.title)
    const note = [line.title === undefined ? '' : label, stateOf(line, about, words)]
      .filter(Boolean)
      .join(' · ')
    const button = { verb: 'callMe', title: buttons.callMe, data: { entry: line.meeting } } as const
    const said = [plainTime(line.startsAt, offset), name, note].filter(Boolean).join(' · ')
    return {
      time: line.startsAt === undefined ? '' : clientTime(line.startsAt),
      name,
      note,
      subtle: line.state === 'over',
      ...(line.callable
        ? { callable: true, actions: [actionOf({ ...button, ...styleOf(line) }, press)] }
        : { callable: false, actions: [] }),
      plain: about === 'which' ? `${index + 1}. ${said}` : `• ${said}`,
    }
  })
  const summary = about === 'reminder' ? [rows[0]?.name, title].filter(Boolean).join(' · ') : title
  return {
    template: 'agenda',
    data: { title, hint, rows: rows.map(({ plain: _plain, ...row }) => row), actions: [] },
    summary,
    plain: [title, ...rows.map(({ plain }) => plain), ...(hint ? [hint] : [])],
  }
}

/** The one that is on is wanted most. */
const styleOf = ({ state }: AgendaLine) => (state === 'on' ? ({ style: 'positive' } as const) : {})

function stateOf({ state }: AgendaLine, about: Agenda['about'], { meetings }: Words): string {
  if (state === 'over') return meetings.over
  return state === 'on' && about !== 'reminder' ? meetings.on : ''
}

/** By the reader's own clock, where the channel has told how that goes. */
function plainTime(ms: number | undefined, offset: number | undefined): string {
  if (ms === undefined) return ''
  return offset === undefined ? plainDate(ms) : new Date(ms + offset * 60_000).toISOString().slice(11, 16)
}
