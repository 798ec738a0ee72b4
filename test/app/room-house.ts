/** A house with a meeting of the bot's own, and what is seen of one. */
import { setImmediate as settled } from 'node:timers/promises'
import type { Screen } from '../../src/core/screen.ts'
import { house } from './house.ts'

export const asBob = { sender: { id: '29:bob', aadObjectId: 'bob' } }
export const asRoberto = { sender: { id: '29:roberto', aadObjectId: 'roberto' } }

/** A house where Alice has begun a meeting, and is in it. */
export async function meeting() {
  const all = house()
  await all.types('meet now')
  await settled()
  all.legs.answers(1)
  await settled()
  return { ...all, room: () => all.chat.rooms.at(-1)!.view, id: all.chat.rooms[0]!.view.meeting }
}

/** And one where Alice talks with Bob. */
export async function conversation() {
  const all = house()
  await all.types('call Bob Marín')
  await settled()
  all.legs.answers(1)
  await settled()
  all.legs.answers(2)
  await settled()
  return { ...all, room: () => all.chat.rooms.at(-1)!.view }
}

/** What the presser alone is told on the card that answers the press. */
export const noteOn = (answered: Screen | undefined) =>
  answered?.kind === 'room' ? answered.view.note?.code : answered?.kind

export const who = (members: readonly { name: string; state: string }[]) =>
  members.map(({ name, state }) => `${name} ${state}`)
