/** The two phones on the card of a call, and what has answered at the other one. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { draw, Renderer } from '../../../src/chat/render/render.ts'
import { loadTemplates } from '../../../src/chat/render/templates.ts'
import type { Language } from '../../../src/core/party.ts'
import type { CallView } from '../../../src/core/screen.ts'
import { wordsOf } from '../../helpers/channel.ts'
import { view } from '../../helpers/chat.ts'
import { ended, live } from '../../helpers/screens.ts'

const renderer = new Renderer(loadTemplates())

suite('the drawing of the two phones', () => {
  const drawn = (state: CallView['state']) => {
    const { data } = draw({ kind: 'call', view: view(state, 1) }, 'en', {
      executes: true,
      nonce: () => 'nonce-1',
    })
    const { you, them } = data as unknown as { you: Record<string, string>; them: Record<string, string> }
    return [you, them].map(({ lamp, line, note }) => `${lamp} ${line} ${note}`)
  }
  const told: readonly [string, CallView['state'], string, string][] = [
    ['rings here first', live['callingUser']!, '● – – rings now', '○ – – next'],
    ['waits for the key', live['confirming']!, '● —— press 1', '○ – – next'],
    ['has one line up', live['calling']!, '● —— on the line', '○ – – being called'],
    ['rings there', live['ringing']!, '● —— on the line', '● – – ringing'],
    ['has both up', live['connected']!, '● —— on the line', '● —— on the line'],
    ['misses one', { kind: 'connected', since: 1, silent: ['callee'] }, '● —— on the line', '× —— not heard'],
    [
      'tells how it was',
      ended('completed', 'callee', 42),
      '● —— rang 0:06, talked 0:54',
      '● —— rang 0:12, talked 0:42',
    ],
    [
      'knows a machine',
      { kind: 'connected', since: 1, machine: 'machine' },
      '● —— on the line',
      '■ —— a machine',
    ],
    [
      'tells that it was a voicemail box',
      {
        ...ended('completed', 'user', 12),
        legs: [
          { role: 'user', rang: 6, talked: 30 },
          { role: 'callee', rang: 18, talked: 12, by: 'voicemail' },
        ],
      } as CallView['state'],
      '● —— rang 0:06, talked 0:30',
      '■ —— rang 0:18, voicemail 0:12',
    ],
    [
      'draws a line to who hung up at once',
      {
        ...ended('completed', 'user'),
        connected: true,
        legs: [{ role: 'callee', rang: 2, talked: 0 }],
      } as CallView['state'],
      '· · · not called',
      '● —— rang 0:02',
    ],
    [
      'marks who did not answer',
      ended('noAnswer', 'callee'),
      '● —— rang 0:06, talked 0:12',
      '× – – rang 0:12',
    ],
    [
      'says why one that never rang did not, and that nobody else was called',
      { ...ended('busy', 'user'), legs: [{ role: 'user', rang: 0, talked: 0 }] } as CallView['state'],
      '× – – busy',
      '· · · not called',
    ],
    [
      'takes a phone that no trunk could reach for one that was not called, whatever was tried',
      {
        ...ended('trunkDown', 'pbx'),
        legs: [
          { role: 'user', rang: 3, talked: 11 },
          { role: 'callee', rang: 10, talked: 0 },
        ],
      } as CallView['state'],
      '● —— rang 0:03, talked 0:11',
      '· · · not called',
    ],
    [
      'keeps the line to one who picked up and did not press 1',
      {
        ...ended('notConfirmed', 'user'),
        legs: [{ role: 'user', rang: 3, talked: 15 }],
      } as CallView['state'],
      '× —— rang 0:03, talked 0:15',
      '· · · not called',
    ],
  ]
  for (const [what, state, you, them] of told) test(what, () => assert.deepEqual(drawn(state), [you, them]))
})

suite('one’s own way into a room', () => {
  const state = {
    ...ended('completed', 'bot', 42),
    legs: [{ role: 'user', rang: 2, talked: 42 }],
  } as CallView['state']
  const room = {
    ...view(state, 9),
    room: true,
    callee: { name: 'Alice Serrano', number: '' },
  } as const
  const words = (language: Language) =>
    wordsOf(renderer.render({ kind: 'call', view: room }, language, { executes: true }).card['body']).join(
      '\n',
    )

  test('is in its record as long as one was in, and nobody is said not to have been called', () => {
    assert.match(words('en'), /Meeting ?\n?[^]*talked 0:42/)
    assert.doesNotMatch(words('en'), /not called/)
  })

  test('does not say that whoever was hung up by the host had hung up', () => {
    assert.match(words('en'), /This meeting is over\./)
    assert.match(words('es'), /Esta reunión ha terminado\./)
    assert.doesNotMatch(words('en') + words('es'), /You hung up|Has colgado/)
  })

  test('has the initials of the host, and is listed as their meeting, not as a call of oneself', () => {
    assert.match(words('en'), /^AS$/m)
    assert.match(words('es'), /^AS$/m)
    const line = {
      ...{ call: room.call, who: 'Alice Serrano', number: '', at: 1, lasted: 42 },
      ...({ cause: 'completed', side: 'bot', room: true } as const),
    }
    const list = renderer.render({ kind: 'calls', lines: [line], page: 1, more: false }, 'en', {
      executes: true,
    })
    assert.match(wordsOf(list.card['body']).join('\n'), /Meeting of Alice Serrano/)
  })
})

test('where nobody was called no phones are drawn', () => {
  const none = {
    ...ended('trunkDown', 'pbx'),
    legs: [{ role: 'user', rang: 10, talked: 0 }],
  } as CallView['state']
  const { card } = renderer.render({ kind: 'call', view: view(none, 9) }, 'en', { executes: true })
  assert.doesNotMatch(wordsOf(card['body']).join('\n'), /not called|·/)
})

suite('a machine that has answered', () => {
  const said = (machine: 'voicemail' | 'machine', language: Language, over: boolean) => {
    const state: CallView['state'] = over
      ? {
          ...(ended('completed', 'user', 12) as Extract<CallView['state'], { kind: 'ended' }>),
          legs: [{ role: 'callee', rang: 18, talked: 12, by: machine }],
        }
      : { kind: 'connected', since: 1, machine }
    const { card } = renderer.render({ kind: 'call', view: view(state, 9) }, language, { executes: true })
    return wordsOf(card['body']).join('\n')
  }
  const rows: readonly (readonly ['voicemail' | 'machine', Language, live: RegExp, over: RegExp])[] = [
    [
      'voicemail',
      'en',
      /^Voicemail · since[^]*’s voicemail answered\. Leave a message, or hang up\./m,
      /^Voicemail · lasted 0:12[^]*’s voicemail answered, and you hung up\./m,
    ],
    [
      'voicemail',
      'es',
      /^Buzón de voz · desde[^]*Ha contestado el buzón de voz de .*\. Deja un mensaje, o cuelga\./m,
      /^Buzón de voz · duró 0:12[^]*Ha contestado el buzón de voz de .*, y has colgado\./m,
    ],
    [
      'machine',
      'en',
      /^A machine · since[^]*A machine answered at /m,
      /^A machine · lasted[^]*, and you hung up/m,
    ],
    [
      'machine',
      'es',
      /^Una máquina · desde[^]*ha contestado una máquina/m,
      /^Una máquina · duró[^]*has colgado/m,
    ],
  ]
  for (const [machine, language, live, over] of rows)
    test(`${machine} is nobody to talk to, on the card and in the record: ${language}`, () => {
      assert.match(said(machine, language, false), live)
      assert.match(said(machine, language, true), over)
      assert.doesNotMatch(said(machine, language, false), /talking to|hablando con/)
    })
})
