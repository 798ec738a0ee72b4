import type { OutsideView, RoomMember, RoomView, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf, unfolding } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { initialsShown } from './initials.ts'
import { dialInShown, kindOf, labelOf } from './meeting.ts'
import { inert } from './text.ts'
import { worded } from './worded.ts'

/** More names than that make no list that anybody reads; who speaks is always among them. */
const MOST_NAMES = 8

/** A room of the bot's own: who is in, and what everybody there, and its host, can do. */
export function roomFace(
  { view }: Extract<Screen, { readonly kind: 'room' }>,
  { words, press }: Drawing,
): Face {
  const { rooms, buttons } = words
  const { over = false, locked, members } = view
  const title = rooms.title(inert(view.host))
  // What leads into a meeting that this room is no part of any more would part people.
  const outside = over || view.outside?.state === 'gone' ? undefined : view.outside
  const standing = over ? rooms.over : standingOf(view, words)
  const hint = view.note ? worded(view.note, words) : standing
  const named = shownOf(members).map((member) => rowOf(member, words))
  const left = members.length - named.length
  const rows = outside ? [...named, bridgeRow(outside, words)] : named
  const byPhone = outside?.dialIn ? dialInShown(outside.dialIn, words) : ''
  const kind = outside ? kindOf(outside.provider, words) : rooms.audioOnly
  const link = outside?.link?.startsWith('https://') ? outside.link : ''
  const declined = view.declined.map(({ name, cause }) =>
    [inert(name), words.causes[cause]].filter(Boolean).join(' · '),
  )
  const data = { meeting: view.meeting, revision: view.revision }
  const mine: readonly Button[] = [
    { verb: 'callMe', title: buttons.callMe, data, style: 'positive' },
    { verb: 'muteMe', title: buttons.muteMe, data },
    { verb: 'invite', title: buttons.invite, data },
  ]
  const hosts: readonly Button[] = [
    { verb: 'muteAll', title: buttons.muteAll, data },
    { verb: 'lockRoom', title: locked ? buttons.unlock : buttons.lock, data },
    { verb: 'endRoom', title: buttons.endForAll, data, style: 'destructive' },
  ]
  const count = members.filter(({ state }) => state === 'in').length
  const heading = over ? '' : rooms.inside(count)
  return {
    template: 'room',
    data: {
      mark: initialsShown(inert(view.host)),
      title,
      about: kind,
      style: styleOf(view, count),
      hint,
      hintColor: view.note ? 'Attention' : 'Default',
      byPhone: byPhone === '' ? '' : `${words.meetings.byPhone}: `,
      number: byPhone,
      link,
      open: link === '' ? '' : rooms.openMeeting,
      heading,
      rows,
      more: left > 0 ? rooms.more(left) : '',
      declined: declined.map((text) => ({ text })),
      actions: over ? [] : [...actionsOf(mine, press), unfolding(rooms.forHost, actionsOf(hosts, press))],
    },
    summary: `${title} · ${over ? rooms.over : kind}`,
    plain: [
      `${title} · ${kind}`,
      hint,
      ...(byPhone === '' ? [] : [`${words.meetings.byPhone}: ${byPhone}`]),
      ...(link === '' ? [] : [link]),
      ...(heading ? [heading] : []),
      ...rows.map(({ name, state }) => `• ${name} · ${state}`),
      ...declined.map((text) => `• ${text}`),
    ],
  }
}

/** What can be done, or why it is less than it was to be. */
function standingOf(
  { host, locked, soundAlone, outside }: RoomView,
  { rooms, meetings, causes }: Words,
): string {
  const isOutside = outside !== undefined && outside.state !== 'gone'
  if (locked) return isOutside ? rooms.lockedHere(inert(host)) : rooms.locked(inert(host))
  if (soundAlone !== undefined) return rooms.soundAlone[soundAlone]
  if (outside?.state === 'gone')
    return outside.cause === undefined ? rooms.bridgeLeft : rooms.bridgeAway(causes[outside.cause])
  return outside ? meetings.hint : rooms.hint
}

/** Those who come in by the meeting's own number or link, as one member. */
function bridgeRow({ provider, state, speaks }: OutsideView, words: Words) {
  const name = words.rooms.others(labelOf(provider, words.meetings.bridge))
  return rowOf({ name, state: state === 'in' ? 'in' : 'calling', ...(speaks ? { speaks } : {}) }, words)
}

function shownOf(members: readonly RoomMember[]): readonly RoomMember[] {
  if (members.length <= MOST_NAMES) return members
  const speaks = ({ speaks, muted }: RoomMember) => Number(speaks === true && !muted)
  return members.toSorted((a, b) => speaks(b) - speaks(a)).slice(0, MOST_NAMES)
}

/** As the card of a shared meeting: blue while it waits, green while somebody is in, amber where nobody else comes in. */
function styleOf({ over, locked }: RoomView, count: number): 'accent' | 'good' | 'warning' | 'emphasis' {
  if (over) return 'emphasis'
  if (locked) return 'warning'
  return count > 0 ? 'good' : 'accent'
}

/** A sign for each state beside its word: not by colour alone. Whoever speaks is lit. */
function rowOf({ name, state, muted, speaks }: RoomMember, { rooms, call }: Words) {
  const look =
    state === 'calling'
      ? { lamp: '○', color: 'Accent', state: call.calling }
      : state === 'asked'
        ? { lamp: '●', color: 'Accent', state: rooms.asked }
        : muted
          ? { lamp: '×', color: 'Default', state: rooms.muted }
          : { lamp: '●', color: 'Good', state: speaks ? rooms.speaks : rooms.in }
  const style = speaks && !muted ? 'good' : 'emphasis'
  return { name: inert(name), initials: initialsShown(inert(name)), style, ...look }
}

/** Asks whom to ring: a card of its own, so that the room's card can change while somebody types. */
export function inviteFace(
  { room, host, passOn }: Extract<Screen, { readonly kind: 'invite' }>,
  { words, press }: Drawing,
): Face {
  const { rooms, buttons } = words
  const title = rooms.inviteWhom
  const invitation = (meeting: string): Button => ({
    ...{ verb: 'invitation', title: buttons.invitation },
    data: { meeting, room },
    // What is written for the other button does not matter to it.
    inputs: 'none',
  })
  const add: Button = { verb: 'addToRoom', title: buttons.ring, data: { meeting: room }, style: 'positive' }
  const hint = rooms.inviteHint(rooms.title(inert(host)))
  return {
    template: 'invite',
    data: {
      title,
      hint,
      label: rooms.inviteLabel,
      placeholder: rooms.invitePlaceholder,
      missing: rooms.inviteMissing,
      actions: actionsOf(passOn === undefined ? [add] : [add, invitation(passOn)], press),
    },
    summary: title,
    plain: [title, hint],
  }
}
