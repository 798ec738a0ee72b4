/** Who has answered, as signalling tells it: docs/rules.md, "Voicemail". */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'

import { answererOf } from '../../src/sip/answerer.ts'
import type { Fields } from '../contract/peer.ts'
import { B, header, sdp, stage } from './stage.ts'

const read = (fields: Readonly<Record<string, string>>) =>
  answererOf({ header: (name) => fields[name.toLowerCase()] ?? '' })

const rows: readonly (readonly [
  title: string,
  fields: Readonly<Record<string, string>>,
  by: string | undefined,
])[] = [
  ['a phone', { contact: '<sip:1002@192.0.2.9:5060>;audio;methods="INVITE,BYE"' }, undefined],
  ['a machine (RFC 3840 10.11)', { contact: '<sip:1002@192.0.2.9>;automata' }, 'machine'],
  ['one that writes it out', { contact: 'sip:1002@192.0.2.9;automata="TRUE"' }, 'machine'],
  ['one that says it is none', { contact: '<sip:1002@192.0.2.9>;automata="FALSE"' }, undefined],
  ['a parameter of the URI, which is no feature', { contact: '<sip:1002@192.0.2.9;automata>' }, undefined],
  ['a taker of messages (10.15)', { contact: '<sip:x@192.0.2.9>;automata;actor="msg-taker"' }, 'voicemail'],
  ['an attendant, who may be a person', { contact: '<sip:x@192.0.2.9>;actor="attendant"' }, undefined],
  ['a conference, which was called itself', { contact: '<sip:900@192.0.2.9>;automata;isfocus' }, undefined],
  [
    'a box that is told whose it is (RFC 4458)',
    { contact: '<sip:vm@192.0.2.9;target=sip:1002%40192.0.2.9;cause=486>' },
    'voicemail',
  ],
  ['a box by its address', { contact: '<sip:voicemail@192.0.2.9>' }, 'voicemail'],
  ['a box of one phone', { contact: '<sip:1002-voicemail@192.0.2.9>' }, 'voicemail'],
  ['somebody called so in part', { contact: '<sip:mailboxer@192.0.2.9>' }, undefined],
  ['a host called so', { contact: '<sip:1002@voicemail.example.com>' }, undefined],
  [
    'a box at the end of the call’s history (RFC 7044)',
    { 'history-info': '<sip:1002@pbx?Reason=SIP%3Bcause%3D408>;index=1, <sip:voicemail@pbx>;index=1.1;mp=1' },
    'voicemail',
  ],
  [
    'somebody whom a box has passed the call on to',
    { 'history-info': '<sip:voicemail@pbx>;index=1, <sip:1003@pbx>;index=1.1;mp=1' },
    undefined,
  ],
  [
    'a box by the name that the PBX shows',
    { 'p-asserted-identity': '"Buzón de voz" <sip:*97@pbx>' },
    'voicemail',
  ],
  [
    'the same in Remote-Party-ID',
    { 'remote-party-id': 'Voice Mail <sip:7000@pbx>;party=called' },
    'voicemail',
  ],
  ['who has diverted, which is not where to', { diversion: '<sip:1002@pbx>;reason=no-answer' }, undefined],
  ['nothing', {}, undefined],
  [
    'what cannot be read',
    { contact: '*', 'history-info': '<<,"', 'p-asserted-identity': '\u0000' },
    undefined,
  ],
]

describe('who has answered', () => {
  for (const [title, fields, by] of rows)
    it(`${by ?? 'not known to be a machine'}: ${title}`, () => {
      assert.equal(read(fields), by)
    })
})

/** The PBX, which is at `$here`, answers an INVITE with these, one after the other, and the leg says who it was. */
async function answered(t: TestContext, ...answers: readonly (readonly [status: number, fields: Fields])[]) {
  const { peer, ...scene } = await dialled(t)
  for (const [status, told] of answers) {
    const fields = Object.fromEntries(
      Object.entries(told).map(([name, value]) => [name, value.replace('$here', peer.hostPort)]),
    )
    const body = status < 200 ? {} : { body: sdp({ port: 4002 }) }
    peer.answer(scene.invite, status, { tag: 'x', fields, ...body })
  }
  await peer.request('ACK')
  const { by, forwarded } = await scene.scene.report('leg.answered')
  return forwarded ? `${by ?? 'somebody'} elsewhere` : by
}

async function dialled(t: TestContext) {
  const scene = await stage(t)
  return { scene, peer: scene.peer, invite: await scene.dial(B) }
}

describe('a leg tells who has answered', () => {
  it('from the 200', async (t) => {
    const by = await answered(t, [180, {}], [200, { Contact: '<sip:1002@$here>;automata' }])
    assert.equal(by, 'machine')
  })

  it('from the 181 before it, where the 200 says nothing', async (t) => {
    const history = '<sip:1002@127.0.0.1>;index=1, <sip:voicemail@127.0.0.1>;index=1.1;mp=1'
    const by = await answered(t, [180, {}], [181, { 'History-Info': history }], [180, {}], [200, {}])
    assert.equal(by, 'voicemail elsewhere')
  })

  it('and that it was led on, to whomever', async (t) => {
    assert.equal(await answered(t, [181, {}], [180, {}], [200, {}]), 'somebody elsewhere')
  })

  it('not from an announcement on the way to somebody', async (t) => {
    const by = await answered(t, [183, { Contact: '<sip:announcements@$here>;automata' }], [200, {}])
    assert.equal(by, undefined)
  })

  it('and asks for the call’s history, which comes to none but those who do (RFC 7044)', async (t) => {
    const { invite, scene } = await dialled(t)
    assert.match(header(invite, 'supported'), /histinfo/)
    scene.peer.answer(invite, 486, { tag: 'x' })
    await scene.report('leg.ended')
  })
})
