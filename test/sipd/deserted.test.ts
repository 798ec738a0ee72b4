/** Answers that the application which asked for them has no time left to acknowledge: it was killed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { header, sdp } from '../contract/peer.ts'
import { answered, sendInside, stage } from '../contract/story.ts'

test('killed between the 200 of a call and its ACK: the phone is not left on the line', async (t) => {
  const { srf, phone } = await stage(t)
  const late = srf.createUAC(phone.uri(), { noAck: true })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 200, { tag: 'x', body: sdp(5000) })
  await late
  srf.disconnect()
  assert.equal(header(await phone.request('ACK'), 'cseq'), '1 ACK')
  phone.answer(await phone.request('BYE'), 200)
})

test('killed between the 200 of a re-INVITE and its ACK: the call goes on', async (t) => {
  const scene = await stage(t)
  const { srf, phone } = scene
  const { dialog, side } = await answered(scene)
  const asked = dialog.request({ method: 'INVITE', noAck: true })
  const invite = await phone.request('INVITE')
  phone.answer(invite, 200, { body: sdp(5000) })
  await asked
  srf.disconnect()
  const ack = await phone.request('ACK')
  assert.equal(header(ack, 'cseq').split(' ')[0], header(invite, 'cseq').split(' ')[0])
  // The dialog stands: there is but nobody to ask.
  await sendInside(phone, side, 'BYE', 5)
  await phone.response('BYE')
  assert.ok(!phone.ladder.some((line) => line.includes('BYE sip:bob')))
})
