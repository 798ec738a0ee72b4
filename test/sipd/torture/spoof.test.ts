/** Somebody with a socket in the PBX's network, who has seen no message of the call, tries to have a say in it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Dialog } from '../../contract/drachtio.ts'
import { header, Peer, sdp, unique } from '../../contract/peer.ts'
import type { Changes } from './call.ts'
import { call } from './call.ts'
import { faults, ground, lines } from './ground.ts'

/** What of the dialog the stranger does not know. */
const GUESSES: readonly (readonly [what: string, changes: (known: Known) => Changes, status: number])[] = [
  ['our tag', ({ bot }) => ({ to: `${bot.split(';')[0]};tag=guess` }), 481],
  ['its own tag', ({ phone }) => ({ from: `${phone};tag=guess` }), 481],
  ['any tag', ({ bot, phone }) => ({ from: phone, to: bot.split(';')[0] ?? '' }), 481],
  ['the Call-ID', () => ({ callId: 'guess' }), 481],
  ['which side is which', ({ bot, phone, toTag }) => ({ from: bot, to: `${phone};tag=${toTag}` }), 481],
]
type Known = { readonly bot: string; readonly phone: string; readonly toTag: string }

for (const [what, changes, status] of GUESSES)
  test(
    `who does not know ${what} ends no call, changes none, and presses no key in it`,
    { timeout: 20_000 },
    async (t) => {
      const caught = faults(t)
      const g = await ground(t)
      const talk = await call(t, g)
      const { dialog, invite, toTag } = talk
      const heard = eventsOf(dialog)
      const stranger = await Peer.start()
      t.after(() => stranger.close())
      const known = { bot: header(invite, 'from'), phone: header(invite, 'to'), toTag }
      const spoofed = { ...changes(known), by: stranger }
      for (const [method, body] of [
        ['BYE', undefined],
        ['UPDATE', sdp(6666)],
        ['PRACK', undefined],
      ] as const) {
        await talk.send(method, 500, { ...spoofed, ...(body === undefined ? {} : { body }) })
        assert.equal((await stranger.response(method)).status, status, method)
      }
      for (const method of ['INVITE', 'INFO']) {
        await talk.send(method, 501, { ...spoofed, body: method === 'INFO' ? 'Signal=5' : sdp(6666) })
        const { status: answer } = await stranger.response(method)
        // Without our tag it is a request of its own, and the application's to answer: there is no dialog in it.
        if (spoofed.to?.includes('tag=') === false)
          assert.ok(g.seen.every((request) => request.stackDialogId === ''))
        else assert.equal(answer, status, method)
      }
      await talk.send('ACK', 1, spoofed)
      assert.deepEqual(heard, [])
      await talk.goesOn()
      await talk.ends()
      assert.deepEqual(caught, [])
    },
  )

function eventsOf(dialog: Dialog): string[] {
  const heard: string[] = []
  for (const name of ['destroy', 'modify', 'refresh', 'update', 'ack', 'message', 'notify', 'refer'])
    dialog.on(name, () => heard.push(name))
  return heard
}

test('answers by somebody else do not answer a call, and do not end it', { timeout: 20_000 }, async (t) => {
  const g = await ground(t)
  const phone = await Peer.start()
  const stranger = await Peer.start()
  t.after(() => {
    phone.close()
    stranger.close()
  })
  const heard: number[] = []
  const made = g.srf.createUAC(
    phone.uri(),
    { localSdp: sdp(4000) },
    { cbProvisional: ({ status }) => heard.push(status) },
  )
  const invite = await phone.request('INVITE')
  const branch = /branch=([^;]+)/.exec(header(invite, 'via'))?.[1] ?? ''
  const to = { transport: 'udp', host: '127.0.0.1', port: g.port('udp') } as const
  for (const via of [
    header(invite, 'via').replace(branch, 'z9hG4bKguess'),
    header(invite, 'via').replace(`;branch=${branch}`, ''),
  ])
    for (const status of [180, 183, 200, 302, 401, 486, 603])
      await stranger.raw(to, response(status, { ...fieldsOf(invite), Via: via }))
  // The branch is known, but not what was asked.
  for (const cseq of ['1 BYE', '1 CANCEL', '1 OPTIONS'])
    await stranger.raw(to, response(200, { ...fieldsOf(invite), CSeq: cseq }))
  phone.answer(invite, 180, { tag: 'right' })
  phone.answer(invite, 200, { tag: 'right', body: sdp(5000) })
  await phone.request('ACK')
  assert.equal((await made).sip.remoteTag, 'right')
  assert.deepEqual(heard, [180])
  assert.equal(stranger.unread('ACK').length + stranger.unread('BYE').length, 0)
})

function fieldsOf(invite: Parameters<typeof header>[0]): Record<string, string> {
  return {
    Via: header(invite, 'via'),
    From: header(invite, 'from'),
    To: `${header(invite, 'to')};tag=evil`,
    'Call-ID': header(invite, 'call-id'),
    CSeq: header(invite, 'cseq'),
    Contact: '<sip:evil@127.0.0.1:9>',
    'Content-Length': '0',
  }
}

function response(status: number, fields: Readonly<Record<string, string>>): string {
  return lines(
    `SIP/2.0 ${status} Evil`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  )()
}

test('a CANCEL without the branch of the INVITE cancels nothing', { timeout: 20_000 }, async (t) => {
  const g = await ground(t, {}, 'INVITE')
  const caller = await Peer.start()
  const stranger = await Peer.start()
  t.after(() => {
    caller.close()
    stranger.close()
  })
  const to = { transport: 'udp', host: '127.0.0.1', port: g.port('udp') } as const
  const common = {
    uri: 'sip:bot@127.0.0.1',
    from: '<sip:a@b>;tag=c',
    to: '<sip:bot@127.0.0.1>',
    callId: unique('call'),
  }
  await caller.send(to, { ...common, method: 'INVITE', cseq: '1 INVITE' }, { branch: 'z9hG4bKright' })
  await caller.response('INVITE', 100)
  await stranger.send(to, { ...common, method: 'CANCEL', cseq: '1 CANCEL' }, { branch: 'z9hG4bKguess' })
  assert.equal((await stranger.response('CANCEL')).status, 481)
  // The branch alone is not enough either: RFC 3261 17.2.3 has the sent-by with it.
  await stranger.send(to, { ...common, method: 'CANCEL', cseq: '1 CANCEL' }, { branch: 'z9hG4bKright' })
  assert.equal((await stranger.response('CANCEL')).status, 481)
  await caller.send(to, { ...common, method: 'CANCEL', cseq: '1 CANCEL' }, { branch: 'z9hG4bKright' })
  assert.equal((await caller.response('CANCEL')).status, 200)
  assert.equal((await caller.response('INVITE')).status, 487)
})

test('a dialog that rings with a tag for each of its answers is bounded', { timeout: 20_000 }, async (t) => {
  const g = await ground(t)
  const phone = await Peer.start()
  t.after(() => phone.close())
  const made = g.srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const invite = await phone.request('INVITE')
  for (let i = 0; i < 1_000; i++) phone.answer(invite, 180, { tag: `fork${i}` })
  phone.answer(invite, 200, { tag: 'fork7', body: sdp(5000) })
  await phone.request('ACK')
  assert.equal((await made).sip.remoteTag, 'fork7')
  assert.ok(g.sipd.counts().dialogs <= 64, String(g.sipd.counts().dialogs))
})
