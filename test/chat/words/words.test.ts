import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Renderer, wordsOf as sentence } from '../../../src/chat/render/render.ts'
import { loadTemplates } from '../../../src/chat/render/templates.ts'
import type { CallView } from '../../../src/core/screen.ts'
import { wordsOf } from '../../helpers/channel.ts'
import { view } from '../../helpers/chat.ts'
import { causes, ended, live, sentences, sides } from '../../helpers/screens.ts'

const renderer = new Renderer(loadTemplates())
const face = (state: CallView['state'], language: 'en' | 'es', extra: Partial<CallView> = {}) => {
  const screen = { kind: 'call', view: view(state, 1, extra) } as const
  const { card } = renderer.render(screen, language, { executes: true })
  return wordsOf(card['body']).join('\n')
}

suite('the words on a call’s card', () => {
  const states: readonly [CallView['state'], RegExp, RegExp][] = [
    [live['callingUser']!, /calling[^]*pick up your desk phone/i, /llamando[^]*descuelga tu teléfono/i],
    [live['confirming']!, /calling[^]*press 1/i, /llamando[^]*pulsa 1/i],
    [live['calling']!, /calling/i, /llamando/i],
    [live['ringing']!, /ringing/i, /sonando/i],
    [live['connected']!, /connected/i, /en curso/i],
    [ended('completed', 'callee', 42), /ended · lasted 0:42/i, /finalizada · duró 0:42/i],
    [ended('limit', 'bot', 3723), /ended · lasted 1:02:03/i, /finalizada · duró 1:02:03/i],
    [ended('busy', 'callee'), /busy/i, /ocupado/i],
    [ended('noAnswer', 'callee'), /no answer/i, /sin respuesta/i],
    [ended('declined', 'callee'), /declined/i, /rechazada/i],
    [ended('unreachable', 'callee'), /unreachable/i, /no disponible/i],
    [
      ended('diverted', 'callee'),
      /unreachable[^]*diverted to \+34 600 00 00 09/i,
      /no disponible[^]*desviado a \+34 600 00 00 09/i,
    ],
    [ended('trunkDown', 'pbx'), /unreachable[^]*SIP_TRUNK/i, /no disponible[^]*SIP_TRUNK/i],
    [ended('cancelled', 'user'), /cancelled/i, /cancelada/i],
    [ended('interrupted', 'bot'), /interrupted/i, /interrumpida/i],
    [ended('interrupted', 'bot', 5), /interrupted · lasted 0:05/i, /interrumpida · duró 0:05/i],
  ]
  for (const [state, en, es] of states) {
    const name = 'cause' in state ? `${state.cause} after ${state.lasted} s` : state.kind
    test(`${name}: ${String(en)}`, () => {
      assert.match(face(state, 'en'), en)
      assert.match(face(state, 'es'), es)
      assert.match(face(state, 'en'), /Bob Marín/, 'the callee is always named')
    })
  }

  test('a word of one state never stands on the card of another', () => {
    const words =
      /\b(calling|ringing|connected|busy|no answer|declined|unreachable|cancelled|interrupted|ended)\b/gi
    for (const [state, own] of [
      [live['callingUser'], ['calling']],
      [live['ringing'], ['ringing', 'calling']],
      [live['connected'], ['connected']],
      [ended('busy', 'callee'), ['busy']],
      [ended('unreachable', 'callee'), ['unreachable']],
      [ended('completed', 'callee', 42), ['ended']],
    ] as const) {
      const found = new Set(
        face(state!, 'en')
          .match(words)
          ?.map((word) => word.toLowerCase()),
      )
      assert.deepEqual(
        [...found].filter((word) => !(own as readonly string[]).includes(word)),
        [],
      )
    }
  })

  test('while the own phone rings, the card says what it shows; in somebody’s first call, what that means', () => {
    const first = (language: 'en' | 'es') => face(live['callingUser']!, language, { firstCall: true })
    assert.match(first('en'), /When your phone shows \+34 900 100 200, it is your own call: pick up\./)
    assert.match(
      first('es'),
      /Cuando tu teléfono muestre \+34 900 100 200, es tu propia llamada: descuelga\./,
    )
    assert.match(face(live['callingUser']!, 'en'), /Your phone shows \+34 900 100 200/)
    assert.doesNotMatch(face(live['ringing']!, 'en', { firstCall: true }), /900 100 200/)
  })

  test('the record says how long each phone rang and was talked at', () => {
    assert.match(
      face(ended('completed', 'callee', 42), 'en'),
      /You\nrang 0:06, talked 0:54[^]*Bob [^]*\nrang 0:12, talked 0:42/,
    )
    assert.match(face(ended('busy', 'callee'), 'es'), /sonó 0:12/)
  })

  test('every ending of a call, whoever did it, is a sentence', () => {
    for (const language of ['en', 'es'] as const) {
      for (const cause of causes) {
        for (const side of sides) assert.match(face(ended(cause, side), language), /\.\n/)
      }
    }
  })
})

suite('sentences', () => {
  const said = (language: 'en' | 'es') =>
    new Map(sentences('Bob').map((one) => [one.code, sentence(one, language)] as const))

  test('there is one for every code in both languages, and they differ', () => {
    const [en, es] = [said('en'), said('es')]
    for (const [code, text] of en) {
      assert.match(text, /[.?!]$/, code)
      assert.match(es.get(code) ?? '', /[.?!]$/, code)
      assert.notEqual(text, es.get(code), code)
    }
  })

  const settings: readonly [string, string][] = [
    ['numberNotAllowed', 'ALLOW_NUMBERS'],
    ['sipDomainNotAllowed', 'ALLOW_SIP_DOMAINS'],
    ['notAUser', 'PEOPLE_FILE'],
    ['noPhone', 'PEOPLE_FILE'],
    ['youHaveNoPhone', 'PEOPLE_FILE'],
    ['tooManyCalls', 'CALLS_PER_HOUR'],
    ['roomFull', 'ROOM_MEMBERS'],
    ['trunkDown', 'SIP_TRUNK'],
    ['noLine', 'maxCalls in TRUNKS_FILE|maxCalls en TRUNKS_FILE'],
    ['adminsOnly', 'ADMINS'],
  ]
  for (const [code, setting] of settings) {
    test(`${code} names ${setting}`, () => {
      for (const language of ['en', 'es'] as const) {
        const words = said(language) as ReadonlyMap<string, string>
        assert.match(words.get(code) ?? '', new RegExp(setting))
      }
    })
  }

  test('an emergency number is to be dialled at the phone', () => {
    assert.match(said('en').get('emergency')!, /Dial it at the phone/)
    assert.match(said('es').get('emergency')!, /Márcalo en el propio teléfono/)
  })
})
