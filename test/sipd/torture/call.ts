/** A call in progress, which is to notice nothing of what else happens to the server. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialog, Request, Response } from '../../contract/drachtio.ts'
import { header, Peer, sdp, tag, unique, uriOf } from '../../contract/peer.ts'
import type { Message } from '../../contract/peer.ts'
import type { Ground, Transport } from './ground.ts'

export type Call = {
  readonly dialog: Dialog
  readonly phone: Peer
  readonly invite: Message
  readonly toTag: string
  /** The phone's request inside the dialog, with changes to what it carries. */
  readonly send: (method: string, seq: number, changes?: Changes) => Promise<string>
  /** Something is said in both directions, and answered. */
  readonly goesOn: () => Promise<void>
  /** The phone hangs up, and is answered. */
  readonly ends: () => Promise<void>
}

export type Changes = {
  readonly from?: string
  readonly to?: string
  readonly callId?: string
  readonly body?: string
  readonly by?: Peer
}

export async function call(
  t: TestContext,
  { srf, port }: Ground,
  transport: Transport = 'udp',
): Promise<Call> {
  const phone = await Peer.start(transport)
  t.after(() => phone.close())
  const made = srf.createUAC(phone.uri(), { localSdp: sdp(4000) })
  const invite = await phone.request('INVITE')
  const toTag = unique('tag')
  phone.answer(invite, 200, { tag: toTag, body: sdp(5000) })
  await phone.request('ACK')
  const dialog = await made
  let infos = 0
  dialog.on('info', (_: Request, response: Response) => {
    infos++
    response.send(200)
  })
  let seq = 100
  const asks = new Set<string>()
  const send: Call['send'] = (method, number, { from, to, callId, body, by = phone } = {}) =>
    by.send(
      { transport, host: '127.0.0.1', port: port(transport) },
      {
        method,
        uri: uriOf(header(invite, 'contact')),
        from: from ?? `${header(invite, 'to')};tag=${toTag}`,
        to: to ?? header(invite, 'from'),
        callId: callId ?? header(invite, 'call-id'),
        cseq: `${number} ${method}`,
      },
      body === undefined ? {} : { body },
    )
  return {
    dialog,
    phone,
    invite,
    toTag,
    send,
    goesOn: async () => {
      const before = infos
      await send('INFO', ++seq)
      assert.equal((await phone.response('INFO')).status, 200)
      assert.equal(infos, before + 1)
      const asked = dialog.request({ method: 'INFO' })
      // One that was sent again, on a busy machine, is no new one.
      const isNew = (message: Message) => message.method === 'INFO' && !asks.has(header(message, 'cseq'))
      const request = await phone.next((message) => message.status === 0 && isNew(message), 'INFO')
      asks.add(header(request, 'cseq'))
      assert.equal(tag(header(request, 'to')), toTag)
      phone.answer(request, 200)
      assert.equal((await asked).status, 200)
    },
    ends: async () => {
      const destroyed = new Promise((resolve) => dialog.once('destroy', resolve))
      await send('BYE', ++seq)
      assert.equal((await phone.response('BYE')).status, 200)
      await destroyed
    },
  }
}
