import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { suite, test } from 'node:test'
import { draw, Renderer } from '../../../src/chat/render/render.ts'
import { loadSamples } from '../../../src/chat/render/samples.ts'
import { loadTemplates, TEMPLATES } from '../../../src/chat/render/templates.ts'
import { parseCommand } from '../../../src/core/command/parse.ts'
import { askId } from '../../../src/core/ids.ts'
import type { Language } from '../../../src/core/party.ts'
import type { Screen } from '../../../src/core/screen.ts'
import { faultsOf } from '../../helpers/adaptive.ts'
import { actionsOf, wordsOf } from '../../helpers/channel.ts'
import type { CardAction } from '../../helpers/channel.ts'
import { view } from '../../helpers/chat.ts'
import { causes, ended, live, screens, sentences, sides } from '../../helpers/screens.ts'

const folder = new URL('../../../cards/', import.meta.url)
const templates = loadTemplates()
const renderer = new Renderer(templates)
const languages: readonly Language[] = ['en', 'es']
const kinds = [{ executes: true }, { executes: false }]

const everyScreen = (name: string): readonly Screen[] => [
  ...Object.values(screens(name)),
  ...Object.values(live).map((state, i): Screen => ({ kind: 'call', view: view(state, i) })),
  ...causes.flatMap((cause) =>
    sides.flatMap((side) =>
      [0, 42].map((lasted): Screen => ({ kind: 'call', view: view(ended(cause, side, lasted), 9) })),
    ),
  ),
  ...sentences(name).map((sentence): Screen => ({ kind: 'sentence', sentence })),
]

