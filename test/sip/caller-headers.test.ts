import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { placeCall } from '../../src/app/place-call.ts'
import type { Dialplan } from '../../src/app/policy.ts'
import { targetOf } from '../../src/core/dialplan/address.ts'
import { e164, personId } from '../../src/core/ids.ts'
import type { SipUri } from '../../src/core/ids.ts'
import type { Person, Target } from '../../src/core/party.ts'
import type { Trunk } from '../../src/core/trunk.ts'
import { autoAnswerHeaders, callerHeaders } from '../../src/sip/caller-headers.ts'
import { A, header, headersOf, stage, TRUNK } from './stage.ts'

const GLOBAL = e164('+34900100200')!
const OF_TRUNK = e164('+34910000500')!
const DID = e164('+34910000077')!
const DESK = '+34910001001'
const CALLEES: readonly Target[] = [
  { kind: 'number', number: e164('+34600000002')! },
  { kind: 'extension', extension: '1002' },
  { kind: 'uri', uri: 'sip:room@partner.example' as SipUri },
]

const person = (more: Partial<Person>): Person => ({
  id: personId('alice'),
  name: 'Alice',
  ids: {},
  phones: {},
  aliases: [],
  admin: false,
  ...more,
})

/** The caller of a call of hers, as the use case makes it. */
async function callerOf(me: Person, to: Target, globalCallerId: typeof GLOBAL | undefined) {
  const dialplan: Dialplan = {
    judge: () => Promise.resolve({ ok: true, target: to, shown: 'somebody' }),
    judgeConfigured: () => Promise.resolve({ ok: true, target: to, shown: 'somebody' }),
    judgeGateway: () => Promise.resolve({ ok: true, target: to, shown: 'somebody' }),
    looksLikeNumber: () => true,
    targetOf: (who, phone) => targetOf(who, phone, 'ES'),
    shown: () => 'somebody',
  }
  const policy = {
    ...(globalCallerId === undefined ? {} : { globalCallerId }),
    limits: { ringUser: 1, ringCallee: 1, talk: 1, confirm: 1 },
    ...{
      pressOne: 'off' as const,
      callsPerHour: 1,
      roomMembers: 50,
      allowedTenants: [],
      admins: [],
      country: 'ES',
      bridges: {},
      watchMeetings: false,
    },
  }
  const origin = { channel: 'x', conversation: 'x', language: 'en' } as const
  const placed = await placeCall(me, { number: 'x' }, undefined, origin, { policy, dialplan, settings: {} })
  assert.ok('request' in placed, JSON.stringify(placed))
  return placed.request.callerId
}

/** docs/rules.md, "Callee's view", written once more as the sentence there has it. */
function expected(me: Person, to: Target, global: string | undefined, ofTrunk: string | undefined): string {
  if (me.did !== undefined) return me.did
  if (me.phones.desk?.startsWith('+')) return me.phones.desk
  const extension = me.extension ?? me.phones.desk
  if (to.kind === 'extension' && extension !== undefined) return extension
  return ofTrunk ?? global ?? extension ?? me.phones.mobile ?? 'anonymous'
}

describe('the callee sees the user\'s number (docs/rules.md, "Callee\'s view"), whatever is known of the user', () => {
  const phones = [
    { desk: DESK },
    { desk: '1001' },
    { desk: '1001', mobile: '+34600000001' },
    { mobile: '+34600000001' },
  ]
  for (const did of [undefined, DID])
    for (const extension of [undefined, '1077'])
      for (const phone of phones)
        for (const global of [undefined, GLOBAL])
          for (const callerId of [undefined, OF_TRUNK]) {
            const me = person({
              phones: phone,
              ...(did === undefined ? {} : { did }),
              ...(extension === undefined ? {} : { extension }),
            })
            const what = [did && 'DID', extension && 'extension', ...Object.values(phone), global, callerId]
            it(what.filter(Boolean).join(', '), async () => {
              for (const to of CALLEES)
                for (const identity of ['pai', 'rpid', 'none'] as const) {
                  const trunk: Trunk = { ...TRUNK, identity, ...(callerId === undefined ? {} : { callerId }) }
                  const from = await callerOf(me, to, global)
                  const headers = callerHeaders({ from, to }, trunk, 'pbx.example')
                  const number = expected(me, to, global, callerId)
                  const address = `"Alice" <sip:${number}@pbx.example>`
                  assert.deepEqual(headers, {
                    From: address,
                    ...(identity === 'pai' ? { 'P-Asserted-Identity': address } : {}),
                    ...(identity === 'rpid'
                      ? { 'Remote-Party-ID': `${address};party=calling;privacy=off;screen=yes` }
                      : {}),
                  })
                }
            })
          }
})

