/** Ways to bridges that an administrator has set: what nobody may type passes there, but a call for help. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { gateOf, inAWord } from './gate-rows.ts'

const gate = gateOf('ES', { trunkDomains: ['pbx.example'], outsidePrefixes: ['9'] })

for (const [dial, asItStands, then] of [
  ['8000', false, 'ext 8000'],
  ['+34910480000', false, '+34910480000'],
  ['910 480 000', false, '+34910480000'],
  ['+442079460958', false, '+442079460958'],
  ['77234567890', true, 'ext 77234567890'],
  // Nine digits could be a number of the country: where they are made of an id, the telephone system takes them as they are.
  ['712345678', true, 'ext 712345678'],
  ['sip:77234567890@pbx.example', true, 'ext 77234567890'],
  ['sip:77234567890@conf.example', true, 'sip:77234567890@conf.example'],
  ['sip:room-234567890@conf.example', true, 'sip:room-234567890@conf.example'],
  ['112', false, 'emergency'],
  ['112', true, 'emergency'],
  ['9112', true, 'emergency'],
  ['sip:112@conf.example', true, 'emergency'],
  ['call me', false, 'numberInvalid'],
] as const)
  it(`${dial}${asItStands ? ' as it stands' : ''} ► ${then}`, async () => {
    assert.equal(inAWord(await gate.judgeConfigured(dial, asItStands)), then)
  })

for (const [uri, via, then] of [
  ['sip:89012345678@zoomcrc.com', 'trunk', 'sip:89012345678@zoomcrc.com'],
  ['sip:4567@zoomcrc.com', 'trunk', 'sip:4567@zoomcrc.com'],
  ['sip:alice.serrano@acme.webex.com', 'trunk', 'sip:alice.serrano@acme.webex.com'],
  ['sip:806123456@zoomcrc.com', 'trunk', 'premium'],
  ['sip:00442079460958@zoomcrc.com', 'trunk', 'international'],
  ['sip:112@zoomcrc.com', 'trunk', 'emergency'],
  ['sip:11888@zoomcrc.com', 'trunk', 'short'],
  ['sip:9806123456@zoomcrc.com', 'trunk', 'premium'],
  ['sip:900442079460958@zoomcrc.com', 'trunk', 'international'],
  ['sip:x806123456@acme.webex.com', 'trunk', 'premium'],
  ['sip:9612345678@zoomcrc.com', 'trunk', 'sip:9612345678@zoomcrc.com'],
  ['sip:806123456@zoomcrc.com', 'direct', 'sip:806123456@zoomcrc.com'],
  // A domain above the telephone system's own: there it is what was dialled, whoever finds the way.
  ['sip:806123456@pbx.example', 'direct', 'premium'],
  ['sip:112@pbx.example', 'direct', 'emergency'],
  ['sip:123@zoomcrc.com;method=REFER', 'direct', 'numberInvalid'],
  ['sip:123@zoomcrc.com?Replaces=abc', 'trunk', 'numberInvalid'],
] as const)
  it(`a gateway's ${uri} by ${via} ► ${then}`, async () => {
    assert.equal(inAWord(await gate.judgeGateway(uri, via)), then)
  })
