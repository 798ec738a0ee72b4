import type { RoomMember, Screen } from '../../core/screen.ts'
import type { Words } from '../words/words.ts'
import { actionsOf, unfolding } from './buttons.ts'
import type { Button } from './buttons.ts'
import type { Drawing, Face } from './face.ts'
import { inert } from './text.ts'
import { worded } from './worded.ts'

/** More names than that make no list that anybody reads. */
const MOST_NAMES = 15

/** A room of the bot's own: who is in, and what everybody there, and its host, can do. */
export function roomFace(
  { view }: Extract<Screen, { readonly kind: 'room' }>,
  { words, press }: Drawing,
): Face {
  const { rooms, buttons } = words
  const { over = false, locked, members } = view
  const title = rooms.title(inert(view.host))
  const open = view.soundAlone === undefined ? rooms.hint : rooms.soundAlone[view.soundAlone]
  const standing = over ? rooms.over : locked ? rooms.locked(inert(view.host)) : open
  const hint = view.note ? worded(view.note, words) : standing
  const rows = members.slice(0, MOST_NAMES).map((member) => rowOf(member, words))
  const left = members.length - rows.length
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
      title,
      kind: rooms.audioOnly,
      hint,
      heading,
      rows,
      more: left > 0 ? rooms.more(left) : '',
      declined: declined.map((text) => ({ text })),
      actions: over ? [] : [...actionsOf(mine, press), unfolding(rooms.forHost, actionsOf(hosts, press))],
    },
    summary: `${title} · ${over ? rooms.over : rooms.audioOnly}`,
    plain: [
      `${title} · ${rooms.audioOnly}`,
      hint,
      ...(heading ? [heading] : []),
      ...rows.map(({ name, note }) => `• ${[name, note].filter(Boolean).join(' · ')}`),
      ...declined.map((text) => `• ${text}`),
    ],
  }
}

/** A sign for each state beside its word: not by colour alone. */
function rowOf({ name, state, muted, speaks }: RoomMember, { rooms, call }: Words) {
  const look =
    state === 'calling'
      ? { lamp: '○', color: 'Accent', note: call.calling }
      : state === 'asked'
        ? { lamp: '○', color: 'Accent', note: rooms.asked }
        : muted
          ? { lamp: '×', color: 'Default', note: rooms.muted }
          : speaks
            ? { lamp: '●', color: 'Good', note: rooms.speaks }
            : { lamp: '●', color: 'Default', note: rooms.in }
  return { name: inert(name), ...look }
}

/** Asks whom to ring: a card of its own, so that the room's card can change while somebody types. */
export function inviteFace(
  { room, host }: Extract<Screen, { readonly kind: 'invite' }>,
  { words, press }: Drawing,
): Face {
  const { rooms, buttons } = words
  const title = rooms.inviteWhom
  const add: Button = { verb: 'addToRoom', title: buttons.ring, data: { meeting: room }, style: 'positive' }
  const hint = rooms.inviteHint(rooms.title(inert(host)))
  return {
    template: 'invite',
    data: {
      title,
      hint,
      label: rooms.inviteLabel,
      placeholder: rooms.invitePlaceholder,
      actions: actionsOf([add], press),
    },
    summary: title,
    plain: [title, hint],
  }
}