suite('every card', () => {
  test('is taken by the adaptivecards library without a word, as version 1.5, in both languages', () => {
    for (const screen of everyScreen('Bob Marín')) {
      for (const language of languages) {
        for (const kind of kinds) {
          const { card } = renderer.render(screen, language, kind)
          assert.deepEqual(faultsOf(card), [], JSON.stringify(screen))
        }
      }
    }
  })

  test('has at most four buttons below it, a fallback text, words to speak and a summary', () => {
    for (const screen of everyScreen('Bob Marín')) {
      const { card, summary, text } = renderer.render(screen, 'en', { executes: true })
      assert.ok((card['actions'] as readonly unknown[]).length <= 4)
      for (const said of [card['fallbackText'], card['speak'], summary, text]) {
        assert.ok(typeof said === 'string' && said.length > 0, JSON.stringify(screen))
        assert.doesNotMatch(said, /\$\{|\{\{|undefined|null/)
      }
      assert.doesNotMatch(wordsOf(card).join('\n'), /\$\{|undefined|null|NaN/)
    }
  })

  test('fits into the 28 KB that Teams takes', () => {
    const long = 'x'.repeat(10_000)
    const presence = 'unknown'
    const many = Array.from(
      { length: 60 },
      (_, pick) => ({ pick, name: long, number: long, presence }) as const,
    )
    const { view: record, entries } = screens('Bob').ladder
    const full: readonly Screen[] = [
      ...everyScreen(long),
      { ...screens('Bob').ask, choices: many },
      { ...screens('Bob').people, people: many.map(({ name }) => ({ name, email: long, presence })) },
      {
        kind: 'ladder',
        view: record,
        entries: Array.from({ length: 500 }, () => ({ ...entries[0], line: long })),
      },
    ]
    for (const screen of full) {
      const { card } = renderer.render(screen, 'es', { executes: true })
      assert.ok(JSON.stringify(card).length < 28_000, `${screen.kind} ${JSON.stringify(card).length}`)
    }
  })
})

suite('the samples beside the templates', () => {
  const samples = loadSamples()

  test('show each template, and no other is there', () => {
    const wanted = [...new Set(samples.map(({ template }) => template))]
    assert.deepEqual(
      readdirSync(folder).sort(),
      wanted.flatMap((name) => [`${name}.json`, `${name}.sample.json`]).sort(),
    )
    assert.deepEqual(wanted.sort(), [...TEMPLATES].sort())
  })

  for (const { template, state, screen } of samples) {
    test(`${template}, ${state}: is drawn by that template, and says something of its own`, () => {
      for (const language of languages) {
        const { face } = draw(screen, language, { executes: true, nonce: () => 'nonce-1' })
        assert.equal(face.template, template)
        assert.deepEqual(faultsOf(renderer.render(screen, language, { executes: true }).card), [])
      }
      const said = (one: Screen) =>
        JSON.stringify(draw(one, 'en', { executes: true, nonce: () => 'nonce-1' }).data)
      const like = samples.filter((other) => said(other.screen) === said(screen))
      assert.deepEqual(
        like.map((other) => other.state),
        [state],
      )
    })
  }

  test('show every state that a call can be in', () => {
    const states = samples.flatMap(({ screen }) => (screen.kind === 'call' ? [screen.view.state] : []))
    for (const kind of ['callingUser', 'confirming', 'callingCallee', 'connected', 'ended'])
      assert.ok(states.some((state) => state.kind === kind))
    const words = samples.flatMap(({ screen }) =>
      screen.kind === 'call' ? wordsOf(renderer.render(screen, 'en', { executes: true }).card['body']) : [],
    )
    for (const word of [
      ...['Calling', 'Ringing', 'Busy', 'No answer', 'Declined', 'Unreachable', 'Cancelled'],
      ...[/^Connected · since/, /^Interrupted · lasted/, /^Ended · lasted 0:42/],
    ])
      assert.ok(
        words.some((said) => (typeof word === 'string' ? said === word : word.test(said))),
        String(word),
      )
  })
})

suite('the welcome', () => {
  for (const language of languages)
    test(`offers what is understood when it is typed: ${language}`, () => {
      const { data } = draw(screens('Bob').welcome, language, { executes: true, nonce: () => 'nonce-1' })
      const { rows } = data as unknown as { rows: readonly { usage: string }[] }
      const understood = rows.map(({ usage }) => parseCommand(usage))
      assert.deepEqual(
        understood.map((parsed) => parsed.kind === 'command' && parsed.command.name),
        ['call', 'find', 'calls'],
      )
    })

  test('and help say what the number on one’s own phone means', () => {
    for (const screen of [screens('Bob').welcome, screens('Bob').help]) {
      const said = (language: Language) =>
        wordsOf(renderer.render(screen, language, { executes: true }).card).join('\n')
      assert.match(said('en'), /When your phone shows \+34 900 100 200, it is your own call: pick up\./)
      assert.match(
        said('es'),
        /Cuando tu teléfono muestre \+34 900 100 200, es tu propia llamada: descuelga\./,
      )
    }
  })
})

suite('names of others are inert', () => {
  const evil = '**Bob** [click](http://evil.example) ${$root.actions} {{DATE(2026-01-01T00:00:00Z)}} <b>&amp;'

  test('they stand in TextRuns, which know no markdown, and not in TextBlocks', () => {
    for (const screen of everyScreen(evil)) {
      const { card } = renderer.render(screen, 'en', { executes: true })
      assert.doesNotMatch(blocksOf(card).join('\n'), /evil|\*\*/, screen.kind)
    }
  })

  test('they are neither template expressions nor Adaptive Card functions', () => {
    const { card } = renderer.render(screens(evil)['call-live'], 'en', { executes: true })
    const words = wordsOf(card).join('\n')
    assert.match(words, /\*\*Bob\*\* \[click\]\(http:\/\/evil\.example\) \$\{\$root\.actions\}/)
    assert.doesNotMatch(words, /\{\{DATE/)
  })

  test('line breaks, control and direction marks go', () => {
    const { card } = renderer.render(screens('Bob\r\nX: 1\u0000\u202etxt')['call-live'], 'en', {
      executes: true,
    })
    assert.doesNotMatch(wordsOf(card).join(''), /[\r\u0000\u202e]/)
    assert.match(wordsOf(card).join('|'), /\|Bob X: 1 txt\|/)
  })
})

suite('rows', () => {
  test('have a label and a value, though name, number and phone say nothing', () => {
    for (const name of ['Bob Marín', '', ' ', '\u202e\u200b']) {
      for (const number of ['+34910000002', '']) {
        const bare = {
          user: { name: '', number },
          callee: { name, number },
        }
        for (const language of languages) {
          for (const screen of Object.values(screens(name))) {
            const shown =
              'view' in screen && screen.kind !== 'meeting' && screen.kind !== 'room'
                ? { ...screen, view: { ...screen.view, ...bare } }
                : screen
            const { card } = renderer.render(shown, language, { executes: true })
            const read = wordsOf(card['body'])
            const bad = read.filter((words) => /^\s*·|·\s*$|·\s*·| {2}/.test(words))
            assert.deepEqual(bad, [], screen.kind)
            if (!/^(call|details|calls|status)$/.test(screen.kind)) continue
            assert.ok(
              read.every((words) => /[\p{L}\d●○×–—#]/u.test(words)),
              `${screen.kind}: ${JSON.stringify(read)}`,
            )
          }
        }
      }
    }
  })
})

suite('a phone that is not heard', () => {
  const card = (silent: readonly ('user' | 'callee')[], language: 'en' | 'es') =>
    renderer.render({ kind: 'call', view: view({ kind: 'connected', since: 1, silent }, 4) }, language, {
      executes: true,
    })

  test('is told on the card in a plain sentence, the first one that is missed', () => {
    for (const [silent, language, sentence] of [
      [['callee'], 'en', /No sound comes from Bob Marín’s phone/],
      [['user', 'callee'], 'en', /No sound comes from your own phone/],
      [['callee'], 'es', /No llega sonido del teléfono de Bob Marín/],
      [['user'], 'es', /No llega sonido de tu propio teléfono/],
    ] as const)
      assert.match(JSON.stringify(card(silent, language).card), sentence)
    assert.match(JSON.stringify(card([], 'en').card), /You are talking to/)
  })

  test('is in the details with its time', () => {
    const { record, ...details } = screens('Bob').details
    const legs = [
      { role: 'user', rang: 6, talked: 54 },
      { role: 'callee', rang: 12, talked: 42, silent: 20 },
    ] as const
    const drawn = (language: 'en' | 'es') =>
      JSON.stringify(
        renderer.render({ ...details, record: { ...record, legs } }, language, { executes: true }).card,
      )
    assert.match(drawn('en'), /talked 0:42, not heard for 0:20/)
    assert.match(drawn('es'), /habló 0:42, sin sonido 0:20/)
  })
})

suite('buttons', () => {
  const buttons = (screen: Screen, executes = true) =>
    actionsOf(renderer.render(screen, 'en', { executes }).card['actions'])

  test('are Action.Execute with the same as Action.Submit for clients that do not know it', () => {
    const [hangUp] = buttons(screens('Bob')['call-live'])
    assert.partialDeepStrictEqual(hangUp, {
      type: 'Action.Execute',
      verb: 'hangUp',
      data: { verb: 'hangUp', call: 'c_0123456789abcdefghijkl', revision: 3 },
      fallback: { type: 'Action.Submit', data: hangUp!.data },
    })
  })

  test('are Action.Submit outright where the channel does not know Action.Execute', () => {
    for (const screen of everyScreen('Bob')) {
      for (const action of buttons(screen, false))
        assert.match(action.type, /^Action\.(?:Submit|OpenUrl|ShowCard)$/)
    }
  })

  test('carry a nonce each, new with every drawing', () => {
    const nonces = [1, 2].flatMap(() =>
      buttons(screens('Bob')['call-ended']).map(({ data }) => data['nonce']),
    )
    assert.equal(new Set(nonces).size, 4)
  })

  const told: readonly [string, Screen, readonly Partial<CardAction['data']>[]][] = [
    ['a live call', screens('Bob')['call-live'], [{ verb: 'hangUp', revision: 3 }, { verb: 'details' }]],
    ['a record', screens('Bob')['call-ended'], [{ verb: 'redial', revision: 7 }, { verb: 'details' }]],
    [
      'a record after the own phone was busy',
      { kind: 'call', view: view(ended('busy', 'user'), 5) },
      [{ verb: 'redial' }, { verb: 'redial', phone: 'mobile' }, { verb: 'details' }],
    ],
    [
      'a question',
      screens('Bob').ask,
      [
        { verb: 'choose', ask: 'q_1', pick: 0 },
        { verb: 'choose', pick: 1 },
      ],
    ],
    ['a second call', screens('Bob').question, [{ verb: 'hangUpAndCall', ask: 'q_1' }, { verb: 'leave' }]],
    [
      'a command that was perhaps meant',
      { kind: 'askMeant', ask: askId('q_1'), text: 'cal bob', meant: 'call bob' },
      [{ verb: 'agree', ask: 'q_1' }, { verb: 'leave' }],
    ],
    [
      'people',
      screens('Bob').people,
      [
        { verb: 'call', who: 'bob@contoso.example' },
        { verb: 'call', who: '1003' },
      ],
    ],
    [
      'the log',
      screens('Bob').calls,
      [
        { verb: 'callsPage', page: 3 },
        { verb: 'callsPage', page: 1 },
      ],
    ],
    ['details', screens('Bob').details, [{ verb: 'redial' }, { verb: 'ladder' }, { verb: 'back' }]],
  ]
  for (const [what, screen, wanted] of told) {
    test(`of ${what} say what they are for, the main one first`, () => {
      const data = buttons(screen).map((button) => button.data)
      assert.equal(data.length, wanted.length)
      assert.partialDeepStrictEqual(data, wanted)
    })
  }

  test('redial is offered only where the view says so: a callee who looks into a call cannot', () => {
    for (const language of languages) {
      for (const screen of [screens('Bob').details, screens('Bob')['call-ended']] as const) {
        const callees: Screen = { ...screen, view: { ...screen.view, actions: ['details'] } }
        const verbs = (one: Screen) =>
          actionsOf(renderer.render(one, language, { executes: true }).card['actions']).map(
            ({ verb }) => verb,
          )
        assert.ok(verbs(screen).includes('redial'))
        assert.ok(!verbs(callees).includes('redial'))
      }
    }
  })

  test('five to choose from are rows to press', () => {
    const choices = Array.from({ length: 5 }, (_, pick) => {
      return { pick, name: `Bob ${pick}`, number: '1000', presence: 'unknown' } as const
    })
    const { card } = renderer.render({ ...screens('Bob').ask, choices }, 'en', { executes: true })
    assert.deepEqual(card['actions'], [])
    assert.deepEqual(
      actionsOf(card['body']).map(({ data }) => data['pick']),
      [0, 1, 2, 3, 4],
    )
  })

  test('two of one name are told apart', () => {
    const choices = ['Sales', 'Legal'].map((department, pick) => {
      return { pick, name: 'Bob', department, number: '1', presence: 'unknown' } as const
    })
    assert.deepEqual(
      buttons({ ...screens('Bob').ask, choices }).map(({ title }) => title),
      ['Bob (Sales · 1)', 'Bob (Legal · 1)'],
    )
  })
})

/** The texts that a client reads as markdown. */
function blocksOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(blocksOf)
  if (typeof node !== 'object' || node === null) return []
  const own = 'type' in node && node.type === 'TextBlock' && 'text' in node ? [String(node.text)] : []
  return [...own, ...Object.values(node).flatMap(blocksOf)]
}
