/** The card of a room of the bot's own, as everybody there reads it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Renderer } from '../../../src/chat/render/render.ts'
import { loadTemplates } from '../../../src/chat/render/templates.ts'
import { meetingId } from '../../../src/core/ids.ts'
import type { RoomMember, RoomView } from '../../../src/core/screen.ts'
import { wordsOf } from '../../helpers/channel.ts'

const renderer = new Renderer(loadTemplates())

function shown(members: readonly RoomMember[], more: Partial<RoomView> = {}) {
  const view: RoomView = {
    ...{ meeting: meetingId('m_0123456789abcdefghijkl'), revision: 1, host: 'Alice Serrano' },
    ...{ locked: false, members, declined: [] },
    ...more,
  }
  return wordsOf(renderer.render({ kind: 'room', view }, 'en', { executes: true }).card).join('\n')
}

const guests = Array.from({ length: 12 }, (_, i) => ({ name: `Guest ${i + 1}`, state: 'in' }) as const)

describe('the card of a room', () => {
  test('names those who came first, and tells how many more there are', () => {
    const card = shown(guests)
    assert.match(card, /12 are in/)
    assert.match(card, /Guest 8\n/)
    assert.doesNotMatch(card, /Guest 9/)
    assert.match(card, /and 4 more/)
  })

  test('always names who speaks, unless they are muted', () => {
    const [late, muted] = [
      { name: 'Late Speaker', state: 'in', speaks: true },
      { name: 'Late Muted', state: 'in', speaks: true, muted: true },
    ] as const
    const card = shown([...guests, muted, late])
    assert.match(card, /Late Speaker/)
    assert.doesNotMatch(card, /Late Muted/)
  })

  test('says in words how each is doing, not by colour alone', () => {
    const card = shown([
      { name: 'Ann', state: 'in', muted: true },
      { name: 'Ben', state: 'calling' },
      { name: 'Cem', state: 'asked' },
    ])
    for (const said of ['Ann\nmuted', 'Ben\ncalling', 'Cem\nmust press 1'])
      assert.match(card.replace(/^[●○×]\n?\s*/gm, '').replace(/\n +/g, '\n'), new RegExp(said))
  })

  test('answers a press that came to nothing in place of its hint, and keeps who is in', () => {
    const card = shown(guests.slice(0, 1), { note: { code: 'hostOnly', host: 'Alice Serrano' } })
    assert.match(card, /Only Alice Serrano, who started this meeting, can do that/)
    assert.doesNotMatch(card, /Press “Call me”/)
    assert.match(card, /Guest 1/)
  })
})

describe('the card that asks whom to call in', () => {
  const face = (more: { readonly passOn?: ReturnType<typeof meetingId> }) =>
    renderer.render(
      { kind: 'invite', room: meetingId('m_0123456789abcdefghijkl'), host: 'Alice Serrano', ...more },
      'en',
      { executes: true },
    ).card as {
      readonly body: readonly Readonly<Record<string, unknown>>[]
      readonly actions: readonly Readonly<Record<string, unknown>>[]
    }

  test('says under its field that a name is missing, and stays', () => {
    assert.partialDeepStrictEqual(
      face({}).body.find(({ id }) => id === 'who'),
      { isRequired: true, errorMessage: 'Type whom to call in.' },
    )
  })

  test('passes the invitation on without a name', () => {
    const { actions } = face({ passOn: meetingId('m_0123456789abcdefghijkm') })
    assert.deepEqual(
      actions.map(({ title, associatedInputs }) => [title, associatedInputs]),
      [
        ['Call them in', undefined],
        ['Invitation', 'none'],
      ],
    )
  })
})
