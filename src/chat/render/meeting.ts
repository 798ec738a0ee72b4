import type { DialInShown } from '../../core/meeting/dial-in.ts'
import { providerOf } from '../../core/meeting/providers.ts'
import type { MeetingView, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf } from './buttons.ts'
import type { Action, Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { initialsShown } from './initials.ts'
import { inert } from './text.ts'
import { worded } from './worded.ts'

/** More names than that make no list that anybody reads. */
const MOST_NAMES = 12
/** The lamps of a call's card (call.ts): lit in blue while a phone rings, in green while it is in. */
const CALLING = { lamp: '○', color: 'Accent' }
const IN = { lamp: '●', color: 'Good' }

/** A meeting that was shared: everybody who presses is called into it, and all see who has joined by phone. */
export function meetingFace(
  { view }: Extract<Screen, { readonly kind: 'meeting' }>,
  { words, press }: Drawing,
): Face {
  const { meetings, buttons } = words
  const { dialIn } = view
  const label = labelOf(view.provider, meetings.bridge)
  const named = inert(view.title ?? '')
  const summary = named === '' ? label : `${named} · ${label}`
  const hint = view.note ? worded(view.note, words) : hintOf(view, words)
  const data = { meeting: view.meeting, revision: view.revision }
  const calling: readonly Button[] =
    view.missing === undefined || view.missing === 'away'
      ? [
          { verb: 'callMe', title: buttons.callMe, data, style: 'positive' },
          { verb: 'onMobile', title: buttons.onMobile, data },
          ...(dialIn ? [{ verb: 'invitation', title: buttons.invitation, data } as const] : []),
        ]
      : []
  const byPhone = dialIn ? dialInShown(dialIn, words) : ''
  const kind = kindOf(view.provider, words)
  const rows = view.joined.slice(0, MOST_NAMES).map(({ name, state }) => ({
    name: inert(name),
    initials: initialsShown(inert(name)),
    state: state === 'in' ? meetings.in : words.call.calling,
    ...(state === 'in' ? IN : CALLING),
  }))
  const joined = meetings.joined(view.joined.length)
  return {
    template: 'meeting',
    data: {
      mark: initialsShown(label),
      title: named === '' ? label : named,
      about: named === '' ? '' : kind,
      style: styleOf(view),
      hint,
      byPhone: byPhone === '' ? '' : `${meetings.byPhone}: `,
      number: byPhone,
      joined,
      rows,
      actions: [...actionsOf(calling, press), ...opening(view.link, buttons.open)],
    },
    summary,
    plain: [
      summary,
      hint,
      ...(byPhone === '' ? [] : [`${meetings.byPhone}: ${byPhone}`]),
      ...(rows.length > 0 ? [joined, ...rows.map(({ name, state }) => `• ${name} · ${state}`)] : []),
      ...(view.link === undefined ? [] : [view.link]),
    ],
  }
}

/** A number that can be passed on, and what is keyed there. */
export function dialInShown({ number, id }: DialInShown, { meetings }: Words): string {
  return [number, ...(id === undefined ? [] : [meetings.id(id)])].map(inert).join(' · ')
}

/** What kind of meeting it is: on the company's bridge there is no video. */
export function kindOf(provider: MeetingView['provider'], { meetings, rooms }: Words): string {
  const label = labelOf(provider, meetings.bridge)
  return provider === 'conference' ? `${label} · ${rooms.audioOnly}` : label
}

/** A bridge that no provider is known of has a name in each language. */
export function labelOf(provider: MeetingView['provider'], bridge: string): string {
  return provider === 'phone' || provider === 'conference' ? bridge : providerOf(provider).label
}

function hintOf({ missing, provider }: MeetingView, { meetings, sentences }: Words): string {
  return missing === undefined ? meetings.hint : sentences.noWayIn({ code: 'noWayIn', provider, missing })
}

/** Blue while it waits for somebody, green while somebody is in, amber where no telephone gets in. */
function styleOf({ missing, joined }: MeetingView): 'accent' | 'good' | 'warning' {
  if (missing !== undefined && missing !== 'away') return 'warning'
  return joined.some(({ state }) => state === 'in') ? 'good' : 'accent'
}

/** Opens the meeting in the reader's own browser; only where it is a page of the web. */
function opening(link: string | undefined, title: string): readonly Action[] {
  return link?.startsWith('https://') ? [{ type: 'Action.OpenUrl', title, url: link }] : []
}
