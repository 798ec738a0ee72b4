import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { changed, pressesOne, settingsFrom } from '../../src/core/settings.ts'
import type { PressOneRule, Settings } from '../../src/core/settings.ts'

describe('settings', () => {
  const mine: Settings = { rings: 'mobile', language: 'es', pressOne: true }

  it('change one by one, and the same wish twice is one', () => {
    for (const [change, wanted] of [
      [
        { set: 'rings', to: 'desk' },
        { ...mine, rings: 'desk' },
      ],
      [
        { set: 'language', to: 'en' },
        { ...mine, language: 'en' },
      ],
      [
        { set: 'language', to: 'channel' },
        { rings: 'mobile', pressOne: true },
      ],
      [
        { set: 'pressOne', to: false },
        { ...mine, pressOne: false },
      ],
    ] as const) {
      assert.deepEqual(changed(mine, change), wanted)
      assert.deepEqual(changed(changed(mine, change), change), wanted)
    }
  })

  it('that were kept by another version are read as far as they are understood', () => {
    assert.deepEqual(settingsFrom(mine), mine)
    assert.deepEqual(settingsFrom({ rings: 'softphone', language: 'fr', pressOne: 'yes', more: 1 }), {})
    for (const nothing of [undefined, null, 'x', 7, []]) assert.deepEqual(settingsFrom(nothing), {})
  })
})

describe('press 1', () => {
  // What PRESS_ONE says, what the user has set, and whether 1 is to be pressed.
  const rows: readonly (readonly [PressOneRule, boolean | undefined, boolean])[] = [
    ['off', undefined, false],
    ['off', true, true],
    ['off', false, false],
    ['on', undefined, true],
    ['on', true, true],
    ['on', false, false],
    ['never', undefined, false],
    ['never', true, false],
    ['always', undefined, true],
    ['always', false, true],
  ]
  for (const [rule, own, wanted] of rows)
    it(`${rule} and ${own ?? 'nothing'} set: ${wanted}`, () =>
      assert.equal(pressesOne(rule, own === undefined ? {} : { pressOne: own }), wanted))
})
