import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadConfig } from '../../src/config.ts'

const PEOPLE = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '+34910000001' } }])
const ENV = { TRUNKS_FILE: 'trunks.json', PEOPLE_FILE: 'people.json', COUNTRY: 'ES' }

describe('TRUNKS_FILE, read again while the bot runs', () => {
  /** A bot that was started with one trunk on this machine. */
  const started = () => {
    let trunks = JSON.stringify([{ name: 'madrid', uri: 'sip:127.0.0.1:5090' }])
    const read = (file: string) => {
      if (file.endsWith('people.json')) return PEOPLE
      if (file.endsWith('trunks.json')) return trunks
      throw Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' })
    }
    const loaded = loadConfig(ENV, { cwd: '/here', read })
    return {
      loaded,
      rewrite: (rows: unknown) => {
        trunks = typeof rows === 'string' ? rows : JSON.stringify(rows)
        return loaded.rereadTrunks()
      },
    }
  }

  test('has its trunks and warnings; the rest of the configuration stays', () => {
    const { loaded, rewrite } = started()
    const read = rewrite([{ name: 'bilbao', uri: 'sip:127.0.0.1:5091', transfer: 'refer' }])
    assert.ok('trunks' in read)
    assert.deepEqual(
      read.trunks.map(({ name }) => name),
      ['bilbao'],
    )
    assert.match(read.warnings.join(), /transfer .*no effect/)
    assert.deepEqual(
      loaded.config.trunks.map(({ name }) => name),
      ['madrid'],
    )
  })

  const faults: [what: string, rows: unknown, told: RegExp][] = [
    ['faulty JSON', '[{]', /line 1/],
    ['no trunk', [], /names no trunk/],
    ['a trunk elsewhere, without an app id', [{ uri: 'sip:192.0.2.9' }], /without an app id/],
    [
      'a trunk elsewhere, for a bot that listens here only',
      [{ uri: 'sip:192.0.2.9' }],
      /started for trunks of this machine/,
    ],
  ]
  for (const [what, rows, told] of faults)
    test(`is refused with ${what}, as at the start`, () => {
      const { rewrite } = started()
      const read = rewrite(rows)
      assert.ok('fault' in read)
      assert.match(read.fault.message, told)
      assert.ok('trunks' in rewrite([{ uri: 'sip:127.0.0.1' }]), 'and taken when it is mended')
    })
})