describe('one’s own phone', () => {
  const own = { from: { number: GLOBAL, name: 'Bob' }, own: 'desk' } as const

  it('shows the global caller ID and who is called, whatever the trunk shows to others', () => {
    for (const to of CALLEES)
      for (const privacy of ['none', 'id'] as const) {
        const trunk: Trunk = { ...TRUNK, privacy, callerId: OF_TRUNK }
        const address = `"Bob" <sip:${GLOBAL}@pbx.example>`
        assert.deepEqual(callerHeaders({ ...own, to }, trunk, 'pbx.example'), {
          From: address,
          'P-Asserted-Identity': address,
        })
      }
  })

  it('picks up by itself where the trunk says so: the desk phone, and nobody else’s', () => {
    const trunk: Trunk = { ...TRUNK, autoAnswer: true }
    assert.deepEqual(autoAnswerHeaders(own, trunk, 'pbx.example'), {
      'Answer-Mode': 'Auto',
      'Call-Info': '<sip:pbx.example>;answer-after=0',
      'Alert-Info': '<http://127.0.0.1>;info=alert-autoanswer;delay=0',
    })
    assert.deepEqual(autoAnswerHeaders({ own: 'mobile' }, trunk, 'pbx.example'), {})
    assert.deepEqual(autoAnswerHeaders({}, trunk, 'pbx.example'), {})
    assert.deepEqual(autoAnswerHeaders(own, TRUNK, 'pbx.example'), {})
  })
})

describe('a trunk that hides numbers (privacy)', () => {
  const from = { number: DID, name: 'Alice' }
  const trunk: Trunk = { ...TRUNK, privacy: 'id' }

  it('tells them to the PBX alone, and asks it to keep them (RFC 3323, RFC 3325)', () => {
    const to = CALLEES[0]!
    const address = `"Alice" <sip:${DID}@pbx.example>`
    const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>'
    assert.deepEqual(callerHeaders({ from, to }, trunk, 'pbx.example'), {
      From: anonymous,
      'P-Asserted-Identity': address,
      Privacy: 'id',
    })
    assert.deepEqual(callerHeaders({ from, to }, { ...trunk, identity: 'rpid' }, 'pbx.example'), {
      From: anonymous,
      'Remote-Party-ID': `${address};party=calling;privacy=full;screen=yes`,
      Privacy: 'id',
    })
  })

  it('hides nothing from colleagues', () => {
    const headers = callerHeaders({ from, to: CALLEES[1]! }, trunk, 'pbx.example')
    assert.equal(headers['From'], `"Alice" <sip:${DID}@pbx.example>`)
    assert.equal(headers['Privacy'], undefined)
  })

  it('asserts nobody where there is nobody to assert', () => {
    const headers = callerHeaders({ from: { name: 'Alice' }, to: CALLEES[0]! }, TRUNK, 'pbx.example')
    assert.deepEqual(headers, { From: '"Alice" <sip:anonymous@pbx.example>' })
  })
})

describe('the INVITE', () => {
  it('has all of this as the PBX reads it', async (t) => {
    const s = await stage(t, { trunk: { privacy: 'id', autoAnswer: true, callerId: OF_TRUNK } })
    const own = await s.dial(A, { own: 'desk', from: { number: GLOBAL, name: 'Bob' } })
    assert.match(header(own, 'from'), /^"Bob" <sip:\+34900100200@127\.0\.0\.1>;tag=/)
    assert.equal(header(own, 'answer-mode'), 'Auto')
    assert.match(header(own, 'call-info'), /;answer-after=0$/)
    assert.match(header(own, 'alert-info'), /info=alert-autoanswer/)
    s.peer.answer(own, 486, { tag: 'b' })
    await s.report('leg.ended')
    const other = await s.dial(A, { from: { general: GLOBAL, name: 'Alice' } })
    assert.match(header(other, 'from'), /^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/)
    assert.equal(header(other, 'p-asserted-identity'), '"Alice" <sip:+34910000500@127.0.0.1>')
    assert.equal(header(other, 'privacy'), 'id')
    assert.deepEqual(headersOf(other, 'alert-info'), [])
    s.peer.answer(other, 486, { tag: 'b' })
    await s.report('leg.ended')
  })
})
