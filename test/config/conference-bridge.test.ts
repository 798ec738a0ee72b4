import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ConfigFault, loadConfig } from '../../src/config.ts'

const PEOPLE = JSON.stringify([{ name: 'Alice', extension: '1001', phones: { desk: '+34910000001' } }])
const LOCAL = { SIP_TRUNK: 'sip:127.0.0.1:5090', PEOPLE_FILE: 'people.json', COUNTRY: 'ES' }

const bridgeOf = (value: string) =>
  loadConfig({ ...LOCAL, CONFERENCE_BRIDGE: value }, { cwd: '/here', read: () => PEOPLE }).config.bridges
    .conference

for (const [value, bridge] of [
  ['+34 910 480 000', { dial: '+34 910 480 000', keys: '{id}# {pin}#' }],
  ['8000', { dial: '8000', keys: '{id}# {pin}#' }],
  // Its number tells the meeting: there is no id to be keyed.
  ['sip:77{id}@pbx.example.com', { dial: 'sip:77{id}@pbx.example.com', keys: '{pin}#' }],
  [
    'sip:room-{room}@pbx.example.com;transport=udp',
    { dial: 'sip:room-{id}@pbx.example.com', keys: '{pin}#' },
  ],
  ['77{id}', { dial: '77{id}', keys: '{pin}#' }],
  ['{id}', { dial: '{id}', keys: '{pin}#' }],
  [
    '{"dial": "8000", "keys": "{id}# *{pin}#", "number": "+34910480000"}',
    { dial: '8000', keys: '{id}# *{pin}#', number: '+34910480000' },
  ],
  // One room for all of them, whose PIN never changes.
  ['{"dial": "8000", "keys": "4321#"}', { dial: '8000', keys: '4321#' }],
] as const)
  it(`CONFERENCE_BRIDGE=${value} is taken`, () => assert.deepEqual(bridgeOf(value), bridge))

it('unset it is the built-in mixer', () => {
  assert.equal(loadConfig(LOCAL, { cwd: '/here', read: () => PEOPLE }).config.bridges.conference, undefined)
})

it('it stands beside the bridges of providers, and is none of them', () => {
  const MEETING_BRIDGES = '{"zoom": "+34910480001"}'
  const { config } = loadConfig(
    { ...LOCAL, MEETING_BRIDGES, CONFERENCE_BRIDGE: '8000' },
    { cwd: '/here', read: () => PEOPLE },
  )
  assert.deepEqual(Object.keys(config.bridges), ['zoom', 'conference'])
  const both = { ...LOCAL, MEETING_BRIDGES: '{"conference": "8000"}' }
  assert.throws(() => loadConfig(both, { cwd: '/here', read: () => PEOPLE }), /is no provider/)
})

it('only its own ids are dialled: what an invitation says is part of no number', () => {
  for (const MEETING_BRIDGES of ['{"zoom": "77{id}"}', '{"phone": {"dial": "sip:{id}@pbx.example.com"}}'])
    assert.throws(
      () => loadConfig({ ...LOCAL, MEETING_BRIDGES }, { cwd: '/here', read: () => PEOPLE }),
      /MEETING_BRIDGES=.* has a place to be filled in what is dialled for (zoom|phone)/,
    )
})

for (const [value, problem] of [
  ['the bridge', 'has no number or SIP URI to dial'],
  ['sip:pbx.example.com', 'has no number or SIP URI to dial'],
  ['sip:77{number}@pbx.example.com', 'has {number}, which stands for nothing'],
  ['sip:77{id}@pbx.example.com;transport=tcp', 'has no number or SIP URI to dial'],
  ['sip:77{id@pbx.example.com', 'has {id@pbx.example.com, which stands for nothing'],
  ['sip:77{id}{pin}@pbx.example.com', 'has {pin} in what is dialled, where others could read it'],
  ['{"dial": "8000", "keys": "press one"}', 'has `keys` that are no row of keys'],
  ['{"dial": "8000", "number": "sales"}', 'has a `number` that is none'],
  ['{"dial": "8000", "key": "{pin}#"}', 'is not understood'],
  ['{"keys": "{pin}#"}', 'is not understood'],
  ['{"dial": 8000}', 'is not understood'],
  ['{"dial"', 'is not understood'],
  ['112', 'begins as a call for help does'],
  ['112{id}', 'begins as a call for help does'],
  ['sip:091@pbx.example.com', 'begins as a call for help does'],
] as const)
  it(`CONFERENCE_BRIDGE=${value} is told at start, in one line with a remedy`, () => {
    try {
      bridgeOf(value)
    } catch (fault) {
      assert.ok(fault instanceof ConfigFault)
      assert.deepEqual(
        fault.faults.map(({ setting, problem: told }) => `${setting} ${told}`),
        [`CONFERENCE_BRIDGE ${problem}`],
      )
      assert.notEqual(fault.faults[0]?.remedy, '')
      return
    }
    assert.fail('it was accepted')
  })
