import { providerOf } from '../../core/meeting/providers.ts'
import type { MeetingView, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf } from './buttons.ts'
import type { Action, Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { inert } from './text.ts'
import { worded } from './worded.ts'

/** More names than that make no list that anybody reads. */
const MOST_NAMES = 12

/** A meeting that was shared: everybody who presses is called into it, and all see who has joined by phone. */
export function meetingFace(
  { view }: Extract<Screen, { readonly kind: 'meeting' }>,
  { words, press }: Drawing,
): Face {
  const { meetings, buttons } = words
  const { label } = providerOf(view.provider)
  const title = view.title === undefined ? label : `${inert(view.title)} · ${label}`
  const hint = view.note ? worded(view.note, words) : hintOf(view, words)
  const data = { meeting: view.meeting, revision: view.revision }
  const calling: readonly Button[] =
    view.missing === undefined
      ? [
          { verb: 'callMe', title: buttons.callMe, data, style: 'positive' },
          { verb: 'onMobile', title: buttons.onMobile, data },
        ]
      : []
  const rows = view.joined.slice(0, MOST_NAMES).map(({ name, state }) => ({
    text: [inert(name), state === 'in' ? meetings.in : words.call.calling].filter(Boolean).join(' · '),
  }))
  const joined = meetings.joined(view.joined.length)
  return {
    template: 'meeting',
    data: {
      title,
      hint,
      joined,
      rows,
      actions: [...actionsOf(calling, press), ...opening(view.link, buttons.open)],
    },
    summary: title,
    plain: [
      title,
      hint,
      ...(rows.length > 0 ? [joined, ...rows.map(({ text }) => `• ${text}`)] : []),
      ...(view.link === undefined ? [] : [view.link]),
    ],
  }
}

function hintOf({ missing, provider }: MeetingView, { meetings, sentences }: Words): string {
  return missing === undefined ? meetings.hint : sentences.noWayIn({ code: 'noWayIn', provider, missing })
}

/** Opens the meeting in the reader's own browser; only where it is a page of the web. */
function opening(link: string | undefined, title: string): readonly Action[] {
  return link?.startsWith('https://') ? [{ type: 'Action.OpenUrl', title, url: link }] : []
}
