import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Renderer } from '../../../src/chat/render/render.ts'
import { loadTemplates } from '../../../src/chat/render/templates.ts'
import type { Language } from '../../../src/core/party.ts'
import type { Screen } from '../../../src/core/screen.ts'
import { view } from '../../helpers/chat.ts'
import { wordsOf } from '../../helpers/channel.ts'
import { live, screens } from '../../helpers/screens.ts'

const renderer = new Renderer(loadTemplates())
const words = (screen: Screen, language: Language) =>
  wordsOf(renderer.render(screen, language, { executes: true }).card).join('\n')

test('nobody is said to be free whose phone nobody has asked', () => {
  for (const language of ['en', 'es'] as const) {
    const said = words(screens('Bob Marín').people, language)
    assert.match(said, /Bob Marín/)
    assert.doesNotMatch(said, /free|available|idle|online|libre|disponible|conectad/i)
  }
})

describe('in words', () => {
  test('found people are in a call, or nothing is known', () => {
    assert.match(words(screens('Bob Marín').people, 'en'), /in a call[^]*presence unknown/)
    assert.match(words(screens('Bob Marín').people, 'es'), /en una llamada[^]*presencia desconocida/)
  })

  test('of those to choose from, only that somebody is in a call is said', () => {
    const said = words(screens('Bob Marín').ask, 'en')
    assert.match(said, /in a call/)
    assert.doesNotMatch(said, /unknown/)
  })

  test('the card of a call says that the other side may not pick up', () => {
    const callee = { name: 'Bob Marín', number: '1002', inCall: true }
    const screen: Screen = { kind: 'call', view: view(live['calling']!, 3, { callee }) }
    assert.match(words(screen, 'en'), /Bob Marín is in another call and may not pick up\./)
    assert.match(words(screen, 'es'), /Bob Marín está en otra llamada y quizá no conteste\./)
  })
})
