import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Renderer } from '../../../src/chat/render/render.ts'
import { loadTemplates } from '../../../src/chat/render/templates.ts'
import { wordsOf } from '../../helpers/channel.ts'
import { screens } from '../../helpers/screens.ts'

test('nobody is said to be free whose phone nobody has asked', () => {
  const renderer = new Renderer(loadTemplates())
  for (const language of ['en', 'es'] as const) {
    const { card } = renderer.render(screens('Bob Marín').people, language, { executes: true })
    const words = wordsOf(card).join('\n')
    assert.match(words, /Bob Marín/)
    assert.doesNotMatch(words, /free|available|idle|online|libre|disponible|conectad/i)
  }
})
